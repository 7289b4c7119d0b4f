//! The shipped client against the clinic, over real TLS, with cards of the made-up PKI.

mod answers;
mod connections;
mod faults;
mod program;
mod proofs;
mod requests;
mod terminal;
mod visits;

//! The shipped client against the clinic, over real TLS, with cards of the made-up PKI.

mod answers;
mod connections;
mod face_card;
mod face_proofs;
mod face_visits;
mod faults;
mod hostile;
mod levels;
mod program;
mod proofs;
mod relays;
mod requests;
mod terminal;
mod visits;

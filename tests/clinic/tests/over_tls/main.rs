//! The shipped client against the clinic, over real TLS, with cards of the made-up PKI.

mod answers;
mod certificate_days;
mod connections;
mod conversations;
mod extras;
mod face_card;
mod face_proofs;
mod face_visits;
mod faults;
mod files;
mod hostile;
mod levels;
mod passcodes;
mod phones;
mod program;
mod proofs;
mod relays;
mod requests;
mod sign_ups;
mod terminal;
mod visits;
mod visual_visits;

//! One command per file: its bytes and what its status words mean to this program (card.md 10).

pub(crate) mod compute_signature;
pub(crate) mod last_command;
pub(crate) mod read_binary;
pub(crate) mod select;
pub(crate) mod verify;

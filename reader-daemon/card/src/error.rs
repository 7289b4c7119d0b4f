//! What breaks between this program and a card. What may happen to a person is a value elsewhere.

use crate::{CertificateError, ChannelError, apdu::StatusWord};

/// Why the card could not be worked with. Never holds data of a card, only names of commands and status words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Removed, mute, reader gone, wedged, …
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// A status word that has no meaning for this command here (card.md 10).
    #[error("{command} answered {status}")]
    Unexpected {
        /// Which command, in words.
        command: &'static str,
        /// What it answered.
        status: StatusWord,
    },
    /// More data than asked for, none at all, or an endless chain.
    #[error("the answer to {command} is malformed")]
    Malformed {
        /// Which command, in words.
        command: &'static str,
    },
    /// A certificate of the card cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The PIN counts as verified although nobody verified it in this visit (law 2): never accepted.
    #[error("the card is still in a verified state")]
    StillVerified,
    /// The card signed, but not with the key of its certificate.
    #[error("the card's signature does not fit its certificate")]
    WrongSignature,
}

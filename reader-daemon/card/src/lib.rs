//! What the card says: the device, APDUs, TLV, the applications of a My Number card, certificates.

pub mod apdu;
pub mod certificate;
mod channel;
mod commands;
mod conversation;
mod error;
pub mod jpki;
pub mod limits;
mod locked;
pub mod pcsc_reader;
mod pin;
#[cfg(test)]
mod scripted;
pub mod tlv;

pub use certificate::{
    AnchorError, Certificate, CertificateError, ChainError, PublicKey, SignatureError, TrustAnchors,
};
pub use channel::{Channel, ChannelError, Presence, Reader};
pub use error::CardError;
pub use jpki::{CardReading, OtherCard, SignOutcome, read_card, verify_and_sign};
pub use pcsc_reader::PcscReader;
pub use pin::{PIN_DIGITS, Pin, PinEntry};

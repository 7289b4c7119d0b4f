//! What the card says: the device, APDUs, TLV, the applications of a My Number card, certificates.

pub mod apdu;
pub mod certificate;
mod channel;
mod commands;
mod conversation;
mod error;
pub mod jpki;
mod kenkaku;
pub mod limits;
mod locked;
pub mod pcsc_reader;
pub mod phone;
mod pin;
mod pin_less;
#[cfg(test)]
mod scripted;
mod surface;
pub mod tlv;
mod wiped;

pub use certificate::{
    AnchorError, Certificate, CertificateError, ChainError, PublicKey, SignatureError, TrustAnchors,
};
pub use channel::{Channel, ChannelError, Presence, Reader};
pub use error::CardError;
pub use jpki::{CardReading, OtherCard, PhoneKind, Recognised, SignOutcome, read_card, verify_and_sign};
pub use kenkaku::{Photo, PhotoOutcome, PhotoRecord, SignerError, SignerKeys, read_photo};
pub use pcsc_reader::PcscReader;
pub use phone::{PhoneOrder, PhoneOutcome, sign_with_phone};
pub use pin::{PIN_DIGITS, Pin, PinEntry};
pub use pin_less::{PinLessOutcome, Relay, RelayError, sign_without_pin};
pub use surface::{Era, Implausible, SURFACE_CODE_DIGITS, SurfaceCode, SurfaceScanner};

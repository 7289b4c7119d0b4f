//! The made-up PKI (card.md E-09, E-11): keys are checked in, certificates are built when a card is made.

mod authority;
mod certificate;
mod cvc;
mod keys;
mod names;

pub use authority::{Authority, Issuer};
pub use certificate::{UserKey, Validity, signature_certificate, user_certificate};
pub use cvc::{CvcId, signer_certificate};
pub use keys::{KeyName, PrivateKey, certificate_pem};

/// Stands in front of every PEM file of this PKI.
pub const NOT_REAL: &str = "NOT A REAL CARD, published on purpose: part of the made-up PKI of apdu-fixtures. Protects nothing, chains to nothing real.";

/// The trust anchors a test terminal or test clinic lists, DER. They share one distinguished name (card.md 4.6).
pub fn anchors() -> Vec<Vec<u8>> {
    Authority::LISTED.iter().map(|authority| authority.certificate_der()).collect()
}

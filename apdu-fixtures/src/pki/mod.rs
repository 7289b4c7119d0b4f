//! The made-up PKI (card.md E-09, E-11): keys are checked in, certificates are built when a card is made.

mod authority;
mod certificate;
mod cvc;
mod institution;
mod keys;
mod names;
mod published;

pub use authority::{Authority, Issuer};
pub use certificate::{UserKey, Validity, signature_certificate, user_certificate};
pub use cvc::{CvcId, RecordSigner, cvc};
pub use institution::{Institution, foreign_institution, forged_institution, institution};
pub use keys::{KeyName, PrivateKey, certificate_pem};
pub use published::{anchors, signer_keys, write_anchors, write_signer_keys};

/// Stands in front of every PEM file of this PKI.
pub const NOT_REAL: &str = "NOT A REAL CARD, published on purpose: part of the made-up PKI of apdu-fixtures. Protects nothing, chains to nothing real.";

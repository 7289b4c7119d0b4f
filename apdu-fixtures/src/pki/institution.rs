//! Credentials of institutions for the PIN-less step of emulated cards (card.md 7.5, E-20). Published on purpose.

use super::cvc::{CvcId, cvc};
use super::keys::KeyName;

/// What the clinic's side of a test holds: a certificate for the card, and the key to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// `7F21 { 5F4E …, 5F37 … }`, 568 bytes. E-21 loads the first 307, then the last 261.
    pub cvc: Vec<u8>,
    /// Its RSA-2048 key.
    pub key: KeyName,
}

impl Institution {
    /// The answer to the card's challenge: PKCS#1 v1.5 with SHA-256, 256 bytes (E-23).
    pub fn sign(&self, challenge: &[u8]) -> Vec<u8> {
        self.key.key().sign_record(challenge)
    }
}

/// The credential every emulated card takes.
pub fn institution() -> Institution {
    let cvc = cvc(CvcId::INSTITUTION_CA, KeyName::InstitutionCa, CvcId::INSTITUTION, KeyName::Institution);
    Institution { cvc, key: KeyName::Institution }
}

/// A credential of a CA that no card knows: `6A88` at its first part.
pub fn foreign_institution() -> Institution {
    let (ca, own) = (CvcId::FOREIGN_INSTITUTION_CA, CvcId::FOREIGN_INSTITUTION);
    let cvc = cvc(ca, KeyName::ForeignInstitutionCa, own, KeyName::ForeignInstitution);
    Institution { cvc, key: KeyName::ForeignInstitution }
}

/// The foreign credential under the id of the right CA: `6A80` at its second part.
pub fn forged_institution() -> Institution {
    let (ca, own) = (CvcId::INSTITUTION_CA, CvcId::FOREIGN_INSTITUTION);
    let cvc = cvc(ca, KeyName::ForeignInstitutionCa, own, KeyName::ForeignInstitution);
    Institution { cvc, key: KeyName::ForeignInstitution }
}

//! The PIN-less step of emulated cards: E-20 to E-25 of card.md 7.5. What real cards want here is not public.

use std::mem;

use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::{BigUint, RsaPublicKey};
use sha2::{Digest, Sha256};

use super::{AUTHENTICATION_KEY, AUTHORITY, Chip, Command, Content, Kind, Status};
use crate::limits::{CHALLENGE, CVC_FIRST_PART, CVC_SECOND_PART, RSA_SIGNATURE};
use crate::pki::{CvcId, KeyName};

/// `7F21 82 0233`, `5F4E 82 0129`: what the first part of a certificate begins with (card.md 5.4).
const FIRST_HEAD: [u8; 10] = [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29];
/// `5F37 82 0100`: what the second part begins with.
const SECOND_HEAD: [u8; 5] = [0x5F, 0x37, 0x82, 0x01, 0x00];
/// `90 03 <e> 91 82 0100 <n>`: heads of exponent and modulus in a record (card.md 5.2).
const EXPONENT_HEAD: [u8; 2] = [0x90, 0x03];
const MODULUS_HEAD: [u8; 4] = [0x91, 0x82, 0x01, 0x00];

/// How far an institution has come. Another application and power-off end it (E-24).
#[derive(Debug, Default)]
pub(super) struct PinLess {
    /// The signed body of a certificate whose second part is still to come.
    begun: Option<Vec<u8>>,
    /// The key of the certificate that was loaded.
    loaded: Option<RsaPublicKey>,
    /// The last challenge; one use (E-22).
    challenge: Option<[u8; CHALLENGE]>,
    /// One signature of the authentication key is allowed (E-24).
    pub(super) may_sign: bool,
}

impl Chip {
    /// E-25: elsewhere, and where it is switched off, the instructions are unknown.
    pub(super) fn knows_pin_less(&self) -> bool {
        self.habits.pin_less && self.application().kind == Kind::Jpki
    }

    /// E-21: an institution's certificate in two parts.
    pub(super) fn load_institution(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        let (is_first, length) = match (command.p1, command.p2) {
            (0x06, 0xC1) => (true, CVC_FIRST_PART),
            (0x00, 0xC1) => (false, CVC_SECOND_PART),
            _ => return Err(Status::WRONG_P1P2),
        };
        let body = command.body()?;
        if body.le.is_some() || body.data.len() != length {
            return Err(Status::WRONG_LENGTH);
        }
        let (id, authority) = self.institution_authority()?;
        if is_first {
            // Whatever comes of it, what was loaded before is gone.
            self.pin_less.begun = None;
            self.pin_less.loaded = None;
            let signed = body.data.strip_prefix(&FIRST_HEAD).ok_or(Status::WRONG_DATA)?;
            if !signed.starts_with(&id.0) {
                return Err(Status::NO_SUCH_OBJECT);
            }
            self.pin_less.begun = Some(signed.to_vec());
            return Ok(Vec::new());
        }
        let signed = self.pin_less.begun.take().ok_or(Status::WRONG_LENGTH)?;
        let signature = body.data.strip_prefix(&SECOND_HEAD).ok_or(Status::WRONG_DATA)?;
        if !authority.key().checks_record(&signed, signature) {
            return Err(Status::WRONG_DATA);
        }
        self.pin_less.loaded = Some(subject_key(&signed).ok_or(Status::WRONG_DATA)?);
        Ok(Vec::new())
    }

    /// E-22: the last challenge counts, and only one of 16 bytes that JPKI gave.
    pub(super) fn remember_challenge(&mut self, challenge: &[u8]) {
        let ours = self.knows_pin_less();
        self.pin_less.challenge = challenge.try_into().ok().filter(|_| ours);
    }

    /// E-23: the institution's signature over the challenge. Right or wrong, the challenge is used up.
    pub(super) fn external_authenticate(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if (command.p1, command.p2) != (0x00, 0x80 | AUTHORITY as u8) {
            return Err(Status::WRONG_P1P2);
        }
        let body = command.body()?;
        if body.le.is_some() || body.data.len() != RSA_SIGNATURE {
            return Err(Status::WRONG_LENGTH);
        }
        let key = self.pin_less.loaded.as_ref().ok_or(Status::CONDITIONS_OF_USE)?;
        let challenge = self.pin_less.challenge.take().ok_or(Status::CONDITIONS_OF_USE)?;
        let right = key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(challenge), body.data).is_ok();
        self.pin_less.may_sign = right;
        if right { Ok(Vec::new()) } else { Err(Status::NO_TRIES_COUNTED) }
    }

    /// E-24: takes the right to one signature, if there is one for this key. The sign key has none, ever.
    pub(super) fn take_pin_less_right(&mut self, key: u16) -> bool {
        self.application().kind == Kind::Jpki && key == AUTHENTICATION_KEY && mem::take(&mut self.pin_less.may_sign)
    }

    fn institution_authority(&self) -> Result<(CvcId, KeyName), Status> {
        match self.application().file(AUTHORITY).ok_or(Status::NOT_FOUND)?.content {
            Content::Authority(id, key) => Ok((id, key)),
            Content::Bytes(_) | Content::Records(_) | Content::Secret(_) | Content::Key(_) | Content::OtherKey => {
                Err(Status::WRONG_FILE_TYPE)
            }
        }
    }
}

/// The public key behind the two ids of a certificate's body.
fn subject_key(signed: &[u8]) -> Option<RsaPublicKey> {
    let (exponent, rest) = signed.get(32..)?.strip_prefix(&EXPONENT_HEAD)?.split_first_chunk::<3>()?;
    let modulus = rest.strip_prefix(&MODULUS_HEAD).filter(|modulus| modulus.len() == RSA_SIGNATURE)?;
    RsaPublicKey::new(BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent)).ok()
}

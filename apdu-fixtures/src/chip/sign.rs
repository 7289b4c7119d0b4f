//! COMPUTE DIGITAL SIGNATURE (card.md 4.3). For elliptic keys, which no public card has, our own convention:
//! P1 00 and 02 take the hash of the curve's length (00 also its DigestInfo), 03 the message; the answer is DER.

use sha2::{Digest, Sha256, Sha384};
use signature::hazmat::PrehashSigner;

use super::{Chip, Command, Content, Status};
use crate::limits;
use crate::pki::PrivateKey;

impl Chip {
    pub(super) fn compute_signature(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        let default_key = self.application().default_key;
        if command.p1 > 0x05 || (command.p2 & 0xE0 != 0x80 && (command.p2 != 0 || default_key.is_none())) {
            return Err(Status::WRONG_P1P2);
        }
        let body = command.body()?;
        let (false, Some(le)) = (body.data.is_empty(), body.le) else { return Err(Status::WRONG_LENGTH) };
        let fits = match command.p1 {
            0x00 => body.data.len() <= limits::LONGEST_PKCS1_INPUT,
            0x03 => body.data.len() <= 255,
            _ => true,
        };
        if !fits {
            return Err(Status::WRONG_LENGTH);
        }
        let id = match (command.p2, default_key) {
            (0, Some(key)) => key,
            _ => self.named_file(command.p2)?,
        };
        let file = self.application().file(id).ok_or(Status::NOT_FOUND)?;
        let Content::Key(name) = &file.content else { return Err(Status::WRONG_FILE_TYPE) };
        let (key, access) = (name.key(), file.access);
        // The right is used up whether or not the PIN would have done.
        if !self.take_pin_less_right(id) && !self.permits(access) {
            return Err(Status::ACCESS_CONDITION);
        }
        self.current_file = Some(id);
        let signature = match key {
            PrivateKey::Rsa(_) => self.sign_rsa(key, command.p1, body.data),
            PrivateKey::P256(key) => {
                let hash = hash_for::<Sha256>(command.p1, body.data, &limits::SHA256_DIGEST_INFO)?;
                let signature: Option<p256::ecdsa::DerSignature> = key.sign_prehash(&hash).ok();
                signature.map(|signature| signature.as_bytes().to_vec())
            }
            PrivateKey::P384(key) => {
                let hash = hash_for::<Sha384>(command.p1, body.data, &limits::SHA384_DIGEST_INFO)?;
                let signature: Option<p384::ecdsa::DerSignature> = key.sign_prehash(&hash).ok();
                signature.map(|signature| signature.as_bytes().to_vec())
            }
        };
        let signature = signature.ok_or(Status::CONDITIONS_OF_USE)?;
        if signature.len() > le {
            return Err(Status::WRONG_LENGTH);
        }
        Ok(signature)
    }

    /// The six schemes measured on a card.
    fn sign_rsa(&mut self, key: &PrivateKey, p1: u8, data: &[u8]) -> Option<Vec<u8>> {
        let is_hash = data.len() == 32;
        match p1 {
            0x00 => key.sign_unprefixed(data),
            0x01 => key.sign_unprefixed(&Sha256::digest(data)),
            0x02 if is_hash => {
                let mut info = limits::SHA256_DIGEST_INFO.to_vec();
                info.extend_from_slice(data);
                key.sign_unprefixed(&info)
            }
            0x03 => Some(key.sign_record(data)),
            0x04 if is_hash => key.sign_pss(&mut self.random, data),
            0x05 => key.sign_pss(&mut self.random, &Sha256::digest(data)),
            _ => None,
        }
    }
}

/// The hash an elliptic key signs.
fn hash_for<D: Digest>(p1: u8, data: &[u8], digest_info: &[u8]) -> Result<Vec<u8>, Status> {
    let length = <D as Digest>::output_size();
    match p1 {
        0x00 | 0x02 => {
            let bare = if p1 == 0x00 { data.strip_prefix(digest_info).unwrap_or(data) } else { data };
            if bare.len() == length { Ok(bare.to_vec()) } else { Err(Status::CONDITIONS_OF_USE) }
        }
        0x03 => Ok(D::digest(data).to_vec()),
        _ => Err(Status::WRONG_P1P2),
    }
}

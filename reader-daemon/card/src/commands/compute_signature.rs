//! COMPUTE DIGITAL SIGNATURE (card.md 4.3): the key's algorithm picks what is handed to the card.

use crate::{
    CardError,
    apdu::{Command, INS_SIGN, StatusWord},
    certificate::{KeyAlgorithm, PublicKey},
    conversation::Conversation,
    limits,
};

const NAME: &str = "COMPUTE DIGITAL SIGNATURE";

/// DigestInfo of SHA-256 without the hash (RFC 8017 9.2 note 1).
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Has the key that `p2` names (`80` with a short identifier; `00`: the application's own) sign `message`, and checks the
/// signature with `key`.
pub(crate) fn sign(card: &mut Conversation<'_>, p2: u8, key: &PublicKey, message: &[u8]) -> Result<Vec<u8>, CardError> {
    let hash = key.hash(message);
    let input = match key.algorithm() {
        KeyAlgorithm::Rsa => [&SHA256_DIGEST_INFO[..], &hash].concat(),
        // Not public for any real card (card.md 9); the bare hash is what ECDSA takes.
        KeyAlgorithm::P256 | KeyAlgorithm::P384 => hash,
    };
    let command = Command::new(0x80, INS_SIGN, 0x00, p2).data(&input).le(limits::SHORT_LE);
    let response = card.exchange(NAME, &command)?;
    if response.status != StatusWord::OK {
        return Err(CardError::Unexpected { command: NAME, status: response.status });
    }
    key.verify(message, &response.data).map_err(|_| CardError::WrongSignature)?;
    Ok(response.data.to_vec())
}

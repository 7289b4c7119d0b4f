//! Public keys: the key's algorithm picks the hash and the form of the signature (card.md 8.1, 9); nothing assumes
//! RSA-2048 or 256 bytes.

use std::fmt;

use der::Encode;
use p256::ecdsa::signature::Verifier;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey, pkcs1v15, pkcs8::DecodePublicKey, traits::PublicKeyParts};
use sha2::{Digest, Sha256, Sha384};

use crate::limits;

/// Which algorithm a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    Rsa,
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
}

/// The signature does not fit the key and the message, or is not a signature at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct SignatureError;

/// The key is of a kind, size or form that is not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnsupportedKey;

/// A public key that signatures are checked with.
#[derive(Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA, 2048 to 4096 bits.
    Rsa(Box<RsaPublicKey>),
    /// P-256.
    P256(Box<p256::ecdsa::VerifyingKey>),
    /// P-384.
    P384(Box<p384::ecdsa::VerifyingKey>),
}

impl PublicKey {
    pub(super) fn from_spki(spki: &spki::SubjectPublicKeyInfoOwned) -> Result<Self, UnsupportedKey> {
        let der = spki.to_der().map_err(|_| UnsupportedKey)?;
        // Each parser accepts its own algorithm (and curve) only, so at most one of them succeeds.
        if let Ok(key) = RsaPublicKey::from_public_key_der(&der) {
            return Self::sound(key).ok_or(UnsupportedKey);
        }
        if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(&der) {
            return Ok(Self::P256(Box::new(key)));
        }
        p384::ecdsa::VerifyingKey::from_public_key_der(&der)
            .map(|key| Self::P384(Box::new(key)))
            .map_err(|_| UnsupportedKey)
    }

    /// RSA, from modulus and exponent, big-endian (card.md 5.2, 5.4). `None` for sizes that are not supported.
    pub(crate) fn from_rsa_parts(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let (n, e) = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
        RsaPublicKey::new(n, e).ok().and_then(Self::sound)
    }

    fn sound(key: RsaPublicKey) -> Option<Self> {
        let sound = (limits::MIN_RSA_BITS..=limits::MAX_RSA_BITS).contains(&key.n().bits())
            && key.e().bits() <= limits::MAX_RSA_EXPONENT_BITS;
        sound.then(|| Self::Rsa(Box::new(key)))
    }

    /// Checks a signature that hides `00 01 FF…FF 00 ‖ content` and nothing else: for content that standard calls reject
    /// (card.md 5.4 step 3). The whole block is compared; no part of it is parsed, so no part can be forged.
    ///
    /// # Errors
    /// [`SignatureError`], also for a key that is not RSA.
    pub(crate) fn verify_block(&self, content: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        match self {
            Self::Rsa(key) => {
                key.verify(Pkcs1v15Sign::new_unprefixed(), content, signature).map_err(|_| SignatureError)
            }
            Self::P256(_) | Self::P384(_) => Err(SignatureError),
        }
    }

    /// Checks a signature over `message`. ECDSA signatures may be DER or raw (r ‖ s): no card says which yet.
    ///
    /// # Errors
    /// [`SignatureError`] whatever is wrong with it.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let good = match self {
            Self::Rsa(key) => pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| {
                pkcs1v15::VerifyingKey::<Sha256>::new(RsaPublicKey::clone(key)).verify(message, &signature).is_ok()
            }),
            Self::P256(key) => {
                [p256::ecdsa::Signature::from_slice(signature), p256::ecdsa::Signature::from_der(signature)]
                    .into_iter()
                    .flatten()
                    .any(|signature| key.verify(message, &signature).is_ok())
            }
            Self::P384(key) => {
                [p384::ecdsa::Signature::from_slice(signature), p384::ecdsa::Signature::from_der(signature)]
                    .into_iter()
                    .flatten()
                    .any(|signature| key.verify(message, &signature).is_ok())
            }
        };
        good.then_some(()).ok_or(SignatureError)
    }

    /// Which algorithm.
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::Rsa(_) => KeyAlgorithm::Rsa,
            Self::P256(_) => KeyAlgorithm::P256,
            Self::P384(_) => KeyAlgorithm::P384,
        }
    }

    /// Hash of a message as this key signs it: 32 bytes, or 48 for P-384.
    #[must_use]
    pub fn hash(&self, message: &[u8]) -> Vec<u8> {
        match self.algorithm() {
            KeyAlgorithm::Rsa | KeyAlgorithm::P256 => Sha256::digest(message).to_vec(),
            KeyAlgorithm::P384 => Sha384::digest(message).to_vec(),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicKey").field(&self.algorithm()).finish()
    }
}

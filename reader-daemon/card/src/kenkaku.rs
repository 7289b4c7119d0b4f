//! 券面事項確認AP: the photo, and whether it and the chip are authentic (card.md 5).

mod certificate;
mod photo;
mod read_photo;
mod record;
mod signer;

#[cfg(test)]
mod tests;

pub use photo::{Photo, PhotoOutcome, PhotoRecord};
pub use read_photo::read_photo;
pub use signer::{SignerError, SignerKeys};

use crate::{PublicKey, tlv::TlvFile};

/// A public key as the records write it: `90 <e> 91 <n>` and nothing else (card.md 5.2, 5.4).
fn public_key(bytes: &[u8]) -> Option<PublicKey> {
    let file = TlvFile::parse(bytes).ok()?;
    let mut objects = file.objects();
    let (exponent, modulus) = (objects.next()?, objects.next()?);
    let exact = exponent.tag == 0x90 && modulus.tag == 0x91 && objects.next().is_none();
    exact.then(|| PublicKey::from_rsa_parts(modulus.value, exponent.value)).flatten()
}

//! EF 0004, the card-verifiable certificate of the data signer (card.md 5.4 steps 1 and 2):
//! `7F21 { 5F4E { issuer id, subject id, key }, 5F37 signature over the value of 5F4E }`.

use crate::{PublicKey, tlv::TlvFile};

use super::signer::{KeyId, SignerKeys};

/// Why there is no key of the data signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoSigner {
    /// Its CA is not configured.
    Unknown,
    /// It is malformed, or the CA's key did not sign it.
    Wrong,
}

/// The key of the data signer, when a configured CA vouches for it.
pub(super) fn signer_key(certificate: &[u8], signers: &SignerKeys) -> Result<PublicKey, NoSigner> {
    let Parts { issuer, signed, key, signature } = parts(certificate).ok_or(NoSigner::Wrong)?;
    let authority = signers.key(issuer).ok_or(NoSigner::Unknown)?;
    authority.verify(signed, signature).map_err(|_| NoSigner::Wrong)?;
    super::public_key(key).ok_or(NoSigner::Wrong)
}

struct Parts<'a> {
    issuer: &'a KeyId,
    signed: &'a [u8],
    key: &'a [u8],
    signature: &'a [u8],
}

fn parts(certificate: &[u8]) -> Option<Parts<'_>> {
    let file = TlvFile::parse(certificate).ok()?;
    let mut objects = file.objects();
    let (outer, body, signature) = (objects.next()?, objects.next()?, objects.next()?);
    let tags = [outer.tag, body.tag, signature.tag] == [0x7F21, 0x5F4E, 0x5F37];
    let places = (body.depth, signature.depth) == (1, 1) && objects.next().is_none();
    let (issuer, rest) = body.value.split_first_chunk()?;
    let (_subject, key) = rest.split_first_chunk::<16>()?;
    (tags && places).then_some(Parts { issuer, signed: body.value, key, signature: signature.value })
}

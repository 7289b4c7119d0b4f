//! The signed result: JWS in compact form, ES256, by the terminal's own P-256 key.

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer, Verifier},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::hex,
    limits::{CONSENT_MS, MAX_ITEMS, MAX_RESULT, MAX_STAFF_NUMBER},
    protocol::{Method, ResultClaims},
    weights,
};

/// `alg` of every signed result; no other is read.
const ALGORITHM: &str = "ES256";
/// `typ` of every signed result: keeps it apart from any other JWS by this key.
const TYPE: &str = "reader-daemon-result+jws";

/// Why a signed result is not one. Says nothing of its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResultError {
    /// Longer than [`MAX_RESULT`], or more items than [`MAX_ITEMS`].
    #[error("the signed result is too large")]
    TooLarge,
    /// Not three base64url parts.
    #[error("the signed result is not a compact JWS")]
    NotCompact,
    /// Another algorithm or type, or unknown members.
    #[error("the head of the signed result is not ours")]
    Header,
    /// The head names another key.
    #[error("the signed result names another key")]
    OtherKey,
    /// The signature is wrong.
    #[error("the signature of the signed result is wrong")]
    Signature,
    /// Missing, unknown or mistyped claims.
    #[error("the claims of the signed result are not those of the protocol")]
    Claims,
    /// Identity or level of the face weights do not go with the method.
    #[error("identity or level of the face weights do not go with the method")]
    Weights,
    /// Its consents do not end 24 hours after its time.
    #[error("the consents do not end 24 hours after the time of the result")]
    Validity,
    /// A staff number beside another method than the visual check, or one that is none.
    #[error("who confirmed is no staff number, or the method is no visual check")]
    ConfirmedBy,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// When the consents of a result with this time end: exactly 24 hours later (patient-flow 4.2 rule 3).
#[must_use]
pub const fn valid_until(time_ms: u64) -> u64 {
    time_ms.saturating_add(CONSENT_MS)
}

/// Whether [`ResultClaims::confirmed_by`] can stand beside the method: 1 to 8 digits, at a visual check only.
#[must_use]
pub fn confirmation_fits(claims: &ResultClaims) -> bool {
    let Some(number) = &claims.confirmed_by else { return true };
    let is_number =
        (1..=MAX_STAFF_NUMBER).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number && claims.method == Method::Visual
}

/// Name of a key: its RFC 7638 thumbprint, base64url.
#[must_use]
pub fn key_id(key: &VerifyingKey) -> String {
    let point = key.to_encoded_point(false);
    let coordinate = |part: Option<&p256::FieldBytes>| {
        part.map_or_else(String::new, |bytes| Base64UrlUnpadded::encode_string(bytes))
    };
    let members =
        format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, coordinate(point.x()), coordinate(point.y()));
    Base64UrlUnpadded::encode_string(&Sha256::digest(members))
}

/// Signs `claims`.
///
/// # Errors
/// [`ResultError::TooLarge`]: no service would read it. [`ResultError::Claims`]: it cannot be written as JSON.
/// [`ResultError::Weights`], [`ResultError::Validity`], [`ResultError::ConfirmedBy`]: no service would take it.
/// [`ResultError::Signature`]: the key cannot sign.
pub fn sign(key: &SigningKey, claims: &ResultClaims) -> Result<String, ResultError> {
    if claims.weights_level.is_none() || !weights::fit(claims) {
        return Err(ResultError::Weights);
    }
    if claims.valid_until_ms != valid_until(claims.time_ms) {
        return Err(ResultError::Validity);
    }
    if !confirmation_fits(claims) {
        return Err(ResultError::ConfirmedBy);
    }
    let header = Header { alg: ALGORITHM.into(), typ: TYPE.into(), kid: key_id(key.verifying_key()) };
    let part = |json: Result<Vec<u8>, serde_json::Error>| {
        json.map(|bytes| Base64UrlUnpadded::encode_string(&bytes)).map_err(|_| ResultError::Claims)
    };
    let mut jws = part(serde_json::to_vec(&header))? + "." + &part(serde_json::to_vec(claims))?;
    let signature: Signature = key.try_sign(jws.as_bytes()).map_err(|_| ResultError::Signature)?;
    jws.push('.');
    jws.push_str(&Base64UrlUnpadded::encode_string(&signature.to_bytes()));
    if jws.len() > MAX_RESULT || claims.items.len() > MAX_ITEMS {
        return Err(ResultError::TooLarge);
    }
    Ok(jws)
}

/// Reads a signed result by the holder of `key`. Nothing of it is believed before the signature holds; whether its
/// claims fit session and method is the reader's to judge.
///
/// # Errors
/// [`ResultError`].
pub fn verify(key: &VerifyingKey, jws: &str) -> Result<ResultClaims, ResultError> {
    if jws.len() > MAX_RESULT {
        return Err(ResultError::TooLarge);
    }
    let (signed, signature) = jws.rsplit_once('.').ok_or(ResultError::NotCompact)?;
    let (header, claims) = signed.split_once('.').ok_or(ResultError::NotCompact)?;
    let decode = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| ResultError::NotCompact);
    let (header, claims, signature) = (decode(header)?, decode(claims)?, decode(signature)?);

    let header: Header = serde_json::from_slice(&header).map_err(|_| ResultError::Header)?;
    if header.alg != ALGORITHM || header.typ != TYPE {
        return Err(ResultError::Header);
    }
    if header.kid != key_id(key) {
        return Err(ResultError::OtherKey);
    }
    let signature = Signature::from_slice(&signature).map_err(|_| ResultError::Signature)?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| ResultError::Signature)?;
    let claims: ResultClaims = serde_json::from_slice(&claims).map_err(|_| ResultError::Claims)?;
    if claims.items.len() > MAX_ITEMS {
        return Err(ResultError::TooLarge);
    }
    Ok(claims)
}

/// SHA-256 of a signed result as it travels, hex: what the receipt names.
#[must_use]
pub fn fingerprint(jws: &str) -> String {
    hex(&Sha256::digest(jws.as_bytes()))
}

#[cfg(test)]
#[path = "result_tests.rs"]
mod tests;

//! X.509 certificates of the card: what is read from them, nothing about dates is judged (the clinic does that).
//!
//! Hostile input: size is bounded, DER is strict, every extension that is relied on is parsed here once.

mod public_key;
mod trust;

#[cfg(test)]
pub(crate) mod tests;

pub use public_key::{KeyAlgorithm, PublicKey, SignatureError};
pub use trust::{AnchorError, ChainError, TrustAnchors};

use std::fmt;

use const_oid::{
    ObjectIdentifier,
    db::{rfc4519, rfc5280},
};
use der::{Decode, Encode, Header, Reader, SliceReader};
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, KeyUsage, SubjectKeyIdentifier,
};

use crate::limits;

/// Why bytes are not a certificate this program works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Longer than [`limits::MAX_CERTIFICATE`].
    #[error("the certificate is too long")]
    TooLong,
    /// Not strict DER of an X.509 certificate, or an extension that is relied on is not.
    #[error("the certificate is malformed")]
    Malformed,
    /// The two signature algorithm fields differ (RFC 5280 4.1.1.2).
    #[error("the certificate names two signature algorithms")]
    AlgorithmMismatch,
    /// The serial number is negative.
    #[error("the certificate's serial number is negative")]
    Serial,
    /// The key is not RSA of 2048 to 4096 bits, P-256 or P-384.
    #[error("the certificate's key is of a kind that is not supported")]
    Key,
}

/// One certificate, parsed. `Debug` prints nothing of it: serial number and subject stand for a person.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: std::ops::Range<usize>,
    signature: Vec<u8>,
    signature_algorithm: ObjectIdentifier,
    serial: Vec<u8>,
    subject: Name,
    issuer: Name,
    not_before: i64,
    not_after: i64,
    public_key: PublicKey,
    policies: Vec<ObjectIdentifier>,
    key_usage: Option<KeyUsage>,
    basic_constraints: Option<BasicConstraints>,
    authority_key: Option<Vec<u8>>,
    subject_key: Option<Vec<u8>>,
    unknown_critical: bool,
}

#[derive(Clone, PartialEq, Eq)]
struct Name {
    der: Vec<u8>,
    text: String,
    /// Its only organisation is the emulator's.
    emulated: bool,
}

/// Organisation of the made-up authorities (card.md E-09).
const EMULATOR: &[u8] = b"JPKI-EMULATOR";

impl Name {
    fn of(name: &x509_cert::name::Name) -> Result<Self, CertificateError> {
        let attributes = || name.0.iter().flat_map(|parts| parts.0.iter());
        let mut organisations = attributes().filter(|part| part.oid == rfc4519::O).map(|part| part.value.value());
        Ok(Self {
            der: name.to_der().map_err(|_| CertificateError::Malformed)?,
            text: name.to_string(),
            emulated: organisations.next() == Some(EMULATOR) && organisations.next().is_none(),
        })
    }
}

/// Critical extensions whose meaning this program honours or that do not narrow its use (RFC 5280 4.2).
const KNOWN_CRITICAL: [ObjectIdentifier; 4] = [
    rfc5280::ID_CE_KEY_USAGE,
    rfc5280::ID_CE_BASIC_CONSTRAINTS,
    rfc5280::ID_CE_CERTIFICATE_POLICIES,
    rfc5280::ID_CE_EXT_KEY_USAGE,
];

impl Certificate {
    /// Parses exactly one certificate; bytes after it (an EF can be longer, card.md 4.2) are cut by the caller.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > limits::MAX_CERTIFICATE {
            return Err(CertificateError::TooLong);
        }
        let malformed = |_: der::Error| CertificateError::Malformed;
        let parsed = x509_cert::Certificate::from_der(der).map_err(malformed)?;
        let inner = &parsed.tbs_certificate;
        if inner.signature != parsed.signature_algorithm {
            return Err(CertificateError::AlgorithmMismatch);
        }
        Ok(Self {
            tbs: tbs_range(der).map_err(malformed)?,
            signature: parsed.signature.as_bytes().ok_or(CertificateError::Malformed)?.to_vec(),
            signature_algorithm: parsed.signature_algorithm.oid,
            serial: serial(inner.serial_number.as_bytes())?,
            subject: Name::of(&inner.subject)?,
            issuer: Name::of(&inner.issuer)?,
            not_before: unix(inner.validity.not_before)?,
            not_after: unix(inner.validity.not_after)?,
            public_key: PublicKey::from_spki(&inner.subject_public_key_info).map_err(|_| CertificateError::Key)?,
            policies: inner
                .get::<CertificatePolicies>()
                .map_err(malformed)?
                .map(|(_, policies)| policies.0.iter().map(|p| p.policy_identifier).collect())
                .unwrap_or_default(),
            key_usage: inner.get::<KeyUsage>().map_err(malformed)?.map(|(_, usage)| usage),
            basic_constraints: inner.get::<BasicConstraints>().map_err(malformed)?.map(|(_, constraints)| constraints),
            // Key identifiers only help to choose; a signature decides. One that cannot be read is as if absent.
            authority_key: inner
                .get::<AuthorityKeyIdentifier>()
                .ok()
                .flatten()
                .and_then(|(_, id)| id.key_identifier)
                .map(|id| id.as_bytes().to_vec()),
            subject_key: inner.get::<SubjectKeyIdentifier>().ok().flatten().map(|(_, id)| id.0.as_bytes().to_vec()),
            unknown_critical: inner
                .extensions
                .as_deref()
                .unwrap_or_default()
                .iter()
                .any(|extension| extension.critical && !KNOWN_CRITICAL.contains(&extension.extn_id)),
            der: der.to_vec(),
        })
    }

    /// The whole certificate as it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of [`Certificate::der`]: the card identity a visit is bound to (law 4).
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// Serial number (発行の番号), big-endian, without leading zero bytes; at least one byte.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// [`Certificate::serial`] as a number where it fits; on JPKI it has 3–4 bytes (card.md 4.4).
    #[must_use]
    pub fn serial_u64(&self) -> Option<u64> {
        (self.serial.len() <= 8).then(|| self.serial.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }

    /// [`Certificate::serial`] as upper-case hex.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        self.serial.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// Subject, RFC 4514. Names a person at the issuer; never log it.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject.text
    }

    /// Issuer, RFC 4514.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer.text
    }

    /// First second of validity, seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn not_before_unix(&self) -> i64 {
        self.not_before
    }

    /// Last second of validity, seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn not_after_unix(&self) -> i64 {
        self.not_after
    }

    /// Policy OIDs in dotted form, in the order of the certificate.
    #[must_use]
    pub fn policy_oids(&self) -> Vec<String> {
        self.policies.iter().map(ToString::to_string).collect()
    }

    /// Key usage is present and allows digital signatures.
    #[must_use]
    pub fn key_usage_digital_signature(&self) -> bool {
        self.key_usage.is_some_and(|usage| usage.digital_signature())
    }

    /// Basic constraints say CA and key usage allows to sign certificates.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca)
            && self.key_usage.is_some_and(|usage| usage.key_cert_sign())
    }

    /// The holder's or the CA's key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The part of [`Certificate::der`] that the issuer signed.
    fn tbs(&self) -> &[u8] {
        self.der.get(self.tbs.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// Where the signed part lies; taken from the bytes themselves, never encoded again.
fn tbs_range(der: &[u8]) -> der::Result<std::ops::Range<usize>> {
    let mut reader = SliceReader::new(der)?;
    Header::decode(&mut reader)?;
    let start = usize::try_from(reader.position())?;
    let length = reader.tlv_bytes()?.len();
    Ok(start..start.saturating_add(length))
}

fn serial(integer: &[u8]) -> Result<Vec<u8>, CertificateError> {
    if integer.first().is_none_or(|byte| byte & 0x80 != 0) {
        return Err(CertificateError::Serial);
    }
    let zeros = integer.iter().take_while(|byte| **byte == 0).count().min(integer.len() - 1);
    Ok(integer.get(zeros..).unwrap_or_default().to_vec())
}

fn unix(time: x509_cert::time::Time) -> Result<i64, CertificateError> {
    i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| CertificateError::Malformed)
}

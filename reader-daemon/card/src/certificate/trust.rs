//! Trust anchors and the chain user certificate → CA → anchor.
//!
//! All generations of the JPKI root share one name (card.md 4.6): the anchor is chosen by key, never by name alone.
//! Dates are not looked at.

use std::{fs, io, path::Path};

use const_oid::{ObjectIdentifier, db::rfc5912};
use der::pem;

use super::{Certificate, CertificateError, KeyAlgorithm};
use crate::limits;

/// Why anchors could not be loaded. Names files, never their content.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The directory or a file in it cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file holds something else than certificates.
    #[error("{path} is not a certificate: {source}")]
    NotACertificate {
        /// Which.
        path: String,
        /// Why.
        source: CertificateError,
    },
    /// A certificate that may not sign certificates.
    #[error("{path} is not the certificate of a CA")]
    NotACa {
        /// Which.
        path: String,
    },
    /// Anchors of emulated cards (organisation `JPKI-EMULATOR`, card.md E-09) beside others.
    #[error("trust anchors of emulated cards and of real ones may not be configured together")]
    Mixed,
    /// Without anchors no card can be trusted.
    #[error("no trust anchor found")]
    None,
    /// More than [`limits::MAX_ANCHORS`].
    #[error("too many trust anchors")]
    TooMany,
}

/// Why a chain is not trusted. Each of them ends the visit before the PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The card holds no certificate of the authority, or not one that can be read.
    #[error("the authority's certificate cannot be read")]
    NoAuthority,
    /// The user certificate names another issuer than the CA certificate of the card.
    #[error("the user certificate was issued by another authority")]
    IssuerMismatch,
    /// The CA certificate may not sign certificates, or the anchor does not allow a CA below it.
    #[error("the authority may not issue certificates")]
    NotACa,
    /// The user certificate is not made for signing, or claims to be a CA.
    #[error("the user certificate is not made for authentication")]
    NotAUserCertificate,
    /// A critical extension that is not understood (RFC 5280 4.2).
    #[error("a critical extension is not understood")]
    CriticalExtension,
    /// The CA's key did not sign the user certificate.
    #[error("the user certificate's signature is wrong")]
    Signature,
    /// Neither is the CA an anchor nor did one sign it.
    #[error("the authority is not among the trust anchors")]
    UnknownAnchor,
}

/// The configured roots.
#[derive(Clone, Debug)]
pub struct TrustAnchors(Vec<Certificate>);

impl TrustAnchors {
    /// From certificates in DER.
    ///
    /// # Errors
    /// [`AnchorError`]; an empty list is one.
    pub fn from_ders<D: AsRef<[u8]>>(ders: &[D]) -> Result<Self, AnchorError> {
        let certificates = ders.iter().enumerate().map(|(index, der)| (format!("anchor {index}"), der.as_ref()));
        Self::collect(certificates)
    }

    /// From every `.pem`, `.crt`, `.cer` and `.der` file of a directory (not of those below it). PEM files may hold
    /// several certificates.
    ///
    /// # Errors
    /// [`AnchorError`]; one bad file refuses all, so that a root is never missing silently.
    pub fn from_directory(directory: &Path) -> Result<Self, AnchorError> {
        let unreadable = |path: &Path| {
            let path = path.display().to_string();
            move |source| AnchorError::Unreadable { path, source }
        };
        let mut files = Vec::new();
        for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
            let path = entry.map_err(unreadable(directory))?.path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if ["pem", "crt", "cer", "der"].contains(&extension) {
                files.push(path);
            }
        }
        files.sort();
        let mut ders = Vec::new();
        for path in &files {
            let length = fs::metadata(path).map_err(unreadable(path))?.len();
            if length > limits::MAX_ANCHOR_FILE {
                let path = path.display().to_string();
                return Err(AnchorError::NotACertificate { path, source: CertificateError::TooLong });
            }
            let content = fs::read(path).map_err(unreadable(path))?;
            let path = path.display().to_string();
            for der in split(content).map_err(|source| AnchorError::NotACertificate { path: path.clone(), source })? {
                ders.push((path.clone(), der));
            }
        }
        Self::collect(ders)
    }

    fn collect<D: AsRef<[u8]>>(ders: impl IntoIterator<Item = (String, D)>) -> Result<Self, AnchorError> {
        let mut anchors = Vec::new();
        for (path, der) in ders {
            let anchor = match Certificate::from_der(der.as_ref()) {
                Ok(anchor) => anchor,
                Err(source) => return Err(AnchorError::NotACertificate { path, source }),
            };
            if !anchor.is_ca() {
                return Err(AnchorError::NotACa { path });
            }
            if anchors.len() == limits::MAX_ANCHORS {
                return Err(AnchorError::TooMany);
            }
            anchors.push(anchor);
        }
        let emulated = anchors.iter().filter(|anchor| anchor.subject.emulated).count();
        if anchors.is_empty() {
            Err(AnchorError::None)
        } else if emulated != 0 && emulated != anchors.len() {
            Err(AnchorError::Mixed)
        } else {
            Ok(Self(anchors))
        }
    }

    /// These are anchors of emulated cards, all of them: loading refuses a mixture.
    #[must_use]
    pub fn emulated(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|anchor| anchor.subject.emulated)
    }

    /// How many anchors there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: loading refuses an empty list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The anchor that issued this user certificate itself, if one did: then the card's copy need not be read.
    #[must_use]
    pub fn issuer_of(&self, user: &Certificate) -> Option<&Certificate> {
        self.0.iter().find(|anchor| issued(anchor, user))
    }

    /// Checks that `ca` issued `user` and that `ca` is an anchor or was issued by one. Dates and revocation are the
    /// clinic's (card.md 4.7).
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn check(&self, user: &Certificate, ca: &Certificate) -> Result<(), ChainError> {
        if user.issuer.der != ca.subject.der {
            return Err(ChainError::IssuerMismatch);
        }
        if !ca.is_ca() {
            return Err(ChainError::NotACa);
        }
        if user.is_ca() || !user.key_usage_digital_signature() {
            return Err(ChainError::NotAUserCertificate);
        }
        if user.unknown_critical || ca.unknown_critical {
            return Err(ChainError::CriticalExtension);
        }
        if !signed_by(user, ca) {
            return Err(ChainError::Signature);
        }
        if self.0.iter().any(|anchor| anchor.der == ca.der) {
            return Ok(());
        }
        let issuers: Vec<_> = self.0.iter().filter(|anchor| issued(anchor, ca)).collect();
        if issuers.is_empty() {
            return Err(ChainError::UnknownAnchor);
        }
        // A root that allows no CA below it may still issue itself anew (RFC 5280 4.2.1.9: self-issued do not count).
        let self_issued = ca.subject.der == ca.issuer.der;
        let allows = |anchor: &&Certificate| {
            self_issued || anchor.basic_constraints.as_ref().and_then(|limit| limit.path_len_constraint) != Some(0)
        };
        if issuers.iter().any(allows) { Ok(()) } else { Err(ChainError::NotACa) }
    }
}

/// Name, key identifiers where both have one, and at last the signature.
fn issued(anchor: &Certificate, below: &Certificate) -> bool {
    let same_key = match (&below.authority_key, &anchor.subject_key) {
        (Some(wanted), Some(have)) => wanted == have,
        (None, _) | (_, None) => true,
    };
    anchor.subject.der == below.issuer.der && same_key && signed_by(below, anchor)
}

fn signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let algorithm: ObjectIdentifier = match issuer.public_key.algorithm() {
        KeyAlgorithm::Rsa => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        KeyAlgorithm::P256 => rfc5912::ECDSA_WITH_SHA_256,
        KeyAlgorithm::P384 => rfc5912::ECDSA_WITH_SHA_384,
    };
    certificate.signature_algorithm == algorithm
        && issuer.public_key.verify(certificate.tbs(), &certificate.signature).is_ok()
}

/// One DER certificate, or the certificates of a PEM file.
fn split(content: Vec<u8>) -> Result<Vec<Vec<u8>>, CertificateError> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let Some(text) = std::str::from_utf8(&content).ok().filter(|text| text.contains(BEGIN)) else {
        return Ok(vec![content]);
    };
    let mut ders = Vec::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let (body, after) = block.split_once(END).ok_or(CertificateError::Malformed)?;
        let whole = format!("{BEGIN}{body}{END}\n");
        let (_, der) = pem::decode_vec(whole.as_bytes()).map_err(|_| CertificateError::Malformed)?;
        ders.push(der);
        if ders.len() > limits::MAX_ANCHORS {
            return Err(CertificateError::TooLong);
        }
        rest = after;
    }
    Ok(ders)
}

//! Checking the proof of a visit: certificate, chain, policy, and the card's signature over our own nonce.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use card::{Certificate, ChainError, TrustAnchors};
use const_oid::db::rfc5280::ID_KP_CLIENT_AUTH;
use der::Decode;
use qualification::{
    Word,
    protocol::{Authenticate, Method},
    statement,
};
use x509_cert::ext::pkix::ExtendedKeyUsage;

use crate::refusal::Refusal;

/// What the service trusts.
pub struct Trust {
    /// For certificates on cards.
    pub cards: Roots,
    /// For certificates on phones. The emulated ones have the same; nothing public says what real ones have.
    pub phones: Roots,
}

/// Whose certificates are taken.
#[derive(Clone)]
pub struct Roots {
    /// Roots of user certificates.
    pub anchors: TrustAnchors,
    /// Policy OIDs of user certificates.
    pub policies: BTreeSet<String>,
}

impl Trust {
    const fn roots(&self, method: Method) -> &Roots {
        match method {
            Method::Pin | Method::Face | Method::Visual => &self.cards,
            Method::Phone => &self.phones,
        }
    }
}

/// Who is asking, and what was given out for it.
pub struct Challenge<'a> {
    /// Name in the client certificate.
    pub terminal: &'a str,
    /// The session.
    pub session: &'a str,
    /// Its nonce, taken from the books.
    pub nonce: &'a [u8; 32],
    /// The service's clock, seconds since 1970.
    pub now_unix: i64,
}

/// Checks a proof; the statement is rebuilt here, never taken from the terminal.
///
/// # Errors
/// The word for the first thing that does not hold.
pub fn check(trust: &Trust, challenge: &Challenge<'_>, proof: &Authenticate) -> Result<Certificate, Refusal> {
    check_method(proof)?;
    let roots = trust.roots(proof.method);
    let user = certificate(&proof.certificate, "certificate")?;
    let ca = certificate(&proof.ca_certificate, "ca_certificate")?;
    roots.anchors.check(&user, &ca).map_err(|error| {
        let word = match error {
            ChainError::NotAUserCertificate | ChainError::CriticalExtension => Word::BadCertificate,
            ChainError::NoAuthority
            | ChainError::IssuerMismatch
            | ChainError::NotACa
            | ChainError::Signature
            | ChainError::UnknownAnchor => Word::UntrustedCertificate,
        };
        Refusal::new(word, error.to_string())
    })?;
    if !for_client_authentication(user.der()) {
        return Err(Refusal::new(Word::BadCertificate, "the certificate is not made for client authentication"));
    }
    if user.not_before_unix() > challenge.now_unix {
        return Err(Refusal::new(Word::BadCertificate, "the certificate is not valid yet"));
    }
    if !user.policy_oids().iter().any(|policy| roots.policies.contains(policy)) {
        return Err(Refusal::new(Word::BadPolicy, "none of the certificate's policies is taken here"));
    }
    let signature = bytes(&proof.signature, "signature")?;
    let message = statement(challenge.terminal, challenge.session, challenge.nonce, proof.method, &user.sha256());
    user.public_key()
        .verify(&message, &signature)
        .map_err(|_| Refusal::new(Word::BadSignature, "the signature does not fit statement and certificate"))?;
    Ok(user)
}

/// What each method must bring. A visual check may go without the photo: staff then compared another document.
fn check_method(proof: &Authenticate) -> Result<(), Refusal> {
    match (proof.method, &proof.photo_record) {
        (Method::Pin | Method::Phone | Method::Visual, None) => Ok(()),
        (Method::Face | Method::Visual, Some(record)) if record.is_well_formed() => Ok(()),
        (Method::Pin | Method::Phone, Some(_)) => {
            Err(Refusal::new(Word::BadRequest, "a proof by PIN or phone reads no photo record"))
        }
        (Method::Face | Method::Visual, Some(_)) => Err(Refusal::new(Word::BadRequest, "photo_record is malformed")),
        (Method::Face, None) => Err(Refusal::new(Word::BadRequest, "a proof by face needs the photo record")),
    }
}

fn certificate(text: &str, member: &str) -> Result<Certificate, Refusal> {
    Certificate::from_der(&bytes(text, member)?)
        .map_err(|error| Refusal::new(Word::BadCertificate, format!("{member}: {error}")))
}

fn bytes(text: &str, member: &str) -> Result<Vec<u8>, Refusal> {
    Base64::decode_vec(text).map_err(|_| Refusal::new(Word::BadRequest, format!("{member} is not base64")))
}

/// Where an extended key usage is present it must allow client authentication (card.md 4.4).
fn for_client_authentication(der: &[u8]) -> bool {
    let Ok(parsed) = x509_cert::Certificate::from_der(der) else { return false };
    match parsed.tbs_certificate.get::<ExtendedKeyUsage>() {
        Ok(Some((_, usage))) => usage.0.contains(&ID_KP_CLIENT_AUTH),
        Ok(None) => true,
        Err(_) => false,
    }
}

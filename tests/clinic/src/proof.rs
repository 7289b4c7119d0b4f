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
    /// Roots of user certificates.
    pub anchors: TrustAnchors,
    /// Policy OIDs of user certificates it takes.
    pub policies: BTreeSet<String>,
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
    let user = certificate(&proof.certificate, "certificate")?;
    let ca = certificate(&proof.ca_certificate, "ca_certificate")?;
    trust.anchors.check(&user, &ca).map_err(|error| {
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
    if !user.policy_oids().iter().any(|policy| trust.policies.contains(policy)) {
        return Err(Refusal::new(Word::BadPolicy, "none of the certificate's policies is taken here"));
    }
    let signature = bytes(&proof.signature, "signature")?;
    let message = statement(challenge.terminal, challenge.session, challenge.nonce, proof.method, &user.sha256());
    user.public_key()
        .verify(&message, &signature)
        .map_err(|_| Refusal::new(Word::BadSignature, "the signature does not fit statement and certificate"))?;
    Ok(user)
}

/// Which methods are taken, and what each must bring.
fn check_method(proof: &Authenticate) -> Result<(), Refusal> {
    match (proof.method, &proof.photo_record) {
        (Method::Pin, None) => Ok(()),
        (Method::Face, Some(record)) if record.is_well_formed() => Ok(()),
        (Method::Pin, Some(_)) => Err(Refusal::new(Word::BadRequest, "a proof by PIN reads no photo record")),
        (Method::Face, Some(_)) => Err(Refusal::new(Word::BadRequest, "photo_record is malformed")),
        (Method::Face, None) => Err(Refusal::new(Word::BadRequest, "a proof by face needs the photo record")),
        // A visual check needs the staff's part of it, a phone its own certificate profile: neither is here yet.
        (Method::Visual | Method::Phone, _) => {
            let detail = format!("method {} is not available at this service", proof.method.name());
            Err(Refusal::new(Word::MethodNotAvailable, detail))
        }
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

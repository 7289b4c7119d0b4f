//! What can go wrong between terminal and service, and how it is told apart.

use std::error::Error;

use rustls::AlertDescription;

use crate::{protocol::Problem, words::Word};

/// Why there is no answer. "Could not ask" is never "not insured" (law 10): only [`ClientError::Refused`] is an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// No connection, or it broke.
    #[error("the service cannot be reached")]
    Unreachable,
    /// It did not answer in time.
    #[error("the service did not answer in time")]
    TimedOut,
    /// Whoever answers there is not the clinic's service: its certificate is not of the pinned issuer or not for this
    /// name, or it does not speak TLS 1.3.
    #[error("whoever answers is not the clinic's service")]
    WrongService,
    /// The service does not take this terminal's client certificate.
    #[error("the service does not accept this terminal's certificate")]
    NotAccepted,
    /// The service says no, with this HTTP status.
    #[error("the service refused with {1}: {word}", word = .0.error)]
    Refused(Problem, u16),
    /// The answer is none of the protocol; the text says what of it.
    #[error("the service's answer is malformed: {0}")]
    Malformed(&'static str),
}

impl ClientError {
    /// Whether asking again with the same words can never help: the service has decided.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused(_, status) => (400..500).contains(status) && !matches!(status, 408 | 425 | 429),
            Self::Unreachable | Self::TimedOut | Self::WrongService | Self::NotAccepted | Self::Malformed(_) => false,
        }
    }

    /// Whether the service judged the signed result itself, so that sending it again can never help. What is wrong with
    /// the way there (a terminal not in the books, a service restored from an old copy, a proxy's 404) can be mended:
    /// delivery goes on until the result is 24 h old.
    #[must_use]
    pub fn ends_delivery(&self) -> bool {
        match self.word() {
            Some(
                Word::BadResultSignature
                | Word::ResultMismatch
                | Word::AnswersMismatch
                | Word::AnotherResult
                | Word::ResultRefused
                | Word::DemonstrationResult
                | Word::SessionExpired
                | Word::SessionClosed
                | Word::NotAuthenticated
                | Word::TooLarge,
            ) => self.is_final(),
            Some(
                Word::BadRequest
                | Word::VersionNotSupported
                | Word::NotFound
                | Word::MethodNotAllowed
                | Word::UnknownTerminal
                | Word::UnknownSession
                | Word::ForeignSession
                | Word::NonceUsed
                | Word::MethodNotAvailable
                | Word::RelayOrder
                | Word::CardRefused
                | Word::BadCertificate
                | Word::UntrustedCertificate
                | Word::BadPolicy
                | Word::BadSignature
                | Word::PersonDiffers
                | Word::SignUpNotOffered
                | Word::SignUpFailed
                | Word::Internal,
            )
            | None => false,
        }
    }

    /// The stable word of a refusal, if it is one of ours.
    #[must_use]
    pub fn word(&self) -> Option<Word> {
        match self {
            Self::Refused(problem, _) => Word::of(&problem.error),
            Self::Unreachable | Self::TimedOut | Self::WrongService | Self::NotAccepted | Self::Malformed(_) => None,
        }
    }
}

/// Finds the cause in what the HTTP and TLS layers report.
pub(super) fn cause(error: &(dyn Error + 'static)) -> ClientError {
    let mut next = Some(error);
    let mut found = ClientError::Unreachable;
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return tls_cause(tls);
        }
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            if io.kind() == std::io::ErrorKind::TimedOut {
                found = ClientError::TimedOut;
            }
            // An I/O error's `source` skips the error it wraps.
            if let Some(wrapped) = io.get_ref() {
                next = Some(wrapped);
                continue;
            }
        }
        if error.downcast_ref::<hyper::Error>().is_some_and(|http| http.is_parse() || http.is_parse_too_large()) {
            found = ClientError::Malformed("not HTTP");
        }
        if error.is::<http_body_util::LengthLimitError>() {
            return ClientError::Malformed("too large");
        }
        next = error.source();
    }
    found
}

fn tls_cause(error: &rustls::Error) -> ClientError {
    let refuses_us = matches!(
        error,
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
                | AlertDescription::DecryptError,
        )
    );
    if refuses_us { ClientError::NotAccepted } else { ClientError::WrongService }
}

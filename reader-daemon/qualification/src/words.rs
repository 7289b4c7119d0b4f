//! The stable words of [`crate::protocol::Problem::error`] and the HTTP status each comes with.

/// Why the service says no. New words may be added; a client that meets an unknown one goes by the status, and never ends
/// the delivery of a result because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// Not JSON, unknown or missing members, wrong types.
    BadRequest,
    /// The body is larger than the service reads.
    TooLarge,
    /// The service does not speak this version.
    VersionNotSupported,
    /// No such path.
    NotFound,
    /// The path exists, the HTTP method is another.
    MethodNotAllowed,
    /// The client certificate is genuine, but this terminal is not in the clinic's books.
    UnknownTerminal,
    /// No such session.
    UnknownSession,
    /// The session belongs to another terminal.
    ForeignSession,
    /// The session was opened too long ago.
    SessionExpired,
    /// The session was cancelled, or its person cannot be received this way.
    SessionClosed,
    /// A proof was already sent for this session's nonce.
    NonceUsed,
    /// A result without a proof before it.
    NotAuthenticated,
    /// The service does not take this method, or does not do the PIN-less step at the moment.
    MethodNotAvailable,
    /// A relay request out of its order, a second relay, a proof by face or visual check whose PIN-less step was not
    /// finished in this session, or any proof for another certificate than the session's relay.
    RelayOrder,
    /// The card refused the service's credential in the PIN-less step.
    CardRefused,
    /// The user certificate cannot be read or is not made for authentication.
    BadCertificate,
    /// It chains to none of the configured anchors.
    UntrustedCertificate,
    /// Its policy is not one the service takes.
    BadPolicy,
    /// The card's signature does not fit statement and certificate.
    BadSignature,
    /// The photo record is of another person than the certificate: two chips in one card.
    PersonDiffers,
    /// There is nothing to sign up in this session: no offer was made, or it was taken already.
    SignUpNotOffered,
    /// The centre did not sign the card up.
    SignUpFailed,
    /// The signed result is not a JWS by this terminal's key.
    BadResultSignature,
    /// The signed result belongs to another session, terminal, certificate or method, or its time cannot be.
    ResultMismatch,
    /// Items or answers are not what was asked.
    AnswersMismatch,
    /// The session has another result already.
    AnotherResult,
    /// The service takes no results at the moment by decision of the clinic.
    ResultRefused,
    /// The terminal runs demonstration weights, and the service was not started to take what they show.
    DemonstrationResult,
    /// The service itself failed; asking again may help.
    Internal,
}

impl Word {
    /// Every word.
    pub const ALL: [Self; 29] = [
        Self::BadRequest,
        Self::TooLarge,
        Self::VersionNotSupported,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UnknownTerminal,
        Self::UnknownSession,
        Self::ForeignSession,
        Self::SessionExpired,
        Self::SessionClosed,
        Self::NonceUsed,
        Self::NotAuthenticated,
        Self::MethodNotAvailable,
        Self::RelayOrder,
        Self::CardRefused,
        Self::BadCertificate,
        Self::UntrustedCertificate,
        Self::BadPolicy,
        Self::BadSignature,
        Self::PersonDiffers,
        Self::SignUpNotOffered,
        Self::SignUpFailed,
        Self::BadResultSignature,
        Self::ResultMismatch,
        Self::AnswersMismatch,
        Self::AnotherResult,
        Self::ResultRefused,
        Self::DemonstrationResult,
        Self::Internal,
    ];

    /// As on the wire.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::TooLarge => "too_large",
            Self::VersionNotSupported => "version_not_supported",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UnknownTerminal => "unknown_terminal",
            Self::UnknownSession => "unknown_session",
            Self::ForeignSession => "foreign_session",
            Self::SessionExpired => "session_expired",
            Self::SessionClosed => "session_closed",
            Self::NonceUsed => "nonce_used",
            Self::NotAuthenticated => "not_authenticated",
            Self::MethodNotAvailable => "method_not_available",
            Self::RelayOrder => "relay_order",
            Self::CardRefused => "card_refused",
            Self::BadCertificate => "bad_certificate",
            Self::UntrustedCertificate => "untrusted_certificate",
            Self::BadPolicy => "bad_policy",
            Self::BadSignature => "bad_signature",
            Self::PersonDiffers => "person_differs",
            Self::SignUpNotOffered => "sign_up_not_offered",
            Self::SignUpFailed => "sign_up_failed",
            Self::BadResultSignature => "bad_result_signature",
            Self::ResultMismatch => "result_mismatch",
            Self::AnswersMismatch => "answers_mismatch",
            Self::AnotherResult => "another_result",
            Self::ResultRefused => "result_refused",
            Self::DemonstrationResult => "demonstration_result",
            Self::Internal => "internal",
        }
    }

    /// HTTP status it comes with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::VersionNotSupported => 400,
            Self::UnknownTerminal | Self::ForeignSession => 403,
            Self::NotFound | Self::UnknownSession => 404,
            Self::MethodNotAllowed => 405,
            Self::SessionClosed
            | Self::NonceUsed
            | Self::NotAuthenticated
            | Self::RelayOrder
            | Self::SignUpNotOffered
            | Self::AnotherResult => 409,
            Self::SessionExpired => 410,
            Self::TooLarge => 413,
            Self::MethodNotAvailable
            | Self::CardRefused
            | Self::BadCertificate
            | Self::UntrustedCertificate
            | Self::BadPolicy
            | Self::BadSignature
            | Self::PersonDiffers
            | Self::SignUpFailed
            | Self::BadResultSignature
            | Self::ResultMismatch
            | Self::AnswersMismatch
            | Self::ResultRefused
            | Self::DemonstrationResult => 422,
            Self::Internal => 500,
        }
    }

    /// The word on the wire, if it is one of ours.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.text() == text)
    }
}

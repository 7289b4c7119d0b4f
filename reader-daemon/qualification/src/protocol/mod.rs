//! The messages between terminal and qualification service, as `openapi.yaml` describes them.
//!
//! The real terminal ↔ 資格確認端末 protocol is not public (qualification.md section 3); this one is ours, open and
//! versioned. Times are milliseconds since 1970-01-01T00:00:00Z. Bytes are standard base64 with padding.

mod claims;
mod found;
mod proof;

use serde::{Deserialize, Serialize};

pub use claims::{Answer, By, How, ItemAnswer, ResultClaims, WeightsLevel};
pub use found::{Ask, Authenticated, CertificateState, Item, Previous, Qualification, Register};
pub use proof::{Authenticate, PhotoRecord, Relay, Relayed};

use crate::passcode::PasscodeCopy;

/// The path prefix and the number both ends must agree on.
pub const VERSION: u16 = 1;

/// `POST /v1/sessions`: the terminal asks for a session as soon as a card is placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// [`VERSION`].
    pub protocol: u16,
    /// The terminal's program version, for support.
    pub terminal_version: String,
}

/// Answer to [`Open`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Chosen by the service, 32 lower-case hex digits, never used twice.
    pub session_id: String,
    /// 32 random bytes, base64: part of the statement the card signs. Single use.
    pub nonce: String,
    /// The service's clock.
    pub service_time_ms: u64,
    /// What the terminal shows and offers here.
    pub facility: Facility,
    /// The service is able and approved to run the PIN-less step.
    pub pin_less: bool,
    /// The service's copy of the passcode for the visual check (OQS-IF-049/050). It wins over the terminal's own;
    /// `None`: the service holds none, and the terminal goes by its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visual_passcode: Option<PasscodeCopy>,
}

/// Settings of the facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facility {
    /// Name for the screen, above left.
    pub name: String,
    /// Ten digits (医療機関コード).
    pub institution_code: String,
}

/// How the holder was proved (glossary: method).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 暗証番号
    Pin,
    /// 顔認証
    Face,
    /// 目視確認
    Visual,
    /// The phone's own check.
    Phone,
}

impl Method {
    /// The word in the statement and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Face => "face",
            Self::Visual => "visual",
            Self::Phone => "phone",
        }
    }
}

/// Answer to a signed result. The same result sent again gets the same receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Of the service's books.
    pub receipt_id: String,
    /// [`ResultClaims::result_id`].
    pub result_id: String,
    /// SHA-256 of the JWS as received, hex: the terminal checks that it is its own.
    pub result_sha256: String,
    /// When it was first received.
    pub time_ms: u64,
}

/// `GET /v1/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// [`VERSION`].
    pub protocol: u16,
    /// The service's clock.
    pub service_time_ms: u64,
    /// What the terminal shows before the first visit.
    pub facility: Facility,
    /// Whether the centre can be reached.
    pub centre: bool,
    /// As [`Opened::visual_passcode`], so that the visual check can be offered from the first visit on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visual_passcode: Option<PasscodeCopy>,
}

/// Body of every answer that is not 2xx.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable word, see `openapi.yaml`: `bad_signature`, `unknown_session`, `nonce_used`, …
    pub error: String,
    /// For support; never shown to the patient.
    pub detail: String,
}

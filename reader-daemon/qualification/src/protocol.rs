//! The messages between terminal and qualification service, as `openapi.yaml` describes them.
//!
//! The real terminal ↔ 資格確認端末 protocol is not public (qualification.md section 3); this one is ours, open and
//! versioned. Times are milliseconds since 1970-01-01T00:00:00Z. Bytes are standard base64 with padding.

use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use crate::{
    bytes::{bytes_of, text_of},
    limits::MAX_COMMAND,
};

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

/// `POST /v1/sessions/{id}/authenticate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authenticate {
    /// How.
    pub method: Method,
    /// The user certificate, DER, base64.
    pub certificate: String,
    /// The certificate of its CA as the card holds it, DER, base64.
    pub ca_certificate: String,
    /// The card's signature over the statement, base64.
    pub signature: String,
    /// Of the authenticated photo record; required for [`Method::Face`], refused for methods that read none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_record: Option<PhotoRecord>,
}

/// What the authenticated photo record says about its holder (card.md 5.2: DF22, DF23). The service refuses when it
/// differs from the person that its certificate lookup finds: two chips in one card. Wiped on drop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct PhotoRecord {
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// `1` male, `2` female, `0` not known, `9` not applicable (JIS X 0303).
    pub sex: String,
}

impl std::fmt::Debug for PhotoRecord {
    /// Nothing of the holder: a proof may stand in a report.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhotoRecord").finish_non_exhaustive()
    }
}

impl PhotoRecord {
    /// Whether both members have their form. Says nothing of whom they describe.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        crate::day::is_day(&self.birth_date) && matches!(self.sex.as_str(), "0" | "1" | "2" | "9")
    }
}

/// `POST /v1/sessions/{id}/relay`: after a face match or visual check, the service's commands for the PIN-less step, one
/// a request. The terminal lets exactly four of them pass, once each, in this order: `80 A2 06 C1`, `80 A2 00 C1`,
/// `00 84 00 00 10`, `00 82 00 96`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// [`Method::Face`] or [`Method::Visual`].
    pub method: Method,
    /// SHA-256 of the user certificate, lower-case hex: the service binds the session to it.
    pub certificate_sha256: String,
    /// The card's response to the command before, base64; absent in the first request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
}

impl Relay {
    /// A request of the PIN-less step: `response` is the card's to the command before, `None` in the first request.
    #[must_use]
    pub fn new(method: Method, certificate_sha256: &[u8; 32], response: Option<&[u8]>) -> Self {
        Self { method, certificate_sha256: crate::ids::hex(certificate_sha256), response: response.map(text_of) }
    }
}

/// Answer to [`Relay`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relayed {
    /// The next command APDU, base64; `None`: that was the last one.
    pub command: Option<String>,
}

impl Relayed {
    /// The next command as bytes; `None`: that was the last one, or, in an answer that [`crate::Client::relay`] did not
    /// check, no command at all.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.command.as_deref().and_then(|command| bytes_of(command, MAX_COMMAND))
    }
}

/// Answer to [`Authenticate`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticated {
    /// What the centre answered about the person.
    pub qualification: Qualification,
    /// What the centre answered about the certificate; its answer wins over the terminal's own reading of dates.
    pub certificate: CertificateState,
    /// Every consent item of this facility, in the order to ask.
    pub items: Vec<Item>,
    /// Lines for staff (table of qualification.md section 8); never shown to the patient.
    pub staff: Vec<String>,
}

/// 資格有効性 and what goes wrong before it (OQSCD003, 004, 006).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualification {
    /// 1 有効
    Valid,
    /// 2 無効
    Invalid,
    /// 3 無効（新しい資格あり）
    InvalidNewExists,
    /// 4 該当資格なし
    NotFound,
    /// 5 複数該当
    Several,
    /// SegmentOfResult 2: the centre is still working on it.
    Processing,
    /// SegmentOfResult 9 or status 2: the centre reports an error.
    CentreError,
    /// The card is not yet signed up as insurance card.
    NotSignedUp,
    /// The certificate is ended, suspended or revoked, so the person was not looked up: nothing is known.
    NotLookedUp,
}

/// Certificate state by the centre (qualification.md 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CertificateState {
    /// More than three months left.
    Valid,
    /// Ends within three months.
    EndsSoon {
        /// Last valid day in Japan, `YYYY-MM-DD`.
        last_day: String,
    },
    /// Ended up to three months ago: qualification only.
    Grace {
        /// Last valid day in Japan, `YYYY-MM-DD`.
        last_day: String,
    },
    /// Ended more than three months ago.
    Expired,
    /// certificateHold: the desk is asked, never called expired.
    Suspended,
    /// Revoked.
    Revoked,
}

/// One consent item of the facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Name in the terminal's data file: `medicines`, `checkups`, `operations`.
    pub id: String,
    /// Whether the patient is asked, and if not, why.
    pub ask: Ask,
    /// The patient's last explicit answer at this facility, if any.
    pub previous: Option<Previous>,
}

/// Whether an item is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Yes.
    Yes,
    /// No: the certificate is in its grace period (patient-flow 4.2 rule 7).
    Grace,
    /// No: the item does not concern this patient (age) or facility.
    NotApplicable,
    /// No: the qualification does not allow it (R2); the desk decides.
    Desk,
}

/// An answer given at an earlier visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// `true`: agreed.
    pub agreed: bool,
    /// Wording it was given to.
    pub wording_id: String,
    /// Hash of that wording; another one today voids the answer.
    pub wording_hash: String,
    /// When.
    pub time_ms: u64,
}

/// Claims of the signed result: the payload of the JWS that `POST /v1/sessions/{id}/consent` carries as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultClaims {
    /// [`VERSION`].
    pub protocol: u16,
    /// Idempotency key of this result: 32 lower-case hex digits, random, chosen by the terminal.
    pub result_id: String,
    /// The session it belongs to.
    pub session_id: String,
    /// The terminal's name as in its client certificate.
    pub terminal_id: String,
    /// SHA-256 of the user certificate, hex.
    pub certificate_sha256: String,
    /// How the holder was proved.
    pub method: Method,
    /// Identity of the face weights that decided, `name@16hex`; `none` for methods without a face
    /// ([`crate::weights::fit`]).
    pub weights: String,
    /// Level of the face weights in use at the terminal, whatever the method. `None` only in results signed before this
    /// member was there: they may still wait in an outbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights_level: Option<WeightsLevel>,
    /// One reading of the terminal's clock for all answers.
    pub time_ms: u64,
    /// Every item the service named, in its order.
    pub items: Vec<ItemAnswer>,
}

/// What the face weights in use at a terminal may decide about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightsLevel {
    /// The terminal looks at no faces.
    None,
    /// Made to show how a terminal works: nothing of that terminal counts, not even by PIN.
    Demonstration,
    /// For research.
    Research,
    /// Somebody answers for them at this place.
    Approved,
}

/// What is stored for one item (patient-flow 4.2 rule 9b).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemAnswer {
    /// The item.
    pub id: String,
    /// Wording shown.
    pub wording_id: String,
    /// SHA-256 of that wording in the shown language, hex.
    pub wording_hash: String,
    /// Language shown, BCP 47.
    pub language: String,
    /// What was pressed.
    pub answer: Answer,
    /// Now or carried over.
    pub how: How,
    /// By whom.
    pub by: By,
}

/// 回答
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 同意する
    Agreed,
    /// 同意しない
    Declined,
    /// The question was open and nothing was pressed: counts as no.
    NotAnswered,
    /// Not asked: grace period.
    NotAskedGrace,
    /// Not asked: for another reason the service gave.
    NotAsked,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Pressed in this visit.
    Now,
    /// 「同じにする」 was pressed in this visit.
    CarriedOver,
    /// Nothing was pressed.
    Nothing,
}

/// Who pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The patient.
    Patient,
    /// A companion.
    Companion,
    /// Staff.
    Staff,
    /// Nobody.
    Nobody,
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
}

/// Body of every answer that is not 2xx.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable word, see `openapi.yaml`: `bad_signature`, `unknown_session`, `nonce_used`, …
    pub error: String,
    /// For support; never shown to the patient.
    pub detail: String,
}

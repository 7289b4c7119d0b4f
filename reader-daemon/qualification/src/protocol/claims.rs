//! The signed result: what was proved, and what was answered.

use serde::{Deserialize, Serialize};

use super::Method;

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
    /// Every consent in here ends then: [`Self::time_ms`] and 24 hours ([`crate::result::valid_until`]).
    pub valid_until_ms: u64,
    /// Number that staff gave at the visual check, 1 to 8 digits; only with [`Method::Visual`], and there optional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
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
    /// 電子処方箋
    Electronic,
    /// 紙の処方箋
    Paper,
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

//! What the centre answers about the holder, what is asked then, and signing a card up.

use serde::{Deserialize, Serialize};

use super::By;

/// Answer to [`Authenticate`](super::Authenticate) and to [`Register`].
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
    /// The service offers to sign the card up now, by [`Register`]. Only beside [`Qualification::NotSignedUp`].
    pub sign_up: bool,
}

/// `POST /v1/sessions/{id}/register`: sign the card up as insurance card (patient-flow section 10). Once, in a session
/// whose proof was answered with an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Wording that was answered, the second of the two questions.
    pub wording_id: String,
    /// SHA-256 of that wording in the shown language, hex.
    pub wording_hash: String,
    /// Language shown, BCP 47.
    pub language: String,
    /// Who pressed, twice; never [`By::Nobody`].
    pub by: By,
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
        /// It ends with the period of stay (foreign residents).
        with_stay: bool,
    },
    /// Ended up to three months ago: qualification only.
    Grace {
        /// Last valid day in Japan, `YYYY-MM-DD`.
        last_day: String,
        /// It ended with the period of stay.
        with_stay: bool,
    },
    /// Ended more than three months ago; a phone's, or the card behind a phone: ended.
    Expired,
    /// certificateHold: the desk is asked, never called expired.
    Suspended,
    /// Revoked.
    Revoked,
}

/// One consent item of the facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Name in the terminal's data file: `medicines`, `checkups`, `operations`, `infections`; `other_certificates`;
    /// `prescription`.
    pub id: String,
    /// Whether the patient is asked, and if not, why.
    pub ask: Ask,
    /// The patient's last explicit answer at this facility, if any. Of health information only.
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

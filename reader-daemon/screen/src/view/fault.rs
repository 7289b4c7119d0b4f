//! A fault as the patient reads it (patient-flow section 12).

use serde::{Deserialize, Serialize};

/// A way that a screen of a fault still offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 「もう一度」
    Again,
    /// 「カードで受付」
    Card,
    /// 「スマートフォンで受付」
    Phone,
}

/// What a fault's picture shows; drawn by the kiosk (the table names it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// Speak to the desk.
    #[default]
    Desk,
    /// Set the card (again), by the reader's profile.
    SetCard,
    /// Take the card out of its case.
    CaseOff,
    /// The right card and another one.
    RightCard,
    /// The card's certificate: a calendar.
    Certificate,
    /// The terminal is being looked after.
    OutOfOrder,
    /// Hold the phone.
    HoldPhone,
    /// The camera.
    Camera,
    /// Take the card.
    TakeCard,
}

impl Picture {
    /// Every picture.
    pub const ALL: [Self; 9] = [
        Self::Desk,
        Self::SetCard,
        Self::CaseOff,
        Self::RightCard,
        Self::Certificate,
        Self::OutOfOrder,
        Self::HoldPhone,
        Self::Camera,
        Self::TakeCard,
    ];
}

/// A fault as the daemon's table words it for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultText {
    /// Stable code, `001` or from `900`.
    pub code: String,
    /// What happened, one short sentence.
    pub headline: String,
    /// What to do next.
    pub next: String,
    /// What the picture beside it shows.
    pub picture: Picture,
}

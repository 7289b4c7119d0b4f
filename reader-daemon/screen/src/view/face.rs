//! What is said at the camera, and which weights look there (patient-flow sections 5 and 7).

use serde::{Deserialize, Serialize};

/// What staff compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoShown {
    /// It is still being read.
    Coming,
    /// It stands beside the live picture; it arrives with the preview, never in a view.
    Here,
    /// The card has none, or none that can be trusted: another document is compared.
    None,
}

/// What the weights in use may decide about; said on the start screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightsLevel {
    /// They show how the terminal works and identify nobody.
    Demonstration,
    /// For research.
    Research,
    /// Somebody answers for them at this place.
    Approved,
}

impl WeightsLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 3] = [Self::Demonstration, Self::Research, Self::Approved];
}

/// One line of guidance at the camera (patient-flow 5.1). None of them spends a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// The camera is starting or the card's photo is being read.
    Wait,
    /// No face is seen.
    NoFace,
    /// More than one: the others are asked to step back.
    SeveralFaces,
    /// 「もう少し近づいてください」
    TooFar,
    /// 「少し後ろへさがってください」
    TooNear,
    /// The face touches the edge of the picture.
    OffCentre,
    /// It is too dark.
    Dark,
    /// Light from behind.
    BackLight,
    /// Blurred or moving: 「動かないでください」
    Moving,
    /// 「正面を見てください」
    TurnedAway,
    /// 「マスクをずらしてください」
    Mask,
}

impl Advice {
    /// Every advice.
    pub const ALL: [Self; 11] = [
        Self::Wait,
        Self::NoFace,
        Self::SeveralFaces,
        Self::TooFar,
        Self::TooNear,
        Self::OffCentre,
        Self::Dark,
        Self::BackLight,
        Self::Moving,
        Self::TurnedAway,
        Self::Mask,
    ];
}

/// What the patient is asked to do, so that a picture of them cannot stand for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Turn the head to the patient's own left.
    TurnLeft,
    /// Turn the head to the patient's own right.
    TurnRight,
    /// Come closer.
    ComeCloser,
}

impl Movement {
    /// Every movement.
    pub const ALL: [Self; 3] = [Self::TurnLeft, Self::TurnRight, Self::ComeCloser];
}

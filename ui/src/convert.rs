//! Enums of the screen protocol as the screens know them.

use screen::SurfaceField;

use crate::generated::{Advice, Era, Field, Movement, Notice, Weights};

impl From<Option<screen::Advice>> for Advice {
    fn from(advice: Option<screen::Advice>) -> Self {
        match advice {
            None => Self::None,
            Some(screen::Advice::Wait) => Self::Wait,
            Some(screen::Advice::NoFace) => Self::NoFace,
            Some(screen::Advice::SeveralFaces) => Self::SeveralFaces,
            Some(screen::Advice::TooFar) => Self::TooFar,
            Some(screen::Advice::TooNear) => Self::TooNear,
            Some(screen::Advice::OffCentre) => Self::OffCentre,
            Some(screen::Advice::Dark) => Self::Dark,
            Some(screen::Advice::BackLight) => Self::BackLight,
            Some(screen::Advice::Moving) => Self::Moving,
            Some(screen::Advice::TurnedAway) => Self::TurnedAway,
            Some(screen::Advice::Mask) => Self::Mask,
        }
    }
}

impl From<Option<screen::Movement>> for Movement {
    fn from(movement: Option<screen::Movement>) -> Self {
        match movement {
            None => Self::None,
            Some(screen::Movement::TurnLeft) => Self::TurnLeft,
            Some(screen::Movement::TurnRight) => Self::TurnRight,
            Some(screen::Movement::ComeCloser) => Self::ComeCloser,
        }
    }
}

impl From<Option<screen::WeightsLevel>> for Weights {
    fn from(level: Option<screen::WeightsLevel>) -> Self {
        match level {
            None => Self::None,
            Some(screen::WeightsLevel::Demonstration) => Self::Demonstration,
            Some(screen::WeightsLevel::Research) => Self::Research,
            Some(screen::WeightsLevel::Approved) => Self::Approved,
        }
    }
}

impl From<Option<screen::SurfaceNotice>> for Notice {
    fn from(notice: Option<screen::SurfaceNotice>) -> Self {
        match notice {
            None => Self::None,
            Some(screen::SurfaceNotice::Implausible) => Self::Implausible,
            Some(screen::SurfaceNotice::Wrong) => Self::Wrong,
        }
    }
}

/// The field, and the era of a birth date.
pub(crate) fn field(field: SurfaceField) -> (Field, Era) {
    match field {
        SurfaceField::Era => (Field::Era, Era::Western),
        SurfaceField::BirthDate { era } => (Field::BirthDate, era.into()),
        SurfaceField::ExpiryYear => (Field::ExpiryYear, Era::Western),
        SurfaceField::SecurityCode => (Field::SecurityCode, Era::Western),
    }
}

impl From<screen::Era> for Era {
    fn from(era: screen::Era) -> Self {
        match era {
            screen::Era::Taisho => Self::Taisho,
            screen::Era::Showa => Self::Showa,
            screen::Era::Heisei => Self::Heisei,
            screen::Era::Reiwa => Self::Reiwa,
            screen::Era::Western => Self::Western,
        }
    }
}

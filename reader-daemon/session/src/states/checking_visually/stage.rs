//! How far the visual check is, and what each part of it shows.

use screen::{PhotoShown, Screen, Sound};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Stage {
    /// M1: the patient waits for staff.
    Awaiting {
        /// Staff were told, and the reading of the photo has begun.
        told: bool,
    },
    /// M2: the facility's passcode; the driver holds the digits.
    Passcode { digits: u8, wrong: Option<u8> },
    /// The driver compares it.
    Checking,
    /// M2: photo beside live picture.
    Comparing(PhotoShown),
    /// M3: who confirmed.
    Number { typed: String },
}

impl Stage {
    /// Where nobody touches anything a deadline of the stage's own rules.
    pub(super) fn asks(&self) -> bool {
        match self {
            Self::Passcode { .. } | Self::Number { .. } => true,
            Self::Awaiting { .. } | Self::Checking | Self::Comparing(_) => false,
        }
    }

    pub(super) fn screen(&self) -> Screen {
        match self {
            Self::Awaiting { .. } => Screen::AwaitingStaff,
            Self::Passcode { digits, wrong } => Screen::EnteringPasscode { digits: *digits, wrong: *wrong },
            Self::Checking => Screen::Waiting { long: false },
            Self::Comparing(photo) => Screen::ComparingFaces { photo: *photo },
            Self::Number { typed } => Screen::EnteringStaffNumber { typed: typed.clone() },
        }
    }

    pub(super) fn sound(&self) -> Option<Sound> {
        match self {
            Self::Passcode { wrong: Some(_), .. } => Some(Sound::Again),
            Self::Awaiting { .. } | Self::Passcode { wrong: None, .. } | Self::Checking => None,
            Self::Comparing(_) | Self::Number { .. } => None,
        }
    }
}

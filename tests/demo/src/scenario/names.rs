//! Names of screens, as views carry them on the wire.

use std::fmt;

use screen::Screen;
use serde::{Deserialize, Serialize};

/// One kind of [`Screen`], without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is the `screen::Screen` of the same name")]
pub enum ScreenName {
    Start,
    WithoutCard,
    ChoosingLanguage,
    ChoosingComfort,
    CallingStaff,
    ChoosingPhone,
    HoldingPhone,
    PlacingCard,
    ChoosingMethod,
    EnteringPin,
    LastTry,
    ConfirmLastTry,
    PinBlocked,
    KeyingSurfaceCode,
    FacingCamera,
    FaceFailed,
    AwaitingStaff,
    EnteringPasscode,
    ComparingFaces,
    EnteringStaffNumber,
    SigningUp,
    Waiting,
    CertificateNotice,
    ConsentAll,
    ConsentEach,
    ChoosingPrescription,
    ChoosingAnswerer,
    ReadingBack,
    ConsentDetail,
    LeavingAfterLookup,
    Done,
    GoToDesk,
    TakeCard,
    CardLeft,
    NeedHelp,
    Disconnected,
}

impl ScreenName {
    /// Every screen, in the order of the enum.
    pub const ALL: [Self; 36] = [
        Self::Start,
        Self::WithoutCard,
        Self::ChoosingLanguage,
        Self::ChoosingComfort,
        Self::CallingStaff,
        Self::ChoosingPhone,
        Self::HoldingPhone,
        Self::PlacingCard,
        Self::ChoosingMethod,
        Self::EnteringPin,
        Self::LastTry,
        Self::ConfirmLastTry,
        Self::PinBlocked,
        Self::KeyingSurfaceCode,
        Self::FacingCamera,
        Self::FaceFailed,
        Self::AwaitingStaff,
        Self::EnteringPasscode,
        Self::ComparingFaces,
        Self::EnteringStaffNumber,
        Self::SigningUp,
        Self::Waiting,
        Self::CertificateNotice,
        Self::ConsentAll,
        Self::ConsentEach,
        Self::ChoosingPrescription,
        Self::ChoosingAnswerer,
        Self::ReadingBack,
        Self::ConsentDetail,
        Self::LeavingAfterLookup,
        Self::Done,
        Self::GoToDesk,
        Self::TakeCard,
        Self::CardLeft,
        Self::NeedHelp,
        Self::Disconnected,
    ];

    /// The name on the wire: `choosing_method`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::WithoutCard => "without_card",
            Self::ChoosingLanguage => "choosing_language",
            Self::ChoosingComfort => "choosing_comfort",
            Self::CallingStaff => "calling_staff",
            Self::ChoosingPhone => "choosing_phone",
            Self::HoldingPhone => "holding_phone",
            Self::PlacingCard => "placing_card",
            Self::ChoosingMethod => "choosing_method",
            Self::EnteringPin => "entering_pin",
            Self::LastTry => "last_try",
            Self::ConfirmLastTry => "confirm_last_try",
            Self::PinBlocked => "pin_blocked",
            Self::KeyingSurfaceCode => "keying_surface_code",
            Self::FacingCamera => "facing_camera",
            Self::FaceFailed => "face_failed",
            Self::AwaitingStaff => "awaiting_staff",
            Self::EnteringPasscode => "entering_passcode",
            Self::ComparingFaces => "comparing_faces",
            Self::EnteringStaffNumber => "entering_staff_number",
            Self::SigningUp => "signing_up",
            Self::Waiting => "waiting",
            Self::CertificateNotice => "certificate_notice",
            Self::ConsentAll => "consent_all",
            Self::ConsentEach => "consent_each",
            Self::ChoosingPrescription => "choosing_prescription",
            Self::ChoosingAnswerer => "choosing_answerer",
            Self::ReadingBack => "reading_back",
            Self::ConsentDetail => "consent_detail",
            Self::LeavingAfterLookup => "leaving_after_lookup",
            Self::Done => "done",
            Self::GoToDesk => "go_to_desk",
            Self::TakeCard => "take_card",
            Self::CardLeft => "card_left",
            Self::NeedHelp => "need_help",
            Self::Disconnected => "disconnected",
        }
    }

    /// The screen with this wire name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|screen| screen.name() == name)
    }

    /// What is on this screen.
    #[must_use]
    pub const fn of(screen: &Screen) -> Self {
        match screen {
            Screen::Start { .. } => Self::Start,
            Screen::WithoutCard { .. } => Self::WithoutCard,
            Screen::ChoosingLanguage => Self::ChoosingLanguage,
            Screen::ChoosingComfort => Self::ChoosingComfort,
            Screen::CallingStaff { .. } => Self::CallingStaff,
            Screen::ChoosingPhone => Self::ChoosingPhone,
            Screen::HoldingPhone { .. } => Self::HoldingPhone,
            Screen::PlacingCard => Self::PlacingCard,
            Screen::ChoosingMethod { .. } => Self::ChoosingMethod,
            Screen::EnteringPin { .. } => Self::EnteringPin,
            Screen::LastTry { .. } => Self::LastTry,
            Screen::ConfirmLastTry => Self::ConfirmLastTry,
            Screen::PinBlocked { .. } => Self::PinBlocked,
            Screen::KeyingSurfaceCode { .. } => Self::KeyingSurfaceCode,
            Screen::FacingCamera { .. } => Self::FacingCamera,
            Screen::FaceFailed { .. } => Self::FaceFailed,
            Screen::AwaitingStaff => Self::AwaitingStaff,
            Screen::EnteringPasscode { .. } => Self::EnteringPasscode,
            Screen::ComparingFaces { .. } => Self::ComparingFaces,
            Screen::EnteringStaffNumber { .. } => Self::EnteringStaffNumber,
            Screen::SigningUp { .. } => Self::SigningUp,
            Screen::Waiting { .. } => Self::Waiting,
            Screen::CertificateNotice { .. } => Self::CertificateNotice,
            Screen::ConsentAll { .. } => Self::ConsentAll,
            Screen::ConsentEach { .. } => Self::ConsentEach,
            Screen::ChoosingPrescription { .. } => Self::ChoosingPrescription,
            Screen::ChoosingAnswerer { .. } => Self::ChoosingAnswerer,
            Screen::ReadingBack { .. } => Self::ReadingBack,
            Screen::ConsentDetail { .. } => Self::ConsentDetail,
            Screen::LeavingAfterLookup => Self::LeavingAfterLookup,
            Screen::Done { .. } => Self::Done,
            Screen::GoToDesk { .. } => Self::GoToDesk,
            Screen::TakeCard => Self::TakeCard,
            Screen::CardLeft => Self::CardLeft,
            Screen::NeedHelp { .. } => Self::NeedHelp,
            Screen::Disconnected => Self::Disconnected,
        }
    }

    /// Digits can be typed here.
    #[must_use]
    pub const fn has_pad(self) -> bool {
        matches!(self, Self::EnteringPin | Self::KeyingSurfaceCode | Self::EnteringPasscode | Self::EnteringStaffNumber)
    }

    /// A visit ends with this screen, and the card can be taken.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Done | Self::GoToDesk | Self::TakeCard | Self::CardLeft | Self::NeedHelp)
    }
}

impl fmt::Display for ScreenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screen_names_are_the_names_on_the_wire() {
        for screen in ScreenName::ALL {
            assert_eq!(serde_json::to_value(screen).unwrap(), screen.name());
            assert_eq!(ScreenName::by_name(screen.name()), Some(screen));
        }
        let wire = serde_json::to_value(Screen::Waiting { long: true }).unwrap();
        assert_eq!(wire["kind"], ScreenName::of(&Screen::Waiting { long: true }).name());
    }
}

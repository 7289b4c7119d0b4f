//! How a visit ended, by what was on the glass.

use std::fmt;

use crate::scenario::{names::ScreenName, world::Seen};

/// How a visit ended for the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 「受付が完了しました」
    Accepted,
    /// 「受付に声をかけてください」
    Desk,
    /// Given up before a result existed, by the patient, by time or by taking the card.
    Cancelled,
    /// A fault with this code, on the help screen or on the start screen.
    Fault(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Desk => f.write_str("desk"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Fault(code) => write!(f, "fault {code}"),
        }
    }
}

/// How the visit that ended last ended; `None` while none has.
#[must_use]
pub fn outcome(seen: &[Seen]) -> Option<Outcome> {
    let mut ended = None;
    // The visit under way: `Some(None)` until a last screen was shown.
    let mut under_way: Option<Option<Outcome>> = None;
    let mut barred = None;
    let mut before = None;
    for view in seen {
        let close = |visit: Option<Outcome>| Some(visit.unwrap_or(Outcome::Cancelled));
        let fault = || Outcome::Fault(view.fault.clone().unwrap_or_else(|| "unknown".to_owned()));
        match view.screen {
            ScreenName::Start => {
                if let Some(visit) = under_way.take() {
                    ended = close(visit);
                }
                barred = view.fault.as_ref().map(|_| fault());
            }
            ScreenName::PlacingCard if before != Some(ScreenName::PlacingCard) => {
                if let Some(visit) = under_way.replace(None) {
                    ended = close(visit);
                }
            }
            ScreenName::Done => under_way = Some(Some(Outcome::Accepted)),
            ScreenName::GoToDesk => under_way = Some(Some(Outcome::Desk)),
            ScreenName::TakeCard => under_way = Some(Some(Outcome::Cancelled)),
            ScreenName::NeedHelp => under_way = Some(Some(fault())),
            ScreenName::WithoutCard
            | ScreenName::Disconnected
            | ScreenName::ChoosingLanguage
            | ScreenName::ChoosingComfort
            | ScreenName::CallingStaff => {}
            ScreenName::PlacingCard
            | ScreenName::ChoosingPhone
            | ScreenName::HoldingPhone
            | ScreenName::ChoosingMethod
            | ScreenName::EnteringPin
            | ScreenName::LastTry
            | ScreenName::ConfirmLastTry
            | ScreenName::PinBlocked
            | ScreenName::KeyingSurfaceCode
            | ScreenName::FacingCamera
            | ScreenName::FaceFailed
            | ScreenName::AwaitingStaff
            | ScreenName::EnteringPasscode
            | ScreenName::ComparingFaces
            | ScreenName::EnteringStaffNumber
            | ScreenName::SigningUp
            | ScreenName::Waiting
            | ScreenName::CertificateNotice
            | ScreenName::ConsentAll
            | ScreenName::ConsentEach
            | ScreenName::ChoosingPrescription
            | ScreenName::ChoosingAnswerer
            | ScreenName::ReadingBack
            | ScreenName::ConsentDetail
            | ScreenName::LeavingAfterLookup
            | ScreenName::CardLeft => {
                under_way.get_or_insert(None);
            }
        }
        before = Some(view.screen);
    }
    under_way.flatten().or(ended).or(barred)
}

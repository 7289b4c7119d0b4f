//! Which targets a view stands for.

use screen::{Era, Language, MethodState, PhoneWay, PhotoShown, Screen, SurfaceField, Target, View, Way, Wish};
use session::limits::PASSCODE_LEAST_DIGITS;

/// Every target the kiosk offers on this view.
#[must_use]
pub fn targets(view: &View) -> Vec<Target> {
    let mut offered = on_screen(&view.screen);
    if view.cancel {
        offered.push(Target::Cancel);
    }
    if view.screen != Screen::Disconnected {
        offered.extend([Target::CallStaff, Target::Language, Target::Comfort]);
    }
    offered
}

fn on_screen(screen: &Screen) -> Vec<Target> {
    let with = |always: &[Target], when: &[(bool, Target)]| {
        let mut offered = always.to_vec();
        offered.extend(when.iter().filter(|(shown, _)| *shown).map(|(_, target)| *target));
        offered
    };
    match screen {
        Screen::Start { phone, .. } => with(&[Target::WithoutCard], &[(*phone != PhoneWay::No, Target::Phone)]),
        Screen::WithoutCard { phone } => with(&[Target::Back], &[(*phone != PhoneWay::No, Target::Phone)]),
        Screen::ChoosingLanguage => Language::ALL.map(Target::Speak).into_iter().chain([Target::Back]).collect(),
        Screen::ChoosingComfort => {
            vec![Target::LargeType, Target::Contrast, Target::Slow, Target::Voice, Target::Back]
        }
        Screen::CallingStaff { .. } => Wish::ALL.map(Target::Wish).into_iter().chain([Target::Back]).collect(),
        Screen::ChoosingPhone => vec![Target::Iphone, Target::Android, Target::Card],
        Screen::HoldingPhone { .. } => vec![Target::Card],
        Screen::ChoosingMethod { face, pin, visual } => with(
            &[],
            &[
                (*face == MethodState::Open, Target::Face),
                (*pin == MethodState::Open, Target::Pin),
                (*visual == MethodState::Open, Target::Visual),
            ],
        ),
        Screen::EnteringPin { digits, face, phone, .. } => with(
            &[],
            &[
                (*digits > 0, Target::Erase),
                (*digits == 4, Target::Confirm),
                (*face, Target::Face),
                (*phone, Target::Card),
                (!*phone, Target::Back),
            ],
        ),
        Screen::LastTry { face, visual } => {
            with(&[Target::UseLastTry], &[(*face, Target::Face), (*visual, Target::Visual)])
        }
        Screen::ConfirmLastTry => vec![Target::Confirm, Target::Back],
        Screen::PinBlocked { face, visual, .. } => with(&[], &[(*face, Target::Face), (*visual, Target::Visual)]),
        Screen::KeyingSurfaceCode { field: SurfaceField::Era, .. } => vec![
            Target::EraTaisho,
            Target::EraShowa,
            Target::EraHeisei,
            Target::EraReiwa,
            Target::EraWestern,
            Target::Back,
        ],
        Screen::KeyingSurfaceCode { field, typed, .. } => with(
            &[Target::Back],
            &[(!typed.0.is_empty(), Target::Erase), (typed.0.len() == digits_of(*field), Target::Confirm)],
        ),
        Screen::FaceFailed { again, pin, visual, .. } => {
            with(&[], &[(*again, Target::Again), (*pin, Target::Pin), (*visual, Target::Visual)])
        }
        Screen::AwaitingStaff => vec![Target::StaffHere, Target::Back],
        Screen::EnteringPasscode { digits, .. } => {
            with(&[Target::Back], &[(*digits > 0, Target::Erase), (*digits >= PASSCODE_LEAST_DIGITS, Target::Confirm)])
        }
        // Before there is anything to compare nobody says that it is the same person.
        Screen::ComparingFaces { photo } => {
            with(&[Target::OtherPerson], &[(*photo != PhotoShown::Coming, Target::SamePerson)])
        }
        Screen::EnteringStaffNumber { typed } => {
            with(&[Target::WithoutNumber], &[(!typed.is_empty(), Target::Erase), (!typed.is_empty(), Target::Confirm)])
        }
        Screen::SigningUp { .. } => vec![Target::SignUp, Target::DoNotSignUp, Target::Detail, Target::Answerer],
        Screen::CertificateNotice { .. } => vec![Target::Understood],
        Screen::ConsentAll { previous, .. } if previous.is_empty() => {
            vec![Target::AgreeAll, Target::DeclineAll, Target::OneByOne, Target::Detail, Target::Answerer]
        }
        Screen::ConsentAll { .. } => vec![Target::SameAsBefore, Target::Change, Target::Detail, Target::Answerer],
        Screen::ConsentEach { back, .. } => {
            with(&[Target::Agree, Target::Decline, Target::Detail, Target::Answerer], &[(*back, Target::Back)])
        }
        Screen::ChoosingPrescription { back, .. } => {
            with(&[Target::Electronic, Target::Paper], &[(*back, Target::Back)])
        }
        Screen::ChoosingAnswerer { staff } => {
            with(&[Target::PatientAnswers, Target::CompanionAnswers, Target::Back], &[(*staff, Target::StaffAnswers)])
        }
        Screen::ReadingBack { .. } => vec![Target::SendAnswers, Target::Change],
        Screen::ConsentDetail { .. } => vec![Target::Back],
        Screen::LeavingAfterLookup => vec![Target::ReceiveWithoutConsent, Target::StopReception, Target::Back],
        Screen::FacingCamera { other_way, .. } => with(&[], &[(*other_way, Target::CannotMove)]),
        Screen::NeedHelp { ways, .. } => ways.iter().map(|way| by_way(*way)).collect(),
        Screen::PlacingCard
        | Screen::Waiting { .. }
        | Screen::Done { .. }
        | Screen::GoToDesk { .. }
        | Screen::TakeCard
        | Screen::CardLeft
        | Screen::Disconnected => vec![],
    }
}

const fn by_way(way: Way) -> Target {
    match way {
        Way::Again => Target::Again,
        Way::Card => Target::Card,
        Way::Phone => Target::Phone,
    }
}

/// How many digits a field of the surface code takes (card.md 5.1).
fn digits_of(field: SurfaceField) -> usize {
    match field {
        SurfaceField::Era => 0,
        SurfaceField::BirthDate { era: Era::Western } => 8,
        SurfaceField::BirthDate { era: Era::Taisho | Era::Showa | Era::Heisei | Era::Reiwa } => 6,
        SurfaceField::ExpiryYear | SurfaceField::SecurityCode => 4,
    }
}

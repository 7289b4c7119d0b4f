//! Which targets a view stands for.

use screen::{Era, MethodState, Screen, StaffCall, SurfaceField, Target, View};

/// Every target the kiosk offers on this view.
#[must_use]
pub fn targets(view: &View) -> Vec<Target> {
    let mut offered = on_screen(&view.screen);
    if view.cancel {
        offered.push(Target::Cancel);
    }
    if view.staff == StaffCall::Offered {
        offered.push(Target::CallStaff);
    }
    if view.screen != Screen::Disconnected {
        offered.push(Target::Language);
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
        Screen::Start { phone, fault, .. } => {
            with(&[Target::WithoutCard, Target::LargeText], &[(*phone && fault.is_none(), Target::Phone)])
        }
        Screen::WithoutCard => vec![Target::Back],
        Screen::ChoosingMethod { face, pin, visual } => with(
            &[],
            &[
                (*face == MethodState::Open, Target::Face),
                (*pin == MethodState::Open, Target::Pin),
                (*visual == MethodState::Open, Target::Visual),
            ],
        ),
        Screen::EnteringPin { digits, face, .. } => {
            with(&[], &[(*digits > 0, Target::Erase), (*digits == 4, Target::Confirm), (*face, Target::Face)])
        }
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
        Screen::CertificateNotice { .. } => vec![Target::Understood],
        Screen::ConsentAll { previous, .. } if previous.is_empty() => {
            vec![Target::AgreeAll, Target::DeclineAll, Target::OneByOne, Target::Detail]
        }
        Screen::ConsentAll { .. } => vec![Target::SameAsBefore, Target::Change, Target::Detail],
        Screen::ConsentEach { back, .. } => {
            with(&[Target::Agree, Target::Decline, Target::Detail], &[(*back, Target::Back)])
        }
        Screen::ConsentDetail { .. } => vec![Target::Back],
        Screen::LeavingAfterLookup => vec![Target::ReceiveWithoutConsent, Target::StopReception, Target::Back],
        Screen::PlacingCard
        | Screen::FacingCamera { .. }
        | Screen::Waiting { .. }
        | Screen::Done { .. }
        | Screen::GoToDesk { .. }
        | Screen::TakeCard
        | Screen::CardLeft
        | Screen::NeedHelp { .. }
        | Screen::Disconnected => vec![],
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

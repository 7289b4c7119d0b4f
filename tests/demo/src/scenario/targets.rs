//! Which targets a view stands for.

use screen::{MethodState, Screen, StaffCall, Target, View};

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
        Screen::Start { phone, fault } => {
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
        | Screen::Waiting { .. }
        | Screen::Done { .. }
        | Screen::GoToDesk { .. }
        | Screen::TakeCard
        | Screen::CardLeft
        | Screen::NeedHelp { .. }
        | Screen::Disconnected => vec![],
    }
}

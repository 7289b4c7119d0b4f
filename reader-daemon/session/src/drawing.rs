//! What a state shows becomes a view: when it counts as another question, and when as the same with another dot.

use screen::{Revision, Screen, StaffCall, SurfaceDigits, View};

use crate::{
    effect::Effect,
    session::Context,
    states::{Doing, State},
};

/// Shows the view when it differs from the last one; the revision changes with the question, not with a dot.
pub(crate) fn draw(state: &State, at: &mut Context<'_>) {
    let mut view = View {
        revision: at.common.revision,
        language: at.common.language,
        large: at.common.large,
        facility: at.common.facility.clone(),
        progress: state.progress(),
        cancel: state.offers_cancel(at),
        staff: if at.common.staff_called { StaffCall::Called } else { StaffCall::Offered },
        countdown: at.common.countdown,
        screen: state.screen(at),
        sound: state.sound(),
    };
    if let Some(last) = &at.common.last {
        // A sound belongs to entering a state, not to what changes within it.
        view.sound = None;
        if same_question(last, &view) {
            view.sound = last.sound;
            if **last != view {
                at.effects.push(Effect::Show(Box::new(view.clone())));
                at.common.last = Some(Box::new(view));
            }
            return;
        }
    }
    at.common.revision = Revision(at.common.revision.0 + 1);
    view.revision = at.common.revision;
    at.effects.push(Effect::Show(Box::new(view.clone())));
    at.common.last = Some(Box::new(view));
}

fn same_question(a: &View, b: &View) -> bool {
    let plain = |view: &View| {
        let mut view = view.clone();
        view.countdown = None;
        view.sound = None;
        match &mut view.screen {
            Screen::EnteringPin { digits, .. } => *digits = 0,
            Screen::KeyingSurfaceCode { typed, .. } => *typed = SurfaceDigits::default(),
            Screen::FacingCamera { advice, movement, progress } => {
                (*advice, *movement, *progress) = (None, None, 0);
            }
            Screen::Start { .. }
            | Screen::WithoutCard
            | Screen::PlacingCard
            | Screen::ChoosingMethod { .. }
            | Screen::LastTry { .. }
            | Screen::ConfirmLastTry
            | Screen::PinBlocked { .. }
            | Screen::FaceFailed { .. }
            | Screen::Waiting { .. }
            | Screen::CertificateNotice { .. }
            | Screen::ConsentAll { .. }
            | Screen::ConsentEach { .. }
            | Screen::ConsentDetail { .. }
            | Screen::LeavingAfterLookup
            | Screen::Done { .. }
            | Screen::GoToDesk { .. }
            | Screen::TakeCard
            | Screen::CardLeft
            | Screen::NeedHelp { .. }
            | Screen::Disconnected => {}
        }
        view
    };
    plain(a) == plain(b)
}

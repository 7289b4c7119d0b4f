//! What a state shows becomes a view: when it counts as another question, and when as the same with another dot.

use screen::{Language, Revision, Screen, StaffCall, SurfaceDigits, View};

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
        comfort: at.common.comfort,
        placement: at.policy.placement,
        facility: at.common.facility.clone(),
        progress: state.progress(),
        cancel: state.offers_cancel(at),
        staff: if at.common.staff_called { StaffCall::Called } else { StaffCall::Offered },
        countdown: at.common.countdown,
        screen: at.common.overlay.map_or_else(|| state.screen(at), |overlay| overlay.screen(at.common)),
        // An overlay opens silently, whatever lies beneath.
        sound: state.sound().filter(|_| at.common.overlay.is_none()),
    };
    // What staff read stays Japanese, whatever the patient speaks (patient-flow section 14).
    if for_staff(&view.screen) {
        view.language = Language::Ja;
    }
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

const fn for_staff(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::EnteringPasscode { .. } | Screen::ComparingFaces { .. } | Screen::EnteringStaffNumber { .. }
    )
}

fn same_question(a: &View, b: &View) -> bool {
    let plain = |view: &View| {
        let mut view = view.clone();
        view.countdown = None;
        view.sound = None;
        // Told by the service at any time, and not the patient's business.
        view.facility.clear();
        match &mut view.screen {
            Screen::EnteringPin { digits, .. } => *digits = 0,
            Screen::KeyingSurfaceCode { typed, .. } => *typed = SurfaceDigits::default(),
            Screen::FacingCamera { advice, movement, progress, other_way: _ } => {
                (*advice, *movement, *progress) = (None, None, 0);
            }
            Screen::HoldingPhone { notice, seconds, .. } => (*notice, *seconds) = (None, 0),
            Screen::EnteringPasscode { digits, .. } => *digits = 0,
            Screen::EnteringStaffNumber { typed } => typed.clear(),
            Screen::Start { .. }
            | Screen::WithoutCard { .. }
            | Screen::ChoosingLanguage
            | Screen::ChoosingComfort
            | Screen::CallingStaff { .. }
            | Screen::ChoosingPhone
            | Screen::AwaitingStaff
            | Screen::ComparingFaces { .. }
            | Screen::SigningUp { .. }
            | Screen::ChoosingPrescription { .. }
            | Screen::ChoosingAnswerer { .. }
            | Screen::ReadingBack { .. }
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

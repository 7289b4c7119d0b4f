//! The three overlays that lie over any screen: languages, comfort, and what staff are called for. The state goes on
//! beneath with its own deadlines; none of its targets is offered meanwhile but cancel.
//! One stays open while the same visit goes on beneath by itself, on an answer of card or service. It closes when a hand
//! (card, phone, cancel) or time changed what lies beneath, with the visit itself, which every fault ends, and before
//! anything that is to be seen at once: the camera's picture, or a phone that has so many seconds to be held. A fault, whose
//! text has its time and then goes by itself, waits for what was opened over it.

use screen::{Screen, Target, View, Wish};

use super::{Common, Context, Next, State};
use crate::{
    effect::{Effect, StaffNote},
    event::{Event, VisitId},
    states::{Doing as _, StateName},
};

/// Drawn instead of the state's own screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Overlay {
    /// The twelve languages.
    Languages,
    /// The switches of [`screen::Comfort`].
    Comforts,
    /// What staff are called for.
    Staff,
}

impl Overlay {
    /// The overlay behind a target that is on every screen.
    pub(super) fn opened_by(target: Target) -> Option<Self> {
        let opens =
            [(Target::Language, Self::Languages), (Target::Comfort, Self::Comforts), (Target::CallStaff, Self::Staff)];
        opens.into_iter().find(|(offered, _)| *offered == target).map(|(_, overlay)| overlay)
    }

    /// What is shown.
    pub(crate) fn screen(self, common: &Common) -> Screen {
        match self {
            Self::Languages => Screen::ChoosingLanguage,
            Self::Comforts => Screen::ChoosingComfort,
            Self::Staff => Screen::CallingStaff { wish: common.wish },
        }
    }
}

/// An overlay that lies over a visit, while something changes beneath it by itself.
pub(super) struct Open {
    overlay: Overlay,
    visit: VisitId,
    /// On the glass: what a patient touches there still counts.
    view: Option<Box<View>>,
}

impl Open {
    /// Before the event is handled; `None` where whatever state it leads to shows itself.
    pub(super) fn before(event: &Event, at: &Context<'_>) -> Option<Self> {
        let visit = at.common.visit.filter(|_| by_itself(event))?;
        at.common.overlay.map(|overlay| Self { overlay, visit, view: at.common.last.clone() })
    }

    /// Another state was entered.
    pub(super) fn stays_over(self, state: &State, at: &mut Context<'_>) {
        let name = state.name();
        let at_once = matches!(name, StateName::FacingCamera | StateName::CheckingVisually | StateName::HoldingPhone);
        if at.common.visit == Some(self.visit) && !at_once {
            at.common.overlay = Some(self.overlay);
            at.common.last = self.view;
        }
    }
}

/// Neither a hand nor time did it.
fn by_itself(event: &Event) -> bool {
    match event {
        Event::CardRead(..)
        | Event::Pin(..)
        | Event::Phone(..)
        | Event::Passcode(..)
        | Event::Comparing(..)
        | Event::Photo(..)
        | Event::Face(..)
        | Event::PinLess(..)
        | Event::Opened(..)
        | Event::LookedUp(..)
        | Event::Stored(..)
        | Event::Receipt(_)
        | Event::Refused(_)
        | Event::Link(_)
        | Event::VisualWay(_)
        | Event::FaceWay(_)
        | Event::Facility(_)
        | Event::Storage(_)
        | Event::Shown(_)
        | Event::Spoken(_)
        | Event::ScreenConnected
        | Event::ScreenLost => true,
        Event::Presence(_)
        | Event::PhonePresence(_)
        | Event::Touched(..)
        | Event::Active(_)
        | Event::Key(_)
        | Event::StaffKey(..)
        | Event::SurfaceKey(..)
        | Event::Deadline(_) => false,
    }
}

/// What an overlay covers must not go on unseen: the camera is off before anything else is shown (law 6). No try is
/// counted; the patient finds the ways on beneath.
pub(super) fn cover(state: State, at: &mut Context<'_>) -> Next {
    if at.common.overlay.is_some() {
        return Next::Stay(state);
    }
    if let State::FacingCamera(camera) = state {
        camera.give_up(at)
    } else if let State::CheckingVisually(check) = state {
        check.covered(at)
    } else {
        Next::Stay(state)
    }
}

impl Context<'_> {
    /// Staff are called at once; what for comes afterwards, if at all.
    pub(super) fn open(&mut self, overlay: Overlay) {
        if overlay == Overlay::Staff {
            self.call_staff();
        }
        self.common.overlay = Some(overlay);
    }

    /// A target of the open overlay; any other changes nothing.
    pub(super) fn overlay_touched(&mut self, target: Target) {
        // Chosen while the card is read, it is this patient's.
        self.common.doubted &= matches!(target, Target::Back | Target::Wish(_));
        let comfort = &mut self.common.comfort;
        match (self.common.overlay, target) {
            (Some(_), Target::Back) => self.common.overlay = None,
            (Some(Overlay::Languages), Target::Speak(language)) => {
                self.common.language = language;
                self.common.overlay = None;
            }
            (Some(Overlay::Comforts), Target::LargeType) => comfort.large = !comfort.large,
            (Some(Overlay::Comforts), Target::Contrast) => comfort.contrast = !comfort.contrast,
            (Some(Overlay::Comforts), Target::Slow) => comfort.slow = !comfort.slow,
            (Some(Overlay::Staff), Target::Wish(wish)) => self.wish(wish),
            (Some(Overlay::Languages | Overlay::Comforts | Overlay::Staff) | None, _) => {}
        }
    }

    /// Told once; another wish is told again.
    fn wish(&mut self, wish: Wish) {
        if self.common.wish.replace(wish) != Some(wish) {
            self.effects.push(Effect::TellStaff(StaffNote::Called(Some(wish))));
        }
        self.common.overlay = None;
    }
}

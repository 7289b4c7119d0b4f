//! The three overlays that lie over any screen: languages, comfort, and what staff are called for. The state goes on
//! beneath with its own deadlines; none of its targets is offered meanwhile but cancel.

use screen::{Screen, Target, Wish};

use super::{Common, Context, Next, State};
use crate::effect::{Effect, StaffNote};

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
            (Some(Overlay::Comforts), Target::Voice) => comfort.voice = !comfort.voice,
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

//! The voice of a glass: what it says is the view that a patient sees.

use std::rc::Rc;

use screen::ToDaemon;
use slint::ComponentHandle;

use super::{Glass, State, bars, focus_name, survey};
use crate::{
    generated::{Ear, KioskWindow, Live as LivePicture, Shown, Spot, Touch},
    keys::{Numbers, Place},
    limits,
    voice::{Aside, Choice, Finished, Saying, Speaker},
};

impl Glass {
    /// Lends the glass a voice: every view is said once it is on the glass, while the patient wants that.
    pub fn speak_by(&self, speaker: Speaker) {
        *self.state.speaker.borrow_mut() = Some(speaker);
        let (state, window) = (Rc::clone(&self.state), self.window.as_weak());
        self.window.global::<Ear>().on_turned(move || {
            if let (Some(speaker), Some(window)) = (&mut *state.speaker.borrow_mut(), window.upgrade()) {
                let ear = window.global::<Ear>();
                speaker.set_steps(ear.get_volume(), ear.get_speed());
            }
        });
    }

    /// The player has said a list to its end.
    pub fn said(&self, finished: Finished) {
        let told = self.state.speaker.borrow_mut().as_mut().and_then(|speaker| speaker.finished(finished));
        if let Some(message) = told {
            self.state.tell(message);
        }
    }

    /// What the voice has begun to say since the last call.
    #[must_use]
    pub fn take_sayings(&self) -> Vec<Saying> {
        self.state.speaker.borrow_mut().as_mut().map(Speaker::take_sayings).unwrap_or_default()
    }

    /// Whoever plugs in headphones wants to hear.
    pub(crate) fn look_for_headphones(&self) {
        if let Some(speaker) = &mut *self.state.speaker.borrow_mut()
            && speaker.plugged_in()
            // What was withheld until now can be heard; without a voice, that is what they are for.
            && (speaker.repeat() || self.state.want_voice(&self.window))
        {
            speaker.heed_headphones();
        }
    }
}

impl State {
    /// Says the view that is on the glass now.
    pub(super) fn speak(&self, window: &KioskWindow) {
        if self.applied.get() != self.drawn.get() || self.speaker.borrow().is_none() {
            return;
        }
        let Some(view) = self.view.take() else { return };
        let choices = if self.numbers.get() == Numbers::Off { vec![] } else { self.choices(window) };
        if let Some(speaker) = &mut *self.speaker.borrow_mut() {
            speaker.shown(&view, choices, aside(window));
        }
    }

    /// What can be chosen by its number.
    fn choices(&self, window: &KioskWindow) -> Vec<Choice> {
        survey(self, window);
        let numbered = self.focus.numbered(bars(window), self.numbers.get());
        numbered.into_iter().map(|place| self.choice(place)).collect()
    }

    fn choice(&self, place: Place) -> Choice {
        let name = focus_name(place);
        let label = self.places.borrow().iter().find(|placed| placed.name == name).map(|placed| placed.label.clone());
        Choice { name, label: label.unwrap_or_default() }
    }

    /// The keys of a pad have no names, and text only moves by the other two.
    pub(super) fn say_focus(&self, place: Place) {
        if place.spot == Spot::Target
            && place.touch != Touch::Key
            && let Some(speaker) = &mut *self.speaker.borrow_mut()
        {
            speaker.focused(&self.choice(place));
        }
    }

    /// The patient wants to hear; the daemon decides. `false`: nobody could be asked.
    pub(super) fn want_voice(&self, window: &KioskWindow) -> bool {
        let Some(revision) = self.drawn.get() else { return false };
        let wanted = window.global::<Ear>().get_there() && !window.global::<Shown>().get_voice();
        if wanted {
            self.tell(ToDaemon::Touched { revision, target: screen::Target::Voice });
        }
        wanted
    }
}

/// Where the face is, when it is far from the middle; a mirror has the patient's left on its left.
fn aside(window: &KioskWindow) -> Option<Aside> {
    let live = window.global::<LivePicture>();
    match live.get_face_x() {
        _ if live.get_face_height() <= 0.0 => None,
        x if x < limits::FACE_LEFT => Some(Aside::Left),
        x if x > 1.0 - limits::FACE_LEFT => Some(Aside::Right),
        _ => None,
    }
}

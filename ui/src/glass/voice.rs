//! The voice of a glass: what it says is the view that a patient sees.

use std::rc::Rc;

use screen::{Comfort, Screen, ToDaemon, View};
use slint::ComponentHandle;

use super::{
    Glass, State,
    keys::{bars, focus_name, survey},
};
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
            state.active();
        });
    }

    /// The next patient hears it as everybody does: what the two steppers show and what is heard are one.
    pub(super) fn usual_voice(&self) {
        let ear = self.window.global::<Ear>();
        ear.set_volume(limits::USUAL_STEP);
        ear.set_speed(limits::USUAL_STEP);
        if let Some(speaker) = &mut *self.state.speaker.borrow_mut() {
            speaker.usual();
        }
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

/// Another patient may be there: nothing is set for anybody, on a screen with which a visit begins, or where it was a
/// moment ago and nobody has turned the switches. One card may follow another without the start screen between them.
pub(super) fn patient_begins(before: Option<&View>, view: &View) -> bool {
    let set = |view: &View| view.comfort != Comfort::default();
    let begins = matches!(
        view.screen,
        Screen::Start { .. } | Screen::PlacingCard | Screen::ChoosingPhone | Screen::HoldingPhone { .. }
    );
    let forgotten = before.is_some_and(set) && !matches!(view.screen, Screen::ChoosingComfort);
    !set(view) && (begins || forgotten)
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

#[cfg(test)]
mod tests {
    use screen::{Language, Revision};

    use super::*;
    use crate::{Canvas, Panel, samples, voice::Speed};

    fn view(name: &str, comfort: Comfort, revision: u64) -> View {
        let sample = samples(Language::Ja, false).into_iter().find(|sample| sample.name == name).unwrap();
        View { comfort, revision: Revision(revision), ..sample.view }
    }

    /// What the steppers show, and what is heard.
    fn sounds(glass: &Glass) -> ((i32, i32), (u8, Speed)) {
        let ear = glass.window.global::<Ear>();
        let heard = glass.state.speaker.borrow().as_ref().unwrap().sounds();
        ((ear.get_volume(), ear.get_speed()), heard)
    }

    fn turn(glass: &Glass) {
        let ear = glass.window.global::<Ear>();
        ear.set_volume(5);
        ear.set_speed(1);
        ear.invoke_turned();
    }

    /// However the next patient comes, also by a card that follows another at once, and after a fault at which nobody
    /// could know whose card is set: both are as for everybody. Within a visit both stay, whatever is switched.
    #[test]
    fn volume_and_speed_are_the_usual_ones_for_each_patient_and_the_steppers_never_lie() {
        let canvas = Canvas::new(Panel::default()).unwrap();
        canvas.glass().speak_by(Speaker::start(None, |_| ()).unwrap());
        let usual = sounds(canvas.glass());
        let plain = Comfort::default();
        let aloud = Comfort { voice: true, ..plain };
        let large = Comfort { large: true, ..plain };
        let mut revision = 0;
        let mut show = |name: &str, comfort: Comfort| {
            revision += 1;
            canvas.show(&view(name, comfort, revision));
        };
        let ways: [(Comfort, &[(&str, Comfort)]); 7] = [
            (aloud, &[("done", aloud), ("start", plain)]),
            (aloud, &[("done", aloud), ("placing_card", plain)]),
            (aloud, &[("done", aloud), ("choosing_phone", plain)]),
            (large, &[("need_help", large), ("placing_card", large), ("choosing_method", plain)]),
            // Switched off among the switches, and then another card.
            (aloud, &[("choosing_comfort", plain), ("done", plain), ("placing_card", plain)]),
            (plain, &[("done", plain), ("placing_card", plain)]),
            (plain, &[("card_left", plain), ("start", plain)]),
        ];
        for (number, (comfort, then)) in ways.into_iter().enumerate() {
            show("choosing_comfort", comfort);
            turn(canvas.glass());
            let turned = sounds(canvas.glass());
            assert!(turned.0 == (5, 1) && turned.1 != usual.1);
            let (last, within) = then.split_last().unwrap();
            for (name, comfort) in within {
                show(name, *comfort);
                assert_eq!(sounds(canvas.glass()), turned, "{number}: {name}");
            }
            show(last.0, last.1);
            assert_eq!(sounds(canvas.glass()), usual, "{number}: {}", last.0);
        }
        // The voice is switched off and on again in one visit.
        show("choosing_comfort", aloud);
        turn(canvas.glass());
        let turned = sounds(canvas.glass());
        for comfort in [plain, aloud] {
            show("choosing_comfort", comfort);
            assert_eq!(sounds(canvas.glass()), turned);
        }
    }
}

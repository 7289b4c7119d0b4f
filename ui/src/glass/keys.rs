//! What a keyboard or keypad does to a glass.

use std::rc::Rc;

use screen::Revision;
use slint::ComponentHandle;

use super::{Asked, Glass, State};
use crate::{
    convert,
    generated::{Hand, Keys, KioskWindow, Spot, Tokens, Touch},
    keys::{Act, Bars, Key, PadKey, Place, Way},
    voice::Speaker,
};

impl Glass {
    /// What keys do.
    pub(super) fn keys(&self) {
        let keys = self.window.global::<Keys>();
        let state = Rc::clone(&self.state);
        keys.on_here(move |spot, touch, digit, x, y, width, height, corner| {
            let digit = PadKey(digit);
            state.focus.here(Place { spot, touch, digit, x, y, width, height, corner });
        });
        let (state, window) = (Rc::clone(&self.state), self.window.as_weak());
        keys.on_pressed(move |text, shift, repeat| {
            let Some(window) = window.upgrade() else { return };
            if let Some(key) = Key::read(&text, shift).filter(|key| key.may_repeat() || !repeat) {
                key_pressed(&state, &window, key, repeat);
            }
        });
    }

    /// A new question has no ring: nothing is ever as if chosen. Among the switches it stays where it was.
    pub(super) fn keep_ring(&self, revision: Option<Revision>, switches: bool) {
        let state = &self.state;
        let stays = self.state.switches.replace(switches) && switches;
        if state.focused.replace(revision) != revision && !stays {
            state.focus.clear();
        }
        if state.focus.at().is_none() {
            self.window.global::<Keys>().set_ring(false);
            return;
        }
        survey(state, &self.window);
        put_ring(&self.window.global::<Keys>(), state.focus.follow());
    }
}

/// Asks every target where it is.
pub(super) fn survey(state: &State, window: &KioskWindow) {
    state.places.borrow_mut().clear();
    state.focus.ask();
    let hand = window.global::<Hand>();
    hand.set_survey(hand.get_survey().wrapping_add(1));
    slint::platform::update_timers_and_animations();
}

/// A key goes the way of a finger: what it means is what is on the glass. One that repeats by itself, because something
/// lies on the keyboard, is no sign of anybody.
fn key_pressed(state: &State, window: &KioskWindow, key: Key, repeat: bool) {
    // Before the view is on the glass nobody can have meant it.
    if state.applied.get() != state.drawn.get() {
        return;
    }
    survey(state, window);
    let keys = window.global::<Keys>();
    let act = state.focus.key(key, bars(window), state.numbers.get());
    match act {
        Act::Ring(_) | Act::Page(_) if !repeat => state.active(),
        // What is touched says so itself; the second only asks for a voice, unless there is one.
        Act::Touch(_) | Act::Repeat | Act::Ring(_) | Act::Page(_) | Act::Nothing => {}
    }
    match act {
        Act::Touch(place) => {
            // A pad asks for digits, and its keys are nowhere else.
            if place.touch == Touch::Key {
                state.fresh.set(None);
            }
            go(&keys, place.spot, place.touch, place.digit);
        }
        Act::Ring(place) => {
            state.asked(Asked::Focus(focus_name(place)));
            state.say_focus(place);
        }
        Act::Page(Way::Up) => go(&keys, Spot::Up, Touch::Key, PadKey(-1)),
        Act::Page(Way::Down | Way::Left | Way::Right) => go(&keys, Spot::Down, Touch::Key, PadKey(-1)),
        Act::Repeat => {
            state.asked(Asked::Repeat);
            if state.speaker.borrow_mut().as_mut().is_some_and(Speaker::repeat) {
                state.active();
            } else {
                let _ = state.want_voice(window);
            }
        }
        Act::Nothing => {}
    }
    put_ring(&keys, state.focus.at());
}

/// Where the bars above and below the screen end and begin.
pub(super) fn bars(window: &KioskWindow) -> Bars {
    let tokens = window.global::<Tokens>();
    let size = window.window().size().to_logical(window.window().scale_factor());
    let strip = if tokens.get_landscape() { 0.0 } else { tokens.get_strip() };
    Bars { header: strip + tokens.get_bar(), footer: size.height - tokens.get_bar() }
}

/// Lets the one that is meant do what it does for a finger.
fn go(keys: &Keys<'_>, spot: Spot, touch: Touch, digit: PadKey) {
    keys.set_spot(spot);
    keys.set_touch(touch);
    keys.set_number(digit.0);
    keys.set_go(keys.get_go().wrapping_add(1));
    slint::platform::update_timers_and_animations();
    keys.set_number(-1);
}

fn put_ring(keys: &Keys<'_>, place: Option<Place>) {
    if let Some(place) = place {
        keys.set_x(place.x);
        keys.set_y(place.y);
        keys.set_width(place.width);
        keys.set_height(place.height);
        keys.set_corner(place.corner);
    }
    keys.set_ring(place.is_some());
}

/// A digit under the ring may be one of a PIN.
pub(super) fn focus_name(place: Place) -> String {
    match place.spot {
        Spot::Up => "up".to_owned(),
        Spot::Down => "down".to_owned(),
        Spot::Target if place.touch == Touch::Key => "keys".to_owned(),
        Spot::Target => convert::name(place.touch, place.digit.0),
    }
}

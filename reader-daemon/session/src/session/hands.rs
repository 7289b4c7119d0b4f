//! What comes from the glass: views that are seen, touches, keys, and signs that somebody is there.

use screen::{Revision, Target};

use super::{Context, Next, Overlay, State, overlay, settle};
use crate::states::{Doing, Key, WaitsFor};

/// Inactivity counts from here. The state hears of its own screen only, not of an overlay's.
pub(super) fn shown(state: State, revision: Revision, at: &mut Context<'_>) -> (State, bool) {
    if revision != at.common.revision || at.common.shown == revision {
        return (state, false);
    }
    at.common.shown = revision;
    if state.asks(at) && at.common.countdown.is_none() {
        at.arm_inactivity();
    }
    if at.common.overlay.is_some() { (state, false) } else { state.shown(at).parts() }
}

/// Only the certificate's notice waits for the end of a voice.
pub(super) fn spoken(state: State, at: &mut Context<'_>) -> Next {
    if let State::ReadingNotice(notice) = state { notice.spoken(at) } else { Next::Stay(state) }
}

/// Somebody is there and chooses nothing: only the patient's own time begins anew. What a machine or staff are waited for has
/// its own, and the start screen waits for nobody.
pub(super) fn active(state: State, revision: Revision, at: &mut Context<'_>) -> State {
    match state.waits_for() {
        WaitsFor::Patient if at.is_current(revision) => {}
        WaitsFor::Patient | WaitsFor::Card | WaitsFor::Service | WaitsFor::Staff | WaitsFor::Nobody => return state,
    }
    at.touched(&state);
    if at.common.overlay.is_some() {
        return state;
    }
    if let State::ReadingNotice(notice) = state {
        notice.read_again(at).into()
    } else if let State::NeedingHelp(help) = state {
        help.read_again(at).into()
    } else {
        state
    }
}

/// Overlays are opened on every screen, cancel only where the state offers it; everything else is the state's own matter.
pub(super) fn touched(state: State, revision: Revision, target: Target, at: &mut Context<'_>) -> (State, bool) {
    if !at.is_current(revision) || (target == Target::Cancel && !state.offers_cancel(at)) {
        return (state, false);
    }
    if let Some(overlay) = Overlay::opened_by(target) {
        let (state, entered) = overlay::cover(state, at).parts();
        let state = settle(state, entered, at);
        at.open(overlay);
        at.touched(&state);
        return (state, false);
    }
    if target == Target::Voice {
        // On every screen and over each of them: whoever needs the voice cannot look for its switch.
        at.common.comfort.voice = !at.common.comfort.voice;
        at.common.doubted = false;
        at.touched(&state);
        return (state, false);
    }
    if at.common.overlay.is_some() && target != Target::Cancel {
        at.overlay_touched(target);
        at.touched(&state);
        return (state, false);
    }
    at.touched(&state);
    if target == Target::Cancel { state.cancelled(at).parts() } else { state.touched(target, at).parts() }
}

/// No pad is on the glass while an overlay is open.
pub(super) fn key(state: State, revision: Revision, key: Key, at: &mut Context<'_>) -> (State, bool) {
    if !at.is_current(revision) || at.common.overlay.is_some() {
        return (state, false);
    }
    at.touched(&state);
    state.key(key, at).parts()
}

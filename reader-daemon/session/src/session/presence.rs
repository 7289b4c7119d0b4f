//! What lies at the readers.

use super::{Context, State};
use crate::{event::Presence, states::Doing};

/// At the card's reader.
pub(super) fn changed(state: State, presence: Presence, at: &mut Context<'_>) -> (State, bool) {
    let before = std::mem::replace(&mut at.common.presence, presence);
    if before == presence {
        return (state, false);
    }
    let mine = |presence: Presence| matches!((presence, at.common.card), (Presence::Card(n), Some(card)) if n == card);
    // A phone may be taken away whenever its holder likes.
    let lost_mine = at.common.visit.is_some() && !at.common.by_phone && mine(before);
    at.note_phone_on_card_reader(state.name());
    let next = match presence {
        Presence::NoReader if lost_mine => state.device_lost(at),
        Presence::Empty | Presence::Mute | Presence::Card(_) if lost_mine => state.card_removed(at),
        Presence::NoReader | Presence::Empty | Presence::Mute | Presence::Card(_) => state.presence(at),
    };
    next.parts()
}

/// At the phones' own reader.
pub(super) fn phone_changed(state: State, presence: Presence, at: &mut Context<'_>) -> (State, bool) {
    let before = std::mem::replace(&mut at.common.phone_presence, presence);
    if before == presence {
        return (state, false);
    }
    at.note_phone();
    state.presence(at).parts()
}

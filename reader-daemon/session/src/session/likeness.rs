//! When two sessions behave alike, for the walk of the tests.

#![allow(clippy::wildcard_enum_match_arm)] // only what is told apart is named

use std::hash::{DefaultHasher, Hash, Hasher};

use screen::Revision;

use super::{Common, Session};
use crate::{
    event::{DeadlineId, Opening, Presence, VisualWay},
    states::{State, StateName},
};

impl Common {
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }
}

impl Session {
    /// The deadline of the state itself.
    pub(crate) fn own_deadline(&self) -> Option<DeadlineId> {
        self.common.step
    }

    /// Equal for two sessions that behave alike: counters left out, the visit's card called 1 and another one 2.
    pub(crate) fn likeness(&self) -> u64 {
        let common = &self.common;
        let place = match common.presence {
            Presence::Card(n) => Presence::Card(if common.card == Some(n) { 1 } else { 2 }),
            other @ (Presence::Empty | Presence::Mute | Presence::NoReader) => other,
        };
        let held = match common.phone_presence {
            Presence::Card(n) => Some(n),
            Presence::Empty | Presence::Mute | Presence::NoReader => None,
        };
        let state = match &self.state {
            State::ChoosingPhone(state) => state.likeness(held).into(),
            State::EnteringPhonePin(state) => state.likeness().into(),
            State::HoldingPhone(state) => state.likeness(held).into(),
            other => other.clone(),
        };
        let mut hasher = DefaultHasher::new();
        (&state, place, common.link, common.storage, common.visit.is_some(), common.card.is_some()).hash(&mut hasher);
        // Once the identity is proved neither the opened session nor the face way lead anywhere else.
        let proved = (StateName::WaitingForResult..=StateName::Submitting).contains(&self.state_name());
        if !proved && !common.by_phone {
            let opening = common.opening.as_ref().map(std::mem::discriminant);
            let service_cannot = matches!(common.opening, Some(Opening::Open { pin_less: false, .. }));
            let visual = common.visual_way == VisualWay::Ready;
            let face = (!service_cannot).then(|| (common.face.likeness(visual), common.face_way, visual));
            (opening, face, common.face.answer_to_come()).hash(&mut hasher);
        }
        // What happens at the phones' reader leads nowhere while a card's visit is open, and a proved phone may go.
        if common.visit.is_none() || (common.by_phone && !proved) {
            let place = match common.phone_presence {
                Presence::Card(n) => Presence::Card(if common.phone_seen == Some(n) { 1 } else { 2 }),
                other @ (Presence::Empty | Presence::Mute | Presence::NoReader) => other,
            };
            (place, common.opening.as_ref().map(std::mem::discriminant)).hash(&mut hasher);
        }
        (common.overlay, common.comfort, common.by_staff, common.by_phone).hash(&mut hasher);
        (common.submitted, common.countdown, common.shown == common.revision).hash(&mut hasher);
        (common.step.is_some(), common.inactivity.is_some()).hash(&mut hasher);
        let known = common.doubted && common.holder.is_some();
        (common.unreadable, common.doubted, known).hash(&mut hasher);
        hasher.finish()
    }
}

//! What every state may do: begin a visit, end it, look at the reader.

use screen::{Comfort, Language, PhoneWay, Revision};

use super::{Context, Next};
use crate::{
    effect::{Effect, Record, StaffNote},
    event::{Presence, VisitId},
    face_facts::FaceFacts,
    policy::FaultCode,
    states::{Idle, NeedingHelp, PlacingCard, State},
};

impl Context<'_> {
    /// A touch counts only on the view that is on the glass now (architecture: revisions, `Shown`).
    pub(super) fn is_current(&self, revision: Revision) -> bool {
        revision == self.common.revision && self.common.shown == revision
    }

    /// Calls staff. A second touch tells nobody anything new, until nobody has come for a while.
    pub(crate) fn call_staff(&mut self) {
        let again = std::mem::replace(&mut self.common.staff_called, true);
        if again && self.common.call.is_some() {
            return;
        }
        self.effects.push(Effect::TellStaff(StaffNote::Called(self.common.wish)));
        self.arm_call();
    }

    /// Another visit, perhaps another patient: the next call is a new one.
    pub(crate) fn forget_call(&mut self) {
        self.common.staff_called = false;
        self.common.wish = None;
        self.common.call = None;
    }

    /// The visit's own card lies in the reader. A phone that lies there is none.
    pub(crate) fn card_present(&self) -> bool {
        let phone = self.common.by_phone && self.policy.phone == PhoneWay::SameReader;
        !phone && matches!((self.common.presence, self.common.card), (Presence::Card(n), Some(card)) if n == card)
    }

    /// A card lies there that belongs to no visit yet.
    pub(crate) fn new_card(&self) -> Option<u32> {
        match self.common.presence {
            Presence::Card(n) if self.common.card != Some(n) => Some(n),
            Presence::Card(_) | Presence::Empty | Presence::Mute | Presence::NoReader => None,
        }
    }

    /// The visit for effects; the latest one once `finish` has run.
    pub(crate) fn visit(&self) -> VisitId {
        self.common.latest
    }

    /// A card was placed: a new visit, or the reason why none can start.
    pub(crate) fn begin(&mut self, card: u32) -> Next {
        self.common.card = Some(card);
        if !self.common.storage {
            return self.fail(FaultCode::StorageFailed);
        }
        self.open_visit();
        Next::Go(State::PlacingCard(PlacingCard::default()))
    }

    /// Nothing of the visit before it is known in it (law 4).
    pub(super) fn open_visit(&mut self) {
        self.common.latest = VisitId(self.common.latest.0 + 1);
        self.common.visit = Some(self.common.latest);
        self.common.opening = None;
        self.common.face = FaceFacts::default();
        (self.common.by_staff, self.common.by_phone) = (false, false);
        self.common.submitted = false;
    }

    /// The one way out of every visit (architecture, `finish`). Safe to call when none is open.
    pub(crate) fn finish(&mut self, record: Record) {
        if let Some(visit) = self.common.visit.take() {
            self.effects.push(Effect::WipePin);
            if !self.common.submitted {
                self.effects.push(Effect::CancelSession(visit));
            }
            self.effects.push(Effect::Finish(visit, record));
        }
        self.common.opening = None;
        self.common.face = FaceFacts::default();
        self.common.by_staff = false;
    }

    /// A card was read. Set anew at a fault, and not known to be the one before, it is the next patient's: what was chosen
    /// for the eyes and ears of somebody else is forgotten.
    pub(crate) fn read(&mut self, holder: [u8; 32]) {
        let known = self.common.holder.replace(holder) == Some(holder);
        if std::mem::take(&mut self.common.doubted) && !known {
            self.common.language = Language::default();
            self.common.comfort = Comfort::default();
        }
        self.common.unreadable = 0;
    }

    /// 「カードで受付」 instead of a phone: back to the start, and what this patient chose for eyes and ears stays, until nobody
    /// is there.
    pub(crate) fn card_after_all(&mut self) -> Next {
        self.common.stays = true;
        Next::Go(Idle.into())
    }

    /// Ends the visit with a fault.
    pub(crate) fn fail(&mut self, fault: FaultCode) -> Next {
        Next::Go(State::NeedingHelp(NeedingHelp { fault, kind: None, seen: false }))
    }

    /// Language, comfort and staff call belong to the patient who is gone.
    pub(crate) fn forget_patient(&mut self) {
        self.common.language = Language::default();
        self.common.comfort = Comfort::default();
        self.common.overlay = None;
        self.forget_call();
        self.common.by_phone = false;
        self.common.unreadable = 0;
        (self.common.holder, self.common.doubted) = (None, false);
        self.common.card = match self.common.presence {
            Presence::Card(_) => self.common.card,
            Presence::Empty | Presence::Mute | Presence::NoReader => None,
        };
    }
}

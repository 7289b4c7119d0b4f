//! S4b: the PIN cannot be used. Where to reset it is said only if it was blocked in this visit: no tries at card-in may
//! be a 顔認証マイナンバーカード (card.md 7.3). No PIN is sent again in this visit.

use screen::{Progress, Screen, Sound, Target};

use super::{CardFacts, CheckingVisually, Doing, Idle, Key, Reply, StateName, TakingCard, WaitsFor};
use crate::{
    effect::{Effect, Record, StaffNote},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PinBlocked {
    pub(crate) card: CardFacts,
}

impl Doing for PinBlocked {
    fn name(&self) -> StateName {
        StateName::PinBlocked
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        Screen::PinBlocked {
            in_this_visit: self.card.blocked_here,
            face: at.face_open(&self.card),
            visual: at.visual_open(&self.card),
        }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Again)
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        if self.card.blocked_here && !at.card_present() {
            // Nobody holds the card here any more: the screen would speak to the wrong person.
            at.finish(Record::Cancelled(self.name()));
            return Next::Go(Idle.into());
        }
        if self.card.blocked_here {
            at.effects.push(Effect::TellStaff(StaffNote::PinBlocked));
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Face && at.face_open(&self.card) {
            return Next::Go(at.face(self.card));
        }
        if target == Target::Visual && at.visual_open(&self.card) {
            return Next::Go(CheckingVisually::new(self.card).into());
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn card_removed(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(Idle.into())
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(Idle.into())
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn elapsed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn answered(self, reply: Reply, _: &mut Context<'_>) -> Next {
        match reply {
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}

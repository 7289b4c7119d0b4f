//! S3f: the camera step came to nothing. What to do better, and the ways on; nobody is accused, whatever was seen (law 8).

use screen::{Advice, Progress, Screen, Sound, Target};

use super::{
    CardFacts, CheckingVisually, Doing, EnteringPin, Idle, Key, Reply, StateName, TakingCard, WaitsFor,
    placing_card::opening_fault,
};
use crate::{
    effect::{Effect, Record, StaffNote},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FaceFailed {
    pub(crate) card: CardFacts,
    pub(crate) advice: Option<Advice>,
}

impl FaceFailed {
    fn pin_open(&self) -> bool {
        self.card.tries_left > 0
    }
}

impl Doing for FaceFailed {
    fn name(&self) -> StateName {
        StateName::FaceFailed
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
        let again = at.face_open(&self.card);
        Screen::FaceFailed {
            again,
            pin: self.pin_open(),
            visual: at.visual_open(&self.card),
            advice: self.advice.filter(|_| again),
            child: self.pin_open() && at.common.face.failed(),
        }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Again)
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        if at.common.face.failed() && !at.face_open(&self.card) {
            at.effects.push(Effect::TellStaff(StaffNote::FaceUsedUp));
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Again && at.face_open(&self.card) {
            return Next::Go(at.face(self.card));
        }
        if target == Target::Pin && self.pin_open() {
            return Next::Go(EnteringPin::new(self.card).into());
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
        at.fail(FaultCode::ReaderLost)
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// 「もう一度」 goes away with it; the other ways stay.
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

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => Next::Stay(self.into()),
            },
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}

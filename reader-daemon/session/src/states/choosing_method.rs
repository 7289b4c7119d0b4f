//! S2: 「ご本人の確認方法を選んでください」. Nothing is preselected; a closed method says why.

use screen::{MethodState, Progress, Screen, Sound, Target};

use super::{
    CheckingVisually, Doing, EnteringPin, Idle, Key, PinBlocked, Reply, StateName, TakingCard, WaitsFor,
    placing_card::{CardFacts, opening_fault},
};
use crate::{
    effect::Record,
    policy::{FaultCode, Reason},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChoosingMethod {
    pub(crate) card: CardFacts,
}

impl ChoosingMethod {
    /// With no tries left, face closed and no visual check there is nothing to choose.
    fn choose(self, at: &Context<'_>) -> Next {
        if self.card.tries_left == 0 && !at.face_open(&self.card) && !at.visual_open(&self.card) {
            return Next::Go(PinBlocked { card: self.card }.into());
        }
        Next::Stay(self.into())
    }
}

impl Doing for ChoosingMethod {
    fn name(&self) -> StateName {
        StateName::ChoosingMethod
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
        let closed = |reason| MethodState::Closed { reason: at.reason(reason) };
        Screen::ChoosingMethod {
            face: at.face_closed(&self.card).map_or(MethodState::Open, closed),
            pin: if self.card.tries_left == 0 { closed(Reason::NoTriesLeft) } else { MethodState::Open },
            visual: at.visual_choice(&self.card),
        }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        if let Some(fault) = at.common.opening.as_ref().and_then(opening_fault) {
            return at.fail(fault);
        }
        self.choose(at)
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Face && at.face_open(&self.card) {
            return Next::Go(at.face(self.card));
        }
        if target == Target::Pin && self.card.tries_left > 0 {
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

    /// Before the lookup taking the card is cancelling (patient-flow section 2).
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

    fn face_closed(self, at: &mut Context<'_>) -> Next {
        self.choose(at)
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
                None => self.choose(at),
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

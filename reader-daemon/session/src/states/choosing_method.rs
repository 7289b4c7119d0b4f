//! S2: 「ご本人の確認方法を選んでください」. Nothing is preselected; a closed method says why.

use screen::{MethodState, Progress, Screen, Sound, Target};

use super::{
    Doing, EnteringPin, Idle, PinBlocked, Reply, StateName, TakingCard, WaitsFor,
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
            face: closed(Reason::NotAvailable),
            pin: if self.card.tries_left == 0 { closed(Reason::NoTriesLeft) } else { MethodState::Open },
            visual: MethodState::Hidden,
        }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    /// With no tries left and no other method there is nothing to choose.
    fn enter(self, at: &mut Context<'_>) -> Next {
        if let Some(fault) = at.common.opening.as_ref().and_then(opening_fault) {
            return at.fail(fault);
        }
        if self.card.tries_left == 0 {
            return Next::Go(PinBlocked { in_this_visit: false }.into());
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, _: &mut Context<'_>) -> Next {
        if target == Target::Pin { Next::Go(EnteringPin::new(self.card).into()) } else { Next::Stay(self.into()) }
    }

    fn key(self, _: &mut Context<'_>) -> Next {
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
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}

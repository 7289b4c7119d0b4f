//! 「やめる」 after the lookup: 「同意しないで受付する」「受付をやめる」「もどる」.

use screen::{Progress, Screen, Sound, Target};

use super::{
    ChoosingExtras, Doing, GivingConsent, Key, ReadingBack, ReadingNotice, Reception, Reply, State, StateName,
    TakingCard, WaitsFor,
};
use crate::{
    effect::Record,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Leaving {
    pub(crate) from: From,
}

/// Where 「もどる」 leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum From {
    Notice(ReadingNotice),
    Consent(GivingConsent),
    Extras(ChoosingExtras),
    ReadBack(ReadingBack),
}

impl From {
    fn reception(self) -> Reception {
        match self {
            Self::Notice(state) => state.reception,
            Self::Consent(state) => state.reception,
            Self::Extras(state) => state.reception,
            Self::ReadBack(state) => state.reception,
        }
    }

    fn state(self) -> State {
        match self {
            Self::Notice(state) => State::ReadingNotice(state),
            Self::Consent(state) => State::GivingConsent(state),
            Self::Extras(state) => State::ChoosingExtras(state),
            Self::ReadBack(state) => State::ReadingBack(state),
        }
    }
}

impl Doing for Leaving {
    fn name(&self) -> StateName {
        StateName::Leaving
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Consent)
    }

    /// The question is already about leaving.
    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::LeavingAfterLookup
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::ReceiveWithoutConsent {
            let mut reception = self.from.reception();
            reception.decline_everything(at);
            return reception.submit();
        }
        if target == Target::StopReception {
            at.finish(Record::Cancelled(self.name()));
            return Next::Go(TakingCard::cancelled().into());
        }
        if target == Target::Back {
            return Next::Go(self.from.state());
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn card_removed(self, _: &mut Context<'_>) -> Next {
        self.from.reception().submit()
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        self.from.reception().submit()
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        self.from.reception().submit()
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

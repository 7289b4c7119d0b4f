//! ゆっくりモード and voice: every answer is read back before anything is sent. What was pressed stands whatever follows;
//! it can be changed until it is sent.

use screen::{Progress, Screen, Sound, Target};

use super::{Doing, Key, Leaving, Reception, Reply, StateName, WaitsFor, leaving::From as LeavingFrom};
use crate::session::{Context, Next};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReadingBack {
    pub(crate) reception: Reception,
}

impl ReadingBack {
    pub(crate) fn new(reception: Reception) -> Self {
        Self { reception }
    }
}

impl Doing for ReadingBack {
    fn name(&self) -> StateName {
        StateName::ReadingBack
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

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        Screen::ReadingBack { lines: self.reception.lines(at) }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    fn enter(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::SendAnswers {
            return self.reception.submit();
        }
        if target == Target::Change {
            return self.reception.ask_again(at);
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Go(Leaving { from: LeavingFrom::ReadBack(self) }.into())
    }

    /// The answers were pressed here, in this visit: they stand.
    fn card_removed(self, _: &mut Context<'_>) -> Next {
        self.reception.submit()
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        self.reception.submit()
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// As with a card taken out.
    fn timed_out(self, _: &mut Context<'_>) -> Next {
        self.reception.submit()
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

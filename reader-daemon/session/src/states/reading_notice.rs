//! S6: the certificate ends soon or has ended. Needs no tap: it goes on by itself after it was on the glass.

use screen::{Language, Progress, Screen, Sound, Target};

use super::{Doing, Key, Leaving, Reception, Reply, StateName, WaitsFor, leaving::From as LeavingFrom};
use crate::{
    event::CertificateNotice,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReadingNotice {
    pub(crate) reception: Reception,
}

impl Doing for ReadingNotice {
    fn name(&self) -> StateName {
        StateName::ReadingNotice
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        let (grace, end) = match &self.reception.notice {
            CertificateNotice::None => (false, None),
            CertificateNotice::EndsSoon { end } => (false, Some(end)),
            CertificateNotice::Grace { end } => (true, Some(end)),
        };
        let end = end.map_or_else(String::new, |[ja, en]| match at.common.language {
            Language::Ja => ja.clone(),
            Language::En => en.clone(),
        });
        Screen::CertificateNotice { grace, end }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    /// Should the screen never report it as shown, the visit still goes on.
    fn enter(self, at: &mut Context<'_>) -> Next {
        at.arm(at.policy.limits.notice + at.policy.limits.inactivity);
        Next::Stay(self.into())
    }

    fn shown(self, at: &mut Context<'_>) -> Next {
        at.arm(at.policy.limits.notice);
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, _: &mut Context<'_>) -> Next {
        if target == Target::Understood { self.reception.ask() } else { Next::Stay(self.into()) }
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Go(Leaving { from: LeavingFrom::Notice(self) }.into())
    }

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

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        self.reception.ask()
    }

    fn elapsed(self, _: &mut Context<'_>) -> Next {
        self.reception.ask()
    }

    fn answered(self, reply: Reply, _: &mut Context<'_>) -> Next {
        match reply {
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
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

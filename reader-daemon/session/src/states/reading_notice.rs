//! S6: the certificate ends soon or has ended. Needs no tap: it goes on by itself after it was on the glass.

use std::time::Duration;

use screen::{Language, Progress, Screen, Sound, Target};

use super::{Doing, Key, Leaving, Reception, Reply, StateName, WaitsFor, leaving::From as LeavingFrom};
use crate::{
    event::CertificateNotice,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReadingNotice {
    pub(crate) reception: Reception,
    /// How it was on the glass when its time began; in another language or spoken it is another text to take in.
    timed: Option<(Language, bool)>,
    /// Its voice has come to its end.
    spoken: bool,
}

impl ReadingNotice {
    pub(crate) fn new(reception: Reception) -> Self {
        Self { reception, timed: None, spoken: false }
    }

    /// It is being read again, or listened to: its time begins anew.
    pub(crate) fn read_again(mut self, at: &mut Context<'_>) -> Self {
        self.begin(at);
        self
    }

    fn begin(&mut self, at: &mut Context<'_>) {
        self.spoken = false;
        // The voice has its own time; what comes after it is no longer than for others.
        let notice = at.slowly(at.policy.limits.notice);
        // A voice that never reports its end counts as done after a while.
        let voice = if at.common.comfort.voice { at.policy.limits.speech } else { Duration::ZERO };
        at.arm(notice.saturating_add(voice));
    }

    /// The voice has come to its end: only now the time runs that the notice stays (patient-flow section 8).
    pub(crate) fn spoken(mut self, at: &mut Context<'_>) -> Next {
        if at.common.comfort.voice && !std::mem::replace(&mut self.spoken, true) {
            at.arm(at.slowly(at.policy.limits.notice));
        }
        Next::Stay(self.into())
    }
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
            CertificateNotice::EndsSoon(end) => (false, Some(end)),
            CertificateNotice::Grace(end) => (true, Some(end)),
        };
        let language = at.common.language;
        let (day, stay) = end.map_or(([0; 3], false), |end| (end.day, end.stay));
        let written = end.and_then(|end| Language::ALL.into_iter().zip(&end.written).find(|(of, _)| *of == language));
        let end = written.map_or_else(String::new, |(_, day)| day.clone());
        Screen::CertificateNotice { phone: at.common.by_phone, grace, stay, end, day }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    /// Should the screen never report it as shown, the visit still goes on.
    fn enter(mut self, at: &mut Context<'_>) -> Next {
        self.timed = None;
        let limits = &at.policy.limits;
        at.arm(at.patience(limits.notice.saturating_add(limits.inactivity)));
        Next::Stay(self.into())
    }

    fn shown(mut self, at: &mut Context<'_>) -> Next {
        let seen = (at.common.language, at.common.comfort.voice);
        if self.timed.replace(seen) != Some(seen) {
            self.begin(at);
        }
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Understood { self.reception.ask(at) } else { Next::Stay(self.into()) }
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

    fn timed_out(self, at: &mut Context<'_>) -> Next {
        self.reception.ask(at)
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        self.reception.ask(at)
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

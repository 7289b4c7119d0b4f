//! S1: the card is read while the service opens a session.

use screen::{Progress, Screen, Sound, Target};

use super::{ChoosingMethod, Doing, Key, NeedingHelp, Reply, StateName, TakingCard, WaitsFor};
use crate::{
    effect::{Effect, Record},
    event::{CardReading, Opening},
    limits::CARD_READ_REPEATS,
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PlacingCard {
    repeats: u8,
}

/// What was read from the card this visit is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CardFacts {
    pub(crate) identity: [u8; 32],
    pub(crate) tries_left: u8,
    /// The last try was spent in this visit.
    pub(crate) blocked_here: bool,
    /// Its key can be used without PIN by this program.
    pub(crate) pin_less: bool,
}

/// The fault of an opening that did not come about.
pub(crate) fn opening_fault(opening: &Opening) -> Option<FaultCode> {
    match opening {
        Opening::Open { .. } => None,
        Opening::Unreachable => Some(FaultCode::ServiceUnreachable),
        Opening::ClockSkew => Some(FaultCode::ClockSkew),
        Opening::Refused => Some(FaultCode::ServiceRefused),
    }
}

impl Doing for PlacingCard {
    fn name(&self) -> StateName {
        StateName::PlacingCard
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Card
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

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::PlacingCard
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        let visit = at.visit();
        at.effects.push(Effect::ReadCard(visit));
        at.effects.push(Effect::OpenSession(visit));
        at.arm(at.policy.limits.card_read);
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, _: Target, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    /// E9: the card was not still long enough.
    fn card_removed(self, at: &mut Context<'_>) -> Next {
        at.fail(FaultCode::CardRemoved)
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

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        at.fail(FaultCode::CardUnreadable)
    }

    fn answered(mut self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::CardRead(CardReading::MyNumber { identity, tries_left, pin_less }) => {
                at.read(identity);
                let card = CardFacts { identity, tries_left, blocked_here: false, pin_less };
                Next::Go(ChoosingMethod { card }.into())
            }
            Reply::CardRead(CardReading::Untrusted) => at.fail(FaultCode::CertificateUntrusted),
            Reply::CardRead(CardReading::Other(kind)) => {
                Next::Go(NeedingHelp { fault: FaultCode::OtherCard, kind: Some(kind), seen: false }.into())
            }
            Reply::CardRead(CardReading::Phone(phone)) => at.phone_at_card_reader(phone),
            Reply::CardRead(CardReading::Unreadable) if self.repeats < CARD_READ_REPEATS => {
                self.repeats += 1;
                at.effects.push(Effect::ReadCard(at.visit()));
                Next::Stay(self.into())
            }
            Reply::CardRead(CardReading::Unreadable) => at.fail(FaultCode::CardUnreadable),
            Reply::CardRead(CardReading::Wedged) => at.fail(FaultCode::ReaderLost),
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => Next::Stay(self.into()),
            },
            Reply::Pin(_)
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

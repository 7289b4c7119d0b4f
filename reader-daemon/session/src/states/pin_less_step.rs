//! The PIN-less step and the signature behind it (card.md 7.5). It is ordered once for one match, when the service's
//! nonce is there; no PIN try is touched.

use screen::{Progress, Screen, Sound, Target};

use super::{
    CardFacts, ChoosingMethod, Doing, Key, Reply, StateName, WaitingForResult, WaitsFor, placing_card::opening_fault,
};
use crate::{
    effect::{Effect, PinLessOrder, ProvedBy},
    event::{Opening, PinLessResult},
    policy::{FaultCode, Reason},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PinLessStep {
    card: CardFacts,
    /// What proved the holder.
    by: ProvedBy,
    sent: bool,
}

impl PinLessStep {
    pub(crate) fn new(card: CardFacts, by: ProvedBy) -> Self {
        Self { card, by, sent: false }
    }

    fn send(&mut self, at: &mut Context<'_>) {
        self.sent = true;
        at.effects.push(Effect::SignWithoutPin(PinLessOrder {
            visit: at.visit(),
            identity: self.card.identity,
            by: self.by.clone(),
        }));
        at.arm(at.policy.limits.pin_less);
    }

    /// With the service's session open: the step, or back to the other ways when the service does not do it.
    fn begin(mut self, at: &mut Context<'_>) -> Next {
        if !at.card_present() {
            return at.fail(at.card_failure());
        }
        if at.service_cannot() {
            return Next::Go(ChoosingMethod { card: self.card }.into());
        }
        self.send(at);
        Next::Stay(self.into())
    }

    /// Neither face nor the visual check lead anywhere with this card here.
    fn refused(self, reason: Reason, at: &mut Context<'_>) -> Next {
        at.common.face.refuse_pin_less(reason);
        at.leave_face(self.card, reason, FaultCode::PinLessRefused)
    }

    fn answer(self, result: PinLessResult, at: &mut Context<'_>) -> Next {
        match result {
            PinLessResult::Signed => {
                at.common.by_staff = matches!(self.by, ProvedBy::Staff { .. });
                Next::Go(WaitingForResult::default().into())
            }
            PinLessResult::Changed => at.fail(FaultCode::CardChanged),
            PinLessResult::NotSigned => at.fail(at.card_failure()),
            // No answer says nothing about what the service can do (law 10).
            PinLessResult::Unreachable => at.fail(FaultCode::ServiceUnreachable),
            PinLessResult::NotAvailable | PinLessResult::Refused if !at.card_present() => at.fail(at.card_failure()),
            PinLessResult::NotAvailable => self.refused(Reason::ServiceCannot, at),
            PinLessResult::Refused => self.refused(Reason::CardCannot, at),
        }
    }
}

impl Doing for PinLessStep {
    fn name(&self) -> StateName {
        StateName::PinLessStep
    }

    fn waits_for(&self) -> WaitsFor {
        if self.sent { WaitsFor::Card } else { WaitsFor::Service }
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    /// What is on its way cannot be called back.
    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::Waiting { long: false }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        match &at.common.opening {
            Some(Opening::Open { .. }) => self.begin(at),
            None => {
                at.arm(at.policy.limits.open);
                Next::Stay(self.into())
            }
            Some(failed @ (Opening::Unreachable | Opening::ClockSkew | Opening::Refused)) => {
                at.fail(opening_fault(failed).unwrap_or(FaultCode::ServiceUnreachable))
            }
        }
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

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Once the order is out only the driver knows what became of it: its answer decides.
    fn card_removed(self, at: &mut Context<'_>) -> Next {
        if self.sent { Next::Stay(self.into()) } else { at.fail(FaultCode::CardRemoved) }
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        if self.sent { Next::Stay(self.into()) } else { at.fail(FaultCode::ReaderLost) }
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// The face has been seen; camera and worker are not needed any more.
    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        at.fail(FaultCode::ServiceUnreachable)
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::PinLess(result) if self.sent => self.answer(result, at),
            Reply::Opened(opening) if !self.sent => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => self.begin(at),
            },
            Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}

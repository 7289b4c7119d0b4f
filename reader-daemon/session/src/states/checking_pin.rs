//! VERIFY and signature for one confirmed entry. It is sent once, when the service's nonce is there, so that the
//! signature follows without a gap; whatever happens to the answer, nothing is repeated (law 1).

use screen::{Progress, Screen, Sound, Target};

use super::{
    Doing, EnteringPin, Key, PinBlocked, Reply, StateName, WaitingForResult, WaitsFor,
    placing_card::{CardFacts, opening_fault},
};
use crate::{
    effect::{Effect, VerifyOrder},
    event::{Opening, PinResult},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CheckingPin {
    card: CardFacts,
    sent: bool,
}

impl CheckingPin {
    pub(crate) fn new(card: CardFacts) -> Self {
        Self { card, sent: false }
    }

    fn send(&mut self, at: &mut Context<'_>) {
        self.sent = true;
        at.effects.push(Effect::VerifyAndSign(VerifyOrder {
            visit: at.visit(),
            identity: self.card.identity,
            tries_left: self.card.tries_left,
        }));
        at.arm(at.policy.limits.verify);
    }
}

impl Doing for CheckingPin {
    fn name(&self) -> StateName {
        StateName::CheckingPin
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

    /// A VERIFY on its way cannot be called back.
    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::Waiting { long: false }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        match &at.common.opening {
            Some(Opening::Open { .. }) => self.send(at),
            None => at.arm(at.policy.limits.open),
            Some(failed @ (Opening::Unreachable | Opening::ClockSkew | Opening::Refused)) => {
                return at.fail(opening_fault(failed).unwrap_or(FaultCode::ServiceUnreachable));
            }
        }
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

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Once VERIFY is on its way only the driver knows what became of it: its answer decides.
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

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        at.fail(if self.sent { FaultCode::PinAnswerLost } else { FaultCode::ServiceUnreachable })
    }

    fn answered(mut self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Pin(result) if self.sent => match result {
                PinResult::Signed => Next::Go(WaitingForResult::default().into()),
                PinResult::Wrong { left } if at.card_present() => {
                    Next::Go(EnteringPin::again(CardFacts { tries_left: left, ..self.card }).into())
                }
                PinResult::Wrong { .. } => at.fail(FaultCode::CardRemoved),
                PinResult::Blocked => {
                    Next::Go(PinBlocked { card: CardFacts { tries_left: 0, blocked_here: true, ..self.card } }.into())
                }
                PinResult::Changed => at.fail(FaultCode::CardChanged),
                PinResult::NotSent => at.fail(at.card_failure()),
                PinResult::Lost => at.fail(FaultCode::PinAnswerLost),
            },
            Reply::Opened(opening) if !self.sent => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => {
                    self.send(at);
                    Next::Stay(self.into())
                }
            },
            Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::CardRead(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}

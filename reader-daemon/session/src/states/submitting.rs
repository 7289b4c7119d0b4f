//! S11: the signed result becomes durable, then it is delivered (law 7). 「受付が完了しました」 needs the receipt; whoever takes
//! the card before it is there leaves the place to the next patient, and delivery goes on.

use screen::{Progress, Screen, Sound, Target};

use super::{Doing, Farewell, Key, Reception, Reply, StateName, TakingCard, WaitsFor};
use crate::{
    effect::{Effect, Record, StaffNote, Submission},
    event::Storing,
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Submitting {
    /// The answers, until they are handed over: nothing here needs them afterwards.
    reception: Option<Reception>,
    /// The desk has to talk to the patient.
    desk: bool,
    durable: bool,
    /// The first deadline passed and the disk has not answered.
    slow: bool,
}

impl Submitting {
    pub(crate) fn new(reception: Reception) -> Self {
        let desk = reception.desk;
        Self { reception: Some(reception), desk, durable: false, slow: false }
    }

    /// Nobody waits for the receipt of somebody who has gone: another card begins its visit as soon as the result is
    /// durable, and the desk is told that the receipt is open. The holder of a phone has nothing to take away and reads on.
    fn next_patient(self, at: &mut Context<'_>) -> Next {
        let Some(card) = at.new_card().filter(|_| self.durable && !at.common.by_phone) else {
            return Next::Stay(self.into());
        };
        at.finish(Record::Undelivered);
        at.effects.push(Effect::TellStaff(StaffNote::Undelivered));
        if self.desk {
            at.effects.push(Effect::TellStaff(StaffNote::Desk));
        }
        at.forget_patient();
        at.begin(card)
    }

    fn received(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Received);
        if self.desk {
            at.effects.push(Effect::TellStaff(StaffNote::Desk));
        }
        let farewell = if self.desk { Farewell::Desk } else { Farewell::Done };
        Next::Go(TakingCard { farewell }.into())
    }
}

impl Doing for Submitting {
    fn name(&self) -> StateName {
        StateName::Submitting
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Service
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Consent)
    }

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
        at.common.submitted = true;
        let items = self.reception.take().map_or_else(Vec::new, |reception| reception.answers(at));
        at.effects.push(Effect::Submit(Submission { visit: at.visit(), items }));
        at.arm(at.policy.limits.receipt);
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

    fn card_removed(self, at: &mut Context<'_>) -> Next {
        self.next_patient(at)
    }

    fn presence(self, at: &mut Context<'_>) -> Next {
        self.next_patient(at)
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Delivery repeats by itself.
    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// No receipt in time: the desk variant, while delivery goes on. Not even durable: nothing may be claimed.
    fn elapsed(mut self, at: &mut Context<'_>) -> Next {
        if !self.durable {
            if self.slow {
                return at.fail(FaultCode::StorageFailed);
            }
            // A slow disk is not a broken one; the patient waits once more as long.
            self.slow = true;
            at.arm(at.policy.limits.receipt);
            return Next::Stay(self.into());
        }
        at.finish(Record::Undelivered);
        at.effects.push(Effect::TellStaff(StaffNote::Undelivered));
        let desk = self.desk;
        Next::Go(TakingCard { farewell: Farewell::Undelivered { desk } }.into())
    }

    fn answered(mut self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Stored(Storing::Durable) => {
                self.durable = true;
                self.next_patient(at)
            }
            Reply::Stored(Storing::Failed) => at.fail(FaultCode::StorageFailed),
            Reply::Receipt if self.durable => self.received(at),
            Reply::Refused => at.fail(FaultCode::ResultRefused),
            Reply::Receipt
            | Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::LookedUp(_) => Next::Stay(self.into()),
        }
    }
}

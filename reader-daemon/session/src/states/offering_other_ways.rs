//! 「カードがない方」: names the other ways and calls staff.

use screen::{PhoneWay, Progress, Screen, Sound, Target};

use super::{Doing, Idle, Key, Reply, StateName, WaitsFor};
use crate::session::{Context, Next};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OfferingOtherWays;

impl Doing for OfferingOtherWays {
    fn name(&self) -> StateName {
        StateName::OfferingOtherWays
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        None
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        Screen::WithoutCard { phone: at.phone_way() }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        at.call_staff();
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Phone && at.phone_way() != PhoneWay::No {
            return at.choose_phone();
        }
        if target == Target::Back { Next::Go(Idle.into()) } else { Next::Stay(self.into()) }
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Go(Idle.into())
    }

    fn card_removed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// A card after all, or a phone.
    fn presence(self, at: &mut Context<'_>) -> Next {
        match at.new_card() {
            Some(card) => at.begin(card),
            None if at.new_phone() => at.early_phone(),
            None => Next::Stay(self.into()),
        }
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Go(Idle.into())
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

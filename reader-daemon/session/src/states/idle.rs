//! S0: nobody is there. A card begins a visit; faults that keep visits from starting are on the start screen.

use screen::{Comfort, Language, PhoneWay, Progress, Screen, Sound, Target};

use super::{Doing, Key, OfferingOtherWays, Reply, StateName, WaitsFor};
use crate::{
    event::{Link, Presence},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Idle;

impl Idle {
    fn fault(at: &Context<'_>) -> Option<FaultCode> {
        if !at.common.storage {
            Some(FaultCode::StorageFailed)
        } else if at.common.presence == Presence::NoReader {
            Some(FaultCode::ReaderLost)
        } else if at.common.link == Link::Down {
            Some(FaultCode::ServiceUnreachable)
        } else {
            None
        }
    }
}

impl Doing for Idle {
    fn name(&self) -> StateName {
        StateName::Idle
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Nobody
    }

    /// Only to forget the language of someone who walked away.
    fn asks(&self, at: &Context<'_>) -> bool {
        let common = &at.common;
        common.language != Language::default()
            || common.comfort != Comfort::default()
            || common.overlay.is_some()
            || common.staff_called
    }

    fn progress(&self) -> Option<Progress> {
        None
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        false
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        let fault = Self::fault(at).map(|code| at.fault_text(code));
        Screen::Start { phone: at.phone_way(), weights: at.policy.weights, fault }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        // What still lies there without an answer is the same as before, and so is who laid it there.
        let unreadable = at.common.unreadable;
        let chosen = (at.common.language, at.common.comfort);
        let stays = std::mem::take(&mut at.common.stays);
        at.forget_patient();
        if stays {
            (at.common.language, at.common.comfort) = chosen;
        }
        if at.common.presence == Presence::Mute {
            at.common.unreadable = unreadable;
        }
        self.presence(at)
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Phone && at.phone_way() != PhoneWay::No {
            return at.choose_phone();
        }
        if target == Target::WithoutCard { Next::Go(OfferingOtherWays.into()) } else { Next::Stay(self.into()) }
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn card_removed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn presence(self, at: &mut Context<'_>) -> Next {
        if let Some(card) = at.new_card() {
            return at.begin(card);
        }
        if at.new_phone() {
            return at.early_phone();
        }
        if at.common.presence == Presence::Mute {
            at.arm(at.policy.limits.mute);
        }
        Next::Stay(self.into())
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

    fn timed_out(self, at: &mut Context<'_>) -> Next {
        at.forget_patient();
        Next::Stay(self.into())
    }

    /// Something lies there and no chip answers (patient-flow section 3).
    fn elapsed(self, at: &mut Context<'_>) -> Next {
        if at.common.presence == Presence::Mute {
            return at.fail(FaultCode::CardUnreadable);
        }
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

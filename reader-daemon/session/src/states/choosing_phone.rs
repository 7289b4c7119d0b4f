//! P2: iPhone or Android. A phone held here is understood without a touch (patient-flow section 11).

use screen::{PhoneKind, Progress, Screen, Sound, Target};

use super::{
    Doing, EnteringPhonePin, HoldingPhone, Key, Reply, StateName, TakingCard, WaitsFor, placing_card::opening_fault,
};
use crate::{
    effect::Record,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChoosingPhone {
    /// Lay there before, or its tap came to nothing: only a touch uses it (again).
    pub(crate) spent: Option<u32>,
}

impl ChoosingPhone {
    fn listen(self, at: &mut Context<'_>) -> Next {
        if let Some(fault) = at.phone_reader_lost() {
            return at.fail(fault);
        }
        if let Some(card) = at.card_instead(self.name()) {
            return card;
        }
        match at.phone_there() {
            Some((_, number)) if self.spent != Some(number) => Next::Go(HoldingPhone::early(None).into()),
            Some(_) | None => Next::Stay(self.into()),
        }
    }
}

#[cfg(test)]
impl ChoosingPhone {
    /// Equal for what leads to the same.
    pub(crate) fn likeness(&self, lies: Option<u32>) -> Self {
        Self { spent: self.spent.filter(|spent| lies == Some(*spent)).map(|_| 0) }
    }
}

impl Doing for ChoosingPhone {
    fn name(&self) -> StateName {
        StateName::ChoosingPhone
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::ChoosingPhone
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(self, at: &mut Context<'_>) -> Next {
        self.listen(at)
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Iphone {
            return Next::Go(HoldingPhone::new(PhoneKind::Iphone, None).into());
        }
        if target == Target::Android {
            return Next::Go(EnteringPhonePin::new().into());
        }
        if target == Target::Card {
            at.finish(Record::Cancelled(self.name()));
            return at.card_after_all();
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    /// No card belongs to this visit.
    fn card_removed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn presence(self, at: &mut Context<'_>) -> Next {
        self.listen(at)
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
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn elapsed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => Next::Stay(self.into()),
            },
            Reply::CardRead(_)
            | Reply::Pin(_)
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

//! P3, Android: the PIN of the phone's own certificate is typed here, then the phone is held. What is confirmed waits for
//! one tap and no longer than the listening (law 1).

use screen::{PhoneKind, PhoneNotice, PinNotice, Progress, Screen, Sound, Target};

use super::{Doing, HoldingPhone, Key, Reply, StateName, TakingCard, WaitsFor, placing_card::opening_fault};
use crate::{
    effect::{Effect, Record},
    limits::{PIN_DIGITS, SHOW_TRIES_BELOW},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EnteringPhonePin {
    /// As the phone named them; `None`: it was not held yet, or its last answer was lost. They are read again before the
    /// PIN is sent.
    tries_left: Option<u8>,
    wrong: bool,
    /// The phone was held before: it has to be held once more.
    held: bool,
    digits: u8,
}

impl EnteringPhonePin {
    /// 「Android」 was touched.
    pub(crate) fn new() -> Self {
        Self { tries_left: None, wrong: false, held: false, digits: 0 }
    }

    /// After a tap.
    pub(crate) fn held(tries_left: Option<u8>, wrong: bool) -> Self {
        Self { tries_left, wrong, held: true, digits: 0 }
    }
}

#[cfg(test)]
impl EnteringPhonePin {
    /// Equal for what leads to the same: what is only shown is left out.
    pub(crate) fn likeness(&self) -> Self {
        Self { digits: self.digits, ..Self::new() }
    }
}

impl Doing for EnteringPhonePin {
    fn name(&self) -> StateName {
        StateName::EnteringPhonePin
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
        let few = self.tries_left.filter(|left| *left < SHOW_TRIES_BELOW);
        let notice = few.map(|left| PinNotice { wrong: self.wrong, left });
        Screen::EnteringPin { phone: true, digits: self.digits, notice, face: false }
    }

    fn sound(&self) -> Option<Sound> {
        self.wrong.then_some(Sound::Again)
    }

    /// A card that came during the tap was not heard before.
    fn enter(self, at: &mut Context<'_>) -> Next {
        at.effects.push(Effect::WipePin);
        at.card_instead(self.name()).unwrap_or(Next::Stay(self.into()))
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Erase && self.digits > 0 {
            at.effects.push(Effect::DropDigit);
            self.digits -= 1;
        }
        if target == Target::Card {
            at.effects.push(Effect::WipePin);
            at.finish(Record::Cancelled(self.name()));
            return at.card_after_all();
        }
        if target == Target::Confirm && self.digits == PIN_DIGITS {
            let notice = self.held.then_some(PhoneNotice::Once);
            return Next::Go(HoldingPhone::new(PhoneKind::Android, notice).into());
        }
        Next::Stay(self.into())
    }

    fn key(mut self, key: Key, at: &mut Context<'_>) -> Next {
        if key == Key::Pin && self.digits < PIN_DIGITS {
            at.effects.push(Effect::KeepDigit);
            self.digits += 1;
        }
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    /// No card belongs to this visit, and the phone need not lie there while keys are touched.
    fn card_removed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn presence(self, at: &mut Context<'_>) -> Next {
        at.card_instead(self.name()).unwrap_or(Next::Stay(self.into()))
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

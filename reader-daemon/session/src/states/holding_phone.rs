//! P4: the phone is held to its reader, for 30 s, and again without starting over. One placement is one tap; a confirmed
//! PIN is sent in one tap at most, and a tap whose answer was lost is never repeated by itself (law 1).

use std::time::Duration;

use screen::{PhoneKind, PhoneNotice, Progress, Screen, Sound, Target};

use super::{
    ChoosingPhone, Doing, EnteringPhonePin, Key, Reply, StateName, TakingCard, WaitingForResult, WaitsFor,
    placing_card::opening_fault,
};
use crate::{
    effect::{Effect, PhoneOrder, PhonePlace, Record},
    event::{Opening, PhoneResult},
    policy::FaultCode,
    session::{Context, Next},
};

/// The listening is shown second by second.
const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct HoldingPhone {
    /// `None`: held before anything was touched. An Android phone here has its PIN typed and confirmed.
    phone: Option<PhoneKind>,
    /// Told by its label before this visit knew it as a phone's.
    label: Option<PhoneKind>,
    notice: Option<PhoneNotice>,
    /// Seconds of listening left; `None`: it has not begun.
    seconds: Option<u8>,
    /// The placement whose tap came to nothing; it is not used again.
    spent: Option<u32>,
    /// A phone lies there and the service's session is not open yet.
    waits: bool,
    /// Its tap is under way.
    sent: bool,
}

impl HoldingPhone {
    /// Whatever lies there now counts: it was chosen, or its PIN confirmed.
    pub(crate) fn new(phone: PhoneKind, notice: Option<PhoneNotice>) -> Self {
        let phone = Some(phone);
        Self { phone, label: None, notice, seconds: None, spent: None, waits: false, sent: false }
    }

    /// Held before anything was touched.
    pub(crate) fn early(label: Option<PhoneKind>) -> Self {
        Self { phone: None, label, notice: None, seconds: None, spent: None, waits: false, sent: false }
    }

    fn pin_held(&self) -> bool {
        self.phone == Some(PhoneKind::Android)
    }

    /// Uses a placement that is not spent; without the service's session it waits.
    fn listen(mut self, at: &mut Context<'_>) -> Next {
        if self.sent {
            return Next::Stay(self.into());
        }
        if let Some(fault) = at.phone_reader_lost() {
            return at.fail(fault);
        }
        if let Some(card) = at.card_instead(self.name()) {
            return card;
        }
        let Some((place, number)) = at.phone_there().filter(|(_, number)| self.spent != Some(*number)) else {
            if std::mem::take(&mut self.waits) {
                self.notice = Some(PhoneNotice::Moved);
            }
            return if self.phone.is_none() { self.moved() } else { Next::Stay(self.into()) };
        };
        match &at.common.opening {
            Some(Opening::Open { .. }) => {
                self.spent = Some(number);
                (self.waits, self.sent) = (false, true);
                at.effects.push(Effect::UsePhone(PhoneOrder { visit: at.visit(), expected: self.phone, at: place }));
                at.arm(at.policy.limits.phone_tap);
                Next::Stay(self.into())
            }
            None => {
                self.waits = true;
                Next::Stay(self.into())
            }
            Some(failed @ (Opening::Unreachable | Opening::ClockSkew | Opening::Refused)) => {
                at.fail(opening_fault(failed).unwrap_or(FaultCode::ServiceUnreachable))
            }
        }
    }

    /// It came to nothing and nothing is spent: held again, it goes on from here.
    fn moved(self) -> Next {
        let spent = self.spent;
        let Some(phone) = self.phone else {
            // Never back to a question whose answer the label has given.
            return Next::Go(match self.label {
                None => ChoosingPhone { spent }.into(),
                Some(PhoneKind::Android) => EnteringPhonePin::new().into(),
                Some(PhoneKind::Iphone) => {
                    Self { spent, ..Self::new(PhoneKind::Iphone, Some(PhoneNotice::Moved)) }.into()
                }
            });
        };
        // The PIN waits no longer than it would have; a phone without PIN is listened for anew.
        let seconds = self.seconds.filter(|_| self.pin_held());
        Next::Go(Self { seconds, spent, ..Self::new(phone, Some(PhoneNotice::Moved)) }.into())
    }

    /// What lies there was never a phone. At a reader for both it may be a card: then its own visit begins.
    fn no_phone(self, at: &mut Context<'_>) -> Next {
        match at.phone_there() {
            Some((PhonePlace::CardReader, number)) if self.label.is_none() => {
                at.finish(Record::Cancelled(self.name()));
                at.begin(number)
            }
            Some(_) | None => at.fail(FaultCode::NotAPhone),
        }
    }

    fn tapped(self, result: PhoneResult, at: &mut Context<'_>) -> Next {
        match result {
            PhoneResult::Signed { .. } => Next::Go(WaitingForResult::default().into()),
            PhoneResult::PinWanted { tries_left } => at.phone_pin(tries_left, false),
            PhoneResult::Wrong { left } => at.phone_pin(left, true),
            PhoneResult::OtherKind(PhoneKind::Android) if !self.pin_held() => {
                Next::Go(EnteringPhonePin::held(None, false).into())
            }
            PhoneResult::OtherKind(PhoneKind::Iphone) if self.phone != Some(PhoneKind::Iphone) => {
                at.effects.push(Effect::WipePin);
                Next::Go(Self::new(PhoneKind::Iphone, Some(PhoneNotice::OtherKind)).into())
            }
            PhoneResult::NotVerified => {
                at.effects.push(Effect::WipePin);
                let again = Self::new(PhoneKind::Iphone, Some(PhoneNotice::CheckFirst));
                Next::Go(Self { spent: self.spent, ..again }.into())
            }
            PhoneResult::LastTry => at.fail(FaultCode::PhoneLastTry),
            PhoneResult::Blocked => at.fail(FaultCode::PhonePinBlocked),
            PhoneResult::NotAPhone => self.no_phone(at),
            PhoneResult::Untrusted => at.fail(FaultCode::CertificateUntrusted),
            PhoneResult::Lost if self.pin_held() => Next::Go(EnteringPhonePin::held(None, false).into()),
            PhoneResult::Lost | PhoneResult::NotRead | PhoneResult::OtherKind(_) => self.moved(),
        }
    }
}

#[cfg(test)]
impl HoldingPhone {
    /// Equal for what leads to the same: what is only shown is left out.
    pub(crate) fn likeness(&self, lies: Option<u32>) -> Self {
        let spent = self.spent.filter(|spent| lies == Some(*spent)).map(|_| 0);
        Self { notice: None, spent, ..self.clone() }
    }
}

impl Doing for HoldingPhone {
    fn name(&self) -> StateName {
        StateName::HoldingPhone
    }

    fn waits_for(&self) -> WaitsFor {
        if self.sent {
            WaitsFor::Card
        } else if self.waits {
            WaitsFor::Service
        } else {
            WaitsFor::Patient
        }
    }

    /// Its own seconds rule; nobody touches anything here.
    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    /// A tap under way cannot be called back.
    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        !self.sent
    }

    /// Of a phone that nobody has named yet the screen says only what is the same for both: do not move it.
    fn screen(&self, _: &Context<'_>) -> Screen {
        let reading = self.sent || self.waits || self.phone.is_none();
        Screen::HoldingPhone {
            phone: self.phone.or(self.label).unwrap_or(PhoneKind::Iphone),
            notice: self.notice.filter(|_| !reading),
            reading,
            seconds: self.seconds.filter(|_| !reading).unwrap_or(0),
        }
    }

    fn sound(&self) -> Option<Sound> {
        if self.sent {
            return Some(Sound::Ok);
        }
        match self.notice {
            Some(PhoneNotice::Moved | PhoneNotice::CheckFirst | PhoneNotice::OtherKind) => Some(Sound::Again),
            Some(PhoneNotice::Once) | None => None,
        }
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        // A typed PIN waits no longer for anybody (law 1).
        let listening = at.policy.limits.phone;
        let listening = if self.pin_held() { listening } else { at.patience(listening) };
        let all = u8::try_from(listening.as_secs()).unwrap_or(u8::MAX);
        self.seconds = self.seconds.or(Some(all));
        at.arm(SECOND);
        self.listen(at)
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// 「カードで受付」: back to the start, where a card begins a visit of its own.
    fn touched(self, target: Target, at: &mut Context<'_>) -> Next {
        if target == Target::Card && !self.sent {
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

    /// Once the tap is under way its answer decides.
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

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Another second of listening is over; the last one wipes a PIN, and the visit goes on with typing it again.
    fn elapsed(mut self, at: &mut Context<'_>) -> Next {
        if self.sent {
            return at.fail(if self.pin_held() { FaultCode::PinAnswerLost } else { FaultCode::PhoneUnreadable });
        }
        match self.seconds {
            Some(seconds @ 2..) => {
                self.seconds = Some(seconds - 1);
                at.arm(SECOND);
                Next::Stay(self.into())
            }
            Some(_) | None if self.waits => at.fail(FaultCode::ServiceUnreachable),
            Some(_) | None if self.pin_held() => Next::Go(EnteringPhonePin::new().into()),
            Some(_) | None => at.fail(FaultCode::PhoneUnreadable),
        }
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Phone(result) if self.sent => self.tapped(result, at),
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None => self.listen(at),
            },
            Reply::Phone(_)
            | Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
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

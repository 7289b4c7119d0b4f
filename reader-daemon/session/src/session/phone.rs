//! A phone as the medium of a visit: where it lies, which placement is new, and how its visit begins.

use screen::{PhoneKind, PhoneNotice, PhoneWay};

use super::{Context, Next};
use crate::{
    effect::{Effect, PhonePlace, Record},
    event::Presence,
    policy::FaultCode,
    states::{ChoosingPhone, EnteringPhonePin, HoldingPhone, NeedingHelp, State, StateName},
};

impl Context<'_> {
    /// Whether phones are taken now: not while the reader for them is away.
    pub(crate) fn phone_way(&self) -> PhoneWay {
        let away = match self.policy.phone {
            PhoneWay::No => true,
            PhoneWay::OwnReader => self.common.phone_presence == Presence::NoReader,
            PhoneWay::SameReader => self.common.presence == Presence::NoReader,
        };
        if away { PhoneWay::No } else { self.policy.phone }
    }

    /// F3, or F2 where card and phone share a reader.
    pub(crate) fn phone_reader_lost(&self) -> Option<FaultCode> {
        match self.policy.phone {
            PhoneWay::OwnReader if self.phone_way() == PhoneWay::No => Some(FaultCode::PhoneReaderLost),
            PhoneWay::No | PhoneWay::SameReader if self.phone_way() == PhoneWay::No => Some(FaultCode::ReaderLost),
            PhoneWay::No | PhoneWay::OwnReader | PhoneWay::SameReader => None,
        }
    }

    /// What lies where phones are held, and which placement it is.
    pub(crate) fn phone_there(&self) -> Option<(PhonePlace, u32)> {
        let (place, presence) = match self.policy.phone {
            PhoneWay::No => return None,
            PhoneWay::OwnReader => (PhonePlace::OwnReader, self.common.phone_presence),
            PhoneWay::SameReader => (PhonePlace::CardReader, self.common.presence),
        };
        match presence {
            Presence::Card(number) => Some((place, number)),
            Presence::Empty | Presence::Mute | Presence::NoReader => None,
        }
    }

    /// A phone lies on the phones' own reader that belongs to no visit yet: it was held too early, which is no mistake.
    pub(crate) fn new_phone(&self) -> bool {
        let unseen = |(place, number)| place == PhonePlace::OwnReader && self.common.phone_seen != Some(number);
        self.phone_there().is_some_and(unseen)
    }

    /// A phone laid there while a visit is open never begins another one by itself.
    pub(super) fn note_phone(&mut self) {
        self.common.phone_seen = match self.common.phone_presence {
            Presence::Card(number) if self.common.visit.is_some() => Some(number),
            Presence::Card(_) => self.common.phone_seen,
            Presence::Empty | Presence::Mute | Presence::NoReader => None,
        };
    }

    /// Where card and phone share a reader, what is laid there while a phone is awaited belongs to the phone's visit.
    pub(super) fn note_phone_on_card_reader(&mut self, state: StateName) {
        let awaited = matches!(state, StateName::ChoosingPhone | StateName::EnteringPhonePin | StateName::HoldingPhone);
        if let Some((PhonePlace::CardReader, number)) = self.phone_there().filter(|_| awaited) {
            self.common.card = Some(number);
        }
    }

    /// 「スマートフォンで受付」 was touched.
    pub(crate) fn choose_phone(&mut self) -> Next {
        let lies = self.phone_there().map(|(_, number)| number);
        self.begin_phone(ChoosingPhone { spent: lies }.into())
    }

    /// A phone was held before anything was touched.
    pub(crate) fn early_phone(&mut self) -> Next {
        self.begin_phone(HoldingPhone::early(None).into())
    }

    /// What was taken away too soon to be read as a card was a phone.
    pub(crate) fn early_phone_of(&mut self, phone: PhoneKind) -> Next {
        self.forget_call();
        self.begin_phone(match phone {
            PhoneKind::Iphone => HoldingPhone::new(phone, Some(PhoneNotice::Moved)).into(),
            PhoneKind::Android => EnteringPhonePin::new().into(),
        })
    }

    fn begin_phone(&mut self, first: State) -> Next {
        match self.phone_there() {
            Some((PhonePlace::OwnReader, number)) => self.common.phone_seen = Some(number),
            Some((PhonePlace::CardReader, number)) => self.common.card = Some(number),
            None => {}
        }
        if !self.common.storage {
            return self.fail(FaultCode::StorageFailed);
        }
        self.open_visit();
        self.common.by_phone = true;
        self.common.unreadable = 0;
        self.common.holder = None;
        self.effects.push(Effect::OpenSession(self.visit()));
        Next::Go(first)
    }

    /// What was read as a card turns out to be a phone: it goes on as one, at the reader for phones.
    pub(crate) fn phone_at_card_reader(&mut self, phone: PhoneKind) -> Next {
        if self.phone_way() == PhoneWay::No {
            let kind = Some(crate::event::OtherCard::Phone);
            return Next::Go(NeedingHelp { fault: FaultCode::OtherCard, kind, seen: false }.into());
        }
        self.common.by_phone = true;
        if self.policy.phone == PhoneWay::SameReader {
            return Next::Go(HoldingPhone::early(Some(phone)).into());
        }
        Next::Go(match phone {
            PhoneKind::Iphone => HoldingPhone::new(phone, None).into(),
            PhoneKind::Android => EnteringPhonePin::new().into(),
        })
    }

    /// A card in the card's reader ends the phone's visit, as long as nothing is signed, and begins its own.
    pub(crate) fn card_instead(&mut self, state: StateName) -> Option<Next> {
        let card = self.new_card().filter(|_| self.policy.phone != PhoneWay::SameReader)?;
        self.finish(Record::Cancelled(state));
        Some(self.begin(card))
    }

    /// The tries a phone named. With one left nothing is sent from a terminal (law 1).
    pub(crate) fn phone_pin(&mut self, tries_left: u8, wrong: bool) -> Next {
        match tries_left {
            0 => self.fail(FaultCode::PhonePinBlocked),
            1 => self.fail(FaultCode::PhoneLastTry),
            2.. => Next::Go(EnteringPhonePin::held(Some(tries_left), wrong).into()),
        }
    }
}

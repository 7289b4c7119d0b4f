//! Phones, and where this terminal takes them. A phone keeps its tries from visit to visit, apart from its holder's card.

use std::{collections::BTreeMap, time::Duration};

use screen::{Digit, PhoneKind};
use session::{Event, PhoneOrder, PhonePlace, PhoneResult, Presence, VisitId};

use super::{
    Due, PureWorld,
    cards::identity,
    clinic::{Proof, Way},
    presence,
};
use crate::scenario::{
    people::Person,
    step::{CertificateEnd, Held, PhoneSetup, Phones, ReaderControl},
    world::Trouble,
};

/// Tries of a fresh phone (card.md 8).
const FULL: u8 = 3;
/// Days a phone's certificate has left unless the file says otherwise.
const DAYS: i32 = 1500;

/// Where phones lie.
pub(super) struct PhoneTable {
    taken: Phones,
    lies: Option<(u32, PhoneSetup)>,
    /// The phones' own reader, where there is one.
    plugged: bool,
    tries: BTreeMap<(u16, PhoneKind), u8>,
    last: Option<(u16, PhoneKind)>,
    verify_sent: u32,
}

impl PhoneTable {
    pub(super) fn new(taken: Phones) -> Self {
        Self { taken, lies: None, plugged: true, tries: BTreeMap::new(), last: None, verify_sent: 0 }
    }

    pub(super) fn where_taken(&self) -> Phones {
        self.taken
    }

    pub(super) fn put(&mut self, phone: &PhoneSetup, insertion: u32) -> Result<(), Trouble> {
        if self.taken == Phones::Nowhere {
            return Err(Trouble::Impossible("this terminal takes no phones: say \"terminal: phones at …\"".into()));
        }
        if self.lies.is_some() {
            return Err(Trouble::Impossible("a phone lies there already".into()));
        }
        match phone.held {
            Held::Phone(kind) => {
                let key = (phone.person.serial, kind);
                let tries = self.tries.entry(key).or_insert(FULL);
                *tries = phone.tries.unwrap_or(*tries);
                self.last = Some(key);
            }
            Held::Card if self.taken == Phones::CardReader => {
                return Err(Trouble::Impossible("a card at the card's reader: say \"card in:\"".into()));
            }
            Held::Card => self.last = None,
        }
        self.lies = Some((insertion, phone.clone()));
        Ok(())
    }

    pub(super) fn take(&mut self) -> Result<(), Trouble> {
        self.lies.take().map(|_| ()).ok_or_else(|| Trouble::Impossible("no phone lies there".into()))
    }

    /// At the phones' own reader, where there is one.
    pub(super) fn own_presence(&self) -> Option<Presence> {
        let there = presence(self.plugged, self.lies.as_ref().map(|(insertion, _)| (*insertion, true)));
        (self.taken == Phones::OwnReader).then_some(there)
    }

    /// The cable of the phones' own reader. One that comes back meets what lies there anew, under this number.
    pub(super) fn plug(&mut self, control: ReaderControl, number: u32) -> Result<(), Trouble> {
        let plugged = control == ReaderControl::Plugged;
        if self.taken != Phones::OwnReader || plugged == self.plugged {
            return Err(Trouble::Impossible("phones have no reader of their own, or it is so already".into()));
        }
        self.plugged = plugged;
        if let Some((insertion, _)) = &mut self.lies {
            *insertion = number;
        }
        Ok(())
    }

    pub(super) fn at_card_reader(&self) -> Option<u32> {
        self.lies.as_ref().filter(|_| self.taken == Phones::CardReader).map(|(insertion, _)| *insertion)
    }

    /// What the token label at the card's reader says.
    pub(super) fn label(&self, insertion: u32) -> Option<PhoneKind> {
        let (now, phone) = self.lies.as_ref().filter(|_| self.taken == Phones::CardReader)?;
        match phone.held {
            Held::Phone(kind) => (*now == insertion).then_some(kind),
            Held::Card => None,
        }
    }

    fn lies_at(&self, place: PhonePlace) -> Option<&(u32, PhoneSetup)> {
        let here = match place {
            PhonePlace::OwnReader => Phones::OwnReader,
            PhonePlace::CardReader => Phones::CardReader,
        };
        self.lies.as_ref().filter(|_| self.taken == here && (self.plugged || here == Phones::CardReader))
    }

    /// The whole tap. VERIFY at most once, and only with a PIN.
    fn tapped(&mut self, expected: Option<PhoneKind>, digits: &[Digit]) -> (PhoneResult, Option<&'static Person>) {
        let Some((_, phone)) = &self.lies else { return (PhoneResult::NotRead, None) };
        let Held::Phone(kind) = phone.held else { return (PhoneResult::NotAPhone, None) };
        if expected.is_some_and(|expected| expected != kind) {
            return (PhoneResult::OtherKind(kind), None);
        }
        let signed = match phone.unknown_issuer {
            true => (PhoneResult::Untrusted, None),
            false => (PhoneResult::Signed { identity: identity(phone.person) }, Some(phone.person)),
        };
        let tries = self.tries.entry((phone.person.serial, kind)).or_insert(FULL);
        match kind {
            PhoneKind::Iphone if phone.verified => signed,
            PhoneKind::Iphone => (PhoneResult::NotVerified, None),
            PhoneKind::Android => match *tries {
                0 => (PhoneResult::Blocked, None),
                1 => (PhoneResult::LastTry, None),
                left if digits.is_empty() => (PhoneResult::PinWanted { tries_left: left }, None),
                left => {
                    self.verify_sent += 1;
                    let right = phone.pin.bytes().eq(digits.iter().map(Digit::ascii));
                    *tries = if right { FULL } else { left - 1 };
                    if right { signed } else { (PhoneResult::Wrong { left: left - 1 }, None) }
                }
            },
        }
    }

    fn tap_time(&self) -> Duration {
        let slow = self.lies.as_ref().is_some_and(|(_, phone)| phone.slow);
        Duration::from_millis(if slow { 2500 } else { 400 })
    }

    pub(super) fn verify_sent(&self) -> u32 {
        self.verify_sent
    }

    pub(super) fn tries_left(&self) -> Option<u8> {
        self.tries.get(&self.last?).copied()
    }
}

impl PureWorld {
    pub(super) fn use_phone(&mut self, order: PhoneOrder) {
        if self.open != Some(order.visit) {
            self.break_law("a phone for another visit (law 4)");
        }
        let digits = std::mem::take(&mut self.digits);
        if !digits.is_empty() && !std::mem::take(&mut self.confirmed) {
            self.break_law("a phone's PIN that nobody confirmed (law 1)");
        }
        if !digits.is_empty() && (digits.len() != 4 || order.expected != Some(PhoneKind::Android)) {
            self.break_law("VERIFY on a phone without four digits for an Android phone (law 1)");
        }
        let lies = self.phones.lies_at(order.at).map(|(insertion, _)| *insertion);
        let (result, proved) = match lies {
            Some(_) => self.phones.tapped(order.expected, &digits),
            // A card where phones are read.
            None if order.at == PhonePlace::CardReader && self.reader.insertion().is_some() => {
                (PhoneResult::NotAPhone, None)
            }
            None => (PhoneResult::NotRead, None),
        };
        if result == PhoneResult::NotRead {
            // Nothing was sent: the driver still holds the PIN.
            self.digits = digits;
            self.confirmed = !self.digits.is_empty();
        }
        let insertion = lies.or(self.reader.insertion()).unwrap_or_default();
        self.after(self.phones.tap_time(), Due::Phone { visit: order.visit, at: order.at, insertion, result, proved });
    }

    pub(super) fn phone_answered(
        &mut self,
        visit: VisitId,
        at: PhonePlace,
        insertion: u32,
        result: PhoneResult,
        proved: Option<&'static Person>,
    ) {
        let there = self.phones.lies_at(at).map(|(now, _)| *now) == Some(insertion)
            || result == PhoneResult::NotAPhone && self.reader.insertion() == Some(insertion);
        // With VERIFY on its way nothing is known of its answer.
        let sent = match result {
            PhoneResult::Wrong { .. } => true,
            PhoneResult::Signed { .. } => self.phones.last.is_some_and(|(_, kind)| kind == PhoneKind::Android),
            PhoneResult::PinWanted { .. }
            | PhoneResult::OtherKind(_)
            | PhoneResult::NotVerified
            | PhoneResult::LastTry
            | PhoneResult::Blocked
            | PhoneResult::NotAPhone
            | PhoneResult::Untrusted
            | PhoneResult::NotRead
            | PhoneResult::Lost => false,
        };
        let moved = if sent { PhoneResult::Lost } else { PhoneResult::NotRead };
        let result = if there { result } else { moved };
        if let (PhoneResult::Signed { .. }, Some(person)) = (result, proved) {
            let lies = self.phones.lies.as_ref().and_then(|(_, phone)| phone.certificate);
            let days = lies.map_or(DAYS, CertificateEnd::days);
            self.clinic.proved(visit, Proof { person, days, shown: None, way: Way::Phone });
        }
        self.tell(Event::Phone(visit, result));
    }
}

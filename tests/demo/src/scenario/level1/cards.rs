//! The card reader and the cards in it. A card keeps its tries from visit to visit, as a real one does.

use std::{collections::BTreeMap, time::Duration};

use screen::Digit;
use session::{CardReading, OtherCard as Seen, PinResult, Presence, VerifyOrder};

use super::presence;
use crate::scenario::{
    people::Person,
    step::{CardSetup, Lies, OtherCard, ReaderControl},
    world::Trouble,
};

/// Tries of a fresh card (card.md 3.1).
const FULL: u8 = 3;

/// The reader at the terminal.
pub(super) struct Reader {
    plugged: bool,
    card: Option<(u32, CardSetup)>,
    insertions: u32,
    /// By serial number.
    tries: BTreeMap<u16, u8>,
    /// The person whose card was put in last.
    last: Option<u16>,
    verify_sent: u32,
}

impl Default for Reader {
    fn default() -> Self {
        Self { plugged: true, card: None, insertions: 0, tries: BTreeMap::new(), last: None, verify_sent: 0 }
    }
}

/// The certificate of `person`, as the session knows it.
fn identity(person: &Person) -> [u8; 32] {
    let mut identity = [0; 32];
    let [high, low] = person.serial.to_be_bytes();
    identity[0] = high;
    identity[1] = low;
    identity
}

impl Reader {
    pub(super) fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        if self.card.is_some() {
            return Err(Trouble::Impossible("a card lies in the reader already".into()));
        }
        if let Lies::MyNumber(person) = card.lies {
            let tries = self.tries.entry(person.serial).or_insert(FULL);
            *tries = if card.face_only { 0 } else { card.tries.unwrap_or(*tries) };
            self.last = Some(person.serial);
        }
        self.insertions += 1;
        self.card = Some((self.insertions, card.clone()));
        Ok(())
    }

    pub(super) fn remove(&mut self) -> Result<(), Trouble> {
        self.card.take().map(|_| ()).ok_or_else(|| Trouble::Impossible("no card lies in the reader".into()))
    }

    pub(super) fn plug(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        let plugged = control == ReaderControl::Plugged;
        if plugged == self.plugged {
            return Err(Trouble::Impossible("the reader is so already".into()));
        }
        self.plugged = plugged;
        if let Some((insertion, _)) = &mut self.card {
            // A reader that comes back powers the card up anew.
            self.insertions += 1;
            *insertion = self.insertions;
        }
        Ok(())
    }

    pub(super) fn presence(&self) -> Presence {
        let answers = |card: &CardSetup| card.lies != Lies::Other(OtherCard::NoChip);
        presence(self.plugged, self.card.as_ref().map(|(insertion, card)| (*insertion, answers(card))))
    }

    /// The insertion that can be spoken to now.
    pub(super) fn insertion(&self) -> Option<u32> {
        self.card.as_ref().filter(|_| self.plugged).map(|(insertion, _)| *insertion)
    }

    /// How long reading takes (card.md E-41).
    pub(super) fn reading_time(&self) -> Duration {
        let slow = self.card.as_ref().is_some_and(|(_, card)| card.slow);
        Duration::from_millis(if slow { 3000 } else { 350 })
    }

    /// How long VERIFY and signature take (card.md E-41).
    pub(super) fn signing_time(&self) -> Duration {
        let slow = self.card.as_ref().is_some_and(|(_, card)| card.slow);
        Duration::from_millis(if slow { 2500 } else { 250 })
    }

    pub(super) fn read(&self, insertion: u32) -> CardReading {
        match &self.card {
            Some((now, card)) if *now == insertion && self.plugged => match card.lies {
                Lies::MyNumber(person) => CardReading::MyNumber {
                    identity: identity(person),
                    tries_left: self.tries.get(&person.serial).copied().unwrap_or(FULL),
                },
                Lies::Other(OtherCard::DriversLicence) => CardReading::Other(Seen::DriversLicence),
                Lies::Other(OtherCard::JukiCard) => CardReading::Other(Seen::JukiCard),
                Lies::Other(OtherCard::NoChip) => CardReading::Unreadable,
            },
            _ => CardReading::Unreadable,
        }
    }

    /// Identity and tries again, then VERIFY once. With the person and the days their certificate has left.
    pub(super) fn verify(
        &mut self,
        order: VerifyOrder,
        digits: &[Digit],
    ) -> (PinResult, Option<(&'static Person, i32)>) {
        let Some((_, card)) = self.card.as_ref().filter(|_| self.plugged) else { return (PinResult::NotSent, None) };
        let Lies::MyNumber(person) = card.lies else { return (PinResult::Changed, None) };
        let tries = self.tries.entry(person.serial).or_insert(FULL);
        if identity(person) != order.identity || *tries != order.tries_left {
            return (PinResult::Changed, None);
        }
        if *tries == 0 {
            return (PinResult::Blocked, None);
        }
        self.verify_sent += 1;
        if card.pin.bytes().eq(digits.iter().map(Digit::ascii)) {
            *tries = FULL;
            // Years left unless the file says otherwise.
            let days = card.certificate.map_or(1500, |certificate| certificate.days());
            return (PinResult::Signed, Some((person, days)));
        }
        *tries -= 1;
        (if *tries == 0 { PinResult::Blocked } else { PinResult::Wrong { left: *tries } }, None)
    }

    pub(super) fn verify_sent(&self) -> u32 {
        self.verify_sent
    }

    pub(super) fn tries_left(&self) -> Option<u8> {
        self.tries.get(&self.last?).copied()
    }
}

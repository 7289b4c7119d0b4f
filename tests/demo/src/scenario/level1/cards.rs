//! The card reader and the cards in it. A card keeps its tries from visit to visit, as a real one does.

use std::{collections::BTreeMap, time::Duration};

use screen::Digit;
use session::{CardReading, CodeSource, OtherCard as Seen, PhotoOrder, PhotoResult, PinResult, Presence, VerifyOrder};

use super::presence;
use crate::scenario::{
    people::{PEOPLE, Person},
    step::{CardProfile, CardSetup, Lies, OtherCard, ReaderControl, SurfaceControl},
    world::Trouble,
};

/// Tries of a fresh card (card.md 3.1).
const FULL: u8 = 3;

/// Tries of 照合番号B, and how many of them a terminal leaves unspent (patient-flow 5.2).
const CODE_TRIES: u8 = 10;
const CODE_STOP: u8 = 3;
/// Every card here is valid to this year.
const EXPIRY_YEAR: i16 = 2033;
/// Of the runs.
const THIS_YEAR: u16 = 2026;

/// The reader at the terminal.
pub(super) struct Reader {
    plugged: bool,
    card: Option<(u32, CardSetup)>,
    insertions: u32,
    /// By serial number.
    tries: BTreeMap<u16, u8>,
    /// Of 照合番号B, by serial number.
    code_tries: BTreeMap<u16, u8>,
    /// The person whose card was put in last.
    last: Option<u16>,
    verify_sent: u32,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            plugged: true,
            card: None,
            insertions: 0,
            tries: BTreeMap::new(),
            code_tries: BTreeMap::new(),
            last: None,
            verify_sent: 0,
        }
    }
}

/// The certificate of `person`, as the session knows it.
pub(super) fn identity(person: &Person) -> [u8; 32] {
    let mut identity = [0; 32];
    let [high, low] = person.serial.to_be_bytes();
    identity[0] = high;
    identity[1] = low;
    identity
}

/// Years left unless the file says otherwise.
fn days_left(card: &CardSetup) -> i32 {
    card.certificate.map_or(1500, |certificate| certificate.days())
}

/// Whose photo and birth date the card holds.
fn shown(card: &CardSetup) -> Option<&'static Person> {
    let Lies::MyNumber(person) = card.lies else { return None };
    match card.profile {
        Some(CardProfile::TwoCardsInOne) => PEOPLE.iter().find(|other| other.serial != person.serial),
        Some(_) | None => Some(person),
    }
}

/// As the emulated card has it, but for the year it is valid to.
fn printed(person: &Person) -> Option<String> {
    let people = apdu_fixtures::people::everybody();
    let person = people.into_iter().find(|one| one.serial == u32::from(person.serial))?;
    Some(apdu_fixtures::people::surface_code(&person, jiff::civil::date(EXPIRY_YEAR, 1, 1)))
}

const fn era_of(era: screen::Era) -> card::Era {
    match era {
        screen::Era::Taisho => card::Era::Taisho,
        screen::Era::Showa => card::Era::Showa,
        screen::Era::Heisei => card::Era::Heisei,
        screen::Era::Reiwa => card::Era::Reiwa,
        screen::Era::Western => card::Era::Western,
    }
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

    pub(super) fn is_plugged(&self) -> bool {
        self.plugged
    }

    /// A number for whatever is put down next, card or phone.
    pub(super) fn next_insertion(&mut self) -> u32 {
        self.insertions += 1;
        self.insertions
    }

    /// Whose tries `expect:` asks for: this person's card, or none.
    pub(super) fn counts_tries_of(&mut self, person: Option<&Person>) {
        self.last = person.map(|person| person.serial);
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
                Lies::MyNumber(_) if card.profile == Some(CardProfile::UnknownIssuer) => CardReading::Untrusted,
                Lies::MyNumber(_) if card.profile == Some(CardProfile::Unreadable) => CardReading::Unreadable,
                Lies::MyNumber(person) => CardReading::MyNumber {
                    identity: identity(person),
                    tries_left: self.tries.get(&person.serial).copied().unwrap_or(FULL),
                    pin_less: true,
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
            let days = days_left(card);
            return (PinResult::Signed, Some((person, days)));
        }
        *tries -= 1;
        (if *tries == 0 { PinResult::Blocked } else { PinResult::Wrong { left: *tries } }, None)
    }

    /// The person whose certificate lies there, with the days it has left; `None`: it is not the one of the order.
    pub(super) fn holder_of(&self, expected: [u8; 32]) -> Option<(&'static Person, i32)> {
        let (_, card) = self.card.as_ref().filter(|_| self.plugged)?;
        let Lies::MyNumber(person) = card.lies else { return None };
        (identity(person) == expected).then(|| (person, days_left(card)))
    }

    /// The code as printed on the card that lies there.
    pub(super) fn surface_code(&self) -> Option<String> {
        let (_, card) = self.card.as_ref()?;
        printed(shown(card)?)
    }

    /// Reads the photo with the code of the order. With whose face is on it, when it is authentic.
    pub(super) fn photo(
        &mut self,
        order: &PhotoOrder,
        surface: SurfaceControl,
    ) -> (PhotoResult, Option<&'static Person>) {
        let Some((_, card)) = self.card.as_ref().filter(|_| self.plugged) else { return (PhotoResult::NotRead, None) };
        let (Lies::MyNumber(person), Some(shown)) = (card.lies, shown(card)) else {
            return (PhotoResult::Changed, None);
        };
        if identity(person) != order.identity {
            return (PhotoResult::Changed, None);
        }
        let Some(right) = printed(shown) else { return (PhotoResult::NotRead, None) };
        let code = match (&order.code, surface) {
            (CodeSource::Scanner, SurfaceControl::ReadsRight) => right.clone(),
            (CodeSource::Scanner, SurfaceControl::ReadsWrongOnce) => "00000000000000".to_owned(),
            (CodeSource::Scanner, SurfaceControl::ReadsNothing) => return (PhotoResult::NoSurfaceCode, None),
            (CodeSource::Keyed { era, birth_date, expiry_year, security_code }, _) => {
                let (birth, expiry, code) = (&birth_date.0, &expiry_year.0, &security_code.0);
                if card::SurfaceCode::from_printed(era_of(*era), birth, expiry, code, THIS_YEAR).is_err() {
                    return (PhotoResult::Implausible, None);
                }
                format!("{}{expiry}{code}", birth.get(birth.len().saturating_sub(6)..).unwrap_or_default())
            }
        };
        let fresh = if card.profile == Some(CardProfile::BBlocked) { 0 } else { CODE_TRIES };
        let left = self.code_tries.entry(person.serial).or_insert(fresh);
        *left = (*left).min(fresh);
        if *left <= CODE_STOP {
            return (PhotoResult::CodeStopped, None);
        }
        if code != right {
            *left -= 1;
            let stopped = *left <= CODE_STOP;
            return (if stopped { PhotoResult::CodeStopped } else { PhotoResult::CodeWrong }, None);
        }
        *left = CODE_TRIES;
        match card.profile {
            Some(CardProfile::NoPhoto) => (PhotoResult::NoPhoto, None),
            Some(CardProfile::TamperedPhoto) => (PhotoResult::Tampered, None),
            Some(CardProfile::Cloned) => (PhotoResult::Cloned, None),
            Some(CardProfile::UnknownSigner) => (PhotoResult::UnknownSigner, None),
            Some(CardProfile::PhotoOfNobody) => (PhotoResult::Unusable, None),
            Some(
                CardProfile::TwoCardsInOne
                | CardProfile::BBlocked
                | CardProfile::UnknownIssuer
                | CardProfile::Unreadable,
            )
            | None => (PhotoResult::Ready, Some(shown)),
        }
    }

    pub(super) fn verify_sent(&self) -> u32 {
        self.verify_sent
    }

    pub(super) fn tries_left(&self) -> Option<u8> {
        self.tries.get(&self.last?).copied()
    }
}

//! The emulated card: a chip filled for one person, what it counts, how long it takes and what goes wrong with it.

mod answer;
mod counters;

use std::time::Duration;

use card::SURFACE_CODE_DIGITS;
use jiff::civil::Date;
use serde::Serialize;

use crate::applications::{self, Filling};
use crate::chip::{Chip, Content, Habits, Kind};
use crate::faults::{Faults, Moment};
use crate::limits;
use crate::options::{CardOptions, Delays};
use crate::people::Person;
use crate::photo::{self, PhotoError};
use crate::profile::Profile;

pub use counters::{CounterError, Counters};

/// What a card has been asked so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Commands, of whatever kind.
    pub commands: u32,
    /// VERIFY commands that carried a value, right or wrong.
    pub verify: u32,
    /// Those of them that went to Kenkaku: a surface code or birth date, not a PIN.
    pub codes: u32,
    /// Signatures made, those of active authentication (card.md 5.5) included.
    pub signatures: u32,
    /// Times the card was powered up cold.
    pub power_ups: u32,
    /// Tries of the authentication PIN left; `None` without JPKI.
    pub tries_left: Option<u8>,
    /// Tries of 照合番号B in Kenkaku left; `None` without Kenkaku.
    pub code_tries_left: Option<u8>,
}

/// How one exchange ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The card answered.
    Answer(Vec<u8>),
    /// The card was lifted; whether it carried the command out, the reader cannot know.
    Lifted,
    /// The reader could not deliver the command.
    NotTransacted,
}

/// What came of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Answer or loss.
    pub outcome: Outcome,
    /// How long it takes before the outcome may be seen.
    pub delay: Duration,
    /// The card is lifted right after this answer.
    pub lifted_afterwards: bool,
}

/// A card of plastic without the plastic.
#[derive(Debug)]
pub struct EmulatedCard {
    profile: Profile,
    person: Person,
    /// Who is printed on it.
    shown: Person,
    options: CardOptions,
    card_expires: Date,
    certificate: crate::pki::Validity,
    chip: Chip,
    counts: Counts,
    /// Commands since the faults were set.
    since_faults: u32,
    /// No command came since power-up.
    fresh: bool,
    /// Answer bytes that wait for GET RESPONSE.
    waiting: Vec<u8>,
}

impl EmulatedCard {
    /// A card of this kind for this person.
    ///
    /// Retry counters kept in [`CardOptions::counters_file`] are taken over; a file that cannot be read counts as new.
    ///
    /// # Panics
    /// When [`CardOptions::photo`] is not one for a card: a photo from outside goes to [`EmulatedCard::with_photo`].
    pub fn new(profile: Profile, person: &Person, options: CardOptions) -> Self {
        EmulatedCard::with_photo(profile, person, options).unwrap_or_else(|why| panic!("{why}"))
    }

    /// [`EmulatedCard::new`] with a [`CardOptions::photo`] that nobody has looked at yet.
    ///
    /// # Errors
    /// [`PhotoError`]: it is not a photo for a card.
    pub fn with_photo(profile: Profile, person: &Person, options: CardOptions) -> Result<Self, PhotoError> {
        options.photo.as_deref().map_or(Ok(()), photo::check)?;
        let shown = profile.other_person(person).unwrap_or_else(|| person.clone());
        let (certificate, _) = options.dates(profile, person);
        let (_, card_expires) = options.dates(profile, &shown);
        let filling = Filling { profile, person, shown: &shown, options: &options, certificate, card_expires };
        let mut all = vec![applications::issuer(&filling)];
        if profile.has_jpki() {
            all.push(applications::jpki(&filling));
        }
        if profile.is_my_number_card() {
            all.push(applications::kenkaku(&filling)?);
            all.push(applications::kenhojo(&filling));
            all.push(applications::juki(&filling));
            all.push(applications::common(&filling));
        }
        all.extend(applications::foreign(&filling));
        let habits = Habits {
            refuses_extended: options.faults.extended_refused,
            knows_last_command: profile == Profile::Iphone,
            verified_on_device: (profile == Profile::Iphone && options.verified_on_phone).then_some(applications::PIN),
            pin_less: options.pin_less && profile.is_my_number_card(),
        };
        let chip = Chip::new(all, habits, options.seed);
        let mut card = EmulatedCard {
            profile,
            person: person.clone(),
            shown,
            options,
            card_expires,
            certificate,
            chip,
            counts: Counts::default(),
            since_faults: 0,
            fresh: true,
            waiting: Vec::new(),
        };
        card.load_counters();
        Ok(card)
    }

    /// Answer to reset.
    pub fn atr(&self) -> &'static [u8] {
        self.options.atr.bytes()
    }

    /// Cold power-up: nothing verified, nothing selected (E-04).
    pub fn power_on(&mut self) {
        self.power_off();
        self.fresh = true;
        self.counts.power_ups += 1;
    }

    /// Power-off clears all but the counters (E-04).
    pub fn power_off(&mut self) {
        self.chip.power_off();
        self.waiting.clear();
    }

    /// A warm reset keeps what was verified (E-04).
    pub fn warm_reset(&mut self) {
        self.chip.warm_reset();
        self.waiting.clear();
        self.fresh = true;
    }

    /// One command. The caller waits for `delay` before it shows the outcome.
    pub fn exchange(&mut self, command: &[u8]) -> Exchange {
        self.since_faults += 1;
        let n = self.since_faults;
        let faults = self.options.faults.clone();
        if faults.removed_after.is_some_and(|after| n > after) {
            self.options.faults.removed_after = None;
            return Exchange { outcome: Outcome::Lifted, delay: Duration::ZERO, lifted_afterwards: true };
        }
        if faults.not_transacted == Some(n) {
            return Exchange { outcome: Outcome::NotTransacted, delay: Duration::ZERO, lifted_afterwards: false };
        }
        self.count(command);
        let answer = self.answer(command, &faults, n);
        let is_verify = is_verify(command);
        if is_verify {
            self.save_counters();
        }
        let delay = self.delay(command, &answer, &faults, n);
        let lost = match faults.answer_lost {
            Some(Moment::Command(at)) => at == n,
            Some(Moment::Verify) => is_verify,
            None => false,
        };
        let outcome = if lost { Outcome::Lifted } else { Outcome::Answer(answer) };
        let lifted_afterwards = lost || faults.removed_after == Some(n);
        if lifted_afterwards {
            // It happens once; put on again, the card works.
            self.options.faults.removed_after = None;
            self.options.faults.answer_lost = None;
        }
        Exchange { outcome, delay, lifted_afterwards }
    }

    /// Replaces the faults; their commands are counted from here. `deep_tlv` has no effect on a card already made.
    pub fn set_faults(&mut self, faults: Faults) {
        self.chip.set_refuses_extended(faults.extended_refused);
        self.options.faults = faults;
        self.since_faults = 0;
    }

    /// What the card has been asked so far.
    pub fn counts(&self) -> Counts {
        let tries_left = self.tries(Kind::Jpki, applications::PIN);
        let code_tries_left = self.tries(Kind::Kenkaku, applications::SURFACE_CODE);
        Counts { tries_left, code_tries_left, ..self.counts }
    }

    /// Whether any PIN or code counts as verified now, or the key may be used without PIN: what law 2 wants gone.
    pub fn anything_verified(&self) -> bool {
        self.chip.anything_verified()
    }

    /// Its kind.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Whose user certificate it is.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// What it was made with; faults as they are now.
    pub fn options(&self) -> &CardOptions {
        &self.options
    }

    /// Last valid day of the user certificate.
    pub fn certificate_ends(&self) -> Date {
        self.certificate.ends
    }

    /// Last valid day of the card.
    pub fn card_expires(&self) -> Date {
        self.card_expires
    }

    /// Who is printed on it and stands in the record of the photo: its holder, but for `two-cards-in-one`.
    pub fn shown_person(&self) -> &Person {
        &self.shown
    }

    /// 照合番号B as printed on this card, 14 ASCII digits. Only an emulated card tells it to a program.
    pub fn surface_code(&self) -> [u8; SURFACE_CODE_DIGITS] {
        let digits = applications::printed_code(self.profile, &self.shown, self.card_expires);
        digits.into_bytes().try_into().expect("six, four and four digits")
    }

    /// Whether there is a surface with a surface code at all: phones and other cards have none.
    pub fn has_surface_code(&self) -> bool {
        self.profile.is_my_number_card()
    }

    fn tries(&self, kind: Kind, id: u16) -> Option<u8> {
        let application = self.chip.applications().iter().find(|application| application.kind == kind)?;
        match &application.file(id)?.content {
            Content::Secret(secret) => Some(secret.left),
            Content::Bytes(_) | Content::Records(_) | Content::Key(_) | Content::Authority(..) | Content::OtherKey => {
                None
            }
        }
    }

    fn count(&mut self, command: &[u8]) {
        self.counts.commands += 1;
        if is_verify(command) {
            self.counts.verify += 1;
            self.counts.codes += u32::from(self.chip.current_kind() == Kind::Kenkaku);
        }
    }

    /// E-41 and the delays asked for.
    fn delay(&self, command: &[u8], answer: &[u8], faults: &Faults, n: u32) -> Duration {
        let mut delay = faults.delay_each.unwrap_or_default();
        if let Some((at, extra)) = faults.delay
            && at == n
        {
            delay += extra;
        }
        if self.options.delays == Delays::Realistic {
            let bytes = u32::try_from(command.len() + answer.len()).unwrap_or(u32::MAX);
            delay += limits::COMMAND_TIME + limits::BYTE_TIME.saturating_mul(bytes);
            delay += match command {
                [0x00, 0xA4, 0x04, ..] => limits::SELECT_TIME,
                [0x80, 0x2A, ..] if answer.len() > 2 => limits::SIGNATURE_TIME,
                _ if is_verify(command) => limits::VERIFY_TIME,
                _ => Duration::ZERO,
            };
        }
        delay
    }
}

/// VERIFY with a value, under any class.
pub(crate) fn is_verify(command: &[u8]) -> bool {
    matches!(command, [_, 0x20, _, _, _, _, ..])
}

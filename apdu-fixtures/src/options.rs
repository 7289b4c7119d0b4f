//! What a test may choose about an emulated card.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::faults::Faults;
use crate::limits;
use crate::people::Person;
use crate::pki::{Issuer, RecordSigner, UserKey, Validity};
use crate::profile::Profile;

/// The answer to reset of the card; nothing may be decided by it (card.md 1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Atr {
    /// "EMU" in the ATQB data (E-01), so that no log can be mistaken for a real card's.
    #[default]
    Emulated,
    /// The value of real cards, for compatibility tests (E-01).
    AsReal,
}

impl Atr {
    /// The bytes.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Atr::Emulated => &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x45, 0x4D, 0x55, 0xB3, 0x81, 0xA1, 0x00, 0xC7],
            Atr::AsReal => &[0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x41, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x3B],
        }
    }
}

/// How long the card takes (E-41).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delays {
    /// As fast as it can.
    #[default]
    None,
    /// Roughly ISO 14443 at 212 kbit/s.
    Realistic,
}

/// Everything about a card that its profile and holder do not say.
#[derive(Clone)]
pub struct CardOptions {
    /// The day the card is looked at, in Japan: issue and expiry follow from it.
    pub today: Date,
    /// Authentication PIN; also the PIN of Kenhojo and Juki.
    pub pin: String,
    /// Tries of the authentication PIN left; `None`: what the profile says.
    pub tries: Option<u8>,
    /// Sign password (署名用).
    pub sign_password: String,
    /// Last valid day of the user certificate; `None`: what the profile says.
    pub certificate_ends: Option<Date>,
    /// Who signed the user certificate.
    pub issuer: Issuer,
    /// The photo as a file: JP2, 8 bit, grey or RGB, at most 2048 × 2048 (card.md 5.3, E-10). `None`: a plain grey
    /// picture of nobody. Wherever it comes from outside, make the card with [`crate::EmulatedCard::with_photo`].
    pub photo: Option<Vec<u8>>,
    /// Who certified the signer of the record with the photo.
    pub signer: RecordSigner,
    /// Tries of 照合番号B left in Kenkaku; `None`: what the profile says.
    pub code_tries: Option<u8>,
    /// Whether the card does the PIN-less step of card.md 7.5 (E-25).
    pub pin_less: bool,
    /// Whether an iPhone's holder was verified on it before it is held to the reader (E-30). Nothing else looks at it.
    pub verified_on_phone: bool,
    /// Algorithm of the authentication key; `None`: RSA-2048, and P-384 on `next-gen-dummy`.
    pub key: Option<UserKey>,
    /// Answer to reset.
    pub atr: Atr,
    /// Delays.
    pub delays: Delays,
    /// Faults.
    pub faults: Faults,
    /// Seed of challenges and PSS salts.
    pub seed: u64,
    /// Where the retry counters are kept beyond this process (JSON); loaded when the card is made.
    pub counters_file: Option<PathBuf>,
}

impl std::fmt::Debug for CardOptions {
    /// Without PIN, password and photo: they belong to nobody, but no output of a test should look as if it leaked one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CardOptions")
            .field("today", &self.today)
            .field("tries", &self.tries)
            .field("certificate_ends", &self.certificate_ends)
            .field("issuer", &self.issuer)
            .field("signer", &self.signer)
            .field("code_tries", &self.code_tries)
            .field("pin_less", &self.pin_less)
            .field("verified_on_phone", &self.verified_on_phone)
            .field("key", &self.key)
            .field("delays", &self.delays)
            .field("faults", &self.faults)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

impl CardOptions {
    /// A card in order on this day, PIN `1234`, no delays, no faults.
    pub fn on(today: Date) -> Self {
        CardOptions {
            today,
            pin: "1234".to_owned(),
            tries: None,
            sign_password: "ABC123".to_owned(),
            certificate_ends: None,
            issuer: Issuer::default(),
            photo: None,
            signer: RecordSigner::default(),
            code_tries: None,
            pin_less: true,
            verified_on_phone: true,
            key: None,
            atr: Atr::default(),
            delays: Delays::default(),
            faults: Faults::default(),
            seed: 0,
            counters_file: None,
        }
    }

    /// [`CardOptions::on`] the day it is in Japan now.
    pub fn today() -> Self {
        CardOptions::on(today_in_japan())
    }

    pub(crate) fn user_key(&self, profile: Profile) -> UserKey {
        let usual = if profile == Profile::NextGenDummy { UserKey::P384 } else { UserKey::Rsa2048 };
        self.key.unwrap_or(usual)
    }

    /// Validity of the certificate and last day of the card: the 5th and the 10th birthday after issue (card.md 4.7).
    pub(crate) fn dates(&self, profile: Profile, person: &Person) -> (Validity, Date) {
        let yesterday = self.today.saturating_sub(Span::new().days(1));
        let issued = self.today.saturating_sub(Span::new().days(limits::ISSUED_DAYS_AGO));
        let years = if profile == Profile::NextGenDummy { 10 } else { 5 };
        let card_expires = if profile == Profile::ExpiredCard {
            yesterday
        } else if profile.is_foreign_residents() {
            self.today.saturating_add(Span::new().days(limits::STAY_DAYS_LEFT))
        } else {
            birthday_after(person.birth, issued, 10)
        };
        let ends = match profile {
            Profile::ExpiredCert => yesterday,
            Profile::Standard
            | Profile::FaceOnly
            | Profile::PinBlocked
            | Profile::ExpiredCard
            | Profile::Jukicard
            | Profile::DriverLicence
            | Profile::ResidenceCard
            | Profile::ResidenceOnCard
            | Profile::Passport
            | Profile::Hpki
            | Profile::NextGenDummy
            | Profile::Android
            | Profile::Iphone
            | Profile::TamperedPhoto
            | Profile::Cloned
            | Profile::BBlocked
            | Profile::NoPhoto
            | Profile::TwoCardsInOne
            | Profile::ForeignResident
            | Profile::NoSignCert
            | Profile::LicenceOnCard => birthday_after(person.birth, issued, years),
        };
        let ends = self.certificate_ends.unwrap_or(ends.min(card_expires));
        // The phone's own certificate was issued later than the card's and ends with it (card.md 8.1).
        let later = self.today.saturating_sub(Span::new().days(limits::PHONE_ISSUED_DAYS_AGO));
        let issued = if profile.is_phone() { later } else { issued };
        let issued = issued.min(ends.saturating_sub(Span::new().years(1)));
        (Validity { issued, ends }, card_expires)
    }
}

/// The day it is in Japan now.
pub fn today_in_japan() -> Date {
    jiff::tz::Offset::constant(9).to_datetime(Timestamp::now()).date()
}

/// The `n`th birthday after a day; 29 February counts on the 28th in other years.
fn birthday_after(birth: Date, day: Date, n: i16) -> Date {
    let in_year = |year: i16| {
        let (month, day) = (birth.month(), birth.day());
        Date::new(year, month, day).or_else(|_| Date::new(year, month, 28)).unwrap_or(birth)
    };
    let first = if in_year(day.year()) > day { 0 } else { 1 };
    in_year(day.year().saturating_add(first + n - 1))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn card_4_7_certificates_end_on_the_fifth_birthday_after_issue() {
        assert_eq!(birthday_after(date(1950, 4, 1), date(2025, 10, 18), 5), date(2030, 4, 1));
        assert_eq!(birthday_after(date(1950, 4, 1), date(2025, 3, 31), 5), date(2029, 4, 1));
        assert_eq!(birthday_after(date(1972, 2, 29), date(2025, 10, 18), 5), date(2030, 2, 28));
    }
}

//! The invented centre: who is behind a certificate, whether it is revoked, and what the desk is told.

mod asks;
pub(crate) mod desk;
mod insurance;
mod other;

use std::collections::BTreeMap;

pub use insurance::{Disease, Insurance, Limit, Numbers};
use jiff::civil::Date;
pub use other::{OtherAnswer, OtherCertificate};
use qualification::protocol::{Ask, CertificateState, PhotoRecord, Qualification};
use serde::Deserialize;

use crate::settings::Settings;

/// The people of `data/patients.toml`.
pub const INVENTED: &str = include_str!("../../data/patients.toml");

/// One invented person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Serial number of the user certificate; also the person's number in the books.
    pub serial: u64,
    /// Name as the insurer has it.
    pub name: String,
    /// Half-width kana.
    pub kana: String,
    /// Birth date, `YYYY-MM-DD`.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
    /// Row of qualification.md section 8.
    pub outcome: Qualification,
    /// InsuredPartialContributionRatio or ElderlyRecipientContributionRatio, `010` to `030`.
    pub contribution_ratio: Option<String>,
    /// 適用区分, OQSCD012.
    pub ceiling_class: Option<String>,
    /// A foreign resident, whose certificate ends with the period of stay.
    #[serde(default)]
    pub stay: bool,
    /// The day the card behind this person's phone ended on.
    pub phones_card_ended: Option<Date>,
    /// What comes of signing up; `None`: it is not offered.
    pub sign_up: Option<SignUp>,
}

/// What comes of signing an invented person up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// The card is signed up, and its person's qualification is valid.
    Works,
    /// The centre does not do it.
    Fails,
}

/// OQSCD007.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 1 男
    Male,
    /// 2 女
    Female,
}

impl Sex {
    /// The digit in the photo record (card.md 5.2, DF23).
    const fn digit(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

impl Patient {
    /// Whether a photo record is this person's: birth date and sex, both exactly.
    #[must_use]
    pub fn is_shown_by(&self, record: &PhotoRecord) -> bool {
        self.born.to_string() == record.birth_date && self.sex.digit() == record.sex
    }
}

/// Why a certificate is on the revocation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// For good.
    Revoked,
    /// certificateHold.
    CertificateHold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoked {
    serial: u64,
    reason: Revocation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    patient: Vec<Patient>,
    #[serde(default)]
    revoked: Vec<Revoked>,
    #[serde(default)]
    other_certificate: Vec<other::Row>,
    #[serde(default)]
    insurance: Vec<Insurance>,
}

/// People, revocation list, and what other certificates they hold.
#[derive(Clone, Debug)]
pub struct Centre {
    people: BTreeMap<u64, Patient>,
    revoked: BTreeMap<u64, Revocation>,
    other: BTreeMap<(u64, OtherCertificate), OtherAnswer>,
    insurances: Vec<Insurance>,
}

/// A certificate whose signature was found right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Its serial number, if it fits.
    pub serial: Option<u64>,
    /// Its last second, since 1970.
    pub not_after_unix: i64,
    /// What it is on.
    pub on: Medium,
    /// The books say that its holder was signed up here.
    pub signed_up: bool,
}

/// What a certificate is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A card: three months of grace.
    Card,
    /// A phone: none.
    Phone,
}

/// What the centre answers about a certificate that was proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The person's number in the books, if there is one.
    pub patient: Option<u64>,
    /// 資格有効性
    pub qualification: Qualification,
    /// State of the certificate.
    pub certificate: CertificateState,
    /// Every item of the facility and whether it is asked.
    pub items: Vec<(&'static str, Ask)>,
    /// Lines for staff.
    pub staff: Vec<String>,
    /// Signing up is offered now.
    pub sign_up: bool,
}

impl Found {
    /// Whether a reception, and so a signed result, can follow.
    #[must_use]
    pub fn can_be_received(&self) -> bool {
        match self.qualification {
            Qualification::Valid
            | Qualification::Invalid
            | Qualification::InvalidNewExists
            | Qualification::NotFound
            | Qualification::Several => true,
            Qualification::Processing
            | Qualification::CentreError
            | Qualification::NotSignedUp
            | Qualification::NotLookedUp => false,
        }
    }
}

impl Centre {
    /// Reads a table of invented people.
    ///
    /// # Errors
    /// The text of the TOML error with its line; a serial number, or a certificate of a person, listed twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut people = BTreeMap::new();
        for patient in table.patient {
            if let Some(first) = people.insert(patient.serial, patient) {
                return Err(format!("serial {} is listed twice", first.serial));
            }
        }
        let other = other::read(table.other_certificate)?;
        if let Some(nobody) = table.insurance.iter().find(|insurance| !people.contains_key(&insurance.serial)) {
            return Err(format!("an insurance is of serial {}, who is nobody", nobody.serial));
        }
        let revoked = table.revoked.into_iter().map(|r| (r.serial, r.reason)).collect();
        Ok(Self { people, revoked, other, insurances: table.insurance })
    }

    /// The person with this number in the books.
    #[must_use]
    pub fn person(&self, number: u64) -> Option<&Patient> {
        self.people.get(&number)
    }

    /// The insurances of this person, current and lost, in the order of the table.
    pub fn insurances(&self, number: u64) -> impl Iterator<Item = &Insurance> {
        self.insurances.iter().filter(move |insurance| insurance.serial == number)
    }

    /// Every insurance with these numbers, with its person.
    #[must_use]
    pub fn with_numbers(&self, numbers: &Numbers) -> Vec<(&Patient, &Insurance)> {
        let having = self.insurances.iter().filter(|insurance| insurance.has(numbers));
        having.filter_map(|insurance| Some((self.person(insurance.serial)?, insurance))).collect()
    }

    /// Whether the centre signs this person up when asked.
    #[must_use]
    pub fn signs_up(&self, number: u64) -> bool {
        self.people.get(&number).is_some_and(|person| person.sign_up == Some(SignUp::Works))
    }

    /// Whether this person holds that certificate. Asked only after the patient's yes; each question stands in the books.
    #[must_use]
    pub fn other_certificate(&self, number: u64, kind: OtherCertificate) -> OtherAnswer {
        self.other.get(&(number, kind)).copied().unwrap_or(OtherAnswer::NotHeld)
    }

    /// Looks a proved certificate up. The certificate comes first: without a usable one nobody is looked up.
    #[must_use]
    pub fn look_up(&self, presented: &Presented, now_unix: i64, settings: &Settings) -> Found {
        let certificate = self.certificate(presented, now_unix, settings);
        let usable = matches!(
            certificate,
            CertificateState::Valid | CertificateState::EndsSoon { .. } | CertificateState::Grace { .. }
        );
        let person = presented.serial.filter(|_| usable).and_then(|serial| self.people.get(&serial));
        let qualification = match person {
            Some(person) if person.outcome == Qualification::NotSignedUp && presented.signed_up => Qualification::Valid,
            Some(person) => person.outcome,
            None if usable => Qualification::NotFound,
            None => Qualification::NotLookedUp,
        };
        let today = crate::dates::day_in_japan(now_unix);
        let ask = |id| (id, asks::ask(id, qualification, &certificate, person, today));
        Found {
            patient: person.map(|person| person.serial),
            staff: desk::lines(qualification, &certificate, person),
            items: settings.items().into_iter().map(ask).collect(),
            // Signing up needs a certificate that has not ended.
            sign_up: qualification == Qualification::NotSignedUp
                && !matches!(certificate, CertificateState::Grace { .. })
                && person.is_some_and(|person| person.sign_up.is_some()),
            qualification,
            certificate,
        }
    }

    /// State of a certificate: the revocation list first, then its own dates, by this service's clock and rule.
    fn certificate(&self, presented: &Presented, now_unix: i64, settings: &Settings) -> CertificateState {
        match presented.serial.and_then(|serial| self.revoked.get(&serial)) {
            Some(Revocation::Revoked) => return CertificateState::Revoked,
            Some(Revocation::CertificateHold) => return CertificateState::Suspended,
            None => {}
        }
        let person = presented.serial.and_then(|serial| self.people.get(&serial));
        let rule = match presented.on {
            Medium::Card => Some(settings.grace),
            Medium::Phone => {
                let today = crate::dates::day_in_japan(now_unix);
                let ended = person.and_then(|person| person.phones_card_ended).zip(today);
                if ended.is_some_and(|(ended, today)| today > ended) {
                    return CertificateState::Expired;
                }
                None
            }
        };
        let with_stay = person.is_some_and(|person| person.stay);
        crate::dates::state(presented.not_after_unix, now_unix, rule, with_stay)
    }
}

#[cfg(test)]
mod tests;

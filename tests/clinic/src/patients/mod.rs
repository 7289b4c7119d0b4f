//! The invented centre: who is behind a certificate, whether it is revoked, and what the desk is told.

pub(crate) mod desk;

use std::collections::BTreeMap;

use jiff::civil::Date;
use qualification::protocol::{Ask, CertificateState, PhotoRecord, Qualification};
use serde::Deserialize;

/// The people of `data/patients.toml`.
pub const INVENTED: &str = include_str!("../../data/patients.toml");

/// Age from which checkups are asked (patient-flow 4.1).
const CHECKUPS_FROM: i16 = 40;

/// The consent items of this facility, in the order to ask (patient-flow 4.3).
pub const ITEMS: [&str; 3] = ["medicines", "checkups", "operations"];

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
}

/// People and revocation list.
#[derive(Clone, Debug)]
pub struct Centre {
    people: BTreeMap<u64, Patient>,
    revoked: BTreeMap<u64, Revocation>,
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
    /// The text of the TOML error with its line; a serial number listed twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut people = BTreeMap::new();
        for patient in table.patient {
            if let Some(first) = people.insert(patient.serial, patient) {
                return Err(format!("serial {} is listed twice", first.serial));
            }
        }
        Ok(Self { people, revoked: table.revoked.into_iter().map(|r| (r.serial, r.reason)).collect() })
    }

    /// The person with this number in the books.
    #[must_use]
    pub fn person(&self, number: u64) -> Option<&Patient> {
        self.people.get(&number)
    }

    /// Looks a proved certificate up. The certificate comes first: without a usable one nobody is looked up.
    #[must_use]
    pub fn look_up(&self, serial: Option<u64>, not_after_unix: i64, now_unix: i64) -> Found {
        let certificate = match serial.and_then(|serial| self.revoked.get(&serial)) {
            Some(Revocation::Revoked) => CertificateState::Revoked,
            Some(Revocation::CertificateHold) => CertificateState::Suspended,
            None => crate::dates::state(not_after_unix, now_unix),
        };
        let usable = matches!(
            certificate,
            CertificateState::Valid | CertificateState::EndsSoon { .. } | CertificateState::Grace { .. }
        );
        let person = serial.filter(|_| usable).and_then(|serial| self.people.get(&serial));
        let qualification = match person {
            Some(person) => person.outcome,
            None if usable => Qualification::NotFound,
            None => Qualification::NotLookedUp,
        };
        let today = crate::dates::day_in_japan(now_unix);
        let items = ITEMS.map(|id| (id, ask(id, qualification, &certificate, person, today)));
        Found {
            patient: person.map(|person| person.serial),
            staff: desk::lines(qualification, &certificate, person),
            qualification,
            certificate,
            items: items.to_vec(),
        }
    }
}

fn ask(
    id: &str,
    qualification: Qualification,
    certificate: &CertificateState,
    person: Option<&Patient>,
    today: Option<Date>,
) -> Ask {
    if qualification != Qualification::Valid {
        return Ask::Desk;
    }
    let age = person.zip(today).map(|(person, today)| crate::dates::age_in_fiscal_year(person.born, today));
    if id == "checkups" && age.is_none_or(|age| age < CHECKUPS_FROM) {
        return Ask::NotApplicable;
    }
    if matches!(certificate, CertificateState::Grace { .. }) { Ask::Grace } else { Ask::Yes }
}

#[cfg(test)]
mod tests;

//! Which items a patient is asked: by qualification, certificate and age.

use jiff::civil::Date;
use qualification::protocol::{Ask, CertificateState, Qualification};

use super::Patient;
use crate::items::{CHECKUPS, Kind};

/// Age from which checkups are asked (patient-flow 4.1).
const CHECKUPS_FROM: i16 = 40;

/// Whether to ask. Of other certificates and prescriptions nothing about the person counts but that they can be received:
/// asking only some would itself tell something (patient-flow 4.1).
pub(super) fn ask(
    id: &str,
    qualification: Qualification,
    certificate: &CertificateState,
    person: Option<&Patient>,
    today: Option<Date>,
) -> Ask {
    if qualification != Qualification::Valid {
        return Ask::Desk;
    }
    match Kind::of(id) {
        Some(Kind::OtherCertificates | Kind::Prescription) => return Ask::Yes,
        Some(Kind::Health) => {}
        None => return Ask::NotApplicable,
    }
    let age = person.zip(today).map(|(person, today)| crate::dates::age_in_fiscal_year(person.born, today));
    if id == CHECKUPS && age.is_none_or(|age| age < CHECKUPS_FROM) {
        return Ask::NotApplicable;
    }
    // In the months of grace the qualification is checked and no medical information given (patient-flow section 8).
    if matches!(certificate, CertificateState::Grace { .. }) { Ask::Grace } else { Ask::Yes }
}

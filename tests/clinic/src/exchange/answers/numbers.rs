//! 資格確認 by numbers, OQS-IF-001/002: found, lost, replaced, nobody, several, still processing, the centre's error.

use jiff::civil::{Date, DateTime};
use qualification::protocol::Qualification;

use super::{Told, Trouble, bounded, header, numbers};
use crate::{
    compose::{
        conventions::{self, Notice},
        item::{item, limit},
    },
    dates,
    files::{
        Encoding, FileError,
        codes::{
            LimitConsent, ProcessingResultStatus, QualificationValidity, ReferenceClassification, SegmentOfResult,
        },
        layout::Value,
        messages::{
            request::{RequestFile, SearchInfo},
            result::{ResultBody, ResultFile, ResultItem, ResultList},
        },
    },
    patients::Insurance,
    service::Service,
};

/// What the centre says about one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It says something, and shows a qualification or none.
    Answer(QualificationValidity, Option<Box<ResultItem>>),
    /// It is still working, or broke.
    No(SegmentOfResult, Notice),
}

pub(super) fn answer(service: &Service, bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, Trouble> {
    let (request, _) = RequestFile::read(bytes)?;
    let mut head = header(service, &request.header, encoding)?;
    head.reference_classification = Some(ReferenceClassification::Numbers.into());
    let day = day(service, request.header.qualification_confirmation_date.as_ref())?;
    head.qualification_confirmation_date = Some(day.into());
    let search = request.body.search.ok_or(FileError::Missing { element: "QualificationConfirmSearchInfo" })?;
    let mut body = ResultBody { search_info: Some(search.clone()), ..ResultBody::default() };
    match find(service, &search, day)? {
        Found::Answer(validity, result) => {
            body.processing_result_status = Some(ProcessingResultStatus::Done.into());
            body.qualification_validity = Some(validity.into());
            body.result_list = result.map(|result| ResultList { results: vec![*result], ..ResultList::default() });
        }
        Found::No(segment, notice) => {
            head.segment_of_result = Some(segment.into());
            head.error_code = Some(notice.code.to_owned());
            head.error_message = Some(notice.message.to_owned());
        }
    }
    Ok(ResultFile::new(head, body).write(encoding))
}

/// The day to check for.
pub(super) fn day(service: &Service, told: Option<&Value<Date>>) -> Result<Date, Trouble> {
    match told {
        Some(Value::Known(day)) => Ok(*day),
        Some(Value::Other(_)) => {
            Err(FileError::Form { element: "QualificationConfirmationDate", expected: "YYYYMMDD" }.into())
        }
        None => super::now(service).map(DateTime::date),
    }
}

/// Asks the centre.
pub(super) fn find(service: &Service, search: &SearchInfo, day: Date) -> Result<Found, Trouble> {
    let asked = numbers(&Told {
        insurer: search.insurer_number.as_deref(),
        symbol: ("InsuredCardSymbol", search.insured_card_symbol.as_deref()),
        number: ("InsuredIdentificationNumber", search.insured_identification_number.as_deref()),
        branch: ("InsuredBranchNumber", search.insured_branch_number.as_deref()),
    })?;
    bounded("ArbitraryIdentifier", search.arbitrary_identifier.as_deref())?;
    let born = match &search.birthdate {
        Some(Value::Known(day)) => *day,
        Some(Value::Other(_)) => return Err(FileError::Form { element: "Birthdate", expected: "YYYYMMDD" }.into()),
        None => return Err(FileError::Missing { element: "Birthdate" }.into()),
    };
    let wants_limit = match &search.limit_consent {
        Some(Value::Known(consent)) => *consent == LimitConsent::Given,
        Some(Value::Other(_)) => {
            let element = "LimitApplicationCertificateRelatedConsFlg";
            return Err(FileError::Form { element, expected: "0 or 1" }.into());
        }
        None => false,
    };
    let all = service.centre.with_numbers(&asked);
    let having: Vec<_> = all.into_iter().filter(|(person, _)| person.born == born).collect();
    let [(person, insurance)] = having.as_slice() else {
        let validity = if having.is_empty() { QualificationValidity::NotFound } else { QualificationValidity::Several };
        return Ok(Found::Answer(validity, None));
    };
    match person.outcome {
        Qualification::Processing => return Ok(Found::No(SegmentOfResult::Processing, conventions::PROCESSING)),
        Qualification::CentreError => return Ok(Found::No(SegmentOfResult::Failed, conventions::CENTRE_ERROR)),
        // What the numbers say does not depend on the card or on whether it is signed up.
        Qualification::Valid
        | Qualification::Invalid
        | Qualification::InvalidNewExists
        | Qualification::NotFound
        | Qualification::Several
        | Qualification::NotSignedUp
        | Qualification::NotLookedUp => {}
    }
    let others = service.centre.insurances(person.serial);
    let validity = validity(insurance, others, day);
    let reference = service.books.reference(&insurance.numbers().key())?;
    let mut found = item(person, insurance, reference);
    let consent = if wants_limit { LimitConsent::Given } else { LimitConsent::NotGiven };
    found.limit_consent = Some(consent.into());
    if wants_limit {
        let now = dates::moment_in_japan(service.controls.now_ms());
        found.limit_consent_time = now.map(Into::into);
        found.limit = limit(insurance);
    }
    found.arbitrary_identifier.clone_from(&search.arbitrary_identifier);
    Ok(Found::Answer(validity, Some(Box::new(found))))
}

fn validity<'a>(asked: &Insurance, mut all: impl Iterator<Item = &'a Insurance>, day: Date) -> QualificationValidity {
    if asked.is_valid_on(day) {
        QualificationValidity::Valid
    } else if all.any(|other| other.is_valid_on(day)) {
        QualificationValidity::InvalidNewExists
    } else {
        QualificationValidity::Invalid
    }
}

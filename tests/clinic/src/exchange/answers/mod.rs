//! Answering requests, one file per family. Each reads its own message and gives the bytes of its answer.

mod bulk;
mod environment;
mod fetch;
mod numbers;
mod passcode;
mod registration;

use jiff::civil::DateTime;

use super::refused::{Refused, Trouble};
use crate::{
    dates,
    files::{
        Encoding, FileError, InsurerNumber,
        codes::{CharacterCode, SegmentOfResult},
        limits::MAX_TEXT,
        messages::{request::RequestHeader, result::ResultHeader},
        names::Interface,
    },
    patients::Numbers,
    service::Service,
};

/// The answer to a request.
pub(super) fn answer(
    service: &Service,
    interface: Interface,
    bytes: &[u8],
    encoding: Encoding,
) -> Result<Vec<u8>, Trouble> {
    match interface {
        Interface::Qualification => numbers::answer(service, bytes, encoding),
        Interface::Registration => registration::answer(service, bytes, encoding),
        Interface::BulkQualification | Interface::BulkRegistration => bulk::upload(service, interface, bytes, encoding),
        Interface::BulkQualificationResults => bulk::download(service, Interface::BulkQualification, bytes, encoding),
        Interface::BulkRegistrationResults => bulk::download(service, Interface::BulkRegistration, bytes, encoding),
        Interface::Medicines | Interface::Checkups => fetch::answer(service, interface, bytes, encoding),
        Interface::EnvironmentInquiry | Interface::EnvironmentUpdate => {
            environment::answer(service, interface, bytes, encoding)
        }
        Interface::Passcode => passcode::answer(service, bytes, encoding),
    }
}

/// The service's clock as files have it.
fn now(service: &Service) -> Result<DateTime, Trouble> {
    dates::moment_in_japan(service.controls.now_ms())
        .ok_or_else(|| Trouble::Failed("the clock stands outside the calendar".to_owned()))
}

/// Files of another facility are refused: somebody's folders were mixed up.
fn own(service: &Service, code: Option<&str>) -> Result<(), Trouble> {
    let code = code.ok_or(FileError::Missing { element: "MedicalInstitutionCode" })?;
    if code.trim() == service.facility.institution_code { Ok(()) } else { Err(Refused::OtherInstitution.into()) }
}

/// Head of the answer to a request.
fn header(service: &Service, request: &RequestHeader, encoding: Encoding) -> Result<ResultHeader, Trouble> {
    own(service, request.medical_institution_code.as_deref())?;
    bounded("ArbitraryFileIdentifier", request.arbitrary_file_identifier.as_deref())?;
    Ok(ResultHeader {
        process_execution_time: Some(now(service)?.into()),
        qualification_confirmation_date: request.qualification_confirmation_date.clone(),
        medical_institution_code: Some(service.facility.institution_code.clone()),
        arbitrary_file_identifier: request.arbitrary_file_identifier.clone(),
        segment_of_result: Some(SegmentOfResult::Done.into()),
        character_code_identifier: Some(code(encoding).into()),
        ..ResultHeader::default()
    })
}

const fn code(encoding: Encoding) -> CharacterCode {
    match encoding {
        Encoding::Utf8 => CharacterCode::Utf8,
        Encoding::ShiftJis => CharacterCode::ShiftJis,
    }
}

fn bounded(element: &'static str, text: Option<&str>) -> Result<(), FileError> {
    let fits = text.is_none_or(|text| text.chars().count() <= MAX_TEXT);
    if fits { Ok(()) } else { Err(FileError::Form { element, expected: "at most 1000 characters long" }) }
}

/// Texts of the numbers of a card, and what their elements are called.
struct Told<'a> {
    insurer: Option<&'a str>,
    symbol: (&'static str, Option<&'a str>),
    number: (&'static str, Option<&'a str>),
    branch: (&'static str, Option<&'a str>),
}

/// The numbers of a card, in the forms of qualification.md 6.1.
fn numbers(told: &Told<'_>) -> Result<Numbers, FileError> {
    let insurer = told.insurer.ok_or(FileError::Missing { element: "InsurerNumber" })?;
    let insurer = InsurerNumber::new(insurer);
    let expected = "a number of at most 8 digits, with spaces before it";
    let (element, number) = told.number;
    let number = short(element, number)?.ok_or(FileError::Missing { element })?;
    let (element, branch) = told.branch;
    let two = branch.is_none_or(|branch| branch.len() == 2 && branch.bytes().all(|byte| byte.is_ascii_digit()));
    if !two {
        return Err(FileError::Form { element, expected: "2 digits" });
    }
    Ok(Numbers {
        insurer: insurer.ok_or(FileError::Form { element: "InsurerNumber", expected })?,
        symbol: short(told.symbol.0, told.symbol.1)?,
        number,
        branch: branch.map(str::to_owned),
    })
}

fn short(element: &'static str, text: Option<&str>) -> Result<Option<String>, FileError> {
    let fits = text.is_none_or(|text| text.chars().count() <= 20);
    if fits {
        Ok(text.map(str::to_owned))
    } else {
        Err(FileError::Form { element, expected: "at most 20 characters long" })
    }
}

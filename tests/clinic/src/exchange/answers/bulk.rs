//! Bulk questions and registrations, OQS-IF-005 to 012: done at the upload, given out for seven days.

use std::time::Duration;

use qualification::ids;
use rand_core::OsRng;

use super::{
    Refused, Trouble, code, header,
    numbers::{self, Found},
    registration::{register, status},
};
use crate::{
    compose::conventions::{self, Notice},
    files::{
        Encoding, FileError,
        codes::{ReferenceClassification, SegmentOfResult},
        layout::Value,
        messages::{
            bulk::{
                BulkConfirmUnit, BulkRequestFile, BulkResultBody, BulkResultFile, BulkResultHeader, DownloadFile,
                UploadedBody, UploadedFile,
            },
            registration::RegistrationFile,
            request::RequestHeader,
        },
        names::Interface,
    },
    results::millis,
    service::Service,
};

/// Most people in one file: their results, of up to 4 KB each, are read again within the bounds of one file.
const MAX_UNITS: usize = 900;
/// So long the results of an upload can be asked for.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub(super) fn upload(
    service: &Service,
    interface: Interface,
    bytes: &[u8],
    encoding: Encoding,
) -> Result<Vec<u8>, Trouble> {
    let (head, units) = if interface == Interface::BulkRegistration {
        let (request, _) = RegistrationFile::read(bytes)?;
        super::own(service, request.header.medical_institution_code.as_deref())?;
        let all = request.body.registrations;
        enough(all.len(), "ReferenceNumberRegistrationInfo")?;
        let one = |asked| registered(service, asked);
        (request.header, all.into_iter().map(one).collect::<Result<Vec<_>, Trouble>>()?)
    } else {
        let (request, _) = BulkRequestFile::read(bytes)?;
        super::own(service, request.header.medical_institution_code.as_deref())?;
        let day = numbers::day(service, request.header.qualification_confirmation_date.as_ref())?;
        let all = request.body.searches;
        enough(all.len(), "QualificationConfirmSearchInfo")?;
        let one = |search| checked(service, search, day);
        (request.header, all.into_iter().map(one).collect::<Result<Vec<_>, Trouble>>()?)
    };
    let answered = header(service, &head, encoding)?;
    let fresh = ids::fresh(&mut OsRng).map_err(|_| Trouble::Failed("no random bytes".to_owned()))?;
    let results = results(service, &head, &fresh, units, interface)?;
    let now_ms = service.controls.now_ms();
    let forget = now_ms.saturating_sub(millis(KEPT));
    service.books.keep_upload(&fresh, interface.prefix(), &results.write(Encoding::Utf8), now_ms, forget)?;
    let body = UploadedBody {
        reception_number: Some(fresh),
        reception_date_time: Some(super::now(service)?.into()),
        ..UploadedBody::default()
    };
    Ok(UploadedFile::new(answered, body).write(encoding))
}

pub(super) fn download(
    service: &Service,
    interface: Interface,
    bytes: &[u8],
    encoding: Encoding,
) -> Result<Vec<u8>, Trouble> {
    let (request, _) = DownloadFile::read(bytes)?;
    super::own(service, request.header.medical_institution_code.as_deref())?;
    super::bounded("ArbitraryFileIdentifier", request.header.arbitrary_file_identifier.as_deref())?;
    let reception = request.body.reception_number.ok_or(FileError::Missing { element: "ReceptionNumber" })?;
    let kept = service.books.upload(reception.trim(), interface.prefix())?.ok_or(Refused::UnknownReception)?;
    let (mut results, _) = BulkResultFile::read(&kept)?;
    results.header.arbitrary_file_identifier = request.header.arbitrary_file_identifier;
    results.header.process_execution_time = Some(super::now(service)?.into());
    results.header.character_code_identifier = Some(code(encoding).into());
    Ok(results.write(encoding))
}

fn enough(count: usize, element: &'static str) -> Result<(), Trouble> {
    match count {
        0 => Err(FileError::Missing { element }.into()),
        1..=MAX_UNITS => Ok(()),
        _ => Err(Refused::TooMany { most: MAX_UNITS }.into()),
    }
}

fn results(
    service: &Service,
    request: &RequestHeader,
    reception: &str,
    units: Vec<BulkConfirmUnit>,
    interface: Interface,
) -> Result<BulkResultFile, Trouble> {
    let count = |units: usize| u32::try_from(units).unwrap_or(u32::MAX);
    let good = units.iter().filter(|unit| unit.processing_result_status == Some(status(true).into())).count();
    let by_numbers = (interface == Interface::BulkQualification).then_some(ReferenceClassification::Numbers.into());
    let header = BulkResultHeader {
        process_execution_time: Some(super::now(service)?.into()),
        qualification_confirmation_date: request.qualification_confirmation_date.clone(),
        medical_institution_code: Some(service.facility.institution_code.clone()),
        reference_classification: by_numbers,
        segment_of_result: Some(SegmentOfResult::Done.into()),
        character_code_identifier: Some(code(Encoding::Utf8).into()),
        reception_number: Some(reception.to_owned()),
        number_of_processing_result: Some(Value::Known(count(units.len()))),
        number_of_normal_processing: Some(Value::Known(count(good))),
        number_of_error: Some(Value::Known(count(units.len() - good))),
        ..BulkResultHeader::default()
    };
    Ok(BulkResultFile::new(header, BulkResultBody { units, ..BulkResultBody::default() }))
}

/// One bad unit does not send the others back.
fn incomplete<T>(done: Result<T, Trouble>, instead: impl FnOnce(Notice) -> T) -> Result<T, Trouble> {
    match done {
        Ok(done) => Ok(done),
        Err(Trouble::Refused(_)) => Ok(instead(conventions::INCOMPLETE)),
        Err(Trouble::Failed(reason)) => Err(Trouble::Failed(reason)),
    }
}

fn failed(notice: Notice) -> BulkConfirmUnit {
    BulkConfirmUnit {
        processing_result_status: Some(status(false).into()),
        processing_result_code: Some(notice.code.to_owned()),
        processing_result_message: Some(notice.message.to_owned()),
        ..BulkConfirmUnit::default()
    }
}

fn checked(
    service: &Service,
    search: crate::files::messages::request::SearchInfo,
    day: jiff::civil::Date,
) -> Result<BulkConfirmUnit, Trouble> {
    let found = numbers::find(service, &search, day).map(|found| match found {
        Found::Answer(validity, result) => BulkConfirmUnit {
            processing_result_status: Some(status(true).into()),
            qualification_validity: Some(validity.into()),
            reference_number: result.as_ref().and_then(|result| result.reference_number.clone()),
            result: result.map(|result| *result),
            ..BulkConfirmUnit::default()
        },
        Found::No(_, notice) => failed(notice),
    });
    Ok(BulkConfirmUnit { search: Some(search), ..incomplete(found, failed)? })
}

fn registered(
    service: &Service,
    asked: crate::files::messages::registration::ReferenceNumberRegistrationInfo,
) -> Result<BulkConfirmUnit, Trouble> {
    let done = register(service, &asked).map(|done| match done {
        Ok(()) => BulkConfirmUnit {
            processing_result_status: Some(status(true).into()),
            reference_number: asked.reference_number.clone(),
            ..BulkConfirmUnit::default()
        },
        Err(notice) => failed(notice),
    });
    Ok(BulkConfirmUnit { registration: Some(asked), ..incomplete(done, failed)? })
}

//! 照会番号登録, OQS-IF-003/004: the clinic's own number of a patient, which the next file carries.

use super::{Told, Trouble, header, numbers};
use crate::{
    compose::conventions::{self, Notice},
    files::{
        Encoding, FileError,
        codes::ProcessingResultStatus,
        messages::registration::{ReferenceNumberRegistrationInfo, RegisteredBody, RegisteredFile, RegistrationFile},
    },
    service::Service,
};

/// Longest 照会番号 (qualification.md 6.2).
const MAX_REFERENCE: usize = 50;

pub(super) fn answer(service: &Service, bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, Trouble> {
    const ELEMENT: &str = "ReferenceNumberRegistrationInfo";
    let (request, _) = RegistrationFile::read(bytes)?;
    let head = header(service, &request.header, encoding)?;
    let mut registrations = request.body.registrations.into_iter();
    let registration = registrations.next().ok_or(FileError::Missing { element: ELEMENT })?;
    if registrations.next().is_some() {
        return Err(FileError::Repeated { element: ELEMENT }.into());
    }
    let done = register(service, &registration)?;
    let notice = done.err();
    let body = RegisteredBody {
        processing_result_status: Some(status(notice.is_none()).into()),
        processing_result_code: notice.map(|notice| notice.code.to_owned()),
        processing_result_message: notice.map(|notice| notice.message.to_owned()),
        registration: Some(registration),
        ..RegisteredBody::default()
    };
    Ok(RegisteredFile::new(head, body).write(encoding))
}

pub(super) const fn status(done: bool) -> ProcessingResultStatus {
    if done { ProcessingResultStatus::Done } else { ProcessingResultStatus::Error }
}

/// Registers one. The inner result: what the centre says to it.
pub(super) fn register(
    service: &Service,
    asked: &ReferenceNumberRegistrationInfo,
) -> Result<Result<(), Notice>, Trouble> {
    let element = "ReferenceNumber";
    let reference = asked.reference_number.as_deref().ok_or(FileError::Missing { element })?;
    if reference.chars().count() > MAX_REFERENCE {
        return Err(FileError::Form { element, expected: "at most 50 characters long" }.into());
    }
    let numbers = numbers(&Told {
        insurer: asked.insurer_number.as_deref(),
        symbol: ("InsuredCardSymbol", asked.insured_card_symbol.as_deref()),
        number: ("InsuredIdentificationNumber", asked.insured_identification_number.as_deref()),
        branch: ("InsuredBranchNumber", asked.insured_branch_number.as_deref()),
    })?;
    Ok(match service.centre.with_numbers(&numbers).as_slice() {
        [] => Err(conventions::NOBODY),
        [(_, insurance)] => {
            // By the centre's own numbers, so that width, spaces and a branch left out make no second entry.
            let key = insurance.numbers().key();
            service.books.register_reference(&key, reference, service.controls.now_ms())?;
            Ok(())
        }
        [_, _, ..] => Err(conventions::SEVERAL),
    })
}

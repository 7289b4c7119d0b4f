//! 薬剤情報 and 特定健診情報 (qualification.md 6.4): only within 24 hours of the patient's own yes at this facility.

use super::{Told, Trouble, bounded, code, numbers, own};
use crate::{
    compose::conventions::{self, Notice},
    files::{
        Encoding,
        messages::fetch::{FetchFile, FetchHeader, FetchedBody, FetchedFile, FetchedHeader},
        names::Interface,
    },
    items,
    service::Service,
};

/// 1 is good; 9 is our own convention for everything else, told apart by the message.
const GOOD: &str = "1";
const NOT: &str = "9";

pub(super) fn answer(
    service: &Service,
    interface: Interface,
    bytes: &[u8],
    encoding: Encoding,
) -> Result<Vec<u8>, Trouble> {
    let (request, _) = FetchFile::read(bytes)?;
    own(service, request.header.medical_institution_code.as_deref())?;
    bounded("ArbitraryFileIdentifier", request.header.arbitrary_file_identifier.as_deref())?;
    let item = if interface == Interface::Checkups { items::CHECKUPS } else { items::MEDICINES };
    let refused = refusal(service, &request.header, item)?;
    let body = FetchedBody {
        result_code: Some(if refused.is_none() { GOOD } else { NOT }.to_owned()),
        message_contents: refused.map(|notice| notice.message.to_owned()),
        ..FetchedBody::default()
    };
    let asked = request.header;
    let header = FetchedHeader {
        medical_institution_code: asked.medical_institution_code,
        insurer_number: asked.insurer_number,
        insurance_card_symbol: asked.insurance_card_symbol,
        insured_person_identification_number: asked.insured_person_identification_number,
        branch_number: asked.branch_number,
        arbitrary_file_identifier: asked.arbitrary_file_identifier,
        character_code_identifier: Some(code(encoding).into()),
        ..FetchedHeader::default()
    };
    Ok(FetchedFile::new(header, body).write(encoding))
}

fn refusal(service: &Service, asked: &FetchHeader, item: &str) -> Result<Option<Notice>, Trouble> {
    let numbers = numbers(&Told {
        insurer: asked.insurer_number.as_deref(),
        symbol: ("InsuranceCardSymbol", asked.insurance_card_symbol.as_deref()),
        number: ("InsuredPersonIdentificationNumber", asked.insured_person_identification_number.as_deref()),
        branch: ("BranchNumber", asked.branch_number.as_deref()),
    })?;
    let person = match service.centre.with_numbers(&numbers).as_slice() {
        [] => return Ok(Some(conventions::NOBODY)),
        [(person, _)] => person.serial,
        [_, _, ..] => return Ok(Some(conventions::SEVERAL)),
    };
    let ends = service.books.consent_ends(person, item)?;
    let open = ends.is_some_and(|ends| service.controls.now_ms() < ends);
    Ok((!open).then_some(conventions::NO_CONSENT))
}

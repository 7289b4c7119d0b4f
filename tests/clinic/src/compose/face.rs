//! The file of a visit at the card reader: every row of qualification.md section 8.

use jiff::civil::{Date, DateTime};
use qualification::protocol::{CertificateState, Qualification};

use super::{
    consents::{Consents, Given},
    conventions::{self, Notice},
    item::{diseases, item, limit},
};
use crate::{
    files::{
        codes::{
            CharacterCode, ProcessingResultStatus, QualificationValidity, ReferenceClassification, SegmentOfResult,
        },
        messages::result::{ResultBody, ResultFile, ResultHeader, ResultItem, ResultList},
    },
    patients::{Insurance, Patient},
};

/// What a file of a visit is made of.
#[derive(Clone, Debug)]
pub struct Visit<'a> {
    /// The service's clock, JST.
    pub now: DateTime,
    /// 医療機関コード.
    pub institution: &'a str,
    /// 16 characters, made for this file.
    pub token: String,
    /// What the centre answered.
    pub qualification: Qualification,
    /// What it answered about the certificate.
    pub certificate: CertificateState,
    /// Whom it found.
    pub person: Option<&'a Patient>,
    /// Their insurances.
    pub insurances: Vec<&'a Insurance>,
    /// What they agreed to.
    pub consents: Consents,
    /// 特定疾病療養受療証 was asked for after a yes, and is there.
    pub holds_specific_disease: bool,
    /// The clinic's own number of each insurance, by its place in `insurances`.
    pub reference_numbers: Vec<Option<String>>,
}

impl Visit<'_> {
    /// The file; `None`: there is nothing to tell, as nobody was looked up or the card is not signed up.
    #[must_use]
    pub fn file(&self) -> Option<ResultFile> {
        use QualificationValidity as V;
        let validity = match self.qualification {
            Qualification::Valid => V::Valid,
            Qualification::Invalid => V::Invalid,
            Qualification::InvalidNewExists => V::InvalidNewExists,
            Qualification::NotFound => V::NotFound,
            Qualification::Several => V::Several,
            Qualification::Processing => {
                return Some(self.without_body(SegmentOfResult::Processing, conventions::PROCESSING));
            }
            Qualification::CentreError => {
                return Some(self.without_body(SegmentOfResult::Failed, conventions::CENTRE_ERROR));
            }
            Qualification::NotSignedUp | Qualification::NotLookedUp => return None,
        };
        let notice = notice(&self.certificate);
        let items = self.items(validity);
        let list = ResultList { results: items, ..ResultList::default() };
        let body = ResultBody {
            processing_result_status: Some(ProcessingResultStatus::Done.into()),
            processing_result_code: notice.map(|notice| notice.code.to_owned()),
            processing_result_message: notice.map(|notice| notice.message.to_owned()),
            qualification_validity: Some(validity.into()),
            prescription_issue_select: self.consents.prescription.map(Into::into),
            result_list: (!list.results.is_empty()).then_some(list),
            ..ResultBody::default()
        };
        Some(ResultFile::new(self.header(SegmentOfResult::Done), body))
    }

    fn header(&self, segment: SegmentOfResult) -> ResultHeader {
        ResultHeader {
            process_execution_time: Some(self.now.into()),
            qualification_confirmation_date: Some(self.now.date().into()),
            medical_institution_code: Some(self.institution.to_owned()),
            arbitrary_file_identifier: Some(self.token.clone()),
            reference_classification: Some(ReferenceClassification::Card.into()),
            segment_of_result: Some(segment.into()),
            character_code_identifier: Some(CharacterCode::Utf8.into()),
            ..ResultHeader::default()
        }
    }

    fn without_body(&self, segment: SegmentOfResult, notice: Notice) -> ResultFile {
        let header = ResultHeader {
            error_code: Some(notice.code.to_owned()),
            error_message: Some(notice.message.to_owned()),
            ..self.header(segment)
        };
        ResultFile::new(header, ResultBody::default())
    }

    fn items(&self, validity: QualificationValidity) -> Vec<ResultItem> {
        use QualificationValidity as V;
        let Some(person) = self.person else { return Vec::new() };
        let today = self.now.date();
        let told = self.insurances.iter().zip(&self.reference_numbers);
        let one = |(insurance, reference): (&&Insurance, &Option<String>)| item(person, insurance, reference.clone());
        match validity {
            V::Valid | V::ValidNotRegistered => {
                let valid = told.filter(|(insurance, _)| insurance.is_valid_on(today));
                let with_consents = |told: (&&Insurance, &Option<String>)| {
                    let mut item = one(told);
                    self.consents.write(&mut item);
                    item.limit = limit(told.0);
                    let specific = self.consents.specific_diseases == Given::Yes && self.holds_specific_disease;
                    item.specific_diseases = if specific { diseases(told.0) } else { None };
                    item
                };
                valid.map(with_consents).collect()
            }
            // The last one that was lost, for reference; a new one is never shown.
            V::Invalid | V::InvalidNewExists => {
                let lost = told.filter(|(insurance, _)| lost_by(insurance, today).is_some());
                lost.max_by_key(|(insurance, _)| insurance.lost).map(one).into_iter().collect()
            }
            V::NotFound | V::Several => Vec::new(),
        }
    }
}

fn lost_by(insurance: &Insurance, today: Date) -> Option<Date> {
    insurance.lost.filter(|lost| *lost <= today)
}

/// What stands beside a success (section 8, "success + notice").
const fn notice(certificate: &CertificateState) -> Option<Notice> {
    match certificate {
        CertificateState::EndsSoon { .. } => Some(conventions::ENDS_SOON),
        CertificateState::Grace { .. } => Some(conventions::GRACE),
        CertificateState::Valid
        | CertificateState::Expired
        | CertificateState::Suspended
        | CertificateState::Revoked => None,
    }
}

//! 資格確認要求, OQS-IF-001: a question by numbers (qualification.md 6.1).

use jiff::civil::Date;

use crate::files::{
    codes::{LimitConsent, MedicalTreatment},
    layout::{Message, Value, record},
};

/// The whole file.
pub type RequestFile = Message<RequestHeader, RequestBody>;

record! {
    /// Head of every request.
    RequestHeader {
        /// The day to check for; today if it is not there.
        qualification_confirmation_date: Option<Value<Date>> = "QualificationConfirmationDate",
        /// 医療機関コード, 10 digits; must be this facility's.
        medical_institution_code: Option<String> = "MedicalInstitutionCode",
        /// Free; comes back unchanged.
        arbitrary_file_identifier: Option<String> = "ArbitraryFileIdentifier",
    }
}

record! {
    /// What is asked.
    RequestBody {
        /// Whom it is about.
        search: Option<SearchInfo> = "QualificationConfirmSearchInfo",
    }
}

record! {
    /// Whom it is about. Comes back in the answer.
    SearchInfo {
        /// 保険者番号; spaces or zeros before it say nothing.
        insurer_number: Option<String> = "InsurerNumber",
        /// 記号, optional.
        insured_card_symbol: Option<String> = "InsuredCardSymbol",
        /// 番号.
        insured_identification_number: Option<String> = "InsuredIdentificationNumber",
        /// 枝番, optional; decides between several.
        insured_branch_number: Option<String> = "InsuredBranchNumber",
        /// Birth date.
        birthdate: Option<Value<Date>> = "Birthdate",
        /// Whether 限度額 is asked for.
        limit_consent: Option<Value<LimitConsent>> = "LimitApplicationCertificateRelatedConsFlg",
        /// Free; comes back unchanged.
        arbitrary_identifier: Option<String> = "ArbitraryIdentifier",
        /// Bulk fetch of consented patients (017–024).
        consent_date_from: Option<Value<Date>> = "ConsentDateFrom",
        /// Bulk fetch of consented patients.
        consent_date_to: Option<Value<Date>> = "ConsentDateTo",
        /// Bulk fetch of consented patients.
        examination_date_from: Option<Value<Date>> = "ExaminationDateFrom",
        /// Bulk fetch of consented patients.
        examination_date_to: Option<Value<Date>> = "ExaminationDateTo",
        /// Bulk fetch of consented patients.
        medical_treatment: Option<Value<MedicalTreatment>> = "MedicalTreatmentFlag",
        /// 医療扶助: YYYYMM.
        treatment_month: Option<String> = "MedicalTreatmentMonth",
    }
}

//! 資格確認結果, OQS-IF-002: the answer to numbers, and what the card reader starts (qualification.md 6.2).

use jiff::civil::{Date, DateTime};

use super::request::SearchInfo;
use crate::files::{
    codes::{
        CharacterCode, Consent, InsuredCard, LimitCertificate, LimitChanged, LimitClass, LimitConsent, PersonalFamily,
        Preschool, PrescriptionForm, ProcessingResultStatus, QualificationValidity, ReasonOfLoss,
        ReferenceClassification, SegmentOfResult, Sex, SpecificDisease,
    },
    layout::{Message, Value, record},
    messages::assistance::PublicExpenseResultList,
};

/// The whole file.
pub type ResultFile = Message<ResultHeader, ResultBody>;

record! {
    /// Head of every answer.
    ResultHeader {
        /// The centre's clock.
        process_execution_time: Option<Value<DateTime>> = "ProcessExecutionTime",
        /// The day that was checked for.
        qualification_confirmation_date: Option<Value<Date>> = "QualificationConfirmationDate",
        /// 医療機関コード, 10 digits.
        medical_institution_code: Option<String> = "MedicalInstitutionCode",
        /// The request's, unchanged; in face files 16 characters made here.
        arbitrary_file_identifier: Option<String> = "ArbitraryFileIdentifier",
        /// By card or by numbers.
        reference_classification: Option<Value<ReferenceClassification>> = "ReferenceClassification",
        /// Whether the centre did it.
        segment_of_result: Option<Value<SegmentOfResult>> = "SegmentOfResult",
        /// Only when the segment is not 1; opaque.
        error_code: Option<String> = "ErrorCode",
        /// Only when the segment is not 1; for staff.
        error_message: Option<String> = "ErrorMessage",
        /// The encoding of the file.
        character_code_identifier: Option<Value<CharacterCode>> = "CharacterCodeIdentifier",
    }
}

record! {
    /// What came of it.
    ResultBody {
        /// Whether it worked.
        processing_result_status: Option<Value<ProcessingResultStatus>> = "ProcessingResultStatus",
        /// On error, or beside a notice; opaque.
        processing_result_code: Option<String> = "ProcessingResultCode",
        /// On error, or the notice; for staff.
        processing_result_message: Option<String> = "ProcessingResultMessage",
        /// 資格有効性.
        qualification_validity: Option<Value<QualificationValidity>> = "QualificationValidity",
        /// What the patient chose.
        prescription_issue_select: Option<Value<PrescriptionForm>> = "PrescriptionIssueSelect",
        /// The question, in answers to numbers.
        search_info: Option<SearchInfo> = "QualificationConfirmSearchInfo",
        /// The qualifications.
        result_list: Option<ResultList> = "ResultList",
    }
}

record! {
    /// The qualifications.
    ResultList {
        /// One qualification.
        results: Vec<ResultItem> = "ResultOfQualificationConfirmation",
    }
}

record! {
    /// One qualification of one person.
    ResultItem {
        /// 被保険者証区分.
        insured_card_classification: Option<Value<InsuredCard>> = "InsuredCardClassification",
        /// 保険者番号, 8 characters, spaces before the number.
        insurer_number: Option<String> = "InsurerNumber",
        /// 医療扶助: 公費負担者番号.
        public_expense_number: Option<String> = "PublicExpenseNumber",
        /// 記号.
        insured_card_symbol: Option<String> = "InsuredCardSymbol",
        /// 番号.
        insured_identification_number: Option<String> = "InsuredIdentificationNumber",
        /// 医療扶助: 受給者番号.
        beneficiary_number: Option<String> = "BeneficiaryNumber",
        /// 枝番.
        insured_branch_number: Option<String> = "InsuredBranchNumber",
        /// 本人・家族.
        personal_family_classification: Option<Value<PersonalFamily>> = "PersonalFamilyClassification",
        /// The householder.
        insured_name: Option<String> = "InsuredName",
        /// As the insurer registered it; may hold ●, which is kept.
        name: Option<String> = "Name",
        /// Another name.
        name_of_other: Option<String> = "NameOfOther",
        /// Half-width katakana.
        name_kana: Option<String> = "NameKana",
        /// Half-width katakana.
        name_of_other_kana: Option<String> = "NameOfOtherKana",
        /// 性別.
        sex1: Option<Value<Sex>> = "Sex1",
        /// Only for the special notation rule.
        sex2: Option<Value<Sex>> = "Sex2",
        /// Birth date.
        birthdate: Option<Value<Date>> = "Birthdate",
        /// Address.
        address: Option<String> = "Address",
        /// 郵便番号.
        post_number: Option<String> = "PostNumber",
        /// 資格取得年月日.
        qualification_date: Option<Value<Date>> = "QualificationDate",
        /// 資格喪失年月日.
        disqualification_date: Option<Value<Date>> = "DisqualificationDate",
        /// 交付年月日.
        insured_certificate_issuance_date: Option<Value<Date>> = "InsuredCertificateIssuanceDate",
        /// 有効開始年月日.
        insured_card_valid_date: Option<Value<Date>> = "InsuredCardValidDate",
        /// 有効終了年月日.
        insured_card_expiration_date: Option<Value<Date>> = "InsuredCardExpirationDate",
        /// 後期高齢者: share to pay, three digits of per cent.
        insured_partial_contribution_ratio: Option<String> = "InsuredPartialContributionRatio",
        /// 未就学.
        preschool_classification: Option<Value<Preschool>> = "PreschoolClassification",
        /// Why it was lost.
        reason_of_loss: Option<Value<ReasonOfLoss>> = "ReasonOfLoss",
        /// 保険者名称.
        insurer_name: Option<String> = "InsurerName",
        /// 医療扶助: 福祉事務所名.
        welfare_office_name: Option<String> = "WelfareOfficeName",
        /// 高齢受給者証.
        elderly_recipient: Option<ElderlyRecipientCertificateInfo> = "ElderlyRecipientCertificateInfo",
        /// 限度額: always 1 with the card.
        limit_consent: Option<Value<LimitConsent>> = "LimitApplicationCertificateRelatedConsFlg",
        /// When.
        limit_consent_time: Option<Value<DateTime>> = "LimitApplicationCertificateRelatedConsTime",
        /// 限度額適用認定証.
        limit: Option<LimitApplicationCertificateRelatedInfo> = "LimitApplicationCertificateRelatedInfo",
        /// 特定疾病療養受療証.
        specific_diseases_consent: Option<Value<Consent>> = "SpecificDiseasesCertificateRelatedConsFlg",
        /// When.
        specific_diseases_consent_time: Option<Value<DateTime>> = "SpecificDiseasesCertificateRelatedConsTime",
        /// 特定疾病療養受療証, after a yes.
        specific_diseases: Option<SpecificDiseasesCertificateList> = "SpecificDiseasesCertificateList",
        /// 医療券・調剤券, 医療扶助.
        public_expense: Option<PublicExpenseResultList> = "PublicExpenseResultList",
        /// 特定健診.
        checkups_consent: Option<Value<Consent>> = "SpecificHealthCheckupsInfoConsFlg",
        /// When.
        checkups_consent_time: Option<Value<DateTime>> = "SpecificHealthCheckupsInfoConsTime",
        /// 24 hours later.
        checkups_available_time: Option<Value<DateTime>> = "SpecificHealthCheckupsInfoAvailableTime",
        /// 薬剤.
        medicines_consent: Option<Value<Consent>> = "PharmacistsInfoConsFlg",
        /// When.
        medicines_consent_time: Option<Value<DateTime>> = "PharmacistsInfoConsTime",
        /// 24 hours later.
        medicines_available_time: Option<Value<DateTime>> = "PharmacistsInfoAvailableTime",
        /// 診療.
        diagnosis_consent: Option<Value<Consent>> = "DiagnosisInfoConsFlg",
        /// When.
        diagnosis_consent_time: Option<Value<DateTime>> = "DiagnosisInfoConsTime",
        /// 24 hours later.
        diagnosis_available_time: Option<Value<DateTime>> = "DiagnosisInfoAvailableTime",
        /// 手術.
        operations_consent: Option<Value<Consent>> = "OperationInfoConsFlg",
        /// When.
        operations_consent_time: Option<Value<DateTime>> = "OperationInfoConsTime",
        /// 24 hours later.
        operations_available_time: Option<Value<DateTime>> = "OperationInfoAvailableTime",
        /// 照会番号: the clinic's own number of the patient, if registered.
        reference_number: Option<String> = "ReferenceNumber",
        /// The request's, unchanged.
        arbitrary_identifier: Option<String> = "ArbitraryIdentifier",
        /// Seen in files of 2026; its meaning is not public. Kept, never written.
        qualification_confirmation_key: Option<String> = "QualificationConfirmationKey",
        /// Bulk results only.
        limit_changed: Option<Value<LimitChanged>> = "LimitApplicationCertificateChanged",
    }
}

record! {
    /// 高齢受給者証.
    ElderlyRecipientCertificateInfo {
        /// 交付年月日.
        date: Option<Value<Date>> = "ElderlyRecipientCertificateDate",
        /// 有効開始年月日.
        valid_start_date: Option<Value<Date>> = "ElderlyRecipientValidStartDate",
        /// 有効終了年月日.
        valid_end_date: Option<Value<Date>> = "ElderlyRecipientValidEndDate",
        /// Share to pay: 010, 020 or 030.
        contribution_ratio: Option<String> = "ElderlyRecipientContributionRatio",
    }
}

record! {
    /// 限度額適用認定証.
    LimitApplicationCertificateRelatedInfo {
        /// 認定証区分.
        classification: Option<Value<LimitCertificate>> = "LimitApplicationCertificateClassification",
        /// 適用区分.
        classification_flag: Option<Value<LimitClass>> = "LimitApplicationCertificateClassificationFlag",
        /// 交付年月日.
        date: Option<Value<Date>> = "LimitApplicationCertificateDate",
        /// 有効開始年月日.
        valid_start_date: Option<Value<Date>> = "LimitApplicationCertificateValidStartDate",
        /// 有効終了年月日.
        valid_end_date: Option<Value<Date>> = "LimitApplicationCertificateValidEndDate",
        /// 長期入院該当年月日.
        long_term_date: Option<Value<Date>> = "LimitApplicationCertificateLongTermDate",
    }
}

record! {
    /// 特定疾病療養受療証, all of them.
    SpecificDiseasesCertificateList {
        /// One.
        certificates: Vec<SpecificDiseasesCertificateInfo> = "SpecificDiseasesCertificateInfo",
    }
}

record! {
    /// 特定疾病療養受療証.
    SpecificDiseasesCertificateInfo {
        /// Which.
        disease: Option<Value<SpecificDisease>> = "SpecificDiseasesDiseaseCategory",
        /// 交付年月日.
        date: Option<Value<Date>> = "SpecificDiseasesCertificateDate",
        /// 有効開始年月日.
        valid_start_date: Option<Value<Date>> = "SpecificDiseasesValidStartDate",
        /// 有効終了年月日.
        valid_end_date: Option<Value<Date>> = "SpecificDiseasesValidEndDate",
        /// Yen per month.
        self_pay: Option<Value<u32>> = "SpecificDiseasesSelfPay",
    }
}

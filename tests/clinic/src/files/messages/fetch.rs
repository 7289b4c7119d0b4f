//! 薬剤情報 (`YZK…`) and 特定健診情報 (`TKK…`): fetching what a patient agreed to (qualification.md 6.4).

use jiff::civil::Date;

use crate::files::{
    codes::{CharacterCode, MedicalTreatment, MedicinesShown},
    layout::{Message, Value, record},
};

/// The request.
pub type FetchFile = Message<FetchHeader, FetchBody>;

/// The answer.
pub type FetchedFile = Message<FetchedHeader, FetchedBody>;

record! {
    /// Whose information. Names differ from those of 資格確認.
    FetchHeader {
        /// 医療機関コード; must be this facility's.
        medical_institution_code: Option<String> = "MedicalInstitutionCode",
        /// 保険者番号.
        insurer_number: Option<String> = "InsurerNumber",
        /// 記号.
        insurance_card_symbol: Option<String> = "InsuranceCardSymbol",
        /// 番号.
        insured_person_identification_number: Option<String> = "InsuredPersonIdentificationNumber",
        /// 枝番.
        branch_number: Option<String> = "BranchNumber",
        /// Free; comes back unchanged.
        arbitrary_file_identifier: Option<String> = "ArbitraryFileIdentifier",
    }
}

record! {
    /// Which information.
    FetchBody {
        /// From, medicines only.
        start_date: Option<Value<Date>> = "StartDate",
        /// To, medicines only.
        end_date: Option<Value<Date>> = "EndDate",
        /// Odd: PDF; even: XML.
        file_category: Option<Value<u32>> = "FileCategory",
        /// 薬剤情報等.
        medicines_shown: Option<Value<MedicinesShown>> = "PrDiInfClassification",
        /// 診療区分.
        medical_treatment: Option<Value<MedicalTreatment>> = "MedicalTreatmentFlag",
    }
}

record! {
    /// Head of the answer.
    FetchedHeader {
        /// 医療機関コード.
        medical_institution_code: Option<String> = "MedicalInstitutionCode",
        /// The request's.
        insurer_number: Option<String> = "InsurerNumber",
        /// The request's.
        insurance_card_symbol: Option<String> = "InsuranceCardSymbol",
        /// The request's.
        insured_person_identification_number: Option<String> = "InsuredPersonIdentificationNumber",
        /// The request's.
        branch_number: Option<String> = "BranchNumber",
        /// The request's, unchanged.
        arbitrary_file_identifier: Option<String> = "ArbitraryFileIdentifier",
        /// The encoding of the file.
        character_code_identifier: Option<Value<CharacterCode>> = "CharacterCodeIdentifier",
    }
}

record! {
    /// What came of it.
    FetchedBody {
        /// 1: good.
        result_code: Option<String> = "ResultCode",
        /// Why not; for staff.
        message_contents: Option<String> = "MessageContents",
    }
}

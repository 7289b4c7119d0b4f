//! 照会番号登録, OQS-IF-003/004 and 009–012: the clinic's own number of a patient (qualification.md 6.3).

use super::{request::RequestHeader, result::ResultHeader};
use crate::files::{
    codes::ProcessingResultStatus,
    layout::{Message, Value, record},
};

/// The request, single (one person) or bulk (many).
pub type RegistrationFile = Message<RequestHeader, RegistrationBody>;

/// The answer to a single one.
pub type RegisteredFile = Message<ResultHeader, RegisteredBody>;

record! {
    /// Whom to register.
    RegistrationBody {
        /// One person; several in a bulk request.
        registrations: Vec<ReferenceNumberRegistrationInfo> = "ReferenceNumberRegistrationInfo",
    }
}

record! {
    /// One number of one person.
    ReferenceNumberRegistrationInfo {
        /// The clinic's own, at most 50 characters.
        reference_number: Option<String> = "ReferenceNumber",
        /// 保険者番号.
        insurer_number: Option<String> = "InsurerNumber",
        /// 記号.
        insured_card_symbol: Option<String> = "InsuredCardSymbol",
        /// 番号.
        insured_identification_number: Option<String> = "InsuredIdentificationNumber",
        /// 枝番.
        insured_branch_number: Option<String> = "InsuredBranchNumber",
    }
}

record! {
    /// What came of one.
    RegisteredBody {
        /// Whether it is registered.
        processing_result_status: Option<Value<ProcessingResultStatus>> = "ProcessingResultStatus",
        /// On error; opaque.
        processing_result_code: Option<String> = "ProcessingResultCode",
        /// On error; for staff.
        processing_result_message: Option<String> = "ProcessingResultMessage",
        /// The request's.
        registration: Option<ReferenceNumberRegistrationInfo> = "ReferenceNumberRegistrationInfo",
    }
}

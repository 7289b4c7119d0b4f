//! Bulk: upload, its receipt, asking for the results, the results (OQS-IF-005–012; qualification.md 6.2).

use jiff::civil::{Date, DateTime};

use super::{
    registration::ReferenceNumberRegistrationInfo,
    request::{RequestHeader, SearchInfo},
    result::{ResultHeader, ResultItem},
};
use crate::files::{
    codes::{CharacterCode, ProcessingResultStatus, QualificationValidity, ReferenceClassification, SegmentOfResult},
    layout::{Message, Value, record},
};

/// 資格確認一括照会: upload. 照会番号一括登録 has [`super::registration::RegistrationFile`].
pub type BulkRequestFile = Message<RequestHeader, BulkRequestBody>;

/// The receipt of an upload.
pub type UploadedFile = Message<ResultHeader, UploadedBody>;

/// Asks for the results of an upload.
pub type DownloadFile = Message<RequestHeader, DownloadBody>;

/// The results of an upload.
pub type BulkResultFile = Message<BulkResultHeader, BulkResultBody>;

record! {
    /// Whom it is about.
    BulkRequestBody {
        /// One person.
        searches: Vec<SearchInfo> = "QualificationConfirmSearchInfo",
    }
}

record! {
    /// The receipt of an upload.
    UploadedBody {
        /// 受付番号: the results are asked for with it.
        reception_number: Option<String> = "ReceptionNumber",
        /// When.
        reception_date_time: Option<Value<DateTime>> = "ReceptionDateTime",
    }
}

record! {
    /// Which results.
    DownloadBody {
        /// 受付番号 of the upload.
        reception_number: Option<String> = "ReceptionNumber",
    }
}

record! {
    /// Head of bulk results.
    BulkResultHeader {
        /// The centre's clock.
        process_execution_time: Option<Value<DateTime>> = "ProcessExecutionTime",
        /// The day that was checked for.
        qualification_confirmation_date: Option<Value<Date>> = "QualificationConfirmationDate",
        /// 医療機関コード.
        medical_institution_code: Option<String> = "MedicalInstitutionCode",
        /// The request's, unchanged.
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
        /// 受付番号.
        reception_number: Option<String> = "ReceptionNumber",
        /// Units in it.
        number_of_processing_result: Option<Value<u32>> = "NumberOfProcessingResult",
        /// Units that worked.
        number_of_normal_processing: Option<Value<u32>> = "NumberOfNormalProcessing",
        /// Units that did not.
        number_of_error: Option<Value<u32>> = "NumberOfError",
    }
}

record! {
    /// The results.
    BulkResultBody {
        /// One person.
        units: Vec<BulkConfirmUnit> = "BulkConfirmUnit",
    }
}

record! {
    /// The result of one person.
    BulkConfirmUnit {
        /// The question.
        search: Option<SearchInfo> = "QualificationConfirmSearchInfo",
        /// The registration, in 照会番号一括登録.
        registration: Option<ReferenceNumberRegistrationInfo> = "ReferenceNumberRegistrationInfo",
        /// Whether it worked.
        processing_result_status: Option<Value<ProcessingResultStatus>> = "ProcessingResultStatus",
        /// On error; opaque.
        processing_result_code: Option<String> = "ProcessingResultCode",
        /// On error; for staff.
        processing_result_message: Option<String> = "ProcessingResultMessage",
        /// 資格有効性.
        qualification_validity: Option<Value<QualificationValidity>> = "QualificationValidity",
        /// The qualification.
        result: Option<ResultItem> = "ResultOfQualificationConfirmation",
        /// 照会番号.
        reference_number: Option<String> = "ReferenceNumber",
    }
}

//! 医療機関環境設定情報 (OQS-IF-041–044) and 目視確認用パスコード (049/050). That these interfaces exist and which codes they
//! carry is public, their elements are not: the names here are our own convention.

use super::{request::RequestHeader, result::ResultHeader};
use crate::files::{
    codes::{PrescriptionAsked, PrescriptionUse, ProcessingResultStatus, UseSetting},
    layout::{Leaf, Message, Value, record},
};

/// 041 (照会, empty body) and 043 (更新).
pub type EnvironmentFile = Message<RequestHeader, EnvironmentBody>;

/// 042 and 044: what is set now.
pub type EnvironmentAnswerFile = Message<ResultHeader, EnvironmentAnswerBody>;

/// 049.
pub type PasscodeFile = Message<RequestHeader, PasscodeBody>;

/// 050.
pub type PasscodeAnswerFile = Message<ResultHeader, PasscodeAnswerBody>;

record! {
    /// What to set.
    EnvironmentBody {
        /// The settings; what is absent stays as it is.
        environment: Option<EnvironmentInfo> = "MedicalInstitutionEnvironmentInfo",
    }
}

record! {
    /// What is set.
    EnvironmentAnswerBody {
        /// Whether it worked.
        processing_result_status: Option<Value<ProcessingResultStatus>> = "ProcessingResultStatus",
        /// The settings.
        environment: Option<EnvironmentInfo> = "MedicalInstitutionEnvironmentInfo",
    }
}

record! {
    /// Settings of the facility.
    EnvironmentInfo {
        /// 医療費助成 (PMH).
        expense_subsidy: Option<Value<UseSetting>> = "MedicalExpenseSubsidyUseSetting",
        /// 電子処方箋.
        prescription_use: Option<Value<PrescriptionUse>> = "ElectronicPrescriptionUseClassification",
        /// When its form is chosen.
        prescription_asked: Option<Value<PrescriptionAsked>> = "PrescriptionIssueSelectTiming",
    }
}

record! {
    /// Nothing.
    PasscodeBody {}
}

record! {
    /// A new passcode.
    PasscodeAnswerBody {
        /// Whether it worked.
        processing_result_status: Option<Value<ProcessingResultStatus>> = "ProcessingResultStatus",
        /// The digits, once: terminals and books hold their hash alone.
        passcode: Option<Value<Passcode>> = "VisualConfirmationPasscode",
    }
}

/// Digits of a passcode. `Debug` prints nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Passcode(String);

impl Passcode {
    /// Of 4 to 12 digits.
    #[must_use]
    pub fn new(digits: &str) -> Option<Self> {
        let fits = (4..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(digits.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Passcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passcode").finish_non_exhaustive()
    }
}

impl Leaf for Passcode {
    const FORM: &'static str = "digits";

    fn parse(text: &str) -> Option<Self> {
        Self::new(text)
    }

    fn text(&self) -> String {
        self.0.clone()
    }
}

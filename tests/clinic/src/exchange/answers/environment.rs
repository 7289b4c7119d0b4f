//! 医療機関環境設定情報, OQS-IF-041 to 044: what the facility uses decides what terminals are asked from the next proof on.

use super::{Trouble, header};
use crate::{
    files::{
        Encoding, FileError,
        codes::{PrescriptionAsked, PrescriptionUse, ProcessingResultStatus, UseSetting},
        layout::Value,
        messages::facility::{EnvironmentAnswerBody, EnvironmentAnswerFile, EnvironmentFile, EnvironmentInfo},
        names::Interface,
    },
    service::Service,
    settings::{Asked, Forms, Settings},
};

pub(super) fn answer(
    service: &Service,
    interface: Interface,
    bytes: &[u8],
    encoding: Encoding,
) -> Result<Vec<u8>, Trouble> {
    let (request, _) = EnvironmentFile::read(bytes)?;
    let header = header(service, &request.header, encoding)?;
    if interface == Interface::EnvironmentUpdate {
        let element = "MedicalInstitutionEnvironmentInfo";
        let wanted = request.body.environment.ok_or(FileError::Missing { element })?;
        let settings = changed(service.controls.settings(), &wanted)?;
        service.controls.set_settings(settings);
    }
    let body = EnvironmentAnswerBody {
        processing_result_status: Some(ProcessingResultStatus::Done.into()),
        environment: Some(told(&service.controls.settings())),
        ..EnvironmentAnswerBody::default()
    };
    Ok(EnvironmentAnswerFile::new(header, body).write(encoding))
}

fn told(settings: &Settings) -> EnvironmentInfo {
    let subsidy = if settings.public_expense { UseSetting::Used } else { UseSetting::NotUsed };
    let forms = match settings.prescription.forms {
        Forms::None => PrescriptionUse::None,
        Forms::ElectronicOnly => PrescriptionUse::ElectronicOnly,
        Forms::Both => PrescriptionUse::Both,
        Forms::PaperOnly => PrescriptionUse::PaperOnly,
    };
    let asked = match settings.prescription.asked {
        Asked::Elsewhere => PrescriptionAsked::Elsewhere,
        Asked::AtTheCheck => PrescriptionAsked::AtTheCheck,
    };
    EnvironmentInfo {
        expense_subsidy: Some(subsidy.into()),
        prescription_use: Some(forms.into()),
        prescription_asked: Some(asked.into()),
        ..EnvironmentInfo::default()
    }
}

/// All of it, or nothing: a code that is not in its table changes no setting.
fn changed(mut settings: Settings, wanted: &EnvironmentInfo) -> Result<Settings, FileError> {
    if let Some(used) = known(wanted.expense_subsidy.as_ref(), "MedicalExpenseSubsidyUseSetting", "0 or 1")? {
        settings.public_expense = match used {
            UseSetting::NotUsed => false,
            UseSetting::Used => true,
        };
    }
    let element = "ElectronicPrescriptionUseClassification";
    if let Some(forms) = known(wanted.prescription_use.as_ref(), element, "0 to 3")? {
        settings.prescription.forms = match forms {
            PrescriptionUse::None => Forms::None,
            PrescriptionUse::ElectronicOnly => Forms::ElectronicOnly,
            PrescriptionUse::Both => Forms::Both,
            PrescriptionUse::PaperOnly => Forms::PaperOnly,
        };
    }
    if let Some(asked) = known(wanted.prescription_asked.as_ref(), "PrescriptionIssueSelectTiming", "1 or 2")? {
        settings.prescription.asked = match asked {
            PrescriptionAsked::Elsewhere => Asked::Elsewhere,
            PrescriptionAsked::AtTheCheck => Asked::AtTheCheck,
        };
    }
    Ok(settings)
}

fn known<T: Copy>(
    told: Option<&Value<T>>,
    element: &'static str,
    expected: &'static str,
) -> Result<Option<T>, FileError> {
    match told {
        Some(Value::Known(value)) => Ok(Some(*value)),
        Some(Value::Other(_)) => Err(FileError::Form { element, expected }),
        None => Ok(None),
    }
}

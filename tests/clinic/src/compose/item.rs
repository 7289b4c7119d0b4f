//! One qualification of one person as it stands in a result (qualification.md 6.2).

use crate::{
    files::{
        codes, half_width_kana,
        layout::{Leaf, Value},
        messages::result::{
            ElderlyRecipientCertificateInfo, LimitApplicationCertificateRelatedInfo, ResultItem,
            SpecificDiseasesCertificateInfo, SpecificDiseasesCertificateList,
        },
    },
    patients::{Insurance, Patient, Sex},
};

/// Everything but consents and what follows a yes (限度額, 特定疾病).
#[must_use]
pub fn item(person: &Patient, insurance: &Insurance, reference_number: Option<String>) -> ResultItem {
    let sex = match person.sex {
        Sex::Male => codes::Sex::Male,
        Sex::Female => codes::Sex::Female,
    };
    ResultItem {
        insured_card_classification: Some(insurance.classification.into()),
        insurer_number: Some(insurance.insurer.text()),
        insured_card_symbol: insurance.symbol.clone(),
        insured_identification_number: Some(insurance.number.clone()),
        insured_branch_number: insurance.branch.clone(),
        personal_family_classification: Some(insurance.person.into()),
        insured_name: insurance.householder.clone(),
        // As registered: ● stays.
        name: Some(person.name.clone()),
        name_kana: Some(half_width_kana(&person.kana)),
        sex1: Some(sex.into()),
        birthdate: Some(person.born.into()),
        address: insurance.address.clone(),
        post_number: insurance.post_number.clone(),
        qualification_date: insurance.acquired.map(Into::into),
        disqualification_date: insurance.lost.map(Into::into),
        insured_certificate_issuance_date: insurance.issued.map(Into::into),
        insured_card_expiration_date: insurance.expires.map(Into::into),
        insured_partial_contribution_ratio: insurance.partial_ratio.clone(),
        preschool_classification: insurance.preschool.map(Into::into),
        reason_of_loss: insurance.lost_by.map(Into::into),
        insurer_name: Some(insurance.insurer_name.clone()),
        elderly_recipient: insurance.elderly_ratio.clone().map(|ratio| ElderlyRecipientCertificateInfo {
            contribution_ratio: Some(ratio),
            ..ElderlyRecipientCertificateInfo::default()
        }),
        reference_number,
        ..ResultItem::default()
    }
}

/// 限度額適用認定証.
#[must_use]
pub fn limit(insurance: &Insurance) -> Option<LimitApplicationCertificateRelatedInfo> {
    insurance.limit.as_ref().map(|limit| LimitApplicationCertificateRelatedInfo {
        classification: Some(limit.certificate.into()),
        classification_flag: Some(limit.class.into()),
        valid_start_date: limit.from.map(Into::into),
        valid_end_date: limit.to.map(Into::into),
        ..LimitApplicationCertificateRelatedInfo::default()
    })
}

/// 特定疾病療養受療証.
#[must_use]
pub fn diseases(insurance: &Insurance) -> Option<SpecificDiseasesCertificateList> {
    let one = |disease: &crate::patients::Disease| SpecificDiseasesCertificateInfo {
        disease: Some(disease.disease.into()),
        valid_start_date: disease.from.map(Into::into),
        valid_end_date: disease.to.map(Into::into),
        self_pay: disease.self_pay.map(Value::Known),
        ..SpecificDiseasesCertificateInfo::default()
    };
    let certificates: Vec<_> = insurance.diseases.iter().map(one).collect();
    (!certificates.is_empty())
        .then(|| SpecificDiseasesCertificateList { certificates, ..SpecificDiseasesCertificateList::default() })
}

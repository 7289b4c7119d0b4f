//! 医療扶助: tickets in a result (qualification.md 6.2). Read and written back; no invented patient has them.

use jiff::civil::Date;

use crate::files::{
    codes::{
        Consistency, DesignatedInstitution, ElderlyMedicalCare, InfectionStatus, PrefecturalExpenses, SingleOrCombined,
        SocialInsurance, TicketType, TreatmentType,
    },
    layout::{Value, record},
};

record! {
    /// 医療券・調剤券, all of them.
    PublicExpenseResultList {
        /// One.
        tickets: Vec<MedicalTicketInfo> = "MedicalTicketInfo",
    }
}

record! {
    /// One ticket.
    MedicalTicketInfo {
        /// 医療券・調剤券別.
        ticket_type: Option<Value<TicketType>> = "TicketType",
        /// 有効開始年月日.
        valid_date: Option<Value<Date>> = "MedicalTicketValidDate",
        /// 有効終了年月日.
        expiration_date: Option<Value<Date>> = "MedicalTicketExpirationDate",
        /// 交付番号.
        issue_number: Option<String> = "IssueNumber",
        /// 診療年月, YYYYMM.
        treatment_month: Option<String> = "MedicalTreatmentMonth",
        /// 指定医療機関コード.
        designated_institution_code: Option<String> = "DesignatedMedicalInstitutionCode",
        /// Whether it is this one.
        designated_institution_flag: Option<Value<DesignatedInstitution>> = "DesignatedMedicalInstitutionFlag",
        /// Its name.
        designated_institution_name: Option<String> = "DesignatedMedicalInstitutionName",
        /// 処方箋発行元医療機関コード.
        prescription_issuer_code: Option<String> = "PrescriptionIssuerMedicalInstitutionCode",
        /// Its name.
        prescription_issuer_name: Option<String> = "PrescriptionIssuerMedicalInstitutionName",
        /// 傷病名1.
        injury_name1: Option<String> = "InjuryName1",
        /// 傷病名2.
        injury_name2: Option<String> = "InjuryName2",
        /// 傷病名3.
        injury_name3: Option<String> = "InjuryName3",
        /// 診療別.
        treatment_type: Option<Value<TreatmentType>> = "MedicalTreatmentType",
        /// 本人支払額.
        self_pay_amount: Option<Value<u32>> = "SelfPayAmount",
        /// 地区担当員名.
        district_contact_name: Option<String> = "DistrictContactName",
        /// 取扱担当者名.
        handling_contact_name: Option<String> = "HandlingContactName",
        /// 単独・併用.
        single_or_combined: Option<Value<SingleOrCombined>> = "SingleOrCombinedUse",
        /// 社会保険状況.
        social_insurance: Option<Value<SocialInsurance>> = "StatusOfSocialInsurance",
        /// 整合性.
        consistency: Option<Value<Consistency>> = "ConsistencyFlag",
        /// 感染症37条の2; spelt so in real files.
        infection: Option<Value<InfectionStatus>> = "StatusOfInfecton",
        /// 後期高齢.
        elderly_medical_care: Option<Value<ElderlyMedicalCare>> = "StatusOfElderlyMedicalCare",
        /// 都道府県費.
        prefectural_expenses: Option<Value<PrefecturalExpenses>> = "StatusOfPrefecturalExpenses",
        /// 備考1.
        remarks1: Option<String> = "Remarks1",
        /// 備考2.
        remarks2: Option<String> = "Remarks2",
        /// 備考3.
        remarks3: Option<String> = "Remarks3",
    }
}

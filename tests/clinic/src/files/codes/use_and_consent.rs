//! Tables of consent, medical information and what a facility uses: OQSCD016, 028–032, 036–044. 033–035 are not public.

super::codes! {
    "OQSCD016" "同意区分" Consent {
        NotGiven = "0" "同意なし",
        Given = "1" "同意あり",
        Ended = "2" "同意有効期限切れ（訪問・オンラインのみ）",
        NotObtainable = "3" "同意取得困難（救急のみ）",
    }
    "OQSCD028" "診療区分" MedicalTreatment {
        Outpatient = "1" "外来",
        Visiting = "2" "訪問診療等",
        Online = "3" "オンライン診療等",
        Emergency = "4" "救急時",
    }
    "OQSCD029" "医療情報種別" MedicalInformation {
        Checkups = "TKK" "特定健診情報",
        Medicines = "YZK" "薬剤情報等",
    }
    "OQSCD030" "薬剤情報等" MedicinesShown {
        No = "0" "表示しない",
        Yes = "1" "表示する",
    }
    "OQSCD031" "同意有効期限切れ理由" ConsentEnd {
        ByCareForm = "0" "診療形態による期限",
        ByInstitution = "1" "医療機関による取消",
        ByPatient = "2" "患者による取消",
        OtherPurpose = "3" "用途変更",
    }
    "OQSCD032" "資格情報変更確認フラグ" QualificationChange {
        Matches = "0" "一致",
        Differs = "1" "不一致",
    }
    "OQSCD036" "閲覧同意情報種別" ConsentGroup {
        SpecificDiseases = "TSR" "特定疾病療養受療証情報",
        Checkups = "TKK" "特定健診情報",
        Medicines = "YZK" "薬剤情報（薬剤・処方）",
        Diagnosis = "SRJ" "診療情報（診療・その他アレルギー等・薬剤アレルギー等・検査情報）",
        Operations = "SHJ" "手術情報（手術・傷病名・感染症情報）",
    }
    "OQSCD037" "利用設定区分" UseSetting {
        NotUsed = "0" "利用しない",
        Used = "1" "利用する",
    }
    "OQSCD038" "電子処方箋利用区分" PrescriptionUse {
        None = "0" "利用しない",
        ElectronicOnly = "1" "電子処方箋のみ",
        Both = "2" "電子+紙併用",
        PaperOnly = "3" "紙のみ",
    }
    "OQSCD039" "処方箋発行形態選択タイミング" PrescriptionAsked {
        Elsewhere = "1" "資格確認時以外で確認する",
        AtTheCheck = "2" "資格確認時に確認する",
    }
    "OQSCD040" "情報要求パターン" RequestPattern {
        Pattern1 = "1" "救急サマリー",
        Pattern2 = "2" "公開資料に意味がない",
        Pattern3 = "3" "公開資料に意味がない",
        Pattern4 = "4" "公開資料に意味がない",
        Pattern5 = "5" "公開資料に意味がない",
        Pattern6 = "6" "特定健診",
    }
    "OQSCD041" "二要素認証 要素" AuthenticationFactor {
        Memory = "1" "記憶",
        Biometric = "2" "生体",
        Physical = "3" "物理",
    }
    "OQSCD042 (041 = 1)" "二要素認証 方式（記憶）" MemoryMethod {
        Password = "01" "ID/PW",
        Pin = "02" "PIN",
        Question = "03" "秘密の質問",
    }
    "OQSCD042 (041 = 2)" "二要素認証 方式（生体）" BiometricMethod {
        Finger = "01" "指紋",
        Face = "02" "顔",
        Voice = "03" "音声",
        Vein = "04" "静脈",
        Iris = "05" "虹彩",
    }
    "OQSCD042 (041 = 3)" "二要素認証 方式（物理）" PhysicalMethod {
        Card = "01" "ICカード",
        OneTimePassword = "02" "OTP",
        Other = "03" "その他",
    }
    "OQSCD043" "救急時閲覧権限" EmergencyAccess {
        No = "0" "無し",
        Yes = "1" "あり",
    }
    "OQSCD044" "連携システムID" LinkedSystem {
        ExpenseSubsidy = "01" "医療費助成",
        MaternalHealth = "2" "母子保健",
        Vaccination = "4" "予防接種",
        NursingCare = "8" "介護保険",
    }
}

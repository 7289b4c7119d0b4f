//! Tables about a result, a qualification and its certificates: OQSCD001–015, 017.

super::codes! {
    "OQSCD001" "限度額適用認定証同意フラグ" LimitConsent {
        NotGiven = "0" "未同意",
        Given = "1" "同意",
    }
    "OQSCD002" "照会区分" ReferenceClassification {
        Card = "1" "マイナンバーカード",
        Numbers = "2" "被保険者証情報",
    }
    "OQSCD003" "処理結果区分" SegmentOfResult {
        Done = "1" "正常終了",
        Processing = "2" "処理中",
        Failed = "9" "異常終了",
    }
    "OQSCD004" "処理結果状況" ProcessingResultStatus {
        Done = "1" "正常終了",
        Error = "2" "エラー",
    }
    "OQSCD005" "文字コード識別" CharacterCode {
        Utf8 = "0" "UTF-8",
        ShiftJis = "1" "Shift_JIS",
    }
    "OQSCD006" "資格有効性" QualificationValidity {
        Valid = "1" "有効",
        Invalid = "2" "無効",
        InvalidNewExists = "3" "無効（新しい資格あり）",
        NotFound = "4" "該当資格なし",
        Several = "5" "複数該当",
        ValidNotRegistered = "6" "有効（未登録）",
    }
    "OQSCD007" "性別" Sex {
        Male = "1" "男",
        Female = "2" "女",
        NotSet = "3" "未設定",
    }
    "OQSCD008" "資格喪失事由" ReasonOfLoss {
        Death = "01" "死亡",
        PublicAssistance = "02" "生活保護受給開始",
        OtherInsurance = "03" "医療保険等の資格取得",
        Other = "99" "その他",
    }
    "OQSCD009" "本人・家族区分" PersonalFamily {
        Person = "1" "本人",
        Family = "2" "家族",
    }
    "OQSCD010" "被保険者証区分" InsuredCard {
        General = "01" "一般",
        Retired = "02" "退職",
        ShortTermGeneral = "03" "短期（一般）",
        ShortTermRetired = "04" "短期（退職）",
        SpecialMedicalExpense = "05" "特別療養費支給対象者",
        SpecialRetired = "06" "特例退職",
        SelfDefense = "07" "自衛官",
        MedicalAssistance = "A1" "医療扶助",
    }
    "OQSCD011" "限度額適用認定証区分" LimitCertificate {
        Limit = "01" "限度額適用区分認定証",
        LimitAndMeals = "02" "限度額適用・標準負担額減額認定証",
        Meals = "03" "標準負担額減額認定証",
    }
    "OQSCD012" "適用区分" LimitClass {
        A01 = "A01" "ア",
        A02 = "A02" "イ",
        A03 = "A03" "ウ",
        A04 = "A04" "エ",
        A05 = "A05" "オ",
        A06 = "A06" "オ（境）",
        B01 = "B01" "現役並みⅢ",
        B02 = "B02" "現役並みⅡ",
        B03 = "B03" "現役並みⅠ",
        B04 = "B04" "一般",
        B09 = "B09" "一般Ⅱ",
        B10 = "B10" "一般Ⅰ",
        B05 = "B05" "低所得Ⅱ",
        B06 = "B06" "低所得Ⅰ",
        B07 = "B07" "低所得Ⅰ（老福）",
        B08 = "B08" "低所得Ⅰ（境）",
    }
    "OQSCD013" "特定疾病" SpecificDisease {
        Kidney = "1" "人工透析を実施している慢性腎不全",
        Clotting = "2" "先天性血液凝固因子障害",
        BloodProducts = "3" "血液凝固因子製剤に起因するHIV感染症",
    }
    "OQSCD014" "限度額情報変更有無" LimitChanged {
        Unchanged = "0" "変更なし",
        ChangedOrUnknown = "1" "変更あり または 判定不能",
    }
    "OQSCD015" "未就学区分" Preschool {
        Preschool = "1" "未就学該当",
    }
    "OQSCD017" "処方箋発行形態" PrescriptionForm {
        Electronic = "1" "電子処方箋",
        Paper = "2" "紙の処方箋",
    }
}

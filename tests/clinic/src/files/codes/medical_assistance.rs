//! Tables of 医療扶助: OQSCD018–027. What 01 and 02 mean is public only where the table's own name says it.

super::codes! {
    "OQSCD018" "医療券・調剤券別" TicketType {
        Medical = "01" "医療券",
        Dispensing = "02" "調剤券",
    }
    "OQSCD019" "診療別" TreatmentType {
        Inpatient = "01" "入院",
        Outpatient = "02" "入院外",
        Dental = "03" "歯科",
        Dispensing = "04" "調剤",
        HomeNursing = "05" "訪問看護",
    }
    "OQSCD020" "単独・併用" SingleOrCombined {
        Code01 = "01" "単独・併用のどちらかは公開資料にない",
        Code02 = "02" "単独・併用のどちらかは公開資料にない",
    }
    "OQSCD021" "社会保険状況" SocialInsurance {
        Code01 = "01" "公開資料に意味がない",
        Code02 = "02" "公開資料に意味がない",
    }
    "OQSCD022" "整合性" Consistency {
        Inconsistent = "1" "不整合あり",
    }
    "OQSCD023" "感染症37条の2" InfectionStatus {
        Code01 = "01" "公開資料に意味がない",
        Code02 = "02" "公開資料に意味がない",
    }
    "OQSCD024" "後期高齢" ElderlyMedicalCare {
        Code01 = "01" "公開資料に意味がない",
        Code02 = "02" "公開資料に意味がない",
    }
    "OQSCD025" "都道府県費" PrefecturalExpenses {
        Code01 = "01" "公開資料に意味がない",
        Code02 = "02" "公開資料に意味がない",
    }
    "OQSCD026" "指定医療機関確認フラグ" DesignatedInstitution {
        Matches = "0" "一致",
        Differs = "1" "不一致",
    }
    "OQSCD027" "同一個人有無フラグ" SamePerson {
        Exists = "1" "同一個人あり",
    }
}

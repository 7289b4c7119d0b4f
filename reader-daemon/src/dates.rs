//! The last day of a certificate as the patient reads it (patient-flow section 8), and the year it is.
//!
//! Gregorian years and European digits in every language: so they stand on the card and on the municipality's letter,
//! which the patient holds beside the screen. In Nepali letters a bare २०२७ could also be read as a year of Bikram Sambat,
//! so the year says सन् as well. やさしい日本語 leaves the era out, as its guidelines ask.

use jiff::civil::{Date, date};
use screen::Language;
use session::CertificateEnd;

/// First day of each era, newest first.
const ERAS: [(Date, &str); 4] =
    [(date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"), (date(1912, 7, 30), "大正")];

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const PORTUGUESE: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
const FILIPINO: [&str; 12] = [
    "Enero",
    "Pebrero",
    "Marso",
    "Abril",
    "Mayo",
    "Hunyo",
    "Hulyo",
    "Agosto",
    "Setyembre",
    "Oktubre",
    "Nobyembre",
    "Disyembre",
];
const NEPALI: [&str; 12] =
    ["जनवरी", "फेब्रुअरी", "मार्च", "अप्रिल", "मे", "जुन", "जुलाई", "अगस्ट", "सेप्टेम्बर", "अक्टोबर", "नोभेम्बर", "डिसेम्बर"];
const INDONESIAN: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const BURMESE: [&str; 12] =
    ["ဇန်နဝါရီ", "ဖေဖော်ဝါရီ", "မတ်", "ဧပြီ", "မေ", "ဇွန်", "ဇူလိုင်", "ဩဂုတ်", "စက်တင်ဘာ", "အောက်တိုဘာ", "နိုဝင်ဘာ", "ဒီဇင်ဘာ"];

/// The last valid day, as the service tells it, for the screen and the voice. `None` unless `iso` is a day `YYYY-MM-DD`
/// of 1900 to 2199.
#[must_use]
pub(crate) fn certificate_end(iso: &str, stay: bool) -> Option<CertificateEnd> {
    // Strict form first: the text comes from the network and ends on the glass.
    let bytes = iso.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let day: Date = iso.parse().ok()?;
    let year = u16::try_from(day.year()).ok().filter(|year| (1900..=2199).contains(year))?;
    let parts = [year, u16::try_from(day.month()).ok()?, u16::try_from(day.day()).ok()?];
    Some(CertificateEnd { day: parts, written: Language::ALL.map(|language| written(day, language)), stay })
}

/// The year it is in Japan, where cards are valid and people are born.
#[must_use]
pub(crate) fn this_year() -> u16 {
    let japan = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    u16::try_from(jiff::Timestamp::now().to_zoned(japan).year()).unwrap_or_default()
}

fn written(on: Date, language: Language) -> String {
    let (year, month, day) = (on.year(), on.month(), on.day());
    let named = |months: [&'static str; 12]| {
        usize::try_from(month - 1).ok().and_then(|at| months.get(at)).copied().unwrap_or_default()
    };
    match language {
        Language::Ja => japanese(on),
        Language::JaEasy | Language::ZhHans | Language::ZhHant => format!("{year}年{month}月{day}日"),
        Language::En => format!("{day} {} {year}", named(ENGLISH)),
        Language::Ko => format!("{year}년 {month}월 {day}일"),
        Language::Vi => format!("ngày {day} tháng {month} năm {year}"),
        Language::Pt if day == 1 => format!("1º de {} de {year}", named(PORTUGUESE)),
        Language::Pt => format!("{day} de {} de {year}", named(PORTUGUESE)),
        Language::Fil => format!("{} {day}, {year}", named(FILIPINO)),
        Language::Ne => format!("सन् {year} {} {day}", named(NEPALI)),
        Language::Id => format!("{day} {} {year}", named(INDONESIAN)),
        Language::My => format!("{year} ခုနှစ် {}လ {day} ရက်", named(BURMESE)),
    }
}

fn japanese(day: Date) -> String {
    let (year, month, date) = (day.year(), day.month(), day.day());
    match ERAS.iter().find(|(first, _)| day >= *first) {
        None => format!("{year}年{month}月{date}日"),
        Some((first, era)) => match year - first.year() + 1 {
            1 => format!("{year}年（{era}元年）{month}月{date}日"),
            count => format!("{year}年（{era}{count}年）{month}月{date}日"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(iso: &str) -> CertificateEnd {
        certificate_end(iso, false).unwrap()
    }

    fn ja(iso: &str) -> String {
        end(iso).written[0].clone()
    }

    #[test]
    fn the_example_of_patient_flow_section_8_comes_out_in_every_language() {
        let end = certificate_end("2027-02-17", true).unwrap();
        assert_eq!(
            end.written,
            [
                "2027年（令和9年）2月17日",
                "2027年2月17日",
                "17 February 2027",
                "2027年2月17日",
                "2027年2月17日",
                "2027년 2월 17일",
                "ngày 17 tháng 2 năm 2027",
                "17 de fevereiro de 2027",
                "Pebrero 17, 2027",
                "सन् 2027 फेब्रुअरी 17",
                "17 Februari 2027",
                "2027 ခုနှစ် ဖေဖော်ဝါရီလ 17 ရက်",
            ]
        );
        assert_eq!(end.day, [2027, 2, 17]);
        assert!(end.stay);
    }

    #[test]
    fn every_month_has_its_name_and_the_first_of_a_month_is_portuguese() {
        for language in Language::ALL {
            let months: std::collections::BTreeSet<_> =
                (1..=12).map(|month| end(&format!("2027-{month:02}-05")).written[language as usize].clone()).collect();
            assert_eq!(months.len(), 12, "{language:?}");
        }
        let march = end("2028-03-01").written;
        assert_eq!(march[Language::Pt as usize], "1º de março de 2028");
        assert_eq!(march[Language::Vi as usize], "ngày 1 tháng 3 năm 2028");
    }

    #[test]
    fn year_and_day_stand_in_the_digits_of_the_card() {
        for text in end("2031-12-28").written {
            assert!(text.contains("2031") && text.contains("28"), "{text}");
        }
    }

    #[test]
    fn eras_change_on_their_day() {
        assert_eq!(ja("2019-05-01"), "2019年（令和元年）5月1日");
        assert_eq!(ja("2019-04-30"), "2019年（平成31年）4月30日");
        assert_eq!(ja("1989-01-08"), "1989年（平成元年）1月8日");
        assert_eq!(ja("1989-01-07"), "1989年（昭和64年）1月7日");
        assert_eq!(ja("1926-12-25"), "1926年（昭和元年）12月25日");
        assert_eq!(ja("1926-12-24"), "1926年（大正15年）12月24日");
        assert_eq!(ja("1912-07-29"), "1912年7月29日");
    }

    #[test]
    fn the_second_year_of_an_era_has_a_number() {
        assert_eq!(ja("2020-01-01"), "2020年（令和2年）1月1日");
    }

    #[test]
    fn a_leap_day_exists_only_in_its_year() {
        assert_eq!(ja("2028-02-29"), "2028年（令和10年）2月29日");
        assert_eq!(certificate_end("2027-02-29", false), None);
    }

    #[test]
    fn what_is_not_a_day_is_refused() {
        for bad in [
            "",
            "2027-2-17",
            "2027-02-17T00:00",
            "+2027-02-17",
            "2027/02/17",
            "0000-01-01",
            "9999-12-31",
            "２０２７-02-17",
        ] {
            assert_eq!(certificate_end(bad, false), None, "{bad}");
        }
    }
}

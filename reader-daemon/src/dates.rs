//! Days as the patient reads them: 「2027年（令和9年）2月17日」 and "17 February 2027" (patient-flow section 8).

use jiff::civil::{Date, date};

/// First day of each era, newest first.
const ERAS: [(Date, &str); 4] =
    [(date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"), (date(1912, 7, 30), "大正")];

const MONTHS: [&str; 12] = [
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

/// A day as `[Japanese, English]`; `None` unless `iso` is a day `YYYY-MM-DD` of 1900 to 2199.
#[must_use]
pub(crate) fn written(iso: &str) -> Option<[String; 2]> {
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
    (1900..=2199).contains(&day.year()).then(|| [japanese(day), english(day)])
}

/// The year it is in Japan, where cards are valid and people are born.
#[must_use]
pub(crate) fn this_year() -> u16 {
    let japan = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    u16::try_from(jiff::Timestamp::now().to_zoned(japan).year()).unwrap_or_default()
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

fn english(day: Date) -> String {
    let month = usize::try_from(day.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ja(iso: &str) -> String {
        written(iso).unwrap()[0].clone()
    }

    #[test]
    fn the_example_of_patient_flow_section_8_comes_out() {
        assert_eq!(written("2027-02-17").unwrap(), ["2027年（令和9年）2月17日", "17 February 2027"]);
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
        assert_eq!(written("2027-02-29"), None);
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
            assert_eq!(written(bad), None, "{bad}");
        }
    }
}

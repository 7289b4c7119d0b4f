//! Forms of texts: days, moments, numbers of insurers, kana in half width.

use jiff::civil::{Date, DateTime, date};
use unicode_normalization::UnicodeNormalization;

use super::layout::Leaf;

fn number<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Option<T> {
    text.get(from..to)?.parse().ok()
}

impl Leaf for Date {
    const FORM: &'static str = "YYYYMMDD";

    fn parse(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::new(number(text, 0, 4)?, number(text, 4, 6)?, number(text, 6, 8)?)
            .ok()
            .filter(|day| *day >= date(1, 1, 1))
    }

    fn text(&self) -> String {
        format!("{:04}{:02}{:02}", self.year(), self.month(), self.day())
    }
}

impl Leaf for DateTime {
    const FORM: &'static str = "YYYYMMDDhhmmss, JST";

    fn parse(text: &str) -> Option<Self> {
        if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let day = Date::parse(text.get(..8)?)?;
        let time =
            jiff::civil::Time::new(number(text, 8, 10)?, number(text, 10, 12)?, number(text, 12, 14)?, 0).ok()?;
        Some(day.to_datetime(time))
    }

    fn text(&self) -> String {
        format!("{}{:02}{:02}{:02}", self.date().text(), self.hour(), self.minute(), self.second())
    }
}

impl Leaf for u32 {
    const FORM: &'static str = "number";

    fn parse(text: &str) -> Option<Self> {
        // Leading zeros would not be written back.
        text.parse().ok().filter(|value: &Self| value.to_string() == text)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// 保険者番号: eight characters, shorter numbers with spaces before them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InsurerNumber(String);

impl InsurerNumber {
    /// Of 1 to 8 digits; spaces and zeros before the number say nothing (qualification.md 6.1).
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.trim_matches(' ');
        let fits = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.trim_start_matches('0');
        (fits && !number.is_empty()).then(|| Self(number.to_owned()))
    }

    /// Without spaces and zeros before it.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.0
    }
}

impl Leaf for InsurerNumber {
    const FORM: &'static str = "8 characters, spaces before the number";

    fn parse(text: &str) -> Option<Self> {
        // Insurance numbers have six or eight digits; the six of 国保 and 後期高齢者 begin with anything but zero, the eight
        // of the others may: there the zero is written back.
        Self::new(text)
    }

    fn text(&self) -> String {
        // 法別番号 begins with 0 for 協会けんぽ (01) and others: seven significant digits were eight.
        let digits = if self.0.len() == 7 { format!("0{}", self.0) } else { self.0.clone() };
        format!("{digits:>8}")
    }
}

/// Half-width katakana of full-width kana, with half-width space; everything else as it is.
#[must_use]
pub fn half_width_kana(text: &str) -> String {
    // NFD takes voice marks apart, as half width writes them.
    text.nfd().map(half).collect()
}

fn half(c: char) -> char {
    let katakana = match c {
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '\u{3099}' => return 'ﾞ',
        '\u{309A}' => return 'ﾟ',
        '\u{3000}' => return ' ',
        c => c,
    };
    // The half-width block is 63 characters long; each names its full-width form.
    let same = |half: &char| *half != katakana && std::iter::once(*half).nfkc().eq(std::iter::once(katakana));
    ('\u{FF61}'..='\u{FF9D}').find(same).unwrap_or(katakana)
}

/// For comparing names and symbols: NFKC without spaces (qualification.md section 9).
#[must_use]
pub fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_digits_without_zone_and_nothing_else() {
        assert_eq!(Date::parse("20260105"), Some(date(2026, 1, 5)));
        assert_eq!(date(2026, 1, 5).text(), "20260105");
        assert_eq!(DateTime::parse("20260105090211"), Some(date(2026, 1, 5).at(9, 2, 11, 0)));
        assert_eq!(date(2026, 1, 5).at(9, 2, 11, 0).text(), "20260105090211");
        for bad in ["", "2026015", "20260230", "00000000", "99999999", "2026-1-5", "２０２６０１０５", "+2026105"]
        {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
        for bad in ["20260105", "20260105240000", "20260105090260", "2026010509021"] {
            assert_eq!(DateTime::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn insurer_numbers_are_written_with_spaces_and_read_with_spaces_or_zeros() {
        for (text, written) in [
            ("  990001", "  990001"),
            ("00990001", "  990001"),
            ("990001", "  990001"),
            ("39990001", "39990001"),
            ("01990001", "01990001"),
            (" 1990001", "01990001"),
        ] {
            assert_eq!(InsurerNumber::new(text).map(|number| number.text()).as_deref(), Some(written), "{text}");
        }
        for bad in ["", "        ", "00000000", "123456789", "99000a", "９９０００１"] {
            assert_eq!(InsurerNumber::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn kana_is_written_in_half_width_and_compared_in_any() {
        for (full, half) in [
            ("ミホン　ハナコ", "ﾐﾎﾝ ﾊﾅｺ"),
            ("ガギグゲゴ・パピプペポ・ヴ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ･ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ･ｳﾞ"),
            ("みほん　しょうー", "ﾐﾎﾝ ｼｮｳｰ"),
            ("ﾐﾎﾝ ｻﾌﾞﾛｳ", "ﾐﾎﾝ ｻﾌﾞﾛｳ"),
            ("「。」、ヲァィゥェォャュョッ", "｢｡｣､ｦｧｨｩｪｫｬｭｮｯ"),
            ("●A1", "●A1"),
        ] {
            assert_eq!(half_width_kana(full), half);
            assert_eq!(folded(full).chars().count(), folded(half).chars().count());
        }
        assert_eq!(folded("ｻﾌﾞﾛｳ ミホン"), folded("サブロウ　ﾐﾎﾝ"));
    }
}

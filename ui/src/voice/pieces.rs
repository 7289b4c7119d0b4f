//! Counts and dates, said piece by piece: the exact texts that have clips. `ui/voice/pieces.toml` holds them for this
//! program and for `scripts/voice`.

use std::sync::LazyLock;

use screen::Language;
use toml::{Table, Value};

static PIECES: LazyLock<Table> =
    LazyLock::new(|| include_str!("../../voice/pieces.toml").parse().unwrap_or_else(|_| Table::new()));

/// The text of a count, such as tries left: 0 to 12. None: beyond, or the language has no voice.
#[must_use]
pub fn count(language: Language, count: u32) -> Option<String> {
    piece(language, "count", i64::from(count))
}

/// The texts of a day, in the order of the language: 2027年 · 2月 · 17日. None: a day that has no clips.
#[must_use]
pub fn date(language: Language, year: u32, month: u32, day: u32) -> Option<Vec<String>> {
    let order = PIECES.get("languages")?.get(language.tag())?.get("order")?.as_str()?;
    order
        .chars()
        .map(|part| match part {
            'y' => piece(language, "year", i64::from(year)),
            'm' => piece(language, "month", i64::from(month)),
            'd' => piece(language, "day", i64::from(day)),
            _ => None,
        })
        .collect()
}

fn piece(language: Language, kind: &str, number: i64) -> Option<String> {
    let bounds = PIECES.get("bounds")?.get(kind)?;
    let (first, last) = (bounds.get(0)?.as_integer()?, bounds.get(1)?.as_integer()?);
    if !(first..=last).contains(&number) {
        return None;
    }
    let texts = PIECES.get("languages")?.get(language.tag())?.get(kind)?;
    match texts.as_str() {
        Some(pattern) => Some(pattern.replace("{}", &number.to_string())),
        None => texts.get(usize::try_from(number - first).ok()?).and_then(Value::as_str).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a voice in any free engine; `ui/voice/README.md` says so.
    const VOICELESS: [Language; 2] = [Language::Fil, Language::My];

    #[test]
    fn days_are_said_in_the_order_of_the_language() {
        assert_eq!(date(Language::Ja, 2027, 2, 17).unwrap(), ["2027年", "2月", "17日"]);
        assert_eq!(date(Language::En, 2027, 2, 17).unwrap(), ["17th", "February", "2027"]);
        assert_eq!(date(Language::Vi, 2027, 2, 17).unwrap(), ["ngày 17", "tháng 2", "năm 2027"]);
    }

    #[test]
    fn every_language_with_a_voice_has_every_piece() {
        for language in Language::ALL {
            let has = !VOICELESS.contains(&language);
            for number in 0..=12 {
                assert_eq!(count(language, number).is_some(), has, "{language:?} {number}");
            }
            for year in 2024..=2045 {
                for month in 1..=12 {
                    assert_eq!(date(language, year, month, 1).is_some(), has, "{language:?} {year} {month}");
                }
            }
            for day in 1..=31 {
                assert_eq!(date(language, 2027, 1, day).is_some(), has, "{language:?} {day}");
            }
        }
    }

    #[test]
    fn what_has_no_clip_has_no_text() {
        assert_eq!(count(Language::Ja, 13), None);
        assert_eq!(date(Language::Ja, 2023, 12, 31), None);
        assert_eq!(date(Language::Ja, 2027, 13, 1), None);
        assert_eq!(date(Language::Ja, 2027, 1, 0), None);
    }
}

//! What staff do, by what it is about: a data file, so that a rule that begins or ends needs no new program. Advice that
//! is not of today is never shown.

use console::terminal::{Day, Text};
use serde::Deserialize;

use crate::config::ConfigError;

const BUILT_IN: &str = include_str!("../data/advice.toml");

/// What advice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// 無効
    Invalid,
    /// 無効（新しい資格あり）
    InvalidNewExists,
    /// 該当資格なし
    NotFound,
    /// 複数該当
    Several,
    /// The centre, or the way there, is away.
    CentreAway,
    /// The certificate ended, beyond its months of grace, or was revoked.
    CertificateEnded,
    /// certificateHold.
    CertificateSuspended,
    /// It ends soon, or is in its months of grace.
    CertificateEnds,
    /// The card is not signed up as insurance card.
    NotSignedUp,
    /// The qualification may be another person's (紐づけ誤り).
    OtherPerson,
    /// A result without receipt.
    Undelivered,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    advice: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    about: About,
    ja: String,
    en: String,
    from: Option<String>,
    to: Option<String>,
    source: String,
}

/// All advice there is.
#[derive(Clone, Debug, Default)]
pub struct Advice(Vec<One>);

#[derive(Clone, Debug)]
struct One {
    about: About,
    text: Text,
    from: Option<Day>,
    to: Option<Day>,
}

impl Advice {
    /// The built-in file.
    ///
    /// # Errors
    /// Never as shipped; a test reads it.
    pub fn built_in() -> Result<Self, ConfigError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a file like the built-in one.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = |cause: String| ConfigError::new("advice.toml", cause, "compare it with the built-in advice.toml");
        let file: File = toml::from_str(text).map_err(|error| wrong(error.message().to_owned()))?;
        let mut all = Vec::new();
        for (at, entry) in file.advice.into_iter().enumerate() {
            let day = |text: Option<String>| match text {
                Some(text) => Day::parse(&text)
                    .map(Some)
                    .ok_or_else(|| wrong(format!("advice {}: {text:?} is no day like 2026-11-23", at + 1))),
                None => Ok(None),
            };
            let (from, to) = (day(entry.from)?, day(entry.to)?);
            if from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| from > to) {
                return Err(wrong(format!("advice {} ends before it begins", at + 1)));
            }
            if [&entry.ja, &entry.en, &entry.source].iter().any(|text| text.trim().is_empty()) {
                return Err(wrong(format!("advice {} has an empty text", at + 1)));
            }
            all.push(One { about: entry.about, text: Text { ja: entry.ja, en: entry.en }, from, to });
        }
        Ok(Self(all))
    }

    /// What is to be done about it on this day, in the file's order.
    #[must_use]
    pub fn about(&self, about: About, today: &Day) -> Vec<Text> {
        let holds = |one: &&One| {
            one.about == about
                && one.from.as_ref().is_none_or(|from| from <= today)
                && one.to.as_ref().is_none_or(|to| today <= to)
        };
        self.0.iter().filter(holds).map(|one| one.text.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_advice_is_about_has_some_today() {
        let advice = Advice::built_in().unwrap();
        let today = Day::parse("2026-11-23").unwrap();
        for about in [
            About::Invalid,
            About::InvalidNewExists,
            About::NotFound,
            About::Several,
            About::CentreAway,
            About::CertificateEnded,
            About::CertificateSuspended,
            About::CertificateEnds,
            About::NotSignedUp,
            About::OtherPerson,
            About::Undelivered,
        ] {
            assert!(!advice.about(about, &today).is_empty(), "{about:?}");
        }
    }

    #[test]
    fn advice_is_shown_from_its_first_to_its_last_day_and_never_after() {
        let file = "[[advice]]\nabout = \"several\"\nja = \"あ\"\nen = \"a\"\nsource = \"x\"\nfrom = \"2026-01-02\"\nto = \"2026-03-31\"";
        let advice = Advice::parse(file).unwrap();
        let shown = |day| advice.about(About::Several, &Day::parse(day).unwrap()).len();
        assert_eq!(["2026-01-01", "2026-01-02", "2026-03-31", "2026-04-01"].map(shown), [0, 1, 1, 0]);
        assert_eq!(advice.about(About::Invalid, &Day::parse("2026-02-01").unwrap()), []);
        let built_in = Advice::built_in().unwrap();
        let ended = |day| built_in.about(About::CertificateEnded, &Day::parse(day).unwrap()).len();
        assert_eq!((ended("2026-03-31"), ended("2026-04-01")), (2, 1), "the transitional rule has ended");
    }

    #[test]
    fn a_wrong_file_says_what_is_wrong() {
        for (file, cause) in [
            ("", "missing field `advice`"),
            ("[[advice]]\nabout = \"weather\"\nja = \"あ\"\nen = \"a\"\nsource = \"x\"", "unknown variant `weather`"),
            (
                "[[advice]]\nabout = \"several\"\nja = \"あ\"\nen = \"a\"\nsource = \"x\"\nto = \"2026-02-30\"",
                "is no day",
            ),
            (
                "[[advice]]\nabout = \"several\"\nja = \"あ\"\nen = \"a\"\nsource = \"x\"\nfrom = \"2026-02-02\"\nto = \"2026-02-01\"",
                "ends before it begins",
            ),
            ("[[advice]]\nabout = \"several\"\nja = \"\"\nen = \"a\"\nsource = \"x\"", "empty text"),
        ] {
            let error = Advice::parse(file).unwrap_err();
            assert!(error.cause.contains(cause), "{}", error.cause);
        }
    }
}

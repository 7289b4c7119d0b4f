//! Sentences that are only spoken: `ui/voice/spoken.toml` holds them for this program and for `scripts/voice`.

use std::sync::LazyLock;

use screen::Language;
use toml::{Table, Value};

static SPOKEN: LazyLock<Table> =
    LazyLock::new(|| include_str!("../../voice/spoken.toml").parse().unwrap_or_else(|_| Table::new()));

/// A sentence that no screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sentence {
    /// What the keys do.
    Keys,
    /// Before the numbered answers of a screen.
    Choose,
    /// How the four digits of a PIN are typed.
    Pin,
    /// Four digits are in.
    Ready,
    /// How other digits are typed.
    Digits,
    /// Instead of answers, while no headphones are plugged.
    InHeadphones,
    /// Towards the middle of the camera's picture: to the patient's own left.
    Left,
    /// To the patient's own right.
    Right,
    /// How to find the camera.
    Facing,
    /// The screen gives up waiting in ten seconds.
    Hurry,
    /// How the language calls itself.
    Name,
}

impl Sentence {
    const fn key(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Choose => "choose",
            Self::Pin => "pin",
            Self::Ready => "ready",
            Self::Digits => "digits",
            Self::InHeadphones => "in_headphones",
            Self::Left => "left",
            Self::Right => "right",
            Self::Facing => "facing",
            Self::Hurry => "hurry",
            Self::Name => "name",
        }
    }

    /// The sentence in this language.
    pub(crate) fn text(self, language: Language) -> String {
        let text = SPOKEN.get(language.key()).and_then(|table| table.get(self.key())).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sentence; 11] = [
        Sentence::Keys,
        Sentence::Choose,
        Sentence::Pin,
        Sentence::Ready,
        Sentence::Digits,
        Sentence::InHeadphones,
        Sentence::Left,
        Sentence::Right,
        Sentence::Facing,
        Sentence::Hurry,
        Sentence::Name,
    ];

    #[test]
    fn every_language_has_every_sentence_and_no_other() {
        for language in Language::ALL {
            for sentence in ALL {
                assert!(!sentence.text(language).is_empty(), "{language:?} {sentence:?}");
            }
            assert_eq!(Sentence::Name.text(language), language.own_name());
            assert_eq!(SPOKEN[language.key()].as_table().unwrap().len(), ALL.len(), "{language:?}");
        }
        assert_eq!(SPOKEN.len(), Language::ALL.len());
    }
}

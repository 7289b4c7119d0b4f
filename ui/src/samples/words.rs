//! Texts that come inside a view, in Japanese and in one other language.

use screen::{ConsentText, FaultText, Language, Picture};

pub(super) struct Words {
    pub(super) language: Language,
}

/// Question, rights, and the two answers.
pub(super) type Asked<'a> = [&'a str; 4];

impl Words {
    /// The Japanese words, or the English ones that stand for every other language.
    pub(super) fn pick(&self, ja: &str, en: &str) -> String {
        match self.language {
            Language::Ja | Language::JaEasy => ja.to_owned(),
            Language::En
            | Language::ZhHans
            | Language::ZhHant
            | Language::Ko
            | Language::Vi
            | Language::Pt
            | Language::Fil
            | Language::Ne
            | Language::Id
            | Language::My => en.to_owned(),
        }
    }

    /// A question in this language, and its Japanese copy where that is another one.
    pub(super) fn consent(&self, ja: Asked<'_>, en: Asked<'_>) -> (ConsentText, Option<ConsentText>) {
        let [question, rights, yes, no] = [0, 1, 2, 3].map(|place: usize| match (ja.get(place), en.get(place)) {
            (Some(ja), Some(en)) => self.pick(ja, en),
            (None, _) | (_, None) => String::new(),
        });
        let [ja_question, ja_rights, ja_yes, ja_no] = ja.map(str::to_owned);
        let japanese = ConsentText { question: ja_question, rights: ja_rights, yes: ja_yes, no: ja_no };
        (ConsentText { question, rights, yes, no }, (!self.language.is_binding()).then_some(japanese))
    }

    /// A human has reviewed the translation.
    pub(super) const fn reviewed(&self) -> bool {
        self.language.is_binding()
    }

    pub(super) fn fault(&self, code: &str, picture: Picture, ja: [&str; 2], en: [&str; 2]) -> FaultText {
        let [headline, next] = ja;
        let [en_headline, en_next] = en;
        FaultText {
            code: code.into(),
            headline: self.pick(headline, en_headline),
            next: self.pick(next, en_next),
            picture,
        }
    }
}

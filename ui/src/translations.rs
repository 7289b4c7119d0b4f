//! The fixed labels as texts of their own, for what is said instead of drawn: the same catalogues that the screens have.

use std::{collections::HashMap, sync::LazyLock};

use screen::Language;

type Catalogue = HashMap<String, String>;

static CATALOGUES: LazyLock<HashMap<Language, Catalogue>> = LazyLock::new(|| {
    Language::ALL.into_iter().filter_map(|language| Some((language, read(file(language)?)))).collect()
});

/// The label in this language. What no catalogue has stays Japanese, as on the glass.
pub(crate) fn label(language: Language, label: &str) -> String {
    CATALOGUES.get(&language).and_then(|catalogue| catalogue.get(label)).map_or_else(|| label.to_owned(), Clone::clone)
}

/// Japanese is what the screens hold; it has no catalogue.
const fn file(language: Language) -> Option<&'static str> {
    Some(match language {
        Language::Ja => return None,
        Language::JaEasy => include_str!("../translations/ja_easy/LC_MESSAGES/ui.po"),
        Language::En => include_str!("../translations/en/LC_MESSAGES/ui.po"),
        Language::ZhHans => include_str!("../translations/zh_hans/LC_MESSAGES/ui.po"),
        Language::ZhHant => include_str!("../translations/zh_hant/LC_MESSAGES/ui.po"),
        Language::Ko => include_str!("../translations/ko/LC_MESSAGES/ui.po"),
        Language::Vi => include_str!("../translations/vi/LC_MESSAGES/ui.po"),
        Language::Pt => include_str!("../translations/pt/LC_MESSAGES/ui.po"),
        Language::Fil => include_str!("../translations/fil/LC_MESSAGES/ui.po"),
        Language::Ne => include_str!("../translations/ne/LC_MESSAGES/ui.po"),
        Language::Id => include_str!("../translations/id/LC_MESSAGES/ui.po"),
        Language::My => include_str!("../translations/my/LC_MESSAGES/ui.po"),
    })
}

/// Entries with a context are shorter words for a narrow place; what is said is never short of room.
fn read(text: &str) -> Catalogue {
    let entries = rspolib::pofile(text).map(|file| file.entries).unwrap_or_default();
    let plain = entries.into_iter().filter(|entry| entry.msgctxt.is_none());
    plain.filter_map(|entry| Some((entry.msgid, entry.msgstr?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_one_on_the_glass() {
        assert_eq!(label(Language::Ja, "やめる"), "やめる");
        assert_eq!(label(Language::En, "やめる"), "Cancel");
        assert_eq!(label(Language::En, "no such label"), "no such label");
        // A line break is one, and no backslash.
        let english = label(Language::En, "カードを\n読み取っています");
        assert!(english.is_ascii() && !english.contains('\\'), "{english:?}");
    }

    #[test]
    fn every_catalogue_is_read() {
        for language in Language::ALL.into_iter().filter(|language| *language != Language::Ja) {
            assert!(CATALOGUES[&language].len() > 150, "{language:?}: {}", CATALOGUES[&language].len());
        }
    }
}

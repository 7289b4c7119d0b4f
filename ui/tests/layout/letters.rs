//! Letters: every one is in the first family of its text's language, and that language is the right one.

use std::collections::HashMap;

use screen::Language;
use slint::fontique_011::{
    fontique::{Collection, QueryFamily, QueryStatus, SourceCache},
    shared_collection,
};

/// The families of kiosk.md, stated a second time.
pub(crate) fn family_of(language: Language) -> &'static str {
    match language {
        Language::Ja | Language::JaEasy | Language::En | Language::Pt | Language::Fil | Language::Id => "BIZ UDPGothic",
        Language::Vi => "Noto Sans",
        Language::Ne => "Noto Sans Devanagari",
        Language::My => "Noto Sans Myanmar",
        Language::ZhHans => "Noto Sans CJK SC",
        Language::ZhHant => "Noto Sans CJK TC",
        Language::Ko => "Noto Sans CJK KR",
    }
}

/// Which families have which letters.
pub(crate) struct Letters {
    fonts: Collection,
    sources: SourceCache,
    known: HashMap<(&'static str, char), bool>,
}

impl Letters {
    /// After the first window of this thread.
    pub(crate) fn new() -> Self {
        Self { fonts: shared_collection(), sources: SourceCache::default(), known: HashMap::new() }
    }

    fn has(&mut self, family: &'static str, letter: char) -> bool {
        if let Some(known) = self.known.get(&(family, letter)) {
            return *known;
        }
        let mut has = false;
        let mut query = self.fonts.query(&mut self.sources);
        query.set_families([QueryFamily::Named(family)]);
        query.matches_with(|font| {
            has = font.charmap().and_then(|map| map.map(letter)).is_some_and(|glyph| glyph != 0);
            QueryStatus::Stop
        });
        self.known.insert((family, letter), has);
        has
    }

    /// What is wrong with a text of this language (its key) on a screen of that language.
    pub(crate) fn complaints(&mut self, words: &str, key: &str, view: Language) -> Vec<String> {
        let Some(language) = Language::ALL.into_iter().find(|language| language.key() == key) else {
            return vec![format!("no language of its own: {key:?}")];
        };
        let mut complaints = Vec::new();
        let mut missing: Vec<char> = words
            .chars()
            .filter(|letter| !letter.is_whitespace() && !letter.is_control())
            // Latin letters, digits, marks and quoted Japanese beside other scripts come from the families behind.
            .filter(|letter| {
                let behind = letter.is_ascii() || !letter.is_alphabetic() || is_han(*letter) || is_kana(*letter);
                !(self.has(family_of(language), *letter)
                    || behind && (self.has("Noto Sans", *letter) || self.has("BIZ UDPGothic", *letter)))
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            complaints.push(format!("{} lacks {missing:?}", family_of(language)));
        }
        // Named as it is written where people meet it: on the card, on a web page; and quoted in brackets after its name in
        // this language.
        let words = without_quotes(&words.replace("まで有効", "").replace("マイナポータル", ""));
        let script = |from: char, to: char| words.chars().any(|letter| (from..=to).contains(&letter));
        let expected = [
            (script('\u{3041}', '\u{30FA}'), "kana", matches!(language, Language::Ja | Language::JaEasy)),
            (script('\u{AC00}', '\u{D7A3}'), "Hangul", language == Language::Ko),
            (script('\u{0900}', '\u{097F}'), "Devanagari", language == Language::Ne),
            (script('\u{1000}', '\u{109F}'), "Burmese", language == Language::My),
        ];
        for (there, name, right) in expected {
            if there && !right {
                complaints.push(format!("{name} among {key}"));
            }
        }
        // A document is quoted by its Japanese name; a text that is nothing else is Japanese and has to say so.
        let only_han =
            words.chars().any(is_han) && words.chars().all(|letter| is_han(letter) || !letter.is_alphabetic());
        let writes_han = matches!(language, Language::Ja | Language::JaEasy | Language::ZhHans | Language::ZhHant);
        if language == view && only_han && !writes_han {
            complaints.push(format!("only Han among {key}"));
        }
        complaints
    }
}

fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{30FF}')
}

/// Without brackets that hold nothing but Japanese: 「Residence card (在留カード)」.
fn without_quotes(words: &str) -> String {
    let mut rest = words;
    let mut left = String::new();
    while let Some(open) = rest.find(['(', '（']) {
        let inside = rest[open..].find([')', '）']).map(|close| (open, open + close));
        let Some((open, close)) = inside else { break };
        let quote = rest[open..close].trim_start_matches(['(', '（']);
        left.push_str(&rest[..open]);
        if !quote.chars().all(|letter| is_han(letter) || is_kana(letter)) {
            left.push_str(&rest[open..close]);
        }
        rest = &rest[close..];
    }
    left.push_str(rest);
    left
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{4E00}'..='\u{9FFF}')
}

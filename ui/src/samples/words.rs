//! Texts that come inside a view, as the daemon's data files word them: what patients see is what is drawn here.

use std::sync::OnceLock;

use screen::{ConsentText, FaultText, Language, MethodState, Picture};
use toml::{Table, Value};

const CONSENT: &str = include_str!("../../../reader-daemon/data/consent.toml");
const FAULTS: &str = include_str!("../../../reader-daemon/data/faults.toml");

fn data() -> &'static [Value; 2] {
    static DATA: OnceLock<[Value; 2]> = OnceLock::new();
    // The daemon's own tests read these files; one that cannot be read leaves samples without words, and tests see that.
    DATA.get_or_init(|| [CONSENT, FAULTS].map(|text| Value::Table(text.parse::<Table>().unwrap_or_default())))
}

/// A word under dotted keys.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

fn consent() -> &'static Value {
    &data()[0]
}

fn keys(path: &str) -> Vec<&'static str> {
    let table = at(consent(), path).and_then(Value::as_table);
    table.into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn text(value: Option<&Value>, key: &str) -> String {
    value.and_then(|value| value.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Every consent item.
pub(super) fn items() -> Vec<&'static str> {
    keys("items")
}

/// Every reason why a way is closed.
pub(super) fn reasons() -> Vec<&'static str> {
    keys("reasons")
}

/// Every kind of card that is not the right one.
pub(super) fn other_cards() -> Vec<&'static str> {
    keys("other_cards")
}

/// The code of every fault.
pub(super) fn codes() -> Vec<&'static str> {
    let faults = data()[1].get("fault").and_then(Value::as_array);
    faults.into_iter().flatten().filter_map(|fault| fault.get("code").and_then(Value::as_str)).collect()
}

/// The words of one language.
pub(super) struct Words {
    pub(super) language: Language,
}

impl Words {
    fn of(&self, path: &str) -> Option<&'static Value> {
        at(consent(), path)?.get(self.language.key())
    }

    /// A question in this language, and its Japanese copy where that is another one.
    pub(super) fn asked(&self, path: &str) -> (ConsentText, Option<ConsentText>) {
        let asked = |words: Option<&Value>| ConsentText {
            question: text(words, "question"),
            rights: text(words, "rights"),
            yes: text(words, "yes"),
            no: text(words, "no"),
        };
        let japanese = (!self.language.is_binding()).then(|| asked(Words { language: Language::Ja }.of(path)));
        (asked(self.of(path)), japanese)
    }

    /// What stands behind 「くわしく」.
    pub(super) fn detail(&self, path: &str) -> (String, Vec<String>) {
        let paragraphs = self.of(path).and_then(|words| words.get("detail")).and_then(Value::as_array);
        let paragraphs = paragraphs.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        (text(self.of(path), "name"), paragraphs)
    }

    /// A line of earlier answers and of reading back; `answer` is `yes`, `no`, or nothing for an item without one.
    pub(super) fn line(&self, item: &str, answer: &str) -> String {
        let words = self.of(&format!("items.{item}"));
        let none = || self.of("not_answered").and_then(Value::as_str).unwrap_or_default().to_owned();
        let answer = if answer.is_empty() { none() } else { text(words, answer) };
        let line = self.of("lines").and_then(Value::as_str).unwrap_or_default();
        line.replace("{name}", &text(words, "name")).replace("{answer}", &answer)
    }

    /// A person who speaks the language has read the wording.
    pub(super) fn reviewed(&self, path: &str) -> bool {
        let flag = self.of(path).and_then(|words| words.get("reviewed")).and_then(Value::as_bool);
        self.language.is_binding() || flag.unwrap_or_default()
    }

    /// A way that is closed, and why.
    pub(super) fn closed(&self, reason: &str) -> MethodState {
        let reason = self.of(&format!("reasons.{reason}")).and_then(Value::as_str).unwrap_or_default().to_owned();
        MethodState::Closed { reason }
    }

    /// The headline that names a card which is not the right one.
    pub(super) fn other_card(&self, kind: &str) -> String {
        self.of(&format!("other_cards.{kind}")).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A fault by its code.
    pub(super) fn fault(&self, code: &str) -> FaultText {
        let mut faults = data()[1].get("fault").and_then(Value::as_array).into_iter().flatten();
        let fault = faults.find(|fault| fault.get("code").and_then(Value::as_str) == Some(code));
        let words = fault.and_then(|fault| at(fault, "patient")).and_then(|words| words.get(self.language.key()));
        let picture = fault.and_then(|fault| fault.get("picture")).cloned();
        let picture = picture.and_then(|picture| picture.try_into().ok()).unwrap_or(Picture::Desk);
        FaultText { code: code.to_owned(), headline: text(words, "headline"), next: text(words, "next"), picture }
    }

    /// 2027-02-17 as the daemon writes the end of a certificate.
    pub(super) fn end(&self) -> String {
        let end = match self.language {
            Language::Ja => "2027年（令和9年）2月17日",
            Language::JaEasy | Language::ZhHans | Language::ZhHant => "2027年2月17日",
            Language::En => "17 February 2027",
            Language::Ko => "2027년 2월 17일",
            Language::Vi => "ngày 17 tháng 2 năm 2027",
            Language::Pt => "17 de fevereiro de 2027",
            Language::Fil => "Pebrero 17, 2027",
            Language::Ne => "सन् 2027 फेब्रुअरी 17",
            Language::Id => "17 Februari 2027",
            Language::My => "2027 ခုနှစ် ဖေဖော်ဝါရီလ 17 ရက်",
        };
        end.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translations;

    /// 960 is the one fault that the kiosk words itself: the daemon that has the table is away.
    #[test]
    fn the_screen_without_a_daemon_says_what_the_table_of_faults_says() {
        for language in Language::ALL {
            let fault = Words { language }.fault("960");
            let shown =
                ["ただいま使えません", "受付に声をかけてください"].map(|label| translations::label(language, label));
            assert_eq!([fault.headline, fault.next], shown, "{}", language.key());
            assert_eq!(fault.picture, Picture::Desk);
        }
    }

    #[test]
    fn every_language_has_every_word() {
        assert!(!items().is_empty() && !codes().is_empty() && !reasons().is_empty() && !other_cards().is_empty());
        for language in Language::ALL {
            let words = Words { language };
            for item in items() {
                let (asked, japanese) = words.asked(&format!("items.{item}"));
                let texts = [asked.question, asked.rights, asked.yes, asked.no, words.line(item, "")];
                assert!(texts.iter().all(|text| !text.is_empty()), "{item} {}", language.key());
                assert_eq!(japanese.is_none(), language.is_binding());
                assert!(!words.line(item, "yes").contains('{'));
            }
            for code in codes() {
                let fault = words.fault(code);
                assert!(!fault.headline.is_empty() && !fault.next.is_empty(), "{code} {}", language.key());
            }
            assert!(
                reasons().iter().all(|reason| words.closed(reason) != MethodState::Closed { reason: String::new() })
            );
            assert!(other_cards().iter().all(|kind| !words.other_card(kind).is_empty()));
        }
    }
}

//! Screens with the daemon's own words: every consent item, every fault, every closed method, as its data files word them.

use std::{fs, path::Path};

use screen::{Answerer, Comfort, ConsentText, FaultText, Language, MethodState, Picture, Progress, Screen, View};
use toml::{Table, Value};
use ui::Sample;

fn table(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reader-daemon/data").join(name);
    fs::read_to_string(&path).unwrap().parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A word under dotted keys.
fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn asked(value: &Value) -> ConsentText {
    ConsentText {
        question: text(value, "question"),
        rights: text(value, "rights"),
        yes: text(value, "yes"),
        no: text(value, "no"),
    }
}

/// A name that lives as long as the tests: samples are named by literals.
fn name(words: String) -> &'static str {
    Box::leak(words.into_boxed_str())
}

struct Maker {
    base: View,
    samples: Vec<Sample>,
}

impl Maker {
    fn add(&mut self, name_of: String, progress: Progress, screen: Screen) {
        let view = View { progress: Some(progress), cancel: true, screen, ..self.base.clone() };
        self.samples.push(Sample { name: name(name_of), view, live: false });
    }
}

/// Empty where the data files do not have the language yet; the daemon refuses to start then.
pub(crate) fn samples(language: Language, large: bool) -> Vec<Sample> {
    let mut base = crate::common::sample("consent_all");
    base.language = language;
    base.comfort = Comfort { large, ..Comfort::default() };
    let mut maker = Maker { base, samples: Vec::new() };
    consent(&mut maker, language);
    faults(&mut maker, language);
    maker.samples
}

fn consent(maker: &mut Maker, language: Language) {
    let data = Value::Table(table("consent.toml"));
    let key = language.key();
    let copy = |value: &Value| (!language.is_binding()).then(|| value.get("ja").map(asked)).flatten();
    let reviewed = language.is_binding();
    let Some(items) = data.get("items").and_then(Value::as_table) else { return };
    let mut lines = Vec::new();
    for (item, value) in items {
        let Some(words) = value.get(key) else { continue };
        let (text_of, japanese) = (asked(words), copy(value));
        lines.push(format!("{}：{}", text(words, "name"), text_of.no));
        let paragraphs = words.get("detail").and_then(Value::as_array);
        let paragraphs = paragraphs.map(|lines| lines.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        let detail = Screen::ConsentDetail { title: text(words, "name"), paragraphs: paragraphs.unwrap_or_default() };
        maker.add(format!("data:{item}.detail"), Progress::Consent, detail);
        let screen = if at(value, &["group"]).and_then(Value::as_str) == Some("prescription") {
            Screen::ChoosingPrescription { text: text_of, japanese, back: true, reviewed }
        } else {
            let (number, count) =
                if at(value, &["group"]).and_then(Value::as_str) == Some("health") { (3, 4) } else { (1, 1) };
            let (by, staff) = (Answerer::Patient, false);
            Screen::ConsentEach { text: text_of, japanese, number, count, back: number > 1, by, staff, reviewed }
        };
        maker.add(format!("data:{item}"), Progress::Consent, screen);
    }
    if let Some(words) = at(&data, &["all", key]) {
        let (text, japanese) = (asked(words), data.get("all").and_then(copy));
        let previous = lines.iter().take(4).cloned().collect();
        for (name, previous) in [("data:all", Vec::new()), ("data:all.previous", previous)] {
            let (text, japanese, by) = (text.clone(), japanese.clone(), Answerer::Patient);
            let screen = Screen::ConsentAll { text, japanese, previous, by, staff: false, reviewed };
            maker.add(name.to_owned(), Progress::Consent, screen);
        }
        maker.add("data:read_back".to_owned(), Progress::Consent, Screen::ReadingBack { lines });
    }
    for (step, confirm) in [("first", false), ("second", true)] {
        let Some(value) = at(&data, &["sign_up", step]) else { continue };
        let Some(words) = value.get(key) else { continue };
        let screen = Screen::SigningUp { confirm, text: asked(words), japanese: copy(value) };
        maker.add(format!("data:sign_up.{step}"), Progress::Identity, screen);
    }
    for (reason, words) in data.get("reasons").and_then(Value::as_table).into_iter().flatten() {
        let Some(words) = words.get(key).and_then(Value::as_str) else { continue };
        let closed = || MethodState::Closed { reason: words.to_owned() };
        let screen = Screen::ChoosingMethod { face: closed(), pin: MethodState::Open, visual: closed() };
        maker.add(format!("data:reason.{reason}"), Progress::Identity, screen);
    }
}

fn faults(maker: &mut Maker, language: Language) {
    let data = table("faults.toml");
    for fault in data.get("fault").and_then(Value::as_array).into_iter().flatten() {
        let Some(words) = at(fault, &["patient", language.key()]) else { continue };
        let picture: Picture = fault.get("picture").cloned().unwrap().try_into().unwrap();
        let code = text(fault, "code");
        let words =
            FaultText { code: code.clone(), headline: text(words, "headline"), next: text(words, "next"), picture };
        let screen = Screen::NeedHelp { fault: words, take_card: true, ways: vec![] };
        maker.add(format!("data:fault.{code}"), Progress::Identity, screen);
    }
}

//! Fixed labels: all of them translated, none of them with a size of its own.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use common::{Bench, sample};
use i_slint_backend_testing::ElementHandle;
use screen::{Language, View};
use ui::Panel;

fn slint_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(slint_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "slint") {
            files.push(path);
        }
    }
    files
}

fn room() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The string literal `text` begins with, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start().strip_prefix('"')?;
    let mut escaped = false;
    let end = text.find(|character| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes
    })?;
    Some((&text[..end], &text[end + 1..]))
}

/// Every label in the screens: context and text.
fn labels() -> Vec<(String, String)> {
    let mut labels = Vec::new();
    for file in slint_files(&room().join("ui")) {
        for after in fs::read_to_string(&file).unwrap().split("@tr(").skip(1) {
            let (first, rest) = literal(after).expect("@tr begins with a string");
            match rest.trim_start().strip_prefix("=>") {
                Some(rest) => labels.push((first.to_owned(), literal(rest).unwrap().0.to_owned())),
                None => labels.push((String::new(), first.to_owned())),
            }
        }
    }
    labels.sort();
    labels.dedup();
    labels
}

/// The entries of a catalogue: (context, label) → translation.
fn catalogue(language: &str) -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(room().join(format!("translations/{language}/LC_MESSAGES/ui.po"))).unwrap();
    let mut entries = BTreeMap::new();
    let (mut context, mut label) = (String::new(), String::new());
    for line in text.lines() {
        let value = |keyword: &str| line.strip_prefix(keyword).and_then(literal).map(|(value, _)| value.to_owned());
        if let Some(value) = value("msgctxt ") {
            context = value;
        } else if let Some(value) = value("msgid ") {
            label = value;
        } else if let Some(value) = value("msgstr ")
            && !label.is_empty()
        {
            let again = entries.insert((std::mem::take(&mut context), std::mem::take(&mut label)), value);
            assert!(again.is_none(), "twice in the catalogue: {line}");
        }
    }
    entries
}

#[test]
fn every_label_has_an_english_translation_and_the_catalogue_has_no_other() {
    let labels = labels();
    let catalogue = catalogue("en");
    assert!(labels.len() > 60, "the search for labels finds {}", labels.len());
    for label in &labels {
        let translation = catalogue.get(label).unwrap_or_else(|| panic!("no translation of {label:?}"));
        assert!(!translation.is_empty(), "{label:?}");
        let gaps = |text: &str| text.matches('{').count();
        assert_eq!(gaps(&label.1), gaps(translation), "{label:?}");
    }
    let stale: Vec<_> = catalogue.keys().filter(|label| !labels.contains(label)).collect();
    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn the_language_follows_the_view() {
    let bench = Bench::new(Panel::default());
    let offered =
        |label: &str| ElementHandle::find_by_accessible_label(bench.canvas.glass().window(), label).next().is_some();
    bench.show(&sample("choosing_method"));
    assert_eq!((offered("やめる"), offered("Cancel")), (true, false));
    bench.show(&View { language: Language::En, ..sample("choosing_method") });
    assert_eq!((offered("やめる"), offered("Cancel")), (false, true));
    bench.show(&sample("choosing_method"));
    assert_eq!((offered("やめる"), offered("Cancel")), (true, false));
}

#[test]
fn no_screen_file_holds_a_size_or_a_colour() {
    for file in slint_files(&room().join("ui")) {
        if file.ends_with("tokens.slint") {
            continue;
        }
        let type_may_be_set = file.ends_with("widgets/text.slint") || file.ends_with("widgets/header.slint");
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let place = format!("{}:{}", file.display(), number + 1);
            for word in
                code.split(|character: char| !character.is_ascii_alphanumeric() && character != '.' && character != '#')
            {
                let number = word
                    .strip_suffix("px")
                    .or_else(|| word.strip_suffix("pt"))
                    .filter(|number| number.parse::<f32>().is_ok());
                // Nothing, and the smallest step there is.
                assert!(number.is_none_or(|number| matches!(number, "0" | "1")), "{place}: {word}");
                assert!(!(word.starts_with('#') && word.len() >= 4), "{place}: {word}");
            }
            assert!(type_may_be_set || !code.contains("font-size:") || code.contains("default-font-size"), "{place}");
        }
    }
}

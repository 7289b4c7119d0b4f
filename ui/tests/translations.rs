//! Fixed labels: all of them in all languages. A missing one would be drawn in Japanese without a word: the compiler takes
//! the source text for what is missing, empty or marked fuzzy.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use common::{catalogue_path, translated};
use screen::Language;

/// What is named as it is written where people meet it: on the card, on a web page, and on the target that whoever cannot
/// read this language has to find.
const QUOTED: [&str; 3] = ["まで有効", "マイナポータル", "ことば Language"];

/// Every language with a catalogue: all but Japanese, which the screens hold.
fn languages() -> impl Iterator<Item = Language> {
    Language::ALL.into_iter().filter(|language| *language != Language::Ja)
}

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
    for file in slint_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")) {
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

/// The entries of a catalogue: (context, label) → translation; and what is wrong with the file itself.
fn catalogue(language: Language) -> (BTreeMap<(String, String), String>, Vec<String>) {
    let text = fs::read_to_string(catalogue_path(language)).unwrap();
    let (mut entries, mut wrong) = (BTreeMap::new(), Vec::new());
    for block in text.split("\n\n") {
        // Context, label, translation; a string may go on over several lines.
        let mut fields = [const { String::new() }; 3];
        let mut now = None;
        for line in block.lines() {
            let place = ["msgctxt ", "msgid ", "msgstr "].iter().position(|keyword| line.starts_with(keyword));
            now = place.or(now);
            let value = if place.is_some() { line.split_once(' ').map_or("", |(_, value)| value) } else { line };
            match (literal(value), now) {
                (Some((value, _)), Some(now)) => fields[now].push_str(value),
                (None, _) if line.starts_with("#~") => wrong.push(format!("obsolete: {line}")),
                (None, _) if line.starts_with("#,") && line.contains("fuzzy") => wrong.push(format!("fuzzy: {block}")),
                (None | Some(_), _) => {}
            }
        }
        let [context, label, translation] = fields;
        if !label.is_empty() && entries.insert((context.clone(), label.clone()), translation).is_some() {
            wrong.push(format!("twice: {context:?} {label:?}"));
        }
    }
    (entries, wrong)
}

/// The gaps of a text, `{}` or `{0}`, in order of their names.
fn gaps(text: &str) -> Vec<&str> {
    let mut gaps: Vec<&str> =
        text.split('{').skip(1).map(|after| after.split('}').next().unwrap_or_default()).collect();
    gaps.sort_unstable();
    gaps
}

#[test]
fn all_languages_have_a_catalogue() {
    let missing: Vec<_> = languages().filter(|language| !translated(*language)).map(Language::key).collect();
    assert!(missing.is_empty(), "ui/translations lacks {missing:?}");
}

#[test]
fn no_folder_is_of_an_unknown_language() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("translations")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(languages().any(|language| language.key() == name), "{name}");
    }
}

#[test]
fn every_label_is_translated_in_every_language_and_no_catalogue_has_another() {
    let labels = labels();
    assert!(labels.len() > 60, "the search for labels finds {}", labels.len());
    let mut told = Vec::new();
    for language in languages().filter(|language| translated(*language)) {
        let key = language.key();
        let (catalogue, wrong) = catalogue(language);
        told.extend(wrong.into_iter().map(|wrong| format!("{key}: {wrong}")));
        for label in &labels {
            match catalogue.get(label).map(String::as_str) {
                None | Some("") => told.push(format!("{key}: missing: {label:?}")),
                Some(translation) if gaps(&label.1) != gaps(translation) => {
                    told.push(format!("{key}: other gaps: {label:?} {translation:?}"));
                }
                Some(translation) => {
                    let foreign = QUOTED.iter().fold(translation.to_owned(), |text, quoted| text.replace(quoted, ""));
                    let kana = foreign.chars().any(|letter| matches!(letter, '\u{3041}'..='\u{30FA}'));
                    if kana && language != Language::JaEasy {
                        told.push(format!("{key}: Japanese: {label:?} {translation:?}"));
                    }
                }
            }
        }
        let stale = catalogue.keys().filter(|label| !labels.contains(label));
        told.extend(stale.map(|label| format!("{key}: no such label: {label:?}")));
    }
    assert!(told.is_empty(), "{} findings:\n{}", told.len(), told.join("\n"));
}

/// What the compiler bundled is what the files say: a language that is not bundled would be drawn in Japanese.
#[test]
fn every_catalogue_can_be_chosen_at_run_time() {
    let bench = common::Bench::new(ui::Panel::default());
    bench.show(&common::sample("start"));
    for language in languages().filter(|language| translated(*language)) {
        assert!(slint::select_bundled_translation(language.key()).is_ok(), "{}", language.key());
    }
    assert!(slint::select_bundled_translation("xx").is_err());
}

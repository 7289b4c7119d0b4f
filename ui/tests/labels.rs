//! Fixed labels: they follow the language of the view, and none has a size, a colour or letters of its own.

mod common;

use std::{
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
        let type_may_be_set = file.ends_with("widgets/text.slint");
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
            // Letters, their size and their lines come from the language and the size class alone.
            for property in ["font-size:", "font-family:", "line-height-factor:", "inherits Text "] {
                let set = code.replace("default-", "") != code || !code.contains(property);
                assert!(type_may_be_set || set, "{place}: {property}");
            }
        }
    }
}

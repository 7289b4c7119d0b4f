//! Documents held against the code: a test that is named exists, a file that is linked is there.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).to_owned()
}

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            sources(&path, text);
        } else if name.ends_with(".rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// What stands between single backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_test_and_scenario_the_tests_readme_names_exists() {
    let readme = fs::read_to_string(root().join("tests/README.md")).unwrap();
    let mut code = String::new();
    sources(&root(), &mut code);
    let mut named = 0;
    for word in quoted(&readme) {
        if word.starts_with("law_") && !word.contains(['*', 'N']) || word.starts_with("a_") {
            named += 1;
            assert!(code.contains(&format!("fn {word}(")), "tests/README.md names {word}, which no code has");
        } else if word.contains('-')
            && !word.contains(['/', '.', '_', ' '])
            && word != "reader-daemon"
            && word != "apdu-fixtures"
        {
            named += 1;
            let file = root().join("tests/scenarios").join(word).with_extension("scenario");
            assert!(file.exists(), "tests/README.md names the scenario {word}, which is not there");
        }
    }
    assert!(named > 30, "only {named} names were found: the README is not what this test thinks");
}

#[test]
fn every_law_test_is_named_in_the_tests_readme() {
    let readme = fs::read_to_string(root().join("tests/README.md")).unwrap();
    let mut code = String::new();
    sources(&root(), &mut code);
    for law in code.split("\nfn law_").chain(code.split(" fn law_")).skip(1) {
        let name = format!("law_{}", law.split('(').next().unwrap());
        if name.len() < 80 && name.chars().nth(4).is_some_and(|c| c.is_ascii_digit()) {
            assert!(readme.contains(&name), "{name} shows a law and tests/README.md does not say so");
        }
    }
}

#[test]
fn every_file_a_readme_links_to_is_there() {
    for file in [
        "README.md",
        "apdu-fixtures/README.md",
        "tests/README.md",
        "tests/clinic/README.md",
        "tests/scenarios/README.md",
    ] {
        let path = root().join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{file} is missing"));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !link.starts_with("http") && !link.starts_with('#') {
                let target = path.parent().unwrap().join(link.split('#').next().unwrap());
                assert!(target.exists(), "{file} links to {link}, which is not there");
            }
        }
    }
}

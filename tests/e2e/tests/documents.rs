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
        "reader-daemon/console/README.md",
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

/// The rows of the tables that say which scenarios show what: section, row, and what stands beside it.
fn rows(readme: &str) -> Vec<(&str, &str, &str)> {
    let mut section = "";
    let (_, tables) = readme.split_once("\n## What shows what\n").expect("the README says what shows what");
    let mut rows = Vec::new();
    for line in tables.lines() {
        section = line.strip_prefix("### ").unwrap_or(section);
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let ["", row, shown, ""] = cells.as_slice()
            && !row.starts_with("---")
            && *shown != "shown by"
        {
            rows.push((section, *row, *shown));
        }
    }
    rows
}

fn scenario(name: &str) -> PathBuf {
    root().join("tests/scenarios").join(name).with_extension("scenario")
}

/// Scenario names have hyphens or are one word, names of tests have underscores.
fn scenarios(text: &str) -> impl Iterator<Item = &str> {
    quoted(text).into_iter().filter(|word| !word.contains('_'))
}

#[test]
fn every_row_of_the_patient_flow_is_shown_by_scenarios_that_exist_or_says_why_by_none() {
    let readme = fs::read_to_string(root().join("tests/scenarios/README.md")).unwrap();
    let mut code = String::new();
    sources(&root(), &mut code);
    let rows = rows(&readme);
    for (section, row, shown) in &rows {
        for name in scenarios(shown) {
            assert!(scenario(name).exists(), "{section}, {row}: there is no scenario {name}");
        }
        for test in quoted(shown).into_iter().filter(|word| word.contains('_')) {
            assert!(code.contains(&format!("fn {test}(")), "{section}, {row}: no code has {test}");
        }
        let none = scenarios(shown).next().is_none();
        assert_eq!(none, shown.starts_with("– "), "{section}, {row}: scenarios, or – and the reason: {shown}");
        assert!(!none || shown.split_whitespace().count() > 6, "{section}, {row}: this is no reason: {shown}");
    }
    let section = |name: &str| -> Vec<&str> {
        rows.iter().filter(|(section, ..)| section.starts_with(name)).map(|(_, row, _)| *row).collect()
    };
    let begins = |rows: &[&str], word: &str| rows.iter().any(|row| row.split(' ').next() == Some(word));
    let states = section("States");
    for state in (0..=13).map(|number| format!("S{number}")).chain(["S3f", "S4b", "M", "P"].map(str::to_owned)) {
        assert!(begins(&states, &state), "no row says what shows {state}");
    }
    let consent = section("Rules of consent");
    for rule in (1..=11).map(|number| number.to_string()).chain(["9b".to_owned()]) {
        assert!(begins(&consent, &rule), "no row says what shows rule {rule} of consent");
    }
    let faults = section("Errors");
    let named = |letter: &str, last: u8| (1..=last).map(|number| format!("{letter}{number}")).collect::<Vec<_>>();
    for id in [named("E", 9), named("R", 3), named("F", 4)].concat() {
        assert!(begins(&faults, &id), "no row says what shows {id}");
    }
    for (name, least) in [
        ("PIN", 8),
        ("Staff check", 7),
        ("Certificate", 9),
        ("Extras", 4),
        ("Phones", 9),
        ("Edge cases", 15),
        ("For", 5),
    ] {
        let found = section(name).len();
        assert!(found >= least, "{name}: only {found} rows");
    }
}

#[test]
fn every_scenario_is_in_a_table_of_the_scenarios_readme() {
    let readme = fs::read_to_string(root().join("tests/scenarios/README.md")).unwrap();
    let (files, shows) = readme.split_once("\n## What shows what\n").unwrap();
    let (_, files) = files.split_once("\n## The files\n").unwrap();
    let (listed, shown): (Vec<&str>, Vec<&str>) = (quoted(files), scenarios(shows).collect());
    let mut count = 0;
    for entry in fs::read_dir(root().join("tests/scenarios")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(name) = name.strip_suffix(".scenario") {
            count += 1;
            assert!(listed.contains(&name), "{name} is not among the files of tests/scenarios/README.md");
            assert!(shown.contains(&name), "no row of tests/scenarios/README.md says what {name} shows");
        }
    }
    assert_eq!(listed.len(), count, "a file is listed twice, or is not there");
}

#[test]
fn every_fault_is_expected_by_the_scenarios_its_row_names_and_by_no_other() {
    let readme = fs::read_to_string(root().join("tests/scenarios/README.md")).unwrap();
    let page = fs::read_to_string(root().join("reader-daemon/FAULTS.md")).unwrap();
    let codes: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("| [")?.split(']').next()).collect();
    assert!(codes.len() > 30, "only {} codes were found in FAULTS.md", codes.len());
    let rows: Vec<_> = rows(&readme).into_iter().filter(|(section, ..)| *section == "Faults").collect();
    assert_eq!(rows.iter().map(|(_, code, _)| *code).collect::<Vec<_>>(), codes);
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join("tests/scenarios")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(name) = name.strip_suffix(".scenario") {
            files.push((name.to_owned(), fs::read_to_string(scenario(name)).unwrap()));
        }
    }
    files.sort();
    for (_, code, shown) in rows {
        // The screen's own fault is no view of the daemon's: the file waits for the screen instead.
        let expected = if code == "960" { "screen disconnected".to_owned() } else { format!("fault {code}") };
        let expect = |text: &str| text.lines().any(|line| line.starts_with("expect:") && line.contains(&expected));
        let by: Vec<&str> = files.iter().filter(|(_, text)| expect(text)).map(|(name, _)| name.as_str()).collect();
        assert_eq!(scenarios(shown).collect::<Vec<_>>(), by, "fault {code}");
    }
}

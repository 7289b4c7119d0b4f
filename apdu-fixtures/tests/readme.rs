//! The README is the specification: what it promises is held against the code.

use apdu_fixtures::{CardOrder, Faults, OrderError, Profile};

const README: &str = include_str!("../README.md");

#[test]
fn every_profile_is_in_the_readme_and_its_name_is_read_back() {
    for profile in Profile::ALL {
        assert!(README.contains(&format!("`{profile}`")), "{profile}");
        assert_eq!(profile.name().parse(), Ok(*profile));
    }
}

#[test]
fn every_fault_of_the_readme_is_one_the_code_reads_and_none_is_missing() {
    let section = README.split("## Faults").nth(1).unwrap().split("## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<String> = rows
        .flat_map(|row| row.split('|').next().unwrap().split(", "))
        .map(|name| name.trim().trim_matches('`').replace("MS", "5").replace('N', "3"))
        .collect();
    let mut all = Vec::new();
    for fault in &named {
        let faults: Faults = fault.parse().unwrap_or_else(|why| panic!("{why}"));
        assert_ne!(faults, Faults::default(), "{fault}");
        assert!(!all.contains(&faults), "{fault} means the same as another");
        all.push(faults);
    }
    // One spelling for each field, two for answer-lost, four for spoilt.
    assert_eq!(named.len(), 16, "{named:?}");
}

#[test]
fn every_setting_of_insert_in_the_readme_is_one_that_is_read() {
    let row = README.lines().find(|line| line.starts_with("| `insert SERIAL")).unwrap();
    let names: Vec<&str> =
        row.split('[').skip(1).filter_map(|rest| rest.split_once('=').map(|(name, _)| name)).collect();
    assert!(names.contains(&"photo") && names.contains(&"pin-less"), "{names:?}");
    for name in names {
        // No value of theirs: an unknown setting says something else. A PIN can be anything.
        let outcome = CardOrder::parse(&format!("1001 {name}=?"), jiff::civil::date(2026, 11, 22));
        assert!(!matches!(outcome, Err(OrderError::Setting(_))), "{name}: {outcome:?}");
    }
    let stranger = CardOrder::parse("1001 colour=?", jiff::civil::date(2026, 11, 22));
    assert!(matches!(stranger, Err(OrderError::Setting(_))));
}

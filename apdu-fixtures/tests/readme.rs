//! The README is the specification: what it promises is held against the code.

use apdu_fixtures::{Faults, Profile};

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

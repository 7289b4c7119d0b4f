//! The crate's own code reads nothing from the environment: what changes a decision is a file that is pinned, a limit that
//! is reviewed, or an argument.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn no_source_file_reads_the_environment() {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    assert!(all.len() > 30, "only {} files were found", all.len());
    for file in all {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in ["env::", "env!(", "env;", "getenv", "/environ"] {
            assert!(!text.contains(word), "{}: {word}", file.display());
        }
    }
}

//! What is fetched, converted, continued and refused.

use std::{
    fs,
    io::{Read, Write},
    process::{Command, Stdio},
};

use crate::{
    place::{Manner, Place},
    set::{FILES, Set, onnx, pinned, published, root, script, told, weights},
};

#[test]
fn all_files_are_fetched_and_converted_and_the_terms_are_said() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    let output = set.install("upstream");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
    assert!(told(&output).contains("pictures for non-commercial research"), "{}", told(&output));
    assert!(!told(&output).contains('\r'), "a progress line without a terminal: {}", told(&output));
    // What is right is not fetched again.
    assert!(set.install("upstream").status.success());
    assert_eq!(place.seen().len(), 3);
}

#[test]
fn a_cut_connection_is_continued_where_it_stopped() {
    let place = Place::open(published(), Manner::Cut);
    let set = Set::new(&place.address);
    set.folder_with("models", &[("finds.onnx", onnx(false))]);
    let output = set.install("upstream");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
    assert_eq!(place.seen(), ["/1.bin from 0", "/1.bin from 150000", "/2.bin from 0"]);
}

#[test]
fn what_an_earlier_run_left_is_continued_also_where_ranges_are_not_known() {
    for manner in [Manner::Whole, Manner::NoRange] {
        let place = Place::open(published(), manner);
        let set = Set::new(&place.address);
        set.folder_with("models", &[("compares.onnx.part", weights(1)[..1000].to_vec())]);
        let output = set.install("upstream");
        assert!(output.status.success(), "{}", told(&output));
        set.assert_complete();
        assert!(place.seen().contains(&"/1.bin from 1000".to_owned()), "{:?}", place.seen());
    }
}

#[test]
fn a_left_part_longer_than_the_file_is_fetched_anew() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    set.folder_with("models", &[("compares.onnx.part", [weights(1), weights(2)].concat())]);
    let output = set.install("upstream");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
}

#[test]
fn a_file_with_another_hash_is_refused_and_removed() {
    let mut changed = weights(1);
    changed[200_000] ^= 1;
    let place = Place::open(vec![("/0.bin", onnx(true)), ("/1.bin", changed), ("/2.bin", weights(2))], Manner::Whole);
    let set = Set::new(&place.address);
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("compares.onnx: NOT installed"), "{}", told(&output));
    assert!(told(&output).contains("refused and was removed"), "{}", told(&output));
    assert_eq!(set.installed(), ["finds.onnx", "judges.onnx"]);
}

#[test]
fn a_conversion_that_gives_other_bytes_is_refused() {
    let other = [onnx(true), vec![5 << 3, 1]].concat();
    let place =
        Place::open(vec![("/0.bin", other.clone()), ("/1.bin", weights(1)), ("/2.bin", weights(2))], Manner::Whole);
    let set = Set::new(&place.address);
    set.write(&place.address, &FILES, &other, "clean-batch-1");
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("gave another file than the pinned one"), "{}", told(&output));
    assert!(!set.installed().contains(&"finds.onnx".to_owned()));
}

#[test]
fn a_file_that_is_no_onnx_file_is_not_converted() {
    let place = Place::open(vec![("/0.bin", vec![0xff; 40])], Manner::Whole);
    let set = Set::new(&place.address);
    set.write(&place.address, &FILES, &[0xff; 40], "clean");
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("finds.onnx: NOT installed: it is no ONNX file"), "{}", told(&output));
    assert!(told(&output).contains("answers 404"), "{}", told(&output));
}

#[test]
fn without_accepted_terms_nothing_is_installed_or_fetched() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    let output = set.run(&["install", "--from", "upstream", "models"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("nothing was installed"), "{}", told(&output));
    for typed in ["no\n", "YES PLEASE\n", "\n"] {
        let (success, text) = at_a_terminal(&set, typed);
        assert!(!success && text.contains("nothing was installed"), "{typed:?}: {text}");
    }
    assert!(set.installed().is_empty() && place.seen().is_empty());
    let (success, text) = at_a_terminal(&set, "yes\n");
    assert!(success, "{text}");
    assert!(text.contains("Type yes to accept") && text.contains("100 % of 0.3 MB"), "{text}");
    set.assert_complete();
}

/// Installs from upstream with a terminal at which this is typed.
fn at_a_terminal(set: &Set, typed: &str) -> (bool, String) {
    let line = format!(
        "'{}' install --manifest manifest.toml --upstream upstream.toml --from upstream models",
        script().display()
    );
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(set.folder.path())
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open: what is typed ends with its line, not with the terminal.
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(typed.as_bytes()).unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let success = child.wait().unwrap().success();
    drop(keyboard);
    (success, text)
}

#[test]
fn a_folder_is_enough_with_the_files_or_with_what_upstream_publishes() {
    let set = Set::new("http://127.0.0.1:9");
    let [_, compares, judges] = pinned();
    set.folder_with("stick", &[("0.bin", onnx(true)), ("compares.onnx", compares), ("judges.onnx", judges)]);
    let output = set.install("stick");
    assert!(output.status.success(), "{}", told(&output));
    set.assert_complete();
}

#[test]
fn a_folder_with_a_wrong_file_installs_the_others_and_replaces_nothing_that_is_right() {
    let set = Set::new("http://127.0.0.1:9");
    let [finds, compares, _] = pinned();
    set.folder_with("models", &[("finds.onnx", finds)]);
    set.folder_with("stick", &[("finds.onnx", vec![0; 9]), ("compares.onnx", compares), ("judges.onnx", weights(7))]);
    let output = set.install("stick");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("judges.onnx was changed"), "{}", told(&output));
    assert_eq!(set.installed(), ["compares.onnx", "finds.onnx"]);
    assert!(fs::read(set.path("models/finds.onnx")).unwrap() == onnx(false));
}

#[test]
fn verify_says_which_file_is_missing_cut_short_or_changed() {
    let set = Set::new("http://127.0.0.1:9");
    let [finds, compares, judges] = pinned();
    let mut changed = judges.clone();
    changed[7] ^= 0x80;
    set.folder_with("models", &[("compares.onnx", compares[..1234].to_vec()), ("judges.onnx", changed)]);
    let output = set.run(&["verify", "models"]);
    assert_eq!(output.status.code(), Some(1));
    let text = told(&output);
    assert!(text.contains("finds.onnx is missing"), "{text}");
    assert!(text.contains("compares.onnx is cut short: 1234 of 300000 bytes"), "{text}");
    assert!(text.contains("judges.onnx was changed"), "{text}");
    assert!(text.contains("3 of 3 files"), "{text}");
    set.folder_with("models", &[("finds.onnx", finds), ("compares.onnx", compares), ("judges.onnx", judges)]);
    let output = set.run(&["verify", "models"]);
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
fn a_manifest_whose_file_leaves_the_folder_is_refused() {
    for name in ["../escaped.onnx", "/tmp/escaped.onnx", "..", "a/b", "finds.onnx"] {
        let set = Set::new("http://127.0.0.1:9");
        set.write("http://127.0.0.1:9", &[name, "finds.onnx", "judges.onnx"], &onnx(true), "clean");
        for words in [&["verify", "models"][..], &["install", "--accept-terms", "--from", ".", "models"]] {
            let output = set.run(words);
            assert_eq!(output.status.code(), Some(1), "{name}: {}", told(&output));
            assert!(told(&output).contains("manifest.toml"), "{name}: {}", told(&output));
        }
        assert!(set.installed().is_empty());
    }
}

#[test]
fn an_address_that_is_not_https_is_refused() {
    for address in ["http://example.org", "ftp://example.org", "file:///etc", "http://127.0.0.1.example.org"] {
        let set = Set::new(address);
        let output = set.install("upstream");
        assert_eq!(output.status.code(), Some(1));
        assert!(told(&output).contains("https, or http to this machine itself"), "{address}: {}", told(&output));
    }
}

#[test]
fn the_research_set_is_listed_with_its_terms_and_addresses() {
    let output = Command::new(script()).args(["list", "--set", "research"]).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let manifest = fs::read_to_string(root().join("models/MANIFEST.toml")).unwrap();
    let text = told(&output);
    let mut facts = 0;
    for line in manifest.lines() {
        for key in ["file = ", "licence = ", "training_data = "] {
            let Some(fact) = line.strip_prefix(key) else { continue };
            facts += 1;
            assert!(text.contains(fact.trim_matches('"')), "{fact} is not said: {text}");
        }
    }
    assert_eq!(facts, 15);
    assert_eq!(text.matches("from a folder, or https://").count(), 5, "{text}");
}

#[test]
fn the_own_set_is_installed_from_the_repository_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let output = Command::new(script()).args(words).args(["--set", "own"]).arg(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        told(&output)
    };
    let text = run(&["install", "--accept-terms"]);
    assert!(text.contains("level demonstration"), "{text}");
    run(&["verify"]);
}

#[test]
fn without_the_environment_that_converts_checkpoints_nothing_is_fetched_and_the_cure_is_said() {
    let place = Place::open(published(), Manner::Whole);
    let set = Set::new(&place.address);
    set.write(&place.address, &FILES, &onnx(true), "minifasnet-v2");
    let output = set
        .command(&["install", "--accept-terms", "--from", "upstream", "models"])
        .env("READER_DAEMON_CONVERTER", set.path("nowhere/bin/python"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("python3 -m venv") && told(&output).contains("requirements.txt"),
        "{}",
        told(&output)
    );
    assert!(!place.seen().iter().any(|request| request.starts_with("/0.bin")), "{:?}", place.seen());
}

#[test]
fn a_place_that_gives_a_byte_at_a_time_is_not_asked_for_ever() {
    let place = Place::open(published(), Manner::Drops);
    let set = Set::new(&place.address);
    set.folder_with("models", &[("compares.onnx", weights(1)), ("judges.onnx", weights(2))]);
    let output = set.install("upstream");
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("cannot be fetched: the connection was cut"), "{}", told(&output));
    assert_eq!(place.seen().len(), 12, "{:?}", place.seen());
    assert_eq!(fs::read(set.path("models/finds.onnx.part")).unwrap(), onnx(true)[..12], "what came is kept");
}

#[test]
fn a_length_that_is_no_length_is_refused() {
    let digits: &str = "9".repeat(5000).leak();
    for (said, cause) in [
        ("many", "tells a length that is no number: many"),
        ("-1", "tells a length that is no number: -1"),
        ("\x1b[2J", "tells a length that is no number: ?[2J"),
        (digits, "tells a length that is no number: 999"),
        ("67108865", "is longer than 67108864 bytes"),
    ] {
        let place = Place::open(published(), Manner::Length(said));
        let set = Set::new(&place.address);
        let output = set.install("upstream");
        assert_eq!(output.status.code(), Some(1), "{said}");
        let text = told(&output);
        assert_eq!(text.matches(cause).count(), 3, "{text}");
        assert!(!text.contains("Traceback") && !text.contains('\x1b'), "{text}");
        assert_eq!(place.seen().len(), 3, "{:?}", place.seen());
    }
}

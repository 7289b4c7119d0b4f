//! Manifests and address lists as somebody else may write them: every one is refused in a line, none hangs.

use std::{
    fs,
    process::{Command, Output},
};

use crate::set::{Set, root, script, told};

const NOWHERE: &str = "http://127.0.0.1:9";

/// The set with something else in one of its two files.
fn changed(file: &str, change: impl FnOnce(String) -> String) -> Set {
    let set = Set::new(NOWHERE);
    let path = set.path(file);
    let text = change(fs::read_to_string(&path).unwrap());
    fs::write(path, text).unwrap();
    set
}

fn with(from: &'static str, to: &str) -> impl FnOnce(String) -> String {
    move |text| {
        assert!(text.contains(from), "{from} is not in {text}");
        text.replacen(from, to, 1)
    }
}

/// Without its judgements about attacks, and with this at its head instead.
fn with_attack(line: &str) -> impl FnOnce(String) -> String {
    move |text| format!("{line}\n{}", text.split("[[attack]]").next().unwrap())
}

#[track_caller]
fn assert_refused(output: &Output, cause: &str) {
    let text = told(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(cause), "{cause}: {text}");
    assert!(!text.contains("Traceback") && !text.contains('\x1b'), "{text}");
    assert!(text.len() < 1000, "{} bytes are said: {text}", text.len());
}

#[track_caller]
fn assert_each_refused(set: &Set, cause: &str) {
    for words in
        [&["list"][..], &["verify", "models"][..], &["install", "--accept-terms", "--from", "upstream", "models"]]
    {
        assert_refused(&set.run(words), cause);
    }
    assert!(set.installed().is_empty());
}

#[test]
fn a_manifest_without_tables_of_attacks_is_refused() {
    for line in ["attack = 3", "attack = [\"x\"]", "attack = []", "attack = \"net\"", "attack = { net = [] }", ""] {
        assert_each_refused(&changed("manifest.toml", with_attack(line)), "[[attack]] is missing, or is no table");
    }
    for line in ["attack = [{}]", "attack = [{ net = 3 }]", "attack = [{ net = [] }]", "attack = [{ net = [3] }]"] {
        assert_each_refused(&changed("manifest.toml", with_attack(line)), "[[attack.net]] is missing, or is no table");
    }
}

#[test]
fn what_is_nested_too_deep_or_has_too_many_digits_is_refused() {
    let deep = format!("deep = {}{}", "[".repeat(30_000), "]".repeat(30_000));
    let long = format!("long = {}", "9".repeat(5000));
    for file in ["manifest.toml", "upstream.toml"] {
        for (line, cause) in [(&deep, "is nested too deep"), (&long, "integer string conversion")] {
            let set = changed(file, |text| format!("{line}\n{text}"));
            assert_each_refused(&set, file);
            assert_each_refused(&set, cause);
        }
    }
}

#[test]
fn no_more_is_read_than_a_manifest_may_have_and_nothing_that_is_no_regular_file() {
    for file in ["manifest.toml", "upstream.toml"] {
        let set = changed(file, |text| text + &"#".repeat(64 * 1024));
        assert_each_refused(&set, &format!("{file} is longer than 65536 bytes"));
        let path = set.path(file);
        for make in [&["ln", "-s", "/dev/zero"][..], &["mkfifo"]] {
            fs::remove_file(&path).unwrap();
            assert!(Command::new(make[0]).args(&make[1..]).arg(&path).status().unwrap().success());
            assert_each_refused(&set, &format!("{file} is no regular file"));
        }
        fs::remove_file(&path).unwrap();
        assert_each_refused(&set, &format!("{file} cannot be read"));
    }
}

#[test]
fn a_level_is_one_of_three_words() {
    let key = "level = \"research\"";
    for level in ["", "level = 3", "level = [\"research\"]", "level = \"Research\"", "level = \"\\u001b[2Japproved\""] {
        assert_each_refused(
            &changed("manifest.toml", with(key, level)),
            "level: one of demonstration, research, approved",
        );
    }
    for level in ["demonstration", "research", "approved"] {
        let set = changed("manifest.toml", with(key, &format!("level = \"{level}\"")));
        let output = set.run(&["list"]);
        assert!(output.status.success() && told(&output).contains(level), "{}", told(&output));
    }
}

#[test]
fn values_of_another_kind_are_refused() {
    for (from, to, cause) in [
        ("format = 1", "format = true", "format is not 1"),
        ("format = 1", "format = 1.0", "format is not 1"),
        ("name = \"net-0\"", "name = [\"net-0\"]", "name is no text"),
        ("name = \"net-0\"", "name = 5", "name is no text"),
        ("file = \"finds.onnx\"", "file = 5", "file is no text"),
        ("file = \"finds.onnx\"", "file = \"\\u001b[2J\"", "file ?[2J"),
        ("bytes = 300000", "bytes = true", "bytes: no number"),
        ("bytes = 300000", "bytes = 0", "bytes: no number"),
        ("bytes = 300000", "bytes = \"300000\"", "bytes: no number"),
        ("licence = \"Apache-2.0\"", "licence = \"\\u001b[2J\"", "licence is missing, or holds what cannot be printed"),
    ] {
        assert_refused(&changed("manifest.toml", with(from, to)).run(&["list"]), cause);
    }
    for (from, to, cause) in [
        ("[net-0]", "net-3 = 3\n[net-0]", "net-3 is no entry"),
        ("[net-0]", "\"\\u001b[2J\" = 3\n[net-0]", "?[2J is no entry"),
        ("http://127.0.0.1:9/", "https://example.org/\\u001b[2J", "url: https, or http to this machine itself"),
        ("http://127.0.0.1:9/", "https://example.org:99999/", "url: https, or http to this machine itself"),
        ("conversion = \"none\"", "conversion = []", "conversion: one of"),
    ] {
        assert_refused(&changed("upstream.toml", with(from, to)).run(&["list"]), cause);
    }
}

/// An own list of the repository's own files, of this level.
fn own_as(level: &str) -> Output {
    let set = Set::new(NOWHERE);
    let own = fs::read_to_string(root().join("models/own/MANIFEST.toml")).unwrap();
    let own = with("level = \"demonstration\"", &format!("level = \"{level}\""))(own);
    fs::write(set.path("own.toml"), own).unwrap();
    let models = root().join("models/own");
    Command::new(script()).args(["verify", "--manifest"]).arg(set.path("own.toml")).arg(models).output().unwrap()
}

#[test]
fn law_12_the_repositorys_own_files_are_of_level_demonstration_and_of_no_other() {
    for level in ["research", "approved"] {
        assert_refused(&own_as(level), "these weights are of level demonstration and of no other");
    }
    let output = own_as("demonstration");
    assert!(output.status.success(), "{}", told(&output));
    // One of them among others is enough.
    let own = fs::read_to_string(root().join("models/own/MANIFEST.toml")).unwrap();
    for line in own.lines().filter(|line| line.starts_with("sha256 = ")) {
        let set = changed("manifest.toml", |text| {
            let pinned = text.lines().rfind(|line| line.starts_with("sha256 = ")).unwrap().to_owned();
            text.replace(&pinned, line)
        });
        assert_each_refused(&set, "net-2: these weights are of level demonstration and of no other");
    }
}

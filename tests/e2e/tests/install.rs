//! `scripts/install`: what it puts where, that every line of hardening has a reason, and that `--undo` takes it away.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn install(stage: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(format!("{ROOT}/scripts/install"));
    command.arg("--root").arg(stage.join("root")).args(more).output().unwrap()
}

/// Programs of these names, so that nothing has to be built.
fn programs(stage: &Path) -> String {
    let folder = stage.join("programs");
    fs::create_dir(&folder).unwrap();
    for name in ["reader-daemon", "kiosk"] {
        fs::copy("/bin/true", folder.join(name)).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

fn unit(name: &str) -> String {
    fs::read_to_string(format!("{ROOT}/scripts/units/{name}")).unwrap()
}

#[test]
fn it_puts_programs_units_users_and_rules_and_undo_leaves_what_people_made() {
    let stage = tempfile::tempdir().unwrap();
    let programs = programs(stage.path());
    let done = install(stage.path(), &["--binaries", &programs]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let root = stage.path().join("root");
    let found: BTreeSet<_> = files(&root).into_iter().filter(|file| !file.contains("/voice/")).collect();
    for file in [
        "etc/polkit-1/rules.d/50-reader-daemon.rules",
        "etc/reader-daemon/reader-daemon.toml",
        "etc/systemd/journald@reader-daemon.conf",
        "etc/systemd/system/reader-daemon.service",
        "etc/systemd/system/reader-kiosk.service",
        "etc/sysusers.d/reader-daemon.conf",
        "etc/tmpfiles.d/reader-daemon.conf",
        "etc/udev/rules.d/72-reader-daemon.rules",
        "usr/local/bin/kiosk",
        "usr/local/bin/reader-daemon",
    ] {
        assert!(found.contains(file), "{file} is missing");
    }
    let config = root.join("etc/reader-daemon/reader-daemon.toml");
    assert_eq!(fs::metadata(&config).unwrap().permissions().mode() & 0o777, 0o640);
    // A second time it changes nothing that somebody edited.
    fs::write(&config, "edited").unwrap();
    assert!(install(stage.path(), &["--binaries", &programs]).status.success());
    assert_eq!(fs::read_to_string(&config).unwrap(), "edited");
    assert!(install(stage.path(), &["--undo"]).status.success());
    assert_eq!(files(&root), BTreeSet::from(["etc/reader-daemon/reader-daemon.toml".to_owned()]));
    assert!(install(stage.path(), &["--undo", "--purge"]).status.success());
    assert_eq!(files(&root), BTreeSet::new());
}

#[test]
fn without_a_screen_there_is_no_kiosk() {
    let stage = tempfile::tempdir().unwrap();
    let programs = programs(stage.path());
    assert!(install(stage.path(), &["--binaries", &programs, "--without-kiosk"]).status.success());
    assert!(files(&stage.path().join("root")).iter().all(|file| !file.contains("kiosk")));
}

#[test]
fn wrong_options_change_nothing_and_say_so() {
    let stage = tempfile::tempdir().unwrap();
    for (options, said) in [
        (vec!["--purge"], "--undo"),
        (vec!["--hurry"], "--help"),
        (vec!["--undo", "--purge", "--root", "/"], "is this machine"),
        (vec!["--undo", "--purge", "--root", "/tmp/.."], "is this machine"),
        (vec!["--binaries", "/nowhere"], "holds no program"),
    ] {
        let done = install(stage.path(), &options);
        assert!(!done.status.success(), "{options:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains(said), "{options:?}");
    }
    assert!(!stage.path().join("root").exists());
}

/// A directive without its reason is copied, not thought of.
#[test]
fn every_directive_of_a_service_has_its_reason_above_it() {
    for name in ["reader-daemon.service", "reader-kiosk.service"] {
        let text = unit(name);
        let service = text.split("[Service]").nth(1).unwrap().split("[Install]").next().unwrap();
        let lines: Vec<_> = service.lines().collect();
        let mut directives = 0;
        for pair in lines.windows(2) {
            if !pair[1].is_empty() && !pair[1].starts_with('#') {
                directives += 1;
                assert!(pair[0].starts_with("# "), "{name}: {} has no reason", pair[1]);
            }
        }
        assert!(directives > 20, "{name}: {directives}");
    }
}

/// `systemd-analyze` is on every machine with systemd; the units are for no other.
#[test]
fn systemd_understands_the_units_and_finds_the_daemon_well_shut_in() {
    let stage = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { stage.path().join(name) };
    for name in ["reader-daemon.service", "reader-kiosk.service"] {
        let lines = unit(name);
        // It wants the program to be there.
        let lines = lines.lines().map(|line| if line.starts_with("ExecStart=") { "ExecStart=/bin/true" } else { line });
        fs::write(path(name), lines.collect::<Vec<_>>().join("\n")).unwrap();
        let verified = Command::new("systemd-analyze").arg("verify").arg(path(name)).output().unwrap();
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success() && !said.contains(name), "{said}");
    }
    let score = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=20"])
        .arg(path("reader-daemon.service"))
        .output()
        .unwrap();
    assert!(score.status.success(), "{}", String::from_utf8_lossy(&score.stdout));
}

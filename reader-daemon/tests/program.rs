//! The program as it ships: its command line, its exit codes, and what it must not contain.

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Output},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_reader-daemon");

fn program(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).env_remove("CREDENTIALS_DIRECTORY").output().expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn help_shows_all_commands_and_an_example() {
    let output = program(&["--help"]);
    assert!(output.status.success());
    for word in [
        "run",
        "doctor",
        "cameras",
        "desk",
        "Example:",
        "--config /etc/reader-daemon/reader-daemon.toml",
        "Not an approved reader",
    ] {
        assert!(said(&output).contains(word), "{word}");
    }
}

#[test]
fn a_wrong_configuration_is_named_with_line_cause_and_cure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reader-daemon.toml");
    fs::write(&path, "[terminal]\nidd = \"x\"\n").unwrap();
    let output = program(&["run", "--config", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    for word in ["reader-daemon.toml", "line 2", "idd", "cure:"] {
        assert!(said.contains(word), "{word} in {said}");
    }
}

#[test]
fn doctor_names_every_trouble_with_its_cure_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reader-daemon.toml");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/reader-daemon.example.toml");
    fs::copy(example, &path).unwrap();
    let output = program(&["doctor", "--config", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    for line in ["✔ configuration", "✔ texts", "✘ trust anchors", "✘ result key", "✘ outbox", "✘ service keys"]
    {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(said.contains("CREDENTIALS_DIRECTORY"), "the missing key of the outbox is named: {said}");
    assert!(said.contains("systemd-run"), "how to run it with the key is named: {said}");
    assert_eq!(said.matches('✘').count(), said.matches("cure: ").count(), "{said}");
}

#[test]
fn a_face_worker_without_its_models_says_why_on_its_socket_and_ends() {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["face-worker", "--models", "/nonexistent"]).stdin(std::os::fd::OwnedFd::from(theirs));
    command.stdout(std::process::Stdio::null());
    let mut worker = command.spawn().unwrap();
    drop(command);
    let mut said = Vec::new();
    (&ours).read_to_end(&mut said).unwrap();
    worker.wait().unwrap();
    let said = String::from_utf8_lossy(&said);
    for word in ["\"closed\"", "\"models\"", "/nonexistent"] {
        assert!(said.contains(word), "{word} in {said}");
    }
}

#[test]
fn law_12_dangerous_conveniences_are_in_debug_builds_only() {
    let program = fs::read(PROGRAM).unwrap();
    let found = program.windows(9).any(|window| window == b"dangerous");
    // In a debug build it is there, so the search works; `cargo nextest run --release` shows that it is gone.
    assert_eq!(found, cfg!(debug_assertions));
}

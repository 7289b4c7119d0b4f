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
        "passcode",
        "faults",
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

/// What a worker with these arguments says on its socket before it ends.
fn worker_says(arguments: &[&str]) -> String {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let mut command = Command::new(PROGRAM);
    command.arg("face-worker").args(arguments).stdin(std::os::fd::OwnedFd::from(theirs));
    command.stdout(std::process::Stdio::null());
    let mut worker = command.spawn().unwrap();
    drop(command);
    let mut said = Vec::new();
    (&ours).read_to_end(&mut said).unwrap();
    worker.wait().unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn a_face_worker_without_its_models_says_why_on_its_socket_and_ends() {
    let said = worker_says(&["--models", "/nonexistent"]);
    for word in ["\"closed\"", "\"models\"", "/nonexistent"] {
        assert!(said.contains(word), "{word} in {said}");
    }
}

/// The built-in manifest with another level, and a configuration that names it.
fn with_level(folder: &Path, level: &str) -> (String, String) {
    let built_in = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/MANIFEST.toml")).unwrap();
    let manifest = built_in.replacen("level = \"research\"", &format!("level = \"{level}\""), 1);
    assert!(manifest.contains(&format!("level = \"{level}\"")));
    let manifest_path = folder.join(format!("{level}.toml"));
    fs::write(&manifest_path, manifest).unwrap();
    let example =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/reader-daemon.example.toml")).unwrap();
    let config = folder.join(format!("reader-daemon-{level}.toml"));
    let face = format!("[face]\nmodels = \"m\"\nsigners = \"s\"\nmanifest = \"{}\"\n", manifest_path.display());
    fs::write(&config, example + &face).unwrap();
    (config.to_str().unwrap().to_owned(), manifest_path.to_str().unwrap().to_owned())
}

#[test]
fn law_12_demonstration_weights_are_refused_at_the_start_and_by_doctor_with_cause_and_cure() {
    let folder = tempfile::tempdir().unwrap();
    for level in ["demonstration", "research", "approved"] {
        let (config, _) = with_level(folder.path(), level);
        let refused = level == "demonstration";
        for command in ["run", "doctor"] {
            let output = program(&[command, "--config", &config]);
            // Something else is wrong with the others: nothing of what the example names is there.
            assert_eq!(output.status.code(), Some(1), "{command} {level}");
            let said = said(&output);
            for word in ["[face] manifest", "of level demonstration", "identify nobody", "prove themselves by PIN"] {
                assert_eq!(said.contains(word), refused, "{command} {level}: {word} in {said}");
            }
        }
    }
}

#[test]
fn law_12_a_face_worker_refuses_demonstration_weights_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (level, refused) in [("demonstration", true), ("research", false)] {
        let (_, manifest) = with_level(folder.path(), level);
        let said = worker_says(&["--models", "/nonexistent", "--manifest", &manifest]);
        assert!(said.contains("\"closed\"") && said.contains("\"models\""), "{said}");
        assert_eq!(said.contains("of level demonstration"), refused, "{said}");
        // What is taken comes as far as the files, which are missing.
        assert_eq!(said.contains("/nonexistent"), !refused, "{said}");
    }
}

#[test]
fn law_12_there_is_no_switch_for_demonstration_weights() {
    for command in [&[][..], &["run"], &["doctor"], &["face-worker"], &["desk"], &["cameras"]] {
        let said = said(&program(&[command, &["--help"]].concat())).to_lowercase();
        assert!(said.contains("usage:"), "{said}");
        for word in ["demo", "--level", "least"] {
            assert!(!said.contains(word), "{word} in the help of {command:?}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (config, manifest) = with_level(folder.path(), "demonstration");
    for switch in ["--demo", "--demonstration", "--allow-demonstration", "--at-least=demonstration", "--level=research"]
    {
        let run = program(&["run", "--config", &config, switch]);
        assert_eq!(run.status.code(), Some(2), "{switch}: {}", said(&run));
        let worker = program(&["face-worker", "--models", "/nonexistent", "--manifest", &manifest, switch]);
        assert_eq!(worker.status.code(), Some(2), "{switch}: {}", said(&worker));
    }
    // Nor is it in the program under another name: what a demonstration says of itself is in `tests/demo` only.
    let contents = fs::read(PROGRAM).unwrap();
    let has = |word: &str| contents.windows(word.len()).any(|window| window == word.as_bytes());
    assert!(has("demonstration") && has("manifest"), "the search finds what is there");
    for word in ["--demo", "allow_demonstration", "allowing_demonstration", "READER_DAEMON_DEMO"] {
        assert!(!has(word), "{word}");
    }
}

#[test]
fn law_12_dangerous_conveniences_are_in_debug_builds_only() {
    let program = fs::read(PROGRAM).unwrap();
    let found = program.windows(9).any(|window| window == b"dangerous");
    // In a debug build it is there, so the search works; `cargo nextest run --release` shows that it is gone.
    assert_eq!(found, cfg!(debug_assertions));
}

#[test]
fn a_passcode_from_a_pipe_is_stored_hashed_and_a_trivial_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reader-daemon.toml");
    let example =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/reader-daemon.example.toml")).unwrap();
    fs::write(&path, example + "[visual]\nenabled = true\npasscode_file = \"visual.passcode\"\n").unwrap();
    let set = |digits: &str| {
        let given = folder.path().join("given");
        fs::write(&given, digits).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(["passcode", "--config", path.to_str().unwrap()]).stdin(fs::File::open(&given).unwrap());
        command.output().expect("the program starts")
    };
    let refused = set("123456\n");
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("guessed first") && !said(&refused).contains("123456"), "{}", said(&refused));
    let stored = folder.path().join("visual.passcode");
    assert!(!stored.exists());
    let done = set("270931\n");
    assert!(done.status.success(), "{}", said(&done));
    assert!(!said(&done).contains("270931"));
    assert!(fs::read_to_string(&stored).unwrap().starts_with("$argon2id$v=19$"));
}

#[test]
fn the_table_of_faults_is_printed_and_written_as_a_page() {
    let printed = program(&["faults"]);
    let page = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("FAULTS.md")).unwrap();
    assert!(printed.status.success() && printed.stdout == page);
    let folder = tempfile::tempdir().unwrap();
    let html = folder.path().join("faults.html");
    assert!(program(&["faults", "--html", html.to_str().unwrap()]).status.success());
    assert!(fs::read_to_string(html).unwrap().starts_with("<!DOCTYPE html>"));
}

//! The program: one command starts it, lines control it.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use apdu_fixtures::pki;
use qualification::{
    ClientError,
    protocol::{Answer, ResultClaims, WeightsLevel},
};
use serde_json::Value;

use crate::terminal::{Card, Terminal};

struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    fn start(folder: &Path) -> Self {
        Self::started_with(folder, &[])
    }

    fn started_with(folder: &Path, more: &[&str]) -> Self {
        let anchors = folder.join("anchors");
        std::fs::create_dir_all(&anchors).unwrap();
        for (n, der) in pki::anchors().iter().enumerate() {
            std::fs::write(anchors.join(format!("{n}.der")), der).unwrap();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_clinic"))
            .arg("--dir")
            .arg(folder.join("clinic"))
            .arg("--anchors")
            .arg(anchors)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdin, stdout }
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"))
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
        self.hear()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_program_listens_obeys_reports_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let listening = program.hear();
    assert_eq!(listening["event"], "listening");
    assert!(listening["url"].as_str().unwrap().starts_with("https://127.0.0.1:"));
    let bundle = Path::new(listening["terminal"].as_str().unwrap());
    let config = reader_daemon::Config::read(&bundle.join("reader-daemon.toml")).unwrap();
    assert_eq!(config.service.url, listening["url"].as_str().unwrap());
    // Reads every file that the configuration names, the anchors among them.
    let settings = reader_daemon::Settings::load(&config).unwrap();
    assert_eq!(settings.anchors.len(), pki::anchors().len());
    assert!(settings.storage.is_dir());
    let terminal = Terminal::of(bundle);
    let claims = terminal.visit(&Card::of(1001), Answer::Declined).await;

    assert_eq!(program.say("link down")["link"], "down");
    assert_eq!(terminal.client.status().await, Err(ClientError::Unreachable));
    assert_eq!(program.say("link up")["link"], "up");
    assert_eq!(program.say("drop-receipts 1")["drop_receipts"], 1);
    assert_eq!(terminal.submit(&claims).await, Err(ClientError::Unreachable));
    assert!(terminal.submit(&claims).await.is_ok());

    assert_eq!(program.say("pin-less off")["pin_less"], "off");
    assert!(!terminal.open().await.opened.pin_less);
    assert_eq!(program.say("pin-less on")["pin_less"], "on");
    assert!(terminal.open().await.opened.pin_less);

    assert_eq!(program.say("settings everything")["settings"].as_array().unwrap().len(), 6);
    assert_eq!(program.say("settings plain")["settings"][2], "operations");
    assert_eq!(program.say("settings /nowhere")["event"], "error");
    assert_eq!(program.say("clock +90 s")["clock_ms"], 90_000);
    assert!(!terminal.open().await.clocks_agree, "no visit goes on with such a clock");
    assert_eq!(program.say("clock 0 s")["clock_ms"], 0);
    assert!(terminal.open().await.clocks_agree);
    assert_eq!(program.say("sign-up fails")["sign_up"], "fails");
    assert_eq!(program.say("sign-up works")["sign_up"], "works");

    let books = program.say("books");
    assert_eq!(books["event"], "books");
    assert_eq!((&books["sign_ups"], &books["certificate_lookups"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    assert_eq!(books["results"][0]["confirmed_by"], Value::Null);
    let until = books["results"][0]["valid_until_ms"].as_u64();
    assert_eq!(until, Some(claims.time_ms + 86_400_000));
    assert_eq!(books["results"].as_array().unwrap().len(), 1);
    assert_eq!(books["results"][0]["result_id"], claims.result_id);
    assert_eq!((&books["results"][0]["method"], &books["results"][0]["weights"]), (&"pin".into(), &"none".into()));
    assert_eq!(books["results"][0]["weights_level"], "research");
    assert_eq!(books["desk"], Value::Array(Vec::new()));
    assert_eq!(books["results"][0]["items"][0]["answer"], "declined");
    assert_eq!(books["sessions"]["received"], 1);
    assert_eq!(program.say("nonsense")["event"], "error");

    writeln!(program.stdin.as_mut().unwrap(), "quit").unwrap();
    assert!(program.child.wait().unwrap().success());
}

#[tokio::test]
async fn only_a_program_started_for_demonstrations_takes_their_results_and_it_says_so() {
    for (more, demo) in [(&[][..], false), (&["--demo"], true)] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Program::started_with(folder.path(), more);
        let listening = program.hear();
        assert_eq!(listening["demo"], demo);
        let terminal = Terminal::of(Path::new(listening["terminal"].as_str().unwrap()));
        let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
        let claims = ResultClaims { weights_level: Some(WeightsLevel::Demonstration), ..claims };
        assert_eq!(terminal.submit(&claims).await.is_ok(), demo);
        let books = program.say("books");
        assert_eq!(books["results"].as_array().unwrap().len(), usize::from(demo));
        if demo {
            assert_eq!(books["results"][0]["weights_level"], "demonstration");
        }
    }
}

#[tokio::test]
async fn the_program_is_started_with_settings_and_a_hashed_passcode_and_repeats_no_digits() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let hashed = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU";
    let (good, digits) = (write("passcode", &format!("{hashed}\n")), write("digits", "4071\n"));
    let settings = include_str!("../../data/facility.toml").replacen("infections = false", "infections = true", 1);
    let settings = write("facility.toml", &settings);
    let mut program = Program::started_with(folder.path(), &["--settings", &settings, "--passcode", &good]);
    let listening = program.hear();
    let terminal = Terminal::of(Path::new(listening["terminal"].as_str().unwrap()));
    let opening = terminal.open().await;
    assert_eq!(opening.opened.visual_passcode.as_ref().map(|copy| copy.argon2id.as_str()), Some(hashed));
    let found = terminal.authenticate(&opening, &Card::of(1001)).await.unwrap();
    assert_eq!(found.items[3].id, "infections");

    assert_eq!(program.say("passcode none")["passcode"], "none");
    assert_eq!(terminal.open().await.opened.visual_passcode, None);
    let refused = program.say(&format!("passcode {digits}"));
    assert_eq!(refused["event"], "error");
    assert!(!refused.to_string().contains("4071"), "{refused}");
    assert_eq!(program.say(&format!("passcode {good}"))["passcode"], "held");
    drop(program);

    let done = Command::new(env!("CARGO_BIN_EXE_clinic"))
        .arg("--dir")
        .arg(folder.path().join("other"))
        .arg("--anchors")
        .arg(folder.path().join("anchors"))
        .args(["--passcode", &digits])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && said.contains("PHC string") && !said.contains("4071"), "{said}");
}

#[test]
fn the_end_of_stdin_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    program.hear();
    program.stdin = None;
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn missing_anchors_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_clinic"))
        .arg("--dir")
        .arg(folder.path())
        .arg("--anchors")
        .arg(folder.path().join("nowhere"))
        .output()
        .unwrap();
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("--anchors"));
}

#[test]
fn the_program_writes_the_files_of_a_visit_that_it_makes_itself() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    let named = files.display().to_string();
    let more = ["--files", &named, "--encoding", "shift-jis", "--institution", "9910000001"];
    let mut program = Program::started_with(folder.path(), &more);
    assert_eq!(program.hear()["files"], named);
    let done = program.say("visit 1001 agree");
    assert_eq!(done["qualification"], "valid");
    assert!(done["receipt"].is_string());
    let refused = program.say("visit 1010 agree");
    assert_eq!((&refused["qualification"], &refused["receipt"]), (&"not_signed_up".into(), &Value::Null));
    assert_eq!(program.say("visit 4711 agree")["event"], "error");
    let face: Vec<_> = std::fs::read_dir(files.join("face")).unwrap().collect();
    assert_eq!(face.len(), 1);
    let path = face[0].as_ref().unwrap().path();
    assert!(path.file_name().unwrap().to_string_lossy().starts_with("OQSsiquc01res_face_9910000001"));
    let (read, encoding) = clinic::files::xml::read(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!((read.name.as_str(), encoding), ("XmlMsg", clinic::files::Encoding::ShiftJis));
    let books = program.say("books");
    assert_eq!(books["files"][0]["state"], "written");
}

//! The program `emulated-card`, as a test or the demo talks to it; a listener stands where vpcd would.

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use common::jp2::Jp2;
use serde_json::Value;

struct Program {
    child: Child,
    answers: BufReader<ChildStdout>,
    _vpcd: TcpListener,
}

impl Program {
    fn start() -> Self {
        let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = vpcd.local_addr().unwrap().to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_emulated-card"))
            .args(["--address", &address, "--today", "2026-11-22"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Program { child, answers, _vpcd: vpcd }
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[test]
fn the_inserted_card_tells_what_is_printed_on_it() {
    let mut program = Program::start();
    let event = program.say("insert 1001");
    assert_eq!(event["event"], "inserted");
    assert_eq!(event["surface_code"], "25040120351001");
    assert_eq!(program.say("counts")["code_tries_left"], 10);
    assert_eq!(program.say("remove")["event"], "removed");
    let event = program.say("insert 1001 profile=two-cards-in-one code-tries=4 signer=unknown pin-less=off");
    assert_eq!(event["surface_code"], "60071220351002", "of the person in the record");
    assert_eq!(program.say("counts")["code_tries_left"], 4);
    program.say("remove");
    assert_eq!(program.say("insert 1001 profile=driver-licence")["surface_code"], Value::Null);
}

#[test]
fn a_photo_comes_from_a_file_and_what_is_none_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        format!("insert 1001 photo={}", file.display())
    };
    let (good, wide) = (Jp2::default(), Jp2 { width: 4000, ..Jp2::default() });
    let mut program = Program::start();
    for (line, reason) in [
        (write("text.jp2", b"hello"), "not a JP2 file"),
        (write("wide.jp2", &wide.bytes()), "4000 × 300 pixels"),
        ("insert 1001 photo=/nowhere/photo.jp2".to_owned(), "/nowhere/photo.jp2"),
    ] {
        let event = program.say(&line);
        assert_eq!(event["event"], "error", "{line}");
        assert!(event["message"].as_str().unwrap().contains(reason), "{event}");
    }
    assert_eq!(program.say(&write("good.jp2", &good.bytes()))["event"], "inserted");
}

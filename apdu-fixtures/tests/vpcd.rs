//! The card's side of vpcd's protocol, and the program that speaks it: card.md appendix A.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;

use apdu_fixtures::vpcd::{Change, VpcdCard};
use apdu_fixtures::{Atr, Profile};
use common::{card_with, hex, options};
use serde_json::Value;

/// Length and body in two writes, as vpcd does.
fn send(mut stream: &TcpStream, body: &[u8]) {
    stream.write_all(&(body.len() as u16).to_be_bytes()).unwrap();
    stream.write_all(body).unwrap();
}

fn receive(mut stream: &TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length).ok()?;
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

fn ask(stream: &TcpStream, command: &str) -> Option<Vec<u8>> {
    send(stream, &hex(command));
    receive(stream)
}

const SELECT: &str = "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01";
const QUERY: &str = "00 20 00 98";

#[test]
fn controls_power_the_card_and_only_get_atr_is_answered() {
    let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = vpcd.local_addr().unwrap();
    let card = VpcdCard::insert(address, card_with(Profile::Standard, options()), |_| {}).unwrap();
    let (stream, _) = vpcd.accept().unwrap();
    send(&stream, &[4]);
    assert_eq!(receive(&stream).unwrap(), Atr::Emulated.bytes());
    send(&stream, &[1]);
    assert_eq!(ask(&stream, SELECT).unwrap(), [0x90, 0x00]);
    assert_eq!(ask(&stream, "00 20 00 98 04 31 32 33 34").unwrap(), [0x90, 0x00]);
    assert!(card.with_card(|card| card.anything_verified()));
    send(&stream, &[2]);
    send(&stream, &[4]);
    receive(&stream).unwrap();
    assert!(card.with_card(|card| card.anything_verified()), "E-04: a warm reset keeps it");
    send(&stream, &[0]);
    send(&stream, &[4]);
    receive(&stream).unwrap();
    assert!(!card.with_card(|card| card.anything_verified()));
    let counts = card.remove().counts();
    assert_eq!((counts.commands, counts.verify), (2, 1));
    assert_eq!(receive(&stream), None, "the connection ends when the card is taken");
}

#[test]
fn a_fault_that_lifts_the_card_closes_the_connection() {
    let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
    let (tell, told) = mpsc::channel();
    let mut options = options();
    options.faults = "answer-lost:verify".parse().unwrap();
    let card = card_with(Profile::Standard, options);
    let card = VpcdCard::insert(vpcd.local_addr().unwrap(), card, move |change| tell.send(change).unwrap()).unwrap();
    let (stream, _) = vpcd.accept().unwrap();
    assert!(ask(&stream, SELECT).is_some());
    assert_eq!(ask(&stream, "00 20 00 98 04 39 39 39 39"), None);
    assert_eq!(told.recv().unwrap(), Change::Lifted);
    assert_eq!(card.remove().counts().tries_left, Some(2));
}

#[test]
fn a_card_waits_for_a_reader_that_went_away() {
    let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
    let (tell, told) = mpsc::channel();
    let card = card_with(Profile::Standard, options());
    let card = VpcdCard::insert(vpcd.local_addr().unwrap(), card, move |change| tell.send(change).unwrap()).unwrap();
    drop(vpcd.accept().unwrap());
    assert_eq!(told.recv().unwrap(), Change::ReaderGone);
    let (stream, _) = vpcd.accept().unwrap();
    assert_eq!(told.recv().unwrap(), Change::ReaderBack);
    assert_eq!(ask(&stream, SELECT).unwrap(), [0x90, 0x00]);
    card.remove();
    assert_eq!(receive(&stream), None);
}

struct Program {
    child: Child,
    into: ChildStdin,
    out: BufReader<ChildStdout>,
}

impl Program {
    fn start(vpcd: &TcpListener, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_emulated-card"))
            .args(["--today", "2026-11-22", "--address", &vpcd.local_addr().unwrap().to_string()])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (into, out) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Program { child, into, out }
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.into, "{line}").unwrap();
        self.hear()
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

#[test]
fn the_program_inserts_counts_and_removes_by_lines() {
    let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut program = Program::start(&vpcd, &[]);
    assert_eq!(program.say("insert 1002 pin=9876 tries=2 delays=none")["event"], "inserted");
    let (stream, _) = vpcd.accept().unwrap();
    ask(&stream, SELECT).unwrap();
    assert_eq!(ask(&stream, QUERY).unwrap(), [0x63, 0xC2]);
    assert_eq!(ask(&stream, "00 20 00 98 04 31 32 33 34").unwrap(), [0x63, 0xC1]);
    let counts = program.say("counts");
    assert_eq!(
        (&counts["event"], &counts["commands"], &counts["verify"], &counts["tries_left"]),
        (&"counts".into(), &3.into(), &1.into(), &1.into())
    );
    assert_eq!(program.say("remove")["event"], "removed");
    assert_eq!(receive(&stream), None);

    program.say("insert 1002 pin=9876");
    let (stream, _) = vpcd.accept().unwrap();
    ask(&stream, SELECT).unwrap();
    assert_eq!(ask(&stream, QUERY).unwrap(), [0x63, 0xC1], "the same card remembers its tries");
    assert_eq!(program.say("fault answer-lost:1")["event"], "fault-set");
    assert_eq!(ask(&stream, QUERY), None);
    assert_eq!(program.hear()["event"], "lifted");
    assert_eq!(program.say("remove")["event"], "removed");
    writeln!(program.into, "quit").unwrap();
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn the_program_answers_mistakes_with_what_is_wrong() {
    let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut program = Program::start(&vpcd, &[]);
    for (line, named) in [
        ("insert 4711", "4711"),
        ("insert 1001 profile=gold", "gold"),
        ("insert 1001 fault=dust", "dust"),
        ("insert 1001 certificate-ends=someday", "someday"),
        ("dance", "dance"),
        ("remove", "no card"),
        ("counts", "no card"),
    ] {
        let answer = program.say(line);
        assert_eq!(answer["event"], "error", "{line}");
        assert!(answer["message"].as_str().unwrap().contains(named), "{line}: {answer}");
    }
    drop(program.into);
    assert!(program.child.wait().unwrap().success(), "the end of stdin is quit");
}

#[test]
fn the_program_keeps_counters_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let vpcd = TcpListener::bind("127.0.0.1:0").unwrap();
    for (line, expected) in [
        ("insert 1001", 0xC2),
        ("insert 1001", 0xC1),
        ("insert 1001 profile=android", 0xC2),
        ("insert 1001 profile=android", 0xC1),
        ("insert 1001", 0xC0),
    ] {
        let mut program = Program::start(&vpcd, &["--counters", folder.path().to_str().unwrap()]);
        program.say(line);
        let (stream, _) = vpcd.accept().unwrap();
        ask(&stream, SELECT).unwrap();
        assert_eq!(ask(&stream, "00 20 00 98 04 39 39 39 39").unwrap(), [0x63, expected]);
        drop(program.into);
        program.child.wait().unwrap();
    }
}

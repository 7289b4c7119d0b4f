//! Live updates.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use super::{
    client::{Browser, Console, set_password},
    terminal::a_note,
};
use crate::{
    limits::MAX_PER_ADDRESS,
    terminal::{NoteKind, Step},
};

struct Events(BufReader<TcpStream>);

impl Events {
    fn of(browser: &Browser) -> Self {
        let mut stream = TcpStream::connect(browser.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!("GET /events HTTP/1.1\r\nHost: {}\r\n{}\r\n", browser.address, browser.cookie_line());
        stream.write_all(head.as_bytes()).unwrap();
        Self(BufReader::new(stream))
    }

    /// Reads until a line contains this; `false`: the stream ended before.
    fn until(&mut self, what: &str) -> bool {
        let (begin, mut line) = (Instant::now(), String::new());
        while self.0.read_line(&mut line).is_ok_and(|count| count > 0) {
            // A beat comes every 15 seconds, so this ends.
            assert!(begin.elapsed() < Duration::from_secs(25), "{what} did not come");
            if line.contains(what) {
                return true;
            }
            line.clear();
        }
        false
    }
}

#[test]
fn a_note_is_sent_within_a_second() {
    let console = Console::new();
    let mut events = Events::of(&console.staff());
    assert!(events.until("text/event-stream") && events.until("event: now") && events.until("note-1"));
    let begin = Instant::now();
    console.desk.now.send_modify(|now| now.notes.push(a_note(77, NoteKind::CardLeft, "left\r\nbehind")));
    assert!(events.until("note-77"));
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    console.desk.now.send_modify(|now| now.step = Step::NeedsHelp(905));
    assert!(events.until("hero go"));
}

#[test]
fn the_stream_ends_with_its_session() {
    let console = Console::new();
    let mut staff = console.staff();
    let mut events = Events::of(&staff);
    assert!(events.until("event: now"));
    staff.post("/logout", &[]);
    console.desk.now.send_modify(|now| now.undelivered = 99);
    assert!(events.until("event: ended"));
    assert!(!events.until("event: now"), "nothing follows");

    let mut events = Events::of(&console.staff());
    assert!(events.until("event: now"));
    set_password(&console.folder, "another battery");
    console.desk.now.send_modify(|now| now.undelivered = 100);
    assert!(events.until("event: ended"));
}

#[test]
fn the_stream_beats_when_nothing_happens() {
    let console = Console::new();
    let mut events = Events::of(&console.staff());
    assert!(events.until("event: now") && events.until("event: now"));
}

#[test]
fn live_pages_leave_places_for_others() {
    let console = Console::new();
    let mut staff = console.staff();
    let open: Vec<_> = (0..40).map(|_| Events::of(&staff)).collect();
    // One address has 24 connections at most: those beyond were closed at once.
    let ended = std::cell::Cell::new(0);
    let running: Vec<_> = open
        .into_iter()
        .filter_map(|mut events| {
            if events.until("event: now") {
                Some(events)
            } else {
                ended.set(ended.get() + 1);
                None
            }
        })
        .collect();
    assert!(
        running.len() <= MAX_PER_ADDRESS && running.len() >= 20 && ended.get() >= 16,
        "{} run, {} ended",
        running.len(),
        ended.get()
    );
    drop(running);
    let begin = Instant::now();
    while staff.get("/").status != 200 {
        assert!(begin.elapsed() < Duration::from_secs(30), "places are given back");
        std::thread::sleep(Duration::from_millis(100));
    }
}

//! A terminal for tests: it says what it is told to say, and remembers what it was told to do.

use std::{
    io,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use screen::Wish;
use tokio::sync::watch;

use crate::terminal::*;

pub(super) struct Desk {
    pub(super) now: watch::Sender<Now>,
    pub(super) settled: Mutex<Vec<u64>>,
    pub(super) opened: AtomicU32,
    pub(super) sign_ins: Mutex<Vec<bool>>,
    pub(super) looked: AtomicU32,
    /// What looking takes.
    pub(super) slow: Duration,
    /// The disk is broken.
    pub(super) broken: bool,
    pub(super) checks: Vec<Check>,
    pub(super) journal: Journal,
    pub(super) counts: Statistics,
}

pub(super) fn text(what: &str) -> Text {
    Text { ja: format!("{what}です"), en: format!("{what} in English") }
}

pub(super) fn a_note(id: u64, kind: NoteKind, what: &str) -> Note {
    Note { id, at_ms: 1_795_359_600_000, kind, code: Some(905), text: text(what), advice: vec![text("advice")] }
}

impl Default for Desk {
    fn default() -> Self {
        Self::saying("plain")
    }
}

impl Desk {
    /// `what` stands in every text of the border.
    pub(super) fn saying(what: &str) -> Self {
        let parts = [PartKind::CardReader, PartKind::PhoneReader, PartKind::Face, PartKind::Screen, PartKind::Storage];
        let mut parts: Vec<_> = parts.into_iter().map(|kind| Part { kind, state: PartState::Works }).collect();
        parts[1].state = PartState::NotUsed;
        let away = PartState::Away { code: 907, since_ms: 1_795_359_600_000, advice: text(what) };
        parts.push(Part { kind: PartKind::Service, state: away });
        parts.push(Part { kind: PartKind::Centre, state: PartState::Unknown });
        let now = Now {
            terminal: format!("terminal {what}"),
            facility: Some(format!("facility {what}")),
            step: Step::Free,
            since_ms: 1_795_359_600_000,
            parts,
            notes: vec![a_note(1, NoteKind::Called(Some(Wish::Writing)), what), a_note(2, NoteKind::Fault, what)],
            visual: Some(VisualCheck::ClosedForDay),
            undelivered: 3,
            practice: true,
        };
        let checks = vec![
            Check { name: format!("card {what}"), found: Ok(format!("found {what}")) },
            Check {
                name: format!("clock {what}"),
                found: Err(Trouble { cause: format!("cause {what}"), cure: format!("cure {what}") }),
            },
        ];
        let line = |number: u64| JournalLine {
            number,
            at_ms: 1_795_359_600_000 + number,
            event: format!("visit_{number} {what}"),
            meaning: text(what),
            members: serde_json::json!({ "visit": number, "what": what }).to_string(),
        };
        let journal = Journal {
            lines: (1..=450).map(line).collect(),
            chain: Chain::Broken { file: format!("file {what}"), line: 7, what: format!("break {what}") },
            cut: true,
        };
        let mut counts = Statistics { ended: [30, 1, 2, 3], ..Statistics::default() };
        counts.hours[9] = 12;
        counts.hours[21] = 3;
        counts.methods = vec![("face".to_owned(), 20), (format!("method {what}"), 10)];
        counts.steps = vec![("entering_pin".to_owned(), 4200), (format!("step {what}"), 10)];
        counts.faults = vec![(905, 2)];
        Self {
            now: watch::Sender::new(now),
            settled: Mutex::default(),
            opened: AtomicU32::new(0),
            sign_ins: Mutex::default(),
            looked: AtomicU32::new(0),
            slow: Duration::ZERO,
            broken: false,
            checks,
            journal,
            counts,
        }
    }

    fn disk<T>(&self, value: T) -> io::Result<T> {
        if self.broken { Err(io::Error::other("disk full")) } else { Ok(value) }
    }
}

impl Terminal for Desk {
    fn now(&self) -> watch::Receiver<Now> {
        self.now.subscribe()
    }

    fn sign_in(&self, right: bool) {
        self.sign_ins.lock().unwrap().push(right);
    }

    fn settle(&self, note: u64) -> bool {
        self.settled.lock().unwrap().push(note);
        let before = self.now.borrow().notes.len();
        self.now.send_modify(|now| now.notes.retain(|one| one.id != note));
        self.now.borrow().notes.len() < before
    }

    fn open_visual_check(&self) -> io::Result<()> {
        self.disk(())?;
        self.opened.fetch_add(1, Ordering::SeqCst);
        self.now.send_modify(|now| now.visual = Some(VisualCheck::Open));
        Ok(())
    }

    fn health(&self) -> Vec<Check> {
        std::thread::sleep(self.slow);
        self.looked.fetch_add(1, Ordering::SeqCst);
        self.checks.clone()
    }

    fn journal(&self, _from: Day, _to: Day) -> io::Result<Journal> {
        self.disk(self.journal.clone())
    }

    fn statistics(&self, _from: Day, _to: Day) -> io::Result<Statistics> {
        self.disk(self.counts.clone())
    }
}

//! What a visit's time went to: each state with whom it waited for, and the work done beside it.
//!
//! Milliseconds since the event that began the visit. Goes into the journal line, and to `--timeline FILE`.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    time::Instant,
};

use serde::Serialize;
use session::{StateName, VisitId, WaitsFor};

use crate::clock::ms;

/// Most spans kept; a visit has about 15. More are only counted.
const MAX_SPANS: usize = 200;

/// One visit.
#[derive(Clone, Debug, Serialize)]
pub struct Timeline {
    /// Number of the visit in this run of the daemon.
    pub visit: u64,
    /// One after the other, without a gap.
    pub states: Vec<StateSpan>,
    /// Beside the states.
    pub work: Vec<WorkSpan>,
    /// Spans beyond what is kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: u32,
    #[serde(skip)]
    began: Option<Instant>,
}

/// A state, or a part of one that waited for someone else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateSpan {
    /// `entering_pin`
    pub state: &'static str,
    /// Since the visit began.
    pub start_ms: u64,
    /// Since the visit began.
    pub end_ms: u64,
    /// `patient`, `card`, `service` or `nobody`.
    pub waited_for: &'static str,
}

/// Something a driver did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkSpan {
    /// What.
    pub work: Work,
    /// Since the visit began.
    pub start_ms: u64,
    /// Since the visit began; absent while it still runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_ms: Option<u64>,
    /// The same length in microseconds, for the bench.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_us: Option<u64>,
    /// Exchanges with the card.
    #[serde(skip_serializing_if = "is_zero")]
    pub exchanges: u32,
    #[serde(skip)]
    start: Instant,
}

/// What drivers do in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Connect and read label, tries and certificates.
    ReadCard,
    /// A session at the service.
    Open,
    /// Check again, VERIFY, sign.
    VerifyAndSign,
    /// Surface code, reading and authenticating the photo, and the face worker's word on it.
    ReadPhoto,
    /// One try at the camera.
    Face,
    /// The PIN-less step and the signature behind it.
    PinLess,
    /// One tap of a phone.
    Phone,
    /// Certificate and signature to the service, and its answer.
    Authenticate,
    /// The sign-up, and the service's answer.
    Register,
    /// Sign the result and make it durable.
    Store,
    /// From durable to the clinic's receipt.
    Deliver,
}

// serde's `skip_serializing_if` hands over a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Timeline {
    /// A visit that began at `began`.
    #[must_use]
    pub fn new(visit: VisitId, began: Instant) -> Self {
        Self { visit: visit.0, states: Vec::new(), work: Vec::new(), left_out: 0, began: Some(began) }
    }

    fn since(&self, now: Instant) -> u64 {
        self.began.map_or(0, |began| ms(now.saturating_duration_since(began)))
    }

    /// The visit is in this state now.
    pub fn state(&mut self, state: StateName, waits_for: WaitsFor, now: Instant) {
        let waited_for = match waits_for {
            WaitsFor::Patient => "patient",
            WaitsFor::Card => "card",
            WaitsFor::Service => "service",
            WaitsFor::Staff => "staff",
            WaitsFor::Nobody => "nobody",
        };
        let at = self.since(now);
        if let Some(last) = self.states.last_mut() {
            last.end_ms = at;
            if last.state == state.word() && last.waited_for == waited_for {
                return;
            }
        }
        if self.states.len() < MAX_SPANS {
            self.states.push(StateSpan { state: state.word(), start_ms: at, end_ms: at, waited_for });
        } else {
            self.left_out += 1;
        }
    }

    /// A driver begins something.
    pub fn start(&mut self, work: Work, now: Instant) {
        if self.work.len() < MAX_SPANS {
            let start_ms = self.since(now);
            self.work.push(WorkSpan { work, start_ms, end_ms: None, took_us: None, exchanges: 0, start: now });
        } else {
            self.left_out += 1;
        }
    }

    /// The driver is done with it.
    pub fn end(&mut self, work: Work, exchanges: u32, now: Instant) {
        let at = self.since(now);
        if let Some(span) = self.work.iter_mut().rev().find(|span| span.work == work && span.end_ms.is_none()) {
            span.end_ms = Some(at);
            span.took_us = u64::try_from(now.saturating_duration_since(span.start).as_micros()).ok();
            span.exchanges += exchanges;
        }
    }

    /// Exchanges of something that is under way and goes on without the card.
    pub fn exchanged(&mut self, work: Work, exchanges: u32) {
        if let Some(span) = self.work.iter_mut().rev().find(|span| span.work == work && span.end_ms.is_none()) {
            span.exchanges += exchanges;
        }
    }

    /// Something of this kind is under way.
    #[must_use]
    pub fn runs(&self, work: Work) -> bool {
        self.work.iter().any(|span| span.work == work && span.end_ms.is_none())
    }

    /// The visit is over.
    pub fn close(&mut self, now: Instant) {
        let at = self.since(now);
        if let Some(last) = self.states.last_mut() {
            last.end_ms = at;
        }
    }
}

/// The file behind `--timeline`: one line a visit, with its outcome.
pub struct TimelineFile(File);

#[derive(Serialize)]
struct Line<'a> {
    outcome: &'a crate::journal::Outcome,
    #[serde(flatten)]
    timeline: &'a Timeline,
}

impl TimelineFile {
    /// Opens the file for appending.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(OpenOptions::new().create(true).append(true).open(path)?))
    }

    pub(crate) fn write(&mut self, outcome: &crate::journal::Outcome, timeline: &Timeline) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { outcome, timeline })?;
        line.push(b'\n');
        self.0.write_all(&line)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn states_follow_each_other_without_a_gap() {
        let began = Instant::now();
        let at = |ms| began + Duration::from_millis(ms);
        let mut timeline = Timeline::new(VisitId(3), began);
        timeline.state(StateName::PlacingCard, WaitsFor::Card, at(0));
        timeline.state(StateName::PlacingCard, WaitsFor::Card, at(20));
        timeline.state(StateName::ChoosingMethod, WaitsFor::Patient, at(60));
        timeline.close(at(900));
        let spans: Vec<_> =
            timeline.states.iter().map(|span| (span.state, span.start_ms, span.end_ms, span.waited_for)).collect();
        assert_eq!(spans, [("placing_card", 0, 60, "card"), ("choosing_method", 60, 900, "patient")]);
    }

    #[test]
    fn a_repeated_reading_ends_the_reading_that_runs() {
        let began = Instant::now();
        let at = |ms| began + Duration::from_millis(ms);
        let mut timeline = Timeline::new(VisitId(1), began);
        timeline.start(Work::ReadCard, at(0));
        timeline.start(Work::Open, at(0));
        timeline.end(Work::ReadCard, 4, at(10));
        timeline.start(Work::ReadCard, at(10));
        timeline.end(Work::ReadCard, 9, at(40));
        timeline.end(Work::Deliver, 1, at(50));
        let spans: Vec<_> =
            timeline.work.iter().map(|span| (span.work, span.start_ms, span.end_ms, span.exchanges)).collect();
        assert_eq!(
            spans,
            [(Work::ReadCard, 0, Some(10), 4), (Work::Open, 0, None, 0), (Work::ReadCard, 10, Some(40), 9)]
        );
    }

    #[test]
    fn a_visit_that_never_ends_does_not_grow_for_ever() {
        let began = Instant::now();
        let mut timeline = Timeline::new(VisitId(1), began);
        for n in 0..1_000 {
            let state = if n % 2 == 0 { StateName::ChoosingMethod } else { StateName::EnteringPin };
            timeline.state(state, WaitsFor::Patient, began);
        }
        assert_eq!(timeline.states.len(), MAX_SPANS);
        assert!(timeline.left_out > 0);
    }
}

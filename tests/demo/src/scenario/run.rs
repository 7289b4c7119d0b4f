//! Walks the steps of a scenario in a world and compares. The same for every level.

mod walk;

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;
use thiserror::Error;

use super::{
    expect::{Expected, Mismatch, Since, compare},
    step::{Level, Line, Scenario, Step},
    world::{Observed, Trouble, World},
};
use walk::Walk;

/// A step that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// Line in the file.
    pub line: usize,
    /// As written.
    pub text: String,
    /// When it began, in milliseconds since the level was started.
    pub began_ms: u64,
    /// When it was done.
    pub ended_ms: u64,
}

/// A scenario that was carried out, as far as it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file's title.
    pub title: String,
    /// 1, 2 or 3.
    pub level: u8,
    /// Steps that were done.
    pub steps: Vec<StepReport>,
    /// Everything seen.
    pub observed: Observed,
    /// Why it did not go as the file says; `None`: it did.
    pub failure: Option<String>,
}

/// Why a scenario did not go as its file says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The level could not do it.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// Something did not come.
    #[error("waited {waited} s for {what}; {shown}")]
    Late {
        /// Seconds.
        waited: u64,
        /// For what.
        what: String,
        /// What is on the glass instead.
        shown: String,
    },
    /// An `expect:` does not hold.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Expectation(Vec<Mismatch>),
    /// The last `expect:` held and then no longer.
    #[error("held at first, but when everything had come to rest: {0}")]
    NotLasting(Box<Failure>),
    /// Law 7: the clinic's books name one result twice.
    #[error("the clinic holds result {0} twice")]
    Doubled(String),
}

/// Carries out `scenario` in `world` and tells `done` of each step. Stops at the first failure; always finishes the world.
pub fn run(scenario: &Scenario, world: &mut dyn World, done: &mut dyn FnMut(&StepReport)) -> Report {
    let level = world.level().number();
    let mut walk = Walk::new(world, scenario.by_ear);
    let mut steps = Vec::new();
    let mut failure = None;
    for line in &scenario.lines {
        let began_ms = millis(walk.elapsed());
        let result = walk.step(&line.step);
        if let Err(cause) = result {
            failure = Some(at_line(line, &cause));
            break;
        }
        let step =
            StepReport { line: line.number, text: line.text.clone(), began_ms, ended_ms: millis(walk.elapsed()) };
        done(&step);
        steps.push(step);
    }
    let since = walk.since;
    let observed = match world.finish() {
        Ok(observed) => {
            if failure.is_none() {
                failure = lasting(scenario, &observed, since);
            }
            observed
        }
        Err(trouble) => {
            failure.get_or_insert(trouble.to_string());
            Observed::default()
        }
    };
    Report { title: scenario.title.clone(), level, steps, observed, failure }
}

fn at_line(line: &Line, cause: &Failure) -> String {
    format!("line {} ({}): {cause}", line.number, line.text)
}

/// The last expectation must still hold when deliveries have come to rest, and no result may be there twice.
fn lasting(scenario: &Scenario, observed: &Observed, since: Since) -> Option<String> {
    let mut ids = BTreeSet::new();
    if let Some(twice) = observed.books.iter().find(|booked| !ids.insert(&booked.result_id)) {
        return Some(Failure::Doubled(twice.result_id.clone()).to_string());
    }
    let line = scenario.lines.last()?;
    let Step::Expect(items) = &line.step else { return None };
    let passing = |item: &&Expected| {
        matches!(
            item,
            Expected::Screen(_)
                | Expected::FaceClosed
                | Expected::VisualClosed
                | Expected::PhoneClosed
                | Expected::OnlyTheDesk
                | Expected::NoFault
        )
    };
    let items: Vec<Expected> = items.iter().filter(|item| !passing(item)).cloned().collect();
    let mismatches = compare(&items, observed, since);
    (!mismatches.is_empty()).then(|| at_line(line, &Failure::NotLasting(Box::new(Failure::Expectation(mismatches)))))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// One line of a report: `    0.812 s  card in: 見本 花子`.
#[must_use]
pub fn step_line(step: &StepReport) -> String {
    format!("{:>5}.{:03} s  {}", step.ended_ms / 1000, step.ended_ms % 1000, step.text)
}

/// The closing line of a report.
#[must_use]
pub fn closing_line(report: &Report) -> String {
    report.failure.as_ref().map_or_else(
        || format!("as expected: {}", report.title),
        |failure| format!("NOT as expected: {} — {failure}", report.title),
    )
}

/// Why this scenario is not carried out at `level`, if so.
#[must_use]
pub fn left_out(scenario: &Scenario, level: Level) -> Option<&str> {
    scenario.levels.allow(level).err()
}

//! Counts of visits, from the journal: how many, by which method, how long each step took, which faults. What was answered
//! is not in the journal, so it cannot be counted.

use std::{collections::BTreeMap, io, path::Path};

use console::terminal::{Day, Statistics};
use serde::Deserialize;

use super::read::each;

#[derive(Deserialize)]
struct VisitEnded {
    outcome: Outcome,
    method: Option<String>,
    timeline: Timeline,
}

#[derive(Deserialize)]
#[serde(tag = "ended", rename_all = "snake_case")]
enum Outcome {
    Received,
    Undelivered,
    Cancelled {},
    Fault { code: String },
}

#[derive(Deserialize)]
struct Timeline {
    states: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    state: String,
    start_ms: u64,
    end_ms: u64,
}

/// Of these days.
///
/// # Errors
/// What the operating system says.
pub(crate) fn count(folder: &Path, from: &Day, to: &Day) -> io::Result<Statistics> {
    let mut hours = [0_u32; 24];
    let mut ended = [0_u32; 4];
    let mut methods: BTreeMap<String, u32> = BTreeMap::new();
    let mut faults: BTreeMap<u16, u32> = BTreeMap::new();
    // In the order in which steps are first met: that of a visit.
    let mut steps: Vec<(String, Vec<u64>)> = Vec::new();
    each(folder, from, to, |at_ms, members| {
        if members.get("event").and_then(|event| event.as_str()) != Some("visit_ended") {
            return;
        }
        let Ok(visit) = serde_json::from_value::<VisitEnded>(members.into()) else { return };
        let lasted = visit.timeline.states.iter().map(|span| span.end_ms).max().unwrap_or(0);
        if let Some(hour) = hours.get_mut(hour_in_japan(at_ms.saturating_sub(lasted))) {
            *hour += 1;
        }
        let which = match visit.outcome {
            Outcome::Received => 0,
            Outcome::Undelivered => 1,
            Outcome::Cancelled {} => 2,
            Outcome::Fault { code } => {
                if let Ok(code) = code.parse() {
                    *faults.entry(code).or_default() += 1;
                }
                3
            }
        };
        if let Some(count) = ended.get_mut(which) {
            *count += 1;
        }
        if let Some(method) = visit.method {
            *methods.entry(method).or_default() += 1;
        }
        let mut spent: Vec<(String, u64)> = Vec::new();
        for span in visit.timeline.states {
            let ms = span.end_ms.saturating_sub(span.start_ms);
            match spent.iter_mut().find(|(state, _)| *state == span.state) {
                Some((_, sum)) => *sum += ms,
                None => spent.push((span.state, ms)),
            }
        }
        for (state, ms) in spent {
            match steps.iter_mut().find(|(known, _)| *known == state) {
                Some((_, all)) => all.push(ms),
                None => steps.push((state, vec![ms])),
            }
        }
    })?;
    let steps = steps.into_iter().map(|(state, all)| (state, u32::try_from(median(all)).unwrap_or(u32::MAX)));
    Ok(Statistics {
        hours,
        methods: methods.into_iter().collect(),
        steps: steps.collect(),
        faults: faults.into_iter().collect(),
        ended,
    })
}

fn hour_in_japan(unix_ms: u64) -> usize {
    usize::try_from((unix_ms / 3_600_000 + 9) % 24).unwrap_or(0)
}

/// The middle one; of an even number, the lower of the two in the middle.
fn median(mut all: Vec<u64>) -> u64 {
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::journal::CURRENT;

    fn visit(time: &str, method: &str, outcome: &str, spans: &str) -> String {
        format!(
            "{{\"number\":1,\"time\":\"{time}\",\"previous\":\"\",\"event\":\"visit_ended\",\"visit\":\"0\",\
             \"outcome\":{outcome},\"method\":{method},\"timeline\":{{\"visit\":1,\"states\":[{spans}],\"work\":[]}}}}\n"
        )
    }

    fn span(state: &str, start: u64, end: u64) -> String {
        format!("{{\"state\":\"{state}\",\"start_ms\":{start},\"end_ms\":{end},\"waited_for\":\"patient\"}}")
    }

    #[test]
    fn visits_are_counted_by_hour_method_step_and_fault_and_by_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let spans = |a, b| {
            [span("entering_pin", 0, a), span("submitting", a, a + b), span("entering_pin", a + b, a + b + 5)].join(",")
        };
        let text = [
            visit("2026-11-23T00:00:01.000Z", "\"pin\"", "{\"ended\":\"received\"}", &spans(3000, 100)),
            visit("2026-11-23T00:30:00.000Z", "\"pin\"", "{\"ended\":\"undelivered\"}", &spans(1000, 300)),
            visit("2026-11-23T00:31:00.000Z", "\"face\"", "{\"ended\":\"fault\",\"code\":\"905\"}", &spans(2000, 200)),
            visit("2026-11-23T02:31:00.000Z", "null", "{\"ended\":\"cancelled\",\"state\":\"entering_pin\"}", ""),
            "garbage\n{}\n".to_owned(),
            visit("2026-11-23T15:00:00.000Z", "\"pin\"", "{\"ended\":\"received\"}", ""),
        ];
        fs::write(folder.path().join(CURRENT), text.concat()).unwrap();
        let day = Day::parse("2026-11-23").unwrap();
        let found = count(folder.path(), &day, &day).unwrap();
        // The first began before nine o'clock in Japan; the last line is of the next day there.
        assert_eq!((found.hours[8], found.hours[9], found.hours[11], found.hours.iter().sum::<u32>()), (1, 2, 1, 4));
        assert_eq!(found.methods, [("face".to_owned(), 1), ("pin".to_owned(), 2)]);
        assert_eq!(found.steps, [("entering_pin".to_owned(), 2005), ("submitting".to_owned(), 200)]);
        assert_eq!(found.faults, [(905, 1)]);
        assert_eq!(found.ended, [1, 1, 1, 1]);
        let none = Day::parse("2026-11-22").unwrap();
        assert_eq!(count(folder.path(), &none, &none).unwrap(), Statistics::default());
    }
}

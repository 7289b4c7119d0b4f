//! Reads a scenario file. Every error names its line, its cause and what would be right.

mod devices;
mod error;
mod expectation;
mod values;

use std::path::Path;

use super::{
    limits::{MAX_FILE, MAX_LINES},
    step::{Level, Levels, Line, PasscodeBy, Phones, Scenario, Step, Terminal},
};
use devices::{clinic, comfort, digits, patient, phone, set_by, terminal};
use error::unknown;
pub use error::{Cause, ReadError, ScenarioError};
pub use expectation::ITEMS_OF_EXPECT;
use values::{card, duration, keyed, method, moment, pin, reader, screen, sitter, storage, surface, target, which};

/// Every word a line can begin with; the ones with a colon take something after it.
pub const STEPS: [&str; 34] = [
    "title:",
    "levels:",
    "terminal:",
    "passcode set by:",
    "patient:",
    "card in:",
    "card out",
    "card out at:",
    "card swapped for:",
    "take card",
    "phone on:",
    "phone off",
    "choose:",
    "type:",
    "passcode:",
    "staff number:",
    "comfort:",
    "agree:",
    "decline:",
    "press:",
    "press twice:",
    "wait for:",
    "wait:",
    "clinic:",
    "reader:",
    "phone reader:",
    "storage:",
    "camera:",
    "surface:",
    "key surface:",
    "passcode opened",
    "daemon killed",
    "daemon started",
    "expect:",
];

/// Reads the file at `path`.
///
/// # Errors
/// When it cannot be read or does not parse.
pub fn read(path: &Path) -> Result<Scenario, ReadError> {
    let shown = || path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|cause| ReadError::File { path: shown(), cause })?;
    parse(&text).map_err(|cause| ReadError::Scenario { path: shown(), cause })
}

/// Reads the text of a file.
///
/// # Errors
/// The first line that is not understood.
pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
    if text.len() > MAX_FILE || text.lines().count() > MAX_LINES {
        return Err(Cause::TooLong.on(1));
    }
    let mut reading = Reading::default();
    let mut last = 1;
    for (number, raw) in (1..).zip(text.lines()) {
        let line = tidy(raw);
        if !line.is_empty() {
            last = number;
            reading.line(number, &line).map_err(|cause| cause.on(number))?;
        }
    }
    reading.end().map_err(|cause| cause.on(last))
}

/// Without comment, with one space between words, with ASCII punctuation and spaces.
fn tidy(raw: &str) -> String {
    let ascii: String = raw
        .chars()
        .map(|c| match c {
            '：' => ':',
            '、' | '，' => ',',
            '（' => '(',
            '）' => ')',
            '\u{feff}' => ' ',
            other => other,
        })
        .collect();
    let mut words = ascii.split_whitespace();
    let mut line = String::new();
    for word in words.by_ref().take_while(|word| !word.starts_with('#')) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[derive(Default)]
struct Reading {
    title: Option<String>,
    levels: Option<Levels>,
    terminal: Option<(Phones, bool)>,
    passcode: Option<(PasscodeBy, bool)>,
    by_ear: Option<bool>,
    lines: Vec<Line>,
}

impl Reading {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Cause> {
        let (word, value) = match line.split_once(':') {
            Some((word, value)) => (format!("{}:", word.trim().to_lowercase()), value.trim()),
            None => (line.to_lowercase(), ""),
        };
        if !STEPS.contains(&word.as_str()) {
            return Err(wrong_word(&word));
        }
        if word.ends_with(':') && value.is_empty() {
            return Err(Cause::NothingAfter { word, example: example(line) });
        }
        match word.as_str() {
            "title:" => self.header(|reading| reading.title.replace(value.to_owned()).is_some(), "title:"),
            "levels:" => {
                let levels = levels(value)?;
                self.header(|reading| reading.levels.replace(levels).is_some(), "levels:")
            }
            "terminal:" => {
                let kind = terminal(value)?;
                self.header(|reading| reading.terminal.replace(kind).is_some(), "terminal:")
            }
            "passcode set by:" => {
                let by = set_by(value)?;
                self.header(|reading| reading.passcode.replace(by).is_some(), "passcode set by:")
            }
            "patient:" => {
                let by_ear = patient(value)?;
                self.header(|reading| reading.by_ear.replace(by_ear).is_some(), "patient:")
            }
            _ => {
                let step = step(&word, value)?;
                self.lines.push(Line { number, text: line.to_owned(), step });
                Ok(())
            }
        }
    }

    fn header(&mut self, set: impl FnOnce(&mut Self) -> bool, word: &'static str) -> Result<(), Cause> {
        if !self.lines.is_empty() {
            return Err(Cause::HeaderTooLate { word });
        }
        if set(self) { Err(Cause::HeaderTwice { word }) } else { Ok(()) }
    }

    fn end(self) -> Result<Scenario, Cause> {
        let title = self.title.ok_or(Cause::NoTitle)?;
        if !matches!(self.lines.last(), Some(Line { step: Step::Expect(_), .. })) {
            return Err(Cause::NoExpectation);
        }
        let everywhere = Levels { at: Level::ALL.to_vec(), reason: None };
        let (phones, faceless) = self.terminal.unwrap_or_default();
        let (passcode, closed_twice) = self.passcode.map_or((None, false), |(by, closed)| (Some(by), closed));
        let terminal = Terminal { phones, passcode, closed_twice, faceless };
        let (levels, by_ear) = (self.levels.unwrap_or(everywhere), self.by_ear.unwrap_or_default());
        Ok(Scenario { title, levels, terminal, by_ear, lines: self.lines })
    }
}

fn step(word: &str, value: &str) -> Result<Step, Cause> {
    Ok(match word {
        "card in:" => Step::CardIn(card(value)?),
        "card out" => Step::CardOut,
        "card out at:" => Step::CardOutAt(moment(value)?),
        "card swapped for:" => Step::CardSwapped(card(value)?),
        "take card" => Step::TakeCard,
        "phone on:" => Step::PhoneOn(phone(value)?),
        "phone off" => Step::PhoneOff,
        "passcode:" => Step::Passcode(digits(value, 4, 12)?),
        "staff number:" => Step::StaffNumber(digits(value, 1, 8)?),
        "comfort:" => Step::Comfort(comfort(value)?),
        "choose:" => Step::Choose(method(value)?),
        "type:" => Step::Type(pin(value)?),
        "agree:" => Step::Agree(which(value)?),
        "decline:" => Step::Decline(which(value)?),
        "press:" => Step::Press(target(value)?),
        "press twice:" => Step::PressTwice(target(value)?),
        "wait for:" => Step::WaitFor(screen(value)?),
        "wait:" => Step::Wait(duration(value)?),
        "clinic:" => Step::Clinic(clinic(value)?),
        "reader:" => Step::Reader(reader(value)?),
        "phone reader:" => Step::PhoneReader(reader(value)?),
        "storage:" => Step::Storage(storage(value)?),
        "camera:" => Step::Camera(sitter(value)?),
        "surface:" => Step::Surface(surface(value)?),
        "key surface:" => Step::KeySurface(keyed(value)?),
        "passcode opened" => Step::PasscodeOpened,
        "daemon killed" => Step::DaemonKilled,
        "daemon started" => Step::DaemonStarted,
        "expect:" => Step::Expect(expectation::expected(value)?),
        _ => return Err(wrong_word(word)),
    })
}

fn wrong_word(word: &str) -> Cause {
    let other_form = if let Some(bare) = word.strip_suffix(':') { bare.to_owned() } else { format!("{word}:") };
    match STEPS.into_iter().find(|known| *known == other_form) {
        Some(known) if known.ends_with(':') => Cause::NothingAfter { word: known.to_owned(), example: example(known) },
        Some(known) => Cause::NothingBelongs { word: known },
        None => unknown("a step", word, &STEPS),
    }
}

/// A line that would be right, for words that want something after their colon.
fn example(line: &str) -> &'static str {
    let word = line.split(':').next().unwrap_or_default().trim();
    match word {
        "title" => "title: PIN, everything agreed",
        "levels" => "levels: 1 2 (the real reader cannot do this)",
        "card in" => "card in: 見本 花子",
        "card out at" => "card out at: lookup",
        "card swapped for" => "card swapped for: 見本 太郎",
        "terminal" => "terminal: phones at own reader",
        "passcode set by" => "passcode set by: terminal",
        "patient" => "patient: does not see",
        "phone on" => "phone on: 見本 花子 (iphone)",
        "passcode" => "passcode: 135790",
        "staff number" => "staff number: 12",
        "comfort" => "comfort: slow",
        "choose" => "choose: pin",
        "type" => "type: 1234",
        "agree" => "agree: all",
        "decline" => "decline: operations",
        "press" => "press: back",
        "press twice" => "press twice: agree all",
        "wait for" => "wait for: consent all",
        "wait" => "wait: 70 s",
        "clinic" => "clinic: link down",
        "reader" => "reader: unplugged",
        "phone reader" => "phone reader: unplugged",
        "storage" => "storage: full",
        "camera" => "camera: 見本 太郎",
        "surface" => "surface: reads wrong once",
        "key surface" => "key surface: as printed",
        _ => "expect: accepted, method pin",
    }
}

fn levels(value: &str) -> Result<Levels, Cause> {
    let (numbers, reason) = values::parenthesis(value)?;
    let mut at = Vec::new();
    for number in numbers.split([' ', ',']).filter(|number| !number.is_empty()) {
        let level = Level::ALL.into_iter().find(|level| level.number().to_string() == number);
        at.push(level.ok_or_else(|| unknown("a level", number, &["1", "2", "3"]))?);
    }
    at.sort_unstable();
    at.dedup();
    let reason = reason.map(str::to_owned);
    match (at.len() == Level::ALL.len(), &reason) {
        _ if at.is_empty() => Err(Cause::NoLevel),
        (true, Some(_)) => Err(Cause::ReasonWithoutNeed),
        (false, None) => Err(Cause::NoReason),
        (true, None) | (false, Some(_)) => Ok(Levels { at, reason }),
    }
}

#[cfg(test)]
mod tests;

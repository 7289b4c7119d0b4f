//! A patient who does not see: hears what the kiosk speaks, and has the keys of a keypad.

use std::time::{Duration, Instant};

use screen::Target;
use serde_json::Value;

use super::{Processes, listen};
use crate::scenario::Trouble;

/// A screen has said its choices within this.
const SPEECH: Duration = Duration::from_secs(20);

/// What was heard last.
#[derive(Default)]
pub(super) struct Ear {
    revision: u64,
    /// Numbers and the targets they stand for.
    choices: Vec<(u64, String)>,
}

impl Ear {
    /// The kiosk began to say this. What is said of the same question later does not take its numbers back.
    pub(super) fn hear(&mut self, line: &Value) {
        let revision = line.get("revision").and_then(Value::as_u64).unwrap_or_default();
        let choices = line.get("choices").and_then(Value::as_array).cloned().unwrap_or_default();
        let choice =
            |choice: &Value| Some((choice.get("number")?.as_u64()?, choice.get("target")?.as_str()?.to_owned()));
        if revision != self.revision || !choices.is_empty() {
            self.choices = choices.iter().filter_map(choice).collect();
        }
        self.revision = revision;
    }

    fn number(&self, revision: u64, target: Target) -> Option<u64> {
        let choices = self.choices.iter().filter(|_| self.revision == revision);
        choices.into_iter().find(|(_, name)| name == target.name()).map(|(number, _)| *number)
    }
}

impl Processes {
    /// The key that every screen answers to switches the voice on; whoever does not see knows only that.
    pub(super) fn listen_to_the_kiosk(&mut self) -> Result<(), Trouble> {
        if self.ear.is_none() {
            self.ear = Some(Ear::default());
            self.glass("press /")?;
        }
        let until = Instant::now() + SPEECH;
        while Instant::now() < until {
            if self.ear.as_ref().is_some_and(|ear| ear.revision > 0) {
                return Ok(());
            }
            self.wait_a_moment();
        }
        Err(Trouble::Broken("the kiosk says nothing; scripts/voice makes what it says".to_owned()))
    }

    /// By the number that was spoken, then Enter; a few targets have keys of their own.
    pub(super) fn choose_by_ear(&mut self, target: Target) -> Result<(), Trouble> {
        let own = [
            (Target::Cancel, "escape"),
            (Target::CallStaff, "*"),
            (Target::Confirm, "enter"),
            (Target::Erase, "backspace"),
        ];
        if let Some((_, key)) = own.into_iter().find(|(own, _)| *own == target) {
            self.glass(&format!("press {key}"))?;
            self.settle();
            return Ok(());
        }
        let until = Instant::now() + SPEECH;
        while Instant::now() < until {
            let revision = self.observed.seen.last().map_or(0, |seen| seen.revision);
            if let Some(number) = self.ear.as_ref().and_then(|ear| ear.number(revision, target)) {
                self.glass(&format!("press {number}"))?;
                self.glass("press enter")?;
                self.settle();
                return Ok(());
            }
            self.wait_a_moment();
        }
        Err(Trouble::Impossible(format!("nothing that was spoken leads to {}", target.name())))
    }

    fn wait_a_moment(&mut self) {
        if let Some(said) = listen(&self.voices, Duration::from_millis(50)) {
            self.hear(said);
        }
        self.catch_up();
    }
}

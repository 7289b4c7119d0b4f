//! What the dock does to the running programs.

use anyhow::Context as _;

use super::{OnPhoto, Processes, with_dates};
use crate::{
    faces::Sitting,
    scenario::{ReaderControl, World},
    window::Backstage,
};

impl Backstage for Processes {
    fn insert(&mut self, card: &str) -> anyhow::Result<()> {
        Ok(self.put(&with_dates(card), OnPhoto::Holder)?)
    }

    fn remove(&mut self) -> anyhow::Result<()> {
        Ok(World::remove(self)?)
    }

    fn reader(&mut self, there: bool) -> anyhow::Result<()> {
        if self.lies && !there {
            World::remove(self)?;
        }
        let control = if there { ReaderControl::Plugged } else { ReaderControl::Unplugged };
        Ok(World::reader(self, control)?)
    }

    fn camera(&mut self, word: &str) -> anyhow::Result<()> {
        self.sitting = Sitting::by_word(word).with_context(|| format!("nobody knows {word}"))?;
        Ok(self.sits_there()?)
    }

    fn clinic(&mut self, line: &str) -> anyhow::Result<()> {
        Ok(self.clinic.tell(line)?)
    }
}

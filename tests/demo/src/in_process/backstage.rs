//! What the dock does to the daemon in this process.

use anyhow::{Context as _, Result};

use super::InProcess;
use crate::{
    faces::Sitting,
    processes::{OnPhoto, with_dates},
    window::Backstage,
};

impl Backstage for InProcess {
    fn insert(&mut self, card: &str) -> Result<()> {
        self.put(&with_dates(card), OnPhoto::Holder)
    }

    fn remove(&mut self) -> Result<()> {
        self.take();
        Ok(())
    }

    fn reader(&mut self, there: bool) -> Result<()> {
        if there {
            self.hand.plug();
        } else {
            self.take();
            self.hand.unplug();
        }
        Ok(())
    }

    fn camera(&mut self, word: &str) -> Result<()> {
        self.sitting = Sitting::by_word(word).with_context(|| format!("nobody knows {word}"))?;
        self.sits_there()
    }

    fn clinic(&mut self, line: &str) -> Result<()> {
        match line {
            "pin-less off" => self.clinic.set_pin_less(false),
            "pin-less on" => self.clinic.set_pin_less(true),
            "link down" => self.runtime.block_on(self.clinic.set_link(false)),
            "link up" => self.runtime.block_on(self.clinic.set_link(true)),
            _ => {
                let count = line.strip_prefix("drop-receipts ").and_then(|count| count.parse().ok());
                self.clinic.drop_receipts(count.with_context(|| format!("nobody knows {line}"))?);
            }
        }
        Ok(())
    }
}

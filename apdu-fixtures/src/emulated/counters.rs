//! Retry counters live with the card object, and beyond the process in a JSON file when one is named.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EmulatedCard;
use crate::applications::SURFACE_CODE;
use crate::chip::{Content, Kind};

/// Tries left by `AID/EF`, both in hexadecimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters(pub BTreeMap<String, u8>);

/// The counters could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// The file cannot be read or written.
    #[error("the file of retry counters: {0}")]
    File(#[from] std::io::Error),
    /// The file is not what was written.
    #[error("the file of retry counters is not one: {0}")]
    Json(#[from] serde_json::Error),
}

impl EmulatedCard {
    /// All retry counters as they are now.
    pub fn counters(&self) -> Counters {
        let mut counters = Counters::default();
        for application in self.chip.applications() {
            for file in &application.files {
                if let Content::Secret(secret) = &file.content {
                    counters.0.insert(key(&application.aid, file.id), secret.left);
                }
            }
        }
        counters
    }

    /// Takes counters of an earlier life of this card over, never above what each secret allows. Tries that were
    /// asked for in [`crate::CardOptions::tries`] and [`crate::CardOptions::code_tries`] stay.
    pub fn restore_counters(&mut self, counters: &Counters) {
        let (pin, code) = (self.options.tries.is_some(), self.options.code_tries.is_some());
        for application in self.chip.applications_mut() {
            for file in &mut application.files {
                let asked_for = match (application.kind, file.id) {
                    (Kind::Jpki, 0x0018) => pin,
                    (Kind::Kenkaku, SURFACE_CODE) => code,
                    _ => false,
                };
                if let Content::Secret(secret) = &mut file.content
                    && !asked_for
                    && let Some(left) = counters.0.get(&key(&application.aid, file.id))
                {
                    secret.left = (*left).min(secret.most);
                }
            }
        }
    }

    /// Writes the counters to a file.
    ///
    /// # Errors
    /// [`CounterError::File`].
    pub fn save_counters_to(&self, file: &Path) -> Result<(), CounterError> {
        Ok(fs::write(file, serde_json::to_vec_pretty(&self.counters())?)?)
    }

    /// Takes the counters of a file over.
    ///
    /// # Errors
    /// [`CounterError`]; the counters stay as they were.
    pub fn load_counters_from(&mut self, file: &Path) -> Result<(), CounterError> {
        let counters = serde_json::from_slice(&fs::read(file)?)?;
        self.restore_counters(&counters);
        Ok(())
    }

    pub(super) fn load_counters(&mut self) {
        if let Some(file) = self.options.counters_file.clone() {
            // A file not yet there, or spoilt, means a card fresh from the municipality.
            let _ = self.load_counters_from(&file);
        }
    }

    pub(super) fn save_counters(&mut self) {
        if let Some(file) = &self.options.counters_file {
            // The card cannot say that its memory failed; the test that reads the file will.
            let _ = self.save_counters_to(file);
        }
    }
}

fn key(aid: &[u8], id: u16) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for byte in aid {
        let _ = write!(out, "{byte:02X}");
    }
    let _ = write!(out, "/{id:04X}");
    out
}

//! The data files `faults.toml` and `consent.toml`: read strictly, turned into `session::Texts`.
//!
//! Every text stands in every language of [`LANGUAGES`]; a missing one, an unknown key, an unknown code are errors that
//! name key, cause and cure. The table of codes is compared with `session::FaultCode` (law 10).

mod consent;
mod faults;
mod reading;

use std::collections::BTreeMap;

use screen::Language;
use session::{FaultCode, Texts};

pub use consent::{read_consent, wording_hash};
pub use faults::read_faults;

/// The table of faults that is built in.
pub const FAULTS: &str = include_str!("../data/faults.toml");
/// The consent wordings that are built in.
pub const CONSENT: &str = include_str!("../data/consent.toml");

/// Every text stands in each of these. No other language is taken and none stands in for another: what a patient agrees
/// to is never a guess.
pub const LANGUAGES: [Language; 12] = Language::ALL;

/// Longest single text, characters; a screen holds far less.
const MAX_TEXT: usize = 400;
/// Most paragraphs of 「くわしく」.
const MAX_PARAGRAPHS: usize = 12;

/// Why a data file was refused. The caller names the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {cause}")]
pub struct TextsError {
    /// Where: `items.medicines.ja.question`, `fault 006: staff`.
    pub key: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub cure: String,
}

impl TextsError {
    fn new(key: impl Into<String>, cause: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { key: key.into(), cause: cause.into(), cure: cure.into() }
    }
}

/// What staff and support are told about a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskText {
    /// One line, English, for lists.
    pub cause: String,
    /// For the desk, Japanese, with what to do.
    pub staff: String,
    /// For whoever repairs the terminal, English.
    pub support: String,
}

/// Everything the data files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// For the session.
    pub session: Texts,
    /// For staff and support, by code.
    pub desk: BTreeMap<FaultCode, DeskText>,
}

/// Reads the built-in files.
///
/// # Errors
/// None as released: a test reads them.
pub fn built_in() -> Result<Loaded, TextsError> {
    let mut loaded = Loaded::default();
    read_faults(FAULTS, &mut loaded)?;
    read_consent(CONSENT, &mut loaded)?;
    Ok(loaded)
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;

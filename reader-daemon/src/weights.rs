//! The weights that look at faces here: which they are, and what they may decide about. Read from the manifest at the
//! start and the same until the end: a worker that comes with others closes the face way.

use std::path::Path;

use face::{Manifest, WeightsLevel};
use qualification::protocol;
use serde::Serialize;

use crate::ConfigError;

/// The program that ships takes weights of this level and above, and has no switch for it.
pub const LEAST: WeightsLevel = WeightsLevel::Research;

/// A set of weights, by its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Weights {
    level: WeightsLevel,
    identity: String,
}

impl Weights {
    /// Those of a manifest, or of the built-in one. `least` is [`LEAST`], or the demo's own word.
    ///
    /// # Errors
    /// The manifest cannot be read, or its level is below `least`.
    pub fn read(manifest: Option<&Path>, least: WeightsLevel) -> Result<Self, ConfigError> {
        let name = "[face] manifest";
        let shown = manifest.map_or_else(|| "built in".to_owned(), |path| path.display().to_string());
        let read = Manifest::of(manifest).map_err(|error| {
            let cure = "compare with models/MANIFEST.toml, or remove the line for the built-in list";
            ConfigError::new(name, format!("{shown}: {error}"), cure)
        })?;
        read.at_least(least).map_err(|error| {
            let cure = "name a manifest of level research or approved, or remove the line for the built-in list; without \
                        the section [face] patients prove themselves by PIN";
            ConfigError::new(name, format!("{shown}: {error}; weights of this level identify nobody"), cure)
        })?;
        Ok(Self::of(&read))
    }

    fn of(manifest: &Manifest) -> Self {
        Self { level: manifest.level, identity: manifest.identity() }
    }

    /// What they may decide about.
    #[must_use]
    pub fn level(&self) -> WeightsLevel {
        self.level
    }

    /// Whether a worker that names these is one of ours.
    pub(crate) fn are(&self, level: WeightsLevel, identity: &str) -> bool {
        self.level == level && self.identity == identity
    }

    /// For the start screen.
    pub(crate) fn shown(&self) -> screen::WeightsLevel {
        match self.level {
            WeightsLevel::Demonstration => screen::WeightsLevel::Demonstration,
            WeightsLevel::Research => screen::WeightsLevel::Research,
            WeightsLevel::Approved => screen::WeightsLevel::Approved,
        }
    }

    /// For signed results.
    pub(crate) fn told(weights: Option<&Self>) -> protocol::WeightsLevel {
        match weights.map(Self::level) {
            None => protocol::WeightsLevel::None,
            Some(WeightsLevel::Demonstration) => protocol::WeightsLevel::Demonstration,
            Some(WeightsLevel::Research) => protocol::WeightsLevel::Research,
            Some(WeightsLevel::Approved) => protocol::WeightsLevel::Approved,
        }
    }

    /// Of a worker in a test.
    #[cfg(test)]
    pub(crate) fn named(identity: &str) -> Self {
        Self { level: LEAST, identity: identity.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT_IN: &str = include_str!("../../models/MANIFEST.toml");

    #[test]
    fn law_12_demonstration_weights_are_refused_by_name_and_taken_only_by_a_program_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("MANIFEST.toml");
        std::fs::write(&path, BUILT_IN.replacen("\"research\"", "\"demonstration\"", 1)).unwrap();
        let error = Weights::read(Some(&path), LEAST).unwrap_err();
        assert_eq!(error.key, "[face] manifest");
        for word in ["MANIFEST.toml", "emb-edgeface-xs@", "level demonstration", "research and above"] {
            assert!(error.cause.contains(word), "{word} in {error}");
        }
        assert!(error.cure.contains("[face]") && error.cure.contains("PIN"), "{error}");
        let taken = Weights::read(Some(&path), WeightsLevel::Demonstration).unwrap();
        assert_eq!(taken.level(), WeightsLevel::Demonstration);
    }

    #[test]
    fn the_built_in_list_is_taken_and_a_manifest_that_is_missing_is_named() {
        let weights = Weights::read(None, LEAST).unwrap();
        assert!(weights.are(WeightsLevel::Research, "emb-edgeface-xs@aca9e88209820599"), "{weights:?}");
        assert!(!weights.are(WeightsLevel::Approved, "emb-edgeface-xs@aca9e88209820599"));
        let error = Weights::read(Some(Path::new("/nonexistent/MANIFEST.toml")), LEAST).unwrap_err();
        assert!(error.to_string().contains("/nonexistent/MANIFEST.toml"), "{error}");
    }

    #[test]
    fn every_level_has_the_same_word_on_the_screen_in_the_journal_and_in_a_result() {
        for level in WeightsLevel::ALL {
            let weights = Weights { level, identity: "net@0123456789abcdef".into() };
            let journal = serde_json::to_value(&weights).unwrap();
            assert_eq!(journal["level"], level.word());
            assert_eq!(serde_json::to_value(weights.shown()).unwrap(), level.word());
            assert_eq!(serde_json::to_value(Weights::told(Some(&weights))).unwrap(), level.word());
        }
        assert_eq!(Weights::told(None), protocol::WeightsLevel::None);
    }
}

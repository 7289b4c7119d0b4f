//! Level of a set of weights: what it may decide about. It stands on the start screen, in the journal and in every signed
//! result; a program says in its code from which level on it takes weights.

use serde::{Deserialize, Serialize};

/// What a set of weights may be used for, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightsLevel {
    /// Made to show how the terminal works; on real faces it is weak and decides about nobody.
    Demonstration,
    /// Measured, but trained on data whose terms or figures allow no more than research.
    Research,
    /// Somebody answers for it at the place of use; only a configured manifest says so.
    Approved,
}

impl WeightsLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 3] = [Self::Demonstration, Self::Research, Self::Approved];

    /// The word in the manifest.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Demonstration => "demonstration",
            Self::Research => "research",
            Self::Approved => "approved",
        }
    }
}

impl std::fmt::Display for WeightsLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// Weights below what this program takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the weights {identity} are of level {level}, this program takes {least} and above")]
pub struct TooLow {
    /// Which weights.
    pub identity: String,
    /// Their level.
    pub level: WeightsLevel,
    /// What is needed.
    pub least: WeightsLevel,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_are_in_order_and_their_words_are_those_of_the_manifest() {
        assert!(WeightsLevel::ALL.is_sorted());
        for level in WeightsLevel::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.word());
            assert_eq!(level.to_string(), level.word());
        }
    }
}

//! Phones: whether, which, and why one has to be held again (patient-flow section 11).

use serde::{Deserialize, Serialize};

/// Whether phones are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneWay {
    /// They are not: no reader for them, or it does not work now.
    #[default]
    No,
    /// At a reader of their own.
    OwnReader,
    /// At the card's reader.
    SameReader,
}

/// Which phone (card.md 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// Checks its holder itself (Face ID, Touch ID).
    Iphone,
    /// Its PIN is typed at the terminal.
    Android,
}

/// Why a phone has to be held (again). None of them is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneNotice {
    /// It was held before the PIN was typed; now once more.
    Once,
    /// It moved away too early, or its place was not found.
    Moved,
    /// The iPhone has not checked its holder yet: Face ID or Touch ID first.
    CheckFirst,
    /// The other kind of phone: the screen has changed to it.
    OtherKind,
}

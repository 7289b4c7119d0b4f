//! The states of a stored result, and their file names.

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::ids::is_id;

/// Where a result is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// To be delivered.
    Pending,
    /// Received by the clinic; only the receipt is kept.
    Receipt,
    /// Delivery ended without receipt: staff deal with it.
    Desk,
}

impl State {
    const ALL: [Self; 3] = [Self::Pending, Self::Receipt, Self::Desk];

    const fn ending(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Receipt => "receipt",
            Self::Desk => "desk",
        }
    }
}

/// One file of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stored {
    pub(super) state: State,
    pub(super) id: String,
}

impl Stored {
    pub(super) fn new(state: State, id: &str) -> Self {
        Self { state, id: id.to_owned() }
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.state.ending())
    }

    pub(super) fn of_file_name(name: &str) -> Option<Self> {
        let (id, ending) = name.split_once('.')?;
        let state = State::ALL.into_iter().find(|state| state.ending() == ending)?;
        is_id(id).then(|| Self::new(state, id))
    }
}

/// Why a result is on the desk's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum DeskReason {
    /// The service refused it.
    Refused {
        /// [`crate::protocol::Problem::error`].
        error: String,
    },
    /// No receipt within 24 h.
    Aged,
}

/// One entry of the desk's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskEntry {
    /// The result as it was signed.
    pub entry: Entry,
    /// Why it is here.
    pub reason: DeskReason,
}

//! `reader-daemon desk`: results without receipt, for staff. Ids, times and reasons only: no answers, no names.

use std::path::Path;

use qualification::{
    WrappingKey,
    outbox::{self, DeskReason, Inspected, KeyError},
};

use crate::{Config, clock::written, credentials};

/// Why there is no list, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::ConfigError),
    /// The key of the outbox.
    #[error("{cause}\n  cure: {cure}")]
    Key {
        /// Why it is missing.
        cause: KeyError,
        /// What to do.
        cure: String,
    },
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] qualification::OutboxError),
}

/// The list, or with `settle` the words that say that the result of this id was taken off it. Changes nothing else, and
/// can be called while the daemon runs.
///
/// # Errors
/// [`DeskError`].
pub fn desk(config: &Path, settle: Option<&str>) -> Result<String, DeskError> {
    let storage = Config::read(config)?.storage;
    let key = WrappingKey::from_credentials_directory().map_err(|cause| {
        let cure = match &cause {
            KeyError::NoCredentials => credentials::by_systemd("desk", config),
            KeyError::Read { .. } | KeyError::Length(_) | KeyError::NotRandom(_) | KeyError::NoRandomness => {
                "`reader-daemon doctor` says what to do".to_owned()
            }
        };
        DeskError::Key { cause, cure }
    })?;
    let folder = storage.join("outbox");
    if let Some(id) = settle {
        outbox::settle(&folder, &key, id)?;
        return Ok(format!("{id} is settled and off the list\n"));
    }
    Ok(list(&outbox::inspect(&folder, &key)?))
}

/// Time (UTC), result id, session id, why; separated by tabs.
fn list(found: &Inspected) -> String {
    let line = |ms, result: &str, session: &str, why: &str| format!("{}\t{result}\t{session}\t{why}\n", written(ms));
    let mut text = String::new();
    for desk in &found.desk {
        let why = match &desk.reason {
            DeskReason::Refused { error } => format!("refused: {error}"),
            DeskReason::Aged => "no receipt within 24 h".to_owned(),
        };
        text += &line(desk.entry.stored_ms, &desk.entry.result_id, &desk.entry.session_id, &why);
    }
    for entry in &found.pending {
        text += &line(entry.stored_ms, &entry.result_id, &entry.session_id, "still being delivered");
    }
    for path in &found.damaged {
        text += &format!("damaged file: {}\n", path.display());
    }
    if text.is_empty() { "every result has its receipt\n".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use qualification::{Entry, outbox::DeskEntry};

    use super::*;

    fn entry(n: u8) -> Entry {
        let id = |n: u8| format!("{n:032x}");
        Entry { result_id: id(n), session_id: id(n + 100), stored_ms: 0, jws: "answers.inside.here".into() }
    }

    #[test]
    fn the_list_says_which_when_and_why_and_nothing_that_was_answered() {
        let refused = DeskReason::Refused { error: "result_mismatch".into() };
        let found = Inspected {
            desk: vec![
                DeskEntry { entry: entry(1), reason: refused },
                DeskEntry { entry: entry(2), reason: DeskReason::Aged },
            ],
            pending: vec![entry(3)],
            damaged: vec!["/x/y.pending".into()],
        };
        let text = list(&found);
        let lines: Vec<&str> = text.lines().collect();
        let first = format!("1970-01-01T00:00:00.000Z\t{:032x}\t{:032x}\trefused: result_mismatch", 1, 101);
        assert_eq!(lines[0], first);
        assert!(lines[1].ends_with("no receipt within 24 h"));
        assert!(lines[2].ends_with("still being delivered"));
        assert_eq!(lines[3], "damaged file: /x/y.pending");
        assert!(!text.contains("answers"));
        assert_eq!(list(&Inspected::default()), "every result has its receipt\n");
    }
}

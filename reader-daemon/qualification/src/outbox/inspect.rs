//! Looking into an outbox without opening it: nothing is made, moved or locked, so it can be done while the daemon runs.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    DAMAGED, DeskEntry, Entry, KEY_CHECK, OutboxError, WrappingKey, disk, read,
    state::{State, Stored},
    written,
};
use crate::{limits::MAX_FILE, protocol::Receipt};

/// What lies in an outbox.
#[derive(Debug, Default)]
pub struct Inspected {
    /// Results whose receipt is not there yet, oldest first; delivery goes on while the daemon runs.
    pub pending: Vec<Entry>,
    /// Results whose delivery ended without receipt, oldest first.
    pub desk: Vec<DeskEntry>,
    /// Files that cannot be read any more: put aside already, or at the daemon's next start.
    pub damaged: Vec<PathBuf>,
}

/// Whether an outbox was ever begun here: then its key must never be replaced.
///
/// # Errors
/// The folder cannot be looked into, so nobody knows.
pub fn is_begun(folder: &Path) -> Result<bool, OutboxError> {
    folder.join(KEY_CHECK).try_exists().map_err(|source| OutboxError::Disk { doing: "read", source })
}

/// Looks into `folder`. A folder that is not there holds nothing.
///
/// # Errors
/// [`OutboxError::Disk`], or [`OutboxError::WrongKey`].
pub fn inspect(folder: &Path, key: &WrappingKey) -> Result<Inspected, OutboxError> {
    let mut inspected = Inspected { damaged: files(&folder.join(DAMAGED))?, ..Inspected::default() };
    let names: BTreeSet<Stored> =
        files(folder)?.iter().filter_map(|path| Stored::of_file_name(path.file_name()?.to_str()?)).collect();
    let mut opens = names.is_empty() && !is_begun(folder)?;
    match disk::read(&folder.join(KEY_CHECK), MAX_FILE) {
        Ok(text) => opens = key.open(KEY_CHECK, &text).is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(OutboxError::Disk { doing: "read", source }),
    }
    for stored in &names {
        let whole = match stored.state {
            State::Pending => read(folder, key, stored)?.map(|entry| inspected.pending.push(entry)).is_some(),
            State::Desk => read(folder, key, stored)?.map(|entry| inspected.desk.push(entry)).is_some(),
            State::Receipt => read::<Receipt>(folder, key, stored)?.is_some(),
        };
        let path = folder.join(stored.file_name());
        // What is gone by now was delivered or settled meanwhile.
        if !whole && path.exists() {
            inspected.damaged.push(path);
        }
        opens = opens || whole;
    }
    if !opens {
        return Err(OutboxError::WrongKey(folder.to_owned()));
    }
    // Power was lost, or the daemon is, between two steps: the later state counts.
    let ended = |entry: &Entry| {
        let id = &entry.result_id;
        names.contains(&Stored::new(State::Desk, id)) || names.contains(&Stored::new(State::Receipt, id))
    };
    inspected.pending.retain(|entry| !ended(entry));
    inspected.pending.sort_by_key(|entry| entry.stored_ms);
    inspected.desk.sort_by_key(|desk| desk.entry.stored_ms);
    Ok(inspected)
}

/// Staff have dealt with an entry of the desk's list: it is forgotten. Does not need the outbox to be open or closed: the
/// daemon never looks at an entry of that list again.
///
/// # Errors
/// [`OutboxError::Unknown`] when it is not on the list, [`OutboxError::Exists`] while its delivery still goes on.
pub fn settle(folder: &Path, key: &WrappingKey, result_id: &str) -> Result<(), OutboxError> {
    let inspected = inspect(folder, key)?;
    if !inspected.desk.iter().any(|desk| desk.entry.result_id == result_id) {
        return Err(OutboxError::Unknown);
    }
    // Without its later state a pending file would be delivered again after a restart.
    if folder.join(Stored::new(State::Pending, result_id).file_name()).exists() {
        return Err(OutboxError::Exists);
    }
    disk::remove(folder, &Stored::new(State::Desk, result_id).file_name()).map_err(written)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, OutboxError> {
    let read = |source| OutboxError::Disk { doing: "read", source };
    match fs::read_dir(folder) {
        Ok(files) => files.map(|file| Ok(file.map_err(read)?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(read(source)),
    }
}

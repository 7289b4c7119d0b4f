//! The outbox: every confirmed result lies here, wrapped, until the clinic's receipt is stored (law 7).
//!
//! One file per result and state: `ID.pending` → `ID.receipt` or `ID.desk`. The next state is durable before the
//! earlier one is removed; where both are found, the later one counts. Nothing else about a patient is at rest.

mod disk;
mod inspect;
mod key;
mod state;

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

pub use inspect::{Inspected, inspect, is_begun, settle};
pub use key::{KeyError, WrappingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
pub use state::{DeskEntry, DeskReason};
use state::{State, Stored};

use crate::{
    ids::is_id,
    limits::{MAX_FILE, MAX_PENDING, MAX_RECEIPTS, MAX_RESULT},
    protocol::Receipt,
};

/// Damaged files are moved into this folder inside the outbox.
const DAMAGED: &str = "damaged";
/// A known text under the outbox's key: tells a wrong key from damaged files.
const KEY_CHECK: &str = "key-check";

/// One signed result on its way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// [`crate::protocol::ResultClaims::result_id`]: the same with every attempt.
    pub result_id: String,
    /// The session it belongs to.
    pub session_id: String,
    /// When it was stored, ms since 1970.
    pub stored_ms: u64,
    /// The signed result.
    pub jws: String,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("result_id", &self.result_id)
            .field("stored_ms", &self.stored_ms)
            .finish_non_exhaustive()
    }
}

/// What was found when an outbox was opened.
#[derive(Debug, Default)]
pub struct Found {
    /// Results still to be delivered, oldest first.
    pub pending: Vec<Entry>,
    /// Files that cannot be read any more, where they are now. Staff must be told.
    pub damaged: Vec<PathBuf>,
}

/// Why the outbox cannot do it. Nothing may be claimed to the patient then.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The disk is full, read-only or broken.
    #[error("the outbox cannot be {doing}: {source}")]
    Disk {
        /// `read` or `written`.
        doing: &'static str,
        /// Why.
        source: io::Error,
    },
    /// Another daemon uses the folder.
    #[error("{0} is in use by another daemon")]
    InUse(PathBuf),
    /// The key is not the one the files were wrapped with. Nothing was touched.
    #[error("{0} was wrapped with another key: restore the credential, or move the folder away and tell the desk")]
    WrongKey(PathBuf),
    /// The entry's ids are none, or it is too large.
    #[error("the result cannot be stored: {0}")]
    Unfit(&'static str),
    /// A result with this id is there already.
    #[error("a result with this id is there already")]
    Exists,
    /// No result with this id is pending.
    #[error("no result with this id is waiting")]
    Unknown,
    /// [`MAX_PENDING`] results wait.
    #[error("too many results are waiting")]
    Full,
    /// No random bytes to wrap with.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

/// The folder, locked for this process.
#[derive(Debug)]
pub struct Outbox {
    folder: PathBuf,
    key: WrappingKey,
    names: Mutex<BTreeSet<Stored>>,
    _lock: File,
}

impl Outbox {
    /// Opens `folder`, making it if needed; puts damaged files aside and goes on with the rest.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn open(folder: &Path, key: WrappingKey) -> Result<(Self, Found), OutboxError> {
        disk::make_folder(&folder.join(DAMAGED)).map_err(written)?;
        let lock = lock(folder)?;
        let mut outbox = Self { folder: folder.to_owned(), key, names: Mutex::default(), _lock: lock };
        let names = outbox.list()?;
        outbox.check_key(&names)?;
        let found = outbox.take_stock(names)?;
        Ok((outbox, found))
    }

    /// Whether the next result could be stored. Asked between visits; `Err` keeps visits from starting.
    ///
    /// # Errors
    /// [`OutboxError::Disk`] or [`OutboxError::Full`].
    pub fn can_store(&self) -> Result<(), OutboxError> {
        self.room_for_one(&self.names())?;
        disk::probe(&self.folder, MAX_FILE).map_err(written)
    }

    /// Makes a result durable. Only after `Ok` may anything be claimed.
    ///
    /// # Errors
    /// [`OutboxError`]; nothing is left on the disk then.
    pub fn store(&self, entry: &Entry) -> Result<(), OutboxError> {
        if !is_id(&entry.result_id) || !is_id(&entry.session_id) {
            return Err(OutboxError::Unfit("ids are not 32 hex digits"));
        }
        if entry.jws.len() > MAX_RESULT {
            return Err(OutboxError::Unfit("too large"));
        }
        let mut names = self.names();
        self.room_for_one(&names)?;
        if names.iter().any(|stored| stored.id == entry.result_id) {
            return Err(OutboxError::Exists);
        }
        self.put(&mut names, State::Pending, &entry.result_id, entry)
    }

    /// Stores the receipt, then forgets the result. A receipt that is stored already changes nothing.
    ///
    /// # Errors
    /// [`OutboxError`]; the result stays pending then and is sent again with the same id.
    pub fn delivered(&self, receipt: &Receipt) -> Result<(), OutboxError> {
        let mut names = self.names();
        let id = &receipt.result_id;
        if !names.contains(&Stored::new(State::Pending, id)) && names.contains(&Stored::new(State::Receipt, id)) {
            return Ok(());
        }
        Self::is_pending(&names, id)?;
        self.put(&mut names, State::Receipt, id, receipt)?;
        self.drop_file(&mut names, State::Pending, id)?;
        // The result is delivered, whatever becomes of old receipts: the next one tries to drop them again.
        let _ = self.drop_old_receipts(&mut names);
        Ok(())
    }

    /// Moves a pending result to the desk's list and ends its delivery.
    ///
    /// # Errors
    /// [`OutboxError`]; the result stays pending then.
    pub fn to_desk(&self, entry: &Entry, reason: DeskReason) -> Result<(), OutboxError> {
        let mut names = self.names();
        let id = &entry.result_id;
        Self::is_pending(&names, id)?;
        self.put(&mut names, State::Desk, id, &DeskEntry { entry: entry.clone(), reason })?;
        self.drop_file(&mut names, State::Pending, id)
    }

    /// The desk's list, oldest first. Kept until [`Self::settle`]: a confirmed result is never lost.
    ///
    /// # Errors
    /// [`OutboxError::Disk`].
    pub fn desk(&self) -> Result<Vec<DeskEntry>, OutboxError> {
        let names = self.names();
        let mut list: Vec<DeskEntry> = self.all(&names, State::Desk)?;
        list.sort_by_key(|desk| desk.entry.stored_ms);
        Ok(list)
    }

    /// Staff have dealt with an entry of the desk's list: it is forgotten.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn settle(&self, result_id: &str) -> Result<(), OutboxError> {
        let mut names = self.names();
        if !names.contains(&Stored::new(State::Desk, result_id)) {
            return Err(OutboxError::Unknown);
        }
        self.drop_file(&mut names, State::Desk, result_id)
    }

    /// Results still to be delivered, oldest first.
    ///
    /// # Errors
    /// [`OutboxError::Disk`].
    pub fn pending(&self) -> Result<Vec<Entry>, OutboxError> {
        let names = self.names();
        let mut list: Vec<Entry> = self.all(&names, State::Pending)?;
        list.sort_by_key(|entry| entry.stored_ms);
        Ok(list)
    }

    /// The receipt of a delivered result, while it is kept.
    ///
    /// # Errors
    /// [`OutboxError::Disk`].
    pub fn receipt(&self, result_id: &str) -> Result<Option<Receipt>, OutboxError> {
        let stored = Stored::new(State::Receipt, result_id);
        if self.names().contains(&stored) { self.read(&stored) } else { Ok(None) }
    }

    fn names(&self) -> MutexGuard<'_, BTreeSet<Stored>> {
        // The set is only changed after the disk was, in single steps: a panic between them leaves it usable.
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn room_for_one(&self, names: &BTreeSet<Stored>) -> Result<(), OutboxError> {
        let waiting = names.iter().filter(|stored| stored.state == State::Pending).count();
        if waiting >= MAX_PENDING { Err(OutboxError::Full) } else { Ok(()) }
    }

    fn is_pending(names: &BTreeSet<Stored>, id: &str) -> Result<(), OutboxError> {
        if names.contains(&Stored::new(State::Pending, id)) { Ok(()) } else { Err(OutboxError::Unknown) }
    }

    fn put(
        &self,
        names: &mut BTreeSet<Stored>,
        state: State,
        id: &str,
        content: &impl Serialize,
    ) -> Result<(), OutboxError> {
        let stored = Stored::new(state, id);
        let name = stored.file_name();
        let plain = serde_json::to_vec(content).map_err(|_| OutboxError::Unfit("cannot be written"))?;
        let plain = zeroize::Zeroizing::new(plain);
        let sealed = self.key.seal(&name, &plain).ok_or(OutboxError::NoRandomness)?;
        disk::put(&self.folder, &name, &sealed).map_err(written)?;
        names.insert(stored);
        Ok(())
    }

    fn drop_file(&self, names: &mut BTreeSet<Stored>, state: State, id: &str) -> Result<(), OutboxError> {
        let stored = Stored::new(state, id);
        disk::remove(&self.folder, &stored.file_name()).map_err(written)?;
        names.remove(&stored);
        Ok(())
    }

    fn all<T: DeserializeOwned>(&self, names: &BTreeSet<Stored>, state: State) -> Result<Vec<T>, OutboxError> {
        let of_state = names.iter().filter(|stored| stored.state == state);
        of_state.filter_map(|stored| self.read(stored).transpose()).collect()
    }

    /// `None`: the file is damaged, or somebody took it away.
    fn read<T: DeserializeOwned>(&self, stored: &Stored) -> Result<Option<T>, OutboxError> {
        read(&self.folder, &self.key, stored)
    }

    /// Our files; half-written ones are removed, as nothing was claimed about them.
    fn list(&self) -> Result<BTreeSet<Stored>, OutboxError> {
        let read = |source| OutboxError::Disk { doing: "read", source };
        let mut names = BTreeSet::new();
        for file in fs::read_dir(&self.folder).map_err(read)? {
            let name = file.map_err(read)?.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.ends_with(disk::ASIDE) {
                disk::remove(&self.folder, name).map_err(written)?;
            } else {
                names.extend(Stored::of_file_name(name));
            }
        }
        Ok(names)
    }

    /// Refuses a wrong key before any file is judged damaged by it.
    fn check_key(&self, names: &BTreeSet<Stored>) -> Result<(), OutboxError> {
        let text = disk::read(&self.folder.join(KEY_CHECK), MAX_FILE).ok();
        if text.is_some_and(|text| self.key.open(KEY_CHECK, &text).is_some()) {
            return Ok(());
        }
        let mut opens = names.is_empty();
        for stored in names {
            opens = opens || self.read::<serde_json::Value>(stored)?.is_some();
        }
        if !opens {
            return Err(OutboxError::WrongKey(self.folder.clone()));
        }
        let sealed = self.key.seal(KEY_CHECK, KEY_CHECK.as_bytes()).ok_or(OutboxError::NoRandomness)?;
        disk::put(&self.folder, KEY_CHECK, &sealed).map_err(written)
    }

    fn take_stock(&mut self, names: BTreeSet<Stored>) -> Result<Found, OutboxError> {
        let mut found = Found::default();
        let mut whole = BTreeSet::new();
        for stored in names {
            let readable = match stored.state {
                State::Pending => self.read::<Entry>(&stored)?.is_some_and(|entry| entry.result_id == stored.id),
                State::Receipt => self.read::<Receipt>(&stored)?.is_some(),
                State::Desk => self.read::<DeskEntry>(&stored)?.is_some(),
            };
            if readable {
                whole.insert(stored);
            } else {
                found.damaged.push(self.put_aside(&stored)?);
            }
        }
        // Power was lost between two steps: the later state counts.
        let ids: BTreeSet<&str> = whole.iter().filter(|s| s.state != State::Pending).map(|s| s.id.as_str()).collect();
        let settled: Vec<Stored> =
            whole.iter().filter(|s| s.state == State::Pending && ids.contains(s.id.as_str())).cloned().collect();
        for stored in settled {
            self.drop_file(&mut whole, stored.state, &stored.id)?;
        }
        *self.names() = whole;
        found.pending = self.pending()?;
        Ok(found)
    }

    fn put_aside(&self, stored: &Stored) -> Result<PathBuf, OutboxError> {
        let name = stored.file_name();
        let aside = self.folder.join(DAMAGED).join(&name);
        fs::rename(self.folder.join(&name), &aside).map_err(written)?;
        Ok(aside)
    }

    fn drop_old_receipts(&self, names: &mut BTreeSet<Stored>) -> Result<(), OutboxError> {
        let receipts: Vec<Stored> = names.iter().filter(|stored| stored.state == State::Receipt).cloned().collect();
        if receipts.len() <= MAX_RECEIPTS {
            return Ok(());
        }
        let age = |stored: &Stored| {
            fs::metadata(self.folder.join(stored.file_name()))
                .and_then(|m| m.modified())
                .unwrap_or(std::time::UNIX_EPOCH)
        };
        let mut by_age: Vec<_> = receipts.iter().map(|stored| (age(stored), stored)).collect();
        by_age.sort();
        for (_, stored) in by_age.iter().take(receipts.len() - MAX_RECEIPTS) {
            self.drop_file(names, State::Receipt, &stored.id)?;
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(folder: &Path, key: &WrappingKey, stored: &Stored) -> Result<Option<T>, OutboxError> {
    let name = stored.file_name();
    match disk::read(&folder.join(&name), MAX_FILE) {
        Ok(bytes) => Ok(key.open(&name, &bytes).and_then(|plain| serde_json::from_slice(&plain).ok())),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::NotFound) => Ok(None),
        Err(source) => Err(OutboxError::Disk { doing: "read", source }),
    }
}

fn written(source: io::Error) -> OutboxError {
    OutboxError::Disk { doing: "written", source }
}

/// Two daemons on one outbox would deliver and remove under each other. The lock goes with the process, also on kill.
fn lock(folder: &Path) -> Result<File, OutboxError> {
    let path = folder.join("lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(written)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OutboxError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(written(source)),
    }
}

#[cfg(test)]
#[path = "../outbox_tests.rs"]
mod tests;

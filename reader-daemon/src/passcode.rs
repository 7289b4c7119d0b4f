//! The facility's passcode: staff type it before they compare a patient with the photo (patient-flow section 7).
//!
//! Kept as Argon2id. The service's copy counts where there is one, else ours. Three wrong ones close the visual check
//! for five minutes, the third closing of a day until staff open it again. Digits are wiped, and never printed.

pub mod command;
mod hashed;
mod lock;
#[cfg(test)]
mod tests;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use qualification::PasscodeCopy;
use session::{PasscodeResult, VisualWay};
use zeroize::Zeroizing;

use crate::{config::ConfigError, disk};
use lock::Lock;

pub use hashed::Refused;
pub use lock::{Now, Shut};

/// Fewest digits of a passcode set here; the service's may have four.
pub const MIN_DIGITS: usize = 6;
/// Most digits.
pub const MAX_DIGITS: usize = session::limits::PASSCODE_DIGITS as usize;
/// Wrong ones in a row that close the visual check.
pub const TRIES: u8 = 3;
/// How long it stays closed.
pub const CLOSED: Duration = Duration::from_secs(5 * 60);
/// The closing of a day (in Japan) that time does not open again.
pub const CLOSINGS: u8 = 3;

/// What was counted, in the folder of [storage].
const MEMORY: &str = "visual-check.json";
/// Its presence opens the visual check again; `reader-daemon passcode --open` puts it there.
const ORDER: &str = "visual-check.open";
/// Longest of these files, and of the passcode's.
const MAX_FILE: usize = 1024;

/// Whether a passcode is right, and how often it may be wrong. One for the whole daemon; it counts on disk, so that a
/// restart forgives nothing.
///
/// Everything here may wait for a disk, and [`Guard::check`] computes for a tenth of a second: call it on a blocking
/// thread.
pub struct Guard {
    storage: PathBuf,
    file: Option<PathBuf>,
    copy: Option<PasscodeCopy>,
    lock: Lock,
}

impl Guard {
    /// Goes on from what was counted before. A damaged count is the safe side: closed until staff open it.
    #[must_use]
    pub fn new(storage: PathBuf, file: Option<PathBuf>, now: Now) -> Self {
        let lock = match disk::read(&storage.join(MEMORY), MAX_FILE) {
            Ok(Some(bytes)) => Lock::read(&bytes, now),
            Ok(None) => Lock::fresh(now),
            Err(_) => Lock::damaged(now),
        };
        Self { storage, file, copy: None, lock }
    }

    /// The service's copy, as its last answer held it; `None`: it has none, and ours counts.
    pub fn set_copy(&mut self, copy: Option<PasscodeCopy>) {
        self.copy = copy;
    }

    /// Whether the visual check can be chosen. Looks for an order to open it and reads our own passcode anew, so it is
    /// worth asking again every few seconds.
    pub fn way(&mut self, now: Now) -> VisualWay {
        self.obey_order(now);
        if self.hashed().is_none() {
            return VisualWay::NoPasscode;
        }
        match self.lock.shut(now) {
            None => VisualWay::Ready,
            Some(Shut::For(_)) => VisualWay::Closed,
            Some(Shut::UntilOpened) => VisualWay::ClosedForDay,
        }
    }

    /// When [`Guard::way`] changes by itself.
    #[must_use]
    pub fn opens_in(&self, now: Now) -> Option<Duration> {
        match self.lock.shut(now) {
            Some(Shut::For(rest)) => Some(rest),
            Some(Shut::UntilOpened) | None => None,
        }
    }

    /// Compares. The try is counted on disk before it is made, so that a pulled plug gives none back; a right one sets
    /// the count back to nothing.
    ///
    /// # Errors
    /// The count cannot be stored; nothing was compared then.
    pub fn check(&mut self, digits: &[u8], now: Now) -> io::Result<PasscodeResult> {
        self.obey_order(now);
        match self.lock.shut(now) {
            Some(Shut::For(_)) => return Ok(PasscodeResult::Closed),
            Some(Shut::UntilOpened) => return Ok(PasscodeResult::ClosedForDay),
            None => {}
        }
        // Gone since it was offered: as closed as it can be.
        let Some(hashed) = self.hashed() else { return Ok(PasscodeResult::Closed) };
        let (charged, wrong) = self.lock.wrong(now);
        let right = self.lock.right(now);
        self.store(charged)?;
        if !hashed::matches(&hashed, digits) {
            return Ok(wrong);
        }
        // Where that cannot be stored the disk goes on counting one try too many: the safe side.
        let _ = self.store(right.clone());
        self.lock = right;
        Ok(PasscodeResult::Right)
    }

    /// Staff have looked into it: the visual check is open, and the day's closings are forgotten.
    ///
    /// # Errors
    /// It cannot be stored; nothing changes then.
    pub fn open_again(&mut self, now: Now) -> io::Result<()> {
        self.store(Lock::fresh(now))
    }

    fn store(&mut self, lock: Lock) -> io::Result<()> {
        disk::put(&self.storage, MEMORY, &lock.bytes(), None)?;
        self.lock = lock;
        Ok(())
    }

    fn obey_order(&mut self, now: Now) {
        // First it goes: one that stayed would open again and again. Lost with a failing disk, it is given once more.
        if std::fs::remove_file(self.storage.join(ORDER)).is_ok() {
            let _ = self.open_again(now);
        }
    }

    /// The passcode that counts now. A copy of the service's that cannot be used is not replaced by ours: whoever knew
    /// that one may no longer be meant to.
    fn hashed(&self) -> Option<Zeroizing<String>> {
        match &self.copy {
            Some(copy) => copy.is_well_formed().then(|| Zeroizing::new(copy.argon2id.clone())),
            None => read_own(self.file.as_deref()?).ok().flatten(),
        }
    }
}

/// Orders the daemon to open the visual check again; it obeys within seconds, or when it starts.
///
/// # Errors
/// It cannot be stored.
pub(crate) fn order_to_open(storage: &Path) -> io::Result<()> {
    disk::put(storage, ORDER, b"", None)
}

/// What stands in the way of the visual check, if anything. Looks only: nothing is counted, opened or written.
///
/// # Errors
/// Our own file cannot be used, and it would count.
pub fn look(storage: &Path, file: Option<&Path>, copy: bool, now: Now) -> Result<Look, ConfigError> {
    let whose = match (copy, file.map(read_own).transpose()) {
        (true, _) => Some(Whose::Service),
        (false, own) => own?.flatten().map(|_| Whose::Own),
    };
    let lock = match disk::read(&storage.join(MEMORY), MAX_FILE) {
        Ok(Some(bytes)) => Lock::read(&bytes, now),
        Ok(None) => Lock::fresh(now),
        Err(_) => Lock::damaged(now),
    };
    // An order to open it lies there already.
    let shut = lock.shut(now).filter(|_| !storage.join(ORDER).exists());
    Ok(Look { whose, shut })
}

/// How the visual check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whose passcode counts; `None`: there is none.
    pub whose: Option<Whose>,
    /// Why it is shut, if it is.
    pub shut: Option<Shut>,
}

/// Who set the passcode that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The clinic's service.
    Service,
    /// It was set here.
    Own,
}

/// Our own passcode, hashed; `None`: none was set yet.
///
/// # Errors
/// Others can read the file, or it is not what `reader-daemon passcode` writes.
pub fn read_own(file: &Path) -> Result<Option<Zeroizing<String>>, ConfigError> {
    let name = "[visual] passcode_file";
    let again = "set it anew: reader-daemon passcode --config FILE";
    let refused = |cause: &str, cure: String| ConfigError::new(name, format!("{}: {cause}", file.display()), cure);
    if disk::is_exposed(file) {
        let cure = format!("chmod 600 {}", file.display());
        return Err(refused("it can be read by other accounts of this machine", cure));
    }
    let Some(bytes) = disk::read(file, MAX_FILE).map_err(|error| refused(&error.to_string(), again.to_owned()))? else {
        return Ok(None);
    };
    let bytes = Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.trim_end().to_owned())).unwrap_or_default();
    if !(PasscodeCopy { argon2id: text.to_string() }).is_well_formed() {
        return Err(refused("it holds no hashed passcode", again.to_owned()));
    }
    Ok(Some(text))
}

//! 監査記録: append-only JSON lines, each naming the SHA-256 of the line before, so that no line can be changed or
//! taken out of the middle unseen. A file a day; each begins with what the days before had come to, signed. A closed list
//! of entries (JOURNAL.md); no personal data, no PIN, nothing of what was answered.

mod chain;
mod entry;
pub mod events;
mod files;
mod head;
pub(crate) mod read;
pub(crate) mod statistics;
mod thread;
mod verify;

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use p256::ecdsa::SigningKey;
use qualification::clock::now_ms;

use crate::{clock::written, limits::MAX_JOURNAL_LINE};
use chain::{FIRST, Last, Line, cut_torn_line, hash, last_line, options};
pub use entry::{Entry, FaceTry, Outcome};
pub(crate) use files::CURRENT;
use files::{End, day_at};
pub use thread::JournalThread;
pub use verify::{Broken, Whole, verify};

/// The open journal.
pub struct Journal {
    folder: PathBuf,
    file: File,
    key: SigningKey,
    next: u64,
    previous: String,
    /// In Japan, of the newest line; `None`: there is none yet.
    day: Option<Date>,
}

impl Journal {
    /// Opens or begins the journal in this folder. A torn last line is taken off; a file that cannot be continued is set
    /// aside. Either is noted in the chain.
    ///
    /// # Errors
    /// What the operating system says, or that the journal's key is damaged.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::open_at(folder, now_ms())
    }

    fn open_at(folder: &Path, now_ms: u64) -> io::Result<Self> {
        let key = head::open(folder)?;
        let path = folder.join(CURRENT);
        let mut file = options().open(&path)?;
        let torn = cut_torn_line(&mut file)?;
        let end = match last_line(&mut file)? {
            Last::None => None,
            Last::Line(line) => match End::after(&line) {
                Some(end) => Some(end),
                None => return Self::set_aside(folder, key, now_ms),
            },
            Last::TooLong => return Self::set_aside(folder, key, now_ms),
        };
        let mut journal = match end {
            Some(end) => Self::after(folder, file, key, Some(end)),
            // The plug was pulled between two days, or this is the first.
            None => Self::after(folder, file, key, files::end_of_ended(folder)?).begun(now_ms)?,
        };
        if torn > 0 {
            journal.write_at(&Entry::TornLineRepaired { bytes: torn }, now_ms)?;
        }
        Ok(journal)
    }

    fn after(folder: &Path, file: File, key: SigningKey, end: Option<End>) -> Self {
        let folder = folder.to_path_buf();
        match end {
            Some(end) => {
                Self { folder, file, key, next: end.number.saturating_add(1), previous: end.hash, day: Some(end.day) }
            }
            None => Self { folder, file, key, next: 1, previous: FIRST.to_owned(), day: None },
        }
    }

    /// A new file begins with the head of what came before it.
    fn begun(mut self, now_ms: u64) -> io::Result<Self> {
        if let Some(ended) = self.day {
            self.append(&self.head(ended), now_ms)?;
        }
        Ok(self)
    }

    fn head(&self, ended: Date) -> Entry {
        let signature = head::sign(&self.key, ended, self.next.saturating_sub(1), &self.previous);
        Entry::DayBegan { ended: ended.to_string(), signature }
    }

    fn set_aside(folder: &Path, key: SigningKey, now_ms: u64) -> io::Result<Self> {
        let path = folder.join(CURRENT);
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".damaged-{now_ms}"));
        std::fs::rename(&path, path.with_file_name(&name))?;
        let file = options().open(path)?;
        let mut journal = Self::after(folder, file, key, files::end_of_ended(folder)?).begun(now_ms)?;
        journal.append(&Entry::SetAside { file: name.to_string_lossy().into_owned() }, now_ms)?;
        Ok(journal)
    }

    /// Appends one line and waits until it is on the disk.
    ///
    /// # Errors
    /// What the operating system says; the line may be torn then, and is taken off before the next.
    pub fn write(&mut self, entry: &Entry) -> io::Result<()> {
        self.write_at(entry, now_ms())
    }

    fn write_at(&mut self, entry: &Entry, now_ms: u64) -> io::Result<()> {
        // A clock that went back opens no day again.
        let today = day_at(now_ms);
        if let Some(ended) = self.day.filter(|day| *day < today) {
            self.next_day(ended, today, now_ms)?;
        }
        self.append(entry, now_ms)
    }

    /// The file gets its day's name, and another one begins. Days that are kept no longer go.
    fn next_day(&mut self, ended: Date, today: Date, now_ms: u64) -> io::Result<()> {
        let current = self.folder.join(CURRENT);
        let named = files::of_day(&self.folder, ended);
        cut_torn_line(&mut self.file)?;
        // A day that has its file already (the clock was moved) stays where it is, with the next.
        if current.exists() && !named.exists() {
            std::fs::rename(&current, named)?;
        }
        // Also when only the last try came so far: what is written goes to no day that has ended.
        self.file = options().open(current)?;
        File::open(&self.folder)?.sync_all()?;
        self.append(&self.head(ended), now_ms)?;
        // Old days that cannot be removed take no line away; tomorrow they are tried again.
        if let Ok(Some((count, newest))) = files::remove_old(&self.folder, ended, today) {
            self.append(&Entry::DaysRemoved { days: count, newest: newest.to_string() }, now_ms)?;
        }
        Ok(())
    }

    fn append(&mut self, entry: &Entry, now_ms: u64) -> io::Result<()> {
        cut_torn_line(&mut self.file)?;
        let line = Line { number: self.next, time: written(now_ms), previous: &self.previous, entry };
        let mut bytes = serde_json::to_vec(&line)?;
        if bytes.len() >= MAX_JOURNAL_LINE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "journal line too long"));
        }
        let hash = hash(&bytes);
        bytes.push(b'\n');
        let before = self.file.metadata()?.len();
        if let Err(error) = self.file.write_all(&bytes).and_then(|()| self.file.sync_data()) {
            // What is perhaps on the disk does not count, and no other line may follow it with its number.
            let _ = self.file.set_len(before);
            return Err(error);
        }
        self.next += 1;
        self.previous = hash;
        self.day = self.day.max(Some(day_at(now_ms)));
        Ok(())
    }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;

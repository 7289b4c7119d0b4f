//! 監査記録: append-only JSON lines, each naming the SHA-256 of the line before, so that no line can be changed or
//! taken out of the middle unseen. A closed list of entries; no personal data, no PIN, nothing of what was answered.

mod entry;

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use qualification::{clock::now_ms, ids::hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    clock::written,
    limits::{JOURNAL_QUEUE, MAX_JOURNAL_LINE},
};
pub use entry::{Entry, FaceTry, Outcome};

/// `previous` of the first line.
const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Serialize)]
struct Line<'a> {
    number: u64,
    time: String,
    previous: &'a str,
    #[serde(flatten)]
    entry: &'a Entry,
}

/// What the chain needs of a line. Other members are the entry's.
#[derive(Deserialize)]
struct Link {
    number: u64,
    previous: String,
}

/// The open journal.
pub struct Journal {
    file: File,
    next: u64,
    previous: String,
}

/// Where a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} {what}")]
pub struct Broken {
    /// Counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Journal {
    /// Opens or begins the journal. A torn last line is taken off; a file that cannot be continued is set aside. Either
    /// is noted in the chain.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = options().open(path)?;
        let torn = cut_torn_line(&mut file)?;
        let mut journal = match last_line(&mut file)? {
            Last::None => Self { file, next: 1, previous: FIRST.to_owned() },
            Last::Line(line) => match serde_json::from_slice::<Link>(&line) {
                Ok(link) => Self { file, next: link.number.saturating_add(1), previous: hash(&line) },
                Err(_) => return Self::set_aside(path),
            },
            Last::TooLong => return Self::set_aside(path),
        };
        if torn > 0 {
            journal.write(&Entry::TornLineRepaired { bytes: torn })?;
        }
        Ok(journal)
    }

    fn set_aside(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".damaged-{}", now_ms()));
        std::fs::rename(path, path.with_file_name(&name))?;
        let file = options().open(path)?;
        let mut journal = Self { file, next: 1, previous: FIRST.to_owned() };
        journal.write(&Entry::SetAside { file: name.to_string_lossy().into_owned() })?;
        Ok(journal)
    }

    /// Appends one line and waits until it is on the disk.
    ///
    /// # Errors
    /// What the operating system says; the line may be torn then, and is taken off before the next.
    pub fn write(&mut self, entry: &Entry) -> io::Result<()> {
        cut_torn_line(&mut self.file)?;
        let line = Line { number: self.next, time: written(now_ms()), previous: &self.previous, entry };
        let mut bytes = serde_json::to_vec(&line)?;
        if bytes.len() >= MAX_JOURNAL_LINE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "journal line too long"));
        }
        let hash = hash(&bytes);
        bytes.push(b'\n');
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.next += 1;
        self.previous = hash;
        Ok(())
    }
}

/// Checks the whole chain and returns how many lines it has.
///
/// # Errors
/// Reading failed, or where the chain breaks.
pub fn verify(path: &Path) -> io::Result<Result<u64, Broken>> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut previous = FIRST.to_owned();
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        let limit = u64::try_from(MAX_JOURNAL_LINE).unwrap_or(u64::MAX);
        if reader.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(Ok(number));
        }
        number += 1;
        let broken = |what| Ok(Err(Broken { line: number, what }));
        if line.pop() != Some(b'\n') {
            return broken("is torn or too long");
        }
        let Ok(link) = serde_json::from_slice::<Link>(&line) else { return broken("is not a journal line") };
        if link.number != number {
            return broken("has another number: lines are missing");
        }
        if link.previous != previous {
            return broken("does not follow the line before: one of them was changed");
        }
        previous = hash(&line);
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true).mode(0o600);
    options
}

fn hash(line: &[u8]) -> String {
    hex(&Sha256::digest(line))
}

/// The end of the file, up to the longest line and its newline.
fn tail(file: &mut File) -> io::Result<(u64, Vec<u8>)> {
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(u64::try_from(MAX_JOURNAL_LINE).unwrap_or(u64::MAX) + 1);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(length - from).read_to_end(&mut bytes)?;
    Ok((length, bytes))
}

fn cut_torn_line(file: &mut File) -> io::Result<u64> {
    let (length, bytes) = tail(file)?;
    let torn = match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => bytes.len() - at - 1,
        None => bytes.len(),
    };
    let torn = u64::try_from(torn).unwrap_or(u64::MAX);
    if torn > 0 {
        file.set_len(length.saturating_sub(torn))?;
        file.sync_data()?;
    }
    Ok(torn)
}

enum Last {
    None,
    Line(Vec<u8>),
    TooLong,
}

fn last_line(file: &mut File) -> io::Result<Last> {
    let (length, mut bytes) = tail(file)?;
    if bytes.pop().is_none() {
        return Ok(Last::None);
    }
    let from = bytes.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
    let whole_file = u64::try_from(bytes.len()).unwrap_or(0) + 1 == length;
    match from {
        Some(from) => Ok(Last::Line(bytes.split_off(from))),
        None if whole_file => Ok(Last::Line(bytes)),
        None => Ok(Last::TooLong),
    }
}

/// The journal on a thread of its own: a slow disk never holds up a visit.
pub struct JournalThread {
    entries: Option<mpsc::Sender<Entry>>,
    thread: Option<JoinHandle<()>>,
    /// Lines handed over and not written yet.
    waiting: Arc<AtomicUsize>,
    left_out: AtomicU64,
}

impl JournalThread {
    /// Opens the journal and starts its thread; `failing` hears when lines cannot be written (`Some`) and when they can
    /// again.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn start(path: PathBuf, failing: impl Fn(Option<io::Error>) + Send + 'static) -> io::Result<Self> {
        let mut journal = Journal::open(&path)?;
        let (entries, received) = mpsc::channel::<Entry>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&waiting);
        let thread = std::thread::Builder::new().name("journal".into()).spawn(move || {
            let mut fails = false;
            for entry in received {
                let error = journal.write(&entry).err();
                counted.fetch_sub(1, Ordering::Relaxed);
                if error.is_some() || fails {
                    fails = error.is_some();
                    failing(error);
                }
            }
        })?;
        Ok(Self { entries: Some(entries), thread: Some(thread), waiting, left_out: AtomicU64::new(0) })
    }

    /// Hands a line over. Never waits: on a disk that hangs, lines that are about no visit are counted instead.
    pub fn note(&self, entry: Entry) {
        let full = self.waiting.load(Ordering::Relaxed) >= JOURNAL_QUEUE;
        if full && !entry.must_be_written() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let lines = if full { 0 } else { self.left_out.swap(0, Ordering::Relaxed) };
        if lines > 0 {
            self.hand_over(Entry::LeftOut { lines });
        }
        self.hand_over(entry);
    }

    fn hand_over(&self, entry: Entry) {
        if let Some(entries) = &self.entries {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            // The thread ends only with this value.
            let _ = entries.send(entry);
        }
    }
}

impl Drop for JournalThread {
    /// Waits until everything is written.
    fn drop(&mut self) {
        let lines = self.left_out.swap(0, Ordering::Relaxed);
        if lines > 0 {
            self.hand_over(Entry::LeftOut { lines });
        }
        self.entries = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;

//! The journal on a thread of its own: a slow disk never holds up a visit.

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use super::{Entry, Journal};
use crate::limits::JOURNAL_QUEUE;

/// Takes lines and writes them.
pub struct JournalThread {
    entries: Option<mpsc::Sender<Entry>>,
    thread: Option<JoinHandle<()>>,
    /// Lines handed over and not written yet.
    pub(super) waiting: Arc<AtomicUsize>,
    left_out: AtomicU64,
}

impl JournalThread {
    /// Opens the journal and starts its thread; `failing` hears when lines cannot be written (`Some`) and when they can
    /// again.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn start(folder: &Path, failing: impl Fn(Option<io::Error>) + Send + 'static) -> io::Result<Self> {
        let mut journal = Journal::open(folder)?;
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

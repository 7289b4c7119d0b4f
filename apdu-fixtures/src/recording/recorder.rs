//! Records what goes through a channel. What VERIFY carries is replaced and what is read in Kenkaku is left out before
//! anything is kept.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use card::{Channel, ChannelError, Presence, Reader};

use super::photo::PhotoWatch;
use super::{Header, Line, Recorded, Shown};

/// The first thing that went wrong with writing, for whoever asks: a visit does not fail because of its recording.
type Problem = Arc<Mutex<Option<io::Error>>>;

/// A channel that writes down what goes through it.
pub struct Recorder<W: Write + Send> {
    inner: Box<dyn Channel>,
    out: W,
    problem: Problem,
    /// `None`: the photo is wanted.
    watch: Option<PhotoWatch>,
}

impl<W: Write + Send> Recorder<W> {
    /// Writes the header at once; its redactions are those that are made. The answer to reset is taken from the channel.
    pub fn new(inner: Box<dyn Channel>, header: Header, out: W) -> Self {
        Recorder::with_problem(inner, header, out, Problem::default())
    }

    fn with_problem(inner: Box<dyn Channel>, mut header: Header, out: W, problem: Problem) -> Self {
        header.atr = Shown::plain(inner.atr());
        let watch = header.leaves_photo_out().then(PhotoWatch::default);
        let mut recorder = Recorder { inner, out, problem, watch };
        recorder.write(&header);
        recorder
    }

    /// Ends the recording; the card is powered down by the channel inside.
    ///
    /// # Errors
    /// The first thing that went wrong with writing.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        match self.problem.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(problem) => Err(problem),
            None => Ok(self.out),
        }
    }

    fn write(&mut self, line: &impl serde::Serialize) {
        let outcome = serde_json::to_vec(line).map_err(io::Error::other).and_then(|mut text| {
            text.push(b'\n');
            self.out.write_all(&text).and_then(|()| self.out.flush())
        });
        if let Err(error) = outcome {
            self.problem.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

impl<W: Write + Send> Channel for Recorder<W> {
    fn atr(&self) -> &[u8] {
        self.inner.atr()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let start = Instant::now();
        let outcome = self.inner.transmit(command);
        let ms = start.elapsed().as_micros() as f64 / 1000.0;
        if self.watch.as_mut().is_some_and(|watch| watch.reads(command, outcome.as_deref().ok())) {
            return outcome;
        }
        let (response, error) = match &outcome {
            Ok(response) => (Some(Shown::plain(response)), None),
            Err(error) => (None, Some((*error).into())),
        };
        self.write(&Line { exchange: Recorded { command: Shown::command(command), response, error, ms } });
        outcome
    }
}

/// A reader whose every connection is recorded into a file of its own: `001.jsonl`, `002.jsonl`, …
pub struct RecordedReader<R> {
    inner: R,
    folder: PathBuf,
    connections: AtomicU32,
    problem: Problem,
}

impl<R: Reader> RecordedReader<R> {
    /// Files go into `folder`, which must exist.
    pub fn new(inner: R, folder: PathBuf) -> Self {
        RecordedReader { inner, folder, connections: AtomicU32::new(0), problem: Problem::default() }
    }

    /// Takes the first thing that went wrong with writing.
    pub fn problem(&self) -> Option<io::Error> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<R: Reader> Reader for RecordedReader<R> {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn wait(&self, known: Presence, limit: Duration) -> Presence {
        self.inner.wait(known, limit)
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        let channel = self.inner.connect()?;
        let number = self.connections.fetch_add(1, Ordering::Relaxed) + 1;
        match File::create(self.folder.join(format!("{number:03}.jsonl"))) {
            Ok(file) => {
                let header = Header::new(&self.inner.name(), channel.atr());
                let problem = Arc::clone(&self.problem);
                Ok(Box::new(Recorder::with_problem(channel, header, BufWriter::new(file), problem)))
            }
            Err(error) => {
                self.problem.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                Ok(channel)
            }
        }
    }
}

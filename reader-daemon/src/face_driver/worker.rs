//! One face worker process: how it is started, what it says, how it ends. Its standard input is our socket, its standard
//! output the kiosk's connection for the live picture, its standard error goes to support, line by line and bounded.

use std::{
    ffi::OsString,
    io,
    os::{fd::OwnedFd, unix::net::UnixStream as BlockingStream},
    path::PathBuf,
    process::Stdio,
};

use face::{
    FromWorker, ToWorker,
    link::{Decoder, LinkError, encode_order},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    process::{Child, Command},
    time::timeout,
};

use crate::{
    limits::{FACE_LINE, FACE_LINES, FACE_READ, FACE_REAP, FACE_WRITE},
    staff,
};

/// The only variable a worker is given, and only where it is set: where a developer's shared libraries lie.
const KEPT_VARIABLE: &str = "LD_LIBRARY_PATH";

/// What the worker's allocator is told (models/README.md, "Memory"): memory that is free goes back at once, and none is
/// taken before it is used. Peak 231 → 143 MB, at rest 159 → 73 MB, no slower.
const ALLOCATOR: [(&str, &str); 2] = [("MIMALLOC_PURGE_DELAY", "0"), ("MIMALLOC_ARENA_EAGER_COMMIT", "0")];

/// How a face worker is started: a program that speaks the face protocol on its standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceWorker {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl FaceWorker {
    /// This program with these arguments.
    #[must_use]
    pub fn new<A: Into<OsString>>(program: impl Into<PathBuf>, arguments: impl IntoIterator<Item = A>) -> Self {
        Self { program: program.into(), arguments: arguments.into_iter().map(Into::into).collect() }
    }

    /// The program that runs now, even when its file was replaced meanwhile: daemon and worker are of one version.
    #[must_use]
    pub fn of_this_program<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::new("/proc/self/exe", arguments)
    }

    /// As a command: nothing of our environment but what a program needs to load.
    pub(super) fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.arguments).env_clear().envs(ALLOCATOR);
        if let Some(value) = std::env::var_os(KEPT_VARIABLE) {
            command.env(KEPT_VARIABLE, value);
        }
        command
    }
}

/// Why a worker is not heard any more.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    #[error("it ended")]
    Ended,
    #[error("{0}")]
    Link(#[from] LinkError),
    #[error("it takes no orders")]
    Deaf,
}

/// The running process. Dropping it kills it.
pub(super) struct Process {
    child: Child,
    control: UnixStream,
    decoder: Decoder,
}

impl Process {
    /// Starts it. Inside a tokio runtime.
    pub(super) fn start(worker: &FaceWorker, preview: Option<OwnedFd>) -> io::Result<Self> {
        let (ours, theirs) = BlockingStream::pair()?;
        ours.set_nonblocking(true)?;
        let control = UnixStream::from_std(ours)?;
        // The command holds the worker's ends; they are closed here when it goes.
        let mut command = Command::from(worker.command());
        command
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(preview.map_or_else(Stdio::null, Stdio::from))
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        if let Some(said) = child.stderr.take() {
            tokio::spawn(pass_on(said));
        }
        Ok(Self { child, control, decoder: Decoder::default() })
    }

    /// What it says next. Can be given up and asked again.
    pub(super) async fn news(&mut self) -> Result<FromWorker, Lost> {
        loop {
            if let Some(news) = self.decoder.next()? {
                return Ok(news);
            }
            let mut bytes = [0; FACE_READ];
            match self.control.read(&mut bytes).await {
                Ok(0) | Err(_) => return Err(Lost::Ended),
                Ok(count) => self.decoder.push(bytes.get(..count).unwrap_or_default())?,
            }
        }
    }

    /// Gives an order; `photo` follows it as bare bytes, straight from where they lie.
    pub(super) async fn order(&mut self, order: ToWorker, photo: &[u8]) -> Result<(), Lost> {
        let header = encode_order(&order);
        let both = async {
            self.control.write_all(&header).await?;
            self.control.write_all(photo).await
        };
        match timeout(FACE_WRITE, both).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Lost::Deaf),
        }
    }

    /// Kills it at once; that it is gone is watched beside everything else.
    pub(super) fn kill(mut self) {
        let _ = self.child.start_kill();
        let mut child = self.child;
        tokio::spawn(async move {
            if timeout(FACE_REAP, child.wait()).await.is_err() {
                staff::support("a killed face worker does not end: the system's camera driver holds it");
                let _ = child.wait().await;
            }
        });
    }
}

/// A worker's own words, to support: so many lines, each so long, nothing that could steer a terminal.
async fn pass_on(mut said: impl AsyncRead + Unpin) {
    let mut lines = Lines::default();
    let mut bytes = [0; FACE_READ];
    while let Ok(count @ 1..) = said.read(&mut bytes).await {
        for line in lines.push(bytes.get(..count).unwrap_or_default()) {
            staff::support(&format!("face worker: {line}"));
        }
    }
    for line in lines.push(b"\n") {
        staff::support(&format!("face worker: {line}"));
    }
}

#[derive(Default)]
struct Lines {
    begun: Vec<u8>,
    count: usize,
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut whole = Vec::new();
        for byte in bytes {
            if *byte != b'\n' {
                // Four bytes are the longest character.
                if self.begun.len() < FACE_LINE * 4 {
                    self.begun.push(*byte);
                }
                continue;
            }
            let line = std::mem::take(&mut self.begun);
            if !line.is_empty() && self.count < FACE_LINES {
                self.count += 1;
                let text = String::from_utf8_lossy(&line);
                whole.push(text.chars().filter(|letter| !letter.is_control()).take(FACE_LINE).collect());
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_worker_says_is_passed_on_in_lines_and_bounded() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(b"no camera\x1b[2J is th"), Vec::<String>::new());
        assert_eq!(lines.push(b"ere\n\nnext\n"), ["no camera[2J is there", "next"]);
        let long = vec![b'x'; 100_000];
        assert!(lines.push(&long).is_empty());
        assert_eq!(lines.push(b"\n"), ["x".repeat(FACE_LINE)]);
        let flood: usize = (0..10_000).map(|_| lines.push(b"again\n").len()).sum();
        assert_eq!(flood, FACE_LINES - 3);
    }
}

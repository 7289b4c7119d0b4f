//! One program of the level: lines in, lines out, ended by its id.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::scenario::Trouble;

/// A line a program printed, with the moment it was read.
#[derive(Debug)]
pub(super) struct Said {
    /// Which program.
    pub(super) program: &'static str,
    /// The JSON object.
    pub(super) line: Value,
    /// When.
    pub(super) at: Instant,
}

/// A running program whose output lines come to one common channel.
pub(super) struct Program {
    name: &'static str,
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Program {
    /// Starts it. Lines that are not JSON are passed on to our standard error: they are for people.
    ///
    /// # Errors
    /// [`Trouble::Broken`] when it cannot be started.
    pub(super) fn start(name: &'static str, command: &mut Command, said: &Sender<Said>) -> Result<Self, Trouble> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|cause| Trouble::Broken(format!("{name} does not start: {cause}")))?;
        let stdin = child.stdin.take();
        if let Some(stdout) = child.stdout.take() {
            let said = said.clone();
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    match serde_json::from_str(&line) {
                        Ok(line) => {
                            if said.send(Said { program: name, line, at: Instant::now() }).is_err() {
                                return;
                            }
                        }
                        Err(_) => eprintln!("{name}: {line}"),
                    }
                }
            });
        }
        Ok(Self { name, child, stdin })
    }

    /// Writes one line to its standard input.
    ///
    /// # Errors
    /// [`Trouble::Broken`] when it has ended.
    pub(super) fn tell(&mut self, line: &str) -> Result<(), Trouble> {
        let ended = |name| Trouble::Broken(format!("{name} has ended"));
        let stdin = self.stdin.as_mut().ok_or_else(|| ended(self.name))?;
        writeln!(stdin, "{line}").and_then(|()| stdin.flush()).map_err(|_| ended(self.name))
    }

    /// Its process id.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end by closing its input, then ends it for sure.
    pub(super) fn end(&mut self, patience: Duration) {
        let _ = self.tell("quit");
        self.stdin = None;
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.kill();
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Whether it still runs.
    pub(super) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The common channel of all programs.
pub(super) fn voices() -> (Sender<Said>, Receiver<Said>) {
    channel()
}

/// The next line within `limit`.
pub(super) fn listen(said: &Receiver<Said>, limit: Duration) -> Option<Said> {
    said.recv_timeout(limit).ok()
}

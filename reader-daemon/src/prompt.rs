//! Asking for a new secret: twice without echo at a terminal, one line from a pipe. What was typed is wiped.

use std::io::{self, IsTerminal as _};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::{Zeroize as _, Zeroizing};

/// Longest line that is read; the longest password of the console has 128 letters.
const MAX_LINE: usize = 600;
/// What Ctrl-C sends.
const INTERRUPT: u8 = 3;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Typed twice, and not the same.
    #[error("the two were not the same; nothing was set")]
    Differ,
    /// Ctrl-C, or nothing at all.
    #[error("nothing was typed; nothing was set")]
    Nothing,
    /// The terminal, or the pipe.
    #[error("{0}: {1}")]
    System(&'static str, io::Error),
}

/// Asks with these words.
///
/// # Errors
/// [`PromptError`].
pub(crate) fn new_secret(what: &str) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    if io::stdin().is_terminal() { typed_twice(what) } else { line(&io::stdin()) }
}

fn typed_twice(what: &str) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    let _silence = Silence::begin().map_err(|error| PromptError::System("terminal", error))?;
    eprint!("{what} (nothing is shown): ");
    let first = line(&io::stdin());
    eprint!("\n{}", if first.is_ok() { "Once more: " } else { "" });
    let first = first?;
    let second = line(&io::stdin());
    eprintln!();
    if first == second? { Ok(first) } else { Err(PromptError::Differ) }
}

/// One line, at most [`MAX_LINE`] bytes, straight into memory that is wiped: a buffered reader would keep a copy.
pub(crate) fn line(input: &impl std::os::fd::AsFd) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
    let mut byte = [0];
    while line.len() < MAX_LINE {
        match rustix::io::read(input, &mut byte) {
            Ok(1) if byte != *b"\n" && byte != [INTERRUPT] => line.extend_from_slice(&byte),
            Ok(1) if byte == [INTERRUPT] => return Err(PromptError::Nothing),
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(PromptError::System("standard input", error.into())),
        }
    }
    byte.zeroize();
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.is_empty() { Err(PromptError::Nothing) } else { Ok(line) }
}

/// The terminal shows nothing while this lives. Ctrl-C ends the line instead of the program, which would leave the
/// terminal silent.
struct Silence(Termios);

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        silent.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // The terminal is gone, or it takes its own settings back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

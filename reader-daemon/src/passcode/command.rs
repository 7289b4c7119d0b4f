//! `reader-daemon passcode`: sets the facility's passcode, or opens the visual check again.

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    MAX_DIGITS, MIN_DIGITS, Refused, disk,
    hashed::{hash, judge},
    order_to_open,
};
use crate::config::{Config, ConfigError};

/// Longest line that is read; more digits than any passcode has.
const MAX_LINE: usize = 64;
/// What Ctrl-C sends.
const INTERRUPT: u8 = 3;

/// Why nothing was set or opened.
#[derive(Debug, thiserror::Error)]
pub enum PasscodeError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The digits.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Typed twice, and not the same.
    #[error("the two were not the same; nothing was set")]
    Differ,
    /// Ctrl-C, or nothing at all.
    #[error("nothing was typed; nothing was set")]
    Nothing,
    /// The random numbers for the salt are missing.
    #[error("the system gives no random numbers; nothing was set")]
    NoRandomness,
    /// Terminal or disk.
    #[error("{0}: {1}")]
    System(String, io::Error),
}

/// Reads a new passcode from standard input, twice without echo from a terminal, one line from a pipe, and stores it.
/// The daemon takes it at once. Returns what to say.
///
/// # Errors
/// [`PasscodeError`]; nothing is set then.
pub fn set(config: &Path) -> Result<String, PasscodeError> {
    let config = Config::read(config)?;
    let Some(file) = config.visual.as_ref().and_then(|visual| visual.passcode_file.as_ref()) else {
        return Err(ConfigError::new(
            "[visual] passcode_file",
            "the configuration names no file for the passcode",
            "add the section: [visual], enabled = true, passcode_file = \"visual.passcode\"",
        )
        .into());
    };
    let digits = if io::stdin().is_terminal() { typed_twice()? } else { line(&io::stdin())? };
    // Whoever sets it is often the administrator, and the daemon has to read it: it owns [storage].
    let owner = match (rustix::process::geteuid().is_root(), disk::owner(&config.storage)) {
        (true, Ok(owner)) => Some(owner),
        (true | false, _) => None,
    };
    store(file, &digits, owner)?;
    Ok(format!("set: {}; where the service keeps a passcode of its own, that one counts\n", file.display()))
}

/// Orders the daemon to open the visual check again; it obeys within seconds, or when it starts. Returns what to say.
///
/// # Errors
/// [`PasscodeError`].
pub fn open(config: &Path) -> Result<String, PasscodeError> {
    let storage = Config::read(config)?.storage;
    match order_to_open(&storage) {
        Ok(()) => Ok("the visual check opens again within seconds\n".to_owned()),
        Err(error) => Err(PasscodeError::System(storage.display().to_string(), error)),
    }
}

/// Judges, hashes and writes.
pub(super) fn store(file: &Path, digits: &[u8], owner: Option<(u32, u32)>) -> Result<(), PasscodeError> {
    judge(digits)?;
    let hashed = hash(digits).ok_or(PasscodeError::NoRandomness)?;
    let named = file.parent().zip(file.file_name().and_then(|name| name.to_str()));
    let Some((folder, name)) = named else {
        let error = io::Error::from(io::ErrorKind::InvalidFilename);
        return Err(PasscodeError::System(file.display().to_string(), error));
    };
    disk::put(folder, name, hashed.as_bytes(), owner)
        .map_err(|error| PasscodeError::System(file.display().to_string(), error))
}

fn typed_twice() -> Result<Zeroizing<Vec<u8>>, PasscodeError> {
    let _silence = Silence::begin().map_err(|error| PasscodeError::System("terminal".to_owned(), error))?;
    eprint!("New passcode, {MIN_DIGITS} to {MAX_DIGITS} digits (nothing is shown): ");
    let first = line(&io::stdin());
    eprint!("\n{}", if first.is_ok() { "Once more: " } else { "" });
    let first = first?;
    let second = line(&io::stdin());
    eprintln!();
    if first == second? { Ok(first) } else { Err(PasscodeError::Differ) }
}

/// One line, at most [`MAX_LINE`] bytes, straight into memory that is wiped: a buffered reader would keep a copy.
pub(super) fn line(input: &impl std::os::fd::AsFd) -> Result<Zeroizing<Vec<u8>>, PasscodeError> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
    let mut byte = [0];
    while line.len() < MAX_LINE {
        match rustix::io::read(input, &mut byte) {
            Ok(1) if byte != *b"\n" && byte != [INTERRUPT] => line.extend_from_slice(&byte),
            Ok(1) if byte == [INTERRUPT] => return Err(PasscodeError::Nothing),
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(PasscodeError::System("standard input".to_owned(), error.into())),
        }
    }
    byte.zeroize();
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.is_empty() { Err(PasscodeError::Nothing) } else { Ok(line) }
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

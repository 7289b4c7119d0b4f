//! `reader-daemon passcode`: sets the facility's passcode, or opens the visual check again.

use std::{io, path::Path};

use super::{
    MAX_DIGITS, MIN_DIGITS, Refused,
    hashed::{hash, judge},
    order_to_open,
};
use crate::{
    config::{Config, ConfigError},
    disk,
    prompt::{self, PromptError},
};

/// Why nothing was set or opened.
#[derive(Debug, thiserror::Error)]
pub enum PasscodeError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The digits.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What was typed.
    #[error(transparent)]
    Prompt(#[from] PromptError),
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
    let digits = prompt::new_secret(&format!("New passcode, {MIN_DIGITS} to {MAX_DIGITS} digits"))?;
    store(file, &digits, disk::owner_for_daemon(&config.storage))?;
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

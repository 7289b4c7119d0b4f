//! `reader-daemon password`: sets the staff password of the console.

use std::{io, path::Path};

use crate::{
    config::{Config, ConfigError},
    disk,
    prompt::{self, PromptError},
};

/// Why nothing was set.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The letters.
    #[error(transparent)]
    Refused(#[from] console::password::Refused),
    /// What was typed.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// It is no text.
    #[error("the password is no text (UTF-8); nothing was set")]
    NoText,
    /// The disk.
    #[error("{0}: {1}")]
    System(String, io::Error),
}

/// Reads a new password from standard input, twice without echo from a terminal, one line from a pipe, and stores it. The
/// console takes it at once and ends every session. Returns what to say.
///
/// # Errors
/// [`PasswordError`]; nothing is set then.
pub fn set(config: &Path) -> Result<String, PasswordError> {
    let config = Config::read(config)?;
    let Some(file) = config.console.as_ref().map(|console| &console.password_file) else {
        return Err(ConfigError::new(
            "[console]",
            "the configuration has no console",
            "add the section: [console], listen = \"127.0.0.1:8480\", password_file = \"console.password\"",
        )
        .into());
    };
    let typed = prompt::new_secret("New password of the console, at least 10 letters")?;
    let text = std::str::from_utf8(&typed).map_err(|_| PasswordError::NoText)?;
    let hashed = console::password::hash(text)?;
    let system = |error| PasswordError::System(file.display().to_string(), error);
    let named = file.parent().zip(file.file_name().and_then(|name| name.to_str()));
    let (folder, name) = named.ok_or_else(|| system(io::ErrorKind::InvalidFilename.into()))?;
    disk::put(folder, name, hashed.as_bytes(), disk::owner_for_daemon(&config.storage)).map_err(system)?;
    Ok(format!("set: {}; whoever was signed in has to sign in again\n", file.display()))
}

//! What face visits need beside the programs: model files, and faces made for the emulated persons. Neither is part of this
//! repository; without them the face way is closed and what needs it is left out, with a line that says so.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::Faces;

/// Folder of the model files.
const MODELS: &str = "READER_DAEMON_MODELS";
/// Folder of photographs: probe/, portrait/, card_grey/.
const PHOTOGRAPHS: &str = "READER_DAEMON_PHOTOGRAPHS";
/// Where the faces made from them are kept.
const FACES: &str = "READER_DAEMON_FACES";

/// Models and faces.
#[derive(Clone, Debug)]
pub struct Material {
    /// Folder of the model files.
    pub models: PathBuf,
    /// Card photos and clips.
    pub faces: Faces,
    /// The program of this crate, which is the worker too.
    pub demo: PathBuf,
}

impl Material {
    /// What the environment names; made now when it is not there yet. `Err` in the inner place says what is missing.
    ///
    /// # Errors
    /// It is named but cannot be made.
    pub fn from_environment() -> Result<Result<Self, String>> {
        let named = |name: &str| env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("{name} names no folder"));
        let (models, photographs, folder) = match (named(MODELS), named(PHOTOGRAPHS), named(FACES)) {
            (Ok(models), Ok(photographs), Ok(folder)) => (models, photographs, folder),
            (Err(missing), _, _) | (_, Err(missing), _) | (_, _, Err(missing)) => return Ok(Err(missing)),
        };
        Self::of(&models, &photographs, &folder).map(Ok)
    }

    /// From these folders.
    ///
    /// # Errors
    /// What cannot be made.
    pub fn of(models: &Path, photographs: &Path, folder: &Path) -> Result<Self> {
        let faces = Faces::prepare(folder, photographs, models)?;
        Ok(Self { models: models.canonicalize()?, faces, demo: demo()? })
    }
}

/// The program of this crate: this one, or the one beside a test.
fn demo() -> Result<PathBuf> {
    let here = env::current_exe()?;
    let mut folder = here.parent().context("own folder")?;
    if folder.ends_with("deps") {
        folder = folder.parent().context("own folder")?;
    }
    Ok(folder.join("demo"))
}

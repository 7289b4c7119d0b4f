//! What face visits need beside the programs: model files and the cast. Both are part of this repository and are found
//! where they were when this program was built; other model files can be named.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use face::Manifest;
use reader_daemon::Weights;

use super::Faces;
use crate::terminal;

/// Folder of other model files than the repository's.
const MODELS: &str = "READER_DAEMON_MODELS";
/// The list beside model files of one's own.
const LIST: &str = "MANIFEST.toml";

/// Models and faces.
#[derive(Clone, Debug)]
pub struct Material {
    /// Folder of the model files.
    pub models: PathBuf,
    /// The list that pins them; `None`: the one that is part of the program.
    pub manifest: Option<PathBuf>,
    /// Card photos and clips.
    pub faces: Faces,
    /// The program of this crate, which is the worker too.
    pub demo: PathBuf,
}

impl Material {
    /// The repository's, or the model files that READER_DAEMON_MODELS names.
    ///
    /// # Errors
    /// What is missing, and the cure.
    pub fn find() -> Result<Self> {
        let (models, manifest) = match env::var_os(MODELS) {
            Some(folder) => named(Path::new(&folder))?,
            None => own()?,
        };
        Ok(Self { models, manifest, faces: Faces::find()?, demo: demo()? })
    }

    /// The same in short, as the daemon's settings have it.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn weights(&self) -> Result<Weights> {
        Ok(Weights::read(self.manifest.as_deref(), terminal::LEAST)?)
    }

    /// The list of these model files.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn list(&self) -> Result<Manifest> {
        Ok(Manifest::of(self.manifest.as_deref())?)
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The repository's own model files.
fn own() -> Result<(PathBuf, Option<PathBuf>)> {
    let folder = repository().join("models/own");
    let list = folder.join(LIST);
    if !list.exists() {
        bail!("our own model files are missing: there is no {}\n  cure: git checkout -- models/own", list.display());
    }
    Manifest::read(&list).with_context(|| format!("{}", list.display()))?;
    Ok((folder.canonicalize()?, Some(list.canonicalize()?)))
}

/// A folder with its own list, or one with the files of the list that is part of the program.
fn named(folder: &Path) -> Result<(PathBuf, Option<PathBuf>)> {
    let folder = folder.canonicalize().with_context(|| format!("{MODELS} names {}", folder.display()))?;
    let list = folder.join(LIST);
    let list = Manifest::read(&list).is_ok().then_some(list);
    Ok((folder, list))
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_brings_its_own_list_only_when_the_terminal_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(named(folder.path()).unwrap().1, None, "no list");
        let list = folder.path().join(LIST);
        fs::write(&list, "[[model]]\nname = \"of another kind\"\n").unwrap();
        assert_eq!(named(folder.path()).unwrap().1, None, "a list of another kind");
        fs::copy(repository().join("models/MANIFEST.toml"), &list).unwrap();
        assert_eq!(named(folder.path()).unwrap().1, Some(list.canonicalize().unwrap()));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = named(Path::new("/nonexistent/models")).unwrap_err().to_string();
        assert!(error.contains("/nonexistent/models"), "{error}");
    }
}

//! The set of weights that a manifest names, as a whole: where it is read, its level, its identity.

use std::{io::Read as _, path::Path};

use super::{Manifest, ManifestError};
use crate::{TooLow, WeightsLevel, file, limits::MAX_MANIFEST};

impl Manifest {
    /// The one in this file, or the built-in one.
    ///
    /// # Errors
    /// [`ManifestError`], without the file's name.
    pub fn of(path: Option<&Path>) -> Result<Self, ManifestError> {
        path.map_or_else(Self::built_in, Self::read)
    }

    /// The one in this file. Reads no byte more than a manifest may have.
    ///
    /// # Errors
    /// [`ManifestError`], without the file's name.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let failed = |error: std::io::Error| ManifestError::File(error.to_string());
        let mut text = String::new();
        let opened = file::open(path).map_err(failed)?;
        opened.take(MAX_MANIFEST as u64 + 1).read_to_string(&mut text).map_err(failed)?;
        Self::parse(&text)
    }

    /// Which weights compare faces: [`super::Entry::identity`] of the embedding. Their measured figures go by it.
    #[must_use]
    pub fn identity(&self) -> String {
        self.embedding.entry.identity()
    }

    /// Refuses a set below this level.
    ///
    /// # Errors
    /// [`TooLow`].
    pub fn at_least(&self, least: WeightsLevel) -> Result<(), TooLow> {
        if self.level >= least {
            return Ok(());
        }
        Err(TooLow { identity: self.identity(), level: self.level, least })
    }

    /// Approval is somebody's word at the place of use: what is built in cannot have it.
    pub(super) fn without_approval(self) -> Result<Self, ManifestError> {
        if self.level == WeightsLevel::Approved {
            let what = "approved: only a configured manifest can say so";
            return Err(ManifestError::Wrong { entry: "level".to_owned(), what });
        }
        Ok(self)
    }
}

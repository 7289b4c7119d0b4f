//! Which models are measured.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use face::{Manifest, Models};

/// Arguments of every measurement.
#[derive(Args)]
pub(crate) struct Set {
    /// Folder of the model files.
    #[arg(long, value_name = "DIR")]
    pub(crate) models: PathBuf,
    /// Their manifest; by default the one that is part of the program (the research set).
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
}

impl Set {
    /// Loads them.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub(crate) fn load(&self) -> Result<Models> {
        let shown = || self.manifest.as_ref().map_or_else(String::new, |file| file.display().to_string());
        let manifest = Manifest::of(self.manifest.as_deref()).with_context(shown)?;
        Ok(Models::load(&self.models, &manifest)?)
    }
}

//! A picture of every sample: for the README and for looking.

use std::path::Path;

use anyhow::Context;
use screen::Language;

use crate::{
    headless::{Canvas, write_png},
    panel::Panel,
    samples::samples,
};

/// Writes `NAME.png` for every sample into the folder.
///
/// # Errors
/// When the folder or a picture cannot be written.
pub fn gallery(folder: &Path, panel: Panel, language: Language, large: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let canvas = Canvas::new(panel)?;
    for sample in samples(language, large) {
        // Whoever stood in front of the camera in the last one is gone.
        canvas.glass().expire_picture(u64::MAX);
        canvas.show(&sample.view);
        if sample.live {
            canvas.show_test_pattern();
        }
        write_png(&canvas, &folder.join(format!("{}.png", sample.name)))?;
    }
    Ok(())
}

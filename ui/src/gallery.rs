//! A picture of every sample: for the README and for looking.

use std::path::Path;

use anyhow::Context;
use screen::{Comfort, Language, View};

use crate::{
    headless::{Canvas, write_png},
    panel::Panel,
    samples::samples,
};

/// Writes `NAME.png` for every sample into the folder.
///
/// # Errors
/// When the folder or a picture cannot be written.
pub fn gallery(folder: &Path, panel: Panel, language: Language, comfort: Comfort) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let canvas = Canvas::new(panel)?;
    for sample in samples(language, comfort.large) {
        // Whoever stood in front of the camera in the last one is gone.
        canvas.glass().expire_picture(u64::MAX);
        let contrast = comfort.contrast || sample.view.comfort.contrast;
        let view = View { comfort: Comfort { contrast, ..sample.view.comfort }, ..sample.view };
        canvas.show(&view);
        if sample.live {
            canvas.show_test_pattern();
        }
        write_png(&canvas, &folder.join(format!("{}.png", sample.name)))?;
    }
    Ok(())
}

//! PNG files of what was shown.

use std::{
    collections::HashMap,
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use anyhow::Context;
use screen::{Screen, View};
use zeroize::Zeroizing;

use super::{canvas::Canvas, events};
use crate::limits;

/// Writes the pixels of a canvas.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_png(canvas: &Canvas, path: &Path) -> anyhow::Result<()> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), canvas.panel().width, canvas.panel().height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    // It may show a live picture.
    writer.write_image_data(&Zeroizing::new(canvas.rgb()))?;
    writer.finish()?;
    Ok(())
}

/// The folder the pictures of a run go to.
pub(crate) struct Album {
    folder: PathBuf,
    last: Option<(View, bool, i32)>,
    of_this_revision: usize,
    /// Names in use: a daemon that was restarted counts from 1 again.
    names: HashMap<String, usize>,
}

impl Album {
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), last: None, of_this_revision: 0, names: HashMap::new() })
    }

    /// A picture of this view: `007-choosing_method.png`, further ones of the same revision `007-choosing_method-2.png`.
    /// `None` when nothing changed or this revision has enough pictures. Without a name: told, but not written.
    pub(crate) fn add(&mut self, canvas: &Canvas, view: &View) -> anyhow::Result<Option<Option<String>>> {
        let live = canvas.glass().has_picture();
        let page = canvas.glass().page();
        let view = &without_progress(view);
        let same =
            |(last, was_live, was_at): &(View, bool, i32)| last == view && *was_at == page && (*was_live || !live);
        if self.last.as_ref().is_some_and(same) {
            return Ok(None);
        }
        let same_question = self.last.as_ref().is_some_and(|(last, ..)| {
            last.revision == view.revision && events::screen_name(last) == events::screen_name(view)
        });
        self.of_this_revision = if same_question { self.of_this_revision + 1 } else { 1 };
        self.last = Some((view.clone(), live, page));
        // Law 6: what a camera sees goes to no disk. Development shows invented people from files.
        if live && !cfg!(debug_assertions) {
            return Ok(Some(None));
        }
        if self.of_this_revision > limits::PICTURES_PER_REVISION {
            return Ok(None);
        }
        let mut name = format!("{:03}-{}", view.revision.0, events::screen_name(view));
        let uses = self.names.entry(name.clone()).or_default();
        *uses += 1;
        if *uses > 1 {
            name.push_str(&format!("-{uses}"));
        }
        name.push_str(".png");
        write_png(canvas, &self.folder.join(&name))?;
        Ok(Some(Some(name)))
    }
}

/// The arc at the camera moves with every frame; that alone is no new picture.
fn without_progress(view: &View) -> View {
    let mut view = view.clone();
    if let Screen::FacingCamera { progress, .. } = &mut view.screen {
        *progress = 0;
    }
    view
}

//! How long it takes from a view to its pixels.

use std::time::Instant;

use screen::{Language, Revision};

use crate::{headless::Canvas, panel::Panel, samples::samples};

/// Draws `count` new views, going through all samples, and returns the time of each from view to pixels, milliseconds.
///
/// # Errors
/// When the toolkit has no window to give.
pub fn measure_render(panel: Panel, count: usize) -> anyhow::Result<Vec<f64>> {
    let canvas = Canvas::new(panel)?;
    let samples = samples(Language::Ja, false);
    let mut times = Vec::with_capacity(count);
    for (number, sample) in samples.iter().cycle().take(count).enumerate() {
        let mut view = sample.view.clone();
        view.revision = Revision(number as u64 + 1);
        let begin = Instant::now();
        canvas.show(&view);
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(times)
}

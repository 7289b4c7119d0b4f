//! The curves as an SVG, for people who would rather look than read.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

/// One line of a picture.
pub(crate) struct Line {
    /// What it is.
    pub(crate) name: String,
    /// Points.
    pub(crate) points: Vec<(f64, f64)>,
}

const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 23, 193),
    RGBColor(169, 0, 0),
    RGBColor(17, 90, 54),
    RGBColor(128, 99, 0),
    RGBColor(90, 0, 120),
    RGBColor(60, 60, 60),
];

/// Lowest rate drawn: below it a set of this size shows nothing.
const FLOOR: f64 = 1e-5;

/// Rates over a threshold, on a logarithmic scale; a vertical line marks `mark`.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn rates(path: &Path, title: &str, across: &str, lines: &[Line], mark: (&str, f64)) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| anyhow!("{}: {error}", path.display());
    let area = SVGBackend::new(path, (900, 560)).into_drawing_area();
    area.fill(&WHITE).map_err(|error| failed(&error))?;
    let xs = lines.iter().flat_map(|line| line.points.iter().map(|(x, _)| *x));
    let (low, high) = xs.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 22))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(70)
        .build_cartesian_2d(low..high, (FLOOR..1.0).log_scale())
        .map_err(|error| failed(&error))?;
    let percent = |rate: &f64| format!("{} %", rate * 100.0);
    chart
        .configure_mesh()
        .x_desc(across)
        .y_desc("rate")
        .y_label_formatter(&percent)
        .label_style(("sans-serif", 15))
        .draw()
        .map_err(|error| failed(&error))?;
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        let points = line.points.iter().map(|(x, y)| (*x, y.max(FLOOR)));
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))
            .map_err(|error| failed(&error))?
            .label(line.name.clone())
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 22, y)], colour.stroke_width(2)));
    }
    let (name, at) = mark;
    chart
        .draw_series(LineSeries::new([(at, FLOOR), (at, 1.0)], BLACK.mix(0.5).stroke_width(1)))
        .map_err(|error| failed(&error))?
        .label(format!("{name} {at:.2}"))
        .legend(|(x, y)| PathElement::new(vec![(x, y), (x + 22, y)], BLACK.mix(0.5)));
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 15))
        .draw()
        .map_err(|error| failed(&error))?;
    area.present().map_err(|error| failed(&error))
}

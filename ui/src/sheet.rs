//! All screens of one language on one picture, for people to look at: every sample on the wide panel, and below them one of
//! each kind in large type and on the tall panel. Small enough to be kept, large enough to read.

use std::{
    collections::HashMap,
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use anyhow::Context;
use screen::Language;

use crate::{
    headless::Canvas,
    limits,
    panel::Panel,
    samples::{Sample, samples},
};

/// Pictures in one row, and how many pixels of a panel become one of the sheet.
struct Part {
    panel: Panel,
    large: bool,
    columns: usize,
    shrink: usize,
    /// Every state of a screen, not only its first.
    every: bool,
}

const PARTS: [Part; 4] = [
    Part { panel: Panel::new(1280, 800), large: false, columns: 10, shrink: 4, every: true },
    Part { panel: Panel::new(1280, 800), large: true, columns: 10, shrink: 4, every: false },
    Part { panel: Panel::new(800, 1280), large: false, columns: 16, shrink: 4, every: false },
    Part { panel: Panel::new(800, 1280), large: true, columns: 16, shrink: 4, every: false },
];

/// Pixels between pictures.
const GAP: usize = 8;

/// Between the pictures.
const BETWEEN: [u8; 3] = [0x80, 0x80, 0x80];

/// Seldom, but they mean something: done, note, fault, touch.
const ALWAYS: [[u8; 3]; 5] =
    [[0x11, 0x5A, 0x36], [0x80, 0x63, 0x00], [0xA9, 0x00, 0x00], [0x00, 0x17, 0xC1], [0x7D, 0xF0, 0xB0]];

/// One picture, already small.
struct Small {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// Writes `KEY.png` into the folder.
///
/// # Errors
/// When the folder or the picture cannot be written.
pub fn sheet(folder: &Path, language: Language) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut sheet = Sheet::default();
    for part in PARTS {
        // A thread has one canvas, and a canvas one panel.
        let row = std::thread::spawn(move || draw(&part, language).map(|pictures| (part.columns, pictures)));
        let (columns, pictures) = row.join().map_err(|_| anyhow::anyhow!("drawing broke off"))??;
        sheet.add(&pictures, columns);
    }
    sheet.write(&folder.join(format!("{}.png", language.key())))
}

fn draw(part: &Part, language: Language) -> anyhow::Result<Vec<Small>> {
    let canvas = Canvas::new(part.panel)?;
    let mut pictures = Vec::new();
    // A further state of a screen has its name behind that of the screen.
    let wanted = |sample: &Sample| part.every || !sample.name.contains('-');
    for sample in samples(language, part.large).into_iter().filter(wanted) {
        canvas.glass().expire_picture(u64::MAX);
        canvas.show(&sample.view);
        if sample.live {
            canvas.show_test_pattern();
        }
        pictures.push(shrink(&canvas, part.shrink));
    }
    Ok(pictures)
}

/// The mean of every square of so many pixels.
fn shrink(canvas: &Canvas, by: usize) -> Small {
    let (rgb, wide) = (canvas.rgb(), canvas.panel().width as usize);
    let (width, height) = (wide / by, canvas.panel().height as usize / by);
    let mut small = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let sum: usize = (0..by * by)
                    .filter_map(|at| rgb.get(((y * by + at / by) * wide + x * by + at % by) * 3 + channel))
                    .map(|value| usize::from(*value))
                    .sum();
                small.push(u8::try_from(sum / (by * by)).unwrap_or(u8::MAX));
            }
        }
    }
    Small { width, height, rgb: small }
}

/// Rows of pictures.
#[derive(Default)]
struct Sheet {
    width: usize,
    rows: Vec<Vec<Small>>,
}

impl Sheet {
    fn add(&mut self, pictures: &[Small], columns: usize) {
        for row in pictures.chunks(columns) {
            self.width = self.width.max(row.iter().map(|small| small.width + GAP).sum::<usize>() + GAP);
            self.rows.push(
                row.iter()
                    .map(|small| Small { width: small.width, height: small.height, rgb: small.rgb.clone() })
                    .collect(),
            );
        }
    }

    fn pixels(&self) -> (usize, Vec<u8>) {
        let heights: Vec<usize> =
            self.rows.iter().map(|row| row.iter().map(|small| small.height).max().unwrap_or(0) + GAP).collect();
        let height = heights.iter().sum::<usize>() + GAP;
        let mut rgb: Vec<u8> = BETWEEN.iter().copied().cycle().take(self.width * height * 3).collect();
        let mut top = GAP;
        for (row, row_height) in self.rows.iter().zip(heights) {
            let mut left = GAP;
            for small in row {
                for (line, pixels) in small.rgb.chunks_exact(small.width * 3).enumerate() {
                    let from = ((top + line) * self.width + left) * 3;
                    if let Some(place) = rgb.get_mut(from..from + pixels.len()) {
                        place.copy_from_slice(pixels);
                    }
                }
                left += small.width + GAP;
            }
            top += row_height;
        }
        (height, rgb)
    }

    /// With a table of 16 colours, two pixels a byte: a fifth of the bytes, and letters look the same.
    fn write(&self, path: &PathBuf) -> anyhow::Result<()> {
        let (height, rgb) = self.pixels();
        let (table, indices) = palette(&rgb);
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let (width, height) = (u32::try_from(self.width)?, u32::try_from(height)?);
        let mut encoder = png::Encoder::new(BufWriter::new(file), width, height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_compression(png::Compression::High);
        encoder.set_palette(table);
        let mut writer = encoder.write_header()?;
        let packed: Vec<u8> = indices
            .chunks(self.width)
            .flat_map(|row| row.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)))
            .collect();
        writer.write_image_data(&packed)?;
        writer.finish()?;
        Ok(())
    }
}

/// The commonest colours, coarse, those that mean something, and for each pixel the nearest of them.
fn palette(rgb: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let coarse = |pixel: &[u8]| -> [u8; 3] {
        // Five bits a channel; white stays white.
        let round = |value: u8| value & 0xF8 | value >> 5;
        [0, 1, 2].map(|channel: usize| round(pixel.get(channel).copied().unwrap_or(0)))
    };
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in rgb.chunks_exact(3) {
        *counts.entry(coarse(pixel)).or_default() += 1;
    }
    let mut colours: Vec<([u8; 3], usize)> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    colours.truncate(limits::PALETTE - ALWAYS.len());
    colours.extend(ALWAYS.map(|colour| (colour, 0)));
    let mut nearest: HashMap<[u8; 3], u8> = HashMap::new();
    let distance = |one: [u8; 3], other: [u8; 3]| -> u32 {
        one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
    };
    let indices = rgb
        .chunks_exact(3)
        .map(|pixel| {
            let colour = coarse(pixel);
            *nearest.entry(colour).or_insert_with(|| {
                let best = colours.iter().enumerate().min_by_key(|(_, (other, _))| distance(colour, *other));
                best.and_then(|(index, _)| u8::try_from(index).ok()).unwrap_or(0)
            })
        })
        .collect();
    (colours.iter().flat_map(|(colour, _)| *colour).collect(), indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_come_back_as_they_were_nearly() {
        let rgb = [255, 255, 255, 0, 23, 193, 255, 255, 255];
        let (table, indices) = palette(&rgb);
        assert_eq!(indices, [0, 1, 0]);
        assert_eq!(table.get(..3), Some(&[255, 255, 255][..]));
        assert!(table.iter().zip([255, 255, 255, 0, 23, 193]).all(|(is, was)| is.abs_diff(was) <= 8));
    }
}

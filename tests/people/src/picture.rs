//! A picture as numbers, and its way into files.

use std::path::Path;

use anyhow::Context as _;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use crate::geometry::mix3;
use crate::raster::{Canvas, byte};

/// Samples a pixel has along each side.
pub(crate) const SAMPLES: usize = 2;

/// sRGB 0..255 as numbers.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[f32; 3]>,
}

impl Picture {
    pub(crate) fn new(width: usize, height: usize, colour: [f32; 3]) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Lays drawn samples over the picture.
    pub(crate) fn lay(&mut self, canvas: &Canvas) {
        let scale = 1.0 / (SAMPLES * SAMPLES) as f32;
        for (row, line) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            for (column, pixel) in line.iter_mut().enumerate() {
                let mut sum = [0_u32; 4];
                for dy in 0..SAMPLES {
                    let start = (row * SAMPLES + dy) * canvas.width + column * SAMPLES;
                    for sample in &canvas.colour[start..start + SAMPLES] {
                        if sample[3] > 0 {
                            sum = [0, 1, 2, 3].map(|c| sum[c] + u32::from(sample[c]));
                        }
                    }
                }
                if sum[3] > 0 {
                    let covered = sum[3] as f32 / 255.0;
                    let own = [0, 1, 2].map(|c| sum[c] as f32 / covered);
                    *pixel = mix3(*pixel, own, covered * scale);
                }
            }
        }
    }

    /// A soft blur of about this radius, pixels.
    pub(crate) fn blur(&mut self, radius: f32) {
        // Two runs of (side, 1, side) along each line, wide enough for the radius; more runs for more.
        let runs = (radius * radius * 1.5).ceil().clamp(1.0, 12.0) as usize;
        let side = (radius * radius / (runs as f32 * 2.0)).min(0.33);
        let middle = 1.0 - 2.0 * side;
        let mut old = self.pixels.clone();
        for _ in 0..runs {
            for (line, out) in self.pixels.chunks_exact(self.width).zip(old.chunks_exact_mut(self.width)) {
                for x in 0..line.len() {
                    let (a, b, c) = (line[x.saturating_sub(1)], line[x], line[(x + 1).min(line.len() - 1)]);
                    out[x] = [0, 1, 2].map(|i| (a[i] + c[i]) * side + b[i] * middle);
                }
            }
            for y in 0..self.height {
                let above = y.saturating_sub(1) * self.width;
                let below = (y + 1).min(self.height - 1) * self.width;
                for x in 0..self.width {
                    let (a, b, c) = (old[above + x], old[y * self.width + x], old[below + x]);
                    self.pixels[y * self.width + x] = [0, 1, 2].map(|i| (a[i] + c[i]) * side + b[i] * middle);
                }
            }
        }
    }

    /// Movement along a line during the exposure.
    pub(crate) fn smear(&mut self, by: [f32; 2]) {
        let steps = (by[0].hypot(by[1]).ceil() as usize).clamp(1, 16);
        let old = self.pixels.clone();
        for y in 0..self.height {
            for x in 0..self.width {
                let mut sum = [0.0; 3];
                for step in 0..=steps {
                    let t = step as f32 / steps as f32 - 0.5;
                    let sx = (x as f32 + by[0] * t).round().clamp(0.0, self.width as f32 - 1.0) as usize;
                    let sy = (y as f32 + by[1] * t).round().clamp(0.0, self.height as f32 - 1.0) as usize;
                    let pixel = old[sy * self.width + sx];
                    sum = [sum[0] + pixel[0], sum[1] + pixel[1], sum[2] + pixel[2]];
                }
                self.pixels[y * self.width + x] = sum.map(|n| n / (steps + 1) as f32);
            }
        }
    }

    /// The same in grey.
    pub(crate) fn grey(&mut self) {
        for pixel in &mut self.pixels {
            *pixel = [0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]; 3];
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.pixels.iter().flat_map(|p| [byte(p[0] + 0.5), byte(p[1] + 0.5), byte(p[2] + 0.5)]).collect()
    }

    pub(crate) fn grey_bytes(&self) -> Vec<u8> {
        self.pixels.iter().map(|p| byte(p[1] + 0.5)).collect()
    }

    pub(crate) fn jpeg(&self, quality: u8) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        let (width, height) = (u32::try_from(self.width)?, u32::try_from(self.height)?);
        JpegEncoder::new_with_quality(&mut out, quality).write_image(
            &self.bytes(),
            width,
            height,
            ExtendedColorType::Rgb8,
        )?;
        Ok(out)
    }

    pub(crate) fn grey_jpeg(&self, quality: u8) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        let (width, height) = (u32::try_from(self.width)?, u32::try_from(self.height)?);
        JpegEncoder::new_with_quality(&mut out, quality).write_image(
            &self.grey_bytes(),
            width,
            height,
            ExtendedColorType::L8,
        )?;
        Ok(out)
    }

    pub(crate) fn save_png(&self, path: &Path) -> anyhow::Result<()> {
        let (width, height) = (u32::try_from(self.width)?, u32::try_from(self.height)?);
        image::save_buffer(path, &self.bytes(), width, height, ExtendedColorType::Rgb8)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Lays another picture into this one.
    pub(crate) fn paste(&mut self, other: &Picture, left: usize, top: usize) {
        for row in 0..other.height.min(self.height.saturating_sub(top)) {
            for column in 0..other.width.min(self.width.saturating_sub(left)) {
                self.pixels[(top + row) * self.width + left + column] = other.pixels[row * other.width + column];
            }
        }
    }
}

impl Picture {
    /// So many times smaller.
    pub(crate) fn shrunk(&self, by: usize) -> Self {
        let (width, height) = (self.width / by, self.height / by);
        let mut out = Self::new(width, height, [0.0; 3]);
        let share = 1.0 / (by * by) as f32;
        for y in 0..height * by {
            for x in 0..width * by {
                let (own, pixel) = (&mut out.pixels[y / by * width + x / by], self.pixels[y * self.width + x]);
                *own = [own[0] + pixel[0] * share, own[1] + pixel[1] * share, own[2] + pixel[2] * share];
            }
        }
        out
    }

    /// In the middle of a larger white one.
    pub(crate) fn framed(&self, width: usize, height: usize) -> Self {
        let mut out = Self::new(width, height, [250.0; 3]);
        out.paste(self, (width.saturating_sub(self.width)) / 2, height.saturating_sub(self.height) / 2);
        out
    }
}

//! Makes pictures smaller (area filter) and lays them into a net's input; bilinear reading between pixels.

use crate::Frame;
use crate::net::Input;

/// A part of a frame, whole pixels, inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Region {
    pub(crate) fn whole(frame: &Frame) -> Self {
        Self { x: 0, y: 0, width: frame.width(), height: frame.height() }
    }
}

/// Which source pixels make one target pixel, and how much each counts; the weights sum to 1.
struct Taps {
    first: Vec<usize>,
    /// The same number for each target pixel.
    weights: Vec<f32>,
    each: usize,
}

impl Taps {
    fn area(source: usize, target: usize) -> Self {
        let step = source as f32 / target as f32;
        let each = step.ceil() as usize + 1;
        let mut taps = Self { first: Vec::with_capacity(target), weights: Vec::with_capacity(target * each), each };
        for t in 0..target {
            let (from, to) = (t as f32 * step, (t + 1) as f32 * step);
            let first = (from as usize).min(source.saturating_sub(1));
            taps.first.push(first);
            let parts = (0..each).map(|k| {
                let s = (first + k) as f32;
                if first + k < source { ((s + 1.0).min(to) - s.max(from)).max(0.0) } else { 0.0 }
            });
            let parts: Vec<f32> = parts.collect();
            let sum: f32 = parts.iter().sum();
            taps.weights.extend(parts.iter().map(|part| part / sum));
        }
        taps
    }

    fn of(&self, target: usize) -> (usize, &[f32]) {
        let weights = self.weights.get(target * self.each..).and_then(|rest| rest.get(..self.each));
        (self.first.get(target).copied().unwrap_or_default(), weights.unwrap_or_default())
    }
}

/// Scales `region` to `width` × `height` pixels with an area filter and lays it above left into `input`.
pub(crate) fn area(frame: &Frame, region: Region, (width, height): (usize, usize), input: &mut Input) {
    if region.width == 0 || region.height == 0 || width == 0 || height == 0 {
        return;
    }
    let (across, down) = (Taps::area(region.width, width), Taps::area(region.height, height));
    let mut sums = vec![0.0_f32; region.width * 3];
    for y in 0..height {
        sums.fill(0.0);
        let (first, weights) = down.of(y);
        for (k, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let row = frame.row(region.y + first + k).get(region.x * 3..).unwrap_or_default();
            for (sum, byte) in sums.iter_mut().zip(row) {
                *sum += f32::from(*byte) * weight;
            }
        }
        for x in 0..width {
            let (first, weights) = across.of(x);
            let pixels = sums.get(first * 3..).unwrap_or_default().chunks_exact(3);
            let mut rgb = [0.0; 3];
            for (pixel, weight) in pixels.zip(weights) {
                for (sum, value) in rgb.iter_mut().zip(pixel) {
                    *sum += value * weight;
                }
            }
            input.set(x, y, rgb);
        }
    }
    zeroize::Zeroize::zeroize(&mut sums);
}

/// The colour at a place between pixels, black outside. Places count from the centre of the first pixel.
pub(crate) fn bilinear(frame: &Frame, x: f64, y: f64) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = ((x - left) as f32, (y - top) as f32);
    let (left, top) = (left as isize, top as isize);
    let corner = |dx: isize, dy: isize| frame.pixel(left.saturating_add(dx), top.saturating_add(dy)).map(f32::from);
    let (a, b, c, d) = (corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1));
    let mut rgb = [0.0; 3];
    for (value, (((a, b), c), d)) in rgb.iter_mut().zip(a.into_iter().zip(b).zip(c).zip(d)) {
        let (above, below) = (a + (b - a) * fx, c + (d - c) * fx);
        *value = above + (below - above) * fy;
    }
    rgb
}

/// The same, but the pixels at the frame's edge go on outside it.
pub(crate) fn bilinear_inside(frame: &Frame, x: f64, y: f64) -> [f32; 3] {
    let (right, bottom) = (frame.width().saturating_sub(1) as f64, frame.height().saturating_sub(1) as f64);
    bilinear(frame, x.clamp(0.0, right), y.clamp(0.0, bottom))
}

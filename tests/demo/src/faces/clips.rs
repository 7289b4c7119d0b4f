//! Clips for the emulated camera, made from one photograph: somebody sits down, looks, comes closer.
//!
//! The photograph is moved, scaled and lit, then stored as JPEG frames named by their millisecond. A flat picture that
//! moves is all this is; people who can turn their heads are invented elsewhere.

use std::{fs, io::BufWriter, path::Path};

use anyhow::{Context as _, Result};
use image::{RgbImage, codecs::jpeg::JpegEncoder};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

/// Size of a frame, as cameras deliver it first.
const SIZE: (u32, u32) = (640, 480);
/// Milliseconds a frame: about 15 frames a second.
const STEP_MS: u32 = 66;
/// Distance of the eyes in a frame while the person sits, in pixels.
const SITTING: f32 = 62.0;
/// The same after coming closer.
const CLOSER: f32 = 96.0;

/// What happens in a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// Sits down, looks, comes closer, stays.
    ComesCloser,
    /// The same in the dark.
    Dark,
    /// Never sits still.
    Moving,
    /// A picture that hardly moves: what a hand with a photo or a phone does.
    HeldUp,
}

/// A photograph and where its eyes are.
pub struct Sitter {
    picture: RgbImage,
    /// Middle between the eyes.
    middle: (f32, f32),
    eyes: f32,
}

impl Sitter {
    /// From a picture and its two eye points, in pixels.
    #[must_use]
    pub fn new(picture: RgbImage, left: (f32, f32), right: (f32, f32)) -> Self {
        let middle = ((left.0 + right.0) / 2.0, (left.1 + right.1) / 2.0);
        Self { picture, middle, eyes: (right.0 - left.0).hypot(right.1 - left.1).max(1.0) }
    }

    /// One frame of this person looking ahead, their eyes so many pixels apart.
    #[must_use]
    pub fn still(&self, eyes: f32, seed: u64) -> RgbImage {
        let place = Place { at: (320.0, 205.0), eyes, light: 1.0, blur: 0 };
        render(&[(self, place)], &mut ChaCha8Rng::seed_from_u64(seed))
    }

    /// Bilinear, with the edge carried on outside.
    fn colour(&self, x: f32, y: f32) -> [f32; 3] {
        let (w, h) = self.picture.dimensions();
        let x = x.clamp(0.0, (w - 1) as f32);
        let y = y.clamp(0.0, (h - 1) as f32);
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (x - x0, y - y0);
        let at = |dx: u32, dy: u32| {
            let pixel = self.picture.get_pixel((x0 as u32 + dx).min(w - 1), (y0 as u32 + dy).min(h - 1));
            pixel.0.map(f32::from)
        };
        let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
        std::array::from_fn(|k| {
            let above = a[k] + (b[k] - a[k]) * fx;
            let below = c[k] + (d[k] - c[k]) * fx;
            above + (below - above) * fy
        })
    }
}

/// Where the sitter is in one frame.
#[derive(Clone, Copy)]
struct Place {
    /// Middle between the eyes.
    at: (f32, f32),
    /// Distance of the eyes.
    eyes: f32,
    /// Factor on all colours.
    light: f32,
    /// Length of a horizontal blur, in pixels.
    blur: u32,
}

/// Places over time; `None`: nobody is there yet.
fn places(play: Play, seat: f32) -> Vec<Option<Place>> {
    let still = |t: u32, eyes: f32, light: f32| {
        let sway = t as f32 * 0.35;
        Some(Place { at: (seat + 2.5 * sway.sin(), 205.0 + 1.5 * (sway * 0.7).cos()), eyes, light, blur: 0 })
    };
    match play {
        Play::ComesCloser | Play::Dark => {
            let light = if play == Play::Dark { 0.07 } else { 1.0 };
            let approach = |t: u32| SITTING + (CLOSER - SITTING) * (t as f32 / 20.0).min(1.0);
            let empty = (0..4).map(|_| None);
            let sitting = (0..30).map(|t| still(t, SITTING, light));
            let closer = (0..36).map(|t| still(t, approach(t), light));
            empty.chain(sitting).chain(closer).collect()
        }
        Play::Moving => (0..60)
            .map(|t| {
                let swing = (t as f32 * 1.3).sin();
                Some(Place { at: (seat + 130.0 * swing, 210.0), eyes: 70.0, light: 1.0, blur: 41 })
            })
            .collect(),
        Play::HeldUp => (0..60).map(|t| still(t, 80.0, 1.0)).collect(),
    }
}

/// Writes the frames of one clip with these people in it; each has a seat (middle of the picture: 320).
///
/// # Errors
/// What cannot be written.
pub(super) fn write(folder: &Path, people: &[(&Sitter, f32)], play: Play, seed: u64) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let plays: Vec<_> = people.iter().map(|(sitter, seat)| (*sitter, *seat, places(play, *seat))).collect();
    let frames = plays.iter().map(|(_, _, places)| places.len()).max().unwrap_or(30);
    for number in 0..frames {
        let seated: Vec<_> =
            plays.iter().filter_map(|(sitter, _, places)| Some((*sitter, (*places.get(number)?)?))).collect();
        let frame = render(&seated, &mut random);
        let name = format!("{:06}.jpg", u32::try_from(number)? * STEP_MS);
        let file = fs::File::create(folder.join(&name)).with_context(|| name)?;
        JpegEncoder::new_with_quality(BufWriter::new(file), 90).encode_image(&frame)?;
    }
    Ok(())
}

fn render(seated: &[(&Sitter, Place)], random: &mut ChaCha8Rng) -> RgbImage {
    let mut frame = RgbImage::new(SIZE.0, SIZE.1);
    for (x, y, pixel) in frame.enumerate_pixels_mut() {
        let colour = colour(seated, x as f32, y as f32);
        // Sensor noise, a sum of four uniform numbers.
        let bits = random.next_u32().to_be_bytes();
        let noise = bits.into_iter().map(|byte| f32::from(byte) - 127.5).sum::<f32>() / 80.0;
        pixel.0 = colour.map(|value| (value + noise).clamp(0.0, 255.0) as u8);
    }
    frame
}

/// The nearest sitter's picture, or a plain wall.
fn colour(seated: &[(&Sitter, Place)], x: f32, y: f32) -> [f32; 3] {
    let nearest = seated.iter().min_by(|(_, a), (_, b)| (x - a.at.0).abs().total_cmp(&(x - b.at.0).abs()));
    let Some((sitter, place)) = nearest else {
        let wall = 150.0 - (x - 320.0).abs() * 0.05 - y * 0.03;
        return [wall, wall * 0.98, wall * 0.94];
    };
    let scale = sitter.eyes / place.eyes;
    let source = |x: f32| (sitter.middle.0 + (x - place.at.0) * scale, sitter.middle.1 + (y - place.at.1) * scale);
    let (colour, count) = if place.blur > 1 {
        let half = place.blur as f32 / 2.0;
        let samples = 9;
        let sum = (0..samples).fold([0.0; 3], |sum: [f32; 3], k| {
            let (sx, sy) = source(x - half + place.blur as f32 * k as f32 / (samples - 1) as f32);
            let one = sitter.colour(sx, sy);
            std::array::from_fn(|c| sum[c] + one[c])
        });
        (sum, samples as f32)
    } else {
        let (sx, sy) = source(x);
        (sitter.colour(sx, sy), 1.0)
    };
    colour.map(|value| value / count * place.light)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sitter() -> Sitter {
        let picture = RgbImage::from_fn(100, 120, |x, y| image::Rgb([x as u8 * 2, y as u8 * 2, 90]));
        Sitter::new(picture, (35.0, 50.0), (65.0, 50.0))
    }

    #[test]
    fn a_clip_is_frames_named_by_their_millisecond() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[(&sitter(), 320.0)], Play::HeldUp, 1).unwrap();
        let second = image::open(folder.path().join("000066.jpg")).unwrap();
        assert_eq!((second.width(), second.height()), SIZE);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 60);
    }

    #[test]
    fn who_comes_closer_grows_and_never_shrinks() {
        let eyes: Vec<_> = places(Play::ComesCloser, 320.0).into_iter().flatten().map(|place| place.eyes).collect();
        assert!(eyes.windows(2).all(|pair| pair[1] >= pair[0]));
        assert!(eyes[eyes.len() - 1] > eyes[0] * 1.4);
    }

    #[test]
    fn nobody_is_there_at_first() {
        assert!(places(Play::ComesCloser, 320.0)[0].is_none());
    }
}

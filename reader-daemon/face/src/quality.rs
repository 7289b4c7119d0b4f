//! How good a frame is for a face vector: light, sharpness, distance, direction, a mask. Measured on the face laid onto the
//! standard points, so that the numbers do not depend on how large it is.

use screen::Advice;

use crate::align::warp;
use crate::geometry::{Face, STANDARD, Similarity};
use crate::limits as l;
use crate::manifest::FACE_SIDE;
use crate::{Frame, Pose};

/// What was measured of one face in one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Between the eyes when the face looked ahead, pixels ([`Face::size`]).
    pub size: f32,
    /// Which way the head points.
    pub pose: Pose,
    /// Mean brightness of the face, 0 to 255.
    pub brightness: f32,
    /// Its standard deviation: a face without light and shadow is washed out.
    pub contrast: f32,
    /// Mean brightness around the face, 0 to 255.
    pub surround: f32,
    /// Share of fine detail in the face's contrast; falls with blur.
    pub sharpness: f32,
    /// How far the face moved since the frame before, in eye distances a second.
    pub speed: f32,
    /// How much of the face lies outside the frame, 0 to 1.
    pub outside: f32,
    /// How unlike skin mouth and chin are, compared with the part about the eyes; a mask makes it large.
    pub covered: f32,
}

/// A part of the 112×112 face: columns and rows.
type Part = (std::ops::Range<usize>, std::ops::Range<usize>);

/// Forehead to chin without the outline.
const FACE: Part = (30..82, 36..104);
/// Cheekbones and the bridge of the nose: skin that no mask covers.
const UPPER: Part = (34..78, 56..66);
/// Mouth and chin: what a mask covers and a moustache leaves partly free.
const LOWER: Part = (40..72, 84..108);

impl Quality {
    /// Measures a face. The speed is 0: the pipeline knows the frame before.
    pub(crate) fn of(frame: &Frame, face: &Face) -> Self {
        let mut quality =
            Self { size: face.size(), pose: Pose::of(face), surround: surround(frame, face), ..Self::default() };
        let Some(to_standard) = Similarity::between(&face.points, &STANDARD) else { return quality };
        quality.outside = outside(frame, &to_standard);
        let mut laid = Laid::default();
        warp(frame, &to_standard, FACE_SIDE, |x, y, rgb| laid.set(x, y, rgb));
        (quality.brightness, quality.contrast) = laid.light(&FACE);
        quality.sharpness = laid.sharpness();
        quality.covered = laid.covered();
        quality
    }

    /// What the patient should do before this frame counts; the most helpful first. `None`: it is good.
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        let Pose { yaw, pitch, roll } = self.pose;
        let checks = [
            (self.size < l::MIN_SIZE, Advice::TooFar),
            (self.size > l::MAX_SIZE, Advice::TooNear),
            (self.outside > l::MAX_OUTSIDE, Advice::OffCentre),
            (self.brightness < l::BACK_LIT_FACE && self.surround > self.brightness + l::BACK_LIGHT, Advice::BackLight),
            (self.brightness < l::MIN_BRIGHTNESS, Advice::Dark),
            // Overexposed: direct sun or a lamp on the face; moving out of it is the same advice as against back light.
            (self.brightness > l::MAX_BRIGHTNESS || self.contrast < l::MIN_CONTRAST, Advice::BackLight),
            (yaw.abs() > l::MAX_YAW || pitch.abs() > l::MAX_PITCH || roll.abs() > l::MAX_ROLL, Advice::TurnedAway),
            (self.covered > l::MAX_COVERED, Advice::Mask),
            (self.sharpness < l::MIN_SHARPNESS || self.speed > l::MAX_SPEED, Advice::Moving),
        ];
        checks.into_iter().find_map(|(is_so, advice)| is_so.then_some(advice))
    }
}

/// The face on the standard points: brightness and two colour differences. Wiped on drop.
struct Laid {
    luma: Vec<f32>,
    /// Red and blue against brightness, relative to it: independent of how bright the light is.
    red: Vec<f32>,
    blue: Vec<f32>,
}

impl Default for Laid {
    fn default() -> Self {
        let plane = || vec![0.0; FACE_SIDE * FACE_SIDE];
        Self { luma: plane(), red: plane(), blue: plane() }
    }
}

impl Drop for Laid {
    fn drop(&mut self) {
        for plane in [&mut self.luma, &mut self.red, &mut self.blue] {
            zeroize::Zeroize::zeroize(plane);
        }
    }
}

impl Laid {
    fn set(&mut self, x: usize, y: usize, [r, g, b]: [f32; 3]) {
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        let relative = |value: f32| (value - luma) / (luma + 16.0);
        let at = y * FACE_SIDE + x;
        for (plane, value) in [(&mut self.luma, luma), (&mut self.red, relative(r)), (&mut self.blue, relative(b))] {
            if let Some(place) = plane.get_mut(at) {
                *place = value;
            }
        }
    }

    /// Mean and standard deviation of the brightness in a part.
    fn light(&self, part: &Part) -> (f32, f32) {
        spread(within(&self.luma, part))
    }

    /// Squares of the differences to the four neighbours' mean, by the squares of the contrast.
    fn sharpness(&self) -> f32 {
        let (columns, rows) = FACE;
        let at = |x: usize, y: usize| self.luma.get(y * FACE_SIDE + x).copied().unwrap_or_default();
        let (mut fine, mut count) = (0.0, 0.0);
        for y in rows {
            for x in columns.clone() {
                let around = (at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)) / 4.0;
                fine += (at(x, y) - around).powi(2);
                count += 1.0;
            }
        }
        let (_, contrast) = self.light(&FACE);
        (fine / count).sqrt() / contrast.max(1.0)
    }

    fn covered(&self) -> f32 {
        let mean = |plane: &[f32], part| spread(within(plane, part)).0;
        let colour = (mean(&self.red, &LOWER) - mean(&self.red, &UPPER))
            .hypot(mean(&self.blue, &LOWER) - mean(&self.blue, &UPPER));
        let (upper, _) = self.light(&UPPER);
        let (lower, _) = self.light(&LOWER);
        let brighter = (lower + 8.0) / (upper + 8.0);
        colour + (brighter.ln() - 0.35).max(0.0)
    }
}

fn within<'a>(plane: &'a [f32], (columns, rows): &Part) -> impl Iterator<Item = f32> + Clone + 'a {
    let columns = columns.clone();
    rows.clone().flat_map(move |y| {
        let row = plane.get(y * FACE_SIDE..).unwrap_or_default();
        row.get(columns.clone()).unwrap_or_default().iter().copied()
    })
}

/// Mean and standard deviation.
fn spread(values: impl Iterator<Item = f32> + Clone) -> (f32, f32) {
    let count = values.clone().count().max(1) as f32;
    let mean = values.clone().sum::<f32>() / count;
    let square = values.map(|v| (v - mean).powi(2)).sum::<f32>() / count;
    (mean, square.sqrt())
}

/// Mean brightness of the frame outside the face, from every eighth pixel.
fn surround(frame: &Frame, face: &Face) -> f32 {
    let place = &face.place;
    let (left, right) = (place.x - place.width * 0.25, place.x + place.width * 1.25);
    // Below the face is the body: it says nothing about the light behind.
    let (top, bottom) = (place.y - place.height * 0.25, place.y + place.height);
    let (mut sum, mut count) = (0.0, 0.0_f32);
    for y in (0..frame.height()).step_by(8).filter(|y| (*y as f32) < bottom) {
        for (x, pixel) in frame.row(y).as_chunks::<3>().0.iter().enumerate().step_by(8) {
            let (x, y) = (x as f32, y as f32);
            if x < left || x > right || y < top {
                let [r, g, b] = pixel.map(f32::from);
                sum += 0.299 * r + 0.587 * g + 0.114 * b;
                count += 1.0;
            }
        }
    }
    sum / count.max(1.0)
}

/// Share of the standard face (temple to temple, brow to chin) that lies outside the frame. The detector's own box does not
/// tell: it ends at the frame's edge.
fn outside(frame: &Frame, to_standard: &Similarity) -> f32 {
    let back = to_standard.inverse();
    let (width, height) = (frame.width() as f64, frame.height() as f64);
    let places = (24..=112).step_by(8).flat_map(|y| (20..=92).step_by(8).map(move |x| (f64::from(x), f64::from(y))));
    let (mut outside, mut count) = (0.0_f32, 0.0_f32);
    for (x, y) in places {
        let (x, y) = back.apply(x, y);
        let inside = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        outside += f32::from(u8::from(!inside));
        count += 1.0;
    }
    outside / count.max(1.0)
}

//! Tells a face from a false one, passively: nets that look at the face with more or less of what surrounds it. An aid,
//! to be used over several frames and together with a movement that was asked for.

use crate::Frame;
use crate::geometry::{Face, FaceBox};
use crate::manifest::{Crop, CropShape};
use crate::models::Judgement;
use crate::net::{Input, Net, NetError};
use crate::resample::{self, Region, bilinear_inside};

/// What the attack judgements say of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct AttackScores {
    /// In the order of [`crate::Models::attack_levels`].
    pub judgements: Vec<JudgementScore>,
}

/// What one judgement says.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgementScore {
    /// Its name in the manifest.
    pub name: String,
    /// Probability of "live", 0 to 1: the mean of its nets.
    pub live: f32,
    /// The same for each net.
    pub nets: Vec<f32>,
}

/// The attack nets with their inputs.
pub(crate) struct Attacks {
    judgements: Vec<(Judgement, Vec<Input>)>,
}

impl Attacks {
    pub(crate) fn new(judgements: Vec<Judgement>) -> Self {
        let with_inputs = |judgement: Judgement| {
            let inputs = judgement.nets.iter().map(|net| net.net.input()).collect();
            (judgement, inputs)
        };
        Self { judgements: judgements.into_iter().map(with_inputs).collect() }
    }

    pub(crate) fn scores(&mut self, frame: &Frame, face: &Face) -> Result<AttackScores, NetError> {
        let mut judgements = Vec::new();
        for (judgement, inputs) in &mut self.judgements {
            let mut nets = Vec::new();
            for (net, input) in judgement.nets.iter().zip(inputs) {
                nets.push(live(frame, &face.place, &net.net, input, net.crop, net.live_class)?);
            }
            let mean = nets.iter().sum::<f32>() / nets.len().max(1) as f32;
            judgements.push(JudgementScore { name: judgement.name.clone(), live: mean, nets });
        }
        Ok(AttackScores { judgements })
    }
}

fn live(
    frame: &Frame,
    place: &FaceBox,
    net: &Net,
    input: &mut Input,
    crop: Crop,
    live_class: usize,
) -> Result<f32, NetError> {
    match crop.shape {
        CropShape::Box => grown(frame, place, crop.factor, net.side(), input),
        CropShape::Square => square(frame, place, crop.factor, net.side(), input),
    }
    let outputs = net.run(input)?;
    softmax(outputs.numbers(0)?, live_class).ok_or_else(|| net.failed())
}

/// `None`: a number that is none, or no such class.
fn softmax(numbers: &[f32], class: usize) -> Option<f32> {
    let largest = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = numbers.iter().map(|n| (n - largest).exp()).sum();
    let share = (numbers.get(class)? - largest).exp() / sum;
    share.is_finite().then_some(share)
}

/// The box grown about its centre, at most to what fits, then shifted inside; bilinear without low-pass, as the nets were
/// trained.
fn grown(frame: &Frame, place: &FaceBox, factor: f32, side: usize, input: &mut Input) {
    let (right, bottom) = (frame.width() as f32 - 1.0, frame.height() as f32 - 1.0);
    let factor = factor.min(right / place.width).min(bottom / place.height);
    let centre = place.centre();
    let edge = |centre: f32, length: f32, last: f32| {
        let from = (centre - length / 2.0).clamp(0.0, (last - length).max(0.0));
        (from.floor(), (from + length).min(last).floor())
    };
    let (left, right) = edge(centre.x, place.width * factor, right);
    let (top, bottom) = edge(centre.y, place.height * factor, bottom);
    let (step_x, step_y) = ((right - left + 1.0) / side as f32, (bottom - top + 1.0) / side as f32);
    let at = |index: usize, from: f32, step: f32, last: f32| {
        let inside = ((index as f32 + 0.5) * step - 0.5).clamp(0.0, last - from);
        f64::from(from + inside)
    };
    for y in 0..side {
        for x in 0..side {
            let rgb = bilinear_inside(frame, at(x, left, step_x, right), at(y, top, step_y, bottom));
            input.set(x, y, rgb.map(f32::round));
        }
    }
}

/// A square on the longer side; outside the frame the picture is mirrored about its last pixel.
fn square(frame: &Frame, place: &FaceBox, factor: f32, side: usize, input: &mut Input) {
    let length = (place.width.max(place.height) * factor) as usize;
    let length = length.clamp(1, frame.width().max(frame.height()).saturating_mul(2));
    let centre = place.centre();
    let (left, top) = (centre.x as isize - (length / 2) as isize, centre.y as isize - (length / 2) as isize);
    // A copy, so that the part outside the frame is a picture like the rest.
    let mut rgb = Vec::with_capacity(length * length * 3);
    for y in 0..length {
        for x in 0..length {
            let (x, y) = (mirrored(left + x as isize, frame.width()), mirrored(top + y as isize, frame.height()));
            rgb.extend(frame.pixel(x, y));
        }
    }
    let Some(cut) = Frame::from_rgb(length, length, rgb, frame.taken_ns()) else { return input.clear() };
    if length >= side {
        return resample::area(&cut, Region::whole(&cut), (side, side), input);
    }
    let step = length as f64 / side as f64;
    for y in 0..side {
        for x in 0..side {
            let at = |index: usize| (index as f64 + 0.5) * step - 0.5;
            input.set(x, y, bilinear_inside(&cut, at(x), at(y)));
        }
    }
}

/// Reflects a place into `0..length` without repeating the edge (… 2 1 0 1 2 …).
fn mirrored(place: isize, length: usize) -> isize {
    let last = isize::try_from(length).unwrap_or(isize::MAX).max(1) - 1;
    if last == 0 {
        return 0;
    }
    let folded = place.rem_euclid(2 * last);
    if folded > last { 2 * last - folded } else { folded }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn outside_the_frame_the_picture_is_mirrored() {
        let places: Vec<isize> = (-4..8).map(|place| mirrored(place, 4)).collect();
        assert_eq!(places, [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert_eq!(mirrored(77, 1), 0);
    }

    #[test]
    fn a_softmax_of_no_number_is_none() {
        assert!((softmax(&[1.0, 1.0], 1).unwrap() - 0.5).abs() < 1e-6);
        assert!((softmax(&[500.0, -500.0], 0).unwrap() - 1.0).abs() < 1e-6);
        assert_eq!(softmax(&[f32::NAN, 1.0], 1), None);
        assert_eq!(softmax(&[f32::NEG_INFINITY, f32::NEG_INFINITY], 1), None);
        assert_eq!(softmax(&[1.0, 2.0], 2), None);
        assert_eq!(softmax(&[], 0), None);
    }

    proptest! {
        #[test]
        fn a_mirrored_place_is_inside(place in -9000..9000_isize, length in 1..900_usize) {
            let inside = mirrored(place, length);
            prop_assert!(inside >= 0 && inside < length as isize);
        }
    }
}

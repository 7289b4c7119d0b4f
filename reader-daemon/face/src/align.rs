//! Lays a face's five points onto the standard ones in 112×112 and makes its face vector.

use crate::geometry::{Face, STANDARD, Similarity};
use crate::limits::ALIAS_FREE;
use crate::net::{Input, Net, NetError};
use crate::resample::bilinear;
use crate::{FaceVector, Frame};

/// The embedding with its input, which is used again for each face.
pub(crate) struct Embedder {
    net: Net,
    input: Input,
}

impl Embedder {
    pub(crate) fn new(net: Net) -> Self {
        let input = net.input();
        Self { net, input }
    }

    pub(crate) fn vector(&mut self, frame: &Frame, face: &Face) -> Result<FaceVector, NetError> {
        let side = self.net.side();
        let to_standard = Similarity::between(&face.points, &STANDARD).ok_or_else(|| self.net.failed())?;
        warp(frame, &to_standard, side, |x, y, rgb| self.input.set(x, y, rgb));
        let outputs = self.net.run(&self.input)?;
        FaceVector::from_numbers(outputs.numbers(0)?).ok_or_else(|| self.net.failed())
    }
}

/// Each of `side` × `side` target pixels, read from where it lies in the frame. A face much larger than the target is read
/// at several places for each pixel and averaged: single readings would pick up what lies between the pixels (aliasing).
pub(crate) fn warp(frame: &Frame, to_standard: &Similarity, side: usize, mut put: impl FnMut(usize, usize, [f32; 3])) {
    let back = to_standard.inverse();
    let step = back.scale();
    let reads = if step > ALIAS_FREE { (step.ceil() as usize).min(8) } else { 1 };
    let share = 1.0 / reads as f64;
    for y in 0..side {
        for x in 0..side {
            let mut rgb = [0.0_f32; 3];
            for k in 0..reads * reads {
                let shift = |k: usize| (k as f64 + 0.5) * share - 0.5;
                let (sx, sy) = back.apply(x as f64 + shift(k % reads), y as f64 + shift(k / reads));
                let read = bilinear(frame, sx, sy);
                rgb.iter_mut().zip(read).for_each(|(sum, value)| *sum += value);
            }
            put(x, y, rgb.map(|sum| sum / (reads * reads) as f32));
        }
    }
}

//! One neural net, ready to run: ONNX bytes in, numbers out. The only module that knows the engine (tract).

use std::sync::Arc;

use tract_onnx::prelude::{
    Datum, Framework, InferenceFact, InferenceModelExt, IntoRunnable, IntoTValue, TValue, Tensor, TractError,
    TractResult, TypedRunnableModel, tvec,
};
use tract_onnx::tract_core::transform::get_transform;
use tract_onnx::tract_hir::ops::expandable::expand;

use crate::caught::caught;
use crate::manifest::{Channels, Entry, Range};

mod prelu;

/// In which order the net's inner pictures lie in memory. Changes the speed, not the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// As the file has them, channel after channel: best for the detector and the attack nets.
    Planes,
    /// All channels of a pixel together: best for the embedding, whose norms run over them.
    Pixels,
}

/// A net did not run through, or its answer holds what is no number. Never an answer about a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model {0} gave no answer")]
pub struct NetError(pub String);

/// A net, ready to run.
#[derive(Clone)]
pub(crate) struct Net {
    plan: Arc<TypedRunnableModel>,
    name: String,
    side: usize,
    channels: Channels,
    range: Range,
}

impl Net {
    /// From the bytes of an ONNX file, for an input of `side` × `side` pixels: the file's own shapes are not believed. The file is pinned by its hash, but a pinned file may be wrong too: whatever the
    /// engine does with it, a panic included, becomes the reason as text.
    pub(crate) fn load(entry: &Entry, side: usize, layout: Layout, bytes: &[u8]) -> Result<Self, String> {
        let build = || -> TractResult<Arc<TypedRunnableModel>> {
            let mut onnx = tract_onnx::onnx().with_ignore_output_shapes(true);
            onnx.op_register.insert("PRelu", |_, _| Ok((expand(prelu::OnnxPrelu), Vec::new())));
            let model = onnx.model_for_read(&mut &*bytes)?;
            let input = InferenceFact::dt_shape(f32::datum_type(), [1, 3, side, side]);
            let mut model = model.with_input_fact(0, input)?.into_typed()?.into_decluttered()?;
            if layout == Layout::Pixels {
                let transform = get_transform("conv_nhwc")?;
                model.transform(&*transform.ok_or_else(|| TractError::msg("the engine knows no conv_nhwc"))?)?;
                model.declutter()?;
            }
            model.into_optimized()?.into_runnable()
        };
        let plan = caught(build)
            .ok_or_else(|| "the engine gave up on it".to_owned())?
            .map_err(|error| format!("{error:#}"))?;
        Ok(Self { plan, name: entry.name.clone(), side, channels: entry.channels, range: entry.range })
    }

    /// Pixels of a side of its input.
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    /// An input of zeros.
    pub(crate) fn input(&self) -> Input {
        let plane = self.side * self.side;
        Input { planes: vec![0.0; 3 * plane], side: self.side, channels: self.channels, line: self.range.line() }
    }

    /// Runs it: the outputs in their order.
    pub(crate) fn run(&self, input: &Input) -> Result<Outputs, NetError> {
        let run = || {
            let tensor = Tensor::from_shape(&[1, 3, self.side, self.side], &input.planes)?;
            self.plan.run(tvec![tensor.into_tvalue()])
        };
        let values = caught(run).and_then(Result::ok);
        let values = values.ok_or_else(|| self.failed())?;
        Ok(Outputs { values: values.into_iter().collect(), name: self.name.clone() })
    }

    pub(crate) fn failed(&self) -> NetError {
        NetError(self.name.clone())
    }
}

/// What a net answered.
pub(crate) struct Outputs {
    values: Vec<TValue>,
    name: String,
}

impl Outputs {
    /// Numbers of output `index`.
    pub(crate) fn numbers(&self, index: usize) -> Result<&[f32], NetError> {
        let view = self.values.get(index).and_then(|value| value.as_plain_ram());
        view.and_then(|view| view.as_slice::<f32>().ok()).ok_or_else(|| NetError(self.name.clone()))
    }

    /// Shapes of all outputs.
    pub(crate) fn shapes(&self) -> Vec<Vec<usize>> {
        self.values.iter().map(|value| value.shape().to_vec()).collect()
    }
}

/// The picture a net sees: three planes of numbers, in the net's order of colours and range.
pub(crate) struct Input {
    planes: Vec<f32>,
    side: usize,
    channels: Channels,
    line: (f32, f32),
}

impl Input {
    /// Black everywhere.
    pub(crate) fn clear(&mut self) {
        let (_, offset) = self.line;
        self.planes.fill(offset);
    }

    /// Sets a pixel, red, green, blue from 0 to 255; nothing outside.
    pub(crate) fn set(&mut self, x: usize, y: usize, rgb: [f32; 3]) {
        let (factor, offset) = self.line;
        let [r, g, b] = rgb;
        let ordered = match self.channels {
            Channels::Rgb => [r, g, b],
            Channels::Bgr => [b, g, r],
        };
        if x < self.side && y < self.side {
            let at = y * self.side + x;
            for (plane, value) in self.planes.chunks_exact_mut(self.side * self.side).zip(ordered) {
                if let Some(place) = plane.get_mut(at) {
                    *place = value * factor + offset;
                }
            }
        }
    }

    /// The known input of self-tests (see `models/MANIFEST.toml`).
    pub(crate) fn known(&mut self) {
        let mut state = 12_345_u32;
        for number in &mut self.planes {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // 24 bits fit an f32 exactly.
            *number = (state >> 8) as f32 / 16_777_216.0 * 2.0 - 1.0;
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.planes);
    }
}

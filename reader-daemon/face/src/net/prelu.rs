//! PReLU in one pass. The engine makes it of a comparison, a product and a choice: 8.5 of the 11.2 ms that a MiniFASNet
//! takes (models/README.md, "Speed").

use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_hir::infer::Solver;
use tract_onnx::tract_hir::infer::rules::{InferenceResult, TensorProxy};
use tract_onnx::tract_hir::internal::{check_input_arity, check_output_arity};
use tract_onnx::tract_hir::ops::expandable::Expansion;

/// As it stands in the ONNX file: picture and slopes.
#[derive(Clone, Debug)]
pub(super) struct OnnxPrelu;

impl Expansion for OnnxPrelu {
    fn name(&self) -> StaticName {
        "OnnxPrelu".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        solver: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 2)?;
        check_output_arity(outputs, 1)?;
        let ([input, ..], [output, ..]) = (inputs, outputs) else { bail!("PRelu has two inputs and one output") };
        solver.equals(&input.datum_type, &output.datum_type)?;
        solver.equals(&input.shape, &output.shape)?;
        Ok(())
    }

    fn wire(&self, name: &str, model: &mut TypedModel, inputs: &[OutletId]) -> TractResult<TVec<OutletId>> {
        model.wire_node(name, Prelu, inputs)
    }
}

/// One slope for each channel of a picture of batch, channels, height, width; below zero a number is multiplied by it.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Prelu;

impl Op for Prelu {
    fn name(&self) -> StaticName {
        "Prelu".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Prelu {
    op_out_of_plan!();

    fn eval(&self, _context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let (picture, slopes) = args_2!(inputs);
        let mut picture = picture.into_tensor();
        let plane = picture.shape().iter().skip(2).product::<usize>();
        let slopes = slopes.try_as_plain_ram()?;
        let slopes = slopes.as_slice::<f32>()?;
        let mut view = picture.try_as_plain_ram_mut()?;
        if plane > 0 {
            let planes = view.as_slice_mut::<f32>()?.chunks_exact_mut(plane);
            for (numbers, slope) in planes.zip(slopes.iter().cycle()) {
                for number in numbers {
                    *number = number.max(0.0) + slope * number.min(0.0);
                }
            }
        }
        Ok(tvec!(picture.into_tvalue()))
    }
}

impl TypedOp for Prelu {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let [picture, slopes] = inputs else { bail!("PRelu has two inputs") };
        let channels = picture.shape.get(1).ok_or_else(|| format_err!("PRelu needs channels"))?;
        ensure!(picture.datum_type == f32::datum_type() && slopes.datum_type == f32::datum_type(), "PRelu of f32 only");
        ensure!(slopes.shape.volume() == *channels, "PRelu needs one slope for each channel");
        Ok(tvec!(picture.datum_type.fact(picture.shape.clone())))
    }

    as_op!();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(picture: Tensor, slopes: Tensor) -> TractResult<Vec<f32>> {
        let outputs = Prelu.eval_out_of_plan(tvec![picture.into_tvalue(), slopes.into_tvalue()])?;
        let output = outputs.and_then(|outputs| outputs.into_iter().next()).ok_or_else(|| format_err!("no output"))?;
        Ok(output.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
    }

    #[test]
    fn numbers_below_zero_are_multiplied_by_the_slope_of_their_channel() {
        let picture = Tensor::from_shape(&[1, 2, 1, 3], &[-2.0_f32, 0.0, 3.0, -4.0, 5.0, -0.5]).unwrap();
        let slopes = Tensor::from_shape(&[2, 1, 1], &[0.5_f32, -1.0]).unwrap();
        assert_eq!(run(picture, slopes).unwrap(), [-1.0, 0.0, 3.0, 4.0, 5.0, 0.5]);
    }

    #[test]
    fn slopes_that_do_not_fit_the_channels_are_refused_when_the_net_is_built() {
        let facts = |channels: usize| (f32::fact([1, 4, 8, 8]), f32::fact([channels, 1, 1]));
        for (channels, fits) in [(4, true), (1, false), (3, false), (5, false)] {
            let (picture, slopes) = facts(channels);
            assert_eq!(Prelu.output_facts(&[&picture, &slopes]).is_ok(), fits, "{channels} slopes");
        }
        let (picture, _) = facts(4);
        assert!(Prelu.output_facts(&[&picture]).is_err());
    }
}

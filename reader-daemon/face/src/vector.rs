//! The face vector: what an embedding model makes of a face, length 1. Wiped on drop; says nothing of itself.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::manifest::DIMENSIONS;

/// The numbers an embedding model makes of a face, scaled to length 1.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct FaceVector(Box<[f32; DIMENSIONS]>);

impl FaceVector {
    /// `None`: another number of numbers, one that is none, or all so small that they have no direction.
    pub(crate) fn from_numbers(numbers: &[f32]) -> Option<Self> {
        let mut vector = Self(Box::new([0.0; DIMENSIONS]));
        if numbers.len() != DIMENSIONS {
            return None;
        }
        vector.0.copy_from_slice(numbers);
        let length = vector.0.iter().map(|n| f64::from(*n).powi(2)).sum::<f64>().sqrt();
        if !length.is_finite() || length < 1e-6 {
            return None;
        }
        vector.0.iter_mut().for_each(|n| *n = (f64::from(*n) / length) as f32);
        Some(vector)
    }

    /// How alike two faces are: -1 to 1.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f32 {
        let sum: f64 = self.0.iter().zip(other.0.iter()).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        sum as f32
    }

    /// The mean direction of several. `None`: there are none, or they cancel each other out.
    #[must_use]
    pub fn mean<'a>(vectors: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut sum = Self(Box::new([0.0; DIMENSIONS]));
        for vector in vectors {
            sum.0.iter_mut().zip(vector.0.iter()).for_each(|(sum, n)| *sum += n);
        }
        Self::from_numbers(sum.0.as_slice())
    }
}

impl fmt::Debug for FaceVector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FaceVector")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vector(place: usize, value: f32) -> FaceVector {
        let mut numbers = [0.0; DIMENSIONS];
        numbers[place] = value;
        FaceVector::from_numbers(&numbers).unwrap()
    }

    #[test]
    fn a_vector_has_length_one_and_is_silent() {
        let one = vector(3, 7.0);
        assert!((one.cosine(&vector(3, 0.5)) - 1.0).abs() < 1e-6);
        assert!((one.cosine(&vector(3, -2.0)) + 1.0).abs() < 1e-6);
        assert!(one.cosine(&vector(4, 1.0)).abs() < 1e-6);
        assert_eq!(format!("{one:?}"), "FaceVector");
    }

    #[test]
    fn what_has_no_direction_is_no_vector() {
        assert!(FaceVector::from_numbers(&[0.0; DIMENSIONS]).is_none());
        assert!(FaceVector::from_numbers(&[1.0; DIMENSIONS - 1]).is_none());
        for bad in [f32::NAN, f32::INFINITY] {
            let mut numbers = [0.1; DIMENSIONS];
            numbers[9] = bad;
            assert!(FaceVector::from_numbers(&numbers).is_none());
        }
        assert!(FaceVector::mean(&[]).is_none());
        assert!(FaceVector::mean(&[vector(3, 1.0), vector(3, -1.0)]).is_none());
    }

    proptest! {
        #[test]
        fn the_mean_of_two_has_length_one_and_lies_between_them(
            a in proptest::collection::vec(-1.0..1.0_f32, DIMENSIONS),
            b in proptest::collection::vec(-1.0..1.0_f32, DIMENSIONS),
        ) {
            let pair = [FaceVector::from_numbers(&a).unwrap(), FaceVector::from_numbers(&b).unwrap()];
            let mean = FaceVector::mean(&pair).unwrap();
            let [to_a, to_b] = [mean.cosine(&pair[0]), mean.cosine(&pair[1])];
            prop_assert!((mean.cosine(&mean) - 1.0).abs() < 1e-5);
            prop_assert!((to_a - to_b).abs() < 1e-4 && to_a >= pair[0].cosine(&pair[1]) - 1e-4);
        }
    }
}

//! Numbers drawn from a seed: the same seed, id and purpose give the same numbers for ever.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// What a stream of numbers is for, so that one more number drawn for one thing changes nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Person,
    Shape,
    Texture,
    Shot,
    Attack,
    Scene,
    Clip,
}

/// A stream of drawn numbers.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a person (or scene) and purpose; `number` tells pictures apart.
    pub(crate) fn new(seed: u64, id: u64, purpose: Purpose, number: u64) -> Self {
        let mut key = [0_u8; 32];
        let parts = [seed, id, purpose as u64, number];
        for (place, part) in key.chunks_exact_mut(8).zip(parts) {
            place.copy_from_slice(&part.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// 0 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / 16_777_216.0
    }

    pub(crate) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Mean 0, spread 1, never beyond ±3.
    pub(crate) fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.unit().max(1e-6).ln()).sqrt();
        (radius * (std::f32::consts::TAU * self.unit()).cos()).clamp(-3.0, 3.0)
    }

    pub(crate) fn about(&mut self, mean: f32, spread: f32) -> f32 {
        mean + spread * self.normal()
    }

    pub(crate) fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f32) as usize).min(count.saturating_sub(1))
    }

    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub(crate) fn sign(&mut self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    pub(crate) fn number(&mut self) -> u32 {
        self.0.next_u32()
    }
}

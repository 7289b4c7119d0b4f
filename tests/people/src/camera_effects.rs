//! What a small camera does to a picture: blur, vignette, noise.

use crate::dice::Dice;
use crate::noise::hash;
use crate::picture::Picture;

/// How bad the camera is; 0 is perfect.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effects {
    /// Radius of the blur, pixels.
    pub(crate) blur: f32,
    /// Movement during the exposure, pixels.
    pub(crate) smear: [f32; 2],
    /// Spread of the noise in grey values.
    pub(crate) noise: f32,
    /// How much less the colours are noisy than the brightness, 0 (as much) to 1 (not at all).
    pub(crate) calm: f32,
    pub(crate) vignette: f32,
    pub(crate) contrast: f32,
    pub(crate) seed: u32,
    pub(crate) quality: u8,
}

impl Effects {
    pub(crate) fn any(dice: &mut Dice, dim: bool) -> Self {
        let noise = if dim { dice.range(3.0, 10.0) } else { dice.range(0.5, 5.0) };
        let (blurred, smeared) = (dice.chance(0.3), dice.chance(0.12));
        let (blur, smear) = (dice.range(0.4, 1.5), [dice.about(0.0, 2.5), dice.about(0.0, 1.2)]);
        Self {
            blur: if blurred { blur } else { 0.0 },
            smear: if smeared { smear } else { [0.0; 2] },
            noise,
            calm: 0.0,
            vignette: dice.range(0.0, 0.25),
            contrast: dice.about(1.0, 0.07),
            seed: dice.number(),
            quality: dice.range(55.0, 96.0) as u8,
        }
    }

    /// A good web camera.
    pub(crate) fn good(dice: &mut Dice) -> Self {
        Self {
            blur: 0.0,
            smear: [0.0; 2],
            noise: 1.6,
            calm: 0.0,
            vignette: 0.08,
            contrast: 1.0,
            seed: dice.number(),
            quality: 75,
        }
    }

    pub(crate) fn apply(&self, picture: &mut Picture) {
        if self.blur > 0.3 {
            picture.blur(self.blur);
        }
        if self.smear != [0.0; 2] {
            picture.smear(self.smear);
        }
        let (width, height) = (picture.width as f32, picture.height as f32);
        let table = gauss_table();
        let mut state = hash(self.seed | 1);
        let far = 1.0 / (width * width + height * height) * 4.0;
        for (row, line) in picture.pixels.chunks_exact_mut(picture.width).enumerate() {
            let dy = row as f32 - height * 0.5;
            for (column, pixel) in line.iter_mut().enumerate() {
                let dx = column as f32 - width * 0.5;
                let k = (1.0 - self.vignette * (dx * dx + dy * dy) * far) * self.contrast;
                let shift = 118.0 * (1.0 - self.contrast);
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let common = table[(state >> 22) as usize];
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let (first, second) = (table[(state >> 22) as usize], table[(state >> 12) as usize & 1023]);
                // Dark places are noisier than bright ones, colours less than grey.
                let level = self.noise * (1.15 - 0.5 * pixel[1] / 255.0);
                let own = 1.0 - self.calm;
                let grain =
                    [common + 0.6 * own * first, common - 0.3 * own * (first + second), common + 0.6 * own * second];
                for (value, grain) in pixel.iter_mut().zip(grain) {
                    *value = *value * k + shift + grain * level;
                }
            }
        }
    }
}

/// 1024 values of a normal distribution, evenly spread over it.
fn gauss_table() -> [f32; 1024] {
    let mut table = [0.0; 1024];
    for (i, value) in table.iter_mut().enumerate() {
        // Sum of four even numbers, near enough to a bell.
        let parts = [0_u32, 1, 2, 3].map(|k| (hash(i as u32 * 4 + k) >> 8) as f32 / 16_777_216.0 - 0.5);
        *value = parts.iter().sum::<f32>() * 1.732;
    }
    table
}

//! Slower and faster speech at the same pitch: WSOLA (waveform-similarity overlap-add). Short windows of the clip are laid
//! over each other at another distance, each shifted a little to where it fits the one before best.

/// How fast words are spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Three quarters of the usual pace.
    Slow,
    /// As the clip was made.
    #[default]
    Normal,
    /// Half as fast again.
    Fast,
}

impl Speed {
    /// The next step of the speed key: slow → normal → fast → slow.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Slow => Self::Normal,
            Self::Normal => Self::Fast,
            Self::Fast => Self::Slow,
        }
    }

    /// Samples of the clip consumed while [`HOP`] are played.
    const fn consumed(self) -> usize {
        match self {
            Self::Slow => HOP * 3 / 4,
            Self::Normal => HOP,
            Self::Fast => HOP * 3 / 2,
        }
    }
}

/// Samples played a step: 12 ms. Two of them hold at least one period of any voice.
pub(crate) const HOP: usize = 256;

/// A window shifts at most so many samples, 6 ms: the period of a low voice is 10 ms, half of it on either side.
const SEARCH: usize = 128;

/// A clip being played; the speed may change at every step.
pub(crate) struct Stretch {
    clip: Vec<i16>,
    /// Where in the clip the next window would begin without a shift.
    place: usize,
    /// Where the window before would go on: what the next one has to resemble.
    natural: usize,
}

impl Stretch {
    pub(crate) fn new(clip: Vec<i16>) -> Self {
        Self { clip, place: 0, natural: 0 }
    }

    /// The next samples, [`HOP`] or fewer at the end; empty when the clip is over.
    pub(crate) fn step(&mut self, speed: Speed) -> Vec<i16> {
        if self.place >= self.clip.len() {
            return Vec::new();
        }
        let begin = if speed == Speed::Normal { self.natural.min(self.clip.len()) } else { self.fitting() };
        let played = if begin == self.natural { self.part(begin, HOP) } else { self.faded(begin) };
        self.natural = begin + HOP;
        // At normal speed the shift of earlier steps stays, so that nothing is skipped or doubled.
        self.place = if speed == Speed::Normal { self.natural } else { self.place + speed.consumed() };
        played
    }

    fn part(&self, begin: usize, length: usize) -> Vec<i16> {
        self.clip.iter().skip(begin).take(length).copied().collect()
    }

    /// From what would have followed to the window that follows now, linearly.
    fn faded(&self, begin: usize) -> Vec<i16> {
        let after = self.part(begin, HOP);
        let before = self.part(self.natural, HOP);
        let length = i32::try_from(after.len().max(1)).unwrap_or(1);
        (0..)
            .zip(after)
            .zip(before.into_iter().chain(std::iter::repeat(0)))
            .map(|((place, after), before)| {
                let mixed = (i32::from(before) * (length - place) + i32::from(after) * place) / length;
                i16::try_from(mixed).unwrap_or(if mixed < 0 { i16::MIN } else { i16::MAX })
            })
            .collect()
    }

    /// Where around `place` the clip resembles most what would follow naturally.
    fn fitting(&self) -> usize {
        let wanted = self.part(self.natural, HOP);
        let first = self.place.saturating_sub(SEARCH);
        let last = (self.place + SEARCH).min(self.clip.len().saturating_sub(1));
        // Every second sample and shift: four times as quick, and no ear hears the difference.
        (first..=last)
            .step_by(2)
            .map(|begin| (likeness(&wanted, self.clip.get(begin..).unwrap_or_default()), begin))
            .max_by(|(one, _), (other, _)| one.total_cmp(other))
            .map_or(self.place, |(_, begin)| begin)
    }
}

/// Normalised correlation: 1 the same wave, 0 unrelated.
fn likeness(wanted: &[i16], there: &[i16]) -> f32 {
    let (mut product, mut energy) = (0.0_f32, 1.0_f32);
    for (one, other) in wanted.iter().zip(there).step_by(2) {
        let (one, other) = (f32::from(*one), f32::from(*other));
        product += one * other;
        energy += other * other;
    }
    product / energy.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::RATE;

    fn hum(hertz: f32, seconds: f32) -> Vec<i16> {
        (0..(seconds * RATE as f32) as usize)
            .map(|place| {
                let time = place as f32 / RATE as f32 * std::f32::consts::TAU * hertz;
                (8000.0 * time.sin() + 3000.0 * (2.0 * time).sin()) as i16
            })
            .collect()
    }

    fn all(clip: &[i16], speed: Speed) -> Vec<i16> {
        let mut stretch = Stretch::new(clip.to_vec());
        let mut played = Vec::new();
        loop {
            let part = stretch.step(speed);
            if part.is_empty() {
                return played;
            }
            played.extend(part);
        }
    }

    /// Upward crossings of zero a second: the pitch of a hum.
    fn pitch(samples: &[i16]) -> f64 {
        let crossings = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
        f64::from(u32::try_from(crossings).unwrap()) / f64::from(u32::try_from(samples.len()).unwrap())
            * f64::from(RATE)
    }

    #[test]
    fn normal_speed_is_the_clip_itself() {
        let clip = hum(180.0, 1.0);
        assert_eq!(all(&clip, Speed::Normal), clip);
    }

    #[test]
    fn slow_is_longer_and_fast_is_shorter() {
        let clip = hum(180.0, 2.0);
        let length = |speed| f64::from(u32::try_from(all(&clip, speed).len()).unwrap()) / f64::from(RATE);
        assert!((length(Speed::Slow) - 8.0 / 3.0).abs() < 0.05, "{}", length(Speed::Slow));
        assert!((length(Speed::Fast) - 4.0 / 3.0).abs() < 0.05, "{}", length(Speed::Fast));
    }

    #[test]
    fn the_pitch_stays() {
        for hertz in [95.0, 140.0, 220.0] {
            let clip = hum(hertz, 2.0);
            for speed in [Speed::Slow, Speed::Fast] {
                let heard = pitch(&all(&clip, speed));
                assert!((heard - f64::from(hertz)).abs() < f64::from(hertz) * 0.03, "{hertz} Hz became {heard}");
            }
        }
    }

    #[test]
    fn no_clicks() {
        let clip = hum(140.0, 2.0);
        let steepest =
            |samples: &[i16]| samples.windows(2).map(|pair| (i32::from(pair[0]) - i32::from(pair[1])).abs()).max();
        let natural = steepest(&clip).unwrap();
        for speed in [Speed::Slow, Speed::Fast] {
            assert!(steepest(&all(&clip, speed)).unwrap() < natural * 2, "{speed:?}");
        }
    }

    #[test]
    fn the_speed_may_change_within_a_clip_and_every_clip_ends() {
        for length in [0, 1, 100, HOP, HOP + 1, 5000] {
            let mut stretch = Stretch::new(vec![1000; length]);
            let mut speed = Speed::Slow;
            let mut steps = 0;
            while !stretch.step(speed).is_empty() {
                speed = speed.next();
                steps += 1;
                assert!(steps < 1000, "{length} samples do not end");
            }
        }
    }
}

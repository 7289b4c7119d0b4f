//! Tones, told apart by pitch and rhythm alone: rising, repeated, falling, calling.

use std::f32::consts::TAU;

use super::RATE;

/// How urgent a tone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// The first time.
    Soft,
    /// The second.
    Medium,
    /// The last before staff are told.
    Loud,
}

impl Loudness {
    /// 1, 2, 3; more is as loud as 3, and 0 as soft as 1.
    #[must_use]
    pub const fn from_step(step: u8) -> Self {
        match step {
            0 | 1 => Self::Soft,
            2 => Self::Medium,
            3.. => Self::Loud,
        }
    }

    /// Of full scale; 8 dB a step.
    const fn amplitude(self) -> f32 {
        match self {
            Self::Soft => 0.14,
            Self::Medium => 0.35,
            Self::Loud => 0.88,
        }
    }
}

/// What a tone says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went well: two quick rising notes.
    Ok,
    /// Once more, please: the same note twice.
    Again,
    /// It did not go: two long falling notes.
    Failed,
    /// The card is still there: three quick high notes.
    TakeCard(Loudness),
    /// A key was heard, whichever it was: one short low note.
    Key,
}

/// Hertz (0: a pause) and milliseconds.
type Note = (f32, u32);

impl Tone {
    const fn notes(self) -> &'static [Note] {
        match self {
            Self::Ok => &[(880.0, 110), (0.0, 20), (1318.5, 200)],
            Self::Again => &[(587.3, 160), (0.0, 130), (587.3, 160)],
            Self::Failed => &[(392.0, 320), (0.0, 30), (261.6, 520)],
            Self::Key => &[(220.0, 60)],
            Self::TakeCard(_) => &[(1046.5, 100), (0.0, 70), (1046.5, 100), (0.0, 70), (1046.5, 180)],
        }
    }

    const fn amplitude(self) -> f32 {
        match self {
            Self::Ok | Self::Again | Self::Failed => Loudness::Medium.amplitude(),
            Self::Key => Loudness::Soft.amplitude(),
            Self::TakeCard(loudness) => loudness.amplitude(),
        }
    }

    /// The samples, at [`RATE`].
    pub(crate) fn samples(self) -> Vec<i16> {
        self.notes().iter().flat_map(|note| note_samples(*note, self.amplitude())).collect()
    }
}

/// Milliseconds in which a note comes and goes: without them it clicks.
const EDGE_MS: u32 = 8;
fn note_samples((hertz, milliseconds): Note, amplitude: f32) -> impl Iterator<Item = i16> {
    let length = RATE * milliseconds / 1000;
    let edge = (RATE * EDGE_MS / 1000) as f32;
    (0..length).map(move |place| {
        let fade = (place.min(length - 1 - place) as f32 / edge).min(1.0);
        let time = place as f32 / RATE as f32;
        ((time * hertz * TAU).sin() * fade * amplitude * f32::from(i16::MAX)) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Tone; 5] = [Tone::Ok, Tone::Again, Tone::Failed, Tone::TakeCard(Loudness::Soft), Tone::Key];

    fn peak(tone: Tone) -> u16 {
        tone.samples().iter().map(|sample| sample.unsigned_abs()).max().unwrap()
    }

    #[test]
    fn no_two_tones_share_pitch_or_rhythm() {
        for (place, one) in ALL.iter().enumerate() {
            for other in &ALL[place + 1..] {
                let pitches = |tone: &Tone| tone.notes().iter().map(|note| note.0.to_bits()).collect::<Vec<_>>();
                let rhythm = |tone: &Tone| tone.notes().iter().map(|note| note.1).collect::<Vec<_>>();
                assert_ne!(pitches(one), pitches(other), "{one:?} {other:?}");
                assert_ne!(rhythm(one), rhythm(other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn take_card_grows_louder() {
        let [soft, medium, loud] = [1, 2, 3].map(|step| peak(Tone::TakeCard(Loudness::from_step(step))));
        assert!(soft * 2 < medium && medium * 2 < loud, "{soft} {medium} {loud}");
    }

    #[test]
    fn tones_are_short_and_begin_and_end_in_silence() {
        for tone in ALL {
            let samples = tone.samples();
            assert!(samples.len() < RATE as usize, "{tone:?}");
            assert!(peak(tone) > 2000);
            assert_eq!((samples.first(), samples.last()), (Some(&0), Some(&0)), "{tone:?}");
        }
    }
}

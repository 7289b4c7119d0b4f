//! What the attack judgements say over several frames: the median of each, and all of them must say "live".

use crate::manifest::Levels;
use crate::{AttackScores, limits::GOOD_FRAMES};

/// What they say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// Every one: alive.
    Live,
    /// Not enough frames, none loaded, or one lies between its levels: counts as not passed.
    Missing,
    /// One at least: a false face.
    Attack,
}

/// The scores of one track.
#[derive(Default)]
pub(super) struct Scores {
    frames: Vec<Vec<f32>>,
}

impl Scores {
    /// `false`: not one number from 0 to 1 for each judgement; the frame does not count.
    pub(super) fn add(&mut self, scores: &AttackScores, levels: &[Levels]) -> bool {
        let live: Vec<f32> = scores.judgements.iter().map(|judgement| judgement.live).collect();
        let usable = live.len() == levels.len() && live.iter().all(|score| (0.0..=1.0).contains(score));
        if usable {
            self.frames.push(live);
        }
        usable
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
    }

    pub(super) fn cue(&self, levels: &[Levels]) -> Cue {
        if self.frames.len() < GOOD_FRAMES || levels.is_empty() {
            return Cue::Missing;
        }
        let medians: Vec<Option<f32>> = (0..levels.len()).map(|place| self.median(place)).collect();
        let attack = |(median, levels): (&Option<f32>, &Levels)| median.is_some_and(|m| m < levels.attack);
        let live = |(median, levels): (&Option<f32>, &Levels)| median.is_some_and(|m| m >= levels.live);
        if medians.iter().zip(levels).any(attack) {
            Cue::Attack
        } else if medians.iter().zip(levels).all(live) {
            Cue::Live
        } else {
            Cue::Missing
        }
    }

    fn median(&self, place: usize) -> Option<f32> {
        let mut scores: Vec<f32> = self.frames.iter().filter_map(|frame| frame.get(place)).copied().collect();
        scores.sort_by(f32::total_cmp);
        let upper = scores.get(scores.len() / 2)?;
        let lower = scores.get((scores.len().checked_sub(1)?) / 2)?;
        Some((upper + lower) / 2.0)
    }
}

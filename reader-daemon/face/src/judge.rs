//! What a try comes to, decided from what its frames show: good frames of one track, attack cues, the movement that was
//! asked for, then one comparison with the photo. Pure: time comes with each frame, chance from outside.

use std::time::Duration;

use rand_core::RngCore;
use screen::{Advice, Movement};

use crate::geometry::{Face, FaceBox};
use crate::limits::{
    ACCEPT_STEP, COMPARED_TRIES, COMPARISONS_A_TRY, FRAMES_AFTER, GOOD_FRAMES, MOVEMENT_TIME, MOVEMENTS_A_TRY,
    SAME_PERSON, SAME_PERSON_MOVING, SLOW, TRACK_GAP, TRACK_OVERLAP, TRY_TIME,
};
use crate::manifest::{Levels, Thresholds};
use crate::{AttackScores, FaceOutcome, FaceVector, Pace};

mod cue;
mod movement;

use cue::{Cue, Scores};
use movement::{Moved, Stance, Watch, nanoseconds, since};

/// One frame, as far as it is known before anything costly is computed.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// When it was taken, nanoseconds.
    pub at_ns: u64,
    /// The nearest face.
    pub face: Option<&'a Face>,
    /// What stands in the way of using it; `None`: it is good.
    pub advice: Option<Advice>,
}

/// What has to be computed of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// Its face vector.
    Vector,
    /// Its face vector and its attack scores.
    VectorAndScores,
}

/// What was computed of a frame.
#[derive(Debug, Default)]
pub struct Measured {
    /// Its face vector.
    pub vector: Option<FaceVector>,
    /// Its attack scores.
    pub scores: Option<AttackScores>,
}

/// What the patient is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// One line of guidance.
    pub advice: Option<Advice>,
    /// What is asked for now.
    pub movement: Option<Movement>,
    /// 0 to 100, in steps of 5.
    pub progress: u8,
}

/// Decides the tries of one visit.
pub struct Judge {
    thresholds: Thresholds,
    levels: Vec<Levels>,
    photo: Option<FaceVector>,
    /// Vectors of the track that is being watched.
    vectors: Vec<FaceVector>,
    /// Those of each earlier track of this visit that was compared. They stay in the mean while the same person is watched,
    /// so that one person's tries are no independent attempts.
    earlier: Vec<Vec<FaceVector>>,
    /// Comparisons that were made on those.
    compared_earlier: u32,
    /// Tries that ended in a comparison.
    compared: usize,
    /// Law 8: final.
    attack: bool,
    /// Of the tries that begin from now on.
    pace: Pace,
    attempt: Option<Attempt>,
}

/// One try.
struct Attempt {
    /// The first frame after the photo was there.
    since_ns: Option<u64>,
    pace: Pace,
    track: Option<(FaceBox, u64)>,
    scores: Scores,
    stances: Vec<Stance>,
    stage: Stage,
    requests: u32,
    comparisons: u32,
    /// Those of them on the track that is being watched.
    on_track: u32,
    /// How many vectors it had at the last of them.
    compared_to: usize,
    hindrances: [u32; Advice::ALL.len()],
}

enum Stage {
    /// Good frames are collected.
    Collecting,
    /// A movement was asked for.
    Moving(Watch),
    /// It is done; so many good frames since.
    After(usize),
    /// Looking again; so many good frames since.
    Again(usize),
}

impl Judge {
    /// For one visit. Without levels no try can pass.
    #[must_use]
    pub fn new(thresholds: Thresholds, levels: Vec<Levels>) -> Self {
        let (vectors, earlier) = (Vec::new(), Vec::new());
        let (photo, attempt, pace) = (None, None, Pace::Usual);
        let (compared_earlier, compared, attack) = (0, 0, false);
        Self { thresholds, levels, photo, vectors, earlier, compared_earlier, compared, attack, pace, attempt }
    }

    /// The photo's face vector; a try waits for it, but collects frames meanwhile.
    pub fn set_photo(&mut self, photo: FaceVector) {
        self.photo = Some(photo);
    }

    /// How much time the tries have that begin from now on.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Begins a try. `Some`: it is decided already, and the camera stays off.
    pub fn begin(&mut self) -> Option<FaceOutcome> {
        self.give_up();
        if self.attack {
            return Some(FaceOutcome::Attack);
        }
        if self.compared >= COMPARED_TRIES {
            return Some(FaceOutcome::NoMatch);
        }
        self.attempt = Some(Attempt::new(self.pace));
        None
    }

    /// Ends a try without an outcome.
    pub fn give_up(&mut self) {
        if let Some(mut attempt) = self.attempt.take() {
            self.leave(&mut attempt);
        }
    }

    /// What to compute of a frame before [`Self::observe`].
    #[must_use]
    pub fn wanted(&self, sight: &Sight<'_>) -> Wanted {
        let (Some(attempt), Some(face)) = (&self.attempt, sight.face) else { return Wanted::Nothing };
        let good = sight.advice.is_none();
        match &attempt.stage {
            // While the photo is still being read, enough is enough.
            Stage::Collecting if good && (self.photo.is_some() || self.fresh() < GOOD_FRAMES) => {
                Wanted::VectorAndScores
            }
            Stage::After(_) | Stage::Again(_) if good => Wanted::VectorAndScores,
            Stage::Moving(watch) if watch.would_complete(face) => Wanted::Vector,
            Stage::Collecting | Stage::After(_) | Stage::Again(_) | Stage::Moving(_) => Wanted::Nothing,
        }
    }

    /// Takes a frame. `Some` outcome: the try is over.
    pub fn observe(
        &mut self,
        sight: &Sight<'_>,
        measured: Measured,
        random: &mut dyn RngCore,
    ) -> (Shown, Option<FaceOutcome>) {
        let Some(mut attempt) = self.attempt.take() else { return (Shown::default(), None) };
        let outcome = self.step(&mut attempt, sight, measured, random);
        let shown = self.shown(&attempt, sight);
        if let Some(outcome) = outcome {
            self.attack |= outcome == FaceOutcome::Attack;
            self.leave(&mut attempt);
        } else {
            self.attempt = Some(attempt);
        }
        (shown, outcome)
    }

    fn step(
        &mut self,
        attempt: &mut Attempt,
        sight: &Sight<'_>,
        measured: Measured,
        random: &mut dyn RngCore,
    ) -> Option<FaceOutcome> {
        if self.photo.is_some() {
            let begun = *attempt.since_ns.get_or_insert(sight.at_ns);
            if since(begun, sight.at_ns) > attempt.pace.time(TRY_TIME) {
                return Some(attempt.unclear());
            }
        }
        attempt.note(sight.advice);
        if !attempt.follow(sight) {
            self.start_over(attempt);
        }
        let Some(face) = sight.face else {
            return attempt.late(sight.at_ns).then_some(FaceOutcome::Unclear { advice: sight.advice });
        };
        match &mut attempt.stage {
            Stage::Collecting => {
                self.take_in(attempt, sight, face, measured);
                self.ask(attempt, sight.at_ns, random)
            }
            Stage::Moving(watch) => {
                let same = measured.vector.as_ref().map(|vector| self.same_person(vector, SAME_PERSON_MOVING));
                let moved = watch.see(sight.at_ns, face, same.is_some());
                match (moved, same) {
                    (Moved::NotYet, _) => {}
                    (Moved::Done, Some(true)) => attempt.stage = Stage::After(0),
                    (Moved::Done, _) | (Moved::TooEarly, _) => self.start_over(attempt),
                    (Moved::Other | Moved::TooLate, _) => return Some(FaceOutcome::Unclear { advice: None }),
                }
                None
            }
            Stage::After(seen) => {
                let enough = *seen + 1 >= FRAMES_AFTER;
                if self.take_in(attempt, sight, face, measured) && enough {
                    return self.decide(attempt);
                }
                None
            }
            Stage::Again(seen) => {
                let enough = *seen + 1 >= GOOD_FRAMES;
                if self.take_in(attempt, sight, face, measured) && enough {
                    return self.decide(attempt);
                }
                None
            }
        }
    }

    /// Takes a good frame into the track. `false`: it was none, or showed somebody else and all starts over.
    fn take_in(&mut self, attempt: &mut Attempt, sight: &Sight<'_>, face: &Face, measured: Measured) -> bool {
        let (None, Some(vector), Some(scores)) = (sight.advice, measured.vector, measured.scores) else { return false };
        if self.fresh() > 0 && !self.same_person(&vector, SAME_PERSON) {
            self.start_over(attempt);
            return false;
        }
        let Some(stance) = Stance::of(face) else { return false };
        if !attempt.scores.add(&scores, &self.levels) {
            return false;
        }
        self.vectors.push(vector);
        match &mut attempt.stage {
            Stage::Collecting => attempt.stances.push(stance),
            Stage::After(seen) | Stage::Again(seen) => *seen += 1,
            Stage::Moving(_) => {}
        }
        true
    }

    /// With enough good frames and the photo: ask for a movement.
    fn ask(&self, attempt: &mut Attempt, at_ns: u64, random: &mut dyn RngCore) -> Option<FaceOutcome> {
        if self.photo.is_none() || self.fresh() < GOOD_FRAMES {
            return None;
        }
        if attempt.scores.cue(&self.levels) == Cue::Attack {
            return Some(FaceOutcome::Attack);
        }
        if attempt.requests >= MOVEMENTS_A_TRY {
            return Some(attempt.unclear());
        }
        let before = Stance::middle(&attempt.stances)?;
        attempt.requests += 1;
        let until_ns = at_ns.saturating_add(attempt.pace.time(MOVEMENT_TIME));
        attempt.stage = Stage::Moving(Watch::new(draw(random), at_ns, until_ns, before));
        None
    }

    /// All frames are there and the movement is done: cues first, then the comparison.
    fn decide(&mut self, attempt: &mut Attempt) -> Option<FaceOutcome> {
        let again = matches!(attempt.stage, Stage::Again(_));
        match attempt.scores.cue(&self.levels) {
            Cue::Attack => return Some(FaceOutcome::Attack),
            Cue::Missing if again => return Some(FaceOutcome::Unclear { advice: None }),
            Cue::Missing => {
                attempt.stage = Stage::Again(0);
                return None;
            }
            Cue::Live => {}
        }
        attempt.comparisons += 1;
        attempt.on_track += 1;
        attempt.compared_to = self.vectors.len();
        let level = self.thresholds.accept + ACCEPT_STEP * self.compared_earlier as f32;
        let cosine = self.likeness();
        if cosine >= level {
            return Some(FaceOutcome::Match);
        }
        if cosine >= self.thresholds.again && !again && attempt.comparisons < COMPARISONS_A_TRY {
            attempt.stage = Stage::Again(0);
            return None;
        }
        Some(FaceOutcome::NoMatch)
    }

    /// How alike the photo are the track that is being watched and what was seen of the same person before: the lower of the
    /// track's own mean and the mean with the earlier ones. Two people together must not come nearer than each alone.
    fn likeness(&self) -> f32 {
        let (Some(photo), Some(fresh)) = (&self.photo, FaceVector::mean(&self.vectors)) else { return -1.0 };
        let same =
            |track: &&Vec<FaceVector>| FaceVector::mean(*track).is_some_and(|mean| mean.cosine(&fresh) >= SAME_PERSON);
        let earlier = self.earlier.iter().filter(same).flatten();
        let Some(all) = FaceVector::mean(self.vectors.iter().chain(earlier)) else { return -1.0 };
        photo.cosine(&fresh).min(photo.cosine(&all))
    }

    /// Another track begins within the try.
    fn start_over(&mut self, attempt: &mut Attempt) {
        self.settle(attempt);
        attempt.scores.clear();
        attempt.stances.clear();
        attempt.stage = Stage::Collecting;
    }

    /// The try is over.
    fn leave(&mut self, attempt: &mut Attempt) {
        self.settle(attempt);
        if attempt.comparisons > 0 {
            self.compared += 1;
        }
    }

    /// The track ends: what was compared is kept apart, what was not is forgotten.
    fn settle(&mut self, attempt: &mut Attempt) {
        let mut track = std::mem::take(&mut self.vectors);
        track.truncate(attempt.compared_to);
        if !track.is_empty() {
            self.earlier.push(track);
        }
        self.compared_earlier = self.compared_earlier.saturating_add(attempt.on_track);
        (attempt.on_track, attempt.compared_to) = (0, 0);
    }

    /// Good frames of the track that is being watched.
    fn fresh(&self) -> usize {
        self.vectors.len()
    }

    /// Whether a vector belongs to the track. Numbers that are none never do.
    fn same_person(&self, vector: &FaceVector, at_least: f32) -> bool {
        FaceVector::mean(&self.vectors).is_some_and(|mean| mean.cosine(vector) >= at_least)
    }

    fn shown(&self, attempt: &Attempt, sight: &Sight<'_>) -> Shown {
        let share = |done: usize, of: usize, points: f32| (done.min(of) as f32 / of as f32) * points;
        let (points, movement) = match &attempt.stage {
            Stage::Collecting => (share(self.fresh(), GOOD_FRAMES, 50.0), None),
            Stage::Moving(watch) => (50.0 + 30.0 * watch.furthest(), Some(watch.movement)),
            Stage::After(seen) => (80.0 + share(*seen, FRAMES_AFTER, 10.0), None),
            Stage::Again(seen) => (90.0 + share(*seen, GOOD_FRAMES, 10.0), None),
        };
        let advice = if movement.is_some() {
            // Whoever moves is turned away, blurred or near: only what keeps the movement from being seen is said.
            sight.advice.filter(|advice| matches!(advice, Advice::NoFace | Advice::SeveralFaces))
        } else if sight.advice.is_none() && self.photo.is_none() {
            Some(Advice::Wait)
        } else {
            sight.advice
        };
        Shown { advice, movement, progress: (points / 5.0) as u8 * 5 }
    }
}

impl Pace {
    /// So long, or so many times as long; nanoseconds.
    fn time(self, usual: Duration) -> u64 {
        nanoseconds(match self {
            Self::Usual => usual,
            Self::Slow => usual.saturating_mul(SLOW),
        })
    }
}

impl Attempt {
    fn new(pace: Pace) -> Self {
        Self {
            since_ns: None,
            pace,
            track: None,
            scores: Scores::default(),
            stances: Vec::new(),
            stage: Stage::Collecting,
            requests: 0,
            comparisons: 0,
            on_track: 0,
            compared_to: 0,
            hindrances: [0; Advice::ALL.len()],
        }
    }

    /// `false`: this is not the face of the frame before.
    fn follow(&mut self, sight: &Sight<'_>) -> bool {
        let Some(face) = sight.face else {
            let left = self.track.is_some_and(|(_, seen_ns)| since(seen_ns, sight.at_ns) > nanoseconds(TRACK_GAP));
            if left {
                self.track = None;
            }
            return !left;
        };
        let before = self.track.replace((face.place, sight.at_ns));
        before.is_none_or(|(place, seen_ns)| {
            since(seen_ns, sight.at_ns) <= nanoseconds(TRACK_GAP) && place.overlap(&face.place) >= TRACK_OVERLAP
        })
    }

    fn late(&self, at_ns: u64) -> bool {
        matches!(&self.stage, Stage::Moving(watch) if watch.late(at_ns))
    }

    /// Counts what stands in the way; while a movement is asked for, that is the movement itself.
    fn note(&mut self, advice: Option<Advice>) {
        if matches!(self.stage, Stage::Moving(_)) {
            return;
        }
        let place = Advice::ALL.iter().position(|one| Some(*one) == advice);
        if let Some(count) = place.and_then(|place| self.hindrances.get_mut(place)) {
            *count = count.saturating_add(1);
        }
    }

    fn unclear(&self) -> FaceOutcome {
        let most = Advice::ALL.iter().zip(self.hindrances).max_by_key(|(_, count)| *count);
        FaceOutcome::Unclear { advice: most.filter(|(_, count)| *count > 0).map(|(advice, _)| *advice) }
    }
}

/// One of [`Movement::ALL`], each as likely.
fn draw(random: &mut dyn RngCore) -> Movement {
    let place = (u64::from(random.next_u32()) * Movement::ALL.len() as u64) >> 32;
    let place = usize::try_from(place).unwrap_or_default();
    Movement::ALL.get(place).copied().unwrap_or(Movement::TurnLeft)
}

#[cfg(test)]
mod tests;

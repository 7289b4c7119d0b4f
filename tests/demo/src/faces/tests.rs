//! Everybody of the cast before the camera, judged as the worker judges: the repository's own weights, the clips at their
//! recorded pace, time counted instead of waited for.

use face::{FaceOutcome, Judge, Measured, Models, Pipeline, Sight, Wanted, decode_mjpeg};

use super::{camera::Played, *};
use crate::terminal::{Always, MOVEMENT};

/// One frame of a clip.
const FRAME_NS: u64 = 66_000_000;
/// More than a try lasts.
const FRAMES: u64 = 300;

struct Terminal {
    faces: Faces,
    pipeline: Pipeline,
    judge: Box<dyn Fn() -> Judge>,
}

impl Terminal {
    fn new() -> Self {
        let material = Material::find().unwrap();
        let models = Models::load(&material.models, &material.list().unwrap()).unwrap();
        let (thresholds, levels) = (models.thresholds(), models.attack_levels());
        let judge = Box::new(move || Judge::new(thresholds, levels.clone()));
        Self { faces: material.faces, pipeline: Pipeline::new(models), judge }
    }

    /// The first try of a visit with this person's card.
    fn sees(&mut self, before: Before, card: u32) -> FaceOutcome {
        let photo = fs::read(self.faces.photo(card)).unwrap();
        let mut judge = (self.judge)();
        judge.set_photo(self.pipeline.photo(&photo).unwrap_or_else(|error| panic!("photo of {card}: {error}")));
        assert_eq!(judge.begin(), None);
        self.pipeline.forget();
        let heard = Heard::default();
        let mut chance = Always::asks_for(MOVEMENT, &heard);
        let played = Played::new(&self.faces.clip(before, Some(card)), &heard);
        for (number, file) in (1..=FRAMES).zip(played) {
            let frame = decode_mjpeg(&fs::read(file).unwrap(), number * FRAME_NS).unwrap();
            let seen = self.pipeline.look(&frame, None).unwrap();
            let sight = Sight { at_ns: frame.taken_ns(), face: seen.face(), advice: seen.advice };
            let mut measured = Measured::default();
            if let Some(face) = seen.face() {
                let wanted = judge.wanted(&sight);
                if wanted != Wanted::Nothing {
                    measured.vector = self.pipeline.embed(&frame, face).ok();
                }
                if wanted == Wanted::VectorAndScores {
                    measured.scores = self.pipeline.attack(&frame, face).ok();
                }
            }
            if let (_, Some(outcome)) = judge.observe(&sight, measured, &mut chance) {
                return outcome;
            }
        }
        panic!("{before:?} before the camera, card of {card}: no outcome after {FRAMES} frames");
    }

    /// Those of these visits that did not end as they must.
    fn otherwise(&mut self, visits: impl IntoIterator<Item = (Before, u32)>, must: FaceOutcome) -> Vec<String> {
        let mut wrong = Vec::new();
        for (before, card) in visits {
            let outcome = self.sees(before, card);
            if outcome != must {
                wrong.push(format!("{before:?} before the camera, card of {card}: {outcome:?}"));
            }
        }
        wrong
    }
}

/// Everybody of the emulated persons who has a face; the others have the plain grey photo of nobody.
fn holders() -> Vec<u32> {
    let cast = Faces::find().unwrap().serials();
    let everybody = apdu_fixtures::people::everybody();
    let holders: Vec<u32> = everybody.iter().map(|person| person.serial).filter(|one| cast.contains(one)).collect();
    assert_eq!(holders.len(), 15);
    holders
}

#[test]
fn everybody_is_matched_with_their_own_card_at_the_first_try() {
    let visits = holders().into_iter().map(|card| (Before::Person(Who::Holder), card));
    assert_eq!(Terminal::new().otherwise(visits, FaceOutcome::Match), [""; 0]);
}

#[test]
fn nobody_else_is_matched_with_a_card() {
    let mut visits: Vec<_> = holders().into_iter().map(|card| (Sitting::other().before, card)).collect();
    let next = holders().into_iter().cycle().skip(1);
    visits.extend(holders().into_iter().zip(next).map(|(card, other)| (Before::Person(Who::Person(other)), card)));
    assert_eq!(Terminal::new().otherwise(visits, FaceOutcome::NoMatch), [""; 0]);
}

#[test]
fn every_picture_and_mask_of_the_holder_is_an_attack() {
    let attacks = [Before::Print(Who::Holder), Before::Screen(Who::Holder), Before::CutOut(Who::Holder)];
    let visits = holders().into_iter().flat_map(|card| attacks.map(|before| (before, card)));
    assert_eq!(Terminal::new().otherwise(visits, FaceOutcome::Attack), [""; 0]);
}

#[test]
fn a_word_of_the_dock_is_a_person_an_attack_or_a_fault() {
    assert_eq!(Sitting::by_word("holder"), Some(Sitting::default()));
    assert_eq!(Sitting::by_word("1005"), Some(Sitting::of(Before::Person(Who::Person(1005)))));
    assert_eq!(Sitting::by_word("cut-out"), Some(Sitting::of(Before::CutOut(Who::Holder))));
    assert_eq!(Sitting::by_word("stalled").map(|sitting| sitting.faults), Some("stall-after=5"));
    assert_eq!(Sitting::by_word("a stranger"), None);
}

#[test]
fn everything_that_can_be_before_the_camera_has_frames() {
    let faces = Faces::find().unwrap();
    let words = ["holder", "other", "print", "screen", "cut-out", "two", "dark", "moving", "nobody"];
    for (card, word) in holders().into_iter().flat_map(|card| words.map(|word| (card, word))) {
        let clip = faces.clip(Sitting::by_word(word).unwrap().before, Some(card));
        let count = Played::new(&clip, &Heard::default()).take(3).filter(|file| file.exists()).count();
        assert_eq!(count, 3, "{}", clip.display());
        assert!(faces.photo(card).exists() && faces.portrait(card).exists(), "{card}");
    }
}

mod anything;
mod people;

use super::*;
use crate::limits::{MOVEMENT_TIME, REACTION};
use crate::testing::{Drawn, FRAME_NS, LEVELS, THRESHOLDS, drawing, head, photo, scores, vector};

/// Whoever stands before the camera.
#[derive(Clone)]
struct Person {
    cosine: f32,
    other: usize,
    live: Vec<f32>,
    yaw: f32,
    size: f32,
    advice: Option<Advice>,
}

impl Person {
    fn holder() -> Self {
        Self { cosine: 0.7, other: 1, live: vec![0.95, 0.9], yaw: 2.0, size: 1.0, advice: None }
    }
}

struct Sitting {
    judge: Judge,
    random: Drawn,
    at_ns: u64,
    shown: Shown,
}

impl Sitting {
    fn new(movement: Movement) -> Self {
        let mut judge = Judge::new(THRESHOLDS, LEVELS.to_vec());
        judge.set_photo(photo());
        assert_eq!(judge.begin(), None);
        Self { judge, random: drawing(movement), at_ns: 0, shown: Shown::default() }
    }

    fn frame(&mut self, person: &Person) -> Option<FaceOutcome> {
        self.at_ns += FRAME_NS;
        let face = head(person.yaw, person.size);
        let sight = Sight { at_ns: self.at_ns, face: Some(&face), advice: person.advice };
        let wanted = self.judge.wanted(&sight);
        let measured = Measured {
            vector: (wanted != Wanted::Nothing).then(|| vector(person.cosine, person.other)),
            scores: (wanted == Wanted::VectorAndScores).then(|| scores(&person.live)),
        };
        let (shown, outcome) = self.judge.observe(&sight, measured, &mut self.random);
        self.shown = shown;
        outcome
    }

    fn nobody(&mut self) -> Option<FaceOutcome> {
        self.at_ns += FRAME_NS;
        let sight = Sight { at_ns: self.at_ns, face: None, advice: Some(Advice::NoFace) };
        let (shown, outcome) = self.judge.observe(&sight, Measured::default(), &mut self.random);
        self.shown = shown;
        outcome
    }

    fn frames(&mut self, person: &Person, count: usize) -> Option<FaceOutcome> {
        (0..count).find_map(|_| self.frame(person))
    }

    /// Until a movement is asked for.
    fn until_asked(&mut self, person: &Person) -> Movement {
        for _ in 0..GOOD_FRAMES + 2 {
            assert_eq!(self.frame(person), None);
            if let Some(movement) = self.shown.movement {
                return movement;
            }
        }
        panic!("no movement is asked for");
    }

    /// Rests, moves by so much of what was asked, and comes back.
    fn moves(&mut self, person: &Person, movement: Movement, much: f32) -> Option<FaceOutcome> {
        let mut person = person.clone();
        let (yaw, size) = (person.yaw, person.size);
        self.frames(&person, 12).or_else(|| {
            for step in (1..=8_u8).chain((0..8).rev()) {
                let share = much * f32::from(step) / 8.0;
                match movement {
                    Movement::TurnLeft => person.yaw = yaw + 24.0 * share,
                    Movement::TurnRight => person.yaw = yaw - 24.0 * share,
                    Movement::ComeCloser => person.size = size * (1.0 + 0.25 * share),
                }
                person.advice = (share.abs() > 0.7 && movement != Movement::ComeCloser).then_some(Advice::TurnedAway);
                if let Some(outcome) = self.frame(&person) {
                    return Some(outcome);
                }
            }
            None
        })
    }

    /// A whole try of somebody who does what is asked.
    fn obedient(&mut self, person: &Person) -> Option<FaceOutcome> {
        let movement = self.until_asked(person);
        self.moves(person, movement, 1.0).or_else(|| self.frames(person, 20))
    }
}

#[test]
fn the_holder_who_moves_as_asked_is_matched_whatever_the_movement() {
    for movement in Movement::ALL {
        let mut stage = Sitting::new(movement);
        assert_eq!(stage.until_asked(&Person::holder()), movement);
        let outcome = stage.moves(&Person::holder(), movement, 1.0);
        let outcome = outcome.or_else(|| stage.frames(&Person::holder(), 5));
        assert_eq!(outcome, Some(FaceOutcome::Match), "{movement:?}");
    }
}

#[test]
fn progress_never_falls_while_all_goes_well() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    let mut before = 0;
    let mut person = Person::holder();
    for step in 0..60_u8 {
        person.yaw = if (20..40).contains(&step) { 26.0 } else { 2.0 };
        let outcome = stage.frame(&person);
        assert!(stage.shown.progress >= before && stage.shown.progress <= 100);
        before = stage.shown.progress;
        if outcome.is_some() {
            assert_eq!(outcome, Some(FaceOutcome::Match));
            return;
        }
    }
    panic!("no decision");
}

#[test]
fn an_attack_is_final_for_the_visit() {
    for live in [vec![0.2, 0.9], vec![0.9, 0.05], vec![0.0, 0.0]] {
        let mut stage = Sitting::new(Movement::TurnLeft);
        let flat = Person { live, ..Person::holder() };
        assert_eq!(stage.frames(&flat, 2 * GOOD_FRAMES), Some(FaceOutcome::Attack));
        for _ in 0..3 {
            assert_eq!(stage.judge.begin(), Some(FaceOutcome::Attack));
            assert_eq!(stage.frames(&Person::holder(), 100), None, "nothing is looked at any more");
        }
    }
}

#[test]
fn a_cue_between_its_levels_is_looked_at_again_and_then_unclear() {
    for live in [vec![0.6, 0.9], vec![0.9, 0.3]] {
        let mut stage = Sitting::new(Movement::TurnLeft);
        let outcome = stage.obedient(&Person { live, ..Person::holder() });
        assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: None }));
        assert_eq!(stage.judge.compared, 0, "nothing was compared, so the level stays");
    }
}

#[test]
fn the_other_way_or_too_late_is_unclear() {
    let other = [
        (Movement::TurnLeft, Movement::TurnRight),
        (Movement::TurnRight, Movement::TurnLeft),
        (Movement::ComeCloser, Movement::TurnLeft),
    ];
    for (asked, done) in other {
        let mut stage = Sitting::new(asked);
        stage.until_asked(&Person::holder());
        let outcome = stage.moves(&Person::holder(), done, 1.0);
        assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: None }), "{asked:?} asked, {done:?} done");
    }
    for movement in Movement::ALL {
        let mut stage = Sitting::new(movement);
        stage.until_asked(&Person::holder());
        let frames = (MOVEMENT_TIME.as_nanos() as u64 / FRAME_NS) as usize + 2;
        let outcome = stage.frames(&Person::holder(), frames);
        assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: None }), "{movement:?}");
        let mut stage = Sitting::new(movement);
        stage.until_asked(&Person::holder());
        assert_eq!(stage.moves(&Person::holder(), movement, 0.5), None, "half a movement is none");
    }
}

/// ゆっくり, or with the voice: three times as long for a movement and for the try, and not for ever.
#[test]
fn whoever_needs_time_has_three_times_as_much_of_it() {
    let frames = |time: Duration| usize::try_from(nanoseconds(time) / FRAME_NS).unwrap();
    let slow = |movement| {
        let mut stage = Sitting::new(movement);
        stage.judge.set_pace(Pace::Slow);
        assert_eq!(stage.judge.begin(), None);
        stage
    };
    for movement in Movement::ALL {
        let mut stage = slow(movement);
        stage.until_asked(&Person::holder());
        assert_eq!(stage.frames(&Person::holder(), frames(MOVEMENT_TIME * 2)), None, "{movement:?}");
        let outcome = stage.moves(&Person::holder(), movement, 1.0);
        let outcome = outcome.or_else(|| stage.frames(&Person::holder(), 5));
        assert_eq!(outcome, Some(FaceOutcome::Match), "{movement:?}");
        let mut stage = slow(movement);
        stage.until_asked(&Person::holder());
        let outcome = stage.frames(&Person::holder(), frames(MOVEMENT_TIME * 3) + 2);
        assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: None }), "{movement:?}");
    }
    let mut stage = slow(Movement::TurnLeft);
    assert!((0..frames(TRY_TIME * 3) - 2).all(|_| stage.nobody().is_none()));
    assert_eq!((0..5).find_map(|_| stage.nobody()), Some(FaceOutcome::Unclear { advice: Some(Advice::NoFace) }));
    // The pace is of tries that begin: one that runs keeps its own.
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.judge.set_pace(Pace::Slow);
    assert!((0..frames(TRY_TIME) + 5).any(|_| stage.nobody().is_some()));
}

#[test]
fn a_movement_that_began_before_it_could_be_seen_starts_over_and_not_for_ever() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    let turned = Person { yaw: 26.0, advice: Some(Advice::TurnedAway), ..Person::holder() };
    for _ in 0..MOVEMENTS_A_TRY {
        stage.until_asked(&Person::holder());
        let at_once = (REACTION.as_nanos() as u64 / FRAME_NS) as usize - 1;
        assert_eq!(stage.frames(&turned, at_once), None);
        assert_eq!(stage.shown.movement, None, "the request is taken back");
    }
    let outcome = stage.frames(&Person::holder(), 2 * GOOD_FRAMES);
    assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: Some(Advice::TurnedAway) }));
}

#[test]
fn a_flat_picture_that_is_turned_shows_no_turned_head() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.until_asked(&Person::holder());
    // All points come together across, as on paper that is turned.
    for step in 0..60_u8 {
        let mut face = head(2.0, 1.0);
        let narrow = 1.0 - 0.4 * f32::from(step.min(40)) / 40.0;
        face.points.iter_mut().for_each(|point| point.x = 320.0 + (point.x - 320.0) * narrow);
        stage.at_ns += FRAME_NS;
        let sight = Sight { at_ns: stage.at_ns, face: Some(&face), advice: Some(Advice::TurnedAway) };
        assert_eq!(stage.judge.wanted(&sight), Wanted::Nothing, "step {step}");
        assert_eq!(stage.judge.observe(&sight, Measured::default(), &mut stage.random).1, None);
    }
}

#[test]
fn whoever_takes_the_place_of_the_face_starts_over() {
    // In the good frames, at the turn, after the turn.
    let stranger = Person { cosine: 0.05, other: 7, ..Person::holder() };
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.frames(&stranger, GOOD_FRAMES - 1);
    stage.frame(&Person::holder());
    assert_eq!(stage.shown.progress, 0);

    let mut stage = Sitting::new(Movement::TurnLeft);
    let movement = stage.until_asked(&Person::holder());
    assert_eq!(stage.moves(&stranger, movement, 1.0), None);
    assert_eq!(stage.shown.movement, Some(movement), "a stranger's turn does not count: all began anew");
    assert_eq!(stage.judge.fresh(), GOOD_FRAMES, "and the holder's vectors are forgotten");

    let mut stage = Sitting::new(Movement::ComeCloser);
    let movement = stage.until_asked(&Person::holder());
    stage.frames(&Person::holder(), 12);
    for _ in 0..3 {
        assert_eq!(stage.frame(&Person { size: 1.25, ..Person::holder() }), None);
    }
    assert_eq!((movement, stage.shown.movement), (Movement::ComeCloser, None));
    assert_eq!(stage.frame(&stranger), None);
    assert_eq!(stage.shown.progress, 0);
}

#[test]
fn a_face_that_was_gone_or_jumped_is_another_track() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.frames(&Person::holder(), GOOD_FRAMES - 1);
    for _ in 0..(TRACK_GAP.as_nanos() as u64 / FRAME_NS + 1) {
        assert_eq!(stage.nobody(), None);
    }
    assert_eq!(stage.shown, Shown { advice: Some(Advice::NoFace), movement: None, progress: 0 });

    stage.frames(&Person::holder(), GOOD_FRAMES - 1);
    let mut face = head(2.0, 1.0);
    face.place.x += 200.0;
    let sight = Sight { at_ns: stage.at_ns + FRAME_NS, face: Some(&face), advice: Some(Advice::OffCentre) };
    let (shown, outcome) = stage.judge.observe(&sight, Measured::default(), &mut stage.random);
    assert_eq!((shown.progress, outcome), (0, None));
}

#[test]
fn advice_costs_time_only_and_the_most_frequent_one_is_given_at_the_end() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    for advice in [Advice::TooFar, Advice::Dark, Advice::Dark] {
        let seen = stage.frames(&Person { advice: Some(advice), ..Person::holder() }, 150);
        assert_eq!(seen, None);
        assert_eq!(stage.shown.advice, Some(advice));
    }
    let outcome = stage.frames(&Person { advice: Some(Advice::TooFar), ..Person::holder() }, 200);
    assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: Some(Advice::Dark) }));
    assert_eq!(stage.judge.compared, 0);
}

#[test]
fn without_photo_frames_are_collected_but_nothing_is_asked_or_decided() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.judge.photo = None;
    assert_eq!(stage.frames(&Person { live: vec![0.0, 0.0], ..Person::holder() }, 2000), None);
    assert_eq!(stage.shown, Shown { advice: Some(Advice::Wait), movement: None, progress: 50 });
    stage.judge.set_photo(photo());
    assert_eq!(stage.frame(&Person::holder()), Some(FaceOutcome::Attack));
}

#[test]
fn without_attack_judgements_nobody_passes() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.judge.levels.clear();
    let outcome = stage.obedient(&Person { live: vec![], ..Person::holder() });
    assert_eq!(outcome, Some(FaceOutcome::Unclear { advice: None }));
}

#[test]
fn a_try_given_up_leaves_nothing_behind() {
    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.until_asked(&Person::holder());
    stage.judge.give_up();
    assert_eq!(stage.judge.vectors.len(), 0);
    assert_eq!(stage.frame(&Person::holder()), None);
    assert_eq!(stage.judge.begin(), None);
    assert_eq!(stage.obedient(&Person::holder()), Some(FaceOutcome::Match));
}

#[test]
fn every_movement_is_drawn_by_chance_alone() {
    let seen: std::collections::HashSet<_> = [0, 1, u32::MAX / 3 + 1, u32::MAX / 2, u32::MAX - 1, u32::MAX]
        .into_iter()
        .map(|number| draw(&mut Drawn(number)))
        .collect();
    assert_eq!(seen.len(), Movement::ALL.len());
}

use proptest::prelude::*;

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
fn another_person_is_no_match_and_one_near_the_line_is_looked_at_again() {
    let mut stage = Sitting::new(Movement::TurnRight);
    assert_eq!(stage.obedient(&Person { cosine: 0.1, ..Person::holder() }), Some(FaceOutcome::NoMatch));

    let mut stage = Sitting::new(Movement::TurnRight);
    let near = Person { cosine: 0.36, ..Person::holder() };
    stage.until_asked(&near);
    stage.frames(&near, 12);
    stage.frames(&Person { yaw: -24.0, advice: Some(Advice::TurnedAway), ..near.clone() }, 4);
    assert_eq!(stage.frames(&near, FRAMES_AFTER), None, "a cosine of 0.36 asks for another look");
    assert!(stage.shown.progress >= 90);
    assert_eq!(stage.frames(&Person { cosine: 0.75, ..near.clone() }, GOOD_FRAMES), Some(FaceOutcome::Match));

    let mut stage = Sitting::new(Movement::TurnRight);
    assert_eq!(stage.obedient(&near), Some(FaceOutcome::NoMatch));
}

#[test]
fn the_accept_level_rises_with_each_try_and_ends_with_the_third() {
    // Nobody moves from try to try: the mean stays, the level rises above it.
    let mut stage = Sitting::new(Movement::TurnLeft);
    let other = Person { cosine: 0.1, ..Person::holder() };
    assert_eq!(stage.obedient(&other), Some(FaceOutcome::NoMatch));
    assert_eq!(stage.judge.begin(), None);
    // Alone these frames would match; together with the first try's they do not.
    let outcome = stage.obedient(&Person { cosine: 0.45, ..Person::holder() });
    assert_eq!(outcome, Some(FaceOutcome::NoMatch));
    assert_eq!(stage.judge.begin(), None);
    assert_eq!(stage.obedient(&other), Some(FaceOutcome::NoMatch));
    assert_eq!(stage.judge.begin(), Some(FaceOutcome::NoMatch), "no fourth comparison");

    let mut stage = Sitting::new(Movement::TurnLeft);
    stage.judge.compared_earlier = 1;
    assert_eq!(stage.obedient(&Person { cosine: 0.43, ..Person::holder() }), Some(FaceOutcome::NoMatch));
    let mut stage = Sitting::new(Movement::TurnLeft);
    assert_eq!(stage.obedient(&Person { cosine: 0.43, ..Person::holder() }), Some(FaceOutcome::Match));
}

/// Another try of the same visit.
fn another(stage: &mut Sitting, person: &Person) -> Option<FaceOutcome> {
    stage.at_ns += 3_000_000_000;
    stage.judge.begin().or_else(|| stage.obedient(person))
}

#[test]
fn two_people_one_after_the_other_in_one_try_never_pass_together() {
    for (first, second) in [(0.33, 0.28), (0.33, 0.33), (0.36, 0.24), (0.39, 0.39)] {
        let mut stage = Sitting::new(Movement::TurnLeft);
        let a = Person { cosine: first, other: 1, ..Person::holder() };
        let b = Person { cosine: second, other: 2, ..Person::holder() };
        let movement = stage.until_asked(&a);
        assert_eq!(stage.moves(&a, movement, 1.0), None);
        // The first is near the line and looked at again; then the second steps in.
        while stage.shown.progress < 90 {
            assert_eq!(stage.frame(&a), None);
        }
        for _ in 0..25 {
            assert_eq!(stage.nobody(), None);
        }
        assert_eq!(stage.obedient(&b), Some(FaceOutcome::NoMatch), "{first} then {second}");
        assert_eq!(stage.judge.earlier.len(), 2, "both were compared, each for itself");
    }
}

#[test]
fn several_people_over_the_tries_never_pass_where_each_alone_would_not() {
    for cosine in [0.33, 0.36, 0.38, 0.39] {
        let mut stage = Sitting::new(Movement::TurnLeft);
        for other in 1..=COMPARED_TRIES {
            let outcome = another(&mut stage, &Person { cosine, other, ..Person::holder() });
            assert_eq!(outcome, Some(FaceOutcome::NoMatch), "{cosine}, person {other}");
        }
    }
}

#[test]
fn the_holder_after_somebody_else_is_matched_at_the_raised_level_and_not_below_it() {
    let stranger = Person { cosine: 0.0, other: 2, ..Person::holder() };
    for (cosine, outcome) in [(0.5, FaceOutcome::Match), (0.45, FaceOutcome::Match), (0.43, FaceOutcome::NoMatch)] {
        let mut stage = Sitting::new(Movement::TurnLeft);
        assert_eq!(stage.obedient(&stranger), Some(FaceOutcome::NoMatch));
        assert_eq!(another(&mut stage, &Person { cosine, ..Person::holder() }), Some(outcome), "{cosine}");
    }
}

#[test]
fn the_level_rises_with_every_comparison_on_another_track_and_not_with_a_second_look() {
    // Near the line: two comparisons on one track, both at the first level.
    let mut stage = Sitting::new(Movement::TurnLeft);
    let near = Person { cosine: 0.36, other: 2, ..Person::holder() };
    assert_eq!(stage.obedient(&near), Some(FaceOutcome::NoMatch));
    assert_eq!(stage.judge.compared_earlier, 2);
    assert_eq!(another(&mut stage, &Person { cosine: 0.47, ..Person::holder() }), Some(FaceOutcome::NoMatch));
    let mut stage = Sitting::new(Movement::TurnLeft);
    assert_eq!(stage.obedient(&near), Some(FaceOutcome::NoMatch));
    assert_eq!(another(&mut stage, &Person { cosine: 0.49, ..Person::holder() }), Some(FaceOutcome::Match));
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

/// Anything a frame may show, true or not.
#[derive(Clone, Debug)]
struct Anything {
    step_ns: u64,
    yaw: f32,
    size: f32,
    face: bool,
    broken: bool,
    advice: Option<Advice>,
    cosine: f32,
    other: usize,
    live: Vec<f32>,
    vector: bool,
    scores: bool,
}

fn number() -> impl Strategy<Value = f32> {
    prop_oneof![
        8 => 0.0..1.0_f32,
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(-0.5), Just(7.0)],
    ]
}

fn anything() -> impl Strategy<Value = Anything> {
    let where_ = (prop_oneof![4 => Just(FRAME_NS), 1 => 0..2_000_000_000_u64], -40.0..40.0_f32, 0.5..1.6_f32);
    let what =
        (proptest::bool::weighted(0.95), proptest::bool::weighted(0.03), proptest::option::weighted(0.2, 0..11_usize));
    let measured = (0.0..1.0_f32, 1..3_usize, proptest::collection::vec(number(), 1..4));
    let there = (proptest::bool::weighted(0.95), proptest::bool::weighted(0.95));
    (where_, what, measured, there).prop_map(
        |((step_ns, yaw, size), (face, broken, advice), (cosine, other, live), (vector, scores))| Anything {
            step_ns,
            yaw: if yaw.abs() < 20.0 { 2.0 } else { yaw },
            size: if size < 1.4 { 1.0 } else { size },
            face,
            broken,
            advice: advice.and_then(|place| Advice::ALL.get(place).copied()),
            cosine,
            other,
            live,
            vector,
            scores,
        },
    )
}

/// Feeds frames, a new try after each outcome, and gives every outcome back with what was measured up to it.
fn run(frames: &[Anything], number: u32) -> Vec<(FaceOutcome, usize)> {
    let mut judge = Judge::new(THRESHOLDS, LEVELS.to_vec());
    judge.set_photo(photo());
    // The laws hold at either pace.
    judge.set_pace(if number.is_multiple_of(2) { Pace::Slow } else { Pace::Usual });
    let mut random = Drawn(number);
    let mut outcomes = Vec::new();
    let mut at_ns = 0;
    let mut good = 0;
    if let Some(outcome) = judge.begin() {
        outcomes.push((outcome, 0));
    }
    for frame in frames {
        at_ns += frame.step_ns;
        let mut face = head(frame.yaw, frame.size);
        if frame.broken {
            face.points[2].x = f32::NAN;
            face.place.width = f32::NAN;
        }
        let sight = Sight { at_ns, face: frame.face.then_some(&face), advice: frame.advice };
        let measured = Measured {
            vector: frame.vector.then(|| vector(frame.cosine, frame.other)),
            scores: frame.scores.then(|| scores(&frame.live)),
        };
        good +=
            usize::from(frame.face && frame.advice.is_none() && frame.vector && frame.scores && frame.live.len() == 2);
        let (shown, outcome) = judge.observe(&sight, measured, &mut random);
        assert!(shown.progress <= 100);
        if let Some(outcome) = outcome {
            outcomes.push((outcome, good));
            good = 0;
            if let Some(outcome) = judge.begin() {
                outcomes.push((outcome, 0));
            }
        }
    }
    outcomes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_seen_no_match_comes_without_enough_good_frames_and_an_attack_stays(
        frames in proptest::collection::vec(anything(), 0..300), number in any::<u32>(),
    ) {
        let mut attacked = false;
        for (outcome, good) in run(&frames, number) {
            prop_assert!(outcome != FaceOutcome::Match || good >= GOOD_FRAMES + FRAMES_AFTER);
            prop_assert!(!attacked || outcome == FaceOutcome::Attack);
            attacked |= outcome == FaceOutcome::Attack;
        }
    }

    #[test]
    fn nobody_who_is_not_the_holder_is_matched(
        mut frames in proptest::collection::vec(anything(), 0..300), number in any::<u32>(),
    ) {
        frames.iter_mut().for_each(|frame| frame.cosine = frame.cosine.min(0.25));
        // One other way for all, so that cosines do not add up by pointing apart.
        frames.iter_mut().for_each(|frame| frame.other = 1);
        prop_assert!(run(&frames, number).iter().all(|(outcome, _)| *outcome != FaceOutcome::Match));
    }

    #[test]
    fn nobody_is_matched_with_a_cue_below_its_level_or_no_number(
        mut frames in proptest::collection::vec(anything(), 0..300), number in any::<u32>(), which in 0..2_usize,
    ) {
        for frame in &mut frames {
            frame.live = vec![0.95, 0.95];
            frame.live[which] = if frame.vector { [0.69, 0.49][which] } else { f32::NAN };
        }
        prop_assert!(run(&frames, number).iter().all(|(outcome, _)| *outcome != FaceOutcome::Match));
    }

    #[test]
    fn nobody_is_matched_who_does_not_move(
        mut frames in proptest::collection::vec(anything(), 0..300), number in any::<u32>(),
    ) {
        for frame in &mut frames {
            (frame.yaw, frame.size) = (frame.yaw.clamp(-8.0, 8.0), 1.0);
        }
        prop_assert!(run(&frames, number).iter().all(|(outcome, _)| *outcome != FaceOutcome::Match));
    }

    #[test]
    fn whoever_is_alive_is_never_called_an_attack_however_they_move(
        mut frames in proptest::collection::vec(anything(), 0..300), number in any::<u32>(),
    ) {
        frames.iter_mut().for_each(|frame| frame.live = vec![0.7, 0.5]);
        prop_assert!(run(&frames, number).iter().all(|(outcome, _)| *outcome != FaceOutcome::Attack));
    }

    #[test]
    fn the_holder_is_matched_from_wherever_they_stand(
        yaw in -7.0..7.0_f32, size in 0.8..1.2_f32, cosine in 0.45..1.0_f32, place in 0..3_usize,
    ) {
        let mut stage = Sitting::new(Movement::ALL[place]);
        let person = Person { yaw, size, cosine, ..Person::holder() };
        prop_assert_eq!(stage.obedient(&person), Some(FaceOutcome::Match));
    }
}

//! Whatever frames may show, true or not.

use proptest::prelude::*;

use super::*;

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

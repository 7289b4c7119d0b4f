//! Other people than the holder, alone, together and one after the other.

use super::*;

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

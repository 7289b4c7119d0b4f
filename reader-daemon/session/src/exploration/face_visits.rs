//! Single visits by face, told step by step: what each answer of card, worker and service leads to.

mod photo;
mod worker;

use screen::{Advice, Era, MethodState, Movement, Screen, SurfaceDigits, SurfaceField, SurfaceNotice, Target};

use super::{policy, visit::Visit};
use crate::{
    Effect, Event, FaceOutcome, FaceSeen, FaceWay, FaultCode, Pace, PhotoResult, PinLessResult, PinResult, Policy,
    Presence, Reason, StateName,
    effect::CodeSource,
    limits::{FACE_TRIES, SLOW},
};

#[test]
fn camera_and_photo_start_together_and_a_match_leads_to_the_lookup() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    assert!(visit.did(|effect| matches!(effect, Effect::LookAtFace(..))));
    assert_eq!(visit.code(), Some(&CodeSource::Scanner));
    assert!(matches!(visit.view().screen, Screen::FacingCamera { advice: Some(Advice::Wait), .. }));
    visit.photo(PhotoResult::Ready);
    visit.decide(FaceOutcome::Match);
    assert_eq!(visit.state(), StateName::PinLessStep);
    assert!(!visit.did(|effect| matches!(effect, Effect::SignWithoutPin(_))), "the service's nonce is not there yet");
    visit.open(true);
    assert!(visit.did(|effect| matches!(effect, Effect::SignWithoutPin(order) if order.identity == [7; 32])));
    visit.pin_less(PinLessResult::Signed);
    assert!(visit.did(|effect| matches!(effect, Effect::Authenticate(_))));
    assert_eq!(visit.state(), StateName::WaitingForResult);
}

#[test]
fn face_is_shown_with_its_reason_and_never_hidden() {
    let policy = policy();
    Visit::on_card(&policy, 3, false).closed_by(Reason::CardCannot);
    let mut visit = Visit::on_card(&policy, 3, true);
    assert_eq!(visit.face_choice(), Ok(()), "nobody waits for the service here");
    visit.open(false);
    visit.closed_by(Reason::ServiceCannot);
    for reason in [Reason::NotAvailable, Reason::FaceModels, Reason::Camera] {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.hear(Event::FaceWay(FaceWay::Closed(reason)));
        visit.closed_by(reason);
        assert_eq!(visit.told(FaultCode::FaceModels), reason == Reason::FaceModels);
        assert_eq!(visit.told(FaultCode::CameraLost), reason == Reason::Camera);
        visit.touch(Target::Face);
        assert_eq!(visit.state(), StateName::ChoosingMethod);
    }
}

#[test]
fn after_the_last_try_there_is_no_other() {
    let policy = policy();
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    for number in 1..=FACE_TRIES {
        let outcome = if number == 1 { FaceOutcome::NoMatch } else { FaceOutcome::Unclear(Some(Advice::Moving)) };
        visit.decide(outcome);
        let last = number == FACE_TRIES;
        let advice = (number > 1 && !last).then_some(Advice::Moving);
        let expected = Screen::FaceFailed { again: !last, pin: true, visual: false, advice, child: true };
        assert_eq!(visit.view().screen, expected);
        visit.touch(Target::Again);
        assert_eq!(visit.state() == StateName::FacingCamera, !last);
        assert_eq!(visit.code(), None, "the worker has the photo");
    }
    visit.touch(Target::Pin);
    assert!(matches!(visit.view().screen, Screen::EnteringPin { face: false, .. }));
}

#[test]
fn what_closes_the_way_while_facing_the_camera_turns_it_off_and_says_why() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.open(false);
    assert!(visit.stopped());
    visit.closed_by(Reason::ServiceCannot);
    let mut visit = Visit::at_the_camera(&policy);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::FaceModels)));
    assert!(visit.stopped() && visit.told(FaultCode::FaceModels));
    visit.closed_by(Reason::FaceModels);
    let mut visit = Visit::at_the_camera(&policy);
    visit.photo(PhotoResult::CodeWrong);
    visit.open(false);
    visit.closed_by(Reason::ServiceCannot);
}

#[test]
fn no_tries_left_leaves_face_and_does_not_say_where_to_reset() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 0, true);
    let Screen::ChoosingMethod { face, pin, .. } = &visit.view().screen else { panic!() };
    assert_eq!(*face, MethodState::Open);
    assert_eq!(*pin, MethodState::Closed { reason: "NoTriesLeft".into() });
    visit.touch(Target::Pin);
    assert_eq!(visit.state(), StateName::ChoosingMethod);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    assert_eq!(visit.view().screen, Screen::PinBlocked { in_this_visit: false, face: false, visual: false });
    let before = visit.view().revision;
    visit.hear(Event::FaceWay(FaceWay::Ready));
    assert!(visit.view().revision > before, "a touch meant for the screen without face is none");
    visit.hear(Event::Touched(before, Target::Face));
    assert_eq!(visit.state(), StateName::PinBlocked);
    assert_eq!(visit.view().screen, Screen::PinBlocked { in_this_visit: false, face: true, visual: false });
    visit.touch(Target::Face);
    assert_eq!(visit.state(), StateName::FacingCamera);
}

#[test]
fn a_pin_blocked_in_this_visit_leaves_face_and_says_where_to_reset() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 2, true);
    visit.open(true);
    visit.touch(Target::Pin);
    visit.show();
    for _ in 0..4 {
        visit.hear(Event::Key(visit.view().revision));
    }
    visit.touch(Target::Confirm);
    visit.hear(Event::Pin(visit.id(), PinResult::Blocked));
    assert_eq!(visit.view().screen, Screen::PinBlocked { in_this_visit: true, face: true, visual: false });
    visit.touch(Target::Face);
    visit.photo(PhotoResult::NoPhoto);
    assert_eq!(visit.view().screen, Screen::PinBlocked { in_this_visit: true, face: false, visual: false });
}

#[test]
fn face_is_offered_beside_the_pin_and_its_digits_are_wiped() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.touch(Target::Pin);
    visit.show();
    visit.hear(Event::Key(visit.view().revision));
    visit.touch(Target::Face);
    assert_eq!(visit.state(), StateName::FacingCamera);
    assert!(visit.effects.contains(&Effect::WipePin));
    let mut visit = Visit::on_card(&policy, 1, true);
    visit.touch(Target::Pin);
    assert_eq!(visit.view().screen, Screen::LastTry { face: true, visual: false });
    visit.touch(Target::Face);
    assert_eq!(visit.state(), StateName::FacingCamera);
}

#[test]
fn the_time_of_a_try_runs_from_photo_and_picture_and_its_end_is_unclear() {
    let policy = policy();
    let armed = |visit: &Visit<'_>| {
        visit.effects.iter().rev().find_map(|e| if let Effect::Arm(_, after) = e { Some(*after) } else { None })
    };
    let mut visit = Visit::at_the_camera(&policy);
    assert_eq!(armed(&visit), Some(policy.limits.photo));
    visit.photo(PhotoResult::Ready);
    assert_eq!(armed(&visit), Some(policy.limits.face_try));
    visit.show();
    assert_eq!(armed(&visit), Some(policy.limits.face_try), "the picture came after the photo");
    visit.hear(Event::Face(visit.id(), FaceSeen::Looking { advice: Some(Advice::Dark), movement: None, progress: 0 }));
    visit.time();
    assert!(visit.stopped());
    let expected =
        Screen::FaceFailed { again: true, pin: true, visual: false, advice: Some(Advice::Dark), child: true };
    assert_eq!(visit.view().screen, expected);
}

/// Patient-flow 14: who needs time, or hears what others see, has it at the camera too; the worker is told so.
#[test]
fn slow_mode_and_the_voice_have_three_times_as_long_at_the_camera() {
    let policy = policy();
    let armed = |visit: &Visit<'_>| {
        visit.effects.iter().rev().find_map(|e| if let Effect::Arm(_, after) = e { Some(*after) } else { None })
    };
    for (comfort, pace, times) in [
        (&[Target::LargeType][..], Pace::Usual, 1),
        (&[Target::Slow], Pace::Slow, SLOW),
        (&[Target::Voice], Pace::Slow, SLOW),
        (&[Target::Slow, Target::Voice], Pace::Slow, SLOW),
    ] {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.touch(Target::Comfort);
        comfort.iter().for_each(|switch| visit.touch(*switch));
        visit.touch(Target::Back);
        visit.open(true);
        visit.touch(Target::Face);
        assert!(visit.effects.contains(&Effect::LookAtFace(visit.id(), pace)), "{comfort:?}");
        assert_eq!(armed(&visit), Some(policy.limits.photo), "a card reads no slower");
        visit.photo(PhotoResult::Ready);
        assert_eq!(armed(&visit), Some(policy.limits.face_try * times));
        visit.show();
        assert_eq!(armed(&visit), Some(policy.limits.face_try * times));
        visit.decide(FaceOutcome::Unclear(None));
        visit.touch(Target::Again);
        assert!(visit.effects.contains(&Effect::LookAtFace(visit.id(), pace)), "{comfort:?}, the second try");
        assert_eq!(armed(&visit), Some(policy.limits.face_try * times));
    }
}

#[test]
fn guidance_keeps_the_question_and_bounds_its_progress() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    let question = visit.view().revision;
    let seen = FaceSeen::Looking { advice: None, movement: Some(Movement::TurnLeft), progress: 200 };
    visit.hear(Event::Face(visit.id(), seen));
    assert_eq!(visit.view().revision, question);
    let expected =
        Screen::FacingCamera { advice: None, movement: Some(Movement::TurnLeft), progress: 100, other_way: true };
    assert_eq!(visit.view().screen, expected);
}

#[test]
fn a_match_without_photo_or_card_or_after_leaving_counts_for_nothing() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.decide(FaceOutcome::Match);
    assert_eq!(visit.state(), StateName::FaceFailed, "no photo was authenticated");
    visit.decide(FaceOutcome::Match);
    assert_eq!(visit.state(), StateName::FaceFailed);
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    let id = visit.id();
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(visit.state(), StateName::Idle);
    visit.hear(Event::Face(id, FaceSeen::Decided(FaceOutcome::Match)));
    assert_eq!(visit.state(), StateName::Idle);
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.hear(Event::Presence(Presence::Card(2)));
    visit.hear(Event::Face(id, FaceSeen::Decided(FaceOutcome::Match)));
    assert_eq!(visit.state(), StateName::PlacingCard, "a swapped card is a visit of its own");
}

#[test]
fn each_answer_of_the_pin_less_step_has_its_way() {
    let policy = policy();
    let matched = |tries_left| {
        let mut visit = Visit::at_the_camera_with_photo(&policy, tries_left);
        visit.decide(FaceOutcome::Match);
        visit
    };
    for (result, reason, code) in [
        (PinLessResult::NotAvailable, Reason::ServiceCannot, FaultCode::PinLessRefused),
        (PinLessResult::Refused, Reason::CardCannot, FaultCode::PinLessRefused),
    ] {
        let mut visit = matched(3);
        visit.pin_less(result);
        visit.closed_by(reason);
        assert!(visit.told(code));
        let mut visit = matched(0);
        visit.pin_less(result);
        assert!(matches!(&visit.view().screen, Screen::NeedHelp { fault, .. } if fault.code == code.number()));
    }
    for (presence, result, code) in [
        (None, PinLessResult::Changed, FaultCode::CardChanged),
        (None, PinLessResult::NotSigned, FaultCode::CardUnreadable),
        // Not knowing is never "the service does not do it" (law 10).
        (None, PinLessResult::Unreachable, FaultCode::ServiceUnreachable),
        (Some(Presence::Empty), PinLessResult::NotSigned, FaultCode::CardRemoved),
        (Some(Presence::NoReader), PinLessResult::NotSigned, FaultCode::ReaderLost),
        (Some(Presence::Empty), PinLessResult::Refused, FaultCode::CardRemoved),
    ] {
        let mut visit = matched(3);
        let id = visit.id();
        if let Some(presence) = presence {
            visit.hear(Event::Presence(presence));
            assert_eq!(visit.state(), StateName::PinLessStep, "the answer decides");
        }
        visit.hear(Event::PinLess(id, result));
        assert!(matches!(&visit.view().screen, Screen::NeedHelp { fault, .. } if fault.code == code.number()));
    }
}

#[test]
fn a_camera_that_dies_after_the_match_loses_nothing() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.photo(PhotoResult::Ready);
    visit.decide(FaceOutcome::Match);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    visit.open(true);
    assert!(visit.did(|effect| matches!(effect, Effect::SignWithoutPin(_))));
}

//! Single visits by face, told step by step: what each answer of card, worker and service leads to.

use screen::{Advice, Era, MethodState, Movement, Screen, SurfaceDigits, SurfaceField, SurfaceNotice, Target};

use super::{policy, visit::Visit};
use crate::{
    Effect, Event, FaceOutcome, FaceSeen, FaceWay, FaultCode, PhotoResult, PinLessResult, PinResult, Policy, Presence,
    Reason, StateName, effect::CodeSource, limits::FACE_TRIES,
};

#[test]
fn camera_and_photo_start_together_and_a_match_leads_to_the_lookup() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    assert!(visit.did(|effect| matches!(effect, Effect::LookAtFace(_))));
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
fn without_a_scanner_the_code_is_keyed_in_before_the_camera_goes_on() {
    let policy = Policy { surface_scanner: false, ..policy() };
    for (target, era, birth_date) in [
        (Target::EraTaisho, Era::Taisho, "150101"),
        (Target::EraShowa, Era::Showa, "550217"),
        (Target::EraHeisei, Era::Heisei, "010108"),
        (Target::EraReiwa, Era::Reiwa, "020224"),
        (Target::EraWestern, Era::Western, "19800217"),
    ] {
        let mut visit = Visit::at_the_camera(&policy);
        assert!(!visit.did(|effect| matches!(effect, Effect::LookAtFace(_) | Effect::ReadPhoto(_))));
        assert_eq!(visit.keying(), (SurfaceField::Era, "", None));
        visit.touch(target);
        assert_eq!(visit.keying(), (SurfaceField::BirthDate { era }, "", None));
        visit.key_field(birth_date);
        visit.key_field("2035");
        visit.key_field("2285");
        let digits = |text: &str| SurfaceDigits(text.to_owned());
        let [birth_date, expiry_year, security_code] = [birth_date, "2035", "2285"].map(digits);
        assert_eq!(visit.code(), Some(&CodeSource::Keyed { era, birth_date, expiry_year, security_code }));
        let at = |found: fn(&Effect) -> bool| visit.effects.iter().position(found).unwrap();
        let (read, look) = (at(|e| matches!(e, Effect::ReadPhoto(_))), at(|e| matches!(e, Effect::LookAtFace(_))));
        assert!(read < look, "the card does not wait for the camera");
        assert!(!format!("{:?}", visit.effects).contains("2285"), "the code is silent in debug");
    }
}

#[test]
fn a_field_takes_its_digits_and_no_more_and_can_be_corrected() {
    let policy = Policy { surface_scanner: false, ..policy() };
    let mut visit = Visit::at_the_camera(&policy);
    visit.touch(Target::Confirm);
    visit.type_in("1");
    visit.touch(Target::Erase);
    assert_eq!(visit.keying().0, SurfaceField::Era);
    visit.touch(Target::EraShowa);
    let question = visit.view().revision;
    visit.type_in("55021");
    visit.touch(Target::Confirm);
    assert_eq!(visit.keying().1, "55021", "five digits are no birth date");
    visit.touch(Target::Erase);
    visit.type_in("1799");
    assert_eq!(visit.keying().1, "550217");
    assert_eq!(visit.view().revision, question, "digits do not change the question");
    visit.touch(Target::Confirm);
    assert!(visit.view().revision > question, "the next field is another question");
    visit.type_in("20");
    visit.touch(Target::Back);
    assert_eq!(visit.keying().1, "550217");
    visit.touch(Target::Confirm);
    assert_eq!(visit.keying().1, "", "what was left is forgotten");
    visit.touch(Target::Back);
    visit.touch(Target::Back);
    visit.touch(Target::EraWestern);
    assert_eq!(visit.keying(), (SurfaceField::BirthDate { era: Era::Western }, "", None));
    visit.touch(Target::Back);
    visit.touch(Target::Back);
    assert_eq!(visit.state(), StateName::ChoosingMethod);
    visit.touch(Target::Face);
    visit.hear(Event::Key(visit.view().revision));
    assert!(!visit.did(|effect| matches!(effect, Effect::KeepDigit)), "no PIN key counts here");
}

#[test]
fn a_code_that_did_not_do_is_keyed_in_anew_and_never_sent_again_by_itself() {
    let policy = policy();
    for (result, notice) in [
        (PhotoResult::NoSurfaceCode, None),
        (PhotoResult::Implausible, Some(SurfaceNotice::Implausible)),
        (PhotoResult::CodeWrong, Some(SurfaceNotice::Wrong)),
    ] {
        let mut visit = Visit::at_the_camera(&policy);
        visit.photo(result);
        assert!(visit.stopped());
        assert_eq!(visit.keying(), (SurfaceField::Era, "", notice));
        assert_eq!(visit.code(), None);
        visit.touch(Target::Back);
        visit.touch(Target::Face);
        assert_eq!(visit.state(), StateName::KeyingSurfaceCode, "no second scan spends the card's tries");
        visit.hear(Event::Presence(Presence::Empty));
        visit.card_in(2, 3, true);
        visit.touch(Target::Face);
        assert_eq!(visit.code(), Some(&CodeSource::Scanner), "another visit, another scan");
    }
}

#[test]
fn a_photo_that_is_refused_closes_face_with_its_own_code() {
    let policy = policy();
    for (result, reason, code) in [
        (PhotoResult::CodeStopped, Reason::SurfaceCode, FaultCode::SurfaceCodeStopped),
        (PhotoResult::Unusable, Reason::NoPhoto, FaultCode::PhotoUnusable),
        (PhotoResult::Tampered, Reason::PhotoRefused, FaultCode::PhotoTampered),
        (PhotoResult::Cloned, Reason::PhotoRefused, FaultCode::CardCloned),
        (PhotoResult::UnknownSigner, Reason::PhotoRefused, FaultCode::SignerUnknown),
    ] {
        let mut visit = Visit::at_the_camera(&policy);
        visit.photo(result);
        assert!(visit.stopped() && visit.told(code), "{result:?}");
        visit.closed_by(reason);
        visit.hear(Event::FaceWay(FaceWay::Ready));
        visit.closed_by(reason);
        visit.touch(Target::Pin);
        assert_eq!(visit.state(), StateName::EnteringPin);

        let mut visit = Visit::on_card(&policy, 0, true);
        visit.touch(Target::Face);
        visit.photo(result);
        assert_eq!(visit.state(), StateName::NeedingHelp, "no other way is left");
        assert!(matches!(&visit.view().screen, Screen::NeedHelp { fault, .. } if fault.code == code.number()));
    }
}

#[test]
fn a_card_without_photo_is_no_fault() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.photo(PhotoResult::NoPhoto);
    visit.closed_by(Reason::NoPhoto);
    assert!(visit.stopped() && !visit.did(|effect| matches!(effect, Effect::TellStaff(_))));
}

#[test]
fn a_card_that_fails_or_changes_at_the_photo_ends_the_visit() {
    let policy = policy();
    let fault = |visit: &Visit<'_>| match &visit.view().screen {
        Screen::NeedHelp { fault, .. } => fault.code.clone(),
        other => panic!("{other:?}"),
    };
    let mut visit = Visit::at_the_camera(&policy);
    visit.photo(PhotoResult::Changed);
    assert_eq!(fault(&visit), FaultCode::CardChanged.number());
    let mut visit = Visit::at_the_camera(&policy);
    visit.photo(PhotoResult::NotRead);
    assert_eq!(fault(&visit), FaultCode::CardUnreadable.number());
}

#[test]
fn a_photo_that_does_not_come_in_time_closes_face_and_accuses_no_card() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.time();
    assert!(visit.stopped() && visit.told(FaultCode::CameraLost));
    visit.closed_by(Reason::Camera);
    visit.photo(PhotoResult::Ready);
    visit.closed_by(Reason::Camera);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.touch(Target::Face);
    assert_eq!(visit.code(), Some(&CodeSource::Scanner), "a photo that came too late is not used");

    let mut visit = Visit::at_the_camera(&policy);
    visit.time();
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.closed_by(Reason::Camera);
    visit.touch(Target::Pin);
    assert_eq!(visit.state(), StateName::EnteringPin);

    let mut visit = Visit::on_card(&policy, 0, true);
    visit.touch(Target::Face);
    visit.time();
    assert!(visit.stopped());
    let code = FaultCode::CameraLost.number();
    assert!(matches!(&visit.view().screen, Screen::NeedHelp { fault, .. } if fault.code == code));
}

/// Camera lost while the photo is read, and a new worker is there before the answer.
fn orphaned(policy: &Policy) -> Visit<'_> {
    let mut visit = Visit::at_the_camera(policy);
    visit.decide(FaceOutcome::Gone);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit
}

#[test]
fn a_code_that_did_not_do_is_not_scanned_again_even_when_the_worker_died_meanwhile() {
    let policy = policy();
    for result in [PhotoResult::NoSurfaceCode, PhotoResult::Implausible, PhotoResult::CodeWrong] {
        let mut visit = orphaned(&policy);
        visit.photo(result);
        assert_eq!(visit.face_choice(), Ok(()));
        visit.touch(Target::Face);
        assert_eq!(visit.state(), StateName::KeyingSurfaceCode, "{result:?}");
        assert_eq!(visit.code(), None);
    }
}

#[test]
fn what_card_and_photo_refuse_counts_even_when_nobody_waits_for_the_photo() {
    let policy = policy();
    for (result, reason, code) in [
        (PhotoResult::CodeStopped, Reason::SurfaceCode, Some(FaultCode::SurfaceCodeStopped)),
        (PhotoResult::NoPhoto, Reason::NoPhoto, None),
        (PhotoResult::Unusable, Reason::NoPhoto, Some(FaultCode::PhotoUnusable)),
        (PhotoResult::Tampered, Reason::PhotoRefused, Some(FaultCode::PhotoTampered)),
        (PhotoResult::Cloned, Reason::PhotoRefused, Some(FaultCode::CardCloned)),
        (PhotoResult::UnknownSigner, Reason::PhotoRefused, Some(FaultCode::SignerUnknown)),
    ] {
        let says = |visit: &Visit<'_>| match code {
            Some(code) => visit.told(code),
            None => !visit.did(|effect| matches!(effect, Effect::TellStaff(_))),
        };
        let mut visit = orphaned(&policy);
        visit.photo(result);
        assert!(says(&visit), "{result:?}");
        visit.closed_by(reason);
        visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
        visit.hear(Event::FaceWay(FaceWay::Ready));
        visit.closed_by(reason);

        let mut visit = orphaned(&policy);
        visit.touch(Target::Pin);
        visit.photo(result);
        assert!(says(&visit), "{result:?}");
        assert!(matches!(visit.view().screen, Screen::EnteringPin { face: false, .. }), "the PIN goes on");

        // The worker lives, but the try came to nothing before the answer.
        let mut visit = Visit::at_the_camera(&policy);
        visit.decide(FaceOutcome::Unclear(None));
        visit.photo(result);
        assert!(says(&visit), "{result:?}");
        assert!(matches!(visit.view().screen, Screen::FaceFailed { again: false, pin: true, .. }));
    }
}

#[test]
fn another_card_found_late_ends_the_visit_until_the_pin_is_sent() {
    let policy = policy();
    let ended = |visit: &Visit<'_>| {
        let code = FaultCode::CardChanged.number();
        matches!(&visit.view().screen, Screen::NeedHelp { fault, .. } if fault.code == code)
    };
    let mut visit = orphaned(&policy);
    visit.photo(PhotoResult::Changed);
    assert!(ended(&visit));
    let mut visit = Visit::at_the_camera(&policy);
    visit.decide(FaceOutcome::Unclear(None));
    visit.photo(PhotoResult::Changed);
    assert!(ended(&visit));
    let mut visit = Visit::at_the_camera(&policy);
    visit.decide(FaceOutcome::Attack);
    visit.photo(PhotoResult::Changed);
    assert!(ended(&visit), "also behind a closed door");

    let mut visit = orphaned(&policy);
    visit.touch(Target::Pin);
    visit.show();
    for _ in 0..4 {
        visit.hear(Event::Key(visit.view().revision));
    }
    let mut early = Visit { session: visit.session.clone(), effects: Vec::new(), policy: &policy };
    early.photo(PhotoResult::Changed);
    assert!(ended(&early));
    assert!(early.effects.contains(&Effect::WipePin));
    visit.touch(Target::Confirm);
    visit.photo(PhotoResult::Changed);
    assert_eq!(visit.state(), StateName::CheckingPin, "the PIN step looks for itself");
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
fn an_attack_is_final_even_when_a_new_worker_comes() {
    let policy = policy();
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.decide(FaceOutcome::Attack);
    let expected = Screen::FaceFailed { again: false, pin: true, visual: false, advice: None, child: true };
    assert_eq!(visit.view().screen, expected);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.touch(Target::Again);
    assert_eq!(visit.state(), StateName::FaceFailed);
    visit.hear(Event::Presence(Presence::Empty));
    visit.card_in(2, 3, true);
    assert_eq!(visit.face_choice(), Ok(()), "the next patient is not judged by it");
}

#[test]
fn a_worker_lost_while_it_could_compare_ends_face_for_the_visit() {
    let policy = policy();
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.decide(FaceOutcome::Gone);
    assert!(visit.told(FaultCode::CameraLost));
    visit.closed_by(Reason::FaceEnded);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.closed_by(Reason::FaceEnded);
    visit.touch(Target::Pin);
    assert_eq!(visit.state(), StateName::EnteringPin);

    let mut visit = Visit::at_the_camera_with_photo(&policy, 0);
    visit.decide(FaceOutcome::Gone);
    let code = FaultCode::CameraLost.number();
    assert!(matches!(&visit.view().screen, Screen::NeedHelp { fault, .. } if fault.code == code), "no other way");
    visit.hear(Event::Presence(Presence::Empty));
    visit.card_in(2, 3, true);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    assert_eq!(visit.face_choice(), Ok(()), "the next patient has a worker of their own");
}

#[test]
fn a_new_worker_opens_face_again_and_gets_the_photo_anew() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.decide(FaceOutcome::Gone);
    assert!(visit.told(FaultCode::CameraLost));
    visit.closed_by(Reason::Camera);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    assert!(!visit.told(FaultCode::CameraLost), "once is enough");
    visit.photo(PhotoResult::Ready);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    assert_eq!(visit.face_choice(), Ok(()));
    visit.touch(Target::Face);
    assert_eq!(visit.code(), Some(&CodeSource::Scanner));
}

#[test]
fn a_worker_replaced_between_tries_gets_the_photo_anew() {
    let policy = policy();
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.decide(FaceOutcome::NoMatch);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.touch(Target::Again);
    assert_eq!(visit.code(), Some(&CodeSource::Scanner));
    visit.photo(PhotoResult::Ready);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    assert!(visit.stopped(), "a worker without photo decides nothing");
    assert_eq!(visit.face_choice(), Ok(()));
}

#[test]
fn a_worker_that_becomes_ready_while_the_photo_is_read_gets_it() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.photo(PhotoResult::Ready);
    visit.decide(FaceOutcome::Match);
    assert_eq!(visit.state(), StateName::PinLessStep);
}

#[test]
fn a_photo_meant_for_a_worker_that_is_gone_counts_for_nothing() {
    let policy = policy();
    let mut visit = Visit::at_the_camera(&policy);
    visit.decide(FaceOutcome::Gone);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    visit.closed_by(Reason::Camera);
    visit.photo(PhotoResult::Ready);
    assert_eq!(visit.face_choice(), Ok(()), "the card is free again");
    visit.touch(Target::Face);
    assert_eq!(visit.code(), Some(&CodeSource::Scanner), "the new worker has no photo");
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

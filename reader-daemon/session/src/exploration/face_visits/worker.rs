//! Workers that are lost and replaced, and verdicts that outlive them (law 8).

use super::*;

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
fn a_worker_replaced_between_tries_ends_face_for_the_visit() {
    let policy = policy();
    for closed_before in [false, true] {
        let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
        visit.decide(FaceOutcome::NoMatch);
        if closed_before {
            visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
        }
        visit.hear(Event::FaceWay(FaceWay::Ready));
        visit.touch(Target::Again);
        assert_eq!(visit.state(), StateName::FaceFailed, "a new worker would compare as if nothing had been tried");
        visit.touch(Target::Pin);
        assert_eq!(visit.state(), StateName::EnteringPin);
    }
}

#[test]
fn a_worker_replaced_before_the_first_try_gets_the_photo_anew() {
    let policy = policy();
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.hear(Event::FaceWay(FaceWay::Ready));
    assert!(visit.stopped(), "a worker without photo decides nothing");
    assert_eq!(visit.face_choice(), Ok(()));
    visit.touch(Target::Face);
    assert_eq!(visit.code(), Some(&CodeSource::Scanner));
    visit.photo(PhotoResult::Ready);
    visit.decide(FaceOutcome::Match);
    assert_ne!(visit.state(), StateName::FacingCamera);
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

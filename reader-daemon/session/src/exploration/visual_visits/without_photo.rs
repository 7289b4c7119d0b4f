//! After a failed face, without a photo, and every way out.

use super::*;

#[test]
fn after_an_attack_or_all_tries_staff_may_still_compare() {
    let policy = policy();
    let mut attacked = Visit::at_the_camera_with_photo(&policy, 3);
    attacked.hear(Event::VisualWay(VisualWay::Ready));
    attacked.decide(FaceOutcome::Attack);
    let mut tried = Visit::at_the_camera_with_photo(&policy, 0);
    tried.hear(Event::VisualWay(VisualWay::Ready));
    for _ in 0..FACE_TRIES {
        tried.decide(FaceOutcome::NoMatch);
        tried.touch(Target::Again);
    }
    for mut visit in [attacked, tried] {
        assert!(matches!(visit.view().screen, Screen::FaceFailed { again: false, visual: true, .. }));
        visit.touch(Target::Visual);
        assert_eq!(visit.code(), None, "the worker has the photo");
        visit.type_passcode();
        visit.passcode(PasscodeResult::Right);
        assert!(visit.compares());
        visit.compare(ComparingWith::Photo);
        visit.touch(Target::SamePerson);
        visit.touch(Target::WithoutNumber);
        visit.pin_less(PinLessResult::Signed);
        assert_eq!(visit.state(), StateName::WaitingForResult);
    }
}

#[test]
fn without_a_photo_staff_compare_another_document_and_no_camera_goes_on() {
    let base = policy();
    for result in [
        PhotoResult::NoSurfaceCode,
        PhotoResult::Implausible,
        PhotoResult::CodeWrong,
        PhotoResult::CodeStopped,
        PhotoResult::NoPhoto,
        PhotoResult::Tampered,
        PhotoResult::Cloned,
        PhotoResult::UnknownSigner,
        PhotoResult::Unusable,
        PhotoResult::NotRead,
    ] {
        // Before the passcode is right.
        let mut visit = Visit::at_the_passcode(&base);
        visit.photo(result);
        visit.passcode(PasscodeResult::Right);
        assert_eq!(visit.shows(), PhotoShown::None, "{result:?}");
        assert!(!visit.compares());
        // After it.
        let mut visit = Visit::at_the_passcode(&base);
        visit.passcode(PasscodeResult::Right);
        assert_eq!(visit.shows(), PhotoShown::Coming);
        visit.photo(result);
        assert_eq!(visit.shows(), PhotoShown::None, "{result:?}");
        assert!(visit.stopped());
        visit.touch(Target::SamePerson);
        visit.touch(Target::WithoutNumber);
        assert_eq!(visit.state(), StateName::PinLessStep);
    }
    let mut visit = Visit::at_the_passcode(&base);
    visit.photo(PhotoResult::Cloned);
    assert!(visit.told(FaultCode::CardCloned));
    let mut visit = Visit::at_the_passcode(&base);
    visit.photo(PhotoResult::Changed);
    visit.ended_with(FaultCode::CardChanged, &[]);
    // What did not do is not scanned again, and a photo that was refused is not read again.
    for result in [PhotoResult::CodeWrong, PhotoResult::Tampered] {
        let mut visit = Visit::at_the_passcode(&base);
        visit.photo(result);
        visit.passcode(PasscodeResult::Wrong { left: 2 });
        visit.touch(Target::Back);
        visit.touch(Target::Visual);
        assert_eq!(visit.state(), StateName::CheckingVisually);
        assert_eq!(visit.code(), None, "{result:?}");
    }
    // Without scanner or worker nothing is read at all.
    let bare = Policy { surface_scanner: false, ..base.clone() };
    let mut visit = Visit::with_staff(&bare, 3);
    visit.touch(Target::Visual);
    assert_eq!(visit.code(), None);
    let mut visit = Visit::with_staff(&base, 3);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    visit.touch(Target::Visual);
    assert_eq!(visit.code(), None);
    visit.type_passcode();
    visit.passcode(PasscodeResult::Right);
    assert_eq!(visit.shows(), PhotoShown::None);
}

#[test]
fn a_driver_without_photo_or_without_an_answer_is_believed() {
    let policy = policy();
    let mut visit = Visit::at_the_passcode(&policy);
    visit.passcode(PasscodeResult::Right);
    let mut late = Visit { session: visit.session.clone(), effects: Vec::new(), policy: &policy };
    visit.compare(ComparingWith::Nothing);
    assert!(visit.stopped());
    assert_eq!(visit.shows(), PhotoShown::None);
    late.time();
    assert!(late.stopped());
    assert_eq!(late.shows(), PhotoShown::None);
    let mut visit = Visit::comparing(&policy);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    assert!(visit.stopped());
    assert_eq!(visit.shows(), PhotoShown::None);
}

#[test]
fn staff_who_do_not_come_leave_the_other_ways() {
    let policy = policy();
    let mut visit = Visit::with_staff(&policy, 3);
    visit.touch(Target::Visual);
    visit.time();
    assert_eq!(visit.visual_choice(), MethodState::Open);
    // A check that closed while they came.
    visit.touch(Target::Visual);
    visit.hear(Event::VisualWay(VisualWay::Closed));
    visit.touch(Target::StaffHere);
    assert_eq!(visit.visual_choice(), closed(Reason::VisualClosed));
    // Nobody says who it is.
    let mut visit = Visit::comparing(&policy);
    visit.time();
    assert!(visit.stopped());
    assert_eq!(visit.state(), StateName::ChoosingMethod);
}

#[test]
fn every_way_out_turns_the_camera_off() {
    type Way = fn(&mut Visit<'_>);
    let policy = policy();
    let ways: [(&str, Way); 9] = [
        ("cancel", |visit| visit.touch(Target::Cancel)),
        ("same", |visit| visit.touch(Target::SamePerson)),
        ("other", |visit| visit.touch(Target::OtherPerson)),
        ("card out", |visit| visit.hear(Event::Presence(Presence::Empty))),
        ("other card", |visit| visit.hear(Event::Presence(Presence::Card(2)))),
        ("reader gone", |visit| visit.hear(Event::Presence(Presence::NoReader))),
        ("time", |visit| visit.time()),
        ("worker gone", |visit| visit.hear(Event::FaceWay(FaceWay::Closed(Reason::FaceModels)))),
        ("overlay", |visit| visit.touch(Target::Comfort)),
    ];
    for (word, way) in ways {
        let mut visit = Visit::comparing(&policy);
        way(&mut visit);
        assert!(visit.stopped(), "{word}");
        let here = Screen::ComparingFaces { photo: PhotoShown::Here };
        assert!(visit.view().screen != here, "{word}");
    }
    let mut visit = Visit::comparing(&policy);
    let id = visit.id();
    visit.hear(Event::Presence(Presence::Empty));
    let record = Record::Cancelled(StateName::CheckingVisually);
    assert!(visit.effects.contains(&Effect::Finish(id, record)), "no photo stays without its card (law 4)");
}

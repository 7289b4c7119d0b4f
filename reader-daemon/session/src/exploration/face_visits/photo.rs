//! The surface code and the photo: how they are read, and what their answers close.

use super::*;

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
        assert!(!visit.did(|effect| matches!(effect, Effect::LookAtFace(..) | Effect::ReadPhoto(_))));
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
        let (read, look) = (at(|e| matches!(e, Effect::ReadPhoto(_))), at(|e| matches!(e, Effect::LookAtFace(..))));
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

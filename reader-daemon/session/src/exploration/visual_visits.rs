//! Single visits by visual check, told step by step (patient-flow section 7; laws 4, 6 and 8).

mod without_photo;

use screen::{Answerer, Language, MethodState, PhotoShown, Screen, Target};

use super::{policy, visit::Visit};
use crate::{
    ComparingWith, Effect, Event, FaceOutcome, FaceWay, FaultCode, PasscodeResult, PhotoResult, PinLessResult, Policy,
    Presence, ProvedBy, Reason, Record, StaffNote, StateName, VisualWay, effect::CodeSource, limits::FACE_TRIES,
};

impl<'a> Visit<'a> {
    /// A card lies there, the service's session is open, the visual check can be chosen.
    fn with_staff(policy: &'a Policy, tries_left: u8) -> Self {
        let mut visit = Self::on_card(policy, tries_left, true);
        visit.open(true);
        visit.hear(Event::VisualWay(VisualWay::Ready));
        visit
    }

    /// Staff have come and typed six digits.
    fn at_the_passcode(policy: &'a Policy) -> Self {
        let mut visit = Self::with_staff(policy, 3);
        visit.touch(Target::Visual);
        visit.type_passcode();
        visit
    }

    fn type_passcode(&mut self) {
        self.touch(Target::StaffHere);
        self.type_digits();
        self.touch(Target::Confirm);
    }

    fn type_digits(&mut self) {
        self.show();
        for _ in 0..6 {
            self.hear(Event::Key(self.view().revision));
        }
    }

    fn passcode(&mut self, result: PasscodeResult) {
        self.hear(Event::Passcode(self.id(), result));
    }

    fn compare(&mut self, with: ComparingWith) {
        self.hear(Event::Comparing(self.id(), with));
    }

    fn comparing(policy: &'a Policy) -> Self {
        let mut visit = Self::at_the_passcode(policy);
        visit.photo(PhotoResult::Ready);
        visit.passcode(PasscodeResult::Right);
        visit.compare(ComparingWith::Photo);
        visit
    }

    /// How the visual check stands on the method screen.
    fn visual_choice(&self) -> MethodState {
        match &self.view().screen {
            Screen::ChoosingMethod { visual, .. } => visual.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn shows(&self) -> PhotoShown {
        match &self.view().screen {
            Screen::ComparingFaces { photo } => *photo,
            other => panic!("{other:?}"),
        }
    }

    fn compares(&self) -> bool {
        self.did(|effect| matches!(effect, Effect::Compare(_)))
    }
}

fn closed(reason: Reason) -> MethodState {
    MethodState::Closed { reason: format!("{reason:?}") }
}

/// Patient-flow 14: whatever the patient speaks.
#[test]
fn what_staff_read_stays_japanese() {
    let policy = policy();
    let mut visit = Visit::with_staff(&policy, 3);
    visit.touch(Target::Language);
    visit.touch(Target::Speak(Language::My));
    visit.touch(Target::Visual);
    assert_eq!(visit.view().language, Language::My, "the patient is asked to wait");
    visit.type_passcode();
    visit.photo(PhotoResult::Ready);
    visit.passcode(PasscodeResult::Right);
    visit.compare(ComparingWith::Photo);
    assert!(matches!(visit.view().screen, Screen::ComparingFaces { .. }));
    assert_eq!(visit.view().language, Language::Ja);
    visit.touch(Target::SamePerson);
    assert_eq!(visit.view().language, Language::Ja, "{:?}", visit.view().screen);
    visit.touch(Target::WithoutNumber);
    assert_eq!(visit.view().language, Language::My, "the patient goes on");
}

#[test]
fn passcode_before_faces_then_the_number_and_the_step_without_pin() {
    let policy = policy();
    let mut visit = Visit::with_staff(&policy, 3);
    assert_eq!(visit.visual_choice(), MethodState::Open);
    visit.touch(Target::Visual);
    assert_eq!(visit.view().screen, Screen::AwaitingStaff);
    assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::VisualCheck)));
    assert_eq!(visit.code(), Some(&CodeSource::Scanner), "the photo is read while staff come");
    assert!(!visit.compares() && !visit.did(|effect| matches!(effect, Effect::LookAtFace(..))));
    visit.touch(Target::StaffHere);
    let question = visit.view().revision;
    visit.type_digits();
    assert_eq!(visit.view().screen, Screen::EnteringPasscode { digits: 6, wrong: None });
    assert_eq!(visit.view().revision, question, "a dot is no other question");
    assert!(visit.effects.contains(&Effect::KeepDigit));
    visit.touch(Target::Erase);
    assert!(visit.effects.contains(&Effect::DropDigit));
    visit.touch(Target::Confirm);
    assert!(visit.did(|effect| matches!(effect, Effect::CheckPasscode(_))));
    visit.photo(PhotoResult::Ready);
    assert!(!visit.compares());
    visit.passcode(PasscodeResult::Right);
    assert!(visit.compares());
    assert_eq!(visit.shows(), PhotoShown::Coming);
    visit.touch(Target::SamePerson);
    assert_eq!(visit.shows(), PhotoShown::Coming, "nobody confirms what is not to be seen yet");
    visit.compare(ComparingWith::Photo);
    assert_eq!(visit.shows(), PhotoShown::Here);
    visit.touch(Target::SamePerson);
    assert!(visit.stopped());
    visit.show();
    let question = visit.view().revision;
    for digit in [1, 2, 10, 3] {
        visit.hear(Event::StaffKey(visit.view().revision, digit));
    }
    assert_eq!(visit.view().screen, Screen::EnteringStaffNumber { typed: "123".into() });
    assert_eq!(visit.view().revision, question);
    visit.touch(Target::Erase);
    visit.touch(Target::Confirm);
    let by = ProvedBy::Staff { number: Some("12".into()) };
    assert!(visit.did(|effect| matches!(effect, Effect::SignWithoutPin(order) if order.by == by)));
    visit.pin_less(PinLessResult::Signed);
    assert_eq!(visit.state(), StateName::WaitingForResult);
}

#[test]
fn staff_may_answer_for_the_patient_only_after_a_visual_check() {
    let policy = policy();
    let answers = |visit: &mut Visit<'_>| {
        visit.look_up(super::lookups().swap_remove(0));
        visit.touch(Target::Answerer);
        let Screen::ChoosingAnswerer { staff } = visit.view().screen else { panic!() };
        visit.touch(Target::StaffAnswers);
        visit.touch(Target::PatientAnswers);
        visit.touch(Target::Answerer);
        visit.touch(Target::StaffAnswers);
        visit.touch(Target::Back);
        visit.touch(Target::DeclineAll);
        let by = visit.effects.iter().find_map(|effect| {
            if let Effect::Submit(submission) = effect { submission.items.first().map(|item| item.by) } else { None }
        });
        (staff, by)
    };
    let mut visit = Visit::comparing(&policy);
    visit.touch(Target::SamePerson);
    visit.touch(Target::WithoutNumber);
    let by = ProvedBy::Staff { number: None };
    assert!(visit.did(|effect| matches!(effect, Effect::SignWithoutPin(order) if order.by == by)));
    visit.pin_less(PinLessResult::Signed);
    assert_eq!(answers(&mut visit), (true, Some(Answerer::Staff)));
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.decide(FaceOutcome::Match);
    visit.pin_less(PinLessResult::Signed);
    assert_eq!(answers(&mut visit), (false, Some(Answerer::Patient)));
}

#[test]
fn it_is_closed_for_a_reason_or_hidden() {
    let base = policy();
    for (way, reason) in [
        (VisualWay::NoPasscode, Reason::NoPasscode),
        (VisualWay::Closed, Reason::VisualClosed),
        (VisualWay::ClosedForDay, Reason::VisualClosed),
    ] {
        let mut visit = Visit::with_staff(&base, 3);
        visit.hear(Event::VisualWay(way));
        assert_eq!(visit.visual_choice(), closed(reason));
        visit.touch(Target::Visual);
        assert_eq!(visit.state(), StateName::ChoosingMethod);
        visit.hear(Event::VisualWay(VisualWay::Ready));
        assert_eq!(visit.visual_choice(), MethodState::Open);
    }
    let mut visit = Visit::on_card(&base, 3, false);
    visit.hear(Event::VisualWay(VisualWay::Ready));
    assert_eq!(visit.visual_choice(), closed(Reason::CardCannot));
    let mut visit = Visit::on_card(&base, 3, true);
    visit.hear(Event::VisualWay(VisualWay::Ready));
    visit.open(false);
    assert_eq!(visit.visual_choice(), closed(Reason::ServiceCannot));
    let hidden = Policy { visual: false, ..base.clone() };
    let mut visit = Visit::with_staff(&hidden, 3);
    assert_eq!(visit.visual_choice(), MethodState::Hidden);
    visit.touch(Target::Visual);
    assert_eq!(visit.state(), StateName::ChoosingMethod);
}

#[test]
fn three_wrong_passcodes_close_it_and_staff_are_told() {
    let policy = policy();
    let mut visit = Visit::at_the_passcode(&policy);
    visit.passcode(PasscodeResult::Wrong { left: 2 });
    assert_eq!(visit.view().screen, Screen::EnteringPasscode { digits: 0, wrong: Some(2) });
    assert!(visit.effects.contains(&Effect::WipePin));
    for (result, for_day) in [(PasscodeResult::Closed, false), (PasscodeResult::ClosedForDay, true)] {
        let mut visit = Visit::at_the_passcode(&policy);
        visit.passcode(result);
        assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::PasscodeClosed { for_day })));
        assert_eq!(visit.visual_choice(), closed(Reason::VisualClosed));
        visit.show();
        let seen = visit.view().revision;
        // The driver says the same in its own words a moment later: no other question, and a finger on its way counts.
        visit.hear(Event::VisualWay(if for_day { VisualWay::ClosedForDay } else { VisualWay::Closed }));
        assert_eq!(visit.effects, []);
        visit.hear(Event::Touched(seen, Target::Pin));
        assert_eq!(visit.state(), StateName::EnteringPin, "the visit goes on");
    }
    // Without another way the fault itself is shown.
    let mut visit = Visit::with_staff(&policy, 0);
    visit.hear(Event::FaceWay(FaceWay::Closed(Reason::Camera)));
    assert_eq!(visit.visual_choice(), MethodState::Open);
    visit.touch(Target::Visual);
    visit.type_passcode();
    visit.passcode(PasscodeResult::Closed);
    visit.ended_with(FaultCode::PasscodeClosed, &[]);
}

#[test]
fn too_few_digits_are_no_passcode() {
    let policy = policy();
    let mut visit = Visit::with_staff(&policy, 3);
    visit.touch(Target::Visual);
    visit.touch(Target::StaffHere);
    visit.show();
    for _ in 0..3 {
        visit.hear(Event::Key(visit.view().revision));
    }
    visit.touch(Target::Confirm);
    assert!(!visit.did(|effect| matches!(effect, Effect::CheckPasscode(_))));
    visit.touch(Target::Back);
    assert!(visit.effects.contains(&Effect::WipePin));
    assert_eq!(visit.state(), StateName::ChoosingMethod);
}

#[test]
fn another_person_ends_the_visit_with_the_camera_off() {
    let policy = policy();
    let mut visit = Visit::comparing(&policy);
    visit.touch(Target::OtherPerson);
    assert!(visit.stopped());
    assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::OtherPerson)));
    visit.ended_with(FaultCode::VisualCheckFailed, &[]);
}

#[test]
fn what_lies_over_the_comparison_asks_for_the_passcode_again() {
    let policy = policy();
    let mut visit = Visit::comparing(&policy);
    visit.touch(Target::CallStaff);
    visit.touch(Target::Back);
    assert_eq!(visit.view().screen, Screen::AwaitingStaff);
    visit.type_passcode();
    visit.passcode(PasscodeResult::Right);
    assert!(visit.compares(), "the photo is still there");
}

#[test]
fn a_step_the_card_refuses_closes_the_visual_check_too() {
    let policy = policy();
    for (result, reason) in
        [(PinLessResult::Refused, Reason::CardCannot), (PinLessResult::NotAvailable, Reason::ServiceCannot)]
    {
        let mut visit = Visit::comparing(&policy);
        visit.touch(Target::SamePerson);
        visit.touch(Target::WithoutNumber);
        visit.pin_less(result);
        assert_eq!(visit.visual_choice(), closed(reason));
        visit.closed_by(reason);
    }
}

#[test]
fn the_last_try_and_a_blocked_pin_lead_to_it() {
    let policy = policy();
    let mut visit = Visit::with_staff(&policy, 1);
    visit.touch(Target::Pin);
    assert_eq!(visit.view().screen, Screen::LastTry { face: true, visual: true });
    visit.touch(Target::Visual);
    assert_eq!(visit.state(), StateName::CheckingVisually);
    let mut visit = Visit::with_staff(&policy, 2);
    visit.touch(Target::Pin);
    visit.show();
    for _ in 0..4 {
        visit.hear(Event::Key(visit.view().revision));
    }
    visit.touch(Target::Confirm);
    visit.hear(Event::Pin(visit.id(), crate::PinResult::Blocked));
    assert_eq!(visit.view().screen, Screen::PinBlocked { in_this_visit: true, face: true, visual: true });
    visit.touch(Target::Visual);
    assert_eq!(visit.state(), StateName::CheckingVisually);
}

#[test]
fn who_cannot_turn_the_head_has_other_ways_and_no_try_is_counted() {
    let policy = policy();
    let mut visit = Visit::at_the_camera_with_photo(&policy, 3);
    visit.hear(Event::VisualWay(VisualWay::Ready));
    for _ in 0..=FACE_TRIES {
        visit.touch(Target::CannotMove);
        assert!(visit.stopped());
        let expected = Screen::FaceFailed { again: true, pin: true, visual: true, advice: None, child: false };
        assert_eq!(visit.view().screen, expected);
        visit.touch(Target::Again);
    }
    assert_eq!(visit.state(), StateName::FacingCamera);
}

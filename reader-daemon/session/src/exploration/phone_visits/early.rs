//! Phones held before anything was touched: understood, never refused (patient-flow section 11).

use super::*;

#[test]
fn an_early_iphone_is_understood_and_signs_as_soon_as_the_session_is_open() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    assert!(visit.did(|effect| matches!(effect, Effect::OpenSession(_))));
    assert_eq!(visit.used(), None, "a signature needs the service's nonce");
    assert!(matches!(visit.view().screen, Screen::HoldingPhone { reading: true, .. }), "no bare error");
    visit.open(true);
    assert_eq!(visit.used(), Some(None));
    assert!(!visit.view().cancel, "what is under way cannot be called back");
    visit.tap(SIGNED);
    assert_eq!(visit.state(), StateName::WaitingForResult);
    assert!(visit.did(|effect| matches!(effect, Effect::Authenticate(_))));
    visit.take_away();
    assert_eq!(visit.state(), StateName::WaitingForResult, "a phone taken away is never a card taken out");
}

#[test]
fn an_early_android_is_asked_for_its_pin_and_held_once_more() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(PhoneResult::PinWanted { tries_left: 3 });
    assert_eq!(visit.pad(), None);
    visit.take_away();
    visit.type_pin();
    assert_eq!(visit.notice(), Some(PhoneNotice::Once));
    assert_eq!(visit.used(), None);
    visit.hold(2);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
    visit.tap(SIGNED);
    assert_eq!(visit.state(), StateName::WaitingForResult);
}

#[test]
fn a_phone_that_still_lies_there_when_its_pin_is_confirmed_is_used_at_once() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(PhoneResult::PinWanted { tries_left: 2 });
    assert_eq!(visit.pad(), Some(PinNotice { wrong: false, left: 2 }));
    visit.type_pin();
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
}

#[test]
fn an_early_phone_taken_away_too_soon_leads_to_the_choice_and_never_to_an_error() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.take_away();
    assert_eq!(visit.view().screen, Screen::ChoosingPhone);
    visit.open(true);
    visit.hold(2);
    assert_eq!(visit.used(), Some(None));
    visit.tap(PhoneResult::NotRead);
    assert_eq!(visit.view().screen, Screen::ChoosingPhone);
    assert_eq!(visit.used(), None, "the same placement is not used again by itself");
    visit.touch(Target::Iphone);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Iphone)), "touching says so");
}

//! Single visits by the card's PIN: the ways away from its pad.

use screen::{PinNotice, Screen, Target};

use super::{policy, visit::Visit};
use crate::{Effect, Event, PinResult, StateName, limits::PIN_DIGITS};

fn key(visit: &mut Visit<'_>) {
    visit.hear(Event::Key(visit.view().revision));
}

#[test]
fn back_from_the_pad_shows_all_ways_and_keeps_no_digit() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    let ways = visit.view().screen.clone();
    visit.touch(Target::Pin);
    visit.show();
    key(&mut visit);
    key(&mut visit);
    visit.touch(Target::Back);
    assert_eq!((visit.state(), &visit.view().screen), (StateName::ChoosingMethod, &ways));
    assert!(visit.did(|effect| *effect == Effect::WipePin));
    visit.touch(Target::Pin);
    assert_eq!(
        visit.view().screen,
        Screen::EnteringPin { phone: false, digits: 0, notice: None, face: true },
        "typed from the beginning"
    );
    visit.show();
    for _ in 0..PIN_DIGITS - 1 {
        key(&mut visit);
    }
    visit.touch(Target::Confirm);
    assert_eq!(visit.state(), StateName::EnteringPin, "what was typed before is not part of it");
}

/// The tries come from the card; the way back changes nothing of them, nor of the second confirmation.
#[test]
fn back_after_a_wrong_pin_does_not_forget_the_tries() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 2, true);
    visit.open(true);
    visit.touch(Target::Pin);
    visit.show();
    for _ in 0..PIN_DIGITS {
        key(&mut visit);
    }
    visit.touch(Target::Confirm);
    visit.hear(Event::Pin(visit.id(), PinResult::Wrong { left: 1 }));
    assert_eq!(visit.view().screen, Screen::LastTry { face: true, visual: false });
    visit.touch(Target::UseLastTry);
    let wrong = Some(PinNotice { wrong: true, left: 1 });
    assert_eq!(visit.view().screen, Screen::EnteringPin { phone: false, digits: 0, notice: wrong, face: true });
    visit.touch(Target::Back);
    assert_eq!(visit.state(), StateName::ChoosingMethod);
    visit.touch(Target::Pin);
    assert_eq!(visit.view().screen, Screen::LastTry { face: true, visual: false }, "the warning comes again");
}

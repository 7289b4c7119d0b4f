//! The laws of the face way, held against every way through a visit: the walk remembers what came before.

use proptest::prelude::*;
use screen::Screen;

use super::{
    events,
    ledger::{Breach, Ledger, offers_face},
    policy, ready, walk, walk_remembering,
};
use crate::{
    Effect, Event, FaceOutcome, FaceSeen, FaceWay, Pace, PhotoOrder, PhotoResult, PinLessOrder, PinResult, Session,
    StaffNote, StateName, VisitId, effect::CodeSource, limits::FACE_TRIES, step,
};

/// Walks every way and reports each breach; `counts` says how often the effect the law is about was seen.
fn hold(law: &[Breach], counts: fn(&Effect) -> bool) {
    let mut seen = 0;
    // Once the identity is proved or the visit over, nothing leads back to the face way of this visit.
    let follow = |session: &Session| {
        let unproved = session.visit().is_some() && session.state_name() != StateName::WaitingForResult;
        // A countdown is interrupted or ends the visit.
        (unproved && session.view().is_none_or(|view| view.countdown.is_none()))
            || session.state_name() == StateName::Idle
    };
    walk_remembering(follow, |mut ledger: Ledger, before, event, after, effects| {
        let breaches = ledger.note(before, event, after, effects);
        assert!(
            !breaches.iter().any(|breach| law.contains(breach)),
            "{breaches:?} at {event:?} in {}: {effects:?}",
            before.state_name().word()
        );
        seen += effects.iter().filter(|effect| counts(effect)).count();
        ledger
    });
    assert!(seen > 0, "the law was never put to the test");
}

#[test]
fn law_6_camera_and_photo_only_after_face_was_touched() {
    hold(&[Breach::Untouched], |effect| matches!(effect, Effect::LookAtFace(..) | Effect::ReadPhoto(_)));
}

#[test]
fn law_6_the_camera_is_off_before_anything_else_is_shown() {
    hold(&[Breach::ShownWhileLooking], |effect| matches!(effect, Effect::StopLooking(_)));
}

#[test]
fn law_6_staff_compare_only_after_the_right_passcode() {
    hold(&[Breach::WithoutPasscode], |effect| matches!(effect, Effect::Compare(_)));
}

#[test]
fn law_8_after_an_attack_the_camera_stays_off_for_the_visit() {
    hold(&[Breach::AfterAttack], |effect| matches!(effect, Effect::LookAtFace(..)));
}

#[test]
fn law_8_what_card_photo_or_service_closed_stays_closed_for_the_visit() {
    hold(&[Breach::AfterRefusal], |effect| matches!(effect, Effect::LookAtFace(..)));
}

#[test]
fn law_8_a_visit_has_no_more_tries_at_the_camera_than_the_limit() {
    hold(&[Breach::TooManyTries], |effect| matches!(effect, Effect::LookAtFace(..)));
}

#[test]
fn law_1_the_card_is_used_without_pin_once_for_one_match_in_this_visit() {
    hold(&[Breach::Unmatched], |effect| matches!(effect, Effect::SignWithoutPin(_)));
}

#[test]
fn law_1_a_surface_code_is_never_sent_again_by_itself() {
    hold(&[Breach::ReadTwice, Breach::ScannedAgain], |effect| matches!(effect, Effect::ReadPhoto(_)));
}

#[test]
fn law_4_a_match_counts_only_while_its_card_is_there() {
    hold(&[Breach::WithoutCard], |effect| matches!(effect, Effect::SignWithoutPin(_)));
}

/// Law 1: nothing of the face way spends a PIN try.
#[test]
fn law_1_the_face_way_never_sends_a_pin() {
    walk(|before, event, _, effects| {
        let face = matches!(event, Event::Photo(..) | Event::Face(..) | Event::PinLess(..) | Event::SurfaceKey(..));
        let sends = effects.iter().any(|effect| matches!(effect, Effect::VerifyAndSign(_) | Effect::KeepDigit));
        assert!(!(face && sends), "{event:?} in {}", before.state_name().word());
    });
}

/// Law 8: the screen after an attack offers no further look and says nothing that the other failures do not say.
#[test]
fn law_8_an_attack_is_never_a_retry_and_accuses_nobody() {
    let (mut attacks, mut others) = (0, 0);
    walk(|before, event, after, effects| {
        let Event::Face(_, FaceSeen::Decided(outcome)) = event else { return };
        if before.state_name() != StateName::FacingCamera || after.state_name() != StateName::FaceFailed {
            return;
        }
        let shown = effects.iter().find_map(|e| if let Effect::Show(view) = e { Some(&view.screen) } else { None });
        let Some(Screen::FaceFailed { again, advice, .. }) = shown else { panic!("{effects:?}") };
        if *outcome == FaceOutcome::Attack {
            attacks += 1;
            assert!(!again && advice.is_none());
            // The desk hears what it hears of every face way that is used up.
            let told = effects
                .iter()
                .any(|effect| matches!(effect, Effect::TellStaff(note) if *note != StaffNote::FaceUsedUp));
            assert!(!told, "nobody is accused at the desk either");
        } else {
            others += 1;
        }
    });
    assert!(attacks > 0 && others > 0);
}

/// The face is never the only way in: wherever the PIN can still be used, a failed face leads to it.
#[test]
fn law_8_a_failed_face_always_leaves_the_pin_where_it_can_be_used() {
    let policy = policy();
    let mut led = 0;
    walk(|_, _, after, _| {
        if after.state_name() != StateName::FaceFailed {
            return;
        }
        let (shown, _) = step(after.clone(), Event::Shown(after.common.revision()), &policy);
        let Some(view) = shown.view() else { return };
        let Screen::FaceFailed { pin, .. } = &view.screen else { return };
        let touch = Event::Touched(view.revision, screen::Target::Pin);
        let (next, _) = step(shown.clone(), touch, &policy);
        assert_eq!(next.state_name() == StateName::EnteringPin, *pin);
        led += usize::from(*pin);
    });
    assert!(led > 0);
}

/// Law 11: the camera step ends by itself, whatever the worker does not say.
#[test]
fn law_11_a_try_at_the_camera_ends_without_the_worker() {
    let policy = policy();
    let mut tried = 0;
    walk(|_, _, after, _| {
        if after.state_name() != StateName::FacingCamera {
            return;
        }
        tried += 1;
        let mut session = after.clone();
        for _ in 0..2 {
            let deadline = session.deadlines()[0];
            session = step(session, Event::Deadline(deadline), &policy).0;
            if session.state_name() != StateName::FacingCamera {
                return;
            }
        }
        panic!("the camera stays on");
    });
    assert!(tried > 0);
}

/// What is touched counts only where it is offered: face opens nothing on a screen that does not show it open.
#[test]
fn face_begins_only_from_a_screen_that_offers_it() {
    let mut begun = 0;
    walk(|before, event, after, _| {
        let begins = |name| matches!(name, StateName::FacingCamera | StateName::KeyingSurfaceCode);
        let Event::Touched(_, screen::Target::Face) = event else { return };
        let offered = before.view().is_some_and(|view| offers_face(&view.screen));
        if begins(after.state_name()) && !begins(before.state_name()) {
            begun += 1;
            assert!(offered, "{}", before.state_name().word());
        }
    });
    assert!(begun > 0);
}

/// The ledger itself must find what it looks for.
#[test]
fn the_ledger_finds_planted_breaches() {
    let policy = policy();
    let visit = VisitId(1);
    let session = ready(FaceWay::Ready, &policy);
    let quiet = Event::Receipt(visit);
    let note = |ledger: &mut Ledger, event: &Event, effects: &[Effect]| ledger.note(&session, event, &session, effects);
    let look = [Effect::LookAtFace(visit, Pace::Usual)];
    let read = Effect::ReadPhoto(PhotoOrder { visit, identity: [7; 32], code: CodeSource::Scanner });
    assert_eq!(note(&mut Ledger::default(), &quiet, &look), [Breach::Untouched]);
    assert!(note(&mut Ledger::default(), &quiet, &[read.clone(), read]).contains(&Breach::ReadTwice));
    let sign = [Effect::SignWithoutPin(PinLessOrder { visit, identity: [7; 32], by: crate::ProvedBy::Face })];
    assert_eq!(note(&mut Ledger::default(), &quiet, &sign), [Breach::Unmatched, Breach::WithoutCard]);
    let by = crate::ProvedBy::Staff { number: None };
    let sign = [Effect::SignWithoutPin(PinLessOrder { visit, identity: [7; 32], by })];
    assert_eq!(note(&mut Ledger::default(), &quiet, &sign), [Breach::Unmatched, Breach::WithoutCard]);
    assert_eq!(note(&mut Ledger::default(), &quiet, &[Effect::Compare(visit)]), [Breach::WithoutPasscode]);
    let mut ledger = Ledger::default();
    note(&mut ledger, &quiet, &look);
    let shown = Effect::Show(Box::new(session.view().unwrap().clone()));
    assert_eq!(note(&mut ledger, &quiet, std::slice::from_ref(&shown)), [Breach::ShownWhileLooking]);

    let open = facing(&policy);
    let visit = open.visit().unwrap();
    let look = [Effect::LookAtFace(visit, Pace::Usual)];
    let read = Effect::ReadPhoto(PhotoOrder { visit, identity: [7; 32], code: CodeSource::Scanner });
    for lost in [quiet.clone(), Event::Face(visit, FaceSeen::Decided(FaceOutcome::Gone))] {
        let mut ledger = Ledger::default();
        ledger.note(&open, &quiet, &open, &[look[0].clone(), read.clone()]);
        ledger.note(&open, &lost, &open, &[]);
        let mut refused = ledger.clone();
        let wrong = Event::Photo(visit, PhotoResult::CodeWrong);
        assert!(ledger.note(&open, &wrong, &open, std::slice::from_ref(&read)).contains(&Breach::ScannedAgain));
        let cloned = Event::Photo(visit, PhotoResult::Cloned);
        assert!(refused.note(&open, &cloned, &open, &look).contains(&Breach::AfterRefusal));
    }
    let mut ledger = Ledger::default();
    ledger.note(&open, &quiet, &open, &look);
    let attack = Event::Face(visit, FaceSeen::Decided(FaceOutcome::Attack));
    assert!(ledger.note(&open, &attack, &open, &look).contains(&Breach::AfterAttack));
    let mut ledger = Ledger::default();
    for _ in 0..FACE_TRIES {
        assert!(!ledger.note(&open, &quiet, &open, &look).contains(&Breach::TooManyTries));
        ledger.note(&open, &Event::Face(visit, FaceSeen::Decided(FaceOutcome::NoMatch)), &open, &[]);
    }
    assert!(ledger.note(&open, &quiet, &open, &look).contains(&Breach::TooManyTries));
}

/// A session at the camera; the photo is still being read.
fn facing(policy: &crate::Policy) -> Session {
    super::visit::Visit::at_the_camera(policy).session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Long mixed-up days: many visits, the face way coming and going, answers in any order.
    #[test]
    fn law_8_no_day_however_mixed_up_breaks_a_law_of_the_face_way(
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..400)
    ) {
        let policy = policy();
        let (mut session, mut ledger) = (ready(FaceWay::Ready, &policy), Ledger::default());
        let mut day = Vec::new();
        for pick in picks {
            // What leads on comes more often than what ends a visit, so that the deep states are met too.
            let events: Vec<_> = events(&session)
                .into_iter()
                .flat_map(|(word, event)| {
                    let on = matches!(&event, Event::Shown(_) | Event::Presence(crate::Presence::Card(1)))
                        || matches!(word.as_str(), "card read" | "photo ready" | "touch face" | "touch again")
                        || matches!(event, Event::Face(..) | Event::PinLess(..));
                    std::iter::repeat_n(event, if on { 40 } else { 1 })
                })
                .collect();
            let event = pick.get(&events).clone();
            let (next, effects) = step(session.clone(), event.clone(), &policy);
            day.push(event.clone());
            let breaches = ledger.note(&session, &event, &next, &effects);
            prop_assert!(breaches.is_empty(), "{breaches:?} after {day:?}: {effects:?}");
            let pin = matches!(event, Event::Pin(_, PinResult::Signed) | Event::PinLess(..) | Event::Phone(..));
            let authenticates = effects.iter().any(|effect| matches!(effect, Effect::Authenticate(_)));
            prop_assert!(!authenticates || pin, "{event:?} proved nobody");
            session = next;
        }
    }
}

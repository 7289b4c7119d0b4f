//! The laws of every visit, held against each step of the walk.

use std::collections::{BTreeSet, HashSet};

use screen::{Revision, Screen, Target};

use super::{events, lookups, policy, walk};
use crate::{
    CardReading, ComparingWith, DeadlineId, Effect, Event, FaceOutcome, FaceSeen, Opening, PasscodeResult, PhoneResult,
    PhotoResult, PinLessResult, PinResult, Presence, StateName, Storing, SurfaceDigit, VisitId, step,
};

fn verify_orders(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::VerifyAndSign(_))).count()
}

#[test]
fn every_state_takes_every_event_and_every_state_is_reached() {
    let walk = walk(|_, _, _, _| {});
    let reached: BTreeSet<_> = walk.pairs.iter().map(|(state, _)| *state).collect();
    assert_eq!(reached, StateName::ALL.iter().copied().collect(), "a state nobody can reach is dead code");
    let words: BTreeSet<_> = walk.pairs.iter().map(|(_, word)| word.clone()).filter(|word| word != "time").collect();
    for state in StateName::ALL {
        for word in &words {
            assert!(walk.pairs.contains(&(*state, word.clone())), "{} never met {word}", state.word());
        }
    }
}

/// Law 1: VERIFY follows a confirmation on the view that is on the glass, with four kept digits, once.
#[test]
fn law_1_a_pin_is_sent_only_after_the_patient_confirmed_it() {
    let mut sent = 0;
    walk(|before, event, after, effects| {
        if verify_orders(effects) == 0 {
            return;
        }
        sent += 1;
        assert_eq!(verify_orders(effects), 1);
        assert_eq!(after.state_name(), StateName::CheckingPin);
        match event {
            Event::Touched(revision, target) => {
                assert_eq!(*target, Target::Confirm);
                let view = before.view().unwrap();
                assert_eq!(*revision, view.revision);
                match &view.screen {
                    Screen::EnteringPin { digits, .. } => {
                        assert_eq!(*digits, 4);
                        let one_left =
                            effects.iter().any(|e| matches!(e, Effect::VerifyAndSign(o) if o.tries_left <= 1));
                        assert!(!one_left, "the last try needs its second confirmation");
                    }
                    Screen::ConfirmLastTry => {}
                    other => panic!("VERIFY from {other:?}"),
                }
            }
            Event::Opened(_, Opening::Open { .. }) => assert_eq!(before.state_name(), StateName::CheckingPin),
            other => panic!("VERIFY after {other:?}"),
        }
    });
    assert!(sent > 0);
}

/// Law 1: once an order is out, nothing brings a second one without new keys.
#[test]
fn law_1_an_order_is_never_given_twice_for_one_entry() {
    let policy = policy();
    walk(|_, _, after, effects| {
        if verify_orders(effects) == 0 {
            return;
        }
        for (_, event) in events(after) {
            let (_, effects) = step(after.clone(), event.clone(), &policy);
            assert_eq!(verify_orders(&effects), 0, "a second order after {event:?}");
        }
    });
}

/// Architecture, `finish`: one way out, from everywhere, with wiped digits.
#[test]
fn every_visit_that_ends_is_finished_once_and_wiped() {
    walk(|before, event, after, effects| {
        let finishes: Vec<_> =
            effects.iter().filter_map(|e| if let Effect::Finish(v, _) = e { Some(*v) } else { None }).collect();
        let ended = before.visit().is_some() && after.visit() != before.visit();
        assert_eq!(finishes.len(), usize::from(ended), "{event:?} in {:?}", before.state_name());
        if ended {
            assert_eq!(finishes.first().copied(), before.visit());
            assert!(effects.contains(&Effect::WipePin));
        }
        let idle = matches!(
            after.state_name(),
            StateName::Idle | StateName::CardLeft | StateName::NeedingHelp | StateName::TakingCard
        );
        assert!(!(idle && after.visit().is_some()), "{:?} keeps a visit open", after.state_name());
    });
}

/// Law 7: the receipt screen needs the receipt; a desk screen that says "finished" needs a durable result.
#[test]
fn law_7_done_is_shown_only_after_a_receipt() {
    walk(|before, event, after, effects| {
        let shows =
            |screen: fn(&Screen) -> bool| effects.iter().any(|e| matches!(e, Effect::Show(v) if screen(&v.screen)));
        let was = before.state_name() == StateName::TakingCard;
        if shows(|s| matches!(s, Screen::Done { .. })) && !was {
            assert!(matches!(event, Event::Receipt(_)), "done after {event:?}");
        }
        if shows(|s| matches!(s, Screen::GoToDesk { finished: true, .. })) && !was {
            let just_now = matches!(event, Event::Stored(_, Storing::Durable));
            assert!(just_now || format!("{before:?}").contains("durable: true"), "{after:?}");
        }
    });
}

/// Law 4 and the revisions: what belongs to an older view, visit or deadline changes nothing.
#[test]
fn law_4_stale_touches_answers_and_deadlines_change_nothing() {
    let policy = policy();
    let mut tried = 0;
    walk(|before, _, _, _| {
        tried += 1;
        if tried % 17 != 0 {
            return;
        }
        let old = Revision(before.common().revision().0.wrapping_sub(1));
        let stale = VisitId(u64::MAX);
        let mut events = vec![
            Event::Deadline(DeadlineId(u64::MAX)),
            Event::Shown(old),
            Event::Active(old),
            Event::Key(old),
            Event::SurfaceKey(old, SurfaceDigit(1)),
        ];
        events.extend(Target::ALL.map(|target| Event::Touched(old, target)));
        events.extend(lookups().into_iter().map(|lookup| Event::LookedUp(stale, lookup)));
        events.push(Event::Pin(stale, PinResult::Signed));
        events.push(Event::Phone(stale, PhoneResult::Signed { identity: [9; 32] }));
        events.push(Event::Passcode(stale, PasscodeResult::Right));
        events.push(Event::Comparing(stale, ComparingWith::Photo));
        events.push(Event::StaffKey(old, 1));
        events.push(Event::Receipt(stale));
        events.push(Event::Photo(stale, PhotoResult::Ready));
        events.push(Event::Photo(stale, PhotoResult::Cloned));
        events.push(Event::Face(stale, FaceSeen::Decided(FaceOutcome::Match)));
        events.push(Event::Face(stale, FaceSeen::Decided(FaceOutcome::Attack)));
        events.push(Event::PinLess(stale, PinLessResult::Signed));
        events.push(Event::CardRead(stale, CardReading::MyNumber { identity: [1; 32], tries_left: 3, pin_less: true }));
        events.push(Event::Opened(stale, Opening::Open { facility: "x".into(), pin_less: true }));
        events.push(Event::Stored(stale, Storing::Durable));
        // Drawn once first: the very first step of a session puts its first view up.
        let (drawn, _) = step(before.clone(), Event::Deadline(DeadlineId(u64::MAX)), &policy);
        for event in events {
            let (after, effects) = step(drawn.clone(), event.clone(), &policy);
            assert_eq!(effects, [], "{event:?}");
            assert_eq!(after, drawn, "{event:?}");
        }
    });
}

/// Law 11: whoever waits has a deadline, but for the empty start screen and a card that only a hand can take.
#[test]
fn law_11_every_wait_has_a_deadline() {
    walk(|_, event, after, _| {
        if after.state_name() != StateName::Idle {
            assert!(!after.deadlines().is_empty(), "{} waits for ever after {event:?}", after.state_name().word());
        }
    });
}

/// Law 11: from everywhere time alone leads back to the start once the card is out.
#[test]
fn law_11_time_alone_leads_back_to_the_start() {
    let policy = policy();
    let mut checked = HashSet::new();
    walk(|_, _, after, _| {
        if !checked.insert(after.likeness()) {
            return;
        }
        let (mut session, _) = step(after.clone(), Event::Presence(Presence::Empty), &policy);
        for _ in 0..40 {
            if session.state_name() == StateName::Idle {
                return;
            }
            let deadline = session.deadlines()[0];
            session = step(session, Event::Deadline(deadline), &policy).0;
        }
        panic!("{} never ends", session.state_name().word());
    });
}

/// The name of the facility comes from the service at any time: a finger that is on its way still counts.
#[test]
fn a_name_that_arrives_takes_no_touch_away() {
    let policy = policy();
    let mut session = super::ready(crate::FaceWay::Ready, &policy);
    let seen = session.common().revision();
    session = step(session, Event::Shown(seen), &policy).0;
    let (named, effects) = step(session, Event::Facility("見本クリニック".to_owned()), &policy);
    assert!(matches!(effects.as_slice(), [Effect::Show(view)] if view.facility == "見本クリニック"));
    let (after, _) = step(named, Event::Touched(seen, Target::WithoutCard), &policy);
    assert_eq!(after.state_name(), StateName::OfferingOtherWays);
}

#[test]
fn a_dot_keeps_the_revision_and_a_new_question_changes_it() {
    let mut dots = 0;
    walk(|before, event, after, effects| {
        let Some(Effect::Show(view)) = effects.iter().rev().find(|e| matches!(e, Effect::Show(_))) else { return };
        let Some(last) = before.view() else { return };
        let digits =
            |screen: &Screen| if let Screen::EnteringPin { digits, .. } = screen { Some(*digits) } else { None };
        let (a, b) = (digits(&last.screen), digits(&view.screen));
        if matches!(event, Event::Key(_)) && a.is_some() && b.is_some() && a != b {
            dots += 1;
            assert_eq!(last.revision, view.revision);
        }
        if before.state_name() != after.state_name() {
            assert!(view.revision > last.revision, "{event:?}");
        }
    });
    assert!(dots > 0);
}

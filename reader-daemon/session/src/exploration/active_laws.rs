//! A patient who listens again, moves the ring or turns a page is there: their time begins anew, and nothing else happens.

use std::{collections::HashSet, time::Duration};

use screen::{Revision, Target, View, Wish};

use super::{policy, visit::Visit, walk, world};
use crate::{
    DeadlineId, Effect, Event, FaceWay, Opening, Policy, Presence, Session, StateName, WaitsFor, limits::SLOW, step,
};

fn armed(effects: &[Effect]) -> Vec<Duration> {
    effects.iter().filter_map(|effect| if let Effect::Arm(_, after) = effect { Some(*after) } else { None }).collect()
}

/// The same but for the bar that counts down.
fn alike(one: &View, other: &View) -> bool {
    View { countdown: None, ..one.clone() } == View { countdown: None, ..other.clone() }
}

/// As if a target had been touched that no screen offers.
fn touched_beside(session: &Session, policy: &Policy) -> (Session, Vec<Effect>) {
    step(session.clone(), Event::Touched(session.common.revision(), Target::Wish(Wish::Help)), policy)
}

fn active(session: &Session, revision: Revision, policy: &Policy) -> (Session, Vec<Effect>) {
    step(session.clone(), Event::Active(revision), policy)
}

/// Everywhere in the walk, with and without a countdown.
#[test]
fn an_act_answers_nothing_and_counts_as_a_touch_beside_every_target() {
    let policy = policy();
    let (mut seen, mut counted, mut machines) = (HashSet::new(), 0, 0);
    walk(|_, _, after, _| {
        let Some(view) = after.view() else { return };
        if !seen.insert(after.likeness()) {
            return;
        }
        let revision = after.common.revision();
        let not_yet = active(after, revision, &policy);
        let shown = step(after.clone(), Event::Shown(revision), &policy).0;
        if shown != *after {
            assert_eq!(not_yet, (after.clone(), vec![]), "nobody has seen it yet: {view:?}");
        }
        let old = Revision(revision.0.wrapping_sub(1));
        assert_eq!(active(&shown, old, &policy), (shown.clone(), vec![]), "of an older view");
        let (then, effects) = active(&shown, revision, &policy);
        assert_eq!((then.state_name(), then.visit()), (shown.state_name(), shown.visit()));
        assert!(alike(then.view().unwrap(), shown.view().unwrap()), "{effects:?}");
        let quiet = |effect: &Effect| matches!(effect, Effect::Arm(..) | Effect::Show(_));
        assert!(effects.iter().all(quiet), "{effects:?}");
        match shown.waits_for() {
            WaitsFor::Patient if matches!(shown.state_name(), StateName::ReadingNotice | StateName::NeedingHelp) => {
                counted += 1;
                assert_eq!(armed(&effects).len(), 1, "{effects:?}");
            }
            WaitsFor::Patient => {
                counted += usize::from(!effects.is_empty());
                assert_eq!((then, effects), touched_beside(&shown, &policy), "{:?}", shown.state_name());
            }
            WaitsFor::Card | WaitsFor::Service | WaitsFor::Staff | WaitsFor::Nobody => {
                machines += 1;
                assert_eq!((then, effects), (shown.clone(), vec![]), "{:?} is kept waiting", shown.state_name());
            }
        }
    });
    assert!(counted > 20 && machines > 20, "{counted} {machines}");
}

/// Three and a half minutes without a choice, and a key now and then: the question stays.
#[test]
fn a_question_stays_as_long_as_somebody_is_there() {
    let policy = policy();
    for (voice, times) in [(false, 1), (true, SLOW)] {
        let mut visit = Visit::on_card(&policy, 3, true);
        if voice {
            visit.touch(Target::Voice);
        }
        visit.show();
        let question = visit.view().clone();
        for _ in 0..10 {
            visit.time();
            assert!(visit.view().countdown.is_some());
            visit.hear(Event::Active(question.revision));
            assert_eq!(armed(&visit.effects), [policy.limits.inactivity * times]);
            assert_eq!(*visit.view(), question, "the bar is gone, and the view is as it was");
        }
        // The tick that was under way counts no more, and when nobody is there the time is the same as ever.
        visit.hear(Event::Deadline(DeadlineId(visit.session.deadlines()[0].0 - 1)));
        assert_eq!(visit.effects, []);
        visit.time();
        while visit.state() == StateName::ChoosingMethod {
            visit.time();
        }
        assert_eq!(visit.state(), StateName::TakingCard);
    }
}

/// The clinic's service is waited for as long as for everybody, whatever keys are pressed.
#[test]
fn a_machine_is_not_waited_for_any_longer() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.show();
    assert_eq!(visit.state(), StateName::WaitingForResult);
    let before = visit.session.clone();
    visit.hear(Event::Active(visit.view().revision));
    assert_eq!((&visit.session, &visit.effects), (&before, &vec![]));
}

/// Patient-flow 8: what is being listened to again is not cut off; and a ring that moves gives time to read.
#[test]
fn the_notice_is_read_anew_when_it_is_listened_to_again() {
    let policy = policy();
    let limits = policy.limits;
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.look_up(world::lookups().swap_remove(world::EVERYTHING));
    visit.show();
    visit.hear(Event::Active(visit.view().revision));
    assert_eq!(armed(&visit.effects), [limits.notice]);
    visit.touch(Target::Voice);
    visit.show();
    let revision = visit.view().revision;
    visit.hear(Event::Spoken(revision));
    assert_eq!(armed(&visit.effects), [limits.notice]);
    visit.hear(Event::Active(revision));
    assert_eq!(armed(&visit.effects), [limits.notice + limits.speech], "its speech runs again");
    visit.hear(Event::Spoken(revision));
    assert_eq!(armed(&visit.effects), [limits.notice], "and comes to its end again");
    // What lies over the notice is not the notice.
    visit.touch(Target::Language);
    visit.show();
    visit.hear(Event::Active(visit.view().revision));
    assert_eq!(armed(&visit.effects), []);
    visit.touch(Target::Back);
    visit.time();
    assert_eq!(visit.state(), StateName::GivingConsent);
}

/// A long text that is scrolled or listened to again is not taken away meanwhile.
#[test]
fn a_fault_is_read_anew_when_somebody_is_at_it() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.hear(Event::Opened(visit.id(), Opening::Unreachable));
    visit.show();
    assert_eq!(visit.state(), StateName::NeedingHelp);
    let first = visit.session.own_deadline().unwrap();
    visit.hear(Event::Active(visit.view().revision));
    assert_eq!(armed(&visit.effects), [policy.limits.fault]);
    visit.hear(Event::Deadline(first));
    assert_eq!(visit.state(), StateName::NeedingHelp, "the time armed before counts no more");
    visit.hear(Event::Deadline(visit.session.own_deadline().unwrap()));
    assert_eq!(visit.state(), StateName::CardLeft);
}

/// Whoever looks for a language beneath which the visit waits for them is there too.
#[test]
fn an_overlay_is_kept_open_by_who_moves_in_it() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.touch(Target::Language);
    visit.show();
    for _ in 0..5 {
        visit.time();
        assert!(visit.view().countdown.is_some());
        visit.hear(Event::Active(visit.view().revision));
        assert_eq!((armed(&visit.effects), visit.view().countdown), (vec![policy.limits.inactivity], None));
    }
    // Between visits nobody is waited for: what the last one chose is forgotten in its time.
    let mut visit = Visit { session: super::ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
    visit.touch(Target::Language);
    visit.show();
    visit.hear(Event::Active(visit.view().revision));
    assert_eq!(visit.effects, []);
    visit.hear(Event::Presence(Presence::Card(1)));
    assert_eq!(visit.state(), StateName::PlacingCard);
}

//! Single visits with languages, comfort and the staff call, told step by step; and what ゆっくりモード and voice change.

use std::time::Duration;

use screen::{Comfort, Language, Revision, Screen, StaffCall, Target, Wish};

use super::{policy, visit::Visit, world};
use crate::{
    Effect, Event, FaceWay, Opening, Presence, StaffNote, StateName,
    limits::{CALL_AGAIN, SLOW},
};

#[test]
fn language_and_comfort_last_as_long_as_the_patient_is_there() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.touch(Target::Language);
    visit.touch(Target::Speak(Language::Ne));
    assert_eq!(visit.view().language, Language::Ne);
    assert!(matches!(visit.view().screen, Screen::ChoosingMethod { .. }), "chosen is closed");
    visit.touch(Target::Comfort);
    for target in [Target::LargeType, Target::Contrast, Target::Slow, Target::Voice] {
        visit.touch(target);
    }
    assert_eq!(visit.view().comfort, Comfort { large: true, contrast: true, slow: true, voice: true });
    visit.touch(Target::Contrast);
    assert!(!visit.view().comfort.contrast);
    visit.touch(Target::Pin);
    assert_eq!(visit.state(), StateName::ChoosingMethod, "the overlay is still open");
    visit.touch(Target::Back);
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(visit.state(), StateName::Idle);
    let view = visit.view();
    assert_eq!((view.language, view.comfort, view.staff), (Language::Ja, Comfort::default(), StaffCall::Offered));
}

#[test]
fn an_overlay_on_the_start_screen_is_forgotten_with_who_opened_it() {
    let policy = policy();
    let mut visit = Visit { session: super::ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
    visit.touch(Target::Language);
    assert_eq!(visit.view().screen, Screen::ChoosingLanguage);
    visit.time();
    visit.time();
    assert!(matches!(visit.view().screen, Screen::Start { .. }));
    visit.touch(Target::Comfort);
    visit.card_in(1, 3, true);
    assert!(matches!(visit.view().screen, Screen::ChoosingMethod { .. }), "a card closes it");
}

/// Who looks for their language while the card is read finds it: the choice stays, and so does the touch on it.
#[test]
fn an_overlay_stays_open_while_the_visit_goes_on_beneath() {
    let policy = policy();
    let ready = || Visit { session: super::ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
    for (target, screen) in [
        (Target::Language, Screen::ChoosingLanguage),
        (Target::Comfort, Screen::ChoosingComfort),
        (Target::CallStaff, Screen::CallingStaff { wish: None }),
    ] {
        let mut visit = ready();
        visit.hear(Event::Presence(Presence::Card(1)));
        visit.touch(target);
        let seen = visit.view().revision;
        visit.read(3, true);
        assert_eq!((visit.state(), &visit.view().screen), (StateName::ChoosingMethod, &screen));
        assert_eq!(visit.view().revision, seen, "a touch made just now counts");
        visit.touch(Target::Back);
        assert!(matches!(visit.view().screen, Screen::ChoosingMethod { .. }));
    }
}

/// What has to be seen at once closes it.
#[test]
fn an_overlay_closes_for_a_fault_the_card_and_time() {
    let policy = policy();
    let over_method = || {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.touch(Target::Language);
        visit
    };
    let mut visit = over_method();
    visit.hear(Event::Opened(visit.session.visit().unwrap(), Opening::ClockSkew));
    assert!(matches!(visit.view().screen, Screen::NeedHelp { .. }), "a fault");
    let mut visit = over_method();
    visit.hear(Event::Presence(Presence::Empty));
    assert!(matches!(visit.view().screen, Screen::Start { .. }), "the card");
    let mut visit = over_method();
    visit.time();
    visit.time();
    assert_eq!(visit.view().screen, Screen::TakeCard, "time");
}

/// The text of a fault goes by itself after a while; whoever says meanwhile what staff are called for is not cut off.
#[test]
fn what_is_opened_over_a_fault_waits_for_whoever_is_there() {
    let policy = policy();
    let called = |card: bool| {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.hear(Event::Opened(visit.id(), Opening::Unreachable));
        if !card {
            visit.hear(Event::Presence(Presence::Empty));
        }
        visit.touch(Target::CallStaff);
        visit.show();
        visit
    };
    let own = |visit: &mut Visit<'_>| visit.hear(Event::Deadline(visit.session.own_deadline().unwrap()));
    for (card, then) in [(true, StateName::CardLeft), (false, StateName::Idle)] {
        let mut visit = called(card);
        let question = visit.view().clone();
        for _ in 0..3 {
            own(&mut visit);
            assert_eq!((visit.state(), visit.view()), (StateName::NeedingHelp, &question));
        }
        visit.touch(Target::Wish(Wish::Help));
        assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::Called(Some(Wish::Help)))));
        // The text of the fault is back, without a bar that counts down, and has its time.
        visit.show();
        assert!(matches!(visit.view().screen, Screen::NeedHelp { .. }) && visit.view().countdown.is_none());
        assert_eq!(visit.session.deadlines().len(), 1);
        own(&mut visit);
        assert_eq!(visit.state(), then);
        // Nobody there: it closes as it does over every question.
        let mut visit = called(card);
        for _ in 0..5 {
            let inactivity = *visit.session.deadlines().last().unwrap();
            visit.hear(Event::Deadline(inactivity));
            if visit.state() != StateName::NeedingHelp {
                break;
            }
        }
        assert_eq!(visit.state(), then);
    }
}

#[test]
fn staff_are_called_at_once_and_told_each_wish_once() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    let told = |visit: &Visit<'_>| {
        let note = |effect: &Effect| if let Effect::TellStaff(note) = effect { Some(*note) } else { None };
        visit.effects.iter().filter_map(note).collect::<Vec<_>>()
    };
    visit.touch(Target::CallStaff);
    assert_eq!(told(&visit), [StaffNote::Called(None)]);
    assert_eq!(visit.view().screen, Screen::CallingStaff { wish: None });
    let question = visit.view().revision;
    visit.touch(Target::Wish(Wish::Writing));
    assert_eq!(told(&visit), [StaffNote::Called(Some(Wish::Writing))]);
    assert!(matches!(visit.view().screen, Screen::ChoosingMethod { .. }));
    visit.hear(Event::Touched(question, Target::Wish(Wish::Writing)));
    assert_eq!(told(&visit), [], "a double tap");
    visit.touch(Target::CallStaff);
    assert_eq!((told(&visit), &visit.view().screen), (vec![], &Screen::CallingStaff { wish: Some(Wish::Writing) }));
    visit.touch(Target::Wish(Wish::Writing));
    assert_eq!(told(&visit), [], "nothing new");
    visit.touch(Target::CallStaff);
    visit.touch(Target::Wish(Wish::Help));
    assert_eq!(told(&visit), [StaffNote::Called(Some(Wish::Help))]);
}

/// Nobody came: after a while the same touch calls again, and says the wish that is known. So it does where there is no
/// card and staff were called without a touch.
#[test]
fn staff_can_be_called_again_when_nobody_has_come() {
    let policy = policy();
    assert_eq!(CALL_AGAIN.as_secs(), 60);
    let called = |visit: &Visit<'_>| {
        let note = |effect: &Effect| match effect {
            Effect::TellStaff(StaffNote::Called(wish)) => Some(*wish),
            _ => None,
        };
        visit.effects.iter().find_map(note)
    };
    let timer = |visit: &Visit<'_>| {
        let arm = |effect: &Effect| match effect {
            Effect::Arm(id, after) if *after == CALL_AGAIN => Some(*id),
            _ => None,
        };
        visit.effects.iter().find_map(arm)
    };
    let mut visit = Visit { session: super::ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
    visit.touch(Target::WithoutCard);
    assert_eq!(called(&visit), Some(None));
    let first = timer(&visit).unwrap();
    assert_eq!(visit.view().staff, StaffCall::Called);
    visit.touch(Target::CallStaff);
    assert_eq!((called(&visit), &visit.view().screen), (None, &Screen::CallingStaff { wish: None }));
    visit.touch(Target::Wish(Wish::Wheelchair));
    assert_eq!(called(&visit), Some(Some(Wish::Wheelchair)));
    assert!(visit.session.heard().contains(&first) && !visit.session.deadlines().contains(&first));
    let before = visit.view().clone();
    visit.hear(Event::Deadline(first));
    assert_eq!((visit.view(), &visit.effects), (&before, &vec![]), "it leads nowhere");
    visit.touch(Target::CallStaff);
    assert_eq!(called(&visit), Some(Some(Wish::Wheelchair)));
    let second = timer(&visit).unwrap();
    visit.touch(Target::CallStaff);
    assert_eq!(called(&visit), None);
    // The next patient's call is a new one, whatever time is left of this.
    visit.touch(Target::Back);
    visit.touch(Target::Back);
    assert_eq!((visit.state(), visit.view().staff), (StateName::Idle, StaffCall::Offered));
    assert!(!visit.session.heard().contains(&second));
    visit.touch(Target::CallStaff);
    assert_eq!(called(&visit), Some(None));
}

/// Whoever does not see cannot look for the switch: one key asks for the voice on every screen, and it takes its time.
#[test]
fn the_voice_is_switched_on_from_every_screen() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    let question = visit.view().screen.clone();
    visit.touch(Target::Voice);
    assert!(visit.view().comfort.voice);
    assert_eq!(visit.view().screen, question, "nothing else has changed");
    let armed = |visit: &Visit<'_>| {
        visit
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Arm(_, after) if *after == policy.limits.inactivity * SLOW))
    };
    visit.touch(Target::Pin);
    visit.show();
    assert!(armed(&visit), "{:?}", visit.effects);
    visit.touch(Target::Voice);
    assert!(!visit.view().comfort.voice);
}

/// ゆっくりモード: inactivity and countdown, the notice and the card left behind wait three times as long.
#[test]
fn slow_mode_waits_three_times_as_long() {
    let policy = policy();
    let armed = |visit: &Visit<'_>| {
        let arm = |effect: &Effect| if let Effect::Arm(_, after) = effect { Some(*after) } else { None };
        visit.effects.iter().rev().find_map(arm).unwrap()
    };
    let limits = policy.limits;
    let cues = [limits.card_left, limits.card_left_louder, limits.card_left_staff].map(|time| time.as_secs());
    assert_eq!((cues, SLOW), ([10, 20, 60], 3), "patient-flow S13");
    for (slow, times) in [(false, 1), (true, SLOW)] {
        let mut visit = Visit::on_card(&policy, 3, true);
        if slow {
            visit.touch(Target::Comfort);
            visit.touch(Target::Slow);
            assert_eq!(armed(&visit), limits.inactivity * SLOW, "from the touch on");
            visit.touch(Target::Back);
        }
        visit.show();
        visit.touch(Target::Erase);
        assert_eq!(armed(&visit), limits.inactivity * times);
        visit.time();
        assert_eq!(visit.view().countdown.map(u32::from), Some(times));
        visit.prove_by_pin();
        visit.look_up(world::lookups().swap_remove(world::EVERYTHING));
        visit.show();
        assert_eq!(armed(&visit), limits.notice * times);
        visit.touch(Target::Cancel);
        visit.touch(Target::StopReception);
        assert_eq!(armed(&visit), limits.card_left * times);
        let mut after = limits.card_left * times;
        for (loudness, total) in [(1, limits.card_left_louder), (2, limits.card_left_staff)] {
            visit.time();
            assert_eq!(visit.view().sound, Some(screen::Sound::TakeCard { loudness }));
            after += armed(&visit);
            assert_eq!(after, total * times);
            assert!(!visit.effects.contains(&Effect::TellStaff(StaffNote::CardLeft)));
        }
        visit.time();
        assert_eq!(visit.view().sound, Some(screen::Sound::TakeCard { loudness: 3 }));
        assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::CardLeft)));
        visit.hear(Event::Presence(Presence::Empty));
        assert_eq!(visit.state(), StateName::Idle, "the next patient can start at once");
    }
}

/// Patient-flow 8: the notice goes on 8 s after its speech has ended, and without a word from the voice all the same.
#[test]
fn the_notice_waits_for_the_voice() {
    let policy = policy();
    let armed = |visit: &Visit<'_>| {
        let arm = |effect: &Effect| if let Effect::Arm(_, after) = effect { Some(*after) } else { None };
        visit.effects.iter().filter_map(arm).collect::<Vec<_>>()
    };
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.look_up(world::lookups().swap_remove(world::EVERYTHING));
    assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::CertificateEnds)));
    visit.show();
    assert_eq!(armed(&visit), [policy.limits.notice]);
    visit.hear(Event::Spoken(visit.view().revision));
    assert_eq!(armed(&visit), [] as [Duration; 0], "the voice is off");
    visit.touch(Target::Comfort);
    visit.touch(Target::Voice);
    visit.touch(Target::Back);
    visit.show();
    assert_eq!(armed(&visit), [policy.limits.notice + policy.limits.speech], "a voice that never reports");
    let spoken = visit.view().revision;
    visit.hear(Event::Spoken(Revision(spoken.0 - 1)));
    assert_eq!(armed(&visit), [] as [Duration; 0], "another view's voice");
    visit.hear(Event::Spoken(spoken));
    assert_eq!(armed(&visit), [policy.limits.notice]);
    visit.hear(Event::Spoken(spoken));
    assert_eq!(armed(&visit), [] as [Duration; 0], "once");
    visit.touch(Target::Language);
    visit.touch(Target::Speak(Language::My));
    assert!(matches!(&visit.view().screen, Screen::CertificateNotice { phone: false, end, day, .. }
        if end == "my 2027-02-17" && *day == [2027, 2, 17]));
    visit.show();
    assert_eq!(armed(&visit), [policy.limits.notice + policy.limits.speech], "another language is another text");
    visit.time();
    assert!(matches!(visit.state(), StateName::GivingConsent));
}

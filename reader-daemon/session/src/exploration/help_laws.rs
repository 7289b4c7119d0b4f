//! 「もう一度」 after a fault: offered where the table of faults says so, and what it begins.

use std::collections::BTreeSet;

use screen::{Language, PhoneWay, Screen, Sound, Target, Way};

use super::{policy, visit::Visit, walk, world::RETRYABLE};
use crate::{
    CardReading, Effect, Event, FaceWay, FaultCode, Opening, Presence, StaffNote, StateName,
    limits::{CARD_READ_REPEATS, SLOW},
};

/// Exactly after the faults of the table, and there wherever a medium can begin it.
#[test]
fn again_is_offered_after_the_faults_the_table_names_and_after_no_other() {
    let policy = policy();
    let retryable = RETRYABLE.map(FaultCode::number);
    let (mut offered, mut withheld) = (BTreeSet::new(), BTreeSet::new());
    walk(|_, _, after, _| {
        let Some(Screen::NeedHelp { fault, ways, .. }) = after.view().map(|view| &view.screen) else { return };
        let common = after.common();
        let medium = if common.by_phone {
            policy.phone == PhoneWay::OwnReader && common.phone_presence != Presence::NoReader
        } else {
            matches!(common.presence, Presence::Card(_))
        };
        let again = ways.contains(&Way::Again);
        let desk = fault.next == "desk";
        assert!(!desk || fault.code == FaultCode::CardUnreadable.number());
        assert_eq!(again, medium && retryable.contains(&fault.code) && !desk, "{fault:?}");
        if again {
            offered.insert(fault.code.clone())
        } else {
            withheld.insert(fault.code.clone())
        };
    });
    assert!(offered.len() > 3 && withheld.len() > 10, "{offered:?} {withheld:?}");
}

#[test]
fn again_begins_the_visit_anew_with_the_card_that_lies_there() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    let first = visit.id();
    visit.hear(Event::Opened(first, Opening::Unreachable));
    assert!(visit.told(FaultCode::ServiceUnreachable));
    visit.touch(Target::Again);
    assert_eq!(visit.state(), StateName::PlacingCard);
    let second = visit.id();
    assert!(second != first && visit.did(|effect| *effect == Effect::OpenSession(second)));
    assert!(visit.did(|effect| *effect == Effect::ReadCard(second)));

    // A certificate that leads nowhere does not change by being read again.
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.hear(Event::Presence(Presence::Empty));
    visit.hear(Event::Presence(Presence::Card(2)));
    visit.hear(Event::CardRead(visit.id(), CardReading::Untrusted));
    visit.touch(Target::Again);
    assert_eq!((visit.state(), &visit.effects), (StateName::NeedingHelp, &vec![]));
}

#[test]
fn again_after_a_phone_asks_which_phone() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.touch(Target::Phone);
    visit.open(true);
    visit.touch(Target::Iphone);
    while visit.state() == StateName::HoldingPhone {
        visit.time();
    }
    assert!(visit.told(FaultCode::PhoneUnreadable));
    visit.touch(Target::Again);
    assert_eq!(visit.state(), StateName::ChoosingPhone);
}

/// Taken out of the table it is no longer offered: the table decides, nothing else.
#[test]
fn a_fault_that_the_table_does_not_name_offers_nothing_again() {
    let mut policy = policy();
    policy.texts.retryable.clear();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.hear(Event::Opened(visit.id(), Opening::Unreachable));
    assert_eq!(visit.fault(), (FaultCode::ServiceUnreachable.number(), vec![]));
}

/// E1: after two the desk is the next step, for one patient and in a row.
#[test]
fn the_second_unreadable_card_in_a_row_leads_to_the_desk() {
    let policy = policy();
    let mut visit = Visit { session: super::ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
    let next = |visit: &Visit<'_>| match &visit.view().screen {
        Screen::NeedHelp { fault, ways, .. } => (fault.next.clone(), ways.contains(&Way::Again)),
        other => panic!("{other:?}"),
    };
    let unreadable = |visit: &mut Visit<'_>, card: u32| {
        visit.hear(Event::Presence(Presence::Empty));
        visit.hear(Event::Presence(Presence::Card(card)));
        for _ in 0..=CARD_READ_REPEATS {
            visit.hear(Event::CardRead(visit.id(), CardReading::Unreadable));
        }
    };
    unreadable(&mut visit, 1);
    assert_eq!(next(&visit), ("next".to_owned(), true));
    unreadable(&mut visit, 2);
    assert_eq!(next(&visit), ("desk".to_owned(), false));
    assert!(visit.told(FaultCode::CardUnreadable), "staff hear of each");
    unreadable(&mut visit, 3);
    assert_eq!(next(&visit), ("desk".to_owned(), false));

    // The next patient begins anew, and so does a card that could be read.
    visit.hear(Event::Presence(Presence::Empty));
    visit.time();
    assert_eq!(visit.state(), StateName::Idle);
    unreadable(&mut visit, 4);
    assert_eq!(next(&visit), ("next".to_owned(), true));
    visit.hear(Event::Presence(Presence::Empty));
    visit.card_in(5, 3, true);
    visit.hear(Event::Presence(Presence::Empty));
    unreadable(&mut visit, 6);
    assert_eq!(next(&visit), ("next".to_owned(), true));
}

/// S13 after a fault: the text is read first, then the card is cued, and staff hear of it when they do elsewhere.
#[test]
fn a_card_left_at_a_fault_is_cued_once_its_text_could_be_read() {
    let policy = policy();
    let limits = policy.limits;
    assert_eq!((limits.fault.as_secs(), limits.card_left_staff.as_secs()), (20, 60));
    let armed = |visit: &Visit<'_>| {
        let arm = |effect: &Effect| if let Effect::Arm(_, after) = effect { Some(*after) } else { None };
        visit.effects.iter().rev().find_map(arm)
    };
    for (slow, times) in [(false, 1), (true, SLOW)] {
        let mut visit = Visit::on_card(&policy, 3, true);
        if slow {
            for target in [Target::Comfort, Target::Slow, Target::Back] {
                visit.touch(target);
            }
        }
        visit.hear(Event::Opened(visit.id(), Opening::Unreachable));
        assert_eq!(armed(&visit), Some(limits.card_left_staff * times), "should the screen never report it as shown");
        visit.show();
        assert_eq!(armed(&visit), Some(limits.fault * times));
        visit.time();
        assert_eq!((visit.state(), visit.view().sound), (StateName::CardLeft, Some(Sound::TakeCard { loudness: 2 })));
        assert_eq!(armed(&visit), Some((limits.card_left_staff - limits.fault) * times));
        assert!(!visit.effects.contains(&Effect::TellStaff(StaffNote::CardLeft)));
        visit.time();
        assert!(visit.effects.contains(&Effect::TellStaff(StaffNote::CardLeft)));
        visit.hear(Event::Presence(Presence::Empty));
        assert_eq!(visit.state(), StateName::Idle);
    }
}

/// Whose card it is decides whether language and comfort stay; as long as nobody can know, the next patient's does not
/// inherit them.
#[test]
fn another_card_at_a_fault_forgets_what_was_chosen_before() {
    let policy = policy();
    let at_fault = |read: bool| {
        let mut visit = Visit { session: super::ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
        visit.hear(Event::Presence(Presence::Card(1)));
        if read {
            visit.read(3, true);
        }
        for target in [Target::Language, Target::Speak(Language::My), Target::Comfort, Target::Slow, Target::Back] {
            visit.touch(target);
        }
        visit.hear(Event::Opened(visit.id(), Opening::Unreachable));
        assert_eq!(visit.state(), StateName::NeedingHelp);
        visit
    };
    let read = |visit: &mut Visit<'_>, identity: [u8; 32]| {
        let reading = CardReading::MyNumber { identity, tries_left: 3, pin_less: true };
        visit.hear(Event::CardRead(visit.id(), reading));
        assert_eq!(visit.state(), StateName::ChoosingMethod);
        (visit.view().language, visit.view().comfort.slow)
    };
    let (kept, forgotten) = ((Language::My, true), (Language::Ja, false));
    for (known, identity, then) in
        [(true, [7; 32], kept), (true, [8; 32], forgotten), (false, [7; 32], forgotten), (false, [8; 32], forgotten)]
    {
        let mut visit = at_fault(known);
        visit.hear(Event::Presence(Presence::Empty));
        visit.hear(Event::Presence(Presence::Card(2)));
        assert_eq!(visit.state(), StateName::PlacingCard);
        assert_eq!(read(&mut visit, identity), then, "{known} {identity:?}");
    }
    // The card that lay there all the time is the same.
    let mut visit = at_fault(false);
    visit.touch(Target::Again);
    assert_eq!(read(&mut visit, [7; 32]), kept);
    // What was chosen since is the new patient's own.
    let mut visit = at_fault(true);
    visit.hear(Event::Presence(Presence::Empty));
    visit.hear(Event::Presence(Presence::Card(2)));
    visit.touch(Target::Language);
    visit.touch(Target::Speak(Language::Ne));
    assert_eq!(read(&mut visit, [8; 32]).0, Language::Ne);
}

//! Phones, cards and their readers: who comes instead of whom, one reader for both, and readers that are away.

use super::*;

#[test]
fn a_card_before_the_signature_ends_the_phones_visit_and_begins_its_own() {
    let policy = policy();
    let choosing = || {
        let mut visit = Visit::by_phone(&policy);
        visit.touch(Target::Phone);
        visit
    };
    let typing = || {
        let mut visit = choosing();
        visit.touch(Target::Android);
        visit
    };
    for mut visit in [choosing(), typing(), Visit::holding_android(&policy)] {
        let (state, id) = (visit.state(), visit.id());
        visit.hear(Event::Presence(Presence::Card(1)));
        assert_eq!(visit.state(), StateName::PlacingCard);
        assert!(visit.effects.contains(&Effect::Finish(id, Record::Cancelled(state))));
        assert!(visit.effects.contains(&Effect::ReadCard(visit.id())));
        assert!(visit.id() > id);
    }
    // What is under way cannot be called back: its answer comes first.
    let mut visit = Visit::holding_android(&policy);
    visit.hold(1);
    visit.hear(Event::Presence(Presence::Card(1)));
    assert_eq!(visit.state(), StateName::HoldingPhone);
    let mut lost = Visit { session: visit.session.clone(), effects: Vec::new(), policy: &policy };
    lost.tap(PhoneResult::NotRead);
    assert_eq!(lost.state(), StateName::PlacingCard);
    visit.tap(SIGNED);
    assert_eq!(visit.state(), StateName::WaitingForResult, "the phone has signed");
}

#[test]
fn the_phones_reader_away_leaves_the_card() {
    let policy = policy();
    let mut visit = Visit::holding_android(&policy);
    visit.hear(Event::PhonePresence(Presence::NoReader));
    visit.ended_with(FaultCode::PhoneReaderLost, &[Way::Card]);
    visit.touch(Target::Card);
    assert!(matches!(visit.view().screen, Screen::Start { phone: PhoneWay::No, fault: None, .. }));
    visit.touch(Target::Phone);
    assert_eq!(visit.state(), StateName::Idle);

    let mut visit = Visit::holding_android(&policy);
    visit.hold(1);
    visit.hear(Event::PhonePresence(Presence::NoReader));
    assert_eq!(visit.state(), StateName::HoldingPhone, "the answer decides");
    visit.tap(PhoneResult::NotRead);
    visit.ended_with(FaultCode::PhoneReaderLost, &[Way::Card]);

    // With the card's reader away the phone is the way that is left.
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.hear(Event::PhonePresence(Presence::Empty));
    visit.hear(Event::Presence(Presence::NoReader));
    visit.ended_with(FaultCode::ReaderLost, &[Way::Phone]);
    visit.touch(Target::Phone);
    assert_eq!(visit.state(), StateName::ChoosingPhone);
}

#[test]
fn a_session_that_does_not_open_ends_a_phones_visit() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.hear(Event::Opened(visit.id(), Opening::ClockSkew));
    visit.ended_with(FaultCode::ClockSkew, &[]);
    assert_eq!(visit.state(), StateName::NeedingHelp, "the phone that lies there does not begin again by itself");
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.time();
    visit.time();
    visit.ended_with(FaultCode::ServiceUnreachable, &[Way::Again]);
}

#[test]
fn cancelling_and_card_instead_go_back_to_the_start_whatever_lies_there() {
    let policy = policy();
    for target in [Target::Cancel, Target::Card] {
        let mut visit = Visit::by_phone(&policy);
        visit.hold(1);
        visit.touch(target);
        assert_eq!(visit.state(), StateName::Idle, "{target:?}");
        assert!(visit.did(|effect| matches!(effect, Effect::Finish(_, Record::Cancelled(StateName::HoldingPhone)))));
        visit.hear(Event::Presence(Presence::Card(1)));
        assert_eq!(visit.state(), StateName::PlacingCard);
    }
}

/// On the pad too, and what was typed is gone.
#[test]
fn whoever_types_a_phones_pin_may_take_the_card_instead() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.touch(Target::Phone);
    visit.touch(Target::Android);
    visit.show();
    visit.hear(Event::Key(visit.view().revision));
    visit.touch(Target::Card);
    assert_eq!(visit.state(), StateName::Idle);
    assert!(visit.effects.contains(&Effect::WipePin));
}

/// Whoever changes from the phone to the card is the same person: language, type and voice stay, until nobody is there.
#[test]
fn the_card_instead_of_a_phone_keeps_language_and_voice() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.touch(Target::Language);
    visit.touch(Target::Speak(Language::Vi));
    visit.touch(Target::Voice);
    visit.touch(Target::Phone);
    visit.touch(Target::Card);
    visit.show();
    let (language, comfort) = (visit.view().language, visit.view().comfort);
    assert_eq!((visit.state(), language, comfort.voice), (StateName::Idle, Language::Vi, true));
    while visit.view().language == Language::Vi {
        visit.time();
    }
    assert_eq!((visit.state(), visit.view().comfort), (StateName::Idle, Comfort::default()));
    // Who gives up is gone.
    visit.touch(Target::Language);
    visit.touch(Target::Speak(Language::Vi));
    visit.touch(Target::Phone);
    visit.touch(Target::Cancel);
    assert_eq!((visit.state(), visit.view().language), (StateName::Idle, Language::Ja));
}

#[test]
fn a_phone_laid_down_during_a_cards_visit_begins_none() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.hear(Event::PhonePresence(Presence::Empty));
    visit.hold(1);
    assert_eq!(visit.state(), StateName::ChoosingMethod);
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(visit.state(), StateName::Idle);
}

#[test]
fn another_card_leaves_the_phone_as_a_way() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hear(Event::Presence(Presence::Card(1)));
    visit.hear(Event::CardRead(visit.id(), CardReading::Other(OtherCard::Passport)));
    visit.ended_with(FaultCode::OtherCard, &[Way::Again, Way::Phone]);
    visit.hold(1);
    assert_eq!(visit.state(), StateName::HoldingPhone, "held without a touch it is understood");
}

fn same_reader(policy: Policy) -> Policy {
    Policy { phone: PhoneWay::SameReader, ..policy }
}

/// A phone at a reader that takes both, told by its label.
fn labelled(policy: &Policy, kind: PhoneKind) -> Visit<'_> {
    let mut visit = Visit { session: ready(FaceWay::Ready, policy), effects: Vec::new(), policy };
    visit.hear(Event::Presence(Presence::Card(1)));
    visit.hear(Event::CardRead(visit.id(), CardReading::Phone(kind)));
    visit
}

#[test]
fn at_a_reader_for_both_the_label_decides() {
    let policy = same_reader(policy());
    let mut visit = labelled(&policy, PhoneKind::Iphone);
    assert_eq!(visit.state(), StateName::HoldingPhone);
    visit.open(true);
    let place = PhonePlace::CardReader;
    assert!(visit.did(|effect| matches!(effect, Effect::UsePhone(o) if o.at == place && o.expected.is_none())));
    visit.tap(SIGNED);
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(visit.state(), StateName::WaitingForResult);

    let mut visit = labelled(&policy, PhoneKind::Android);
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(visit.pad(), None, "gone before the tap: its label is known, the PIN comes first");
    visit.open(true);
    visit.type_pin();
    visit.hear(Event::Presence(Presence::Card(2)));
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
    visit.tap(SIGNED);
    visit.look_up(crate::exploration::lookups().swap_remove(5));
    assert_eq!(visit.state(), StateName::NeedingHelp);
    assert!(matches!(visit.view().screen, Screen::NeedHelp { take_card: false, .. }));
    visit.time();
    assert_eq!(visit.state(), StateName::Idle, "no alarm for a phone, and no second visit");
}

#[test]
fn at_a_reader_for_both_a_card_held_instead_of_the_phone_begins_its_own_visit() {
    let policy = same_reader(policy());
    let mut visit = Visit { session: ready(FaceWay::Ready, &policy), effects: Vec::new(), policy: &policy };
    visit.touch(Target::Phone);
    visit.open(true);
    let id = visit.id();
    visit.hear(Event::Presence(Presence::Card(1)));
    assert_eq!(visit.used(), Some(None));
    visit.tap(PhoneResult::NotAPhone);
    assert_eq!(visit.state(), StateName::PlacingCard);
    assert!(visit.id() > id);
    // A label that says phone and a tap that says otherwise: no way round for ever.
    visit.hear(Event::CardRead(visit.id(), CardReading::Phone(PhoneKind::Iphone)));
    visit.open(true);
    visit.tap(PhoneResult::NotAPhone);
    visit.ended_with(FaultCode::NotAPhone, &[Way::Card]);
}

#[test]
fn a_phone_at_the_cards_reader_is_sent_to_its_own() {
    let policy = policy();
    let there = |kind| {
        let mut visit = Visit::by_phone(&policy);
        visit.hear(Event::Presence(Presence::Card(1)));
        visit.hear(Event::CardRead(visit.id(), CardReading::Phone(kind)));
        visit.hear(Event::Presence(Presence::Empty));
        visit
    };
    let visit = there(PhoneKind::Iphone);
    assert!(matches!(visit.view().screen, Screen::HoldingPhone { phone: PhoneKind::Iphone, reading: false, .. }));
    assert_eq!(there(PhoneKind::Android).pad(), None);
    let nowhere = Policy { phone: PhoneWay::No, ..policy.clone() };
    let visit = labelled(&nowhere, PhoneKind::Iphone);
    visit.ended_with(FaultCode::OtherCard, &[Way::Again]);
    // Held too short to be told before it was gone.
    let mut visit = Visit::by_phone(&policy);
    visit.hear(Event::Presence(Presence::Card(1)));
    let id = visit.id();
    visit.hear(Event::Presence(Presence::Empty));
    visit.ended_with(FaultCode::CardRemoved, &[]);
    visit.hear(Event::CardRead(id, CardReading::Phone(PhoneKind::Iphone)));
    assert_eq!(visit.notice(), Some(PhoneNotice::Moved));
}

#[test]
fn without_storage_no_phones_visit_begins() {
    let policy = policy();
    let mut session = Session::new();
    for event in [Event::PhonePresence(Presence::Empty), Event::PhonePresence(Presence::Card(1))] {
        session = step(session, event, &policy).0;
    }
    assert_eq!(session.state_name(), StateName::NeedingHelp);
    assert_eq!(session.visit(), None);
}

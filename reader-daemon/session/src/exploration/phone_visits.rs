//! Single visits by phone, told step by step (patient-flow section 11, laws 1 and 2).

mod beside_cards;
mod early;

use screen::{Comfort, Language, PhoneKind, PhoneNotice, PhoneWay, PinNotice, Screen, Target, Way};

use super::{policy, ready, visit::Visit, world::end};
use crate::{
    CardReading, CertificateNotice, Effect, Event, FaceWay, FaultCode, Lookup, Opening, OtherCard, PhonePlace,
    PhoneResult, Policy, Presence, Record, Refusal, Session, StateName, step,
};

const IPHONE: [u8; 32] = [9; 32];
const SIGNED: PhoneResult = PhoneResult::Signed { identity: IPHONE };

impl<'a> Visit<'a> {
    /// Between visits, where phones have a reader of their own.
    pub(super) fn by_phone(policy: &'a Policy) -> Self {
        let mut visit = Self { session: ready(FaceWay::Ready, policy), effects: Vec::new(), policy };
        visit.hear(Event::PhonePresence(Presence::Empty));
        visit
    }

    pub(super) fn hold(&mut self, number: u32) {
        self.hear(Event::PhonePresence(Presence::Card(number)));
    }

    pub(super) fn take_away(&mut self) {
        self.hear(Event::PhonePresence(Presence::Empty));
    }

    pub(super) fn tap(&mut self, result: PhoneResult) {
        self.hear(Event::Phone(self.id(), result));
    }

    pub(super) fn type_pin(&mut self) {
        self.show();
        for _ in 0..4 {
            self.hear(Event::Key(self.view().revision));
        }
        self.touch(Target::Confirm);
    }

    /// Android was touched, its PIN confirmed; the service's session is open.
    pub(super) fn holding_android(policy: &'a Policy) -> Self {
        let mut visit = Self::by_phone(policy);
        visit.touch(Target::Phone);
        visit.open(true);
        visit.touch(Target::Android);
        visit.type_pin();
        visit
    }

    /// The kind of the order given in this step, if one was.
    pub(super) fn used(&self) -> Option<Option<PhoneKind>> {
        self.effects.iter().find_map(|e| if let Effect::UsePhone(order) = e { Some(order.expected) } else { None })
    }

    pub(super) fn fault(&self) -> (String, Vec<Way>) {
        match &self.view().screen {
            Screen::NeedHelp { fault, ways, .. } => (fault.code.clone(), ways.clone()),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn ended_with(&self, code: FaultCode, ways: &[Way]) {
        assert_eq!(self.fault(), (code.number(), ways.to_vec()));
        assert!(self.did(|effect| matches!(effect, Effect::Finish(_, Record::Fault(fault)) if *fault == code)));
    }

    fn notice(&self) -> Option<PhoneNotice> {
        match &self.view().screen {
            Screen::HoldingPhone { notice, .. } => *notice,
            other => panic!("{other:?}"),
        }
    }

    fn pad(&self) -> Option<PinNotice> {
        match &self.view().screen {
            Screen::EnteringPin { phone: true, face: false, notice, .. } => *notice,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_phone_is_chosen_and_held() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    assert!(matches!(visit.view().screen, Screen::Start { phone: PhoneWay::OwnReader, .. }));
    visit.touch(Target::Phone);
    assert_eq!(visit.view().screen, Screen::ChoosingPhone);
    assert!(visit.did(|effect| matches!(effect, Effect::OpenSession(_))), "opened while the patient chooses");
    visit.open(true);
    visit.touch(Target::Iphone);
    let holding = |seconds| Screen::HoldingPhone { phone: PhoneKind::Iphone, notice: None, reading: false, seconds };
    assert_eq!(visit.view().screen, holding(2));
    let question = visit.view().revision;
    visit.time();
    assert_eq!(visit.view().screen, holding(1));
    assert_eq!(visit.view().revision, question, "a second is no other question");
    visit.hold(1);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Iphone)));
    visit.tap(SIGNED);
    assert_eq!(visit.state(), StateName::WaitingForResult);
}

#[test]
fn a_wrong_pin_is_told_with_what_is_left_and_the_last_try_is_never_sent() {
    let policy = policy();
    let mut visit = Visit::holding_android(&policy);
    visit.hold(1);
    visit.tap(PhoneResult::Wrong { left: 2 });
    assert_eq!(visit.pad(), Some(PinNotice { wrong: true, left: 2 }));
    assert!(visit.effects.contains(&Effect::WipePin));
    visit.take_away();
    visit.type_pin();
    visit.hold(2);
    visit.tap(PhoneResult::Wrong { left: 1 });
    visit.ended_with(FaultCode::PhoneLastTry, &[Way::Card]);

    for (result, code) in [
        (PhoneResult::LastTry, FaultCode::PhoneLastTry),
        (PhoneResult::PinWanted { tries_left: 1 }, FaultCode::PhoneLastTry),
        (PhoneResult::PinWanted { tries_left: 0 }, FaultCode::PhonePinBlocked),
        (PhoneResult::Wrong { left: 0 }, FaultCode::PhonePinBlocked),
        (PhoneResult::Blocked, FaultCode::PhonePinBlocked),
        (PhoneResult::Untrusted, FaultCode::CertificateUntrusted),
        (PhoneResult::NotAPhone, FaultCode::NotAPhone),
    ] {
        let mut visit = Visit::holding_android(&policy);
        visit.hold(1);
        visit.tap(result);
        visit.ended_with(code, &[Way::Card]);
        assert!(visit.effects.contains(&Effect::WipePin), "{result:?}");
        assert_eq!(visit.state(), StateName::NeedingHelp, "the phone that still lies there begins nothing");
    }
}

#[test]
fn after_the_listening_the_pin_is_wiped_and_typed_again_and_the_visit_goes_on() {
    let policy = policy();
    let mut visit = Visit::holding_android(&policy);
    let id = visit.id();
    visit.time();
    visit.time();
    assert_eq!(visit.pad(), None);
    assert!(visit.effects.contains(&Effect::WipePin));
    assert_eq!(visit.id(), id);
    visit.hold(1);
    assert_eq!(visit.used(), None, "no PIN is there");
    visit.type_pin();
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));

    let mut visit = Visit::by_phone(&policy);
    visit.touch(Target::Phone);
    visit.open(true);
    visit.touch(Target::Iphone);
    visit.time();
    visit.time();
    visit.ended_with(FaultCode::PhoneUnreadable, &[Way::Again, Way::Card]);
    visit.touch(Target::Card);
    assert_eq!(visit.state(), StateName::Idle);
}

#[test]
fn moved_away_too_early_it_goes_on_with_the_same_pin_and_no_more_time() {
    let policy = policy();
    let mut visit = Visit::holding_android(&policy);
    visit.time();
    visit.hold(1);
    visit.take_away();
    visit.tap(PhoneResult::NotRead);
    assert_eq!(visit.notice(), Some(PhoneNotice::Moved));
    assert!(!visit.effects.contains(&Effect::WipePin), "nothing was sent");
    assert!(matches!(visit.view().screen, Screen::HoldingPhone { seconds: 1, .. }), "the PIN waits no longer");
    visit.hold(2);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
    // It was set again before the answer came: that is a placement of its own.
    visit.hold(3);
    visit.tap(PhoneResult::NotRead);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
}

#[test]
fn a_lost_answer_repeats_nothing_by_itself() {
    let policy = policy();
    let mut visit = Visit::holding_android(&policy);
    visit.hold(1);
    visit.tap(PhoneResult::Lost);
    assert_eq!(visit.pad(), None);
    assert!(visit.effects.contains(&Effect::WipePin));
    visit.hold(2);
    assert_eq!(visit.used(), None);
    visit.type_pin();
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
    // The driver never answered: the try may be spent.
    visit.time();
    visit.ended_with(FaultCode::PinAnswerLost, &[Way::Card]);

    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(PhoneResult::Lost);
    assert_eq!((&visit.view().screen, visit.used()), (&Screen::ChoosingPhone, None));
}

#[test]
fn the_other_kind_of_phone_changes_the_screen_and_wipes_the_pin() {
    let policy = policy();
    let mut visit = Visit::holding_android(&policy);
    visit.hold(1);
    visit.take_away();
    visit.tap(PhoneResult::OtherKind(PhoneKind::Iphone));
    assert!(visit.effects.contains(&Effect::WipePin));
    assert_eq!(visit.notice(), Some(PhoneNotice::OtherKind));
    assert!(matches!(visit.view().screen, Screen::HoldingPhone { phone: PhoneKind::Iphone, .. }));
    visit.hold(2);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Iphone)));
    visit.tap(PhoneResult::OtherKind(PhoneKind::Android));
    assert_eq!(visit.pad(), None);
    visit.type_pin();
    assert_eq!(visit.used(), Some(Some(PhoneKind::Android)));
    visit.tap(PhoneResult::OtherKind(PhoneKind::Android));
    assert_eq!(visit.notice(), Some(PhoneNotice::Moved), "an answer that contradicts itself goes round nothing");
    assert_eq!(visit.used(), None);
}

#[test]
fn an_iphone_that_has_not_checked_its_holder_is_held_again_after_it_has() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(PhoneResult::NotVerified);
    assert_eq!(visit.notice(), Some(PhoneNotice::CheckFirst));
    assert_eq!(visit.used(), None);
    visit.take_away();
    visit.hold(2);
    assert_eq!(visit.used(), Some(Some(PhoneKind::Iphone)));
    visit.tap(SIGNED);
    assert_eq!(visit.state(), StateName::WaitingForResult);
}

#[test]
fn the_questions_are_asked_though_nothing_lies_there_and_no_card_is_to_be_taken() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(SIGNED);
    visit.take_away();
    visit.look_up(super::lookups().swap_remove(0));
    assert_eq!(visit.state(), StateName::GivingConsent);
    // Fidgeting begins no other visit.
    visit.hold(2);
    assert_eq!(visit.state(), StateName::GivingConsent);
    visit.touch(Target::AgreeAll);
    visit.hear(Event::Stored(visit.id(), crate::Storing::Durable));
    visit.hear(Event::Receipt(visit.id()));
    assert_eq!(visit.view().screen, Screen::Done { take_card: false });
    visit.time();
    assert_eq!(visit.state(), StateName::Idle, "nor does the phone that still lies there");
    visit.take_away();
    visit.hold(3);
    assert_eq!(visit.state(), StateName::HoldingPhone, "the next one does");
}

/// Its holder renews it on the phone: nothing of the card is said.
#[test]
fn the_notice_of_a_phones_certificate_is_about_the_phone() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(SIGNED);
    let certificate = CertificateNotice::EndsSoon(end());
    visit.look_up(Lookup::Found { certificate, items: Vec::new(), desk: false });
    assert!(matches!(visit.view().screen, Screen::CertificateNotice { phone: true, grace: false, .. }));
}

#[test]
fn a_phones_certificate_has_no_grace() {
    let policy = policy();
    let mut visit = Visit::by_phone(&policy);
    visit.hold(1);
    visit.open(true);
    visit.tap(SIGNED);
    visit.look_up(Lookup::Refused(Refusal::PhoneCertificateGone));
    visit.ended_with(FaultCode::PhoneCertificateGone, &[Way::Card]);
}

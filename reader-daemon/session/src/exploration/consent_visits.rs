//! Single visits through the questions, told step by step: order, going back, who answers, reading back, signing up.

use screen::{Answerer, Language, Screen, Target};

use super::{policy, visit::Visit, world::item};
use crate::{
    Answer, CertificateNotice, Effect, Event, FaultCode, Item, ItemAnswer, Lookup, Policy, Presence, Refusal, SignUp,
    StateName,
};

/// A visit by PIN that is asked this.
fn asked<'p>(policy: &'p Policy, items: &[Item]) -> Visit<'p> {
    let mut visit = Visit::on_card(policy, 3, true);
    visit.prove_by_pin();
    answer(&mut visit, items);
    visit
}

fn answer(visit: &mut Visit<'_>, items: &[Item]) {
    visit.look_up(Lookup::Found { certificate: CertificateNotice::None, items: items.to_vec(), desk: false });
}

fn comfort(visit: &mut Visit<'_>, target: Target) {
    visit.touch(Target::Comfort);
    visit.touch(target);
    visit.touch(Target::Back);
}

fn plain(ids: &[&str]) -> Vec<Item> {
    ids.iter().map(|id| item(id, None, None)).collect()
}

/// The question on the glass, with number, count and whether 「もどる」 is there.
fn question(visit: &Visit<'_>) -> (String, u8, u8, bool) {
    match &visit.view().screen {
        Screen::ConsentEach { text, number, count, back, .. } => (text.question.clone(), *number, *count, *back),
        Screen::ConsentAll { text, previous, .. } => {
            (text.question.clone(), 0, previous.len().try_into().unwrap(), false)
        }
        Screen::ChoosingPrescription { text, back, .. } => (text.question.clone(), 0, 0, *back),
        other => panic!("{other:?}"),
    }
}

fn sent<'v>(visit: &'v Visit<'_>) -> &'v [ItemAnswer] {
    let items = visit.effects.iter().find_map(|e| if let Effect::Submit(s) = e { Some(&s.items) } else { None });
    items.unwrap_or_else(|| panic!("nothing was sent in {:?}", visit.state()))
}

fn answers(visit: &Visit<'_>) -> Vec<(String, Answer)> {
    sent(visit).iter().map(|item| (item.id.clone(), item.answer)).collect()
}

fn pairs(of: &[(&str, Answer)]) -> Vec<(String, Answer)> {
    of.iter().map(|(id, answer)| ((*id).to_owned(), *answer)).collect()
}

#[test]
fn the_order_is_medical_then_certificates_then_prescription_whatever_the_service_says() {
    let policy = policy();
    let items = plain(&["prescription", "other_certificates", "medicines", "infections"]);
    let mut visit = asked(&policy, &items);
    assert_eq!(question(&visit), ("all?".into(), 0, 0, false));
    visit.touch(Target::OneByOne);
    assert_eq!(question(&visit), ("medicines?".into(), 1, 2, true));
    visit.touch(Target::Agree);
    assert_eq!(question(&visit), ("infections?".into(), 2, 2, true), "a screen of its own");
    visit.touch(Target::Decline);
    assert_eq!(
        (visit.state(), question(&visit)),
        (StateName::ChoosingExtras, ("other_certificates?".into(), 1, 1, true))
    );
    visit.touch(Target::AgreeAll);
    visit.touch(Target::Electronic);
    assert_eq!(question(&visit).0, "other_certificates?", "only its own answers count");
    visit.touch(Target::Agree);
    assert_eq!(question(&visit), ("prescription?".into(), 0, 0, true));
    visit.touch(Target::Agree);
    assert_eq!(question(&visit).0, "prescription?");
    visit.touch(Target::Paper);
    assert_eq!(visit.state(), StateName::Submitting);
    let expected = [
        ("prescription", Answer::Paper),
        ("other_certificates", Answer::Agreed),
        ("medicines", Answer::Agreed),
        ("infections", Answer::Declined),
    ];
    assert_eq!(answers(&visit), pairs(&expected));
}

#[test]
fn back_leads_through_all_questions_and_opens_them_again() {
    let policy = policy();
    let mut visit = asked(&policy, &plain(&["medicines", "operations", "other_certificates", "prescription"]));
    visit.touch(Target::AgreeAll);
    visit.touch(Target::Agree);
    visit.touch(Target::Back);
    assert_eq!(question(&visit).0, "other_certificates?");
    visit.touch(Target::Back);
    assert_eq!(question(&visit).0, "all?", "the page that was answered last");
    visit.touch(Target::OneByOne);
    visit.touch(Target::Decline);
    visit.touch(Target::Decline);
    visit.touch(Target::Back);
    assert_eq!(question(&visit), ("operations?".into(), 2, 2, true));
    visit.hear(Event::Presence(Presence::Empty));
    let expected = [
        ("medicines", Answer::Declined),
        ("operations", Answer::NotAnswered),
        ("other_certificates", Answer::NotAnswered),
        ("prescription", Answer::NotAnswered),
    ];
    assert_eq!(answers(&visit), pairs(&expected));
}

#[test]
fn one_question_alone_is_asked_as_it_is() {
    let policy = policy();
    let visit = asked(&policy, &plain(&["medicines"]));
    assert_eq!(question(&visit), ("medicines?".into(), 1, 1, false), "nothing to go back to");
    let visit = asked(&policy, &plain(&["prescription"]));
    assert_eq!(question(&visit), ("prescription?".into(), 0, 0, false));
    let mut visit = asked(&policy, &plain(&["other_certificates"]));
    assert_eq!(question(&visit), ("other_certificates?".into(), 1, 1, false));
    visit.touch(Target::Back);
    assert_eq!(question(&visit).0, "other_certificates?");
}

#[test]
fn who_answers_is_stored_with_each_answer_when_it_is_pressed() {
    let policy = policy();
    let mut visit = asked(&policy, &plain(&["medicines", "operations"]));
    visit.touch(Target::OneByOne);
    visit.touch(Target::Agree);
    visit.touch(Target::Answerer);
    assert_eq!(visit.view().screen, Screen::ChoosingAnswerer { staff: false });
    visit.touch(Target::StaffAnswers);
    assert_eq!(visit.view().screen, Screen::ChoosingAnswerer { staff: false }, "staff only after the visual check");
    visit.touch(Target::CompanionAnswers);
    assert!(matches!(visit.view().screen, Screen::ConsentEach { by: Answerer::Companion, number: 2, .. }));
    visit.touch(Target::Decline);
    assert_eq!(sent(&visit).iter().map(|item| item.by).collect::<Vec<_>>(), [Answerer::Patient, Answerer::Companion]);

    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.session.common.by_staff = true;
    answer(&mut visit, &plain(&["medicines"]));
    visit.touch(Target::Answerer);
    assert_eq!(visit.view().screen, Screen::ChoosingAnswerer { staff: true });
    visit.touch(Target::StaffAnswers);
    visit.touch(Target::Agree);
    assert_eq!(sent(&visit)[0].by, Answerer::Staff);
}

#[test]
fn earlier_answers_cover_the_medical_questions_and_the_others_are_asked_anew() {
    let policy = policy();
    let before = [
        item("medicines", None, Some(true)),
        item("operations", None, Some(false)),
        item("other_certificates", None, Some(true)),
    ];
    let mut visit = asked(&policy, &before);
    let Screen::ConsentAll { previous, .. } = &visit.view().screen else { panic!("{:?}", visit.view().screen) };
    assert_eq!(*previous, ["medicines: medicines yes", "operations: operations no"]);
    visit.touch(Target::SameAsBefore);
    assert_eq!(question(&visit).0, "other_certificates?");
    visit.touch(Target::Back);
    assert_eq!(question(&visit), ("all?".into(), 0, 2, false), "back to the earlier answers");
    visit.touch(Target::SameAsBefore);
    visit.hear(Event::Presence(Presence::Empty));
    let carried: Vec<_> = sent(&visit).iter().map(|item| (item.answer, item.carried_over)).collect();
    assert_eq!(carried, [(Answer::Agreed, true), (Answer::Declined, true), (Answer::NotAnswered, false)]);

    for spoilt in [
        [item("medicines", None, Some(true)), item("operations", None, None)],
        [item("medicines", None, Some(true)), item("infections", None, Some(true))],
        [item("medicines", None, Some(true)), {
            let mut other = item("operations", None, Some(true));
            other.previous.as_mut().unwrap().wording_hash = "operations-changed".into();
            other
        }],
    ] {
        assert_eq!(question(&asked(&policy, &spoilt)), ("all?".into(), 0, 0, false), "{spoilt:?}");
    }
}

#[test]
fn slow_mode_asks_one_question_at_a_time_and_reads_back() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    comfort(&mut visit, Target::Slow);
    visit.prove_by_pin();
    answer(&mut visit, &plain(&["medicines", "operations", "prescription"]));
    assert_eq!(question(&visit), ("medicines?".into(), 1, 2, false));
    visit.touch(Target::Agree);
    visit.touch(Target::Decline);
    visit.touch(Target::Electronic);
    assert_eq!(visit.state(), StateName::ReadingBack);
    let lines = ["medicines: medicines yes", "operations: operations no", "prescription: prescription yes"];
    assert_eq!(visit.view().screen, Screen::ReadingBack { lines: lines.map(String::from).to_vec() });
    visit.touch(Target::Agree);
    assert_eq!(visit.state(), StateName::ReadingBack);
    visit.touch(Target::Change);
    assert_eq!(question(&visit), ("medicines?".into(), 1, 2, false), "the first question again");
    visit.touch(Target::Decline);
    visit.touch(Target::Decline);
    visit.touch(Target::Paper);
    visit.touch(Target::SendAnswers);
    let no = [("medicines", Answer::Declined), ("operations", Answer::Declined), ("prescription", Answer::Paper)];
    assert_eq!(answers(&visit), pairs(&no));
}

#[test]
fn the_voice_reads_back_and_what_was_pressed_stands_when_the_card_is_taken() {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, true);
    comfort(&mut visit, Target::Voice);
    visit.prove_by_pin();
    answer(&mut visit, &plain(&["medicines", "operations"]));
    assert_eq!(question(&visit).0, "all?", "the voice does not change what is asked");
    visit.touch(Target::AgreeAll);
    assert_eq!(visit.state(), StateName::ReadingBack);
    visit.touch(Target::Cancel);
    visit.touch(Target::Back);
    assert_eq!(visit.state(), StateName::ReadingBack);
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(answers(&visit), pairs(&[("medicines", Answer::Agreed), ("operations", Answer::Agreed)]));

    let mut visit = Visit::on_card(&policy, 3, true);
    comfort(&mut visit, Target::Voice);
    visit.prove_by_pin();
    answer(&mut visit, &plain(&["medicines", "operations"]));
    visit.hear(Event::Presence(Presence::Empty));
    assert_eq!(visit.state(), StateName::Submitting, "nothing is read back to nobody");
}

#[test]
fn leaving_from_the_extras_receives_without_consent() {
    let policy = policy();
    let items = plain(&["medicines", "other_certificates", "prescription"]);
    let mut visit = asked(&policy, &items);
    visit.touch(Target::Agree);
    visit.touch(Target::Agree);
    visit.touch(Target::Cancel);
    assert_eq!(visit.view().screen, Screen::LeavingAfterLookup);
    visit.touch(Target::Back);
    assert_eq!(question(&visit).0, "prescription?");
    visit.touch(Target::Cancel);
    visit.touch(Target::ReceiveWithoutConsent);
    let nothing = [
        ("medicines", Answer::Declined),
        ("other_certificates", Answer::NotAnswered),
        ("prescription", Answer::NotAnswered),
    ];
    assert_eq!(answers(&visit), pairs(&nothing));
}

#[test]
fn the_binding_japanese_stands_beside_every_other_language() {
    let policy = policy();
    for language in Language::ALL {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.touch(Target::Language);
        visit.touch(Target::Speak(language));
        visit.prove_by_pin();
        answer(&mut visit, &plain(&["medicines", "operations", "prescription"]));
        let Screen::ConsentAll { japanese, reviewed, .. } = &visit.view().screen else { panic!() };
        assert_eq!((japanese.is_none(), *reviewed), (language == Language::Ja, language == Language::Ja));
        visit.touch(Target::DeclineAll);
        let Screen::ChoosingPrescription { japanese, reviewed, .. } = &visit.view().screen else { panic!() };
        assert_eq!((japanese.is_none(), *reviewed), (language == Language::Ja, language == Language::Ja));
        visit.touch(Target::Paper);
        assert!(sent(&visit).iter().all(|item| item.language == language));
        assert_eq!(sent(&visit)[0].wording_hash, format!("all-{}", language.tag()));
    }
}

/// A visit to whom signing up is offered.
fn offered(policy: &Policy) -> Visit<'_> {
    let mut visit = Visit::on_card(policy, 3, true);
    visit.prove_by_pin();
    visit.look_up(Lookup::SignUpOffered);
    assert!(matches!(visit.view().screen, Screen::SigningUp { confirm: false, .. }));
    visit
}

#[test]
fn signing_up_is_asked_twice_and_then_the_person_is_looked_up_again() {
    let policy = policy();
    let mut visit = offered(&policy);
    let first = visit.view().revision;
    visit.touch(Target::SignUp);
    assert!(matches!(visit.view().screen, Screen::SigningUp { confirm: true, .. }));
    visit.hear(Event::Touched(first, Target::SignUp));
    assert!(matches!(visit.view().screen, Screen::SigningUp { confirm: true, .. }), "a double tap");
    let id = visit.id();
    visit.touch(Target::SignUp);
    let order = SignUp {
        visit: id,
        wording_id: "sign-up-again-1".into(),
        wording_hash: "sign-up-again-ja".into(),
        language: Language::Ja,
        by: Answerer::Patient,
    };
    assert!(visit.effects.contains(&Effect::Register(order)));
    assert!(!visit.did(|effect| matches!(effect, Effect::Authenticate(_))));
    assert!(!visit.view().cancel, "a registration cannot be called back");
    answer(&mut visit, &plain(&["medicines"]));
    assert_eq!(question(&visit).0, "medicines?");

    for (lookup, code) in [
        (Lookup::SignUpOffered, FaultCode::SignUpFailed),
        (Lookup::Refused(Refusal::SignUpFailed), FaultCode::SignUpFailed),
        (Lookup::Unreachable, FaultCode::SignUpFailed),
    ] {
        let mut visit = offered(&policy);
        visit.touch(Target::SignUp);
        visit.touch(Target::SignUp);
        visit.look_up(lookup);
        assert!(visit.told(code));
    }
    let mut visit = offered(&policy);
    visit.touch(Target::SignUp);
    visit.touch(Target::SignUp);
    visit.time();
    assert_eq!(visit.view().screen, Screen::Waiting { long: true });
    visit.time();
    assert!(visit.told(FaultCode::SignUpFailed), "its answer was lost: it may have happened");
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.look_up(Lookup::Unreachable);
    assert!(visit.told(FaultCode::ServiceUnreachable), "nobody was signed up in this one");
}

/// Law 5: by whom. Said at the sign-up it holds for the questions behind it, and can be said anew there.
#[test]
fn law_5_a_sign_up_is_stored_with_who_answered_it() {
    let policy = policy();
    let mut visit = offered(&policy);
    visit.touch(Target::Answerer);
    assert_eq!(visit.view().screen, Screen::ChoosingAnswerer { staff: false });
    visit.touch(Target::StaffAnswers);
    assert_eq!(visit.view().screen, Screen::ChoosingAnswerer { staff: false }, "staff have proved nobody");
    visit.touch(Target::CompanionAnswers);
    assert!(matches!(visit.view().screen, Screen::SigningUp { confirm: false, by: Answerer::Companion, .. }));
    visit.touch(Target::Detail);
    assert!(matches!(&visit.view().screen, Screen::ConsentDetail { paragraphs, .. } if !paragraphs.is_empty()));
    visit.touch(Target::SignUp);
    assert!(matches!(visit.view().screen, Screen::ConsentDetail { .. }), "what lies over the question answers nothing");
    visit.touch(Target::Back);
    visit.touch(Target::SignUp);
    assert!(matches!(visit.view().screen, Screen::SigningUp { confirm: true, by: Answerer::Companion, .. }));
    visit.touch(Target::SignUp);
    let by = |effect: &Effect| if let Effect::Register(order) = effect { Some(order.by) } else { None };
    assert_eq!(visit.effects.iter().find_map(by), Some(Answerer::Companion));
    answer(&mut visit, &plain(&["medicines", "operations"]));
    assert!(matches!(visit.view().screen, Screen::ConsentAll { by: Answerer::Companion, .. }));
    visit.touch(Target::OneByOne);
    visit.touch(Target::Agree);
    visit.touch(Target::Answerer);
    visit.touch(Target::PatientAnswers);
    visit.touch(Target::Agree);
    let answered: Vec<_> = sent(&visit).iter().map(|item| item.by).collect();
    assert_eq!(answered, [Answerer::Companion, Answerer::Patient]);
}

#[test]
fn each_language_of_the_sign_up_says_whether_a_person_reviewed_it() {
    let policy = policy();
    for language in Language::ALL {
        let mut visit = Visit::on_card(&policy, 3, true);
        visit.touch(Target::Language);
        visit.touch(Target::Speak(language));
        visit.prove_by_pin();
        visit.look_up(Lookup::SignUpOffered);
        for second in [false, true] {
            let Screen::SigningUp { confirm, japanese, reviewed, .. } = &visit.view().screen else { panic!() };
            let ja = language == Language::Ja;
            assert_eq!((*confirm, japanese.is_none(), *reviewed), (second, ja, ja));
            visit.touch(Target::SignUp);
        }
    }
}

#[test]
fn whoever_does_not_say_so_twice_is_not_signed_up_and_goes_to_the_desk() {
    let policy = policy();
    let ways: [fn(&mut Visit<'_>); 5] = [
        |visit| visit.touch(Target::DoNotSignUp),
        |visit| visit.touch(Target::Cancel),
        |visit| visit.hear(Event::Presence(Presence::Empty)),
        |visit| visit.hear(Event::Presence(Presence::NoReader)),
        |visit| {
            visit.time();
            visit.time();
        },
    ];
    for (number, way) in ways.into_iter().enumerate() {
        for touched in [false, true] {
            let mut visit = offered(&policy);
            if touched {
                visit.touch(Target::SignUp);
            }
            way(&mut visit);
            assert!(!visit.did(|effect| matches!(effect, Effect::Register(_))), "way {number}");
            assert!(visit.told(FaultCode::NotSignedUp), "way {number}");
            assert_eq!(visit.state(), StateName::NeedingHelp);
        }
    }
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.hear(Event::Presence(Presence::Empty));
    visit.look_up(Lookup::SignUpOffered);
    assert!(visit.told(FaultCode::NotSignedUp), "nobody is asked who has left");
}

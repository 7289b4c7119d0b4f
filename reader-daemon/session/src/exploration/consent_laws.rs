//! Law 5 and the sign-up, held against every way through the questions: the walk remembers what was touched in the visit.

use screen::{Answerer, Screen, Target};

use super::{
    policy, slowly,
    visit::Visit,
    walk_from,
    world::{ITEMS, lookups, wording},
};
use crate::{Answer, Effect, Event, Group, ItemAnswer, Session, StateName};

/// The service is being asked after a PIN; and a visit in ゆっくりモード at its notice.
fn starts() -> Vec<Session> {
    let policy = policy();
    let mut visit = Visit::on_card(&policy, 3, false);
    visit.prove_by_pin();
    vec![visit.session, slowly(&policy)]
}

/// At the first question after a visual check, where staff answer for the patient.
fn staff_answer() -> Vec<Session> {
    let policy = policy();
    let at_the_question = |lookup| {
        let mut visit = Visit::on_card(&policy, 3, false);
        visit.prove_by_pin();
        visit.session.common.by_staff = true;
        visit.look_up(lookup);
        if visit.state() == StateName::ReadingNotice {
            visit.touch(Target::Understood);
        }
        visit.touch(Target::Answerer);
        visit.touch(Target::StaffAnswers);
        visit.session
    };
    lookups().into_iter().take(3).map(at_the_question).collect()
}

/// From the lookup on until the result is out: nothing else of a visit has to do with what is answered. A countdown is
/// interrupted or ends the visit.
fn on_the_way(session: &Session) -> bool {
    let counting = session.view().is_some_and(|view| view.countdown.is_some());
    !counting
        && session.visit().is_some()
        && session.state_name() >= StateName::WaitingForResult
        && !session.common.submitted
}

/// What was touched on the glass in this visit, by what was shown there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Touches {
    /// 「同意する」 or 「すべて同意する」 to something medical.
    health: bool,
    /// 「使います」 on the question about other certificates.
    certificates: bool,
    /// A form of prescription.
    prescription: bool,
    /// 「同じにする」
    same: bool,
    /// 「登録する」 the first time.
    sign_up: bool,
}

impl Touches {
    /// Notes what this event touches on the view before it.
    fn note(&mut self, before: &Session, event: &Event) {
        let Event::Touched(_, target) = event else { return };
        let Some(view) = before.view() else { return };
        match (&view.screen, target) {
            (Screen::ConsentAll { .. }, Target::AgreeAll) => self.health = true,
            (Screen::ConsentAll { .. }, Target::SameAsBefore) => self.same = true,
            (Screen::ConsentEach { text, .. }, Target::Agree) if text.question == "other_certificates?" => {
                self.certificates = true;
            }
            (Screen::ConsentEach { .. }, Target::Agree) => self.health = true,
            (Screen::ChoosingPrescription { .. }, Target::Electronic | Target::Paper) => self.prescription = true,
            (Screen::SigningUp { confirm: false, .. }, Target::SignUp) => self.sign_up = true,
            _ => {}
        }
    }
}

fn group(answer: &ItemAnswer) -> (Group, bool) {
    ITEMS.iter().find(|(id, ..)| *id == answer.id).map(|(_, group, carried)| (*group, *carried)).unwrap()
}

/// Every submission of the walk with what was touched before it. Only from the lookup on anything is remembered.
fn submissions(starts: Vec<Session>, mut look: impl FnMut(&Touches, &Session, &Event, &[ItemAnswer])) {
    let mut seen = 0;
    let note = |mut touches: Touches, before: &Session, event: &Event, after: &Session, effects: &[Effect]| {
        touches.note(before, event);
        for effect in effects {
            if let Effect::Submit(submission) = effect {
                seen += 1;
                look(&touches, before, event, &submission.items);
            }
        }
        // The result is out, or the visit is over: nothing of it counts for the next one.
        let over = before.visit() != after.visit() || after.common.submitted;
        if over { Touches::default() } else { touches }
    };
    walk_from(starts, on_the_way, note);
    assert!(seen > 0, "the law was never put to the test");
}

#[test]
fn law_5_an_answer_that_was_not_pressed_is_never_agreed() {
    let mut agreed = 0;
    submissions(starts(), |touches, _, event, answers| {
        for answer in answers.iter().filter(|answer| !answer.carried_over) {
            let pressed = match (answer.answer, group(answer).0) {
                (Answer::Agreed, Group::Health) => touches.health,
                (Answer::Agreed, Group::OtherCertificates) => touches.certificates,
                (Answer::Electronic | Answer::Paper, Group::Prescription) => touches.prescription,
                (Answer::Agreed | Answer::Declined, Group::Prescription) | (Answer::Electronic | Answer::Paper, _) => {
                    panic!("{answer:?} is no answer to this")
                }
                (Answer::Declined | Answer::NotAnswered | Answer::NotAskedGrace | Answer::NotAsked, _) => continue,
            };
            agreed += 1;
            assert!(pressed, "{answer:?} by itself at {event:?}");
        }
    });
    assert!(agreed > 0);
}

/// 「すべて同意する」 never answers the other certificates or the prescription; only their own screens do.
#[test]
fn law_5_extras_are_never_answered_by_the_question_for_all() {
    let mut alone = 0;
    submissions(starts(), |touches, _, event, answers| {
        for answer in answers.iter().filter(|answer| group(answer).0 != Group::Health) {
            assert!(!answer.carried_over, "{answer:?} is asked anew always");
            assert_eq!(answer.wording_id, format!("{}-1", answer.id), "given to its own words");
            if touches.health && !touches.certificates && !touches.prescription {
                alone += 1;
                let given = matches!(answer.answer, Answer::Agreed | Answer::Electronic | Answer::Paper);
                assert!(!given, "{answer:?} at {event:?}");
            }
        }
    });
    assert!(alone > 0);
}

#[test]
fn law_5_only_explicit_answers_to_the_same_words_are_carried_over() {
    let mut carried = 0;
    submissions(starts(), |touches, _, event, answers| {
        for answer in answers.iter().filter(|answer| answer.carried_over) {
            carried += 1;
            assert!(touches.same, "{answer:?} silently at {event:?}");
            assert!(matches!(answer.answer, Answer::Agreed | Answer::Declined));
            assert_eq!(group(answer), (Group::Health, true));
            let words = wording(&answer.id, answer.language);
            assert_eq!((&answer.wording_id, &answer.wording_hash), (&words.id, &words.hash));
        }
    });
    assert!(carried > 0);
}

/// A question that stands open on the glass, and those after it, have no answer yet: back takes answers back.
#[test]
fn law_5_what_stands_open_on_the_glass_is_not_answered() {
    let mut open = 0;
    submissions(starts(), |_, before, event, answers| {
        let text = match before.view().map(|view| &view.screen) {
            Some(Screen::ConsentEach { text, .. } | Screen::ChoosingPrescription { text, .. }) => &text.question,
            _ => return,
        };
        if matches!(event, Event::Touched(..)) {
            return;
        }
        open += 1;
        let id = text.trim_end_matches('?');
        let place = |of: &str| ITEMS.iter().position(|(id, ..)| *id == of).unwrap();
        let health = group(answers.iter().find(|answer| answer.id == id).unwrap()).0;
        for answer in answers {
            // Groups in the order of the visit; within the medical ones the service's order, which is not this list's.
            let later = answer.id == id || (group(answer).0 != health && place(&answer.id) > place(id));
            let asked = !matches!(answer.answer, Answer::NotAsked | Answer::NotAskedGrace);
            if later && asked {
                assert_eq!(answer.answer, Answer::NotAnswered, "{id} was open at {event:?}: {answer:?}");
            }
        }
    });
    assert!(open > 0);
}

#[test]
fn law_5_staff_answer_only_where_they_proved_the_holder() {
    let mut by_staff = 0;
    submissions(staff_answer(), |_, _, _, answers| {
        by_staff += usize::from(answers.iter().any(|answer| answer.by == Answerer::Staff));
    });
    assert!(by_staff > 0);
    submissions(starts(), |_, _, event, answers| {
        assert!(answers.iter().all(|answer| answer.by != Answerer::Staff), "{answers:?} at {event:?}");
    });
    let mut refused = 0;
    walk_from(starts(), on_the_way, |(), before, event, after, _| {
        let Some(view) = after.view() else { return };
        if let Screen::ConsentAll { by, staff, .. } | Screen::ConsentEach { by, staff, .. } = &view.screen {
            assert_eq!(*staff, after.common.by_staff);
            assert!(*by != Answerer::Staff || *staff);
        }
        if let Event::Touched(_, Target::StaffAnswers) = event {
            refused += usize::from(!before.common.by_staff);
        }
    });
    assert!(refused > 0);
}

/// S7: registered is only what was asked twice and touched twice, on two views.
#[test]
fn a_card_is_signed_up_only_after_two_touches_on_two_views() {
    let mut registered = 0;
    let note = |mut touches: Touches, before: &Session, event: &Event, after: &Session, effects: &[Effect]| {
        let first = touches.sign_up;
        touches.note(before, event);
        let asked = |session: &Session| match session.view().map(|view| (&view.screen, view.revision)) {
            Some((Screen::SigningUp { confirm, .. }, revision)) => Some((*confirm, revision)),
            _ => None,
        };
        if let (Some((false, one)), Some((true, two))) = (asked(before), asked(after)) {
            assert!(two > one && touches.sign_up, "{event:?}");
        }
        for effect in effects {
            let Effect::Register(order) = effect else { continue };
            registered += 1;
            let Event::Touched(revision, Target::SignUp) = event else { panic!("registered at {event:?}") };
            assert!(first, "registered after one touch");
            assert_eq!(asked(before), Some((true, *revision)));
            assert_eq!(order.wording_id, "sign-up-again-1");
            assert_eq!(Some(order.visit), before.visit());
        }
        if before.visit() == after.visit() && asked(after).is_some() { touches } else { Touches::default() }
    };
    walk_from(starts(), on_the_way, note);
    assert!(registered > 0);
}

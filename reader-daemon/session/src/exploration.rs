//! Walks every state the machine can reach, with every event in every one of them, and holds the laws against each
//! step. The state diagram of the README is what this walk has seen.

#![allow(clippy::wildcard_enum_match_arm)] // an unexpected variant is the failure a test reports

use std::{
    collections::{BTreeMap, BTreeSet, HashSet, VecDeque},
    fmt::Write as _,
    time::Duration,
};

use screen::{ConsentText, FaultText, Language, Revision, Screen, Target};

use crate::{
    Answer, CardReading, CertificateNotice, DeadlineId, Effect, Event, FaultCode, Item, Limits, Link, Lookup, Opening,
    OtherCard, PinResult, Policy, Presence, PreviousAnswer, Reason, Refusal, Session, StateName, Storing, Texts,
    VisitId, Wording, session::Common, step,
};

fn wording(id: &str, language: Language) -> Wording {
    Wording {
        id: format!("{id}-1"),
        hash: format!("{id}-{}", language.tag()),
        text: ConsentText { question: format!("{id}?"), rights: "rights".into() },
        detail: vec!["detail".into()],
        name: id.into(),
    }
}

fn policy() -> Policy {
    let mut texts = Texts::default();
    for language in Language::ALL {
        for id in ["medicines", "operations", "checkups"] {
            texts.items.insert((id.into(), language), wording(id, language));
        }
        texts.all.insert(language, wording("all", language));
        texts.answers.insert(language, ["yes".into(), "no".into()]);
        for reason in [Reason::NoTriesLeft, Reason::NotAvailable] {
            texts.reasons.insert((reason, language), "reason".into());
        }
        for code in FaultCode::ALL {
            let text = FaultText { code: String::new(), headline: code.number(), next: "next".into() };
            texts.faults.insert((code, language), text);
        }
    }
    let limits = Limits { countdown: Duration::from_secs(1), ..Limits::default() };
    Policy { limits, texts }
}

fn item(id: &str, withheld: Option<Answer>, previous: Option<bool>) -> Item {
    let previous = previous.map(|agreed| PreviousAnswer {
        agreed,
        wording_id: format!("{id}-1"),
        wording_hash: format!("{id}-ja"),
    });
    Item { id: id.into(), withheld, previous }
}

fn lookups() -> Vec<Lookup> {
    let end = || ["2027年2月17日".to_owned(), "17 February 2027".to_owned()];
    let two = vec![
        item("medicines", None, None),
        item("operations", None, None),
        item("checkups", Some(Answer::NotAsked), None),
    ];
    let before = vec![item("medicines", None, Some(true)), item("operations", None, Some(false))];
    let found = |certificate, items: &[Item], desk| Lookup::Found { certificate, items: items.to_vec(), desk };
    vec![
        found(CertificateNotice::None, &two, false),
        found(CertificateNotice::EndsSoon { end: end() }, &two, true),
        found(CertificateNotice::None, &before, false),
        found(CertificateNotice::Grace { end: end() }, &[item("medicines", Some(Answer::NotAskedGrace), None)], false),
        found(CertificateNotice::None, &[item("nobody knows this", None, None)], false),
        Lookup::Refused(Refusal::CertificateGone),
        Lookup::Refused(Refusal::CertificateSuspended),
        Lookup::Refused(Refusal::CentreError),
        Lookup::Refused(Refusal::NotSignedUp),
        Lookup::Refused(Refusal::ProofRejected),
        Lookup::Unreachable,
    ]
}

/// Every event, as it would come now: for the newest view, visit and deadlines. With the word for the diagram.
fn events(session: &Session) -> Vec<(String, Event)> {
    let common = session.common();
    let (revision, visit) = (common.revision(), common.latest);
    let mut events = vec![
        ("shown".to_owned(), Event::Shown(revision)),
        ("key".to_owned(), Event::Key(revision)),
        ("reader gone".to_owned(), Event::Presence(Presence::NoReader)),
        ("card removed".to_owned(), Event::Presence(Presence::Empty)),
        ("card".to_owned(), Event::Presence(Presence::Card(1))),
        ("other card".to_owned(), Event::Presence(Presence::Card(2))),
        ("no chip answers".to_owned(), Event::Presence(Presence::Mute)),
        ("link down".to_owned(), Event::Link(Link::Down)),
        ("link up".to_owned(), Event::Link(Link::Up)),
        ("facility".to_owned(), Event::Facility("見本クリニック".to_owned())),
        ("storage lost".to_owned(), Event::Storage(false)),
        ("storage".to_owned(), Event::Storage(true)),
        ("screen lost".to_owned(), Event::ScreenLost),
        ("screen back".to_owned(), Event::ScreenConnected),
        ("receipt".to_owned(), Event::Receipt(visit)),
        ("result refused".to_owned(), Event::Refused(visit)),
        ("stored".to_owned(), Event::Stored(visit, Storing::Durable)),
        ("not stored".to_owned(), Event::Stored(visit, Storing::Failed)),
    ];
    for target in Target::ALL {
        // Language and type size multiply the walk by four and change no path; a test of their own looks at them.
        if target != Target::Language && target != Target::LargeText && target != Target::CallStaff {
            events.push((format!("touch {}", target.name()), Event::Touched(revision, target)));
        }
    }
    for deadline in session.deadlines() {
        events.push(("time".to_owned(), Event::Deadline(deadline)));
    }
    for tries_left in [0, 1, 3] {
        let reading = CardReading::MyNumber { identity: [7; 32], tries_left };
        events.push(("card read".to_owned(), Event::CardRead(visit, reading)));
    }
    let other =
        [CardReading::Untrusted, CardReading::Other(OtherCard::Passport), CardReading::Unreadable, CardReading::Wedged];
    events.extend(other.into_iter().map(|reading| ("not readable".to_owned(), Event::CardRead(visit, reading))));
    let facility = "見本クリニック".to_owned();
    events.push(("opened".to_owned(), Event::Opened(visit, Opening::Open { facility })));
    for failed in [Opening::Unreachable, Opening::ClockSkew, Opening::Refused] {
        events.push(("not opened".to_owned(), Event::Opened(visit, failed)));
    }
    for (word, result) in [
        ("signed", PinResult::Signed),
        ("wrong PIN", PinResult::Wrong { left: 1 }),
        ("blocked", PinResult::Blocked),
        ("card changed", PinResult::Changed),
        ("not sent", PinResult::NotSent),
        ("answer lost", PinResult::Lost),
    ] {
        events.push((word.to_owned(), Event::Pin(visit, result)));
    }
    for lookup in lookups() {
        let word = if matches!(lookup, Lookup::Found { .. }) { "found" } else { "refused" };
        events.push((word.to_owned(), Event::LookedUp(visit, lookup)));
    }
    events
}

/// What the walk saw: edges with their words, and every step for the laws.
struct Walk {
    edges: BTreeMap<(StateName, StateName), BTreeSet<String>>,
    pairs: BTreeSet<(StateName, String)>,
    sessions: usize,
}

fn walk(mut look: impl FnMut(&Session, &Event, &Session, &[Effect])) -> Walk {
    let policy = policy();
    let mut seen = HashSet::new();
    let mut ready = Session::new();
    for event in [Event::Storage(true), Event::Link(Link::Up), Event::Presence(Presence::Empty)] {
        ready = step(ready, event, &policy).0;
    }
    let mut open = VecDeque::from([Session::new(), ready]);
    let mut walk = Walk { edges: BTreeMap::new(), pairs: BTreeSet::new(), sessions: 0 };
    while let Some(session) = open.pop_front() {
        if !seen.insert(session.likeness()) {
            continue;
        }
        walk.sessions += 1;
        assert!(walk.sessions < 60_000, "the machine has more states than anyone can think about");
        for (word, event) in events(&session) {
            let (next, effects) = step(session.clone(), event.clone(), &policy);
            look(&session, &event, &next, &effects);
            let (from, to) = (session.state_name(), next.state_name());
            walk.pairs.insert((from, word.clone()));
            if from != to {
                walk.edges.entry((from, to)).or_default().insert(word);
            }
            // Met everywhere, but not combined with everything that follows: they multiply the walk and change no path.
            let apart = matches!(
                event,
                Event::Link(_) | Event::Facility(_) | Event::Storage(_) | Event::ScreenLost | Event::ScreenConnected
            );
            if !apart {
                open.push_back(next);
            }
        }
    }
    walk
}

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

/// Law 5: consent comes from a touch that means it; nothing else makes a yes.
#[test]
fn law_5_only_a_touch_that_says_so_agrees() {
    walk(|before, event, _, effects| {
        for effect in effects {
            let Effect::Submit(submission) = effect else { continue };
            for answer in &submission.items {
                if answer.answer == Answer::Agreed && !answer.carried_over {
                    let pressed =
                        matches!(event, Event::Touched(_, Target::AgreeAll | Target::Agree | Target::Decline));
                    let earlier = format!("{before:?}").contains("answer: Agreed");
                    assert!(pressed || earlier, "{event:?} agreed by itself");
                }
                if answer.carried_over {
                    assert!(matches!(event, Event::Touched(_, Target::SameAsBefore)));
                }
            }
            // A question that stands open on the glass, and those after it, have no answer yet: back takes answers back.
            let open = before.view().map(|view| &view.screen);
            if let Some(Screen::ConsentEach { number, .. }) = open
                && !matches!(event, Event::Touched(..))
            {
                let asked = submission.items.iter().filter(|item| item.answer != Answer::NotAsked);
                for answer in asked.skip(usize::from(*number) - 1) {
                    assert_eq!(answer.answer, Answer::NotAnswered, "question {number} was open at {event:?}");
                }
            }
        }
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
        let mut events = vec![Event::Deadline(DeadlineId(u64::MAX)), Event::Shown(old), Event::Key(old)];
        events.extend(Target::ALL.map(|target| Event::Touched(old, target)));
        events.extend(lookups().into_iter().map(|lookup| Event::LookedUp(stale, lookup)));
        events.push(Event::Pin(stale, PinResult::Signed));
        events.push(Event::Receipt(stale));
        events.push(Event::CardRead(stale, CardReading::MyNumber { identity: [1; 32], tries_left: 3 }));
        events.push(Event::Opened(stale, Opening::Open { facility: "x".into() }));
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

#[test]
fn language_type_size_and_staff_call_work_on_every_screen_and_end_no_visit() {
    let policy = policy();
    walk(|_, _, after, _| {
        let (shown, _) = step(after.clone(), Event::Shown(after.common().revision()), &policy);
        for target in [Target::Language, Target::LargeText, Target::CallStaff] {
            let (touched, effects) = step(shown.clone(), Event::Touched(shown.common().revision(), target), &policy);
            assert_eq!(touched.state_name(), shown.state_name());
            assert_eq!(touched.visit(), shown.visit());
            if target != Target::CallStaff || !shown.common().staff_called {
                assert!(effects.iter().any(|e| matches!(e, Effect::Show(_))), "{target:?} shows nothing");
            }
        }
    });
}

/// The diagram in the README: what the walk saw, without `card removed` where every state has it.
fn diagram() -> String {
    let walk = walk(|_, _, _, _| {});
    let mut text = String::from("```mermaid\nstateDiagram-v2\n    [*] --> idle\n");
    for ((from, to), words) in &walk.edges {
        // The next patient's card and the way back to the start are the same from everywhere after a visit.
        let words: Vec<_> = words.iter().map(|word| word.strip_prefix("touch ").unwrap_or(word)).collect();
        let _ = writeln!(text, "    {} --> {}: {}", from.word(), to.word(), words.join(", "));
    }
    text.push_str("```\n");
    text
}

#[test]
fn the_diagram_in_the_readme_is_the_machine() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(path).expect("README.md");
    let (start, end) =
        ("<!-- states: generated, see reader-daemon/session/src/exploration.rs -->\n", "<!-- /states -->");
    let head = readme.find(start).expect("start mark") + start.len();
    let tail = readme[head..].find(end).expect("end mark") + head;
    let fresh = diagram();
    if std::env::var_os("UPDATE_DIAGRAM").is_some() {
        std::fs::write(path, format!("{}{fresh}{}", &readme[..head], &readme[tail..])).expect("README.md written");
        return;
    }
    assert_eq!(&readme[head..tail], fresh, "run UPDATE_DIAGRAM=1 cargo test -p session the_diagram");
}

impl Session {
    fn common(&self) -> &Common {
        &self.common
    }
}

//! Walks every state the machine can reach, with every event in every one of them, and holds the laws against each
//! step. The state diagram of the README is what this walk has seen.

#![allow(clippy::wildcard_enum_match_arm)] // an unexpected variant is the failure a test reports

mod active_laws;
mod consent_laws;
mod consent_visits;
mod diagram;
mod face_laws;
mod face_visits;
mod help_laws;
mod laws;
mod ledger;
mod oracle;
mod overlay_laws;
mod overlay_visits;
mod phone_laws;
mod phone_visits;
mod pin_visits;
mod queue_visits;
mod random_visits;
mod visit;
mod visual_visits;
mod ways;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use screen::{Advice, Comfort, Movement, Screen, SurfaceField, Target};

use crate::{
    CardReading, Effect, Event, FaceOutcome, FaceSeen, FaceWay, Link, Lookup, Opening, OtherCard, PhotoResult,
    PinLessResult, PinResult, Policy, Presence, Reason, Session, StateName, Storing, SurfaceDigit, VisitId,
    session::Common, step,
};

use world::{lookups, policy};

/// Every event, as it would come now: for the newest view, visit and deadlines. With the word for the diagram.
fn events(session: &Session) -> Vec<(String, Event)> {
    let common = session.common();
    let (revision, visit) = (common.revision(), common.latest);
    let mut events = vec![
        ("shown".to_owned(), Event::Shown(revision)),
        ("key".to_owned(), Event::Key(revision)),
        ("surface key".to_owned(), Event::SurfaceKey(revision, SurfaceDigit(1))),
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
        ("spoken".to_owned(), Event::Spoken(revision)),
        ("active".to_owned(), Event::Active(revision)),
        ("screen lost".to_owned(), Event::ScreenLost),
        ("screen back".to_owned(), Event::ScreenConnected),
        ("receipt".to_owned(), Event::Receipt(visit)),
        ("result refused".to_owned(), Event::Refused(visit)),
        ("stored".to_owned(), Event::Stored(visit, Storing::Durable)),
        ("not stored".to_owned(), Event::Stored(visit, Storing::Failed)),
    ];
    for target in Target::ALL {
        if !apart(target) {
            events.push((format!("touch {}", target.name()), Event::Touched(revision, target)));
        }
    }
    for deadline in session.deadlines() {
        events.push(("time".to_owned(), Event::Deadline(deadline)));
    }
    for (tries_left, pin_less) in [(0, false), (3, false), (0, true), (1, true), (3, true)] {
        let reading = CardReading::MyNumber { identity: [7; 32], tries_left, pin_less };
        events.push(("card read".to_owned(), Event::CardRead(visit, reading)));
    }
    let other =
        [CardReading::Untrusted, CardReading::Other(OtherCard::Passport), CardReading::Unreadable, CardReading::Wedged];
    events.extend(other.into_iter().map(|reading| ("not readable".to_owned(), Event::CardRead(visit, reading))));
    for pin_less in [true, false] {
        let opening = Opening::Open { facility: "見本クリニック".to_owned(), pin_less };
        events.push(("opened".to_owned(), Event::Opened(visit, opening)));
    }
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
    events.extend(face_events(visit));
    events.extend(ways::phone_events(visit));
    events.extend(ways::visual_events(visit, revision));
    for lookup in lookups() {
        let word = if matches!(lookup, Lookup::Found { .. }) { "found" } else { "refused" };
        events.push((word.to_owned(), Event::LookedUp(visit, lookup)));
    }
    events
}

/// What lies over every screen, and eras like another: they multiply the walk and change no path; laws of their own look
/// at them.
fn apart(target: Target) -> bool {
    matches!(
        target,
        Target::Language
            | Target::Speak(_)
            | Target::Comfort
            | Target::LargeType
            | Target::Contrast
            | Target::Slow
            | Target::Voice
            | Target::Wish(_)
            | Target::CallStaff
            | Target::EraTaisho
            | Target::EraHeisei
            | Target::EraReiwa
            | Target::EraWestern
    )
}

fn face_events(visit: VisitId) -> impl Iterator<Item = (String, Event)> {
    let photo = PHOTO_RESULTS.into_iter().map(move |result| {
        let word = match result {
            PhotoResult::Ready => "photo ready",
            PhotoResult::NoSurfaceCode | PhotoResult::Implausible | PhotoResult::CodeWrong => "another surface code",
            PhotoResult::NoPhoto => "no photo",
            PhotoResult::CodeStopped
            | PhotoResult::Tampered
            | PhotoResult::Cloned
            | PhotoResult::UnknownSigner
            | PhotoResult::Unusable => "photo refused",
            PhotoResult::Changed => "card changed",
            PhotoResult::NotRead => "photo not read",
        };
        (word, Event::Photo(visit, result))
    });
    let looking = FaceSeen::Looking { advice: Some(Advice::Dark), movement: Some(Movement::TurnLeft), progress: 40 };
    let decided =
        DECISIONS.into_iter().map(move |(word, outcome)| (word, Event::Face(visit, FaceSeen::Decided(outcome))));
    let pin_less = [
        ("signed", PinLessResult::Signed),
        ("no PIN-less step", PinLessResult::NotAvailable),
        ("no PIN-less step", PinLessResult::Refused),
        ("no PIN-less step", PinLessResult::Unreachable),
        ("card changed", PinLessResult::Changed),
        ("not signed", PinLessResult::NotSigned),
    ];
    let pin_less = pin_less.into_iter().map(move |(word, result)| (word, Event::PinLess(visit, result)));
    let ways = [
        ("face way closed", Event::FaceWay(FaceWay::Closed(Reason::Camera))),
        ("face way closed", Event::FaceWay(FaceWay::Closed(Reason::FaceModels))),
        ("face way open", Event::FaceWay(FaceWay::Ready)),
        ("looking", Event::Face(visit, looking)),
    ];
    photo.chain(decided).chain(pin_less).chain(ways).map(|(word, event)| (word.to_owned(), event))
}

const PHOTO_RESULTS: [PhotoResult; 12] = [
    PhotoResult::Ready,
    PhotoResult::NoSurfaceCode,
    PhotoResult::Implausible,
    PhotoResult::CodeWrong,
    PhotoResult::CodeStopped,
    PhotoResult::NoPhoto,
    PhotoResult::Tampered,
    PhotoResult::Cloned,
    PhotoResult::UnknownSigner,
    PhotoResult::Unusable,
    PhotoResult::Changed,
    PhotoResult::NotRead,
];

const DECISIONS: [(&str, FaceOutcome); 6] = [
    ("match", FaceOutcome::Match),
    ("no match", FaceOutcome::NoMatch),
    ("unclear", FaceOutcome::Unclear(None)),
    ("unclear", FaceOutcome::Unclear(Some(Advice::Moving))),
    ("attack", FaceOutcome::Attack),
    ("camera lost", FaceOutcome::Gone),
];

/// What the walk saw: edges with their words, and every step for the laws.
struct Walk {
    edges: BTreeMap<(StateName, StateName), BTreeSet<String>>,
    pairs: BTreeSet<(StateName, String)>,
    sessions: usize,
}

/// Between visits, ready to begin one; with or without the face way.
fn ready(face_way: FaceWay, policy: &Policy) -> Session {
    let begin =
        [Event::Storage(true), Event::Link(Link::Up), Event::FaceWay(face_way), Event::Presence(Presence::Empty)];
    begin.into_iter().fold(Session::new(), |session, event| step(session, event, policy).0)
}

/// At the notice of a visit by PIN, with ゆっくりモード and voice: the questions from there on, one at a time and read back.
fn slowly(policy: &Policy) -> Session {
    let mut visit = visit::Visit::on_card(policy, 3, false);
    visit.prove_by_pin();
    visit.look_up(lookups().swap_remove(world::EVERYTHING));
    for target in [Target::Comfort, Target::Slow, Target::Voice, Target::Back] {
        visit.touch(target);
    }
    visit.session
}

fn walk(mut look: impl FnMut(&Session, &Event, &Session, &[Effect])) -> Walk {
    walk_remembering(|_| true, |(), before, event, after, effects| look(before, event, after, effects))
}

/// The walk with a memory of the way taken: two ways to the same session are both followed when they are remembered
/// differently, so that a law about what came before is held against every way. Where `follow` says no it ends.
fn walk_remembering<M: Clone + Default + Hash>(
    follow: fn(&Session) -> bool,
    look: impl FnMut(M, &Session, &Event, &Session, &[Effect]) -> M,
) -> Walk {
    let policy = policy();
    let starts = [Session::new(), ready(FaceWay::Ready, &policy), slowly(&policy), ways::all(&policy)];
    walk_from(starts.to_vec(), follow, look)
}

fn walk_from<M: Clone + Default + Hash>(
    starts: Vec<Session>,
    follow: fn(&Session) -> bool,
    mut look: impl FnMut(M, &Session, &Event, &Session, &[Effect]) -> M,
) -> Walk {
    let policy = policy();
    let mut open: VecDeque<_> = starts.into_iter().map(|session| (session, M::default())).collect();
    let mut seen: HashSet<_> = open.iter().map(|(session, memory)| likeness(session, memory)).collect();
    let mut walk = Walk { edges: BTreeMap::new(), pairs: BTreeSet::new(), sessions: 0 };
    while let Some((session, memory)) = open.pop_front() {
        walk.sessions += 1;
        assert!(walk.sessions < 60_000, "the machine has more states than anyone can think about");
        for (word, event) in events(&session) {
            let (next, effects) = step(session.clone(), event.clone(), &policy);
            let memory = look(memory.clone(), &session, &event, &next, &effects);
            let (from, to) = (session.state_name(), next.state_name());
            walk.pairs.insert((from, word.clone()));
            if from != to {
                walk.edges.entry((from, to)).or_default().insert(word);
            }
            if combined(&event, &next) && follow(&next) {
                let next = filled(next, &policy);
                if seen.insert(likeness(&next, &memory)) {
                    open.push_back((next, memory));
                }
            }
        }
    }
    walk
}

fn likeness(session: &Session, memory: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (session.likeness(), memory).hash(&mut hasher);
    hasher.finish()
}

/// What is met everywhere, but not combined with everything that follows: it multiplies the walk and changes no path.
/// The random days of the face laws combine all of it.
fn combined(event: &Event, next: &Session) -> bool {
    let keying = next.state_name() == StateName::KeyingSurfaceCode;
    // ゆっくりモード is walked from the notice on; a card set again after a fault keeps it.
    if next.common.comfort != Comfort::default() && next.state_name() < StateName::WaitingForResult {
        return next.state_name() == StateName::Idle;
    }
    if !ways::followed(event, next) {
        return false;
    }
    match event {
        Event::Link(_) | Event::Facility(_) | Event::Storage(_) | Event::ScreenLost | Event::ScreenConnected => false,
        Event::FaceWay(way) => *way == FaceWay::Ready,
        Event::Photo(_, result) => !matches!(result, PhotoResult::NoSurfaceCode | PhotoResult::Implausible),
        Event::CardRead(_, CardReading::MyNumber { pin_less, .. }) => *pin_less,
        Event::Touched(_, Target::Erase) => !keying,
        // Who answers is stored with each answer and leads nowhere else.
        Event::Touched(_, Target::Answerer | Target::Detail) => false,
        _ => true,
    }
}

/// One digit of the surface code, of a phone's PIN or of the passcode goes on to the last but one: those between are
/// like it.
fn filled(mut session: Session, policy: &Policy) -> Session {
    loop {
        let Some(view) = session.view() else { return session };
        if ways::between_digits(&view.screen) {
            session = step(session.clone(), Event::Key(view.revision), policy).0;
            continue;
        }
        let Screen::KeyingSurfaceCode { field, typed, .. } = &view.screen else { return session };
        let length = if matches!(field, SurfaceField::BirthDate { .. }) { 6 } else { 4 };
        if typed.0.is_empty() || typed.0.len() >= length - 1 {
            return session;
        }
        let key = Event::SurfaceKey(view.revision, SurfaceDigit(1));
        session = step(session, key, policy).0;
    }
}

impl Session {
    fn common(&self) -> &Common {
        &self.common
    }
}

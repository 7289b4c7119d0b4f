//! The session and its one function. What is the same in every state happens here: revisions, language, staff call,
//! inactivity, presence, and dropping whatever belongs to an older view, deadline or visit.

use std::time::Duration;

use screen::{Language, Revision, Target, View};

use crate::{
    drawing::draw,
    effect::{Effect, Record, StaffNote},
    event::{DeadlineId, Event, FaceWay, Link, Opening, Presence, VisitId},
    face_facts::{Awaited, FaceFacts},
    policy::{FaultCode, Policy, Reason},
    states::{Doing, Idle, Key, NeedingHelp, PlacingCard, Reply, State, StateName, WaitsFor},
};

/// The state machine of the terminal: between visits and within one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(crate) common: Common,
    state: State,
}

/// What outlives a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Common {
    pub(crate) language: Language,
    pub(crate) large: bool,
    pub(crate) staff_called: bool,
    pub(crate) facility: String,
    pub(crate) presence: Presence,
    pub(crate) link: Link,
    pub(crate) storage: bool,
    /// The visit, while one is open: `finish` has not run.
    pub(crate) visit: Option<VisitId>,
    /// The last visit begun, open or finished; answers to any other are dropped (law 4).
    pub(crate) latest: VisitId,
    /// The insertion the visit is bound to (law 4).
    pub(crate) card: Option<u32>,
    /// What came of opening a session at the service, once known.
    pub(crate) opening: Option<Opening>,
    /// Whether this terminal can look at faces now.
    pub(crate) face_way: FaceWay,
    /// What the face way has come to in this visit.
    pub(crate) face: FaceFacts,
    /// A result was submitted in this visit.
    pub(crate) submitted: bool,
    deadline: u64,
    step: Option<DeadlineId>,
    inactivity: Option<DeadlineId>,
    pub(crate) countdown: Option<u8>,
    pub(crate) revision: Revision,
    /// The newest view that was on the glass.
    shown: Revision,
    pub(crate) last: Option<Box<View>>,
}

/// What a state may see and do while it handles an event.
pub(crate) struct Context<'a> {
    pub(crate) common: &'a mut Common,
    pub(crate) policy: &'a Policy,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// Nobody is there; no reader and no storage until drivers report them. The link counts as up until the health check
    /// says otherwise: a visit finds out for itself, and no start begins with a fault that is none.
    #[must_use]
    pub fn new() -> Self {
        Self {
            common: Common {
                language: Language::default(),
                large: false,
                staff_called: false,
                facility: String::new(),
                presence: Presence::NoReader,
                link: Link::Up,
                storage: false,
                visit: None,
                latest: VisitId(0),
                card: None,
                opening: None,
                face_way: FaceWay::Closed(Reason::NotAvailable),
                face: FaceFacts::default(),
                submitted: false,
                deadline: 0,
                step: None,
                inactivity: None,
                countdown: None,
                revision: Revision(0),
                shown: Revision(0),
                last: None,
            },
            state: State::Idle(Idle),
        }
    }

    /// What the patient is doing.
    #[must_use]
    pub fn state_name(&self) -> StateName {
        self.state.name()
    }

    /// Whom this state waits for, for the timeline.
    #[must_use]
    pub fn waits_for(&self) -> WaitsFor {
        self.state.waits_for()
    }

    /// The visit, while one is open.
    #[must_use]
    pub fn visit(&self) -> Option<VisitId> {
        self.common.visit
    }

    /// The view last put on the glass.
    #[must_use]
    pub fn view(&self) -> Option<&View> {
        self.common.last.as_deref()
    }

    /// The deadlines that would be heard now: the state's own and the one for inactivity.
    #[must_use]
    pub fn deadlines(&self) -> Vec<DeadlineId> {
        self.common.step.into_iter().chain(self.common.inactivity).collect()
    }
}

/// What happens next. Total: every state takes every event.
#[must_use]
pub fn step(session: Session, event: Event, policy: &Policy) -> (Session, Vec<Effect>) {
    let Session { mut common, state } = session;
    let mut effects = Vec::new();
    let mut context = Context { common: &mut common, policy, effects: &mut effects };
    let (state, entered) = handle(state, event, &mut context);
    let state = settle(state, entered, &mut context);
    draw(&state, &mut context);
    (Session { common, state }, effects)
}

/// What a state made of an event: itself, changed or not, or another state that has still to be entered.
pub(crate) enum Next {
    Stay(State),
    Go(State),
}

fn handle(state: State, event: Event, at: &mut Context<'_>) -> (State, bool) {
    let next = match event {
        Event::Presence(presence) => return presence_changed(state, presence, at),
        Event::CardRead(visit, reading) => return reply(state, visit, Reply::CardRead(reading), at),
        Event::Pin(visit, result) => return reply(state, visit, Reply::Pin(result), at),
        Event::Photo(visit, result) => return reply(state, visit, Reply::Photo(result), at),
        Event::Face(visit, seen) => return reply(state, visit, Reply::Face(seen), at),
        Event::PinLess(visit, result) => return reply(state, visit, Reply::PinLess(result), at),
        Event::Opened(visit, opening) => return reply(state, visit, Reply::Opened(opening), at),
        Event::LookedUp(visit, lookup) => return reply(state, visit, Reply::LookedUp(lookup), at),
        Event::Stored(visit, storing) => return reply(state, visit, Reply::Stored(storing), at),
        Event::Receipt(visit) => return reply(state, visit, Reply::Receipt, at),
        Event::Refused(visit) => return reply(state, visit, Reply::Refused, at),
        Event::Shown(revision) => {
            if revision != at.common.revision || at.common.shown == revision {
                return (state, false);
            }
            at.common.shown = revision;
            if state.asks(at) && at.common.countdown.is_none() {
                at.arm_inactivity();
            }
            state.shown(at)
        }
        Event::Touched(revision, target) => {
            if !at.is_current(revision) || !offered(&state, target, at) {
                return (state, false);
            }
            let handled = at.fixed_target(target);
            at.touched(&state);
            if handled {
                return (state, false);
            }
            if target == Target::Cancel { state.cancelled(at) } else { state.touched(target, at) }
        }
        Event::Key(revision) => {
            if !at.is_current(revision) {
                return (state, false);
            }
            at.touched(&state);
            state.key(Key::Pin, at)
        }
        Event::SurfaceKey(revision, digit) => {
            if !at.is_current(revision) {
                return (state, false);
            }
            at.touched(&state);
            state.key(Key::Surface(digit), at)
        }
        Event::Deadline(id) => return deadline(state, id, at),
        Event::Link(link) => {
            let lost = at.common.link == Link::Up && link == Link::Down;
            at.common.link = link;
            if !lost {
                return (state, false);
            }
            state.link_lost(at)
        }
        Event::FaceWay(way) => {
            if !at.face_way_changed(way) {
                return (state, false);
            }
            state.face_closed(at)
        }
        Event::Facility(facility) => {
            at.common.facility = facility;
            return (state, false);
        }
        Event::Storage(storage) => {
            at.common.storage = storage;
            return (state, false);
        }
        Event::ScreenConnected => {
            // Another process may have been drawing: what it showed counts for nothing.
            at.common.last = None;
            at.common.shown = Revision(0);
            return (state, false);
        }
        Event::ScreenLost => {
            at.common.shown = Revision(0);
            return (state, false);
        }
    };
    match next {
        Next::Stay(state) => (state, false),
        Next::Go(state) => (state, true),
    }
}

/// Fixed targets are on every screen; cancel only where the state offers it. Everything else is the state's own matter.
fn offered(state: &State, target: Target, at: &Context<'_>) -> bool {
    target != Target::Cancel || state.offers_cancel(at)
}

fn reply(state: State, visit: VisitId, reply: Reply, at: &mut Context<'_>) -> (State, bool) {
    if visit != at.common.latest {
        return (state, false);
    }
    if let Reply::Opened(opening) = &reply {
        // A session is opened once a visit; a second answer is none.
        if at.common.visit != Some(visit) || at.common.opening.is_some() {
            return (state, false);
        }
        if let Opening::Open { facility, .. } = opening {
            at.common.facility.clone_from(facility);
        }
        at.common.opening = Some(opening.clone());
    }
    let next = if let Reply::Photo(result) = reply {
        match at.common.face.photo_answered(result) {
            Awaited::No => return (state, false),
            Awaited::Photo if state.name() == StateName::FacingCamera => state.answered(reply, at),
            Awaited::Photo | Awaited::Facts => at.late_photo(state, result),
        }
    } else {
        state.answered(reply, at)
    };
    match next {
        Next::Stay(state) => (state, false),
        Next::Go(state) => (state, true),
    }
}

fn presence_changed(state: State, presence: Presence, at: &mut Context<'_>) -> (State, bool) {
    let before = std::mem::replace(&mut at.common.presence, presence);
    if before == presence {
        return (state, false);
    }
    let mine = |presence: Presence| matches!((presence, at.common.card), (Presence::Card(n), Some(card)) if n == card);
    let lost_mine = at.common.visit.is_some() && mine(before);
    let next = match presence {
        Presence::NoReader if lost_mine => state.device_lost(at),
        Presence::Empty | Presence::Mute | Presence::Card(_) if lost_mine => state.card_removed(at),
        Presence::NoReader | Presence::Empty | Presence::Mute | Presence::Card(_) => state.presence(at),
    };
    match next {
        Next::Stay(state) => (state, false),
        Next::Go(state) => (state, true),
    }
}

fn deadline(state: State, id: DeadlineId, at: &mut Context<'_>) -> (State, bool) {
    let next = if at.common.step == Some(id) {
        at.common.step = None;
        state.elapsed(at)
    } else if at.common.inactivity == Some(id) {
        at.common.inactivity = None;
        match at.common.countdown {
            None => {
                let seconds = u8::try_from(at.policy.limits.countdown.as_secs()).unwrap_or(u8::MAX);
                at.common.countdown = Some(seconds);
                at.arm_tick();
                return (state, false);
            }
            Some(seconds) if seconds > 1 => {
                at.common.countdown = Some(seconds - 1);
                at.arm_tick();
                return (state, false);
            }
            Some(_) => {
                at.common.countdown = None;
                state.timed_out(at)
            }
        }
    } else {
        return (state, false);
    };
    match next {
        Next::Stay(state) => (state, false),
        Next::Go(state) => (state, true),
    }
}

/// Enters states until one stays. Each step either stays or leads on along the visit, so it ends; the bound is a belt.
fn settle(mut state: State, mut entered: bool, at: &mut Context<'_>) -> State {
    for _ in 0..8 {
        if !entered {
            break;
        }
        at.common.step = None;
        at.common.inactivity = None;
        at.common.countdown = None;
        at.common.last = None;
        match state.enter(at) {
            Next::Stay(stays) => {
                state = stays;
                entered = false;
                if state.asks(at) {
                    at.arm_inactivity();
                }
            }
            Next::Go(next) => state = next,
        }
    }
    state
}

impl Context<'_> {
    /// A touch counts only on the view that is on the glass now (architecture: revisions, `Shown`).
    fn is_current(&self, revision: Revision) -> bool {
        revision == self.common.revision && self.common.shown == revision
    }

    /// Targets that are on every screen and mean the same everywhere; `false` for all others.
    fn fixed_target(&mut self, target: Target) -> bool {
        if target == Target::CallStaff {
            self.call_staff();
        } else if target == Target::Language {
            self.common.language = self.common.language.next();
        } else if target == Target::LargeText {
            self.common.large = !self.common.large;
        } else {
            return false;
        }
        true
    }

    /// Calls staff, once: a second touch tells nobody anything new.
    pub(crate) fn call_staff(&mut self) {
        if !std::mem::replace(&mut self.common.staff_called, true) {
            self.effects.push(Effect::TellStaff(StaffNote::Called));
        }
    }

    fn touched(&mut self, state: &State) {
        self.common.countdown = None;
        if state.asks(self) {
            self.arm_inactivity();
        }
    }

    fn next_deadline(&mut self, after: Duration) -> DeadlineId {
        self.common.deadline += 1;
        let id = DeadlineId(self.common.deadline);
        self.effects.push(Effect::Arm(id, after));
        id
    }

    fn arm_inactivity(&mut self) {
        self.common.inactivity = Some(self.next_deadline(self.policy.limits.inactivity));
    }

    fn arm_tick(&mut self) {
        self.common.inactivity = Some(self.next_deadline(Duration::from_secs(1)));
    }

    /// Arms the state's own deadline; one armed before no longer counts.
    pub(crate) fn arm(&mut self, after: Duration) {
        self.common.step = Some(self.next_deadline(after));
    }

    /// The visit's own card lies in the reader.
    pub(crate) fn card_present(&self) -> bool {
        matches!((self.common.presence, self.common.card), (Presence::Card(n), Some(card)) if n == card)
    }

    /// A card lies there that belongs to no visit yet.
    pub(crate) fn new_card(&self) -> Option<u32> {
        match self.common.presence {
            Presence::Card(n) if self.common.card != Some(n) => Some(n),
            Presence::Card(_) | Presence::Empty | Presence::Mute | Presence::NoReader => None,
        }
    }

    /// The visit for effects; the latest one once `finish` has run.
    pub(crate) fn visit(&self) -> VisitId {
        self.common.latest
    }

    /// A card was placed: a new visit, or the reason why none can start.
    pub(crate) fn begin(&mut self, card: u32) -> Next {
        self.common.card = Some(card);
        if !self.common.storage {
            return self.fail(FaultCode::StorageFailed);
        }
        self.common.latest = VisitId(self.common.latest.0 + 1);
        self.common.visit = Some(self.common.latest);
        self.common.opening = None;
        self.common.face = FaceFacts::default();
        self.common.submitted = false;
        Next::Go(State::PlacingCard(PlacingCard::default()))
    }

    /// The one way out of every visit (architecture, `finish`). Safe to call when none is open.
    pub(crate) fn finish(&mut self, record: Record) {
        if let Some(visit) = self.common.visit.take() {
            self.effects.push(Effect::WipePin);
            if !self.common.submitted {
                self.effects.push(Effect::CancelSession(visit));
            }
            self.effects.push(Effect::Finish(visit, record));
        }
        self.common.opening = None;
        self.common.face = FaceFacts::default();
    }

    /// Ends the visit with a fault.
    pub(crate) fn fail(&mut self, fault: FaultCode) -> Next {
        Next::Go(State::NeedingHelp(NeedingHelp { fault, kind: None }))
    }

    /// Language, type size and staff call belong to the patient who is gone.
    pub(crate) fn forget_patient(&mut self) {
        self.common.language = Language::default();
        self.common.large = false;
        self.common.staff_called = false;
        self.common.card = match self.common.presence {
            Presence::Card(_) => self.common.card,
            Presence::Empty | Presence::Mute | Presence::NoReader => None,
        };
    }
}

#[cfg(test)]
impl Common {
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }
}

#[cfg(test)]
impl Session {
    /// Equal for two sessions that behave alike: counters left out, the visit's card called 1 and another one 2.
    pub(crate) fn likeness(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let common = &self.common;
        let place = match common.presence {
            Presence::Card(n) => Presence::Card(if common.card == Some(n) { 1 } else { 2 }),
            other @ (Presence::Empty | Presence::Mute | Presence::NoReader) => other,
        };
        let mut hasher = DefaultHasher::new();
        (&self.state, place, common.link, common.storage, common.visit.is_some(), common.card.is_some())
            .hash(&mut hasher);
        // Once the identity is proved neither the opened session nor the face way lead anywhere else.
        let proved = matches!(self.state_name(), StateName::WaitingForResult | StateName::ReadingNotice)
            || matches!(self.state_name(), StateName::GivingConsent | StateName::Leaving | StateName::Submitting);
        if !proved {
            let opening = common.opening.as_ref().map(std::mem::discriminant);
            let service_cannot = matches!(common.opening, Some(Opening::Open { pin_less: false, .. }));
            let face = common.face.likeness().filter(|_| !service_cannot);
            (opening, face.map(|face| (face, common.face_way)), common.face.answer_to_come()).hash(&mut hasher);
        }
        (common.submitted, common.countdown, common.shown == common.revision).hash(&mut hasher);
        (common.step.is_some(), common.inactivity.is_some()).hash(&mut hasher);
        hasher.finish()
    }
}

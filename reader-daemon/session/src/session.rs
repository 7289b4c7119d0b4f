//! The session and its one function. What is the same in every state happens here: revisions, overlays, inactivity,
//! presence, and dropping whatever belongs to an older view, deadline or visit.

mod context;
mod hands;
#[cfg(test)]
mod likeness;
mod overlay;
mod phone;
mod presence;
mod time;

use screen::{Comfort, Language, Revision, View, Wish};

pub(crate) use self::overlay::Overlay;
use self::{
    hands::{active, key, shown, spoken, touched},
    overlay::Open,
};
use crate::{
    drawing::draw,
    effect::Effect,
    event::{DeadlineId, Event, FaceWay, Link, Opening, Presence, VisitId, VisualWay},
    face_facts::{Awaited, FaceFacts},
    policy::{Policy, Reason},
    states::{Doing, Idle, Key, Reply, State, StateName, WaitsFor},
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
    pub(crate) comfort: Comfort,
    /// Drawn instead of the state's own screen while it is open.
    pub(crate) overlay: Option<Overlay>,
    pub(crate) staff_called: bool,
    /// What staff were called for, as touched so far.
    pub(crate) wish: Option<Wish>,
    pub(crate) facility: String,
    pub(crate) presence: Presence,
    /// At the phones' own reader.
    pub(crate) phone_presence: Presence,
    /// The newest placement there that a visit has met; it begins no other one by itself.
    pub(crate) phone_seen: Option<u32>,
    pub(crate) link: Link,
    pub(crate) storage: bool,
    /// The visit, while one is open: `finish` has not run.
    pub(crate) visit: Option<VisitId>,
    /// The last visit begun, open or finished; answers to any other are dropped (law 4).
    pub(crate) latest: VisitId,
    /// The insertion the visit is bound to (law 4).
    pub(crate) card: Option<u32>,
    /// Cards in a row that could not be read, of one patient.
    pub(crate) unreadable: u8,
    /// Of the card that was read last while this patient was there.
    pub(crate) holder: Option<[u8; 32]>,
    /// A card was set anew at a fault and is not read yet: language and comfort may be those of somebody else.
    pub(crate) doubted: bool,
    /// The start screen that comes now is for the patient who is there already.
    pub(crate) stays: bool,
    /// What came of opening a session at the service, once known.
    pub(crate) opening: Option<Opening>,
    /// Whether this terminal can look at faces now.
    pub(crate) face_way: FaceWay,
    /// What the face way has come to in this visit.
    pub(crate) face: FaceFacts,
    /// Whether staff can open the visual check now.
    pub(crate) visual_way: VisualWay,
    /// Staff proved the holder in this visit: they may answer for the patient (law 5).
    pub(crate) by_staff: bool,
    /// This visit's medium is a phone: after its signature nothing has to lie there.
    pub(crate) by_phone: bool,
    /// A result was submitted in this visit.
    pub(crate) submitted: bool,
    deadline: u64,
    step: Option<DeadlineId>,
    inactivity: Option<DeadlineId>,
    /// Until it passes a further call of staff is the same one; it leads nowhere.
    call: Option<DeadlineId>,
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
                comfort: Comfort::default(),
                overlay: None,
                staff_called: false,
                wish: None,
                facility: String::new(),
                presence: Presence::NoReader,
                phone_presence: Presence::NoReader,
                phone_seen: None,
                link: Link::Up,
                storage: false,
                visit: None,
                latest: VisitId(0),
                card: None,
                unreadable: 0,
                holder: None,
                doubted: false,
                stays: false,
                opening: None,
                face_way: FaceWay::Closed(Reason::NotAvailable),
                face: FaceFacts::default(),
                visual_way: VisualWay::default(),
                by_staff: false,
                by_phone: false,
                submitted: false,
                deadline: 0,
                step: None,
                inactivity: None,
                call: None,
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

    /// The deadlines that lead on from here: the state's own and the one for inactivity.
    #[must_use]
    pub fn deadlines(&self) -> Vec<DeadlineId> {
        self.common.step.into_iter().chain(self.common.inactivity).collect()
    }

    /// Every deadline that is still heard, also the one that leads nowhere: until it passes, calling staff is one call.
    #[must_use]
    pub fn heard(&self) -> Vec<DeadlineId> {
        self.deadlines().into_iter().chain(self.common.call).collect()
    }
}

/// What happens next. Total: every state takes every event.
#[must_use]
pub fn step(session: Session, event: Event, policy: &Policy) -> (Session, Vec<Effect>) {
    let Session { mut common, state } = session;
    let mut effects = Vec::new();
    let mut context = Context { common: &mut common, policy, effects: &mut effects };
    let open = Open::before(&event, &context);
    let (state, entered) = handle(state, event, &mut context);
    let state = settle(state, entered, &mut context);
    if let Some(open) = open.filter(|_| entered) {
        open.stays_over(&state, &mut context);
    }
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
        Event::Presence(presence) => return presence::changed(state, presence, at),
        Event::PhonePresence(presence) => return presence::phone_changed(state, presence, at),
        Event::CardRead(visit, reading) => return reply(state, visit, Reply::CardRead(reading), at),
        Event::Pin(visit, result) => return reply(state, visit, Reply::Pin(result), at),
        Event::Phone(visit, result) => return reply(state, visit, Reply::Phone(result), at),
        Event::Passcode(visit, result) => return reply(state, visit, Reply::Passcode(result), at),
        Event::Comparing(visit, with) => return reply(state, visit, Reply::Comparing(with), at),
        Event::Photo(visit, result) => return reply(state, visit, Reply::Photo(result), at),
        Event::Face(visit, seen) => return reply(state, visit, Reply::Face(seen), at),
        Event::PinLess(visit, result) => return reply(state, visit, Reply::PinLess(result), at),
        Event::Opened(visit, opening) => return reply(state, visit, Reply::Opened(opening), at),
        Event::LookedUp(visit, lookup) => return reply(state, visit, Reply::LookedUp(lookup), at),
        Event::Stored(visit, storing) => return reply(state, visit, Reply::Stored(storing), at),
        Event::Receipt(visit) => return reply(state, visit, Reply::Receipt, at),
        Event::Refused(visit) => return reply(state, visit, Reply::Refused, at),
        Event::Shown(revision) => return shown(state, revision, at),
        Event::Spoken(revision) => {
            if !at.is_current(revision) || at.common.overlay.is_some() {
                return (state, false);
            }
            spoken(state, at)
        }
        Event::Touched(revision, target) => return touched(state, revision, target, at),
        Event::Active(revision) => return (active(state, revision, at), false),
        Event::Key(revision) => return key(state, revision, Key::Pin, at),
        Event::StaffKey(revision, digit) => return key(state, revision, Key::Staff(digit), at),
        Event::SurfaceKey(revision, digit) => return key(state, revision, Key::Surface(digit), at),
        Event::Deadline(id) => return time::deadline(state, id, at),
        Event::Link(link) => {
            let lost = at.common.link == Link::Up && link == Link::Down;
            at.common.link = link;
            if !lost {
                return (state, false);
            }
            state.link_lost(at)
        }
        Event::VisualWay(way) => {
            let name = state.name();
            let changed = std::mem::replace(&mut at.common.visual_way, way) != way;
            // The last way on may have closed: the choice looks again. Told once more, it is no other question, and takes
            // no touch away.
            return (state, changed && name == StateName::ChoosingMethod);
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
    next.parts()
}

impl Next {
    fn parts(self) -> (State, bool) {
        match self {
            Self::Stay(state) => (state, false),
            Self::Go(state) => (state, true),
        }
    }
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
            Awaited::Photo if matches!(state.name(), StateName::FacingCamera | StateName::CheckingVisually) => {
                state.answered(reply, at)
            }
            Awaited::Photo | Awaited::Facts => at.late_photo(state, result),
        }
    } else {
        state.answered(reply, at)
    };
    next.parts()
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
        at.common.overlay = None;
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

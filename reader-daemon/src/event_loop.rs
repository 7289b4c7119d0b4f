//! The loop: an input becomes an event, `session::step` says what follows, drivers carry the effects out in order.

mod answers;
mod devices;
mod effects;
mod faces;
mod kiosk;
mod places;
mod turned_away;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Instant,
};

use screen::{Digit, Screen};
use session::{
    DeadlineId, Event, FaceWay, FaultCode, Link, PasscodeResult, Policy, Reason, Session, StateName, VisitId, step,
};
use tokio::sync::{mpsc, watch};

use crate::{
    card_driver::CardDriver,
    daemon::Ended,
    face_driver::FaceDriver,
    front_desk::FrontDesk,
    input::{Driver, Input},
    journal::{Entry, JournalThread},
    limits::BROKEN_GRACE,
    outbox_driver::OutboxDriver,
    screen_server::Views,
    service_driver::ServiceDriver,
    staff,
    texts::Loaded,
    timeline::TimelineFile,
    visit::Visit,
    visual_driver::{VisualDriver, VisualNews},
    weights::Weights,
};
use devices::Devices;
pub(crate) use devices::{Change, Device, DeviceNote};
use turned_away::TurnedAwayLines;

/// Everything the loop drives.
pub(crate) struct Drivers {
    pub(crate) card: CardDriver,
    /// The phones' own reader, where there is one.
    pub(crate) phone: Option<CardDriver>,
    /// The card's surface is read by a scanner; otherwise its code is keyed in.
    pub(crate) surface_scanner: bool,
    pub(crate) face: FaceDriver,
    /// What its workers run; none without a face way.
    pub(crate) weights: Option<Weights>,
    /// The facility's passcode, where the visual check is offered.
    pub(crate) visual: Option<VisualDriver>,
    pub(crate) service: ServiceDriver,
    pub(crate) outbox: OutboxDriver,
    /// Whether the outbox could store when the daemon started.
    pub(crate) outbox_stores: bool,
    pub(crate) views: Views,
    pub(crate) journal: JournalThread,
    /// Whether the journal's last line was written.
    pub(crate) journal_writes: watch::Receiver<bool>,
    pub(crate) timeline: Option<TimelineFile>,
    /// What the console shows.
    pub(crate) desk: Arc<FrontDesk>,
}

pub(crate) struct EventLoop {
    session: Session,
    policy: Policy,
    texts: Loaded,
    terminal_id: String,
    drivers: Drivers,
    inputs: mpsc::Receiver<Input>,
    deadlines: BTreeMap<DeadlineId, Instant>,
    /// Answers that are known at once; they come after the effects of the event that asked.
    known: VecDeque<Event>,
    visit: Option<Visit>,
    /// The last result this run made durable: its receipt may overtake the news of that.
    durable: VisitId,
    card_place: Place,
    phone_place: Place,
    link: Link,
    /// As the service said last.
    centre: bool,
    face_way: FaceWay,
    outbox_stores: bool,
    journal_writes: bool,
    storage: bool,
    turned_away: TurnedAwayLines,
    devices: Devices,
    broken: Option<(Driver, Instant)>,
    /// Results on the desk's list.
    at_desk: usize,
    /// To end as soon as no visit runs.
    ends: bool,
    /// Nothing more is heard from these; asking again would return at once for ever.
    outbox_ended: bool,
    journal_ended: bool,
}

/// What the configuration says of this terminal's place.
pub(crate) struct Placing {
    pub(crate) limits: session::Limits,
    pub(crate) phone: screen::PhoneWay,
    pub(crate) placement: screen::Placement,
}

/// What is known of a reader.
#[derive(Clone, Copy)]
struct Place {
    presence: card::Presence,
    wedged: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self { presence: card::Presence::NoReader, wedged: false }
    }
}

impl EventLoop {
    pub(crate) fn new(
        place: Placing,
        texts: Loaded,
        terminal_id: String,
        drivers: Drivers,
        inputs: mpsc::Receiver<Input>,
    ) -> Self {
        let policy = Policy {
            limits: place.limits,
            phone: place.phone,
            placement: place.placement,
            visual: drivers.visual.is_some(),
            surface_scanner: drivers.surface_scanner,
            weights: drivers.weights.as_ref().map(Weights::shown),
            texts: texts.session.clone(),
        };
        let outbox_stores = drivers.outbox_stores;
        Self {
            session: Session::new(),
            policy,
            texts,
            terminal_id,
            drivers,
            inputs,
            deadlines: BTreeMap::new(),
            known: VecDeque::new(),
            visit: None,
            durable: VisitId(0),
            card_place: Place::default(),
            phone_place: Place::default(),
            link: Link::Down,
            centre: true,
            face_way: FaceWay::Closed(Reason::NotAvailable),
            outbox_stores,
            journal_writes: true,
            storage: false,
            turned_away: TurnedAwayLines::default(),
            devices: Devices::default(),
            broken: None,
            at_desk: 0,
            ends: false,
            outbox_ended: false,
            journal_ended: false,
        }
    }

    /// Runs until the daemon is asked to end or a driver broke.
    pub(crate) async fn run(mut self) -> Ended {
        self.note(Entry::Started { version: env!("CARGO_PKG_VERSION"), weights: self.drivers.weights.clone() });
        self.tell_storage();
        // Nothing is heard of a reader that is not there from the start on.
        self.device(Device::CardReader, Some(FaultCode::ReaderLost));
        if self.drivers.phone.is_some() {
            self.device(Device::PhoneReader, Some(FaultCode::PhoneReaderLost));
        }
        let ended = loop {
            for note in self.devices.due(Instant::now()) {
                self.tell_device(note);
            }
            if let Some((driver, since)) = self.broken
                && (self.session.visit().is_none() || since.elapsed() >= BROKEN_GRACE)
            {
                break Ended::Broken(driver);
            }
            if self.ends && self.is_at_rest() {
                break Ended::Stopped;
            }
            let next = self.deadlines.iter().min_by_key(|(_, at)| **at).map(|(id, at)| (*id, *at));
            let grace = self.broken.map(|(_, since)| since + BROKEN_GRACE);
            let wake = next.map(|(_, at)| at).into_iter().chain(grace).chain(self.devices.wake()).min();
            tokio::select! {
                input = self.inputs.recv() => match input {
                    Some(Input::Stop) | None => break Ended::Stopped,
                    Some(input) => self.input(input),
                },
                delivered = self.drivers.outbox.next(), if !self.outbox_ended => self.delivered(delivered),
                changed = self.drivers.journal_writes.changed(), if !self.journal_ended => {
                    // An error: its thread is gone.
                    self.journal_ended = changed.is_err();
                    let writes = changed.is_ok() && *self.drivers.journal_writes.borrow_and_update();
                    self.journal(writes);
                }
                () = until(wake) => {
                    if let Some((id, _)) = next.filter(|(_, at)| *at <= Instant::now()) {
                        self.deadlines.remove(&id);
                        self.event(Event::Deadline(id));
                    }
                }
            }
        };
        self.end().await;
        ended
    }

    /// A visit that runs when the daemon ends is given up; what is durable stays so.
    async fn end(&mut self) {
        if let Some(visit) = self.visit.take() {
            self.drivers.card.finish(visit.id);
            if let Some(phone) = &self.drivers.phone {
                phone.finish(visit.id);
            }
            self.drivers.face.finish(visit.id);
            if self.durable != visit.id
                && let Some(session) = &visit.session
            {
                self.drivers.service.cancel_at_end(&session.id).await;
            }
        }
        if let Some(entry) = self.turned_away.rest() {
            self.note(entry);
        }
        self.note(Entry::Stopped);
    }

    fn note(&self, entry: Entry) {
        self.drivers.journal.note(entry);
    }

    fn input(&mut self, input: Input) {
        match input {
            Input::Screen(heard) => self.heard(heard),
            Input::Presence(slot, presence) => {
                let is = presence == card::Presence::NoReader;
                let place = self.place(slot);
                let was = std::mem::replace(&mut place.presence, presence) == card::Presence::NoReader;
                if was != is {
                    self.note(Entry::Reader { reader: slot, present: !is });
                }
                self.tell_presence(slot);
            }
            Input::Card(answer) => self.card(answer),
            Input::Face(news) => self.face(news),
            Input::Service(answer) => self.service(answer),
            Input::Visual(VisualNews::Way(way)) => {
                self.drivers.desk.visual(way);
                self.event(Event::VisualWay(way));
            }
            Input::Console(entry) => self.note(entry),
            Input::Visual(VisualNews::Passcode(id, result)) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.passcode_right = result == PasscodeResult::Right;
                }
                self.event(Event::Passcode(id, result));
            }
            Input::Stored(visit, storing) => self.stored(visit, storing),
            Input::Outbox { stores, at_desk } => {
                self.outbox_stores = stores;
                self.at_desk = at_desk;
                if !self.journal_writes {
                    // A line that can be written again says that the journal can.
                    self.note(Entry::Storage { ok: false });
                }
                self.tell_storage();
            }
            Input::Broken(driver) => {
                self.note(Entry::DriverBroken { driver });
                staff::support(&format!("driver {driver:?} broke; the daemon ends after this visit"));
                self.broken.get_or_insert((driver, Instant::now()));
            }
            Input::StopAfterVisit => self.ends = true,
            // Ends the loop before it comes here.
            Input::Stop => {}
        }
    }

    fn journal(&mut self, writes: bool) {
        if self.journal_ended {
            staff::support("the journal's thread ended; no visit starts before the daemon is started again");
        }
        self.journal_writes = writes;
        self.tell_storage();
    }

    /// What the console shows of the visit.
    fn tell_desk(&self) {
        let fault = if let Some(Screen::NeedHelp { fault, .. }) = self.session.view().map(|view| &view.screen) {
            fault.code.parse().ok()
        } else {
            None
        };
        let desk = &self.drivers.desk;
        desk.step(self.session.state_name(), fault);
        desk.undelivered(self.drivers.outbox.waiting() + self.at_desk);
    }

    /// Nobody is there, nothing lies on a reader, and no call to one is out: another daemon can begin.
    fn is_at_rest(&self) -> bool {
        let empty = |place: &Place| {
            !place.wedged
                && match place.presence {
                    card::Presence::NoReader | card::Presence::Empty => true,
                    card::Presence::Card { .. } | card::Presence::Mute { .. } => false,
                }
        };
        self.session.state_name() == StateName::Idle && empty(&self.card_place) && empty(&self.phone_place)
    }

    fn visit_of(&mut self, id: VisitId) -> Option<&mut Visit> {
        self.visit.as_mut().filter(|visit| visit.id == id)
    }

    fn event(&mut self, event: Event) {
        self.step(event, None);
    }

    /// The one place where the session moves. A digit that no effect keeps is wiped when this returns.
    fn step(&mut self, event: Event, digit: Option<Box<Digit>>) {
        let now = Instant::now();
        let (session, effects) = step(std::mem::take(&mut self.session), event, &self.policy);
        self.session = session;
        let mut digit = digit;
        for effect in effects {
            self.carry_out(effect, &mut digit, now);
        }
        let heard = self.session.heard();
        self.deadlines.retain(|id, _| heard.contains(id));
        if let Some(visit) = &mut self.visit {
            visit.timeline.state(self.session.state_name(), self.session.waits_for(), now);
        }
        self.tell_desk();
        self.drivers.service.visit_runs(self.session.visit().is_some());
        while let Some(event) = self.known.pop_front() {
            self.step(event, None);
        }
    }
}

/// Sleeps until then, or for ever.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

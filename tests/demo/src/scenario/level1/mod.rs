//! Level 1: the pure session in virtual time. A small world answers its effects as real devices would, and watches that
//! no driver is asked to break a law.

mod cards;
mod clinic;
mod effects;
mod faces;
mod hands;
mod phones;
mod texts;
mod visual;

use std::{collections::BTreeMap, time::Duration};

use screen::{Digit, PhoneWay, Screen, Target, View};
use session::{
    DeadlineId, Event, Link, PasscodeResult, PhonePlace, PhoneResult, PhotoResult, PinLessResult, Policy, Presence,
    Session, VisitId, step,
};

use self::{cards::Reader, clinic::Clinic, faces::Faces, phones::PhoneTable, visual::VisualCheck};
use super::{
    names::ScreenName,
    people::Person,
    step::{PasscodeBy, Phones, Scenario, StorageControl, Terminal},
    targets::targets,
    world::{Seen, Trouble, World as _},
};
pub use texts::plain_policy;

/// One frame at 60 Hz: view shown → on the glass.
const FRAME: Duration = Duration::from_millis(16);
/// pcscd's poll: card moved → event (lab: 97 to 377 ms).
const READER: Duration = Duration::from_millis(100);
/// The health check between visits sees a link that changed.
const HEALTH_CHECK: Duration = Duration::from_millis(500);
/// Delivery is tried again after this.
const REDELIVER: Duration = Duration::from_secs(1);
/// How long `finish` lets deliveries come to rest.
const REST: Duration = Duration::from_secs(30);

/// The world of level 1.
pub struct PureWorld {
    policy: Policy,
    /// `None` while the daemon is killed.
    session: Option<Session>,
    /// How often the daemon was started; numbers of visits begin again each time.
    start: u32,
    now: Duration,
    queue: BTreeMap<(Duration, u64), Due>,
    events: u32,
    glass: Option<Glass>,
    seen: Vec<Seen>,
    reader: Reader,
    clinic: Clinic,
    faces: Faces,
    phones: PhoneTable,
    visual: VisualCheck,
    storage: StorageControl,
    /// What staff were told, in the words of `expect:`.
    staff: Vec<String>,
    /// Held by the PIN driver.
    digits: Vec<Digit>,
    /// The digit of the key event being handled.
    key: Option<Digit>,
    /// 「決定」 was touched on the glass and no VERIFY has followed.
    confirmed: bool,
    /// The last touch of the PIN pad's 「決定」 asked for VERIFY, whose answer is not back.
    verifying: bool,
    /// A visit that began and was not finished.
    open: Option<VisitId>,
    submitted: Option<VisitId>,
    broken: Option<Trouble>,
}

struct Glass {
    view: Box<View>,
}

/// What happens at a moment in virtual time.
#[expect(clippy::large_enum_variant, reason = "a handful at a time; the end of a certificate is the large one")]
enum Due {
    Tell(Event),
    Deadline(DeadlineId),
    Glass(Box<View>),
    ReadCard {
        visit: VisitId,
        insertion: u32,
    },
    PinAnswer {
        visit: VisitId,
        insertion: u32,
        result: session::PinResult,
    },
    Photo {
        visit: VisitId,
        insertion: u32,
        result: PhotoResult,
        shown: Option<&'static Person>,
    },
    /// A phone's answer to its tap. `proved`: with what it signed.
    Phone {
        visit: VisitId,
        at: PhonePlace,
        insertion: u32,
        result: PhoneResult,
        proved: Option<&'static Person>,
    },
    Passcode(VisitId, PasscodeResult),
    /// The visual check was closed for its time.
    VisualTime,
    /// The try with this number has seen enough.
    Look(u32),
    PinLess {
        visit: VisitId,
        insertion: u32,
        result: PinLessResult,
    },
    Open(VisitId),
    LookUp(VisitId),
    Register(VisitId),
    Deliver(usize),
}

impl Default for PureWorld {
    fn default() -> Self {
        Self::new(plain_policy(), false, Terminal::default())
    }
}

impl PureWorld {
    /// What a file needs: a terminal with the face way exactly when the file speaks of faces, as at the other levels.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self::new(plain_policy(), scenario.needs_faces(), scenario.terminal)
    }

    /// A terminal that has just been started, everything plugged in and no card; with or without the face way.
    #[must_use]
    pub fn new(policy: Policy, faces: bool, terminal: Terminal) -> Self {
        let phone = match terminal.phones {
            Phones::Nowhere => PhoneWay::No,
            Phones::OwnReader => PhoneWay::OwnReader,
            Phones::CardReader => PhoneWay::SameReader,
        };
        let mut world = Self {
            policy: Policy { phone, visual: terminal.passcode.is_some(), ..policy },
            session: None,
            start: 0,
            now: Duration::ZERO,
            queue: BTreeMap::new(),
            events: 0,
            glass: None,
            seen: Vec::new(),
            reader: Reader::default(),
            clinic: Clinic::default(),
            faces: Faces::new(faces),
            phones: PhoneTable::new(terminal.phones),
            visual: VisualCheck::new(
                matches!(terminal.passcode, Some(PasscodeBy::Clinic | PasscodeBy::Terminal)),
                terminal.closed_twice,
            ),
            storage: StorageControl::Free,
            staff: Vec::new(),
            digits: Vec::new(),
            key: None,
            confirmed: false,
            verifying: false,
            open: None,
            submitted: None,
            broken: None,
        };
        world.start();
        world
    }

    fn start(&mut self) {
        self.start += 1;
        self.session = Some(Session::new());
        self.tell(Event::ScreenConnected);
        self.tell(Event::Storage(self.storage == StorageControl::Free));
        self.tell(Event::Presence(self.card_presence()));
        if let Some(presence) = self.phones.own_presence() {
            self.tell(Event::PhonePresence(presence));
        }
        self.tell(Event::FaceWay(self.faces.way()));
        if self.policy.visual {
            self.tell(Event::VisualWay(self.visual.way()));
        }
        self.after(Duration::ZERO, Due::Tell(Event::Link(self.clinic.link())));
        for result in self.clinic.undelivered() {
            self.after(REDELIVER, Due::Deliver(result));
        }
    }

    fn after(&mut self, time: Duration, due: Due) {
        // The second number keeps events of one moment in the order they were made.
        self.events += 1;
        self.queue.insert((self.now + time, u64::from(self.events)), due);
    }

    fn break_law(&mut self, law: &str) {
        self.broken.get_or_insert_with(|| Trouble::Law(law.to_owned()));
    }

    fn tell(&mut self, event: Event) {
        let Some(session) = self.session.take() else { return };
        let (session, effects) = step(session, event, &self.policy);
        self.session = Some(session);
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Tell(event) => self.tell(event),
            Due::Deadline(id) => self.tell(Event::Deadline(id)),
            Due::Glass(view) => self.show(view),
            Due::ReadCard { visit, insertion } => {
                let reading = match self.phones.label(insertion) {
                    Some(kind) => session::CardReading::Phone(kind),
                    None => self.reader.read(insertion),
                };
                self.tell(Event::CardRead(visit, reading));
            }
            Due::PinAnswer { visit, insertion, result } => {
                self.verifying = false;
                let gone = self.reader.insertion() != Some(insertion);
                let lost = gone && !matches!(result, session::PinResult::Changed | session::PinResult::NotSent);
                self.tell(Event::Pin(visit, if lost { session::PinResult::Lost } else { result }));
            }
            Due::Photo { visit, insertion, result, shown } => self.photo_read(visit, insertion, result, shown),
            Due::Phone { visit, at, insertion, result, proved } => {
                self.phone_answered(visit, at, insertion, result, proved);
            }
            Due::Passcode(visit, result) => self.passcode_checked(visit, result),
            Due::VisualTime => {
                self.visual.time_is_over();
                self.tell(Event::VisualWay(self.visual.way()));
            }
            Due::Look(number) => self.looked(number),
            Due::PinLess { visit, insertion, result } => self.signed_without_pin(visit, insertion, result),
            Due::Open(visit) => {
                let opening = self.clinic.open();
                self.tell(Event::Opened(visit, opening));
            }
            Due::LookUp(visit) => {
                let lookup = self.clinic.look_up(visit);
                self.tell(Event::LookedUp(visit, lookup));
            }
            Due::Register(visit) => {
                let lookup = self.clinic.register(visit);
                self.tell(Event::LookedUp(visit, lookup));
            }
            Due::Deliver(result) => self.deliver(result),
        }
    }

    fn show(&mut self, view: Box<View>) {
        let seen = Seen::of(&view, self.now);
        match self.seen.last_mut() {
            Some(last) if last.revision == seen.revision && last.screen == seen.screen => last.targets = seen.targets,
            _ => self.seen.push(seen),
        }
        let revision = view.revision;
        self.glass = Some(Glass { view });
        self.tell(Event::Shown(revision));
    }

    /// Lets the view under way, if any, reach the glass.
    fn settle(&mut self) -> Result<(), Trouble> {
        while self.queue.values().any(|due| matches!(due, Due::Glass(_))) {
            self.pass(FRAME)?;
        }
        Ok(())
    }

    fn view_offering(&mut self, target: Target) -> Result<screen::Revision, Trouble> {
        self.settle()?;
        let Some(Glass { view }) = &self.glass else {
            return Err(Trouble::Impossible("nothing is on the glass".into()));
        };
        let offered = targets(view);
        if offered.contains(&target) {
            return Ok(view.revision);
        }
        let offered: Vec<_> = offered.into_iter().map(Target::name).collect();
        Err(Trouble::NotOffered {
            target: target.name(),
            screen: ScreenName::of(&view.screen),
            offered: offered.join(", "),
        })
    }

    fn touch(&mut self, revision: screen::Revision, target: Target) {
        let current = self.session.as_ref().and_then(Session::view).is_some_and(|view| view.revision == revision);
        let screen = self.glass.as_ref().map(|glass| &glass.view.screen);
        let pin = matches!(screen, Some(Screen::EnteringPin { .. } | Screen::ConfirmLastTry));
        self.confirmed |= current && pin && target == Target::Confirm;
        self.faces.touched |= current && matches!(target, Target::Face | Target::Visual);
        self.visual.touched(current.then_some(target));
        self.tell(Event::Touched(revision, target));
    }

    /// Where card and phone share a reader, either is there.
    fn card_presence(&self) -> Presence {
        match self.phones.at_card_reader() {
            Some(insertion) => presence(self.reader.is_plugged(), Some((insertion, true))),
            None => self.reader.presence(),
        }
    }

    fn presence_changed(&mut self) {
        let presence = self.card_presence();
        self.after(READER, Due::Tell(Event::Presence(presence)));
        if let Some(presence) = self.phones.own_presence() {
            self.after(READER, Due::Tell(Event::PhonePresence(presence)));
        }
    }
}

/// What the session sees of the link.
const fn link(up: bool) -> Link {
    if up { Link::Up } else { Link::Down }
}

/// What the session sees of the reader.
const fn presence(plugged: bool, card: Option<(u32, bool)>) -> Presence {
    match card {
        _ if !plugged => Presence::NoReader,
        None => Presence::Empty,
        Some((_, false)) => Presence::Mute,
        Some((insertion, true)) => Presence::Card(insertion),
    }
}

#[cfg(test)]
mod tests;

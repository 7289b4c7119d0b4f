//! Level 1: the pure session in virtual time. A small world answers its effects as real devices would, and watches that
//! no driver is asked to break a law.

mod cards;
mod clinic;
mod effects;
mod faces;
mod texts;

use std::{collections::BTreeMap, time::Duration};

use screen::{Digit, Screen, Target, View};
use session::{
    DeadlineId, Event, Link, PhotoResult, PinLessResult, Policy, Presence, Session, SurfaceDigit, VisitId, step,
};

use self::{cards::Reader, clinic::Clinic, faces::Faces};
use super::{
    names::ScreenName,
    people::Person,
    step::{CardSetup, ClinicControl, Level, Moment, ReaderControl, Scenario, Sitter, SurfaceControl},
    targets::targets,
    world::{Observed, Passed, Seen, Trouble, World},
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
/// More events than any visit has; a machine that never comes to rest ends here.
const MAX_EVENTS: u32 = 200_000;

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
    /// The try with this number has seen enough.
    Look(u32),
    PinLess {
        visit: VisitId,
        insertion: u32,
        result: PinLessResult,
    },
    Open(VisitId),
    LookUp(VisitId),
    Deliver(usize),
}

impl Default for PureWorld {
    fn default() -> Self {
        Self::new(plain_policy(), false)
    }
}

impl PureWorld {
    /// What a file needs: a terminal with the face way exactly when the file speaks of faces, as at the other levels.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self::new(plain_policy(), scenario.needs_faces())
    }

    /// A terminal that has just been started, everything plugged in and no card; with or without the face way.
    #[must_use]
    pub fn new(policy: Policy, faces: bool) -> Self {
        let mut world = Self {
            policy,
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
        self.tell(Event::Storage(true));
        self.tell(Event::Presence(self.reader.presence()));
        self.tell(Event::FaceWay(self.faces.way()));
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
                let reading = self.reader.read(insertion);
                self.tell(Event::CardRead(visit, reading));
            }
            Due::PinAnswer { visit, insertion, result } => {
                self.verifying = false;
                let gone = self.reader.insertion() != Some(insertion);
                let lost = gone && !matches!(result, session::PinResult::Changed | session::PinResult::NotSent);
                self.tell(Event::Pin(visit, if lost { session::PinResult::Lost } else { result }));
            }
            Due::Photo { visit, insertion, result, shown } => self.photo_read(visit, insertion, result, shown),
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
        self.faces.touched |= current && target == Target::Face;
        self.tell(Event::Touched(revision, target));
    }

    fn presence_changed(&mut self) {
        let presence = self.reader.presence();
        self.after(READER, Due::Tell(Event::Presence(presence)));
    }
}

impl World for PureWorld {
    fn level(&self) -> Level {
        Level::Session
    }

    fn elapsed(&self) -> Duration {
        self.now
    }

    fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        self.reader.insert(card)?;
        self.presence_changed();
        Ok(())
    }

    fn remove(&mut self) -> Result<(), Trouble> {
        self.reader.remove()?;
        self.presence_changed();
        Ok(())
    }

    fn swap(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        self.reader.remove()?;
        self.reader.insert(card)?;
        self.presence_changed();
        Ok(())
    }

    fn tap(&mut self, target: Target) -> Result<(), Trouble> {
        let revision = self.view_offering(target)?;
        self.touch(revision, target);
        self.settle()
    }

    fn double_tap(&mut self, target: Target) -> Result<(), Trouble> {
        let revision = self.view_offering(target)?;
        self.touch(revision, target);
        self.touch(revision, target);
        self.settle()
    }

    fn key(&mut self, digit: &Digit) -> Result<(), Trouble> {
        self.settle()?;
        let Some(Glass { view }) = &self.glass else {
            return Err(Trouble::Impossible("nothing is on the glass".into()));
        };
        let revision = view.revision;
        if let Screen::KeyingSurfaceCode { .. } = view.screen {
            self.tell(Event::SurfaceKey(revision, SurfaceDigit(digit.ascii().saturating_sub(b'0'))));
        } else if let Screen::EnteringPin { .. } = view.screen {
            self.key = Some(digit.clone());
            self.tell(Event::Key(revision));
            self.key = None;
        } else {
            return Err(Trouble::Impossible("no number pad is on the glass".into()));
        }
        self.settle()
    }

    fn clinic(&mut self, control: ClinicControl) -> Result<(), Trouble> {
        self.clinic.control(control);
        let link = self.clinic.link();
        self.after(HEALTH_CHECK, Due::Tell(Event::Link(link)));
        Ok(())
    }

    fn reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        self.reader.plug(control)?;
        self.presence_changed();
        Ok(())
    }

    fn camera(&mut self, sitter: Sitter) -> Result<(), Trouble> {
        let before = self.faces.way();
        self.faces.sitter = sitter;
        // Between tries the health check sees a camera that came or went; in a try the worker itself does.
        let way = self.faces.way();
        if way != before && !self.faces.looks() {
            self.after(HEALTH_CHECK, Due::Tell(Event::FaceWay(way)));
        }
        Ok(())
    }

    fn surface(&mut self, control: SurfaceControl) -> Result<(), Trouble> {
        self.faces.surface = control;
        Ok(())
    }

    fn surface_code(&mut self) -> Result<String, Trouble> {
        self.reader.surface_code().ok_or_else(|| Trouble::Impossible("no My Number card lies in the reader".into()))
    }

    fn kill_daemon(&mut self) -> Result<(), Trouble> {
        if self.session.take().is_none() {
            return Err(Trouble::Impossible("the daemon does not run".into()));
        }
        self.queue.clear();
        self.digits.clear();
        self.confirmed = false;
        self.verifying = false;
        self.open = None;
        self.submitted = None;
        self.faces.forget_visit();
        self.clinic.forget_sessions();
        // The kiosk draws this by itself; no revision belongs to it.
        self.glass = None;
        self.seen.push(Seen {
            at_ms: u64::try_from(self.now.as_millis()).unwrap_or(u64::MAX),
            revision: 0,
            screen: ScreenName::Disconnected,
            fault: None,
            targets: vec![],
        });
        Ok(())
    }

    fn start_daemon(&mut self) -> Result<(), Trouble> {
        if self.session.is_some() {
            return Err(Trouble::Impossible("the daemon runs already".into()));
        }
        self.start();
        self.settle()
    }

    fn at(&mut self, moment: Moment) -> Result<bool, Trouble> {
        Ok(match moment {
            Moment::Screen(screen) => self.seen.last().is_some_and(|seen| seen.screen == screen),
            Moment::Verify => self.verifying,
            Moment::Lookup => self.queue.values().any(|due| matches!(due, Due::LookUp(_))),
            Moment::Submit => self.submitted.is_some() && !self.clinic.undelivered().is_empty(),
        })
    }

    fn now_shown(&mut self) -> Result<Option<Seen>, Trouble> {
        Ok(self.seen.last().cloned())
    }

    fn pass(&mut self, at_most: Duration) -> Result<Passed, Trouble> {
        let end = self.now + at_most;
        let due = self.queue.first_entry().filter(|entry| entry.key().0 <= end).map(|entry| entry.remove_entry());
        let passed = match due {
            Some(((at, _), due)) => {
                self.now = at;
                self.happen(due);
                Passed::On
            }
            None => {
                self.now = end;
                if self.queue.is_empty() { Passed::Still } else { Passed::On }
            }
        };
        if passed == Passed::Still && self.open.is_some() {
            self.break_law("a visit waits and nothing can end it (law 11)");
        }
        if self.events > MAX_EVENTS {
            self.break_law("the session never comes to rest (law 11)");
        }
        self.broken.clone().map_or(Ok(passed), Err)
    }

    fn observe(&mut self) -> Result<Observed, Trouble> {
        Ok(Observed {
            seen: self.seen.clone(),
            verify_sent: self.reader.verify_sent(),
            tries_left: self.reader.tries_left(),
            books: self.clinic.books().to_vec(),
        })
    }

    fn finish(&mut self) -> Result<Observed, Trouble> {
        let end = self.now + REST;
        while self.now < end && self.pass(end - self.now)? == Passed::On {}
        self.observe()
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

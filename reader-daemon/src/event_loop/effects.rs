//! Carrying out effects: the only place where the session's wishes meet the drivers.

use std::time::Instant;

use qualification::protocol::Method;
use screen::{Digit, Screen};
use session::{
    ComparingWith, Effect, Event, Lookup, PasscodeResult, PhoneOrder, PhonePlace, PhoneResult, PhotoOrder,
    PinLessOrder, PinLessResult, PinResult, ProvedBy, Record, SignUp, StaffNote, Storing, VerifyOrder, VisitId,
};

use super::EventLoop;
use crate::{
    journal::{Entry, FaceTry, Outcome},
    staff,
    timeline::Work,
    visit::Visit,
};

impl EventLoop {
    pub(super) fn carry_out(&mut self, effect: Effect, digit: &mut Option<Box<Digit>>, now: Instant) {
        match effect {
            Effect::Show(view) => self.drivers.views.show(*view),
            Effect::Arm(id, after) => {
                self.deadlines.insert(id, now + after);
            }
            Effect::ReadCard(id) => {
                self.begun(id, now).timeline.start(Work::ReadCard, now);
                self.drivers.card.read(id);
            }
            Effect::OpenSession(id) => {
                self.begun(id, now).timeline.start(Work::Open, now);
                self.drivers.service.open(id);
            }
            Effect::KeepDigit => {
                let passcode =
                    matches!(self.session.view().map(|view| &view.screen), Some(Screen::EnteringPasscode { .. }));
                if let (Some(visit), Some(digit)) = (&mut self.visit, digit.take()) {
                    if passcode { visit.keep_passcode_digit(&digit) } else { visit.keep_digit(&digit) }
                }
            }
            Effect::DropDigit => {
                if let Some(visit) = &mut self.visit {
                    visit.drop_digit();
                }
            }
            Effect::WipePin => {
                if let Some(visit) = &mut self.visit {
                    visit.wipe_pin();
                }
            }
            Effect::VerifyAndSign(order) => self.verify(order, now),
            Effect::UsePhone(order) => self.use_phone(order, now),
            Effect::CheckPasscode(id) => self.check_passcode(id),
            Effect::Compare(id) => self.compare(id),
            Effect::Register(order) => self.register(order, now),
            Effect::ReadPhoto(order) => self.read_photo(order, now),
            Effect::LookAtFace(id, pace) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.start(Work::Face, now);
                    visit.matched = None;
                    self.drivers.face.look(id, pace);
                }
            }
            Effect::StopLooking(id) => {
                self.drivers.face.stop(id);
                self.face_tried(id, FaceTry::Stopped);
                self.unmatch(id);
            }
            Effect::SignWithoutPin(order) => self.sign_without_pin(order, now),
            Effect::Authenticate(id) => self.authenticate(id, now),
            Effect::Submit(submission) => {
                let bound = self.visit_of(submission.visit).and_then(|visit| {
                    visit.timeline.start(Work::Store, now);
                    visit.bound()
                });
                match bound {
                    Some(bound) => self.drivers.outbox.submit(&submission, bound),
                    None => self.known.push_back(Event::Stored(submission.visit, Storing::Failed)),
                }
            }
            Effect::CancelSession(id) => {
                if let Some(session) = self.visit_of(id).and_then(|visit| visit.session.take()) {
                    self.drivers.service.cancel(session.id);
                }
            }
            Effect::Finish(id, record) => self.finish(id, record, now),
            Effect::TellStaff(note) => {
                if let StaffNote::Fault(code) = note {
                    self.devices.told(code);
                }
                let name = self.visit.as_ref().map(|visit| visit.name.as_str());
                self.note(Entry::from(note).of_visit(name));
                staff::tell(note, &self.texts.desk);
                self.drivers.desk.tell(note);
            }
        }
    }

    /// The visit's things, made at its first effect.
    fn begun(&mut self, id: VisitId, now: Instant) -> &mut Visit {
        self.visit.take_if(|visit| visit.id != id);
        self.visit.get_or_insert_with(|| Visit::new(id, now))
    }

    fn verify(&mut self, order: VerifyOrder, now: Instant) {
        let terminal_id = &self.terminal_id;
        let ready = self.visit.as_mut().filter(|visit| visit.id == order.visit).and_then(|visit| {
            let statement = visit.statement(terminal_id, Method::Pin)?;
            let pin = visit.take_pin()?;
            visit.timeline.start(Work::VerifyAndSign, now);
            Some((pin, statement))
        });
        match ready {
            Some((pin, statement)) => self.drivers.card.verify(order, pin, statement),
            None => self.known.push_back(Event::Pin(order.visit, PinResult::NotSent)),
        }
    }

    fn read_photo(&mut self, order: PhotoOrder, now: Instant) {
        let id = order.visit;
        let Some(visit) = self.visit_of(id) else { return };
        visit.timeline.start(Work::ReadPhoto, now);
        // Whatever an earlier reading said is not said of this one.
        (visit.person, visit.matched) = (None, None);
        self.drivers.face.photo_comes(id);
        if let Some(known) = self.drivers.card.read_photo(order) {
            if let Some(visit) = self.visit_of(id) {
                visit.timeline.end(Work::ReadPhoto, 0, now);
            }
            self.known.push_back(Event::Photo(id, known));
        }
    }

    /// Only for a visit whose face matched, once for each match, or whose holder staff recognised behind the right passcode,
    /// once for each: nothing else leads to the card's key (architecture, `relay`).
    fn sign_without_pin(&mut self, order: PinLessOrder, now: Instant) {
        let terminal_id = &self.terminal_id;
        let id = order.visit;
        let ready = self.visit.as_mut().filter(|visit| visit.id == id).and_then(|visit| {
            let (method, asked) = match &order.by {
                ProvedBy::Face => (Method::Face, visit.take_match()?),
                ProvedBy::Staff { number } => (Method::Visual, visit.take_visual_check(number.clone())?),
            };
            let statement = visit.statement(terminal_id, method)?;
            visit.pin_less_by = Some(method);
            visit.timeline.start(Work::PinLess, now);
            Some((method, asked, statement))
        });
        match ready {
            Some((method, (session_id, certificate), statement)) => {
                let relay = self.drivers.service.relay(method, session_id, certificate);
                self.drivers.card.sign_without_pin(order, relay, statement);
            }
            None => self.known.push_back(Event::PinLess(id, PinLessResult::NotSigned)),
        }
    }

    /// The statement is for the session's nonce; without one nothing is sent to a phone.
    fn use_phone(&mut self, order: PhoneOrder, now: Instant) {
        let terminal_id = &self.terminal_id;
        let ready = self.visit.as_mut().filter(|visit| visit.id == order.visit).and_then(|visit| {
            let statement = visit.phone_statement(terminal_id)?;
            visit.timeline.start(Work::Phone, now);
            Some((visit.take_phone_pin(), statement))
        });
        let driver = match order.at {
            PhonePlace::CardReader => Some(&self.drivers.card),
            PhonePlace::OwnReader => self.drivers.phone.as_ref(),
        };
        match (ready, driver) {
            (Some((pin, statement)), Some(driver)) => driver.use_phone(order, pin, statement),
            (ready, _) => {
                if let (Some((pin, _)), Some(visit)) = (ready, self.visit_of(order.visit)) {
                    visit.phone_pin_back(pin);
                }
                self.known.push_back(Event::Phone(order.visit, PhoneResult::NotRead));
            }
        }
    }

    /// Compared on a blocking thread; whatever was typed is wiped there.
    fn check_passcode(&mut self, id: VisitId) {
        let Some(visit) = self.visit_of(id) else { return };
        let digits = visit.take_passcode();
        match &self.drivers.visual {
            Some(visual) => visual.check(id, digits),
            None => self.known.push_back(Event::Passcode(id, PasscodeResult::ClosedForDay)),
        }
    }

    /// Staff compare. Without a worker there is neither picture.
    fn compare(&mut self, id: VisitId) {
        if !self.drivers.face.compare(id) {
            self.known.push_back(Event::Comparing(id, ComparingWith::Nothing));
        }
    }

    fn register(&mut self, order: SignUp, now: Instant) {
        let id = order.visit;
        let session = self.visit_of(id).and_then(|visit| {
            visit.timeline.start(Work::Register, now);
            Some((visit.proved()?, visit.session.as_ref()?.id.clone()))
        });
        match session {
            Some((method, session_id)) => self.drivers.service.register(order, method, session_id),
            None => self.known.push_back(Event::LookedUp(id, Lookup::Unreachable)),
        }
    }

    fn authenticate(&mut self, id: VisitId, now: Instant) {
        let proof = self.visit_of(id).and_then(|visit| {
            visit.timeline.start(Work::Authenticate, now);
            visit.take_proof()
        });
        match proof {
            Some((session_id, proof)) => self.drivers.service.authenticate(id, session_id, proof),
            None => self.known.push_back(Event::LookedUp(id, Lookup::Unreachable)),
        }
    }

    /// The one way out of a visit: the card is powered down, secrets and everything else of it are dropped, the journal
    /// line is written.
    fn finish(&mut self, id: VisitId, record: Record, now: Instant) {
        self.drivers.face.finish(id);
        self.drivers.card.finish(id);
        if let Some(phone) = &self.drivers.phone {
            phone.finish(id);
        }
        let Some(mut visit) = self.visit.take_if(|visit| visit.id == id) else { return };
        if visit.timeline.runs(Work::Face) {
            visit.timeline.end(Work::Face, 0, now);
            visit.tries.push(FaceTry::Stopped);
        }
        visit.timeline.close(now);
        let outcome = Outcome::from(record);
        if let Some(file) = &mut self.drivers.timeline
            && let Err(error) = file.write(&outcome, &visit.timeline)
        {
            staff::support(&format!("--timeline: {error}"));
        }
        let method = visit.proved();
        let weights = self.drivers.weights.clone();
        let Visit { name, tries, timeline, .. } = visit;
        self.note(Entry::VisitEnded { visit: name, outcome, method, weights, face: tries, timeline });
    }
}

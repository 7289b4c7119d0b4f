//! Carrying out effects: the only place where the session's wishes meet the drivers.

use std::time::Instant;

use screen::Digit;
use session::{Effect, Event, Lookup, PinResult, Record, Storing, VerifyOrder, VisitId};

use super::EventLoop;
use crate::{
    journal::{Entry, Outcome},
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
                if let (Some(visit), Some(digit)) = (&mut self.visit, digit.take()) {
                    visit.keep_digit(&digit);
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
                self.note(note.into());
                staff::tell(note, &self.texts.desk);
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
            let statement = visit.statement(terminal_id)?;
            let pin = visit.take_pin()?;
            visit.timeline.start(Work::VerifyAndSign, now);
            Some((pin, statement))
        });
        match ready {
            Some((pin, statement)) => self.drivers.card.verify(order, pin, statement),
            None => self.known.push_back(Event::Pin(order.visit, PinResult::NotSent)),
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
        self.drivers.card.finish(id);
        let Some(mut visit) = self.visit.take_if(|visit| visit.id == id) else { return };
        visit.timeline.close(now);
        let outcome = Outcome::from(record);
        if let Some(file) = &mut self.drivers.timeline
            && let Err(error) = file.write(&outcome, &visit.timeline)
        {
            staff::support(&format!("--timeline: {error}"));
        }
        self.note(Entry::VisitEnded { outcome, timeline: visit.timeline });
    }
}

//! What card, service and outbox answered, for the session, the timeline and staff.

use std::time::Instant;

use qualification::protocol::Method;
use session::{Event, FaultCode, Link, Opening, StaffNote, StateName, Storing, VisitId};

use super::{Device, EventLoop};
use crate::{
    card_driver::CardAnswer,
    input::{Delivered, Driver, Input},
    journal::Entry,
    service_driver::ServiceAnswer,
    staff,
    timeline::Work,
};

impl EventLoop {
    pub(super) fn card(&mut self, answer: CardAnswer) {
        match answer {
            CardAnswer::Read(id, reading, certificates, exchanges) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.end(Work::ReadCard, exchanges, Instant::now());
                    visit.certificates = certificates;
                }
                self.event(Event::CardRead(id, reading));
            }
            CardAnswer::Pin(id, result, signature, exchanges) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.end(Work::VerifyAndSign, exchanges, Instant::now());
                    visit.signed(Method::Pin, signature);
                }
                self.event(Event::Pin(id, result));
            }
            CardAnswer::Photo(id, read, exchanges) => self.photo_read(id, read, exchanges),
            CardAnswer::PinLess(id, result, signature, exchanges) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.end(Work::PinLess, exchanges, Instant::now());
                    let method = visit.pin_less_by.take().unwrap_or(Method::Face);
                    visit.signed(method, signature);
                }
                self.event(Event::PinLess(id, result));
            }
            CardAnswer::Phone(id, result, proof, pin, exchanges) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.end(Work::Phone, exchanges, Instant::now());
                    visit.phone_pin_back(pin);
                    if let Some(proof) = proof {
                        visit.certificates = Some(proof.certificates);
                        visit.signed(Method::Phone, Some(proof.signature));
                    }
                }
                self.event(Event::Phone(id, result));
            }
            CardAnswer::Wedged(slot) => {
                self.note(Entry::ReaderWedged { reader: slot });
                staff::support("a call to a reader does not return; nothing starts there until it does");
                self.place(slot).wedged = true;
                self.tell_presence(slot);
            }
            CardAnswer::Returned(slot) => {
                self.note(Entry::ReaderReturned { reader: slot });
                self.place(slot).wedged = false;
                self.tell_presence(slot);
            }
        }
    }

    pub(super) fn service(&mut self, answer: ServiceAnswer) {
        match answer {
            ServiceAnswer::Opened(id, opening, session, passcode) => {
                if let (Some(visual), Opening::Open { .. }) = (&self.drivers.visual, &opening) {
                    visual.copy(passcode);
                }
                match self.visit_of(id) {
                    Some(visit) => {
                        visit.timeline.end(Work::Open, 0, Instant::now());
                        visit.session = session;
                    }
                    // The visit was given up before the service answered.
                    None => {
                        if let Some(session) = session {
                            self.drivers.service.cancel(session.id);
                        }
                    }
                }
                self.event(Event::Opened(id, opening));
            }
            ServiceAnswer::LookedUp(id, lookup, staff) => {
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.end(Work::Authenticate, 0, Instant::now());
                    visit.timeline.end(Work::Register, 0, Instant::now());
                }
                // Nobody is there any more whom it is about.
                if self.visit_of(id).is_some() {
                    self.drivers.desk.answered(&staff.lines, &staff.about);
                }
                self.event(Event::LookedUp(id, *lookup));
            }
            ServiceAnswer::Health(health) => {
                let link = if health.is_some() { Link::Up } else { Link::Down };
                if let Some(health) = health {
                    if std::mem::replace(&mut self.centre, health.centre) != health.centre {
                        staff::centre(health.centre);
                    }
                    self.drivers.desk.centre(health.centre);
                    self.drivers.desk.facility(&health.facility);
                    if let Some(visual) = &self.drivers.visual {
                        visual.copy(health.passcode);
                    }
                    self.event(Event::Facility(health.facility));
                }
                if link != self.link {
                    self.link = link;
                    self.note(Entry::Link { up: link == Link::Up });
                    if link == Link::Up {
                        self.drivers.outbox.link_is_up();
                    }
                }
                self.device(Device::Link, (link == Link::Down).then_some(FaultCode::ServiceUnreachable));
                self.event(Event::Link(link));
            }
        }
    }

    pub(super) fn stored(&mut self, id: VisitId, storing: Storing) {
        match storing {
            Storing::Durable => {
                // Said already when the receipt came first.
                if self.durable != id {
                    self.mark_durable(id);
                }
            }
            Storing::Failed => {
                self.drivers.outbox.forget(id);
                self.outbox_stores = false;
                if let Some(visit) = self.visit_of(id) {
                    visit.timeline.end(Work::Store, 0, Instant::now());
                }
                self.event(Event::Stored(id, Storing::Failed));
                self.tell_storage();
            }
        }
    }

    pub(super) fn mark_durable(&mut self, id: VisitId) {
        self.durable = id;
        if let Some(visit) = self.visit_of(id) {
            visit.timeline.end(Work::Store, 0, Instant::now());
            visit.timeline.start(Work::Deliver, Instant::now());
        }
        self.event(Event::Stored(id, Storing::Durable));
    }

    pub(super) fn delivered(&mut self, delivered: Delivered) {
        match delivered {
            Delivered::Receipt(Some(id)) => {
                if self.durable < id {
                    self.mark_durable(id);
                }
                match self.visit_of(id) {
                    Some(visit) => visit.timeline.end(Work::Deliver, 0, Instant::now()),
                    None => self.note(Entry::LateReceipt),
                }
                self.event(Event::Receipt(id));
            }
            Delivered::Receipt(None) => self.note(Entry::LateReceipt),
            Delivered::Refused(id) => {
                self.note(Entry::ResultToDesk);
                // The outbox is looked at only now and then.
                self.at_desk += 1;
                match id {
                    Some(id) => {
                        if self.durable < id {
                            self.mark_durable(id);
                        }
                        // While the visit waits for its receipt, the session tells patient and staff by a fault.
                        let waits =
                            self.session.visit() == Some(id) && self.session.state_name() == StateName::Submitting;
                        self.event(Event::Refused(id));
                        if !waits {
                            self.tell_undelivered();
                        }
                    }
                    None => self.tell_undelivered(),
                }
            }
            Delivered::Broken => {
                self.outbox_ended = true;
                self.input(Input::Broken(Driver::Outbox));
            }
        }
    }

    pub(super) fn tell_undelivered(&mut self) {
        self.note(StaffNote::Undelivered.into());
        staff::tell(StaffNote::Undelivered, &self.texts.desk);
        self.drivers.desk.tell(StaffNote::Undelivered);
    }
}

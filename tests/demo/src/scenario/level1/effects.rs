//! Carries out what the session asks for, and watches the laws while doing so.

use screen::Screen;
use session::{Effect, Event, PinResult, Record, SignUp, Storing, Submission, VerifyOrder, VisitId};

use super::{
    Due, FRAME, PureWorld, REDELIVER,
    clinic::{Delivery, Proof, Way},
};
use crate::scenario::step::StorageControl;

impl PureWorld {
    pub(super) fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Show(view) => {
                if self.faces.looks()
                    && !matches!(view.screen, Screen::FacingCamera { .. } | Screen::ComparingFaces { .. })
                {
                    self.break_law("another screen is shown and the camera is on (law 6)");
                }
                // Only the newest view reaches the glass.
                self.queue.retain(|_, due| !matches!(due, Due::Glass(_)));
                self.after(FRAME, Due::Glass(view));
            }
            Effect::Arm(id, time) => self.after(time, Due::Deadline(id)),
            Effect::ReadCard(visit) => self.read_card(visit),
            Effect::OpenSession(visit) => {
                // A phone's visit reads no card.
                self.open = Some(visit);
                self.after(self.clinic.latency(), Due::Open(visit));
            }
            Effect::KeepDigit => match self.key.take() {
                Some(digit) => self.digits.push(digit),
                None => self.break_law("a digit is to be kept and no key was touched (law 1)"),
            },
            Effect::DropDigit => {
                if self.digits.pop().is_none() {
                    self.break_law("a digit is to be dropped and none is held (law 1)");
                }
            }
            Effect::WipePin => {
                self.digits.clear();
                self.confirmed = false;
            }
            Effect::UsePhone(order) => self.use_phone(order),
            Effect::CheckPasscode(visit) => self.check_passcode(visit),
            Effect::Compare(visit) => self.compare(visit),
            Effect::Register(sign_up) => self.register(&sign_up),
            Effect::VerifyAndSign(order) => self.verify(order),
            Effect::ReadPhoto(order) => self.read_photo(&order),
            Effect::LookAtFace(visit, _) => self.look_at_face(visit),
            Effect::StopLooking(_) => self.stop_looking(),
            Effect::SignWithoutPin(order) => self.sign_without_pin(order),
            Effect::Authenticate(visit) => self.after(self.clinic.latency(), Due::LookUp(visit)),
            Effect::Submit(submission) => self.submit(submission),
            Effect::CancelSession(visit) => {
                if self.submitted == Some(visit) {
                    self.break_law("a visit with a result is given up (law 7)");
                }
            }
            Effect::Finish(visit, record) => self.finish_visit(visit, record),
            Effect::TellStaff(note) => self.staff.push(crate::scenario::staff::word(note).to_owned()),
        }
    }

    fn read_card(&mut self, visit: VisitId) {
        self.open = Some(visit);
        let time = self.reader.reading_time();
        // A card that is already out again fails as quickly as it is read.
        let insertion = self.phones.at_card_reader().or(self.reader.insertion()).unwrap_or_default();
        self.after(time, Due::ReadCard { visit, insertion });
    }

    fn verify(&mut self, order: VerifyOrder) {
        if !std::mem::take(&mut self.confirmed) {
            self.break_law("VERIFY without an entry the patient confirmed (law 1)");
        }
        if self.digits.len() != 4 {
            self.break_law("VERIFY without four digits (law 1)");
        }
        if self.open != Some(order.visit) {
            self.break_law("VERIFY for another visit (law 4)");
        }
        let digits = std::mem::take(&mut self.digits);
        let insertion = self.reader.insertion();
        let (result, who) = self.reader.verify(order, &digits);
        if let Some((person, days)) = who {
            self.clinic.proved(order.visit, Proof { person, days, shown: None, way: Way::Pin });
        }
        self.verifying = !matches!(result, PinResult::Changed | PinResult::NotSent);
        let answer = Due::PinAnswer { visit: order.visit, insertion: insertion.unwrap_or_default(), result };
        self.after(self.reader.signing_time(), answer);
    }

    fn register(&mut self, sign_up: &SignUp) {
        if self.open != Some(sign_up.visit) {
            self.break_law("a sign-up for another visit (law 4)");
        }
        self.after(self.clinic.latency(), Due::Register(sign_up.visit));
    }

    fn submit(&mut self, submission: Submission) {
        let visit = submission.visit;
        if self.submitted.replace(visit) == Some(visit) {
            self.break_law("a second result in one visit (law 7)");
        }
        if self.open != Some(visit) {
            self.break_law("a result for another visit (law 4)");
        }
        if self.storage == StorageControl::Full {
            self.after(FRAME, Due::Tell(Event::Stored(visit, Storing::Failed)));
            return;
        }
        let place = self.clinic.store(self.start, submission);
        self.after(FRAME, Due::Tell(Event::Stored(visit, Storing::Durable)));
        self.after(FRAME + self.clinic.latency(), Due::Deliver(place));
    }

    fn finish_visit(&mut self, visit: VisitId, record: Record) {
        if self.open.take() != Some(visit) {
            self.break_law("a visit is finished that is not open (law 4)");
        }
        if !self.digits.is_empty() {
            self.break_law("a visit is finished and digits are still held (law 6)");
        }
        let claimed = matches!(record, Record::Received | Record::Undelivered);
        if claimed && self.submitted != Some(visit) {
            self.break_law("a result is claimed that was never made (law 7)");
        }
        self.faces.forget_visit();
        self.visual.forget_visit();
        self.submitted = None;
        self.confirmed = false;
    }

    pub(super) fn deliver(&mut self, place: usize) {
        match self.clinic.deliver(place) {
            // What an earlier daemon made is none of this session's visits.
            Delivery::Receipt { start, visit } if start == self.start => self.tell(Event::Receipt(visit)),
            Delivery::Refused { start, visit } if start == self.start => self.tell(Event::Refused(visit)),
            Delivery::Again => self.after(REDELIVER, Due::Deliver(place)),
            Delivery::Receipt { .. } | Delivery::Refused { .. } | Delivery::Nothing => {}
        }
    }
}

//! The clinic's service as the session meets it: openings, lookups, books.

use std::{collections::BTreeMap, time::Duration};

use jiff::{ToSpan, civil::Date};
use session::{
    Answer, CertificateNotice, Item, ItemAnswer, Link, Lookup, Opening, PreviousAnswer, Refusal, Submission, VisitId,
};

use super::link;
use crate::scenario::{
    people::{Person, Standing},
    step::ClinicControl,
    world::{Booked, BookedAnswer, BookedHow, BookedItem},
};

/// The day of every run.
const TODAY: Date = jiff::civil::date(2026, 11, 24);
/// The notice begins so many days before the end, and the grace period lasts as many after it (patient-flow section 8).
const THREE_MONTHS: i32 = 92;
/// 健診 is asked from this age on (patient-flow 4.1).
const CHECKUPS_FROM: i16 = 40;
/// What the facility asks, in its order (patient-flow 4.3).
const ITEMS: [&str; 3] = ["medicines", "checkups", "operations"];

/// The service, and the terminal's outbox before it.
pub(super) struct Clinic {
    up: bool,
    latency: Duration,
    drops: u32,
    refuses: bool,
    pin_less: bool,
    /// Whose signature came with which visit.
    proved: BTreeMap<VisitId, Proof>,
    /// Explicit answers by person and item.
    previous: BTreeMap<(u16, String), PreviousAnswer>,
    /// Durable at the terminal, in order.
    outbox: Vec<Outgoing>,
    books: Vec<Booked>,
}

/// Whose signature came, and how the holder was proved.
#[derive(Clone, Copy)]
pub(super) struct Proof {
    pub(super) person: &'static Person,
    /// Days the certificate has left.
    pub(super) days: i32,
    /// By face: whom the authenticated photo record shows.
    pub(super) shown: Option<&'static Person>,
}

struct Outgoing {
    /// Which start of the daemon made it.
    start: u32,
    visit: VisitId,
    person: Option<u16>,
    method: &'static str,
    items: Vec<ItemAnswer>,
    closed: bool,
}

/// What came of one delivery.
pub(super) enum Delivery {
    Receipt { start: u32, visit: VisitId },
    Refused { start: u32, visit: VisitId },
    Again,
    Nothing,
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            up: true,
            latency: Duration::from_millis(30),
            drops: 0,
            refuses: false,
            pin_less: true,
            proved: BTreeMap::new(),
            previous: BTreeMap::new(),
            outbox: Vec::new(),
            books: Vec::new(),
        }
    }
}

impl Clinic {
    pub(super) fn control(&mut self, control: ClinicControl) {
        match control {
            ClinicControl::LinkDown => self.up = false,
            ClinicControl::LinkUp => self.up = true,
            ClinicControl::DropsReceipts(count) => self.drops = count,
            ClinicControl::Latency(latency) => self.latency = latency,
            ClinicControl::RefusesResults => self.refuses = true,
            ClinicControl::PinLess(on) => self.pin_less = on,
        }
    }

    pub(super) fn link(&self) -> Link {
        link(self.up)
    }

    pub(super) fn latency(&self) -> Duration {
        self.latency
    }

    pub(super) fn books(&self) -> &[Booked] {
        &self.books
    }

    pub(super) fn open(&self) -> Opening {
        if !self.up {
            return Opening::Unreachable;
        }
        Opening::Open { facility: "見本クリニック".to_owned(), pin_less: self.pin_less }
    }

    pub(super) fn pin_less(&self) -> bool {
        self.pin_less
    }

    pub(super) fn proved(&mut self, visit: VisitId, proof: Proof) {
        self.proved.insert(visit, proof);
    }

    /// A new daemon counts its visits from the beginning.
    pub(super) fn forget_sessions(&mut self) {
        self.proved.clear();
    }

    pub(super) fn look_up(&self, visit: VisitId) -> Lookup {
        if !self.up {
            return Lookup::Unreachable;
        }
        let Some(Proof { person, days, shown }) = self.proved.get(&visit) else {
            return Lookup::Refused(Refusal::ProofRejected);
        };
        if shown.is_some_and(|shown| shown != *person) {
            return Lookup::Refused(Refusal::PersonDiffers);
        }
        match person.standing {
            Standing::Revoked => return Lookup::Refused(Refusal::CertificateGone),
            Standing::Suspended => return Lookup::Refused(Refusal::CertificateSuspended),
            _ if *days < -THREE_MONTHS => return Lookup::Refused(Refusal::CertificateGone),
            Standing::CentreError => return Lookup::Refused(Refusal::CentreError),
            Standing::NotSignedUp => return Lookup::Refused(Refusal::NotSignedUp),
            Standing::Valid | Standing::Desk => {}
        }
        let desk = person.standing == Standing::Desk;
        let certificate = notice(*days);
        let grace = matches!(certificate, CertificateNotice::Grace { .. });
        let item = |id: &str| {
            let young = id == "checkups" && TODAY.year() - person.born < CHECKUPS_FROM;
            let withheld =
                if grace { Some(Answer::NotAskedGrace) } else { (desk || young).then_some(Answer::NotAsked) };
            let previous = self.previous.get(&(person.serial, id.to_owned())).cloned();
            Item { id: id.to_owned(), withheld, previous }
        };
        Lookup::Found { certificate, items: ITEMS.map(item).to_vec(), desk }
    }

    /// The outbox takes a result; its place there.
    pub(super) fn store(&mut self, start: u32, submission: Submission) -> usize {
        let Submission { visit, items } = submission;
        let proof = self.proved.get(&visit);
        let person = proof.map(|proof| proof.person.serial);
        let method = if proof.is_some_and(|proof| proof.shown.is_some()) { "face" } else { "pin" };
        self.outbox.push(Outgoing { start, visit, person, method, items, closed: false });
        self.outbox.len() - 1
    }

    pub(super) fn undelivered(&self) -> Vec<usize> {
        self.outbox.iter().enumerate().filter(|(_, result)| !result.closed).map(|(place, _)| place).collect()
    }

    /// One try to deliver. The service stores first and answers then; the same result is stored once.
    pub(super) fn deliver(&mut self, place: usize) -> Delivery {
        let Some(result) = self.outbox.get_mut(place).filter(|result| !result.closed) else { return Delivery::Nothing };
        if !self.up {
            return Delivery::Again;
        }
        let (start, visit) = (result.start, result.visit);
        if self.refuses {
            result.closed = true;
            return Delivery::Refused { start, visit };
        }
        // Carried over is only what was said before, to the same wording.
        let previous = |item: &ItemAnswer| self.previous.get(&(result.person?, item.id.clone()));
        let fits = |item: &ItemAnswer| previous(item).is_some_and(|answer| answer.wording_hash == item.wording_hash);
        if !result.items.iter().filter(|item| item.carried_over).all(fits) {
            result.closed = true;
            return Delivery::Refused { start, visit };
        }
        let result_id = format!("{start}-{}", visit.0);
        if !self.books.iter().any(|booked| booked.result_id == result_id) {
            self.books.push(Booked {
                result_id,
                method: result.method.to_owned(),
                items: result.items.iter().map(booked_item).collect(),
            });
            for (person, item) in result.person.iter().zip(std::iter::repeat(&result.items)) {
                remember(&mut self.previous, *person, item);
            }
        }
        if self.drops > 0 {
            self.drops -= 1;
            return Delivery::Again;
        }
        result.closed = true;
        Delivery::Receipt { start, visit }
    }
}

/// Only what was pressed counts as an earlier answer (patient-flow 4.2 rule 4).
fn remember(previous: &mut BTreeMap<(u16, String), PreviousAnswer>, person: u16, items: &[ItemAnswer]) {
    for item in items {
        let agreed = match item.answer {
            Answer::Agreed => true,
            Answer::Declined => false,
            Answer::NotAnswered | Answer::NotAskedGrace | Answer::NotAsked => continue,
        };
        let answer =
            PreviousAnswer { agreed, wording_id: item.wording_id.clone(), wording_hash: item.wording_hash.clone() };
        previous.insert((person, item.id.clone()), answer);
    }
}

fn booked_item(item: &ItemAnswer) -> BookedItem {
    let (answer, pressed) = match item.answer {
        Answer::Agreed => (BookedAnswer::Agreed, true),
        Answer::Declined => (BookedAnswer::Declined, true),
        Answer::NotAnswered => (BookedAnswer::NotAnswered, false),
        Answer::NotAskedGrace => (BookedAnswer::NotAskedGrace, false),
        Answer::NotAsked => (BookedAnswer::NotAsked, false),
    };
    let how = match (pressed, item.carried_over) {
        (false, _) => BookedHow::Nothing,
        (true, false) => BookedHow::Now,
        (true, true) => BookedHow::CarriedOver,
    };
    BookedItem { id: item.id.clone(), language: item.language.tag().to_owned(), answer, how }
}

fn notice(days: i32) -> CertificateNotice {
    if days > THREE_MONTHS {
        return CertificateNotice::None;
    }
    let end = TODAY.saturating_add(days.days());
    let end =
        [format!("{}年（令和{}年）{}月{}日", end.year(), end.year() - 2018, end.month(), end.day()), end.to_string()];
    if days < 0 { CertificateNotice::Grace { end } } else { CertificateNotice::EndsSoon { end } }
}

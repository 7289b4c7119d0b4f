//! The clinic's service as the session meets it: openings, lookups, books.

use std::{collections::BTreeMap, time::Duration};

use jiff::{ToSpan, civil::Date};
use screen::{Answerer, Language};
use session::{
    Answer, CertificateEnd, CertificateNotice, Item, ItemAnswer, Link, Lookup, Opening, PreviousAnswer, Refusal,
    Submission, VisitId,
};

use super::link;
use crate::scenario::{
    people::{Person, Standing},
    step::ClinicControl,
    world::{Booked, BookedAnswer, BookedBy, BookedHow, BookedItem},
};

/// The day of every run.
const TODAY: Date = jiff::civil::date(2026, 11, 24);
/// The notice begins so many days before the end, and the grace period lasts as many after it (patient-flow section 8).
const THREE_MONTHS: i32 = 92;
/// 健診 is asked from this age on (patient-flow 4.1).
const CHECKUPS_FROM: i16 = 40;
/// Health information, in the order asked (patient-flow 4.3); the last only where everything is asked.
const HEALTH: [&str; 4] = ["medicines", "checkups", "operations", "infections"];
/// What else is asked where everything is.
const EXTRAS: [&str; 2] = ["other_certificates", "prescription"];
/// After a yes the centre is asked about so many kinds of certificates.
const KINDS: u32 = 2;
/// Clocks may differ by so many seconds.
const SKEW: u32 = 60;

/// The service, and the terminal's outbox before it.
pub(super) struct Clinic {
    up: bool,
    latency: Duration,
    drops: u32,
    refuses: bool,
    pin_less: bool,
    everything: bool,
    sign_up_fails: bool,
    refuses_terminal: bool,
    /// Seconds its clock is ahead.
    clock: i32,
    signed_up: Vec<u16>,
    lookups: u32,
    /// Whose signature came with which visit.
    proved: BTreeMap<VisitId, Proof>,
    /// Explicit answers by person and item.
    previous: BTreeMap<(u16, String), PreviousAnswer>,
    /// Durable at the terminal, in order.
    outbox: Vec<Outgoing>,
    books: Vec<Booked>,
}

/// How the holder was proved.
#[derive(Clone)]
pub(super) enum Way {
    Pin,
    Face,
    Visual { number: Option<String> },
    Phone,
}

impl Way {
    /// As on the wire.
    const fn method(&self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Face => "face",
            Self::Visual { .. } => "visual",
            Self::Phone => "phone",
        }
    }
}

/// Whose signature came, and how the holder was proved.
#[derive(Clone)]
pub(super) struct Proof {
    pub(super) person: &'static Person,
    /// Days the certificate has left.
    pub(super) days: i32,
    /// Where the photo record was authenticated: whom it shows.
    pub(super) shown: Option<&'static Person>,
    pub(super) way: Way,
}

struct Outgoing {
    /// Which start of the daemon made it.
    start: u32,
    visit: VisitId,
    person: Option<u16>,
    method: &'static str,
    confirmed_by: Option<String>,
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
            everything: false,
            sign_up_fails: false,
            refuses_terminal: false,
            clock: 0,
            signed_up: Vec::new(),
            lookups: 0,
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
            ClinicControl::Clock(ahead) => self.clock = ahead,
            ClinicControl::Everything(everything) => self.everything = everything,
            ClinicControl::SignUpFails(fails) => self.sign_up_fails = fails,
            ClinicControl::RefusesTerminal(refuses) => self.refuses_terminal = refuses,
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

    pub(super) fn sign_ups(&self) -> u32 {
        u32::try_from(self.signed_up.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn lookups(&self) -> u32 {
        self.lookups
    }

    pub(super) fn open(&self) -> Opening {
        if !self.up {
            return Opening::Unreachable;
        }
        if self.refuses_terminal {
            return Opening::Refused;
        }
        if self.clock.unsigned_abs() > SKEW {
            return Opening::ClockSkew;
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
        let Some(Proof { person, days, shown, way }) = self.proved.get(&visit) else {
            return Lookup::Refused(Refusal::ProofRejected);
        };
        if shown.is_some_and(|shown| shown != *person) {
            return Lookup::Refused(Refusal::PersonDiffers);
        }
        let phone = matches!(way, Way::Phone);
        let gone = if phone { Refusal::PhoneCertificateGone } else { Refusal::CertificateGone };
        match person.standing {
            Standing::Revoked => return Lookup::Refused(gone),
            Standing::Suspended => return Lookup::Refused(Refusal::CertificateSuspended),
            _ if *days < if phone { 0 } else { -THREE_MONTHS } => return Lookup::Refused(gone),
            Standing::PhonesCardEnded if phone => return Lookup::Refused(gone),
            Standing::CentreError => return Lookup::Refused(Refusal::CentreError),
            Standing::NotSignedUp => return Lookup::Refused(Refusal::NotSignedUp),
            Standing::SignUp { .. } if !self.signed_up.contains(&person.serial) => return Lookup::SignUpOffered,
            Standing::Valid | Standing::Desk | Standing::PhonesCardEnded | Standing::SignUp { .. } => {}
        }
        self.found(person, *days)
    }

    /// 「登録する」, answered twice.
    pub(super) fn register(&mut self, visit: VisitId) -> Lookup {
        if !self.up {
            return Lookup::Unreachable;
        }
        let Some(Proof { person, .. }) = self.proved.get(&visit) else {
            return Lookup::Refused(Refusal::ProofRejected);
        };
        if self.sign_up_fails || person.standing != (Standing::SignUp { works: true }) {
            return Lookup::Refused(Refusal::SignUpFailed);
        }
        self.signed_up.push(person.serial);
        self.look_up(visit)
    }

    fn found(&self, person: &Person, days: i32) -> Lookup {
        let desk = person.standing == Standing::Desk;
        let certificate = notice(days, person.stay);
        let grace = matches!(certificate, CertificateNotice::Grace(_));
        let health = |id: &&str| {
            let young = *id == "checkups" && TODAY.year() - person.born < CHECKUPS_FROM;
            let withheld =
                if grace { Some(Answer::NotAskedGrace) } else { (desk || young).then_some(Answer::NotAsked) };
            let previous = self.previous.get(&(person.serial, (*id).to_owned())).cloned();
            Item { id: (*id).to_owned(), withheld, previous }
        };
        let extra =
            |id: &&str| Item { id: (*id).to_owned(), withheld: desk.then_some(Answer::NotAsked), previous: None };
        let (health_asked, extras_asked) = if self.everything { (HEALTH.len(), EXTRAS.len()) } else { (3, 0) };
        let health = HEALTH.iter().take(health_asked).map(health);
        let items = health.chain(EXTRAS.iter().take(extras_asked).map(extra)).collect();
        Lookup::Found { certificate, items, desk }
    }

    /// The outbox takes a result; its place there.
    pub(super) fn store(&mut self, start: u32, submission: Submission) -> usize {
        let Submission { visit, items } = submission;
        let proof = self.proved.get(&visit);
        let person = proof.map(|proof| proof.person.serial);
        let method = proof.map_or("pin", |proof| proof.way.method());
        let confirmed_by = proof.and_then(|proof| match &proof.way {
            Way::Visual { number } => number.clone(),
            Way::Pin | Way::Face | Way::Phone => None,
        });
        self.outbox.push(Outgoing { start, visit, person, method, confirmed_by, items, closed: false });
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
                confirmed_by: result.confirmed_by.clone(),
                items: result.items.iter().map(booked_item).collect(),
            });
            // Looked up after a yes, never before (law 5).
            let wanted = |item: &ItemAnswer| item.id == "other_certificates" && item.answer == Answer::Agreed;
            self.lookups += if result.items.iter().any(wanted) { KINDS } else { 0 };
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
            Answer::NotAnswered | Answer::NotAskedGrace | Answer::NotAsked | Answer::Electronic | Answer::Paper => {
                continue;
            }
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
        Answer::Electronic => (BookedAnswer::Electronic, true),
        Answer::Paper => (BookedAnswer::Paper, true),
    };
    let by = match item.by {
        _ if !pressed => BookedBy::Nobody,
        Answerer::Patient => BookedBy::Patient,
        Answerer::Companion => BookedBy::Companion,
        Answerer::Staff => BookedBy::Staff,
    };
    let how = match (pressed, item.carried_over) {
        (false, _) => BookedHow::Nothing,
        (true, false) => BookedHow::Now,
        (true, true) => BookedHow::CarriedOver,
    };
    BookedItem { id: item.id.clone(), language: item.language.tag().to_owned(), answer, how, by }
}

fn notice(days: i32, stay: bool) -> CertificateNotice {
    if days > THREE_MONTHS {
        return CertificateNotice::None;
    }
    let end = TODAY.saturating_add(days.days());
    let part = |number: i8| u16::try_from(number).unwrap_or_default();
    let day = [u16::try_from(end.year()).unwrap_or_default(), part(end.month()), part(end.day())];
    let end = CertificateEnd { day, written: Language::ALL.map(|_| end.to_string()), stay };
    if days < 0 { CertificateNotice::Grace(end) } else { CertificateNotice::EndsSoon(end) }
}

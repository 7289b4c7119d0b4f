//! What the reception knows of this terminal, kept in memory for the console: the step, the parts, the notes. Nothing of
//! it outlives the daemon, and nothing names a patient.

use std::{
    collections::BTreeMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use console::terminal::{
    Check, Day, Journal, Note, NoteKind, Now, Part, PartKind, PartState, Statistics, Step, Terminal, Text, Trouble,
    VisualCheck,
};
use qualification::clock::now_ms;
use session::{FaultCode, StaffNote, StateName, VisualWay};
use tokio::sync::watch;

use crate::{
    advice::{About, Advice},
    doctor::Report,
    event_loop::Device,
    journal::{self, Entry},
    limits::NOTES,
    passcode, staff,
    texts::DeskText,
};

/// Looks at everything, as `reader-daemon doctor` does.
pub type Health = Arc<dyn Fn() -> Report + Send + Sync>;

/// What the event loop tells and the console asks.
pub(crate) struct FrontDesk {
    now: watch::Sender<Now>,
    texts: BTreeMap<FaultCode, DeskText>,
    advice: Advice,
    storage: PathBuf,
    health: Option<Health>,
    /// Entries of the console for the journal.
    note: Box<dyn Fn(Entry) + Send + Sync>,
    last_note: Mutex<u64>,
}

impl FrontDesk {
    pub(crate) fn new(
        terminal: String,
        visual: bool,
        texts: BTreeMap<FaultCode, DeskText>,
        storage: PathBuf,
        health: Option<Health>,
        note: Box<dyn Fn(Entry) + Send + Sync>,
    ) -> Self {
        let part = |kind| Part { kind, state: PartState::Unknown };
        let now = Now {
            terminal,
            facility: None,
            step: Step::Free,
            since_ms: now_ms(),
            parts: ORDER.into_iter().map(part).collect(),
            notes: Vec::new(),
            visual: visual.then_some(VisualCheck::NoPasscode),
            undelivered: 0,
            practice: false,
        };
        // The file that ships is read by a test.
        let advice = Advice::built_in().unwrap_or_default();
        Self { now: watch::Sender::new(now), texts, advice, storage, health, note, last_note: Mutex::new(0) }
    }

    /// Changes what is known; whoever watches wakes only when it is something else.
    fn change(&self, change: impl FnOnce(&mut Now)) {
        self.now.send_if_modified(|now| {
            let before = now.clone();
            change(now);
            *now != before
        });
    }

    /// What the patient is doing; with the code of the fault that is shown.
    pub(crate) fn step(&self, state: StateName, fault: Option<u16>) {
        self.change(|now| {
            // What lies over a fault's screen, as the staff call does, changes nothing about it.
            let shown = if let Step::NeedsHelp(code) = now.step { Some(code) } else { None };
            let step = step(state, fault.or(shown));
            if now.step != step {
                now.step = step;
                now.since_ms = now_ms();
            }
        });
    }

    pub(crate) fn facility(&self, name: &str) {
        self.change(|now| now.facility = Some(name.to_owned()));
    }

    pub(crate) fn undelivered(&self, count: usize) {
        self.change(|now| now.undelivered = count);
    }

    pub(crate) fn visual(&self, way: VisualWay) {
        let is = match way {
            VisualWay::Ready => VisualCheck::Open,
            VisualWay::NoPasscode => VisualCheck::NoPasscode,
            VisualWay::Closed => VisualCheck::Closed,
            VisualWay::ClosedForDay => VisualCheck::ClosedForDay,
        };
        self.change(|now| now.visual = now.visual.map(|_| is));
    }

    /// A device is away, or there.
    pub(crate) fn device(&self, device: Device, lost: Option<FaultCode>) {
        let kind = match device {
            Device::CardReader => PartKind::CardReader,
            Device::PhoneReader => PartKind::PhoneReader,
            Device::Face => PartKind::Face,
            Device::Link => PartKind::Service,
            Device::Storage => PartKind::Storage,
        };
        self.part(kind, lost);
        if kind == PartKind::Service && lost.is_some() {
            // What lies behind it cannot be asked.
            self.state(PartKind::Centre, |_| PartState::Unknown);
        }
    }

    /// The kiosk is there, or not.
    pub(crate) fn screen(&self, connected: bool) {
        self.part(PartKind::Screen, (!connected).then_some(FaultCode::ScreenAlone));
    }

    /// The service says that it reaches the centre, or not.
    pub(crate) fn centre(&self, up: bool) {
        let text = staff::centre_words(false);
        self.state(PartKind::Centre, |before| match before {
            _ if up => PartState::Works,
            PartState::Away { .. } => before.clone(),
            PartState::Works | PartState::NotUsed | PartState::Unknown => {
                PartState::Away { code: number(FaultCode::CentreError), since_ms: now_ms(), advice: text }
            }
        });
    }

    /// This terminal is not to have it.
    pub(crate) fn not_used(&self, kind: PartKind) {
        self.state(kind, |_| PartState::NotUsed);
    }

    fn part(&self, kind: PartKind, lost: Option<FaultCode>) {
        self.state(kind, |before| match lost {
            None => PartState::Works,
            Some(code) => {
                let since_ms = match before {
                    PartState::Away { since_ms, .. } => *since_ms,
                    PartState::Works | PartState::NotUsed | PartState::Unknown => now_ms(),
                };
                PartState::Away { code: number(code), since_ms, advice: staff::fault_words(code, &self.texts) }
            }
        });
    }

    fn state(&self, kind: PartKind, state: impl FnOnce(&PartState) -> PartState) {
        self.change(|now| {
            if let Some(part) = now.parts.iter_mut().find(|part| part.kind == kind) {
                part.state = state(&part.state);
            }
        });
    }

    /// Staff are told.
    pub(crate) fn tell(&self, note: StaffNote) {
        let text = staff::words(note, &self.texts);
        let (kind, code, about) = match note {
            StaffNote::Called(wish) => (NoteKind::Called(wish), None, None),
            StaffNote::VisualCheck => (NoteKind::VisualCheck, None, None),
            StaffNote::Desk => (NoteKind::Desk, None, None),
            StaffNote::Undelivered => (NoteKind::Undelivered, None, Some(About::Undelivered)),
            StaffNote::CardLeft => (NoteKind::CardLeft, None, None),
            StaffNote::CertificateEnds => (NoteKind::Other, None, Some(About::CertificateEnds)),
            StaffNote::PasscodeClosed { .. }
            | StaffNote::OtherPerson
            | StaffNote::FaceUsedUp
            | StaffNote::PinBlocked => (NoteKind::Other, None, None),
            StaffNote::Fault(code) => (NoteKind::Fault, Some(code), of_fault(code)),
        };
        self.add(kind, code, text, about.as_slice());
    }

    /// What the service says to the desk about a patient who is there; with what its answer was about.
    pub(crate) fn answered(&self, lines: &[String], about: &[About]) {
        if lines.is_empty() {
            return;
        }
        let ja = lines.join("\n");
        // The service writes in Japanese; what it is about has English advice.
        self.add(NoteKind::Desk, None, Text { en: ja.clone(), ja }, about);
    }

    /// The opening check of a morning: what stands in the way of the day, if anything.
    pub(crate) fn opening_check(&self) {
        let wrong: Vec<_> =
            self.health().into_iter().filter_map(|check| Some((check.name, check.found.err()?))).collect();
        let text = if wrong.is_empty() {
            Text {
                ja: "開院前の点検：本日使えます。".to_owned(),
                en: "Opening check: everything is in order today.".to_owned(),
            }
        } else {
            let lines: Vec<_> =
                wrong.iter().map(|(name, Trouble { cause, cure })| format!("{name}: {cause} → {cure}")).collect();
            let lines = lines.join("\n");
            Text {
                ja: format!("開院前の点検：直すところが{}つあります。\n{lines}", wrong.len()),
                en: format!("Opening check: {} to be mended.\n{lines}", wrong.len()),
            }
        };
        let kind = if wrong.is_empty() { NoteKind::Other } else { NoteKind::Fault };
        self.add(kind, None, text, &[]);
    }

    /// Nobody is there.
    pub(crate) fn is_free(&self) -> bool {
        self.now.borrow().step == Step::Free
    }

    fn add(&self, kind: NoteKind, code: Option<FaultCode>, text: Text, about: &[About]) {
        let at_ms = now_ms();
        let today = Day::at(at_ms);
        let advice = about.iter().flat_map(|about| self.advice.about(*about, &today)).collect();
        let id = {
            let mut last = self.last_note.lock().unwrap_or_else(PoisonError::into_inner);
            *last += 1;
            *last
        };
        let note = Note { id, at_ms, kind, code: code.map(number), text, advice };
        self.change(|now| {
            // Whoever calls twice is one who calls; anything else may be about another patient.
            now.notes.retain(|old| !matches!(note.kind, NoteKind::Called(_)) || old.kind != note.kind);
            now.notes.push(note);
            let too_many = now.notes.len().saturating_sub(NOTES);
            now.notes.drain(..too_many);
        });
    }
}

/// Where nothing else looks, as in the demo, the parts are what there is to be seen.
fn check(part: &Part) -> Option<Check> {
    let name = match part.kind {
        PartKind::Screen => "screen",
        PartKind::CardReader => "card reader",
        PartKind::PhoneReader => "phone reader",
        PartKind::Face => "face way",
        PartKind::Storage => "storage",
        PartKind::Service => "service",
        PartKind::Centre => "centre",
    };
    let found = match &part.state {
        PartState::Works => Ok("works".to_owned()),
        PartState::NotUsed => return None,
        PartState::Unknown => Err(Trouble {
            cause: "not known yet, or what lies before it is away".to_owned(),
            cure: "look at the lines above, and once more in a few seconds".to_owned(),
        }),
        PartState::Away { code, advice, .. } => {
            Err(Trouble { cause: format!("away ({code})"), cure: advice.en.clone() })
        }
    };
    Some(Check { name: name.to_owned(), found })
}

/// As the console shows them: from the patient to the centre.
const ORDER: [PartKind; 7] = [
    PartKind::Screen,
    PartKind::CardReader,
    PartKind::PhoneReader,
    PartKind::Face,
    PartKind::Storage,
    PartKind::Service,
    PartKind::Centre,
];

fn number(code: FaultCode) -> u16 {
    code.number().parse().unwrap_or(0)
}

/// What a fault is about, where staff can do something of their own.
fn of_fault(code: FaultCode) -> Option<About> {
    // Only some of the codes have advice beside their own text.
    if [FaultCode::CentreError, FaultCode::ServiceUnreachable].contains(&code) {
        Some(About::CentreAway)
    } else if code == FaultCode::CertificateGone {
        Some(About::CertificateEnded)
    } else if code == FaultCode::CertificateSuspended {
        Some(About::CertificateSuspended)
    } else if code == FaultCode::NotSignedUp {
        Some(About::NotSignedUp)
    } else if code == FaultCode::PersonDiffers {
        Some(About::OtherPerson)
    } else {
        None
    }
}

fn step(state: StateName, fault: Option<u16>) -> Step {
    match state {
        StateName::Idle => Step::Free,
        StateName::OfferingOtherWays => Step::LookingForAnotherWay,
        StateName::ChoosingPhone | StateName::EnteringPhonePin | StateName::HoldingPhone => Step::UsingPhone,
        StateName::PlacingCard => Step::PlacingCard,
        StateName::ChoosingMethod => Step::ChoosingMethod,
        StateName::FacingCamera => Step::FacingCamera,
        StateName::KeyingSurfaceCode => Step::KeyingSurfaceCode,
        StateName::FaceFailed => Step::FaceFailed,
        StateName::EnteringPin => Step::EnteringPin,
        StateName::PinBlocked => Step::PinBlocked,
        StateName::CheckingVisually => Step::CheckingVisually,
        StateName::CheckingPin | StateName::PinLessStep | StateName::WaitingForResult | StateName::Submitting => {
            Step::Waiting
        }
        StateName::ReadingNotice => Step::ReadingNotice,
        StateName::SigningUp => Step::SigningUp,
        StateName::GivingConsent | StateName::ChoosingExtras | StateName::ReadingBack => Step::Answering,
        StateName::Leaving => Step::Leaving,
        StateName::TakingCard => Step::TakingCard,
        StateName::CardLeft => Step::CardLeft,
        StateName::NeedingHelp => Step::NeedsHelp(fault.unwrap_or(0)),
    }
}

impl Terminal for FrontDesk {
    fn now(&self) -> watch::Receiver<Now> {
        self.now.subscribe()
    }

    fn sign_in(&self, right: bool) {
        (self.note)(if right { Entry::SignedIn } else { Entry::SignInRefused });
    }

    fn settle(&self, note: u64) -> bool {
        self.now.send_if_modified(|now| {
            let before = now.notes.len();
            now.notes.retain(|old| old.id != note);
            now.notes.len() != before
        })
    }

    fn open_visual_check(&self) -> io::Result<()> {
        passcode::order_to_open(&self.storage)?;
        (self.note)(Entry::VisualCheckOpened);
        Ok(())
    }

    fn health(&self) -> Vec<Check> {
        // Looking at everything starts a face worker: not beside a patient's.
        let Some(health) = self.health.as_ref().filter(|_| self.is_free()) else {
            return self.now.borrow().parts.iter().filter_map(check).collect();
        };
        let checks = health().0.into_iter().map(|check| Check {
            name: check.name.to_owned(),
            found: check.found.map_err(|trouble| Trouble { cause: trouble.cause, cure: trouble.cure }),
        });
        checks.collect()
    }

    fn journal(&self, from: Day, to: Day) -> io::Result<Journal> {
        journal::read::days(&self.storage, &from, &to)
    }

    fn statistics(&self, from: Day, to: Day) -> io::Result<Statistics> {
        journal::statistics::count(&self.storage, &from, &to)
    }
}

#[cfg(test)]
#[path = "front_desk_tests.rs"]
mod tests;

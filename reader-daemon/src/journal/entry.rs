//! Everything the journal can say: a closed list; no personal data, no PIN, nothing of what was answered.

use qualification::protocol::Method;
use screen::Wish;
use serde::Serialize;
use session::{FaceOutcome, FaceWay, FaultCode, Reason, Record, StaffNote};

use crate::{
    event_loop::{Change, DeviceNote},
    input::{Driver, Slot, TurnedAway},
    timeline::Timeline,
    weights::Weights,
};

/// Everything the journal can say.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Entry {
    /// The daemon started.
    Started {
        /// Program version.
        version: &'static str,
        /// The weights that look at faces; none without a face way.
        #[serde(skip_serializing_if = "Option::is_none")]
        weights: Option<Weights>,
    },
    /// The daemon was asked to end.
    Stopped,
    /// The last line was torn (power cut) and was taken off.
    TornLineRepaired {
        /// How many bytes.
        bytes: u64,
    },
    /// The file could not be continued; it was set aside and a new chain begins.
    SetAside {
        /// Name it has now.
        file: String,
    },
    /// The first line of a day's file: what the days before came to.
    DayBegan {
        /// The day that ended, in Japan.
        ended: String,
        /// ES256 over day, number and hash of the line before, with the journal's key; base64url.
        signature: String,
    },
    /// Days that are kept no longer were removed.
    DaysRemoved {
        /// How many files.
        days: u64,
        /// The newest of them.
        newest: String,
    },
    /// A visit ended.
    VisitEnded {
        /// Drawn at random for this visit alone.
        visit: String,
        /// How.
        outcome: Outcome,
        /// The method of the proof that went to the service.
        #[serde(skip_serializing_if = "Option::is_none")]
        method: Option<Method>,
        /// The weights in use at this terminal, whatever the method; none without a face way.
        #[serde(skip_serializing_if = "Option::is_none")]
        weights: Option<Weights>,
        /// What came of each try at the camera; no figure of a person.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        face: Vec<FaceTry>,
        /// What its time went to.
        timeline: Timeline,
    },
    /// Staff were told something.
    StaffTold {
        /// What: `called`, `called_writing`, `called_wheelchair`, `called_language`, `called_help`, `visual_check`,
        /// `passcode_closed`, `passcode_closed_for_day`, `other_person`, `face_used_up`, `pin_blocked`, `certificate_ends`,
        /// `card_left`, `undelivered`, `desk`, `fault`, `lost` or `back`.
        note: &'static str,
        /// Code of the fault, also of a device that was lost or is back.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The visit it is about, as in its last line.
        #[serde(skip_serializing_if = "Option::is_none")]
        visit: Option<String>,
    },
    /// The link to the service came or went.
    Link {
        /// It answers.
        up: bool,
    },
    /// The face way opened or closed.
    FaceWay {
        /// A worker is ready.
        open: bool,
        /// Why not: `not_available`, `models` or `camera`.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'static str>,
        /// What that worker runs.
        #[serde(skip_serializing_if = "Option::is_none")]
        weights: Option<Weights>,
    },
    /// A reader came or went.
    Reader {
        /// Which.
        reader: Slot,
        /// It is there.
        present: bool,
    },
    /// A call to a card or phone did not return in time.
    ReaderWedged {
        /// In which reader.
        reader: Slot,
    },
    /// It returned.
    ReaderReturned {
        /// In which reader.
        reader: Slot,
    },
    /// Whether results can be stored.
    Storage {
        /// They can.
        ok: bool,
    },
    /// The receipt of a result of an earlier visit or run came.
    LateReceipt,
    /// A result went to the desk's list: refused, or older than 24 h.
    ResultToDesk,
    /// The kiosk came or went.
    Screen {
        /// It is there.
        connected: bool,
    },
    /// A kiosk was turned away.
    ScreenTurnedAway {
        /// Why, the last time.
        why: TurnedAway,
        /// How many since the line before.
        count: u32,
    },
    /// The disk was too slow: lines about devices were left out here, never one about a visit.
    LeftOut {
        /// How many.
        lines: u64,
    },
    /// A driver broke; the daemon ends after the visit.
    DriverBroken {
        /// Which.
        driver: Driver,
    },
    /// Staff signed in at the console.
    SignedIn,
    /// A wrong password was given at the console. It pauses after three, so these lines are few.
    SignInRefused,
    /// Staff opened the visual check again, which wrong passcodes had closed.
    VisualCheckOpened,
}

/// What came of one try at the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceTry {
    /// The holder.
    Match,
    /// Another face.
    NoMatch,
    /// Not enough was seen.
    Unclear,
    /// A false face.
    Attack,
    /// Camera or worker were lost.
    Gone,
    /// Given up: by the patient, the clock, or because the photo came to nothing.
    Stopped,
}

impl From<FaceOutcome> for FaceTry {
    fn from(outcome: FaceOutcome) -> Self {
        match outcome {
            FaceOutcome::Match => Self::Match,
            FaceOutcome::NoMatch => Self::NoMatch,
            FaceOutcome::Unclear(_) => Self::Unclear,
            FaceOutcome::Attack => Self::Attack,
            FaceOutcome::Gone => Self::Gone,
        }
    }
}

impl Entry {
    /// The face way opened, with these weights, or closed.
    #[must_use]
    pub fn face_way(way: FaceWay, weights: Option<&Weights>) -> Self {
        let why = match way {
            FaceWay::Ready => None,
            FaceWay::Closed(Reason::FaceModels) => Some("models"),
            FaceWay::Closed(Reason::Camera) => Some("camera"),
            FaceWay::Closed(
                Reason::NotAvailable
                | Reason::NoTriesLeft
                | Reason::ServiceCannot
                | Reason::CardCannot
                | Reason::NoPhoto
                | Reason::PhotoRefused
                | Reason::SurfaceCode
                | Reason::FaceEnded
                | Reason::NoPasscode
                | Reason::VisualClosed,
            ) => Some("not_available"),
        };
        let open = why.is_none();
        Self::FaceWay { open, why, weights: weights.filter(|_| open).cloned() }
    }
}

/// How a visit ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "ended", rename_all = "snake_case")]
pub enum Outcome {
    /// With the clinic's receipt.
    Received,
    /// The result is durable, the receipt not there yet.
    Undelivered,
    /// Given up.
    Cancelled {
        /// In which state.
        state: &'static str,
    },
    /// By a fault.
    Fault {
        /// Its code.
        code: String,
    },
}

impl From<Record> for Outcome {
    fn from(record: Record) -> Self {
        match record {
            Record::Received => Self::Received,
            Record::Undelivered => Self::Undelivered,
            Record::Cancelled(state) => Self::Cancelled { state: state.word() },
            Record::Fault(code) => Self::Fault { code: code.number() },
        }
    }
}

impl From<StaffNote> for Entry {
    fn from(note: StaffNote) -> Self {
        let told =
            |note, code: Option<FaultCode>| Self::StaffTold { note, code: code.map(FaultCode::number), visit: None };
        match note {
            StaffNote::Called(None) => told("called", None),
            StaffNote::Called(Some(Wish::Writing)) => told("called_writing", None),
            StaffNote::Called(Some(Wish::Wheelchair)) => told("called_wheelchair", None),
            StaffNote::Called(Some(Wish::Language)) => told("called_language", None),
            StaffNote::Called(Some(Wish::Help)) => told("called_help", None),
            StaffNote::VisualCheck => told("visual_check", None),
            StaffNote::PasscodeClosed { for_day: false } => told("passcode_closed", None),
            StaffNote::PasscodeClosed { for_day: true } => told("passcode_closed_for_day", None),
            StaffNote::OtherPerson => told("other_person", None),
            StaffNote::FaceUsedUp => told("face_used_up", None),
            StaffNote::PinBlocked => told("pin_blocked", None),
            StaffNote::CertificateEnds => told("certificate_ends", None),
            StaffNote::Fault(code) => told("fault", Some(code)),
            StaffNote::CardLeft => told("card_left", None),
            StaffNote::Undelivered => told("undelivered", None),
            StaffNote::Desk => told("desk", None),
        }
    }
}

impl From<DeviceNote> for Entry {
    fn from(note: DeviceNote) -> Self {
        let what = match note.change {
            Change::Lost => "lost",
            Change::Back => "back",
        };
        Self::StaffTold { note: what, code: Some(note.code.number()), visit: None }
    }
}

impl Entry {
    /// The same, of this visit, where it can be of one.
    #[must_use]
    pub(crate) fn of_visit(mut self, name: Option<&str>) -> Self {
        if let Self::StaffTold { visit, .. } = &mut self {
            *visit = name.map(str::to_owned);
        }
        self
    }

    /// Lines that are never left out, however slow the disk is. People make them, so they are few.
    pub(super) fn must_be_written(&self) -> bool {
        match self {
            Self::Started { .. }
            | Self::Stopped
            | Self::TornLineRepaired { .. }
            | Self::SetAside { .. }
            | Self::DayBegan { .. }
            | Self::DaysRemoved { .. }
            | Self::VisitEnded { .. }
            | Self::StaffTold { .. }
            | Self::LateReceipt
            | Self::ResultToDesk
            | Self::LeftOut { .. }
            | Self::DriverBroken { .. }
            | Self::SignedIn
            | Self::SignInRefused
            | Self::VisualCheckOpened => true,
            Self::Link { .. }
            | Self::FaceWay { .. }
            | Self::Reader { .. }
            | Self::ReaderWedged { .. }
            | Self::ReaderReturned { .. }
            | Self::Storage { .. }
            | Self::Screen { .. }
            | Self::ScreenTurnedAway { .. } => false,
        }
    }
}

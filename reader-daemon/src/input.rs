//! Everything that reaches the event loop.

use screen::{Digit, Revision, Target};
use session::{Storing, VisitId};
use tokio::sync::mpsc;

use crate::{
    card_driver::CardAnswer, face_driver::FaceNews, journal::Entry, service_driver::ServiceAnswer,
    visual_driver::VisualNews,
};

/// Sends to the event loop.
pub(crate) type Inputs = mpsc::Sender<Input>;

/// One thing that happened, as drivers report it.
pub(crate) enum Input {
    /// The kiosk.
    Screen(FromScreen),
    /// What lies on a reader.
    Presence(Slot, card::Presence),
    /// The card or phone of the visit.
    Card(CardAnswer),
    /// The face worker.
    Face(FaceNews),
    /// The facility's passcode.
    Visual(VisualNews),
    /// The qualification service.
    Service(ServiceAnswer),
    /// A result is on disk, or not.
    Stored(VisitId, Storing),
    /// Whether the outbox can store the next result, and how many results are on the desk's list.
    Outbox { stores: bool, at_desk: usize },
    /// For the journal, from the console.
    Console(Entry),
    /// A driver panicked or ended.
    Broken(Driver),
    /// The daemon is to end when no visit runs: its configuration has changed.
    StopAfterVisit,
    /// The daemon is asked to end.
    Stop,
}

/// A reader. Where one takes both, it is the card's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// For cards.
    Card,
    /// For phones, beside it.
    Phone,
}

/// What the kiosk reports.
#[derive(Debug)]
pub(crate) enum FromScreen {
    /// It said hello.
    Connected,
    /// It is gone.
    Lost,
    /// A second one, another user, another version or garbage was turned away.
    TurnedAway(TurnedAway),
    /// A view is on the glass.
    Shown(Revision),
    /// All that a view says was spoken.
    Spoken(Revision),
    /// A target was touched.
    Touched(Revision, Target),
    /// Somebody is there and chose nothing.
    Active(Revision),
    /// A key of a number pad. Boxed, so that queues hold only its address and the digit is wiped where it lies.
    Key(Revision, Box<Digit>),
}

/// Why a kiosk was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnedAway {
    /// Another one is connected.
    Second,
    /// Its user is not the configured one.
    OtherUser,
    /// It speaks another version.
    WrongVersion,
    /// It sent what is no message, or too much of it.
    Garbage,
    /// It did not say hello or did not take its views in time.
    Slow,
}

/// What became of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    /// The receipt is stored.
    Receipt(Option<VisitId>),
    /// The service refused it, or it grew too old: it is on the desk's list.
    Refused(Option<VisitId>),
    /// Delivery ended by itself: it broke.
    Broken,
}

/// A part that can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// The thread of the visit's card.
    Card,
    /// The thread that waits for cards.
    Presence,
    /// The face workers.
    Face,
    /// The thread of the facility's passcode.
    Visual,
    /// Requests to the service.
    Service,
    /// Delivery of results.
    Outbox,
    /// The kiosk's socket.
    Screen,
}

//! Everything that can happen to a session.

mod card;
mod face;
mod service;
mod visual;

use screen::{Revision, Target};

pub use self::{
    card::{CardReading, OtherCard, PhoneResult, PinResult},
    face::{FaceOutcome, FaceSeen, FaceWay, PhotoResult, PinLessResult},
    service::{
        Answer, CertificateEnd, CertificateNotice, Item, Link, Lookup, Opening, PreviousAnswer, Refusal, Storing,
    },
    visual::{ComparingWith, PasscodeResult, SurfaceDigit, VisualWay},
};

/// Numbers visits within one run of the daemon. Answers to an older visit are dropped (law 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId(pub u64);

/// Names one armed deadline. A deadline that was disarmed or armed again since is stale and ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeadlineId(pub u64);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time travels, by value; the end of a certificate is the large one"
)]
pub enum Event {
    /// Presence at the card reader changed.
    Presence(Presence),
    /// Presence at the phones' own reader changed. Never reported where there is none.
    PhonePresence(Presence),
    /// Answer to [`crate::Effect::ReadCard`].
    CardRead(VisitId, CardReading),
    /// Answer to [`crate::Effect::VerifyAndSign`].
    Pin(VisitId, PinResult),
    /// Answer to [`crate::Effect::UsePhone`].
    Phone(VisitId, PhoneResult),
    /// Answer to [`crate::Effect::CheckPasscode`].
    Passcode(VisitId, PasscodeResult),
    /// Whether staff can open the visual check now, from start on and whenever it changes.
    VisualWay(VisualWay),
    /// What staff compare with, from [`crate::Effect::Compare`] on: the photo stands there, or there will be none.
    Comparing(VisitId, ComparingWith),
    /// Answer to [`crate::Effect::ReadPhoto`].
    Photo(VisitId, PhotoResult),
    /// What the face worker sees and decides, from [`crate::Effect::LookAtFace`] on.
    Face(VisitId, FaceSeen),
    /// Answer to [`crate::Effect::SignWithoutPin`].
    PinLess(VisitId, PinLessResult),
    /// Answer to [`crate::Effect::OpenSession`].
    Opened(VisitId, Opening),
    /// Answer to [`crate::Effect::Authenticate`].
    LookedUp(VisitId, Lookup),
    /// Answer to [`crate::Effect::Submit`]: is the result durable?
    Stored(VisitId, Storing),
    /// The clinic's receipt for this visit's result was stored.
    Receipt(VisitId),
    /// The service refused this visit's result: it is on the desk's list.
    Refused(VisitId),
    /// The view with this revision is on the glass.
    Shown(Revision),
    /// Everything it says was spoken, or there was nothing to say. Reported only while the voice is on.
    Spoken(Revision),
    /// A target was touched.
    Touched(Revision, Target),
    /// The patient is there and chose nothing (listened again, moved the ring, turned a page). Answers nothing.
    Active(Revision),
    /// A PIN key (or one of the passcode) was touched. The driver holds the digit until the effects of this event are known.
    Key(Revision),
    /// A key of the staff number was touched; no secret.
    StaffKey(Revision, u8),
    /// A key of the number pad was touched while the surface code is keyed in; printed on the card, so it may be here.
    SurfaceKey(Revision, SurfaceDigit),
    /// A deadline passed.
    Deadline(DeadlineId),
    /// The link to the service changed, as the health check saw it between visits.
    Link(Link),
    /// Whether this terminal can look at faces now: models, camera and worker are in order, or why not.
    FaceWay(FaceWay),
    /// The facility's name, as the health check learnt it.
    Facility(String),
    /// Whether the outbox can store; `false` keeps visits from starting.
    Storage(bool),
    /// The kiosk connected; it needs the current view.
    ScreenConnected,
    /// The kiosk is gone; a visit goes on, its deadlines decide.
    ScreenLost,
}

/// Presence as the session needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Presence {
    /// The reader or PC/SC is away, or the reader is wedged.
    #[default]
    NoReader,
    /// Nothing lies there.
    Empty,
    /// A chip answered; another number is another insertion.
    Card(u32),
    /// Something lies there and no chip answers.
    Mute,
}

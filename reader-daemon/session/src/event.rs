//! Everything that can happen to a session.

use screen::{Revision, Target};

/// Numbers visits within one run of the daemon. Answers to an older visit are dropped (law 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId(pub u64);

/// Names one armed deadline. A deadline that was disarmed or armed again since is stale and ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeadlineId(pub u64);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Presence at the card reader changed.
    Presence(Presence),
    /// Answer to [`crate::Effect::ReadCard`].
    CardRead(VisitId, CardReading),
    /// Answer to [`crate::Effect::VerifyAndSign`].
    Pin(VisitId, PinResult),
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
    /// A target was touched.
    Touched(Revision, Target),
    /// A PIN key was touched. The driver holds the digit until the effects of this event are known.
    Key(Revision),
    /// A deadline passed.
    Deadline(DeadlineId),
    /// The link to the service changed, as the health check saw it between visits.
    Link(Link),
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

/// What the card said about itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CardReading {
    /// A My Number card whose certificate chains to a configured anchor.
    MyNumber {
        /// SHA-256 of the user certificate: the identity this visit is bound to.
        identity: [u8; 32],
        /// PIN tries left, read from the card.
        tries_left: u8,
    },
    /// A My Number card whose certificate chain is broken or ends at an anchor that is not configured.
    Untrusted,
    /// Another card.
    Other(OtherCard),
    /// The chip could not be read.
    Unreadable,
    /// The reader's call did not return in time.
    Wedged,
}

/// What lies there instead of a My Number card (card.md 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OtherCard {
    /// 運転免許証
    DriversLicence,
    /// 在留カード
    ResidenceCard,
    /// 旅券
    Passport,
    /// HPKI (doctor's card)
    Hpki,
    /// 住基カード, no longer issued
    JukiCard,
    /// An Android phone or an iPhone at the card reader
    Phone,
    /// Anything else
    Unknown,
}

/// What came of one confirmed PIN entry. VERIFY was sent at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinResult {
    /// Accepted, and the statement is signed; the driver holds the signature.
    Signed,
    /// Wrong; so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Wrong, and that was the last try; or blocked before.
    Blocked,
    /// Identity or tries differ from what was read before the first key: nothing was sent.
    Changed,
    /// The card or the reader failed before VERIFY was sent: no try was spent.
    NotSent,
    /// The answer to VERIFY, or what follows it, was lost. A try may be spent; nothing is repeated.
    Lost,
}

/// What came of opening a session at the service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// It is open; the driver holds nonce and id.
    Open {
        /// The facility's name.
        facility: String,
    },
    /// The service could not be reached or did not answer in time.
    Unreachable,
    /// The two clocks differ by more than 60 s.
    ClockSkew,
    /// The service refused the terminal (certificate, version).
    Refused,
}

/// What came of the lookup.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// The service knows the person; the reception stands from here on.
    Found {
        /// Dates to tell the patient about.
        certificate: CertificateNotice,
        /// Items of the facility, in the order to ask.
        items: Vec<Item>,
        /// The desk has to talk to the patient (R2); no reason is shown.
        desk: bool,
    },
    /// The reception cannot be made this way; a screen says what to do.
    Refused(Refusal),
    /// No answer: nothing is known. Never shown as "not insured" (law 10).
    Unreachable,
}

/// What the patient is told about the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CertificateNotice {
    /// Nothing.
    None,
    /// It ends soon. Written per language: `[ja, en]`.
    EndsSoon {
        /// Last valid day in Japanese and English.
        end: [String; 2],
    },
    /// It ended up to three months ago.
    Grace {
        /// Last valid day in Japanese and English.
        end: [String; 2],
    },
}

/// Why a reception is refused after the identity was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Certificate ended more than three months ago, or revoked: code 006.
    CertificateGone,
    /// certificateHold: the desk is asked.
    CertificateSuspended,
    /// The centre reports an error or is still processing.
    CentreError,
    /// Not signed up as insurance card.
    NotSignedUp,
    /// The service found the proof wrong (statement, signature, chain).
    ProofRejected,
}

/// One consent item as the service names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Name in the data file.
    pub id: String,
    /// `None`: ask. Otherwise the answer recorded without asking ([`Answer::NotAskedGrace`] or [`Answer::NotAsked`]).
    pub withheld: Option<Answer>,
    /// The last explicit answer at this facility.
    pub previous: Option<PreviousAnswer>,
}

/// An answer of an earlier visit and the wording it was given to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PreviousAnswer {
    /// Agreed or declined.
    pub agreed: bool,
    /// Wording id.
    pub wording_id: String,
    /// Wording hash, in the language it was shown in.
    pub wording_hash: String,
}

/// 回答
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 同意する
    Agreed,
    /// 同意しない
    Declined,
    /// Asked, nothing pressed.
    NotAnswered,
    /// Not asked: grace period of the certificate.
    NotAskedGrace,
    /// Not asked: the service said so.
    NotAsked,
}

/// Whether the signed result is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storing {
    /// Durable: delivery repeats until the receipt is there.
    Durable,
    /// It could not be stored: nothing may be claimed.
    Failed,
}

/// The link to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// It answers.
    Up,
    /// It does not.
    Down,
}

//! Everything that can happen to a session.

use screen::{Advice, Language, Movement, PhoneKind, Revision, Target};

use crate::policy::Reason;

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

/// What the card said about itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CardReading {
    /// A My Number card whose certificate chains to a configured anchor.
    MyNumber {
        /// SHA-256 of the user certificate: the identity this visit is bound to.
        identity: [u8; 32],
        /// PIN tries left, read from the card.
        tries_left: u8,
        /// This card's key can be used without PIN by this program (card.md 7.4, 7.5): an emulated card only.
        pin_less: bool,
    },
    /// A My Number card whose certificate chain is broken or ends at an anchor that is not configured.
    Untrusted,
    /// A phone, at a reader that takes both: the token label decides (card.md 1.3). Nothing but the label was read.
    Phone(PhoneKind),
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
    /// An Android phone or an iPhone, where no phone is taken
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

/// What came of one tap of a phone. VERIFY was sent at most once in it, and only after a confirmed PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneResult {
    /// The phone's certificate is read and the statement signed; the driver holds both.
    Signed {
        /// SHA-256 of the user certificate: the identity this visit is bound to from here on.
        identity: [u8; 32],
    },
    /// An Android phone was held and no PIN is there yet: nothing was sent. So many tries are left.
    PinWanted {
        /// Tries left.
        tries_left: u8,
    },
    /// The other kind of phone; nothing was sent.
    OtherKind(PhoneKind),
    /// The iPhone has not checked its holder.
    NotVerified,
    /// Wrong; so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// One try is left: nothing is sent from a terminal (law 1).
    LastTry,
    /// No tries left, or the last one was wrong.
    Blocked,
    /// A card or something else, not a phone.
    NotAPhone,
    /// Its certificate does not end at a configured anchor.
    Untrusted,
    /// It moved away before VERIFY, or there was no session yet: nothing is spent, the PIN is still held.
    NotRead,
    /// The answer to VERIFY, or what follows it, was lost: the PIN is wiped, nothing is repeated by itself.
    Lost,
}

/// What came of a passcode. The driver compares; the session knows no digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasscodeResult {
    /// Right.
    Right,
    /// Wrong; so many tries before it closes.
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Three were wrong: closed for five minutes.
    Closed,
    /// The third closing of a day: it opens only from the console.
    ClosedForDay,
}

/// Whether the visual check can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VisualWay {
    /// No passcode is set, neither here nor at the service.
    #[default]
    NoPasscode,
    /// It can.
    Ready,
    /// Closed for minutes after three wrong passcodes.
    Closed,
    /// Closed until the console opens it.
    ClosedForDay,
}

/// What staff compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComparingWith {
    /// The card's photo is on the glass beside the live picture.
    Photo,
    /// No photo can be shown; the live picture neither. Staff compare another document.
    Nothing,
}

/// A digit of the surface code. `Debug` prints nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SurfaceDigit(pub u8);

impl std::fmt::Debug for SurfaceDigit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SurfaceDigit")
    }
}

/// Whether the face way exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceWay {
    /// A worker waits, warm.
    Ready,
    /// It does not, and why: [`Reason::NotAvailable`], [`Reason::FaceModels`] or [`Reason::Camera`].
    Closed(Reason),
}

/// What came of reading the photo (card.md 5). With [`Self::Ready`] the worker has it; the daemon keeps no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhotoResult {
    /// Passive and active authentication hold, the photo is decoded and its face found.
    Ready,
    /// The scanner read no surface code: it has to be keyed in.
    NoSurfaceCode,
    /// What was keyed in cannot be a surface code; nothing was sent.
    Implausible,
    /// The card refused the code; more than three tries are left. Never again without a new reading.
    CodeWrong,
    /// Three or fewer tries are left, or none: nothing (more) is sent.
    CodeStopped,
    /// The card holds no photo.
    NoPhoto,
    /// Passive authentication failed.
    Tampered,
    /// Active authentication failed.
    Cloned,
    /// The data signer is not configured.
    UnknownSigner,
    /// The photo cannot be decoded, or no face is found in it.
    Unusable,
    /// Another card than the one that was read.
    Changed,
    /// The card or the reader failed.
    NotRead,
}

/// News from the face worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceSeen {
    /// It looks.
    Looking {
        /// One line of guidance.
        advice: Option<Advice>,
        /// What the patient is asked to do now.
        movement: Option<Movement>,
        /// 0 to 100.
        progress: u8,
    },
    /// It has decided; its camera is off.
    Decided(FaceOutcome),
}

/// What came of one try at the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceOutcome {
    /// The holder, alive.
    Match,
    /// Another face.
    NoMatch,
    /// Not enough was seen, or a movement was not finished; never an attack.
    Unclear(Option<Advice>),
    /// A false face. Final for the visit (law 8).
    Attack,
    /// Camera or worker are gone; a new worker is being started.
    Gone,
}

/// What came of the PIN-less step and the signature behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinLessResult {
    /// Signed; the driver holds the signature.
    Signed,
    /// The service or the card does not do it.
    NotAvailable,
    /// The card refused the service's credential, or the service sent what may not go to a card.
    Refused,
    /// Another card than the one that was read.
    Changed,
    /// The card or the reader failed. No PIN try is touched.
    NotSigned,
    /// The service could not be reached.
    Unreachable,
}

/// What came of opening a session at the service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// It is open; the driver holds nonce and id.
    Open {
        /// The facility's name.
        facility: String,
        /// The service does the PIN-less step.
        pin_less: bool,
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
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time travels, by value; the end of a certificate is the large one"
)]
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
    /// Not signed up as insurance card; the service offers to sign it up now (R3, S7).
    SignUpOffered,
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
    /// It ends soon.
    EndsSoon(CertificateEnd),
    /// It ended up to three months ago.
    Grace(CertificateEnd),
}

/// The last valid day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertificateEnd {
    /// Year, month, day, western.
    pub day: [u16; 3],
    /// Written for each language, in the order of [`Language::ALL`].
    pub written: [String; Language::ALL.len()],
    /// It ends with the period of stay (foreign residents).
    pub stay: bool,
}

/// Why a reception is refused after the identity was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Certificate ended more than three months ago, or revoked: code 006.
    CertificateGone,
    /// A phone's certificate or its card ended or is revoked: no months of grace on phones.
    PhoneCertificateGone,
    /// certificateHold: the desk is asked.
    CertificateSuspended,
    /// The centre reports an error or is still processing.
    CentreError,
    /// Not signed up as insurance card, and nothing is offered.
    NotSignedUp,
    /// Signing up was asked for and the centre did not do it.
    SignUpFailed,
    /// The service found the proof wrong (statement, signature, chain).
    ProofRejected,
    /// Birth date or sex of the photo record are not those of the certificate's person: two chips in one card.
    PersonDiffers,
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
    /// 電子処方箋
    Electronic,
    /// 紙の処方箋
    Paper,
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

//! What a scenario file says, as types.

use std::time::Duration;

use screen::{Digit, Language, Target};
use serde::{Deserialize, Serialize};

use super::{expect::Expected, names::ScreenName, people::Person};

/// One scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// One line that says what happens.
    pub title: String,
    /// Where it can be carried out.
    pub levels: Levels,
    /// What happens, in order. Ends with an `expect:`.
    pub lines: Vec<Line>,
}

impl Scenario {
    /// It speaks of faces: without models and faces only level 1 can carry it out.
    #[must_use]
    pub fn needs_faces(&self) -> bool {
        self.lines.iter().any(|line| match &line.step {
            Step::Camera(_) | Step::Surface(_) | Step::KeySurface(_) => true,
            Step::Choose(target) | Step::Press(target) | Step::PressTwice(target) => {
                matches!(target, Target::Face | Target::Again)
            }
            Step::Expect(items) => items.contains(&Expected::FaceClosed) || items.contains(&Expected::Method("face")),
            Step::CardIn(_)
            | Step::CardOut
            | Step::CardOutAt(_)
            | Step::CardSwapped(_)
            | Step::TakeCard
            | Step::Type(_)
            | Step::Agree(_)
            | Step::Decline(_)
            | Step::WaitFor(_)
            | Step::Wait(_)
            | Step::Clinic(_)
            | Step::Reader(_)
            | Step::DaemonKilled
            | Step::DaemonStarted => false,
        })
    }
}

/// One line that is a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number in the file, from 1.
    pub number: usize,
    /// As written, without comment.
    pub text: String,
    /// Its meaning.
    pub step: Step,
}

/// How much of the terminal is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// The pure session in virtual time.
    Session,
    /// The daemon's library with emulated devices.
    Daemon,
    /// The programs that ship, pcscd, TLS and a screen.
    Processes,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Session, Self::Daemon, Self::Processes];

    /// 1, 2 or 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Session => 1,
            Self::Daemon => 2,
            Self::Processes => 3,
        }
    }
}

/// The levels of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Ascending, without repetition.
    pub at: Vec<Level>,
    /// Why one is left out; present exactly when one is.
    pub reason: Option<String>,
}

impl Levels {
    /// `Err` says why this level cannot express the file.
    ///
    /// # Errors
    /// The reason of the file's `levels:` line.
    pub fn allow(&self, level: Level) -> Result<(), &str> {
        if self.at.contains(&level) { Ok(()) } else { Err(self.reason.as_deref().unwrap_or("not named")) }
    }
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `card in: 見本 花子 (tries 1)`
    CardIn(CardSetup),
    /// `card out`
    CardOut,
    /// `card out at: lookup`
    CardOutAt(Moment),
    /// `card swapped for: 見本 太郎`
    CardSwapped(CardSetup),
    /// `take card`: when the screen asks for it.
    TakeCard,
    /// `choose: pin`
    Choose(Target),
    /// `type: 1234`; four digits are followed by 「決定」.
    Type(Vec<Digit>),
    /// `agree: all`, `agree: medicines`
    Agree(Which),
    /// `decline: all`, `decline: medicines`
    Decline(Which),
    /// `press: back`
    Press(Target),
    /// `press twice: agree all`
    PressTwice(Target),
    /// `wait for: consent all`
    WaitFor(ScreenName),
    /// `wait: 70 s`
    Wait(Duration),
    /// `clinic: link down`
    Clinic(ClinicControl),
    /// `reader: unplugged`
    Reader(ReaderControl),
    /// `camera: nobody`: who sits before it, or what is wrong with it, from its next opening on.
    Camera(Sitter),
    /// `surface: reads wrong once`
    Surface(SurfaceControl),
    /// `key surface: as printed`: era, birth date, expiry year and security code, each with 「決定」.
    KeySurface(Keyed),
    /// `daemon killed`
    DaemonKilled,
    /// `daemon started`
    DaemonStarted,
    /// `expect: accepted, method pin`
    Expect(Vec<Expected>),
}

/// A card and how it behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSetup {
    /// What lies in the reader.
    pub lies: Lies,
    /// Its PIN, four ASCII digits. Not a secret: nobody owns this card.
    pub pin: String,
    /// Tries left when it is put in; `None`: as the card was left, three on first use.
    pub tries: Option<u8>,
    /// When its user certificate ends; `None`: in some years.
    pub certificate: Option<CertificateEnd>,
    /// It has no PIN (顔認証マイナンバーカード).
    pub face_only: bool,
    /// What is wrong with it, or missing in it (card.md 5); `None`: nothing.
    pub profile: Option<CardProfile>,
    /// Every exchange takes as long as the slowest real cards (card.md E-41).
    pub slow: bool,
}

/// What can be wrong with a My Number card where its photo is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardProfile {
    /// A byte of the photo was changed.
    TamperedPhoto,
    /// The records of another chip, without its key.
    Cloned,
    /// 照合番号B has no tries left.
    BBlocked,
    /// A card without photo (a baby's).
    NoPhoto,
    /// Photo, birth date and sex are another person's than the certificate.
    TwoCardsInOne,
}

impl CardProfile {
    /// Every profile.
    pub const ALL: [Self; 5] = [Self::TamperedPhoto, Self::Cloned, Self::BBlocked, Self::NoPhoto, Self::TwoCardsInOne];

    /// As scenario files and `emulated-card` write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TamperedPhoto => "tampered-photo",
            Self::Cloned => "cloned",
            Self::BBlocked => "b-blocked",
            Self::NoPhoto => "no-photo",
            Self::TwoCardsInOne => "two-cards-in-one",
        }
    }
}

/// Who sits before the camera, or what is wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sitter {
    /// `holder`: whoever is on the photo of the card that was put in last. So it is unless a file says otherwise.
    #[default]
    Holder,
    /// `見本 太郎`, `1002`
    Person(&'static Person),
    /// `another person`: somebody who is on no card.
    Other,
    /// `nobody`
    Nobody,
    /// `printed photo of 見本 花子`
    PrintedPhoto(&'static Person),
    /// `screen showing 見本 花子`
    OnScreen(&'static Person),
    /// `cut-out mask of 見本 花子`
    CutOutMask(&'static Person),
    /// `two people`
    TwoPeople,
    /// `too dark`
    TooDark,
    /// `moving`
    Moving,
    /// `unplugged`: no camera is there.
    Unplugged,
    /// `stalled`: after a few frames none comes any more.
    Stalled,
    /// `half jpeg`: no frame is whole.
    HalfJpeg,
}

/// What a file can do to the reading of the card's surface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SurfaceControl {
    /// The scanner reads what is printed. So it is unless a file says otherwise.
    #[default]
    ReadsRight,
    /// The next reading is another code; the one after it is right.
    ReadsWrongOnce,
    /// It reads nothing, so that the code has to be keyed in.
    ReadsNothing,
}

/// What is keyed in as surface code. Its digits depend on the day of the run, so a file cannot name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyed {
    /// What is printed on the card in the reader.
    AsPrinted,
    /// The same with another security code: the card refuses it.
    Wrong,
    /// A 13th month: it cannot be, and is never sent.
    Impossible,
}

/// What lies in the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// A person's My Number card.
    MyNumber(&'static Person),
    /// Something else.
    Other(OtherCard),
}

/// What is not a My Number card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherCard {
    /// 運転免許証
    DriversLicence,
    /// 住基カード
    JukiCard,
    /// A case or a card whose chip does not answer.
    NoChip,
}

impl OtherCard {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::DriversLicence, Self::JukiCard, Self::NoChip];

    /// As scenario files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DriversLicence => "driver's licence",
            Self::JukiCard => "juki card",
            Self::NoChip => "card without chip",
        }
    }
}

/// When a user certificate ends, counted from the day of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateEnd {
    /// `certificate ends in 30 days`: the last valid day.
    In {
        /// Days from today.
        days: u16,
    },
    /// `certificate ended 20 days ago`: the last valid day.
    Ago {
        /// Days before today.
        days: u16,
    },
}

impl CertificateEnd {
    /// Days from today to the last valid day, negative when it is past.
    #[must_use]
    pub fn days(self) -> i32 {
        match self {
            Self::In { days } => i32::from(days),
            Self::Ago { days } => -i32::from(days),
        }
    }
}

/// When exactly a card is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// As soon as this screen is on the glass.
    Screen(ScreenName),
    /// VERIFY was sent, its answer is not back.
    Verify,
    /// The service was asked, its answer is not back; the card has done its work.
    Lookup,
    /// The signed result was made, its receipt is not back.
    Submit,
}

/// Consent to one item or to all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By 「すべて同意する」 or 「すべて同意しない」.
    All,
    /// One at a time; the item's id, checked by what the clinic receives.
    Item(String),
}

/// What a file can do to the clinic's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClinicControl {
    /// Nobody can connect.
    LinkDown,
    /// It answers again.
    LinkUp,
    /// The next results are stored, their connections dropped instead of answered.
    DropsReceipts(u32),
    /// Every answer comes so much later.
    Latency(Duration),
    /// Signed results are refused.
    RefusesResults,
    /// Sessions opened from now on say whether it does the PIN-less step.
    PinLess(bool),
}

/// What a file can do to the card reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderControl {
    /// The cable is out.
    Unplugged,
    /// The cable is in.
    Plugged,
}

/// An answer as `expect:` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentWord {
    /// `yes`
    Yes,
    /// `no`
    No,
    /// `not answered`
    NotAnswered,
    /// `not asked`
    NotAsked,
}

impl ConsentWord {
    /// Every word.
    pub const ALL: [Self; 4] = [Self::Yes, Self::No, Self::NotAnswered, Self::NotAsked];

    /// As written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotAnswered => "not answered",
            Self::NotAsked => "not asked",
        }
    }
}

/// Language names as written, with their meaning.
pub(super) const LANGUAGES: [(&str, Language); 2] = [("ja", Language::Ja), ("en", Language::En)];

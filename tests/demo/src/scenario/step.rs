//! What a scenario file says, as types.

use std::time::Duration;

use screen::{Digit, Target};
use serde::{Deserialize, Serialize};

use super::{expect::Expected, names::ScreenName};
pub use devices::{
    CardProfile, CardSetup, CertificateEnd, Held, Keyed, Lies, OtherCard, PASSCODE, PASSCODE_HASHED, PasscodeBy,
    PhoneSetup, Phones, Sitter, SurfaceControl, Terminal,
};

mod devices;

/// One scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// One line that says what happens.
    pub title: String,
    /// Where it can be carried out.
    pub levels: Levels,
    /// What it runs on.
    pub terminal: Terminal,
    /// The patient does not see: a keypad and what is spoken are all there is.
    pub by_ear: bool,
    /// What happens, in order. Ends with an `expect:`.
    pub lines: Vec<Line>,
}

impl Scenario {
    /// It speaks of faces and its terminal has the face way: without models and faces only level 1 can carry it out.
    #[must_use]
    pub fn needs_faces(&self) -> bool {
        !self.terminal.faceless
            && self.lines.iter().any(|line| match &line.step {
                Step::Camera(_) | Step::Surface(_) | Step::KeySurface(_) | Step::Passcode(_) => true,
                Step::Choose(target) | Step::Press(target) | Step::PressTwice(target) => {
                    matches!(target, Target::Face | Target::Visual | Target::CannotMove)
                }
                Step::Expect(items) => {
                    items.contains(&Expected::FaceClosed) || items.contains(&Expected::Method("face"))
                }
                Step::CardIn(_)
                | Step::CardOut
                | Step::CardOutAt(_)
                | Step::CardSwapped(_)
                | Step::TakeCard
                | Step::PhoneOn(_)
                | Step::PhoneOff
                | Step::StaffNumber(_)
                | Step::Comfort(_)
                | Step::Type(_)
                | Step::Agree(_)
                | Step::Decline(_)
                | Step::WaitFor(_)
                | Step::Wait(_)
                | Step::Clinic(_)
                | Step::Reader(_)
                | Step::PhoneReader(_)
                | Step::Storage(_)
                | Step::PasscodeOpened
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
    /// `phone on: 見本 花子 (iphone)`: held to wherever this terminal takes phones.
    PhoneOn(PhoneSetup),
    /// `phone off`
    PhoneOff,
    /// `choose: pin`
    Choose(Target),
    /// `type: 1234`; four digits are followed by 「決定」.
    Type(Vec<Digit>),
    /// `passcode: 135790`, followed by 「決定」.
    Passcode(Vec<Digit>),
    /// `staff number: 12`, followed by 「決定」.
    StaffNumber(Vec<Digit>),
    /// `comfort: slow, voice`: opens 「音声・大きな文字」, touches these switches, and closes it.
    Comfort(Vec<Target>),
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
    /// `phone reader: unplugged`: the phones' own reader.
    PhoneReader(ReaderControl),
    /// `storage: full`: where the terminal keeps results until they are delivered.
    Storage(StorageControl),
    /// `passcode opened`: staff open the visual check again after it closed for the day.
    PasscodeOpened,
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
    /// Its clock is so many seconds ahead of the terminal's; negative: behind.
    Clock(i32),
    /// The facility asks everything that can be asked, or health information only.
    Everything(bool),
    /// The centre signs cards up, or fails to.
    SignUpFails(bool),
    /// It does not know this terminal, or does.
    RefusesTerminal(bool),
}

/// What a file can do to the terminal's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageControl {
    /// Nothing can be written.
    Full,
    /// It can be again.
    Free,
}

/// What a file can do to a reader.
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
    /// `electronic`
    Electronic,
    /// `paper`
    Paper,
}

impl ConsentWord {
    /// Every word.
    pub const ALL: [Self; 6] = [Self::Yes, Self::No, Self::NotAnswered, Self::NotAsked, Self::Electronic, Self::Paper];

    /// As written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotAnswered => "not answered",
            Self::NotAsked => "not asked",
            Self::Electronic => "electronic",
            Self::Paper => "paper",
        }
    }
}

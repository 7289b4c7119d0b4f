//! What the console asks of the terminal it speaks for. The daemon answers; tests answer with a terminal of their own.
//!
//! Nothing here names a patient, says what was answered, or links two visits of one person.

use std::io;

use screen::Wish;
use tokio::sync::watch;

/// The terminal. What blocks says so; the console calls it on a blocking thread.
pub trait Terminal: Send + Sync + 'static {
    /// What goes on now; each change wakes the receiver within a second of the terminal's own knowledge.
    fn now(&self) -> watch::Receiver<Now>;

    /// Somebody gave the staff password, or a wrong one. Blocks.
    fn sign_in(&self, right: bool);

    /// Staff have dealt with this note; `false`: there is no such note (any more).
    fn settle(&self, note: u64) -> bool;

    /// Opens the visual check again after wrong passcodes closed it for the day. Blocks.
    ///
    /// # Errors
    /// It cannot be stored.
    fn open_visual_check(&self) -> io::Result<()>;

    /// Looks at everything the terminal needs, as `reader-daemon doctor` does. Blocks for seconds.
    fn health(&self) -> Vec<Check>;

    /// Reads the journal of these days, oldest first, and checks its chain. Blocks.
    ///
    /// # Errors
    /// What the operating system says.
    fn journal(&self, from: Day, to: Day) -> io::Result<Journal>;

    /// Counts of these days. Blocks.
    ///
    /// # Errors
    /// What the operating system says.
    fn statistics(&self, from: Day, to: Day) -> io::Result<Statistics>;
}

/// A text for staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// What goes on now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// The terminal's name at the service.
    pub terminal: String,
    /// The facility's, as the service told it.
    pub facility: Option<String>,
    /// What the patient is doing.
    pub step: Step,
    /// Since when, milliseconds since 1970.
    pub since_ms: u64,
    /// The terminal's parts, in the order they are shown; the service before the centre.
    pub parts: Vec<Part>,
    /// What waits for staff, oldest first.
    pub notes: Vec<Note>,
    /// How the visual check stands; `None`: it is not offered here.
    pub visual: Option<VisualCheck>,
    /// Results whose receipt has not come, and those on the desk's list.
    pub undelivered: usize,
    /// Patients practise: nothing is sent.
    pub practice: bool,
}

/// What the patient is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nobody is there.
    Free,
    /// Ways for those without a card are shown.
    LookingForAnotherWay,
    /// The card is being placed or read.
    PlacingCard,
    /// Face, PIN or staff.
    ChoosingMethod,
    /// Before the camera.
    FacingCamera,
    /// Typing the number on the card's surface.
    KeyingSurfaceCode,
    /// Was not recognised, chooses another way.
    FaceFailed,
    /// Typing the PIN.
    EnteringPin,
    /// The PIN can not be used any more.
    PinBlocked,
    /// Staff compare.
    CheckingVisually,
    /// With a phone.
    UsingPhone,
    /// Card and service are working.
    Waiting,
    /// Reads a notice about the certificate.
    ReadingNotice,
    /// Is asked about signing up.
    SigningUp,
    /// Answers the questions.
    Answering,
    /// Is leaving, and is asked how.
    Leaving,
    /// Is done; the card is to be taken.
    TakingCard,
    /// Is gone, the card is not.
    CardLeft,
    /// A fault: its code.
    NeedsHelp(u16),
}

/// A part of the terminal, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub kind: PartKind,
    /// How it stands.
    pub state: PartState,
}

/// What can be lost, each told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// Reader for cards.
    CardReader,
    /// Reader for phones.
    PhoneReader,
    /// Camera and face models.
    Face,
    /// The program on the patient's screen.
    Screen,
    /// From here to the clinic's qualification service.
    Service,
    /// From there to the centre.
    Centre,
    /// Storing results and journal.
    Storage,
}

/// How a part stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartState {
    /// It works.
    Works,
    /// This terminal is not to have it.
    NotUsed,
    /// It cannot be asked, because the part before it is away.
    Unknown,
    /// It is away.
    Away {
        /// Code of the fault, `905`.
        code: u16,
        /// Since when, milliseconds since 1970.
        since_ms: u64,
        /// What staff do.
        advice: Text,
    },
}

/// Something for staff to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Never given twice in a run of the daemon.
    pub id: u64,
    /// When, milliseconds since 1970.
    pub at_ms: u64,
    /// What it is about.
    pub kind: NoteKind,
    /// Code of a fault, `905`.
    pub code: Option<u16>,
    /// What happened, in a line or two.
    pub text: Text,
    /// What to do: only advice that is valid today.
    pub advice: Vec<Text>,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A patient calls, perhaps with a wish.
    Called(Option<Wish>),
    /// A patient waits for the visual check.
    VisualCheck,
    /// A patient has to speak to the desk: what the centre answered.
    Desk,
    /// Result without receipt.
    Undelivered,
    /// A card was left.
    CardLeft,
    /// A fault of a visit, or a part that is away.
    Fault,
    /// Anything else.
    Other,
}

/// How the visual check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisualCheck {
    /// It can be chosen.
    Open,
    /// No passcode is set.
    NoPasscode,
    /// Closed for minutes after wrong passcodes.
    Closed,
    /// Closed until staff open it here.
    ClosedForDay,
}

/// One check of the terminal's health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// What was found, or what is wrong.
    pub found: Result<String, Trouble>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Cause.
    pub cause: String,
    /// Cure.
    pub cure: String,
}

/// A day in Japan, `2026-11-23`. Ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(String);

/// Lines of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Oldest first.
    pub lines: Vec<JournalLine>,
    /// The whole chain, older days too.
    pub chain: Chain,
    /// There were more lines than are read at once; the oldest of these days are left out.
    pub cut: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Its number in the chain.
    pub number: u64,
    /// When, milliseconds since 1970.
    pub at_ms: u64,
    /// Id of the event, of the closed list.
    pub event: String,
    /// What that event is.
    pub meaning: Text,
    /// The event's other members, as JSON on one line.
    pub members: String,
}

/// What checking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Nothing was changed or taken out: so many lines, the newest signed head is of this day.
    Whole {
        /// Lines.
        lines: u64,
        /// Day of the newest signed head.
        signed: Option<Day>,
    },
    /// It breaks there.
    Broken {
        /// In which file.
        file: String,
        /// At which line of it, from 1.
        line: u64,
        /// How.
        what: String,
    },
}

/// Counts: no agreement, no refusal, nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Visits that began in each hour of the day in Japan, 0 to 23.
    pub hours: [u32; 24],
    /// Visits by method of their proof: `face`, `pin`, `visual`, `iphone`, `android`.
    pub methods: Vec<(String, u32)>,
    /// Half of the visits spent less time than this in the step, ms.
    pub steps: Vec<(String, u32)>,
    /// Visits that ended by a fault, by code.
    pub faults: Vec<(u16, u32)>,
    /// Received, undelivered, given up, by a fault.
    pub ended: [u32; 4],
}

impl Day {
    /// `None`: it is no day written like `2026-11-23`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::civil::Date>().ok().map(|date| Self(date.to_string())).filter(|day| day.0 == text)
    }

    /// The day in Japan at this time, milliseconds since 1970.
    #[must_use]
    pub fn at(ms: u64) -> Self {
        let japan = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(9));
        let time = i64::try_from(ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
        Self(japan.to_datetime(time).date().to_string())
    }

    /// `2026-11-23`
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_of_japan() {
        assert_eq!(Day::at(1_795_359_599_000).as_str(), "2026-11-22");
        assert_eq!(Day::at(1_795_359_600_000).as_str(), "2026-11-23", "midnight in Japan");
        assert_eq!(Day::at(u64::MAX).as_str(), "1970-01-01");
    }

    #[test]
    fn only_days_written_in_full_are_days() {
        assert_eq!(Day::parse("2026-11-23").map(|day| day.as_str().to_owned()), Some("2026-11-23".to_owned()));
        for wrong in ["", "2026-13-01", "2026-1-1", "2026-11-23T00:00", "20261123", "2026-02-29", "'; --"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }
}

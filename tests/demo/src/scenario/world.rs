//! What a level offers to the runner: hands that act, eyes that see, and the books of the clinic.

use std::time::Duration;

use screen::{Digit, Screen, Target, View};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    names::ScreenName,
    step::{
        CardSetup, ClinicControl, Level, Moment, PhoneSetup, ReaderControl, Sitter, StorageControl, SurfaceControl,
    },
    targets::targets,
};

/// A level could not do what the file asks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Trouble {
    /// The screen does not offer this.
    #[error("the screen {screen} offers no {target} (it offers: {offered})")]
    NotOffered {
        /// What was to be touched.
        target: &'static str,
        /// What is shown.
        screen: ScreenName,
        /// What could be touched.
        offered: String,
    },
    /// A step makes no sense here: a second card, a key without a pad.
    #[error("{0}")]
    Impossible(String),
    /// A process, socket or file of the level failed.
    #[error("{0}")]
    Broken(String),
    /// The terminal did what no driver may be asked to do; only the pure level can see this.
    #[error("law broken: {0}")]
    Law(String),
}

/// One view as it was on the glass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Since the level was started, in milliseconds.
    pub at_ms: u64,
    /// Revision of the view.
    pub revision: u64,
    /// Which screen.
    pub screen: ScreenName,
    /// Code of the fault it tells of.
    #[serde(default)]
    pub fault: Option<String>,
    /// Names of the targets that can be touched.
    #[serde(default)]
    pub targets: Vec<String>,
}

impl Seen {
    pub(super) fn offers(&self, target: &str) -> bool {
        self.targets.iter().any(|name| name == target)
    }

    /// What a view puts on the glass, `at` since the level was started.
    #[must_use]
    pub fn of(view: &View, at: Duration) -> Self {
        let fault = if let Screen::NeedHelp { fault, .. } | Screen::Start { fault: Some(fault), .. } = &view.screen {
            Some(fault.code.clone())
        } else {
            None
        };
        Self {
            at_ms: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            revision: view.revision.0,
            screen: ScreenName::of(&view.screen),
            fault,
            targets: targets(view).into_iter().map(|target| target.name().to_owned()).collect(),
        }
    }
}

/// Whether anything can still happen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// Time went on.
    On,
    /// Nothing is under way and no deadline is armed: waiting longer changes nothing.
    Still,
}

/// Everything seen since the level was started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Views in the order they were shown.
    pub seen: Vec<Seen>,
    /// VERIFY commands with a PIN that reached any emulated card.
    pub verify_sent: u32,
    /// Tries left on the card that was put in last, as the card itself knows.
    pub tries_left: Option<u8>,
    /// The clinic's books: one entry for each different result, in the order of arrival.
    pub books: Vec<Booked>,
    /// What staff were told, in the words of `expect:`: `called for wheelchair`. Level 2 cannot see it.
    #[serde(default)]
    pub staff: Vec<String>,
    /// Cards the clinic signed up.
    #[serde(default)]
    pub sign_ups: u32,
    /// Questions of the clinic about other certificates of a patient.
    #[serde(default)]
    pub lookups: u32,
}

/// One signed result in the clinic's books; the fields of `qualification::ResultClaims` that scenarios speak of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// Idempotency key.
    pub result_id: String,
    /// How the holder was proved, as on the wire: `pin`.
    pub method: String,
    /// Number that staff gave at a visual check.
    #[serde(default)]
    pub confirmed_by: Option<String>,
    /// Answers.
    pub items: Vec<BookedItem>,
}

/// One answer in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedItem {
    /// The item.
    pub id: String,
    /// Language it was shown in: `ja`.
    pub language: String,
    /// What was pressed.
    pub answer: BookedAnswer,
    /// Now or carried over.
    pub how: BookedHow,
    /// Who pressed it.
    pub by: BookedBy,
}

/// Who answered, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookedBy {
    /// The patient.
    Patient,
    /// A companion.
    Companion,
    /// Staff, after a visual check.
    Staff,
    /// Nothing was pressed.
    Nobody,
}

/// 回答, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookedAnswer {
    /// 同意する
    Agreed,
    /// 同意しない
    Declined,
    /// Asked, nothing pressed.
    NotAnswered,
    /// Not asked: grace period.
    NotAskedGrace,
    /// Not asked for another reason.
    NotAsked,
    /// 電子処方箋
    Electronic,
    /// 紙の処方箋
    Paper,
}

/// How an answer came about, as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookedHow {
    /// Pressed in this visit.
    Now,
    /// 「同じにする」 was pressed in this visit.
    CarriedOver,
    /// Nothing was pressed.
    Nothing,
}

/// One level. Methods that touch return when the touch has had its effect on the glass or was ignored.
pub trait World {
    /// Which level this is.
    fn level(&self) -> Level;
    /// Time since the level was started, virtual or real.
    fn elapsed(&self) -> Duration;

    /// Puts a card into the empty reader. The same holder's card keeps its tries between visits.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when one lies there already.
    fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble>;
    /// Takes the card out, wherever the visit is.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when none lies there.
    fn remove(&mut self) -> Result<(), Trouble>;
    /// Another card in one quick movement; slow enough for the reader's event counter to rise.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when none lies there.
    fn swap(&mut self, card: &CardSetup) -> Result<(), Trouble>;

    /// Holds a phone to wherever this terminal takes phones. The same phone keeps its tries between visits.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when phones are taken nowhere, or something lies there already.
    fn phone_on(&mut self, phone: &PhoneSetup) -> Result<(), Trouble>;
    /// Takes it away, wherever the visit is.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when none lies there.
    fn phone_off(&mut self) -> Result<(), Trouble>;

    /// The patient does not see: switches the voice on and, where there is a real kiosk, does everything from now on by
    /// the keys of a keypad and by what is spoken.
    ///
    /// # Errors
    /// Whatever the level meets; there is no voice.
    fn by_ear(&mut self) -> Result<(), Trouble>;

    /// Touches a target of the current view.
    ///
    /// # Errors
    /// [`Trouble::NotOffered`] when the view has no such target.
    fn tap(&mut self, target: Target) -> Result<(), Trouble>;
    /// Touches 「つぎへ」 where a question has two pages. Only a real kiosk has pages.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn turn_page(&mut self) -> Result<(), Trouble> {
        Ok(())
    }
    /// Touches the place of a target twice, faster than the screen can change.
    ///
    /// # Errors
    /// [`Trouble::NotOffered`] when the view has no such target.
    fn double_tap(&mut self, target: Target) -> Result<(), Trouble>;
    /// Touches a key of the number pad on the glass: of PIN, passcode, staff number, or surface code.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when no pad is shown.
    fn key(&mut self, digit: &Digit) -> Result<(), Trouble>;

    /// Does something to the clinic's service.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn clinic(&mut self, control: ClinicControl) -> Result<(), Trouble>;
    /// Does something to the card reader.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn reader(&mut self, control: ReaderControl) -> Result<(), Trouble>;
    /// Does something to the phones' own reader.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when this terminal has none, or the level cannot do it.
    fn phone_reader(&mut self, control: ReaderControl) -> Result<(), Trouble>;
    /// Does something to the disk that holds results until they are delivered.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when it is so already.
    fn storage(&mut self, control: StorageControl) -> Result<(), Trouble>;
    /// Staff open the visual check again, as `reader-daemon passcode --open` does.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn open_passcode(&mut self) -> Result<(), Trouble>;
    /// Puts somebody before the camera, or does something to it. Holds from the camera's next opening on, for every visit
    /// until the next word.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when the level has no such person or picture.
    fn camera(&mut self, sitter: Sitter) -> Result<(), Trouble>;
    /// Does something to the reading of the card's surface.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn surface(&mut self, control: SurfaceControl) -> Result<(), Trouble>;
    /// The 14 digits printed on the card that lies in the reader (照合番号B), for hands that key them in.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when no My Number card lies there.
    fn surface_code(&mut self) -> Result<String, Trouble>;
    /// `kill -9`.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when it does not run.
    fn kill_daemon(&mut self) -> Result<(), Trouble>;
    /// Starts it on the same files.
    ///
    /// # Errors
    /// [`Trouble::Impossible`] when it runs.
    fn start_daemon(&mut self) -> Result<(), Trouble>;

    /// Whether the visit is at this moment now. Real levels ask the emulated card ([`Moment::Verify`]) and the clinic
    /// ([`Moment::Lookup`], [`Moment::Submit`]); files that name a moment a level cannot see leave that level out.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn at(&mut self, moment: Moment) -> Result<bool, Trouble>;
    /// What is on the glass now; `None` before the first view.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn now_shown(&mut self) -> Result<Option<Seen>, Trouble>;
    /// Lets time go on until something happens, at most for `at_most`.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn pass(&mut self, at_most: Duration) -> Result<Passed, Trouble>;
    /// Everything seen so far.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn observe(&mut self) -> Result<Observed, Trouble>;
    /// Lets deliveries under way come to rest, stops everything, and says what was seen.
    ///
    /// # Errors
    /// Whatever the level meets.
    fn finish(&mut self) -> Result<Observed, Trouble>;
}

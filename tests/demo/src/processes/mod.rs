//! Level 3: the programs that ship, as processes of their own — daemon and kiosk — with the real pcscd, an emulated
//! card behind it, real TLS and the reference clinic. Touches are pointer events in the kiosk's own window.

mod namespace;
mod program;
mod stage;
mod world;

use std::{
    path::Path,
    sync::mpsc::{Receiver, Sender},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use apdu_fixtures::{CardOrder, Profile, today_in_japan};
use screen::Target;
use serde_json::Value;

use self::program::{Program, Said, listen, voices};
pub use self::{
    namespace::{Pcscd, inside},
    stage::{Programs, Stage},
};
use crate::{
    faces::{Before, Faces, Material, Sitting, Who, write_clip},
    scenario::{
        Booked, CardSetup, CertificateEnd, Lies, Moment, Observed, OtherCard, Person, ReaderControl, ScreenName, Seen,
        Sitter, SurfaceControl, Trouble, World,
    },
    window::Backstage,
};

/// Programs answer a question within this.
const ANSWER: Duration = Duration::from_secs(10);
/// A touch has had its effect on the glass within this, or was ignored.
const TOUCH: Duration = Duration::from_millis(400);
/// vpcd is polled by pcscd about every 400 ms (measured): a card out for shorter may not be noticed.
const SWAP: Duration = Duration::from_millis(900);

/// The running level.
pub struct Processes {
    began: Instant,
    stage: Stage,
    pcscd: Pcscd,
    clinic: Program,
    card: Program,
    /// Absent when the kiosk is a window of its own (`--pcsc`).
    kiosk: Option<Program>,
    daemon: Option<Program>,
    voices: Receiver<Said>,
    voice: Sender<Said>,
    observed: Observed,
    /// The kiosk's report of the newest view.
    shown: Option<Value>,
    lies: bool,
    sitting: Sitting,
    /// Who is on the card that was put in last.
    on_card: Option<u32>,
    /// The surface code printed on it.
    printed: Option<String>,
    /// What the surface scanner does from the next card on.
    scanner: SurfaceControl,
    /// Counts of the emulated card, as it last told them; kept when it is taken out.
    counts: Value,
    /// VERIFY commands that cards taken out before have had.
    earlier: u32,
    /// What each program answered to a question, newest of its event.
    answers: Vec<(String, Value)>,
}

impl Processes {
    /// Starts everything. `out` gets screenshots and each program's own output.
    ///
    /// # Errors
    /// The program that did not come up, with what it said.
    pub fn start(programs: &Programs, out: &Path, size: &str, material: Option<Material>) -> anyhow::Result<Self> {
        let mut level = Self::behind(programs, out, None, material)?;
        level.kiosk = Some(Program::start("kiosk", &mut level.stage.kiosk(size), &level.voice)?);
        Ok(level)
    }

    /// Everything but the kiosk, which connects to `socket`.
    ///
    /// # Errors
    /// The program that did not come up, with what it said.
    pub fn behind(
        programs: &Programs,
        out: &Path,
        socket: Option<&Path>,
        material: Option<Material>,
    ) -> anyhow::Result<Self> {
        let began = Instant::now();
        let (voice, voices) = voices();
        let pcscd = Pcscd::start(&programs.vpcd, &out.join("pcscd.txt"))?;
        let mut stage = Stage::new(programs, out, socket, material)?;
        let clinic = Program::start("clinic", &mut stage.clinic(), &voice)?;
        let listening = wait_for(&voices, "clinic", "listening").context("the clinic's service did not come up")?;
        stage.configure(&listening)?;
        let card = Program::start("emulated-card", &mut stage.card(), &voice)?;
        let daemon = Program::start("reader-daemon", &mut stage.daemon(), &voice)?;
        Ok(Self {
            began,
            stage,
            pcscd,
            clinic,
            card,
            kiosk: None,
            daemon: Some(daemon),
            voices,
            voice,
            observed: Observed::default(),
            shown: None,
            lies: false,
            sitting: Sitting::default(),
            on_card: None,
            printed: None,
            scanner: SurfaceControl::default(),
            counts: Value::Null,
            earlier: 0,
            answers: Vec::new(),
        })
    }

    /// Timelines the daemon wrote, one JSON object a line.
    #[must_use]
    pub fn timeline(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.stage.timeline()).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The clinic's books, the card's counts and the kiosk's live picture as they told them last.
    #[must_use]
    pub fn told(&self) -> Value {
        let picture = self.answer("preview");
        serde_json::json!({ "card": self.counts, "clinic": self.answer("books"), "kiosk": picture })
    }

    /// The daemon's process id, while it runs.
    #[must_use]
    pub fn daemon_id(&self) -> Option<u32> {
        self.daemon.as_ref().map(Program::id)
    }

    fn answer(&self, event: &str) -> Value {
        self.answers.iter().rev().find(|(name, _)| name == event).map_or(Value::Null, |(_, line)| line.clone())
    }

    fn hear(&mut self, said: Said) {
        let event = said.line.get("event").and_then(Value::as_str).unwrap_or_default().to_owned();
        if said.program == "kiosk" && event == "shown" {
            if let Some(seen) = seen(&said.line, said.at.duration_since(self.began)) {
                let same = self.observed.seen.last().is_some_and(|last| {
                    last.revision == seen.revision && last.screen == seen.screen && last.targets == seen.targets
                });
                if !same {
                    self.observed.seen.push(seen);
                }
            }
            self.shown = Some(said.line);
            return;
        }
        if said.program == "emulated-card" && event == "counts" {
            self.counts = said.line.clone();
        }
        if event == "error" {
            eprintln!("{}: {}", said.program, said.line);
        }
        self.answers.push((event, said.line));
        if self.answers.len() > 200 {
            self.answers.drain(..100);
        }
    }

    /// Hears everything said so far.
    fn catch_up(&mut self) {
        while let Some(said) = listen(&self.voices, Duration::ZERO) {
            self.hear(said);
        }
    }

    /// Waits for an answer that was not there before.
    fn ask(&mut self, event: &str, tell: impl FnOnce(&mut Self) -> Result<(), Trouble>) -> Result<Value, Trouble> {
        self.catch_up();
        self.answers.retain(|(name, _)| name != event && name != "error");
        tell(self)?;
        let until = Instant::now() + ANSWER;
        while Instant::now() < until {
            if let Some(said) = listen(&self.voices, Duration::from_millis(50)) {
                self.hear(said);
            }
            let error = self.answer("error");
            if !error.is_null() {
                return Err(Trouble::Impossible(error.to_string()));
            }
            let answer = self.answer(event);
            if !answer.is_null() {
                return Ok(answer);
            }
        }
        Err(Trouble::Broken(format!("no answer to «{event}» within {} s", ANSWER.as_secs())))
    }

    /// After a touch: until a newer view is shown or nothing comes.
    fn settle(&mut self) {
        let before = self.shown.clone();
        let until = Instant::now() + TOUCH;
        while Instant::now() < until && self.shown == before {
            if let Some(said) = listen(&self.voices, Duration::from_millis(20)) {
                self.hear(said);
            }
        }
    }

    fn touch(&mut self, word: &str, target: Target) -> Result<(), Trouble> {
        self.catch_up();
        let seen = self.observed.seen.last();
        let offered = seen.map(|seen| seen.targets.clone()).unwrap_or_default();
        if !offered.iter().any(|name| name == target.name()) {
            let screen = seen.map_or(ScreenName::Disconnected, |seen| seen.screen);
            return Err(Trouble::NotOffered { target: target.name(), screen, offered: offered.join(", ") });
        }
        self.glass(&format!("{word} {}", target.name()))?;
        self.settle();
        Ok(())
    }

    fn glass(&mut self, line: &str) -> Result<(), Trouble> {
        let kiosk = self.kiosk.as_mut().ok_or_else(|| Trouble::Impossible("the kiosk is a window".to_owned()))?;
        kiosk.tell(line)
    }

    /// Looks at the card's own counters, while one lies there.
    fn count(&mut self) -> Result<(), Trouble> {
        if self.lies {
            self.ask("counts", |world| world.card.tell("counts"))?;
        }
        Ok(())
    }

    fn put(&mut self, card: &str) -> Result<(), Trouble> {
        let (photo, shown) = match self.stage.material() {
            Some(material) => photo_of(&material.faces, card),
            None => (String::new(), None),
        };
        self.on_card = shown;
        self.sits_there()?;
        let inserted = self.ask("inserted", |world| world.card.tell(&format!("insert {card}{photo}")))?;
        self.printed = inserted.get("surface_code").and_then(Value::as_str).map(str::to_owned);
        self.scanned()?;
        self.earlier += self.pins();
        self.counts = Value::Null;
        self.lies = true;
        Ok(())
    }

    /// Has the camera play this from its next opening on.
    fn sits_there(&self) -> Result<(), Trouble> {
        let Some(material) = self.stage.material() else { return Ok(()) };
        let clip = material.faces.clip(self.sitting.before, self.on_card);
        write_clip(&self.stage.clip(), &clip, self.sitting.faults)
            .map_err(|cause| Trouble::Broken(format!("{cause:#}")))
    }

    /// What the surface scanner reads from now on: one line a reading, the last one stays.
    fn scanned(&mut self) -> Result<(), Trouble> {
        let right = self.printed.as_deref().unwrap_or("unreadable");
        let lines = match self.scanner {
            SurfaceControl::ReadsRight => right.to_owned(),
            SurfaceControl::ReadsWrongOnce => {
                self.scanner = SurfaceControl::ReadsRight;
                let last = right.bytes().last().map_or(b'0', |digit| if digit == b'9' { b'0' } else { digit + 1 });
                format!("{}{}\n{right}", right.get(..right.len() - 1).unwrap_or_default(), char::from(last))
            }
            SurfaceControl::ReadsNothing => "unreadable".to_owned(),
        };
        std::fs::write(self.stage.surface(), lines).map_err(|cause| Trouble::Broken(format!("the scanner: {cause}")))
    }

    /// VERIFY commands with a PIN; those with a surface code are none.
    fn pins(&self) -> u32 {
        self.number("verify").saturating_sub(self.number("codes"))
    }

    fn number(&self, name: &str) -> u32 {
        self.counts.get(name).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }

    fn look_at_books(&mut self) -> Result<(), Trouble> {
        self.count()?;
        self.observed.verify_sent = self.earlier + self.pins();
        self.observed.tries_left =
            self.counts.get("tries_left").and_then(Value::as_u64).and_then(|n| u8::try_from(n).ok());
        let books = self.ask("books", |world| world.clinic.tell("books"))?;
        let results = books.get("results").cloned().unwrap_or_default();
        self.observed.books = serde_json::from_value::<Vec<Booked>>(results)
            .map_err(|cause| Trouble::Broken(format!("the clinic's books cannot be read: {cause}")))?;
        Ok(())
    }
}

/// The kiosk's line as the runner wants it.
fn seen(line: &Value, at: Duration) -> Option<Seen> {
    Some(Seen {
        at_ms: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
        revision: line.get("revision")?.as_u64()?,
        screen: ScreenName::by_name(line.get("screen")?.as_str()?)?,
        fault: line.get("fault").and_then(Value::as_str).map(ToOwned::to_owned),
        targets: line.get("targets")?.as_array()?.iter().filter_map(|t| t.as_str().map(ToOwned::to_owned)).collect(),
    })
}

fn wait_for(voices: &Receiver<Said>, program: &str, event: &str) -> Option<Value> {
    let until = Instant::now() + ANSWER;
    while Instant::now() < until {
        if let Some(said) = listen(voices, Duration::from_millis(100))
            && said.program == program
            && said.line.get("event").and_then(Value::as_str) == Some(event)
        {
            return Some(said.line);
        }
    }
    None
}

/// Whether a visit is at this moment, by what a person beside it could see: the glass and the card.
pub(crate) fn moment_is_now(moment: Moment, seen: &[Seen], verify: u32, signatures: u32) -> bool {
    let now = seen.last().map(|seen| seen.screen);
    let waiting = now == Some(ScreenName::Waiting);
    let of_this_visit = seen.iter().rev().take_while(|seen| seen.screen != ScreenName::Start);
    let asked = of_this_visit.map(|seen| seen.screen).any(|screen| {
        matches!(screen, ScreenName::ConsentAll | ScreenName::ConsentEach | ScreenName::CertificateNotice)
    });
    match moment {
        Moment::Screen(screen) => now == Some(screen),
        Moment::Verify => waiting && verify > 0,
        Moment::Lookup => waiting && !asked && signatures > 0,
        Moment::Submit => waiting && asked,
    }
}

/// The card in the words of `emulated-card`'s `insert`.
pub(crate) fn card_line(card: &CardSetup) -> String {
    let mut line = match card.lies {
        Lies::MyNumber(person) => person.serial.to_string(),
        Lies::Other(OtherCard::DriversLicence) => "1001 profile=driver-licence".to_owned(),
        Lies::Other(OtherCard::JukiCard) => "1001 profile=jukicard".to_owned(),
        Lies::Other(OtherCard::NoChip) => "1001 fault=mute".to_owned(),
    };
    line.push_str(&format!(" pin={}", card.pin));
    if card.face_only {
        line.push_str(" profile=face-only");
    }
    if let Some(profile) = card.profile {
        line.push_str(&format!(" profile={}", profile.name()));
    }
    if let Some(tries) = card.tries {
        line.push_str(&format!(" tries={tries}"));
    }
    if let Some(end) = card.certificate {
        line.push_str(&format!(" certificate-ends={}", last_day(end)));
    }
    if card.slow {
        line.push_str(" delays=realistic");
    }
    line
}

/// What the emulated camera plays for a word of a scenario.
pub(crate) fn sitting(sitter: Sitter) -> Sitting {
    let who = |person: &Person| Who::Person(u32::from(person.serial));
    match sitter {
        Sitter::Holder => Sitting::default(),
        Sitter::Person(person) => Sitting::of(Before::Person(who(person))),
        Sitter::Other => Sitting::other(),
        Sitter::PrintedPhoto(person) => Sitting::of(Before::Print(who(person))),
        Sitter::OnScreen(person) => Sitting::of(Before::Screen(who(person))),
        Sitter::CutOutMask(person) => Sitting::of(Before::CutOut(who(person))),
        Sitter::Nobody => by_word("nobody"),
        Sitter::TwoPeople => by_word("two"),
        Sitter::TooDark => by_word("dark"),
        Sitter::Moving => by_word("moving"),
        Sitter::Unplugged => by_word("unplugged"),
        Sitter::Stalled => by_word("stalled"),
        Sitter::HalfJpeg => by_word("half-jpeg"),
    }
}

fn by_word(word: &str) -> Sitting {
    Sitting::by_word(word).unwrap_or_default()
}

/// ` photo=FILE` for the card of a line, where somebody has one and the line names none; and who is on that photo.
pub(crate) fn photo_of(faces: &Faces, card: &str) -> (String, Option<u32>) {
    let shown = match CardOrder::parse(card, today_in_japan()) {
        // Whose face is on the card only such a card itself knows.
        Ok(order) if order.profile == Profile::TwoCardsInOne => {
            order.card().ok().map(|card| card.shown_person().serial)
        }
        Ok(order) => Some(order.person.serial),
        Err(_) => None,
    };
    let photo = shown.map(|serial| faces.photo(serial)).filter(|photo| photo.exists());
    match photo {
        Some(photo) if !card.contains(" photo=") => (format!(" photo={}", photo.display()), shown),
        Some(_) | None => (String::new(), shown),
    }
}

impl Backstage for Processes {
    fn insert(&mut self, card: &str) -> anyhow::Result<()> {
        Ok(self.put(&with_dates(card))?)
    }

    fn remove(&mut self) -> anyhow::Result<()> {
        Ok(World::remove(self)?)
    }

    fn reader(&mut self, there: bool) -> anyhow::Result<()> {
        if self.lies && !there {
            World::remove(self)?;
        }
        let control = if there { ReaderControl::Plugged } else { ReaderControl::Unplugged };
        Ok(World::reader(self, control)?)
    }

    fn camera(&mut self, word: &str) -> anyhow::Result<()> {
        self.sitting = Sitting::by_word(word).with_context(|| format!("nobody knows {word}"))?;
        Ok(self.sits_there()?)
    }

    fn clinic(&mut self, line: &str) -> anyhow::Result<()> {
        Ok(self.clinic.tell(line)?)
    }
}

/// `ends=+40` of a dock line as the day it means.
pub(crate) fn with_dates(card: &str) -> String {
    card.split_whitespace()
        .map(|word| match word.strip_prefix("ends=").and_then(|days| days.parse::<i16>().ok()) {
            Some(days) => {
                let end = days.unsigned_abs();
                let end = if days < 0 { CertificateEnd::Ago { days: end } } else { CertificateEnd::In { days: end } };
                format!("certificate-ends={}", last_day(end))
            }
            None => word.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The last valid day in Japan, `YYYY-MM-DD`.
#[must_use]
pub fn last_day(end: CertificateEnd) -> String {
    let tokyo = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    let today = jiff::Timestamp::now().to_zoned(tokyo).date();
    today.saturating_add(jiff::Span::new().days(end.days())).to_string()
}

//! Level 3: the programs that ship, as processes of their own — daemon and kiosk — with the real pcscd, an emulated
//! card behind it, real TLS and the reference clinic. Touches are pointer events in the kiosk's own window.

mod backstage;
mod ear;
mod namespace;
mod program;
mod stage;
mod words;
mod world;

use std::{
    path::Path,
    sync::mpsc::{Receiver, Sender},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use screen::Target;
use serde_json::Value;

pub(crate) use self::stage::clips;
pub(crate) use self::words::{
    OnPhoto, card_line, moment_is_now, phone_line, photo_of, sitting, storage_moves, with_dates,
};
use self::{
    ear::Ear,
    program::{Program, Said, listen, voices},
};
pub use self::{
    namespace::{Pcscd, inside},
    stage::{Programs, Stage},
    words::last_day,
};
use crate::{
    faces::{Material, Sitting, write_clip},
    scenario::{Booked, Observed, Phones, ScreenName, Seen, SurfaceControl, Terminal, Trouble, staff},
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
    /// The emulated card in the second virtual reader, where phones have one of their own.
    phone: Option<Program>,
    phone_lies: bool,
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
    /// The patient does not see; what was heard last.
    ear: Option<Ear>,
}

impl Processes {
    /// Starts everything. `out` gets screenshots and each program's own output.
    ///
    /// # Errors
    /// The program that did not come up, with what it said.
    pub fn start(
        programs: &Programs,
        out: &Path,
        size: &str,
        terminal: Terminal,
        material: Option<Material>,
    ) -> anyhow::Result<Self> {
        let mut level = Self::behind(programs, out, None, terminal, material)?;
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
        terminal: Terminal,
        material: Option<Material>,
    ) -> anyhow::Result<Self> {
        let began = Instant::now();
        let (voice, voices) = voices();
        let pcscd = Pcscd::start(&programs.vpcd, &out.join("pcscd.txt"))?;
        let mut stage = Stage::new(programs, out, socket, terminal, material)?;
        let clinic = Program::start("clinic", &mut stage.clinic(), &voice)?;
        let listening = wait_for(&voices, "clinic", "listening").context("the clinic's service did not come up")?;
        stage.configure(&listening)?;
        let card = Program::start("emulated-card", &mut stage.card(), &voice)?;
        let phone = match terminal.phones {
            Phones::OwnReader => Some(Program::start("emulated-card", &mut stage.phone(), &voice)?),
            Phones::Nowhere | Phones::CardReader => None,
        };
        let daemon = Program::start("reader-daemon", &mut stage.daemon(), &voice)?;
        Ok(Self {
            began,
            stage,
            pcscd,
            clinic,
            card,
            phone,
            phone_lies: false,
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
            ear: None,
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
        if let Some(ear) = self.ear.as_mut().filter(|_| said.program == "kiosk" && event == "saying") {
            ear.hear(&said.line);
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

    /// Looks at the card's own counters, while one lies there; at the phone's, while that does.
    fn count(&mut self) -> Result<(), Trouble> {
        if self.phone_lies {
            self.ask("counts", |world| world.phone_program().tell("counts"))?;
        } else if self.lies {
            self.ask("counts", |world| world.card.tell("counts"))?;
        }
        Ok(())
    }

    /// The program behind the reader that takes phones.
    fn phone_program(&mut self) -> &mut Program {
        self.phone.as_mut().unwrap_or(&mut self.card)
    }

    fn put_phone(&mut self, line: &str) -> Result<(), Trouble> {
        self.ask("inserted", |world| world.phone_program().tell(&format!("insert {line}")))?;
        self.earlier += self.pins();
        self.counts = Value::Null;
        self.phone_lies = true;
        Ok(())
    }

    fn put(&mut self, card: &str, on_photo: OnPhoto) -> Result<(), Trouble> {
        let (photo, shown) = match self.stage.material() {
            Some(material) => photo_of(&material.faces, card, on_photo),
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
        let entries = |name: &str| {
            let entries = books.get(name).and_then(Value::as_array).map_or(0, Vec::len);
            u32::try_from(entries).unwrap_or(u32::MAX)
        };
        self.observed.sign_ups = entries("sign_ups");
        self.observed.lookups = entries("certificate_lookups");
        let said = std::fs::read_to_string(self.stage.said_by_daemon()).unwrap_or_default();
        self.observed.staff = staff::heard(&said);
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
        targets: names(line)?,
    })
}

/// What the kiosk's line says can be touched.
fn names(line: &Value) -> Option<Vec<String>> {
    Some(line.get("targets")?.as_array()?.iter().filter_map(|t| t.as_str().map(ToOwned::to_owned)).collect())
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

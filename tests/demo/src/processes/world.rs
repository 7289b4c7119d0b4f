//! What scenarios do to the running programs, and what they see of them.

use std::time::{Duration, Instant};

use screen::{Digit, Target};

use super::{
    OnPhoto, Processes, SWAP, card_line, listen, moment_is_now, names, phone_line, program::Program, sitting,
    storage_moves,
};
use crate::scenario::{
    CardSetup, ClinicControl, Level, Moment, Observed, Passed, PhoneSetup, ReaderControl, Seen, Sitter, StorageControl,
    SurfaceControl, Trouble, World,
};

impl World for Processes {
    fn level(&self) -> Level {
        Level::Processes
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        if self.lies {
            return Err(Trouble::Impossible("a card lies there already".to_owned()));
        }
        self.put(&card_line(card), OnPhoto::of(card))
    }

    fn remove(&mut self) -> Result<(), Trouble> {
        if !self.lies {
            return Err(Trouble::Impossible("no card lies there".to_owned()));
        }
        self.count()?;
        self.ask("removed", |world| world.card.tell("remove"))?;
        self.lies = false;
        Ok(())
    }

    fn swap(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        World::remove(self)?;
        std::thread::sleep(SWAP);
        World::insert(self, card)
    }

    fn phone_on(&mut self, phone: &PhoneSetup) -> Result<(), Trouble> {
        if self.phone_lies || self.phone.is_none() && self.lies {
            return Err(Trouble::Impossible("something lies there already".to_owned()));
        }
        if !self.stage.takes_phones() {
            return Err(Trouble::Impossible("this terminal takes no phones".to_owned()));
        }
        self.put_phone(&phone_line(phone))
    }

    fn phone_off(&mut self) -> Result<(), Trouble> {
        if !self.phone_lies {
            return Err(Trouble::Impossible("no phone lies there".to_owned()));
        }
        self.count()?;
        self.ask("removed", |world| world.phone_program().tell("remove"))?;
        self.phone_lies = false;
        Ok(())
    }

    fn by_ear(&mut self) -> Result<(), Trouble> {
        self.listen_to_the_kiosk()
    }

    fn tap(&mut self, target: Target) -> Result<(), Trouble> {
        if self.ear.is_some() { self.choose_by_ear(target) } else { self.touch("tap", target) }
    }

    fn turn_page(&mut self) -> Result<(), Trouble> {
        self.glass("tap next_page")?;
        // No view of the daemon's changes, so the kiosk tells of the new page only when it is asked.
        let told = self.ask("targets", |world| world.glass("targets"))?;
        if let Some(last) = self.observed.seen.last_mut() {
            last.targets = names(&told).unwrap_or_default();
        }
        Ok(())
    }

    fn double_tap(&mut self, target: Target) -> Result<(), Trouble> {
        self.touch("double-tap", target)
    }

    fn key(&mut self, digit: &Digit) -> Result<(), Trouble> {
        self.catch_up();
        if !self.observed.seen.last().is_some_and(|seen| seen.screen.has_pad()) {
            return Err(Trouble::Impossible("no number pad is shown".to_owned()));
        }
        let word = if self.ear.is_some() { "press" } else { "key" };
        self.glass(&format!("{word} {}", char::from(digit.ascii())))?;
        self.settle();
        Ok(())
    }

    fn clinic(&mut self, control: ClinicControl) -> Result<(), Trouble> {
        let line = match control {
            ClinicControl::LinkDown => "link down".to_owned(),
            ClinicControl::LinkUp => "link up".to_owned(),
            ClinicControl::DropsReceipts(count) => format!("drop-receipts {count}"),
            ClinicControl::Latency(time) => format!("latency {}", time.as_millis()),
            ClinicControl::RefusesResults => "refuse-results".to_owned(),
            ClinicControl::Clock(seconds) => format!("clock {seconds:+} s"),
            ClinicControl::Everything(true) => "settings everything".to_owned(),
            ClinicControl::Everything(false) => "settings plain".to_owned(),
            ClinicControl::SignUpFails(fails) => format!("sign-up {}", if fails { "fails" } else { "works" }),
            ClinicControl::RefusesTerminal(refuses) => {
                format!("terminals {}", if refuses { "refused" } else { "taken" })
            }
            ClinicControl::PinLess(on) => format!("pin-less {}", if on { "on" } else { "off" }),
        };
        self.clinic.tell(&line)?;
        // The control is in force when a question asked after it is answered.
        self.ask("books", |world| world.clinic.tell("books")).map(|_| ())
    }

    /// The reader is a driver of pcscd here: without pcscd there is no reader, and it comes back with it.
    fn reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        match control {
            ReaderControl::Unplugged => {
                self.pcscd.unplug();
                Ok(())
            }
            ReaderControl::Plugged => self.pcscd.plug().map_err(|cause| Trouble::Broken(format!("{cause:#}"))),
        }
    }

    /// Both readers are the one driver's of the one pcscd.
    fn phone_reader(&mut self, _: ReaderControl) -> Result<(), Trouble> {
        Err(Trouble::Impossible("neither of pcscd's virtual readers leaves alone".to_owned()))
    }

    fn storage(&mut self, control: StorageControl) -> Result<(), Trouble> {
        storage_moves(&self.stage.storage(), control)
    }

    fn open_passcode(&mut self) -> Result<(), Trouble> {
        let opened = self.stage.open_passcode().output();
        let opened = opened.map_err(|cause| Trouble::Broken(format!("reader-daemon passcode: {cause}")))?;
        let said = || Trouble::Broken(String::from_utf8_lossy(&opened.stderr).into_owned());
        opened.status.success().then_some(()).ok_or_else(said)
    }

    fn camera(&mut self, sitter: Sitter) -> Result<(), Trouble> {
        self.sitting = sitting(sitter);
        self.sits_there()
    }

    fn surface(&mut self, control: SurfaceControl) -> Result<(), Trouble> {
        self.scanner = control;
        if self.lies { self.scanned() } else { Ok(()) }
    }

    fn surface_code(&mut self) -> Result<String, Trouble> {
        self.printed
            .clone()
            .filter(|_| self.lies)
            .ok_or_else(|| Trouble::Impossible("no code is printed there".to_owned()))
    }

    fn kill_daemon(&mut self) -> Result<(), Trouble> {
        let mut daemon = self.daemon.take().ok_or_else(|| Trouble::Impossible("the daemon does not run".to_owned()))?;
        daemon.kill();
        Ok(())
    }

    fn start_daemon(&mut self) -> Result<(), Trouble> {
        if self.daemon.is_some() {
            return Err(Trouble::Impossible("the daemon runs already".to_owned()));
        }
        self.daemon = Some(Program::start("reader-daemon", &mut self.stage.daemon(), &self.voice)?);
        Ok(())
    }

    fn at(&mut self, moment: Moment) -> Result<bool, Trouble> {
        self.count()?;
        Ok(moment_is_now(moment, &self.observed.seen, self.pins(), self.number("signatures")))
    }

    fn now_shown(&mut self) -> Result<Option<Seen>, Trouble> {
        self.catch_up();
        Ok(self.observed.seen.last().cloned())
    }

    fn pass(&mut self, at_most: Duration) -> Result<Passed, Trouble> {
        if let Some(said) = listen(&self.voices, at_most.min(Duration::from_millis(100))) {
            self.hear(said);
        }
        self.catch_up();
        if self.daemon.as_mut().is_some_and(|daemon| !daemon.runs()) {
            return Err(Trouble::Broken("the daemon has ended by itself".to_owned()));
        }
        Ok(Passed::On)
    }

    fn observe(&mut self) -> Result<Observed, Trouble> {
        self.catch_up();
        self.look_at_books()?;
        Ok(self.observed.clone())
    }

    fn finish(&mut self) -> Result<Observed, Trouble> {
        // Two deliveries' worth of time for anything that would be doubled.
        let until = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < until {
            self.pass(Duration::from_millis(100))?;
        }
        let observed = self.observe()?;
        if let Some(mut kiosk) = self.kiosk.take() {
            kiosk.end(Duration::from_secs(2));
        }
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill();
        }
        self.card.end(Duration::from_secs(1));
        if let Some(mut phone) = self.phone.take() {
            phone.end(Duration::from_secs(1));
        }
        self.clinic.end(Duration::from_secs(1));
        self.pcscd.unplug();
        Ok(observed)
    }
}

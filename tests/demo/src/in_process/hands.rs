//! What a scenario does to the daemon in this process, and what it sees of it.

use std::time::{Duration, Instant};

use reader_daemon::DaemonHandle;
use screen::{Digit, Target, ToDaemon};

use super::{Glass, InProcess, LOOK, TOUCH, broken};
use crate::{
    processes::{OnPhoto, card_line, moment_is_now, phone_line, sitting, storage_moves},
    scenario::{
        CardSetup, ClinicControl, Level, Lies, Moment, Observed, OtherCard, Passed, PhoneSetup, Phones, ReaderControl,
        ScreenName, Seen, Sitter, StorageControl, SurfaceControl, Trouble, World,
    },
};

impl World for InProcess {
    fn level(&self) -> Level {
        Level::Daemon
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        if self.lies {
            return Err(Trouble::Impossible("a card lies there already".to_owned()));
        }
        if card.lies == Lies::Other(OtherCard::NoChip) {
            self.hand.insert_mute();
            self.lies = true;
            return Ok(());
        }
        self.put(&card_line(card), OnPhoto::of(card)).map_err(|cause| broken(&cause))
    }

    fn remove(&mut self) -> Result<(), Trouble> {
        if !self.lies {
            return Err(Trouble::Impossible("no card lies there".to_owned()));
        }
        self.take();
        Ok(())
    }

    fn swap(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        World::remove(self)?;
        World::insert(self, card)
    }

    fn phone_on(&mut self, phone: &PhoneSetup) -> Result<(), Trouble> {
        let card_there = self.terminal.phones == Phones::CardReader && self.lies;
        if self.phone_lies || card_there {
            return Err(Trouble::Impossible("something lies there already".to_owned()));
        }
        let card = self.card(&phone_line(phone)).map_err(|cause| broken(&cause))?;
        self.phone_hand()?.insert(card);
        self.phone_lies = true;
        Ok(())
    }

    fn phone_off(&mut self) -> Result<(), Trouble> {
        if !self.phone_lies {
            return Err(Trouble::Impossible("no phone lies there".to_owned()));
        }
        self.take_phone()
    }

    fn by_ear(&mut self) -> Result<(), Trouble> {
        self.catch_up()?;
        let glass = self.glass()?;
        let Some(view) = glass.view().filter(|view| !view.comfort.voice) else { return Ok(()) };
        glass.say(&ToDaemon::Touched { revision: view.revision, target: Target::Voice }).map_err(Trouble::Broken)?;
        glass.wait_for_change(TOUCH);
        self.catch_up()
    }

    fn tap(&mut self, target: Target) -> Result<(), Trouble> {
        self.touch(target, 1)
    }

    fn double_tap(&mut self, target: Target) -> Result<(), Trouble> {
        self.touch(target, 2)
    }

    fn key(&mut self, digit: &Digit) -> Result<(), Trouble> {
        self.catch_up()?;
        let glass = self.glass()?;
        let Some(view) = glass.view() else { return Err(Trouble::Impossible("nothing is on the glass".to_owned())) };
        if !ScreenName::of(&view.screen).has_pad() {
            return Err(Trouble::Impossible("no number pad is shown".to_owned()));
        }
        glass.say(&ToDaemon::Key { revision: view.revision, digit: digit.clone() }).map_err(Trouble::Broken)?;
        glass.wait_for_change(TOUCH);
        self.catch_up()
    }

    fn clinic(&mut self, control: ClinicControl) -> Result<(), Trouble> {
        match control {
            ClinicControl::LinkDown => self.runtime.block_on(self.clinic.set_link(false)),
            ClinicControl::LinkUp => self.runtime.block_on(self.clinic.set_link(true)),
            ClinicControl::DropsReceipts(count) => self.clinic.drop_receipts(count),
            ClinicControl::Latency(time) => {
                self.latency = time;
                self.clinic.set_latency(time);
            }
            ClinicControl::RefusesResults => self.clinic.refuse_results(true),
            ClinicControl::PinLess(on) => self.clinic.set_pin_less(on),
            ClinicControl::Clock(seconds) => self.clinic.set_clock_offset(i64::from(seconds) * 1000),
            ClinicControl::Everything(true) => self.clinic.set_settings(clinic::Settings::everything()),
            ClinicControl::Everything(false) => self.clinic.set_settings(clinic::Settings::plain()),
            ClinicControl::SignUpFails(fails) => self.clinic.set_sign_up_fails(fails),
            ClinicControl::RefusesTerminal(refuses) => self.clinic.refuse_terminals(refuses),
        }
        Ok(())
    }

    fn reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        match control {
            ReaderControl::Unplugged => self.hand.unplug(),
            ReaderControl::Plugged => self.hand.plug(),
        }
        Ok(())
    }

    fn phone_reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        if self.terminal.phones != Phones::OwnReader {
            return Err(Trouble::Impossible("phones have no reader of their own here".to_owned()));
        }
        match control {
            ReaderControl::Unplugged => self.phones.hand.unplug(),
            ReaderControl::Plugged => self.phones.hand.plug(),
        }
        Ok(())
    }

    fn storage(&mut self, control: StorageControl) -> Result<(), Trouble> {
        storage_moves(&self.folder.join("storage"), control)
    }

    /// The order lies where `reader-daemon passcode --open` puts it.
    fn open_passcode(&mut self) -> Result<(), Trouble> {
        let order = self.folder.join("storage/visual-check.open");
        std::fs::write(order, "").map_err(|cause| Trouble::Broken(format!("the order to open: {cause}")))
    }

    fn camera(&mut self, sitter: Sitter) -> Result<(), Trouble> {
        self.sitting = sitting(sitter);
        self.sits_there().map_err(|cause| broken(&cause))
    }

    fn surface(&mut self, control: SurfaceControl) -> Result<(), Trouble> {
        self.scanner.reads_nothing(control == SurfaceControl::ReadsNothing);
        if control == SurfaceControl::ReadsWrongOnce {
            self.scanner.reads_wrong_once();
        }
        Ok(())
    }

    fn surface_code(&mut self) -> Result<String, Trouble> {
        let printed = self.printed.clone().filter(|_| self.lies);
        printed.ok_or_else(|| Trouble::Impossible("no code is printed there".to_owned()))
    }

    /// A thread cannot be killed; the daemon is ended in the middle of whatever it does. Level 3 kills for real.
    fn kill_daemon(&mut self) -> Result<(), Trouble> {
        self.glass = None;
        // A kiosk draws this by itself; no revision belongs to it.
        self.observed.seen.push(Seen {
            at_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            revision: 0,
            screen: ScreenName::Disconnected,
            fault: None,
            targets: vec![],
        });
        drop(self.daemon.take().ok_or_else(|| Trouble::Impossible("the daemon does not run".to_owned()))?);
        Ok(())
    }

    fn start_daemon(&mut self) -> Result<(), Trouble> {
        if self.daemon.is_some() {
            return Err(Trouble::Impossible("the daemon runs already".to_owned()));
        }
        self.daemon = Some(self.begin().map_err(|cause| broken(&cause))?);
        self.glass = Some(Glass::connect(&self.socket(), self.began).map_err(|cause| broken(&cause))?);
        Ok(())
    }

    fn at(&mut self, moment: Moment) -> Result<bool, Trouble> {
        self.catch_up()?;
        let counts = self.lying().unwrap_or_default();
        Ok(moment_is_now(moment, &self.observed.seen, counts.verify - counts.codes, counts.signatures))
    }

    fn now_shown(&mut self) -> Result<Option<Seen>, Trouble> {
        self.catch_up()?;
        Ok(self.observed.seen.last().cloned())
    }

    fn pass(&mut self, at_most: Duration) -> Result<Passed, Trouble> {
        std::thread::sleep(at_most.min(LOOK));
        if self.daemon.as_ref().is_some_and(DaemonHandle::has_ended) {
            return Err(Trouble::Broken("the daemon has ended by itself".to_owned()));
        }
        self.catch_up()?;
        Ok(Passed::On)
    }

    fn observe(&mut self) -> Result<Observed, Trouble> {
        self.catch_up()?;
        self.look_at_books()?;
        Ok(self.observed.clone())
    }

    fn finish(&mut self) -> Result<Observed, Trouble> {
        let until = Instant::now() + self.latency + Duration::from_millis(400);
        while Instant::now() < until {
            self.pass(LOOK)?;
        }
        let observed = self.observe()?;
        self.glass = None;
        self.daemon = None;
        Ok(observed)
    }
}

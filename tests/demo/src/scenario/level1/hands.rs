//! What a scenario does at level 1, and what it sees.

use std::time::Duration;

use screen::{Digit, Screen, Target};
use session::{Event, SurfaceDigit};

use super::{Due, Glass, HEALTH_CHECK, PureWorld, REST};
use crate::scenario::{
    names::ScreenName,
    step::{
        CardSetup, ClinicControl, Level, Moment, PhoneSetup, Phones, ReaderControl, Sitter, StorageControl,
        SurfaceControl,
    },
    world::{Observed, Passed, Seen, Trouble, World},
};

/// More events than any visit has; a machine that never comes to rest ends here.
const MAX_EVENTS: u32 = 200_000;

impl World for PureWorld {
    fn level(&self) -> Level {
        Level::Session
    }

    fn elapsed(&self) -> Duration {
        self.now
    }

    fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        self.reader.insert(card)?;
        self.presence_changed();
        Ok(())
    }

    fn remove(&mut self) -> Result<(), Trouble> {
        self.reader.remove()?;
        self.presence_changed();
        Ok(())
    }

    fn swap(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        self.reader.remove()?;
        self.reader.insert(card)?;
        self.presence_changed();
        Ok(())
    }

    fn phone_on(&mut self, phone: &PhoneSetup) -> Result<(), Trouble> {
        if self.phones.where_taken() == Phones::CardReader && self.reader.insertion().is_some() {
            return Err(Trouble::Impossible("a card lies in the reader".into()));
        }
        let insertion = self.reader.next_insertion();
        self.phones.put(phone, insertion)?;
        self.reader.counts_tries_of(None);
        self.presence_changed();
        Ok(())
    }

    fn phone_off(&mut self) -> Result<(), Trouble> {
        self.phones.take()?;
        self.presence_changed();
        Ok(())
    }

    fn by_ear(&mut self) -> Result<(), Trouble> {
        self.settle()?;
        let view = self.glass.as_ref().map(|glass| (glass.view.revision, glass.view.comfort.voice));
        if let Some((revision, false)) = view {
            self.touch(revision, Target::Voice);
        }
        self.settle()
    }

    fn tap(&mut self, target: Target) -> Result<(), Trouble> {
        let revision = self.view_offering(target)?;
        self.touch(revision, target);
        self.settle()
    }

    fn double_tap(&mut self, target: Target) -> Result<(), Trouble> {
        let revision = self.view_offering(target)?;
        self.touch(revision, target);
        self.touch(revision, target);
        self.settle()
    }

    fn key(&mut self, digit: &Digit) -> Result<(), Trouble> {
        self.settle()?;
        let Some(Glass { view }) = &self.glass else {
            return Err(Trouble::Impossible("nothing is on the glass".into()));
        };
        let revision = view.revision;
        if let Screen::KeyingSurfaceCode { .. } = view.screen {
            self.tell(Event::SurfaceKey(revision, SurfaceDigit(digit.ascii().saturating_sub(b'0'))));
        } else if let Screen::EnteringStaffNumber { .. } = view.screen {
            self.tell(Event::StaffKey(revision, digit.ascii().saturating_sub(b'0')));
        } else if let Screen::EnteringPin { .. } | Screen::EnteringPasscode { .. } = view.screen {
            self.key = Some(digit.clone());
            self.tell(Event::Key(revision));
            self.key = None;
        } else {
            return Err(Trouble::Impossible("no number pad is on the glass".into()));
        }
        self.settle()
    }

    fn clinic(&mut self, control: ClinicControl) -> Result<(), Trouble> {
        self.clinic.control(control);
        let link = self.clinic.link();
        self.after(HEALTH_CHECK, Due::Tell(Event::Link(link)));
        Ok(())
    }

    fn reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        self.reader.plug(control)?;
        self.presence_changed();
        Ok(())
    }

    fn phone_reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        let insertion = self.reader.next_insertion();
        self.phones.plug(control, insertion)?;
        self.presence_changed();
        Ok(())
    }

    fn storage(&mut self, control: StorageControl) -> Result<(), Trouble> {
        if std::mem::replace(&mut self.storage, control) == control {
            return Err(Trouble::Impossible("the disk is so already".into()));
        }
        self.after(HEALTH_CHECK, Due::Tell(Event::Storage(control == StorageControl::Free)));
        Ok(())
    }

    fn open_passcode(&mut self) -> Result<(), Trouble> {
        self.visual.open_again();
        self.queue.retain(|_, due| !matches!(due, Due::VisualTime));
        self.after(HEALTH_CHECK, Due::Tell(Event::VisualWay(self.visual.way())));
        Ok(())
    }

    fn camera(&mut self, sitter: Sitter) -> Result<(), Trouble> {
        let before = self.faces.way();
        self.faces.sitter = sitter;
        // Between tries the health check sees a camera that came or went; in a try the worker itself does.
        let way = self.faces.way();
        if way != before && !self.faces.looks() {
            self.after(HEALTH_CHECK, Due::Tell(Event::FaceWay(way)));
        }
        Ok(())
    }

    fn surface(&mut self, control: SurfaceControl) -> Result<(), Trouble> {
        self.faces.surface = control;
        Ok(())
    }

    fn surface_code(&mut self) -> Result<String, Trouble> {
        self.reader.surface_code().ok_or_else(|| Trouble::Impossible("no My Number card lies in the reader".into()))
    }

    fn kill_daemon(&mut self) -> Result<(), Trouble> {
        if self.session.take().is_none() {
            return Err(Trouble::Impossible("the daemon does not run".into()));
        }
        self.queue.clear();
        self.digits.clear();
        self.confirmed = false;
        self.verifying = false;
        self.open = None;
        self.submitted = None;
        self.faces.forget_visit();
        self.visual.forget_visit();
        self.clinic.forget_sessions();
        // The kiosk draws this by itself; no revision belongs to it.
        self.glass = None;
        self.seen.push(Seen {
            at_ms: u64::try_from(self.now.as_millis()).unwrap_or(u64::MAX),
            revision: 0,
            screen: ScreenName::Disconnected,
            fault: None,
            targets: vec![],
        });
        Ok(())
    }

    fn start_daemon(&mut self) -> Result<(), Trouble> {
        if self.session.is_some() {
            return Err(Trouble::Impossible("the daemon runs already".into()));
        }
        self.start();
        self.settle()
    }

    fn at(&mut self, moment: Moment) -> Result<bool, Trouble> {
        Ok(match moment {
            Moment::Screen(screen) => self.seen.last().is_some_and(|seen| seen.screen == screen),
            Moment::Verify => self.verifying,
            Moment::Lookup => self.queue.values().any(|due| matches!(due, Due::LookUp(_))),
            Moment::Submit => self.submitted.is_some() && !self.clinic.undelivered().is_empty(),
        })
    }

    fn now_shown(&mut self) -> Result<Option<Seen>, Trouble> {
        Ok(self.seen.last().cloned())
    }

    fn pass(&mut self, at_most: Duration) -> Result<Passed, Trouble> {
        let end = self.now + at_most;
        let due = self.queue.first_entry().filter(|entry| entry.key().0 <= end).map(|entry| entry.remove_entry());
        let passed = match due {
            Some(((at, _), due)) => {
                self.now = at;
                self.happen(due);
                Passed::On
            }
            None => {
                self.now = end;
                if self.queue.is_empty() { Passed::Still } else { Passed::On }
            }
        };
        if passed == Passed::Still && self.open.is_some() {
            self.break_law("a visit waits and nothing can end it (law 11)");
        }
        if self.events > MAX_EVENTS {
            self.break_law("the session never comes to rest (law 11)");
        }
        self.broken.clone().map_or(Ok(passed), Err)
    }

    fn observe(&mut self) -> Result<Observed, Trouble> {
        Ok(Observed {
            seen: self.seen.clone(),
            verify_sent: self.reader.verify_sent() + self.phones.verify_sent(),
            tries_left: self.reader.tries_left().or_else(|| self.phones.tries_left()),
            books: self.clinic.books().to_vec(),
            staff: self.staff.clone(),
            sign_ups: self.clinic.sign_ups(),
            lookups: self.clinic.lookups(),
        })
    }

    fn finish(&mut self) -> Result<Observed, Trouble> {
        let end = self.now + REST;
        while self.now < end && self.pass(end - self.now)? == Passed::On {}
        self.observe()
    }
}

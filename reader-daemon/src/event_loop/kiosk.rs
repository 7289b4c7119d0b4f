//! What the kiosk reports.

use std::time::Instant;

use screen::{Digit, Revision, Screen};
use session::{Event, SurfaceDigit};

use super::EventLoop;
use crate::{input::FromScreen, journal::Entry};

impl EventLoop {
    pub(super) fn heard(&mut self, heard: FromScreen) {
        match heard {
            FromScreen::Connected => {
                self.note(Entry::Screen { connected: true });
                self.drivers.desk.screen(true);
                self.event(Event::ScreenConnected);
            }
            FromScreen::Lost => {
                self.note(Entry::Screen { connected: false });
                self.drivers.desk.screen(false);
                self.event(Event::ScreenLost);
            }
            FromScreen::TurnedAway(why) => {
                if let Some(entry) = self.turned_away.one(why, Instant::now()) {
                    self.note(entry);
                }
            }
            FromScreen::Shown(revision) => self.event(Event::Shown(revision)),
            FromScreen::Spoken(revision) => self.event(Event::Spoken(revision)),
            FromScreen::Touched(revision, target) => self.event(Event::Touched(revision, target)),
            FromScreen::Active(revision) => self.event(Event::Active(revision)),
            FromScreen::Key(revision, digit) => self.key(revision, digit),
        }
    }

    /// Digits of the surface code and of a staff number go to the session: they are no secret. Those of a PIN or a
    /// passcode never do.
    pub(super) fn key(&mut self, revision: Revision, digit: Box<Digit>) {
        let value = digit.ascii().saturating_sub(b'0');
        match self.session.view().map(|view| &view.screen) {
            Some(Screen::KeyingSurfaceCode { .. }) => {
                self.event(Event::SurfaceKey(revision, SurfaceDigit(value)));
            }
            Some(Screen::EnteringStaffNumber { .. }) => self.event(Event::StaffKey(revision, value)),
            Some(_) | None => self.step(Event::Key(revision), Some(digit)),
        }
    }
}

//! The kiosk's side of the socket: takes views, says that they are on the glass, touches.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    time::{Duration, Instant},
};

use screen::{Decoder, Digit, PROTOCOL_VERSION, Screen, Target, ToDaemon, ToScreen, View, encode};

/// A test waits so long for a view before it counts as never coming.
const PATIENCE: Duration = Duration::from_secs(30);

/// A kiosk without a screen.
pub struct Kiosk {
    stream: UnixStream,
    decoder: Decoder,
    view: Option<View>,
    seen: Vec<String>,
}

impl Kiosk {
    /// Connects and says hello.
    #[must_use]
    pub fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).expect("the daemon listens");
        stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a time-out is set");
        let mut kiosk = Self { stream, decoder: Decoder::default(), view: None, seen: Vec::new() };
        kiosk.send(&ToDaemon::Hello { version: PROTOCOL_VERSION });
        kiosk
    }

    fn send(&mut self, message: &ToDaemon) {
        self.stream.write_all(&encode(message).expect("it fits")).expect("the daemon reads");
    }

    /// Waits for a view whose screen is what is asked for, and returns it.
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&Screen) -> bool) -> View {
        self.wait_view(what, |view| wanted(&view.screen))
    }

    /// Waits for a view that is what is asked for, and returns it.
    pub fn wait_view(&mut self, what: &str, wanted: impl Fn(&View) -> bool) -> View {
        let until = Instant::now() + PATIENCE;
        let mut bytes = [0; 8192];
        loop {
            if let Some(view) = self.view.as_ref().filter(|view| wanted(view)) {
                return view.clone();
            }
            match self.decoder.message().expect("a message of the protocol") {
                Some(ToScreen::View(view)) => {
                    self.send(&ToDaemon::Shown { revision: view.revision });
                    self.seen.push(format!("{:?}", view.screen));
                    self.view = Some(*view);
                    continue;
                }
                Some(ToScreen::WrongVersion { daemon }) => panic!("the daemon speaks version {daemon}"),
                None => {}
            }
            assert!(Instant::now() < until, "{what} was never shown; shown were {:#?}", self.seen);
            match self.stream.read(&mut bytes) {
                Ok(0) => panic!("the daemon closed the connection while {what} was waited for"),
                Ok(count) => self.decoder.push(&bytes[..count]).expect("a frame of the protocol"),
                Err(_) => {}
            }
        }
    }

    /// Touches a target of the view that is shown.
    pub fn tap(&mut self, target: Target) {
        let revision = self.view.as_ref().expect("something is shown").revision;
        self.send(&ToDaemon::Touched { revision, target });
    }

    /// Says that somebody is there and chooses nothing.
    pub fn active(&mut self) {
        let revision = self.view.as_ref().expect("something is shown").revision;
        self.send(&ToDaemon::Active { revision });
    }

    /// Types digits on the PIN pad that is shown.
    pub fn type_pin(&mut self, digits: &str) {
        let revision = self.view.as_ref().expect("something is shown").revision;
        for digit in digits.bytes() {
            self.send(&ToDaemon::Key { revision, digit: Digit::new(digit - b'0').expect("a digit") });
        }
    }

    /// Waits for the start screen without a fault.
    pub fn wait_start(&mut self) -> View {
        self.wait("the start screen", |screen| matches!(screen, Screen::Start { fault: None, .. }))
    }

    /// From the method choice to a confirmed PIN.
    pub fn confirm_pin(&mut self, digits: &str) {
        self.wait("the method choice", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
        self.tap(Target::Pin);
        self.wait("the PIN pad", |screen| matches!(screen, Screen::EnteringPin { digits: 0, .. }));
        self.type_pin(digits);
        self.wait("four dots", |screen| matches!(screen, Screen::EnteringPin { digits: 4, .. }));
        self.tap(Target::Confirm);
    }
}

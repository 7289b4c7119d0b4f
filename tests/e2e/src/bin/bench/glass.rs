//! The bench's own screen at the daemon's socket: no drawing in between, and each view with the moment it was whole.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail};
use screen::{Decoder, Digit, PROTOCOL_VERSION, Screen, Target, ToDaemon, ToScreen, View, encode};

/// The longest part of a visit is under 2 s.
const LIMIT: Duration = Duration::from_secs(20);
/// How long a daemon that was just started may take to make its socket.
const CONNECT: Duration = Duration::from_secs(10);

/// What is shown, and a finger.
pub(crate) struct Glass {
    stream: UnixStream,
    views: Receiver<(Instant, View)>,
    shown: Option<(Instant, View)>,
}

impl Glass {
    /// Connects as soon as the daemon lets it.
    pub(crate) fn connect(socket: &Path) -> Result<Self> {
        let end = Instant::now() + CONNECT;
        let mut stream = loop {
            match UnixStream::connect(socket) {
                Ok(stream) => break stream,
                Err(_) if Instant::now() < end => thread::sleep(Duration::from_millis(1)),
                Err(cause) => return Err(anyhow!(cause).context("the daemon took no screen within 10 s")),
            }
        };
        stream.write_all(&encode(&ToDaemon::Hello { version: PROTOCOL_VERSION })?)?;
        let (sender, views) = channel();
        let reading = stream.try_clone()?;
        thread::spawn(move || {
            // However it ends, the channel closes, and whoever waits for a view says so.
            let _ = look(reading, &sender);
        });
        Ok(Self { stream, views, shown: None })
    }

    /// When the view came that is `wanted`; views before it are passed by.
    pub(crate) fn wait(&mut self, what: &str, wanted: impl Fn(&View) -> bool) -> Result<Instant> {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some((at, view)) = &self.shown
                && wanted(view)
            {
                return Ok(*at);
            }
            match self.views.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(next) => self.shown = Some(next),
                Err(cause) => {
                    let shown = self.shown.as_ref().map(|(_, view)| &view.screen);
                    bail!("waited for {what}: {cause}; shown is {shown:?}");
                }
            }
        }
    }

    /// 「マイナンバーカードを差し込んでください」, without a fault.
    pub(crate) fn wait_for_start(&mut self) -> Result<Instant> {
        self.wait("the start screen", |view| matches!(view.screen, Screen::Start { fault: None, .. }))
    }

    /// Touches what the newest view offers; the moment it was sent.
    pub(crate) fn touch(&mut self, target: Target) -> Result<Instant> {
        let revision = self.view()?.revision;
        self.send(&ToDaemon::Touched { revision, target })
    }

    /// Touches a PIN key.
    pub(crate) fn key(&mut self, digit: Digit) -> Result<Instant> {
        let revision = self.view()?.revision;
        self.send(&ToDaemon::Key { revision, digit })
    }

    /// The newest view.
    pub(crate) fn view(&self) -> Result<&View> {
        self.shown.as_ref().map(|(_, view)| view).context("nothing is shown")
    }

    fn send(&mut self, message: &ToDaemon) -> Result<Instant> {
        let frame = encode(message)?;
        let at = Instant::now();
        self.stream.write_all(&frame).context("the daemon closed the screen's connection")?;
        Ok(at)
    }
}

/// Says of each view that it is shown, as touches count only then, and hands it on.
fn look(mut stream: UnixStream, views: &Sender<(Instant, View)>) -> Result<()> {
    let (mut decoder, mut bytes) = (Decoder::default(), [0; 4096]);
    loop {
        let length = stream.read(&mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        decoder.push(bytes.get(..length).unwrap_or_default())?;
        while let Some(ToScreen::View(view)) = decoder.message()? {
            let at = Instant::now();
            stream.write_all(&encode(&ToDaemon::Shown { revision: view.revision })?)?;
            views.send((at, *view))?;
        }
    }
}

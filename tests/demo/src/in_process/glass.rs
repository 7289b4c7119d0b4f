//! In the kiosk's place: a client of the daemon's socket that shows every view at once.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use screen::{Decoder, PROTOCOL_VERSION, ToDaemon, ToScreen, View, encode};

use crate::scenario::Seen;

pub(super) struct Glass {
    stream: UnixStream,
    views: Receiver<(View, Instant)>,
    waiting: Vec<(View, Instant)>,
    view: Option<View>,
    began: Instant,
}

impl Glass {
    pub(super) fn connect(socket: &Path, began: Instant) -> Result<Self> {
        let stream = UnixStream::connect(socket).with_context(|| format!("{}", socket.display()))?;
        let mut reading = stream.try_clone()?;
        let (found, views) = channel();
        thread::spawn(move || {
            let mut decoder = Decoder::default();
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reading.read(&mut bytes) {
                if decoder.push(bytes.get(..count).unwrap_or_default()).is_err() {
                    return;
                }
                while let Ok(Some(message)) = decoder.message::<ToScreen>() {
                    let ToScreen::View(view) = message else { return };
                    if found.send((*view, Instant::now())).is_err() {
                        return;
                    }
                }
            }
        });
        let mut glass = Self { stream, views, waiting: Vec::new(), view: None, began };
        glass.say(&ToDaemon::Hello { version: PROTOCOL_VERSION }).map_err(anyhow::Error::msg)?;
        Ok(glass)
    }

    pub(super) fn view(&self) -> Option<View> {
        self.view.clone()
    }

    pub(super) fn say(&mut self, message: &ToDaemon) -> Result<(), String> {
        let frame = encode(message).map_err(|cause| cause.to_string())?;
        self.stream.write_all(&frame).map_err(|cause| format!("the daemon's socket: {cause}"))
    }

    /// Shows every view that came; a dot is not another screen.
    pub(super) fn catch_up(&mut self, seen: &mut Vec<Seen>) -> Result<(), String> {
        while let Ok(next) = self.views.try_recv() {
            self.waiting.push(next);
        }
        for (view, at) in std::mem::take(&mut self.waiting) {
            let new = Seen::of(&view, at.duration_since(self.began));
            match seen.last_mut() {
                Some(last) if last.revision == new.revision && last.screen == new.screen => last.targets = new.targets,
                Some(_) | None => seen.push(new),
            }
            let revision = view.revision;
            let newer = self.view.as_ref().is_none_or(|view| view.revision != revision);
            self.view = Some(view);
            if newer {
                // A daemon that is gone shows itself at the next touch.
                let _ = self.say(&ToDaemon::Shown { revision });
            }
        }
        Ok(())
    }

    /// Until another view comes, at most `limit`.
    pub(super) fn wait_for_change(&mut self, limit: Duration) {
        match self.views.recv_timeout(limit) {
            Ok(next) => self.waiting.push(next),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }
}

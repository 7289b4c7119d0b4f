//! The loop: views and commands come in one by one, so that every view is drawn and no touch overtakes one.

use std::{
    io::{BufRead, stdin},
    ops::ControlFlow,
    path::Path,
    rc::Rc,
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, TrySendError, sync_channel},
    },
    thread,
    time::Instant,
};

use screen::{ToDaemon, View};
use serde_json::json;

use super::{canvas::Canvas, commands::Command, events, pictures::Album};
use crate::{
    connection::{self, Incoming},
    glass::disconnected,
    limits,
    panel::Panel,
    preview::{self, Slot},
    voice::{Finished, Speaker},
};

enum Input {
    Socket(Incoming),
    /// Something happened to the live picture.
    Picture,
    /// The voice came to the end of a list.
    Said(Finished),
    Line(String),
    /// stdin is closed: whoever drove this is gone.
    End,
}

/// Runs until `quit` or the end of stdin.
///
/// # Errors
/// When the folder or a picture cannot be written.
pub fn run(folder: &Path, socket: &Path, panel: Panel, clips: Option<&Path>) -> anyhow::Result<()> {
    let (sender, inputs) = sync_channel(limits::VIEWS_WAITING);
    let lines = sender.clone();
    thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        for line in stdin().lock().lines().map_while(Result::ok) {
            if lines.send(Input::Line(line)).is_err() {
                return;
            }
        }
        let _ = lines.send(Input::End);
    })?;
    let slot = Arc::new(Slot::default());
    let pictures = sender.clone();
    preview::spawn(screen::preview::socket_path(socket), Arc::clone(&slot), move || {
        match pictures.try_send(Input::Picture) {
            // With other things waiting, the loop comes by without being called.
            Ok(()) | Err(TrySendError::Full(_)) => ControlFlow::Continue(()),
            Err(TrySendError::Disconnected(_)) => ControlFlow::Break(()),
        }
    })?;
    let said = sender.clone();
    connection::spawn(socket.to_owned(), move |incoming| match sender.send(Input::Socket(incoming)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })?;

    let mut kiosk = Headless { canvas: Canvas::new(panel)?, album: Album::new(folder)?, view: disconnected() };
    kiosk.canvas.glass().attach(slot);
    if let Some(clips) = clips {
        kiosk.canvas.glass().speak_by(Speaker::start(Some(clips), move |finished| {
            // The loop has ended: nobody waits for it any more.
            let _ = said.send(Input::Said(finished));
        })?);
    }
    kiosk.canvas.glass().listen(Some(Box::new(|asked| events::print(&events::asked(&asked)))));
    kiosk.show(&disconnected())?;
    loop {
        let sleep =
            slint::platform::duration_until_next_timer_update().unwrap_or(limits::LOOP_SLEEP).min(limits::LOOP_SLEEP);
        match inputs.recv_timeout(sleep) {
            Ok(Input::Socket(incoming)) => kiosk.incoming(incoming)?,
            Ok(Input::Line(line)) => {
                if kiosk.line(&line).is_break() {
                    return Ok(());
                }
            }
            Ok(Input::Said(finished)) => {
                kiosk.canvas.glass().said(finished);
                events::print(&events::spoken(finished));
            }
            Ok(Input::Picture) => {}
            Ok(Input::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        kiosk.live()?;
        kiosk.canvas.glass().look_for_headphones();
        for saying in kiosk.canvas.glass().take_sayings() {
            events::print(&events::saying(&saying));
        }
    }
}

struct Headless {
    canvas: Canvas,
    album: Album,
    view: View,
}

impl Headless {
    fn incoming(&mut self, incoming: Incoming) -> anyhow::Result<()> {
        match incoming {
            Incoming::Connected(sender) => {
                events::print(&json!({ "event": "connected" }));
                let sender = Rc::new(sender);
                self.canvas.report_to(Some(Box::new(move |message: ToDaemon| sender.send(&message))));
                Ok(())
            }
            Incoming::View(view) => self.show(&view),
            Incoming::Lost => {
                self.canvas.report_to(None);
                events::print(&json!({ "event": "lost" }));
                let view = self.canvas.glass().without_daemon();
                self.show(&view)
            }
        }
    }

    fn show(&mut self, view: &View) -> anyhow::Result<()> {
        let begin = Instant::now();
        self.canvas.show(view);
        let milliseconds = begin.elapsed().as_secs_f64() * 1000.0;
        self.view = view.clone();
        if let Some(report) = self.canvas.glass().take_report() {
            events::print(&events::preview(&report));
        }
        self.keep(milliseconds)
    }

    /// Draws what has come since: the newest live picture, a page the patient has turned.
    fn live(&mut self) -> anyhow::Result<()> {
        let begin = Instant::now();
        self.canvas.glass().look();
        if self.canvas.draw() {
            self.keep(begin.elapsed().as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }

    /// Writes a picture of what is new and tells of it.
    fn keep(&mut self, milliseconds: f64) -> anyhow::Result<()> {
        if let Some(file) = self.album.add(&self.canvas, &self.view)? {
            let live = self.canvas.glass().has_picture();
            let places = self.canvas.places();
            events::print(&events::shown(&self.view, live, file.as_deref(), &places, milliseconds));
        }
        Ok(())
    }

    fn line(&self, line: &str) -> ControlFlow<()> {
        match line.parse() {
            Ok(Command::Tap(target)) => self.tap(&target, 1),
            Ok(Command::DoubleTap(target)) => self.tap(&target, 2),
            Ok(Command::TapAt(x, y)) => self.canvas.tap(x, y),
            Ok(Command::Press(key)) => self.canvas.press(key),
            Ok(Command::Targets) => {
                let places = self.canvas.places();
                events::print(&json!({ "event": "targets", "targets": events::target_names(&places) }));
            }
            Ok(Command::Quit) => return ControlFlow::Break(()),
            Err(_) if line.trim().is_empty() => {}
            // The line itself is not repeated: it may be a mistyped PIN.
            Err(error) => events::print(&events::error(error)),
        }
        ControlFlow::Continue(())
    }

    fn tap(&self, target: &str, times: usize) {
        let places = self.canvas.places();
        let Some(place) = places.iter().find(|place| place.name == target) else {
            // A PIN key is named by its kind only.
            let name = if target.starts_with("key ") { "that key" } else { target };
            events::print(&events::error(&format!("{name} is not on the screen")));
            return;
        };
        let (x, y) = (place.x + place.width / 2.0, place.y + place.height / 2.0);
        self.canvas.tap(x, y);
        for _ in 1..times {
            self.canvas.tap_at_once(x, y);
        }
    }
}

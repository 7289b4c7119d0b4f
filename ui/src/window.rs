//! The kiosk in a real window.

use std::{
    cell::RefCell,
    ops::ControlFlow,
    path::Path,
    rc::Rc,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, sync_channel},
    },
};

use screen::ToDaemon;
use slint::{CloseRequestResponse, ComponentHandle, LogicalSize, Timer, TimerMode};

use crate::{
    connection::{self, Incoming},
    glass::Glass,
    limits,
    panel::Panel,
    preview::{self, Slot},
    voice::Speaker,
};

thread_local! {
    /// The glass of the event loop's thread; the connection's thread can only name it from within that loop.
    static GLASS: RefCell<Option<Rc<Glass>>> = const { RefCell::new(None) };
}

/// How the window stands on its display.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// It fills the screen and cannot be closed from the glass.
    pub fullscreen: bool,
    /// Nothing moves.
    pub still: bool,
}

/// Opens the window and runs until it is closed. Full screen, it cannot be closed from the glass or the keyboard.
///
/// # Errors
/// When there is no display.
pub fn run(socket: &Path, panel: Panel, how: How, clips: Option<&Path>) -> anyhow::Result<()> {
    // The frame is handed to the display when the drawing returns; the next turn of the loop is after that.
    let glass = Rc::new(Glass::new(panel, |frame| {
        // Not in a timer: what is said then asks the toolkit to go through its timers.
        let _ = slint::spawn_local(async move { frame.done() });
    })?);
    glass.hold_still(how.still);
    let window = glass.window();
    window.window().set_size(LogicalSize::new(panel.width as f32, panel.height as f32));
    if how.fullscreen {
        window.window().set_fullscreen(true);
        window.window().on_close_requested(|| CloseRequestResponse::KeepWindowShown);
    }
    let weak = Rc::downgrade(&glass);
    window.on_resized(move || {
        let Some(glass) = weak.upgrade() else { return };
        let inner = glass.window().window();
        let size = inner.size().to_logical(inner.scale_factor());
        if size.width >= 1.0 && size.height >= 1.0 {
            // A panel's sides are whole pixels below 65536.
            glass.set_panel(Panel { width: size.width as u32, height: size.height as u32, inches: panel.inches });
        }
    });
    glass.speak_by(Speaker::start(clips, |finished| {
        // The loop ends with the window; then nobody waits for it any more.
        let _ = slint::invoke_from_event_loop(move || {
            GLASS.with_borrow(|glass| glass.iter().for_each(|glass| glass.said(finished)));
        });
    })?);
    let slot = Arc::new(Slot::default());
    glass.attach(Arc::clone(&slot));
    GLASS.set(Some(Rc::clone(&glass)));
    let headphones = Timer::default();
    let weak = Rc::downgrade(&glass);
    headphones.start(TimerMode::Repeated, limits::HEADPHONES, move || {
        weak.upgrade().iter().for_each(|glass| glass.look_for_headphones());
    });

    preview::spawn(screen::preview::socket_path(socket), slot, || {
        match slint::invoke_from_event_loop(|| GLASS.with_borrow(|glass| glass.iter().for_each(|glass| glass.look()))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    let (sender, receiver) = sync_channel(limits::VIEWS_WAITING);
    let receiver = Arc::new(Mutex::new(receiver));
    connection::spawn(socket.to_owned(), move |incoming| {
        if sender.send(incoming).is_err() {
            return ControlFlow::Break(());
        }
        let receiver = Arc::clone(&receiver);
        match slint::invoke_from_event_loop(move || take(&receiver)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    window.run()?;
    GLASS.set(None);
    Ok(())
}

/// Takes one message in on the event loop's thread.
fn take(receiver: &Mutex<Receiver<Incoming>>) {
    let Some(incoming) = receiver.lock().ok().and_then(|receiver| receiver.try_recv().ok()) else { return };
    GLASS.with_borrow(|glass| {
        let Some(glass) = glass else { return };
        match incoming {
            Incoming::Connected(sender) => {
                glass.report_to(Some(Box::new(move |message: ToDaemon| sender.send(&message))));
            }
            Incoming::View(view) => glass.show(&view),
            Incoming::Lost => {
                glass.report_to(None);
                glass.lost();
            }
        }
    });
}

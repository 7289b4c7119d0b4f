//! The live picture on the glass: when it comes, how old it may be, and how it goes without leaving anything.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use screen::preview::{Header, PictureKind};
use slint::{ComponentHandle, Image, Timer, TimerMode, Weak};

use super::{
    clock::monotonic_ns,
    oval::Face,
    pictures::Pictures,
    slot::{Found, Slot, Wanted},
};
use crate::{
    generated::{Frame, KioskWindow, Live as OnGlass},
    limits,
};

/// What was seen of the camera between entering and leaving the camera screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PreviewReport {
    /// Pictures that were on the glass.
    pub frames: u64,
    /// From the taking of the last one to its being rendered, milliseconds.
    pub last_latency_ms: Option<f64>,
    /// The same, mean of all.
    pub mean_latency_ms: Option<f64>,
}

/// A picture given to the toolkit and not drawn yet.
#[derive(Clone, Copy)]
struct Pending {
    count: i32,
    taken_ns: u64,
}

pub(crate) struct Live {
    window: Weak<KioskWindow>,
    slot: RefCell<Option<Arc<Slot>>>,
    pictures: RefCell<Pictures>,
    /// What the screen on the glass shows.
    wanted: Cell<Wanted>,
    /// A picture is on the glass, until this time.
    until_ns: Cell<Option<u64>>,
    pending: Cell<Option<Pending>>,
    /// The buffers may be wiped once this frame has been drawn: then the toolkit holds none of them.
    wipe_after: Cell<Option<i32>>,
    photo_on: Cell<bool>,
    /// The same for the photo's buffer.
    wipe_photo_after: Cell<Option<i32>>,
    frames_due: Cell<u8>,
    oval: Cell<Option<Face>>,
    seen: Cell<PreviewReport>,
    report: Cell<Option<PreviewReport>>,
    too_old: Timer,
}

impl Live {
    pub(crate) fn new(window: Weak<KioskWindow>) -> Rc<Self> {
        Rc::new(Self {
            window,
            slot: RefCell::default(),
            pictures: RefCell::default(),
            wanted: Cell::default(),
            until_ns: Cell::default(),
            pending: Cell::default(),
            wipe_after: Cell::default(),
            photo_on: Cell::default(),
            wipe_photo_after: Cell::default(),
            frames_due: Cell::default(),
            oval: Cell::default(),
            seen: Cell::default(),
            report: Cell::default(),
            too_old: Timer::default(),
        })
    }

    /// Where pictures come from.
    pub(crate) fn attach(&self, slot: Arc<Slot>) {
        slot.want(self.wanted.get());
        *self.slot.borrow_mut() = Some(slot);
    }

    /// A view is put on the glass; this tells which pictures it shows.
    pub(crate) fn want(&self, wanted: Wanted) {
        let before = self.wanted.replace(wanted);
        if before == wanted {
            return;
        }
        if let Some(slot) = &*self.slot.borrow() {
            slot.want(wanted);
        }
        match (before, wanted) {
            (Wanted::Nothing, Wanted::Live | Wanted::LiveAndPhoto) => drop(self.seen.take()),
            (Wanted::Live | Wanted::LiveAndPhoto, Wanted::Nothing) => {
                self.report.set(Some(self.seen.take()));
                self.remove();
                self.remove_photo();
            }
            (_, Wanted::Live) => self.remove_photo(),
            (_, Wanted::LiveAndPhoto) | (Wanted::Nothing, Wanted::Nothing) => {}
        }
    }

    /// Looks into the slot.
    pub(crate) fn look(self: &Rc<Self>) {
        let slot = self.slot.borrow().clone();
        let Some(slot) = slot else { return };
        match slot.take(|header, rgb| self.draw(header, rgb, monotonic_ns())) {
            Found::Gone => {
                self.remove();
                self.remove_photo();
            }
            Found::Picture | Found::Nothing => {}
        }
    }

    /// Gives a picture to the toolkit. `false`: not now, the last one has not been drawn yet.
    pub(crate) fn draw(self: &Rc<Self>, header: &Header, rgb: &[u8], now_ns: u64) -> bool {
        match header.kind {
            PictureKind::Live => self.draw_live(header, rgb, now_ns),
            PictureKind::Photo => self.draw_photo(header, rgb),
        }
    }

    fn draw_photo(&self, header: &Header, rgb: &[u8]) -> bool {
        if self.wipe_photo_after.get().is_some() {
            return false;
        }
        let Some(window) = self.window.upgrade().filter(|_| self.wanted.get() == Wanted::LiveAndPhoto) else {
            return true;
        };
        if self.photo_on.get() {
            // Sent again after a new connection: the one on the glass is wiped first.
            self.remove_photo();
            return false;
        }
        let Some(image) = self.pictures.borrow_mut().draw_photo(header, rgb) else { return true };
        let on_glass = window.global::<OnGlass>();
        on_glass.set_photo(image);
        on_glass.set_photo_on(true);
        self.photo_on.set(true);
        next_frame(&window);
        true
    }

    fn draw_live(self: &Rc<Self>, header: &Header, rgb: &[u8], now_ns: u64) -> bool {
        if self.pending.get().is_some() || self.wipe_after.get().is_some() {
            return false;
        }
        // A time to come is a wrong time: it counts from now.
        let until_ns = header.taken_ns.min(now_ns).saturating_add(limits::PICTURE_AGE_NS);
        let Some(window) = self.window.upgrade().filter(|_| self.wanted.get() != Wanted::Nothing && now_ns < until_ns)
        else {
            return true;
        };
        let Some(image) = self.pictures.borrow_mut().draw(header, rgb) else { return true };
        let on_glass = window.global::<OnGlass>();
        on_glass.set_picture(image);
        self.follow(&on_glass, Face::of(header));
        on_glass.set_on(true);
        self.pending.set(Some(Pending { count: next_frame(&window), taken_ns: header.taken_ns }));
        self.until_ns.set(Some(until_ns));
        let live = Rc::downgrade(self);
        self.too_old.start(TimerMode::SingleShot, Duration::from_nanos(until_ns - now_ns), move || {
            if let Some(live) = live.upgrade() {
                live.expire(monotonic_ns());
            }
        });
        true
    }

    fn follow(&self, on_glass: &OnGlass<'_>, face: Option<Face>) {
        let oval = face.map(|face| face.after(self.oval.get()));
        self.oval.set(oval);
        let oval = oval.unwrap_or(Face { x: 0.0, y: 0.0, height: 0.0 });
        on_glass.set_face_x(oval.x);
        on_glass.set_face_y(oval.y);
        on_glass.set_face_height(oval.height);
    }

    /// Takes a picture that is too old off the glass.
    pub(crate) fn expire(&self, now_ns: u64) {
        if self.until_ns.get().is_some_and(|until_ns| now_ns >= until_ns) {
            self.remove();
        }
    }

    /// Takes the picture off the glass and lets the next frames wipe what it was drawn from.
    fn remove(&self) {
        self.too_old.stop();
        if self.until_ns.take().is_none() {
            return;
        }
        let Some(window) = self.window.upgrade() else { return };
        let on_glass = window.global::<OnGlass>();
        on_glass.set_picture(Image::default());
        on_glass.set_on(false);
        self.follow(&on_glass, None);
        self.pending.take();
        self.wipe_after.set(Some(next_frame(&window)));
        self.frames_due.set(limits::FRAMES_AFTER_PICTURE);
    }

    /// The same for the photo.
    fn remove_photo(&self) {
        if !self.photo_on.replace(false) {
            return;
        }
        let Some(window) = self.window.upgrade() else { return };
        let on_glass = window.global::<OnGlass>();
        on_glass.set_photo(Image::default());
        on_glass.set_photo_on(false);
        self.wipe_photo_after.set(Some(next_frame(&window)));
        self.frames_due.set(limits::FRAMES_AFTER_PICTURE);
    }

    /// The frame with this number is on the glass.
    pub(crate) fn frame_done(self: &Rc<Self>, count: i32) {
        let reached = |wanted: i32| count.wrapping_sub(wanted) >= 0;
        if let Some(pending) = self.pending.get().filter(|pending| reached(pending.count)) {
            self.pending.take();
            self.saw(monotonic_ns().saturating_sub(pending.taken_ns));
        }
        if self.wipe_after.get().is_some_and(reached) {
            self.wipe_after.take();
            self.pictures.borrow_mut().wipe();
        }
        if self.wipe_photo_after.get().is_some_and(reached) {
            self.wipe_photo_after.take();
            self.pictures.borrow_mut().wipe_photo();
        }
        if let Some(left) = self.frames_due.get().checked_sub(1) {
            self.frames_due.set(left);
            // A display draws in turn into two or three buffers, and each has had the picture in it.
            if let Some(window) = self.window.upgrade() {
                next_frame(&window);
            }
        }
        self.look();
    }

    fn saw(&self, latency_ns: u64) {
        // Exact up to 104 days.
        let latency = latency_ns as f64 / 1e6;
        let seen = self.seen.get();
        let frames = seen.frames + 1;
        let mean = seen.mean_latency_ms.unwrap_or(latency);
        self.seen.set(PreviewReport {
            frames,
            last_latency_ms: Some(latency),
            mean_latency_ms: Some(mean + (latency - mean) / frames as f64),
        });
    }

    /// Frames have to be drawn until nothing of the picture is left.
    pub(crate) fn settling(&self) -> bool {
        self.wipe_after.get().is_some() || self.wipe_photo_after.get().is_some() || self.frames_due.get() > 0
    }

    /// A picture is on the glass.
    pub(crate) fn on(&self) -> bool {
        self.until_ns.get().is_some()
    }

    /// Once after the camera screen was left.
    pub(crate) fn take_report(&self) -> Option<PreviewReport> {
        self.report.take()
    }

    /// Both buffers are zero, and the toolkit kept none.
    pub(crate) fn wiped(&self) -> bool {
        let pictures = self.pictures.borrow();
        pictures.is_zero() && pictures.left_behind() == 0
    }
}

/// Asks for a frame and returns its number.
fn next_frame(window: &KioskWindow) -> i32 {
    let frame = window.global::<Frame>();
    let count = frame.get_count().wrapping_add(1);
    frame.set_count(count);
    count
}

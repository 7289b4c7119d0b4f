//! One glass: the window, which view is on it, and what touches on it mean.

mod keys;
mod voice;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Instant,
};

use screen::{Comfort, Digit, Placement, Revision, Screen, ToDaemon, View, preview::Header};
use slint::{ComponentHandle, ModelRc, PlatformError, VecModel};

use crate::{
    apply::apply,
    convert, fonts,
    generated::{Ear, Frame, Hand, KioskWindow, Letters, Shown, Tokens, Touch},
    keys::{Focus, Numbers},
    limits,
    panel::Panel,
    phrases,
    preview::{Live, PreviewReport, Slot, Wanted},
    voice::Speaker,
};
use keys::survey;
use voice::patient_begins;

/// What leaves the glass.
pub type Report = Box<dyn Fn(ToDaemon)>;

/// Where a target is, pixels from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Wire name of the target, or `key 0` to `key 9`.
    pub name: String,
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// What it is called, in the view's language.
    pub label: String,
}

/// What a keyboard asks for that no target stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// The ring moved to this target, by its wire name; a key of a number pad is `keys`.
    Focus(String),
    /// Say it again.
    Repeat,
}

/// Who is told of it.
pub type Listener = Box<dyn Fn(Asked)>;

/// The window with everything that happens on it.
pub struct Glass {
    window: KioskWindow,
    state: Rc<State>,
    live: Rc<Live>,
}

#[derive(Default)]
struct State {
    /// The view given to the toolkit last. `None`: it has no targets.
    applied: Cell<Option<Revision>>,
    /// The view in the frame that is being drawn.
    in_frame: Cell<Option<Revision>>,
    /// The view on the glass: the one a patient sees and touches.
    drawn: Cell<Option<Revision>>,
    /// The last revision reported as shown.
    reported: Cell<Option<Revision>>,
    /// What was on the glass when the finger went down; nothing, when nobody can have read it yet.
    pressed: Cell<Option<Revision>>,
    /// Where a finger came down last, pixels.
    finger: Cell<Option<(f32, f32)>>,
    /// Since when this view, or this page of it, is on the glass. `None`: it has been read.
    fresh: Cell<Option<Instant>>,
    /// When it was last reported that somebody is there.
    active: Cell<Option<Instant>>,
    places: RefCell<Vec<Placed>>,
    report: RefCell<Option<Report>>,
    /// What is within the ring of the keyboard.
    focus: Focus,
    /// The question the ring belongs to.
    focused: Cell<Option<Revision>>,
    /// It is among the switches, where one after the other is turned.
    switches: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    /// What the voice says with the next frame.
    view: RefCell<Option<View>>,
    /// The view given to the toolkit last.
    last: RefCell<Option<View>>,
    numbers: Cell<Numbers>,
    speaker: RefCell<Option<Speaker>>,
}

impl State {
    fn tell(&self, message: ToDaemon) {
        if let Some(report) = &*self.report.borrow() {
            report(message);
        }
    }

    fn touched(&self, touch: Touch, digit: i32) {
        let Some(revision) = self.pressed.take() else { return };
        match (convert::target(touch, digit), u8::try_from(digit).ok().and_then(Digit::new)) {
            (Some(target), _) => self.tell(ToDaemon::Touched { revision, target }),
            (None, Some(digit)) => self.tell(ToDaemon::Key { revision, digit }),
            (None, None) => {}
        }
    }

    /// A finger that comes down a second time on what was drawn just now meant what was there before. `near`: pixels.
    fn finger_down(&self, x: f32, y: f32, near: f32) {
        let same_place =
            self.finger.replace(Some((x, y))).is_some_and(|(was_x, was_y)| (x - was_x).hypot(y - was_y) < near);
        let unread = same_place && self.fresh.get().is_some_and(|since| since.elapsed() < limits::UNREAD);
        self.pressed.set(self.drawn.get().filter(|_| !unread));
    }

    /// Somebody is there: the daemon hears so, now and then, and never what they did.
    fn active(&self) {
        let Some(revision) = self.drawn.get().filter(|drawn| self.applied.get() == Some(*drawn)) else { return };
        let now = Instant::now();
        if self.active.get().is_none_or(|told| now.duration_since(told) >= limits::ACTIVE) {
            self.active.set(Some(now));
            self.tell(ToDaemon::Active { revision });
        }
    }

    fn asked(&self, asked: Asked) {
        if let Some(listener) = &*self.listener.borrow() {
            listener(asked);
        }
    }

    fn frame_is_on_the_glass(&self) {
        let drawn = self.in_frame.get();
        self.drawn.set(drawn);
        if let Some(revision) = drawn
            && self.reported.replace(drawn) != drawn
        {
            self.fresh.set(Some(Instant::now()));
            self.tell(ToDaemon::Shown { revision });
        }
    }
}

impl Glass {
    /// A glass that shows [`Screen::Disconnected`]. `after_frame` is called while a frame is drawn and has to call
    /// [`Glass::frame_done`] (through the handle it gets) once the frame is on the glass.
    ///
    /// # Errors
    /// When the toolkit has no window to give.
    pub fn new(panel: Panel, after_frame: impl Fn(FrameDone) + 'static) -> Result<Self, PlatformError> {
        let window = KioskWindow::new()?;
        let live = Live::new(window.as_weak());
        let glass = Self { window, state: Rc::default(), live };
        glass.set_panel(panel);
        // One place for keyed digits, for as long as the program runs: each view writes over the last one's.
        let typed: VecModel<i32> = std::iter::repeat_n(-1, limits::SURFACE_DIGITS).collect();
        glass.window.global::<Shown>().set_typed(ModelRc::new(typed));

        fonts::prepare()?;
        glass.letters();
        glass.keys();
        let hand = glass.window.global::<Hand>();
        let state = Rc::clone(&glass.state);
        let near = glass.window.as_weak();
        hand.on_pressed(move |x, y| {
            let near = near.upgrade().map_or(0.0, |window| window.global::<Tokens>().get_target());
            state.finger_down(x, y, near);
        });
        let state = Rc::clone(&glass.state);
        hand.on_meant(move || state.pressed.take().is_some());
        let (state, window) = (Rc::clone(&glass.state), glass.window.as_weak());
        hand.on_turned(move || {
            state.fresh.set(Some(Instant::now()));
            state.active();
            // Its other page is said with the next frame, as a view is.
            let view = state.last.borrow().clone();
            *state.view.borrow_mut() = view;
            if let Some(window) = window.upgrade() {
                let frame = window.global::<Frame>();
                frame.set_count(frame.get_count().wrapping_add(1));
            }
        });
        let state = Rc::clone(&glass.state);
        hand.on_scrolled(move || state.active());
        let state = Rc::clone(&glass.state);
        hand.on_touched(move |touch, digit| state.touched(touch, digit));
        let state = Rc::clone(&glass.state);
        hand.on_here(move |touch, digit, x, y, width, height, label| {
            let (name, label) = (convert::name(touch, digit), label.into());
            state.places.borrow_mut().push(Placed { name, x, y, width, height, label });
        });

        let state = Rc::clone(&glass.state);
        let live = Rc::clone(&glass.live);
        let window = glass.window.as_weak();
        glass.window.global::<Frame>().on_drawn(move |count| {
            state.in_frame.set(state.applied.get());
            let (state, live) = (Rc::clone(&state), Rc::clone(&live));
            after_frame(FrameDone { state, live, window: window.clone(), count });
            window.upgrade().map(|window| window.global::<Tokens>().get_ground()).unwrap_or_default()
        });
        glass.show(&disconnected());
        Ok(glass)
    }

    /// Which letters a text is written with, and where its lines may end.
    fn letters(&self) {
        let letters = self.window.global::<Letters>();
        letters.on_family(|tongue| fonts::family(tongue.into()).name.into());
        letters.on_line(|height, tongue| fonts::line_factor(height, tongue.into()));
        letters.on_apart(|height, tongue| fonts::lines_apart(height, tongue.into()));
        letters.on_keep(|words, tongue| phrases::keep(&words, tongue.into()).into());
        letters.on_key(|tongue| screen::Language::from(tongue).key().into());
    }

    /// Who is told what the keyboard asks for.
    pub fn listen(&self, listener: Option<Listener>) {
        *self.state.listener.borrow_mut() = listener;
    }

    /// Reduced motion: things are where they are at once.
    pub fn hold_still(&self, still: bool) {
        self.window.global::<Tokens>().set_still(still);
    }

    /// Sets every size anew.
    pub fn set_panel(&self, panel: Panel) {
        let tokens = self.window.global::<Tokens>();
        tokens.set_dpi(panel.dpi());
        tokens.set_landscape(panel.landscape());
        tokens.set_across(panel.width as f32);
        tokens.set_down(panel.height as f32);
    }

    /// Where messages go. `None` while there is no daemon. What was shown before is forgotten.
    pub fn report_to(&self, report: Option<Report>) {
        self.state.reported.set(None);
        self.state.active.set(None);
        *self.state.report.borrow_mut() = report;
    }

    /// What is shown without a daemon: in the language and for the eyes and ears of whoever stands there.
    pub(crate) fn without_daemon(&self) -> View {
        let last = self.state.last.borrow();
        let (language, comfort) = last.as_ref().map(|view| (view.language, view.comfort)).unwrap_or_default();
        View { language, comfort, ..disconnected() }
    }

    /// The daemon is gone.
    pub(crate) fn lost(&self) {
        let view = self.without_daemon();
        self.show(&view);
    }

    /// Puts a view on the glass with the next frame.
    pub fn show(&self, view: &View) {
        let revision = (!matches!(view.screen, Screen::Disconnected)).then_some(view.revision);
        if revision.is_none() {
            self.state.drawn.set(None);
        }
        self.state.applied.set(revision);
        self.state.numbers.set(match (view.comfort.voice, matches!(view.screen, Screen::Start { .. })) {
            (false, _) => Numbers::Off,
            (true, true) => Numbers::All,
            (true, false) => Numbers::Screen,
        });
        let before = self.state.last.replace(Some(view.clone()));
        if patient_begins(before.as_ref(), view) {
            self.usual_voice();
        }
        *self.state.view.borrow_mut() = Some(view.clone());
        let there = self.state.speaker.borrow().as_ref().is_some_and(|speaker| speaker.speaks(view.language));
        self.window.global::<Ear>().set_there(there);
        apply(&self.window, view);
        self.keep_ring(revision, matches!(view.screen, Screen::ChoosingComfort));
        self.live.want(Wanted::by(&view.screen));
        let frame = self.window.global::<Frame>();
        frame.set_count(frame.get_count().wrapping_add(1));
    }

    /// Where live pictures come from.
    pub(crate) fn attach(&self, slot: std::sync::Arc<Slot>) {
        self.live.attach(slot);
    }

    /// Takes the newest live picture, if there is one and the camera screen is shown.
    pub(crate) fn look(&self) {
        self.live.look();
    }

    /// Puts a live picture on the camera screen with the next frame; on other screens nothing happens. `rgb` is as the
    /// camera saw it, `now_ns` the monotonic clock. `false`: the last one has not been drawn yet.
    pub fn show_picture(&self, header: &Header, rgb: &[u8], now_ns: u64) -> bool {
        self.live.draw(header, rgb, now_ns)
    }

    /// Takes the live picture off the glass if it is too old at this time of the monotonic clock.
    pub fn expire_picture(&self, now_ns: u64) {
        self.live.expire(now_ns);
    }

    /// Pages of this view that the patient has turned.
    #[must_use]
    pub fn page(&self) -> i32 {
        self.window.global::<Shown>().get_turned()
    }

    /// A live picture is on the glass.
    #[must_use]
    pub fn has_picture(&self) -> bool {
        self.live.on()
    }

    /// Every buffer a live picture was drawn from is zero, and the toolkit holds no copy.
    #[must_use]
    pub fn picture_is_wiped(&self) -> bool {
        self.live.wiped()
    }

    /// More frames have to be drawn before nothing of a live picture is left.
    #[must_use]
    pub fn settling(&self) -> bool {
        self.live.settling()
    }

    /// What was seen of the camera, once after its screen was left.
    pub(crate) fn take_report(&self) -> Option<PreviewReport> {
        self.live.take_report()
    }

    /// Time has passed, and somebody has read what is on the glass: for those who drive it without a clock.
    pub(crate) fn has_been_read(&self) {
        self.state.fresh.set(None);
    }

    /// Every target on the glass, in the order of the screen's tree.
    #[must_use]
    pub fn places(&self) -> Vec<Placed> {
        survey(&self.state, &self.window);
        self.state.places.take()
    }

    /// The window of the toolkit.
    #[must_use]
    pub fn window(&self) -> &KioskWindow {
        &self.window
    }
}

/// Says that the frame being drawn is on the glass now.
pub struct FrameDone {
    state: Rc<State>,
    live: Rc<Live>,
    window: slint::Weak<KioskWindow>,
    count: i32,
}

impl FrameDone {
    /// The frame was rendered and handed over.
    pub fn done(self) {
        self.state.frame_is_on_the_glass();
        self.live.frame_done(self.count);
        if let Some(window) = self.window.upgrade() {
            self.state.speak(&window);
        }
    }
}

/// What the kiosk draws on its own while there is no daemon.
pub(crate) fn disconnected() -> View {
    View {
        revision: Revision(0),
        language: screen::Language::Ja,
        comfort: Comfort::default(),
        placement: Placement::default(),
        facility: String::new(),
        progress: None,
        cancel: false,
        staff: screen::StaffCall::Offered,
        countdown: None,
        screen: Screen::Disconnected,
        sound: None,
    }
}

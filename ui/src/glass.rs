//! One glass: the window, which view is on it, and what touches on it mean.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use screen::{Digit, Revision, Screen, Target, ToDaemon, View, preview::Header};
use slint::{ComponentHandle, ModelRc, PlatformError, VecModel};

use crate::{
    apply::apply,
    generated::{Frame, Hand, KioskWindow, Phrases, Shown, Tokens, Touch},
    limits,
    panel::Panel,
    phrases,
    preview::{Live, PreviewReport, Slot},
};

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
}

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
    /// What was on the glass when the finger went down.
    pressed: Cell<Option<Revision>>,
    places: RefCell<Vec<Placed>>,
    report: RefCell<Option<Report>>,
}

impl State {
    fn tell(&self, message: ToDaemon) {
        if let Some(report) = &*self.report.borrow() {
            report(message);
        }
    }

    fn touched(&self, touch: Touch, digit: i32) {
        let Some(revision) = self.pressed.take() else { return };
        match (target(touch), u8::try_from(digit).ok().and_then(Digit::new)) {
            (Some(target), _) => self.tell(ToDaemon::Touched { revision, target }),
            (None, Some(digit)) => self.tell(ToDaemon::Key { revision, digit }),
            (None, None) => {}
        }
    }

    fn frame_is_on_the_glass(&self) {
        let drawn = self.in_frame.get();
        self.drawn.set(drawn);
        if let Some(revision) = drawn
            && self.reported.replace(drawn) != drawn
        {
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

        glass.window.global::<Phrases>().on_keep(|words| phrases::keep_together(&words).into());
        let hand = glass.window.global::<Hand>();
        let state = Rc::clone(&glass.state);
        hand.on_pressed(move || state.pressed.set(state.drawn.get()));
        let state = Rc::clone(&glass.state);
        hand.on_touched(move |touch, digit| state.touched(touch, digit));
        let state = Rc::clone(&glass.state);
        hand.on_here(move |touch, digit, x, y, width, height| {
            let name = target(touch).map_or_else(|| format!("key {digit}"), |target| target.name().to_owned());
            state.places.borrow_mut().push(Placed { name, x, y, width, height });
        });

        let state = Rc::clone(&glass.state);
        let live = Rc::clone(&glass.live);
        let ground = glass.window.global::<Tokens>().get_ground();
        glass.window.global::<Frame>().on_drawn(move |count| {
            state.in_frame.set(state.applied.get());
            after_frame(FrameDone { state: Rc::clone(&state), live: Rc::clone(&live), count });
            ground
        });
        glass.show(&disconnected());
        Ok(glass)
    }

    /// Sets every size anew.
    pub fn set_panel(&self, panel: Panel) {
        let tokens = self.window.global::<Tokens>();
        tokens.set_dpi(panel.dpi());
        tokens.set_landscape(panel.landscape());
    }

    /// Where messages go. `None` while there is no daemon. What was shown before is forgotten.
    pub fn report_to(&self, report: Option<Report>) {
        self.state.reported.set(None);
        *self.state.report.borrow_mut() = report;
    }

    /// Puts a view on the glass with the next frame.
    pub fn show(&self, view: &View) {
        let revision = (!matches!(view.screen, Screen::Disconnected)).then_some(view.revision);
        if revision.is_none() {
            self.state.drawn.set(None);
        }
        self.state.applied.set(revision);
        apply(&self.window, view);
        self.live.facing(matches!(view.screen, Screen::FacingCamera { .. }));
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

    /// Every target on the glass, in the order of the screen's tree.
    #[must_use]
    pub fn places(&self) -> Vec<Placed> {
        self.state.places.borrow_mut().clear();
        let hand = self.window.global::<Hand>();
        hand.set_survey(hand.get_survey().wrapping_add(1));
        slint::platform::update_timers_and_animations();
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
    count: i32,
}

impl FrameDone {
    /// The frame was rendered and handed over.
    pub fn done(self) {
        self.state.frame_is_on_the_glass();
        self.live.frame_done(self.count);
    }
}

/// What the kiosk draws on its own while there is no daemon.
pub(crate) fn disconnected() -> View {
    View {
        revision: Revision(0),
        language: screen::Language::Ja,
        large: false,
        facility: String::new(),
        progress: None,
        cancel: false,
        staff: screen::StaffCall::Offered,
        countdown: None,
        screen: Screen::Disconnected,
        sound: None,
    }
}

/// `None`: a PIN key, which has its own message.
fn target(touch: Touch) -> Option<Target> {
    Some(match touch {
        Touch::Cancel => Target::Cancel,
        Touch::CallStaff => Target::CallStaff,
        Touch::Language => Target::Language,
        Touch::LargeText => Target::LargeText,
        Touch::Phone => Target::Phone,
        Touch::WithoutCard => Target::WithoutCard,
        Touch::Face => Target::Face,
        Touch::Pin => Target::Pin,
        Touch::Visual => Target::Visual,
        Touch::Erase => Target::Erase,
        Touch::Confirm => Target::Confirm,
        Touch::UseLastTry => Target::UseLastTry,
        Touch::Understood => Target::Understood,
        Touch::AgreeAll => Target::AgreeAll,
        Touch::DeclineAll => Target::DeclineAll,
        Touch::OneByOne => Target::OneByOne,
        Touch::Agree => Target::Agree,
        Touch::Decline => Target::Decline,
        Touch::SameAsBefore => Target::SameAsBefore,
        Touch::Change => Target::Change,
        Touch::Detail => Target::Detail,
        Touch::Back => Target::Back,
        Touch::ReceiveWithoutConsent => Target::ReceiveWithoutConsent,
        Touch::StopReception => Target::StopReception,
        Touch::Again => Target::Again,
        Touch::EraTaisho => Target::EraTaisho,
        Touch::EraShowa => Target::EraShowa,
        Touch::EraHeisei => Target::EraHeisei,
        Touch::EraReiwa => Target::EraReiwa,
        Touch::EraWestern => Target::EraWestern,
        Touch::Key => return None,
    })
}

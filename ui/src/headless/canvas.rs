//! A glass in memory: the toolkit's software renderer draws into an RGB buffer.

use std::{cell::RefCell, rc::Rc};

use screen::{
    View,
    preview::{Header, PictureKind},
};
use slint::{
    LogicalPosition, PhysicalSize, PlatformError, Rgb8Pixel,
    platform::{
        Platform, PointerEventButton, WindowAdapter, WindowEvent,
        software_renderer::{MinimalSoftwareWindow, RepaintBufferType},
    },
};

use crate::{
    glass::{FrameDone, Glass, Placed, Report},
    panel::Panel,
    preview::monotonic_ns,
    test_pattern::test_pattern,
};

/// Gives the one window; there is no display to open others on.
struct OneWindow(Rc<MinimalSoftwareWindow>);

impl Platform for OneWindow {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.0.clone())
    }
}

/// A glass in memory and its pixels.
pub struct Canvas {
    adapter: Rc<MinimalSoftwareWindow>,
    glass: Glass,
    panel: Panel,
    pixels: RefCell<Vec<Rgb8Pixel>>,
    frame: Rc<RefCell<Option<FrameDone>>>,
}

impl Canvas {
    /// The only canvas of this thread.
    ///
    /// # Errors
    /// When the toolkit already has a platform on this thread.
    pub fn new(panel: Panel) -> Result<Self, PlatformError> {
        let adapter = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        slint::platform::set_platform(Box::new(OneWindow(adapter.clone())))
            .map_err(|error| PlatformError::Other(error.to_string()))?;
        let frame = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&frame);
        let glass = Glass::new(panel, move |done| *slot.borrow_mut() = Some(done))?;
        // The same view is the same pixels, whenever it is drawn.
        glass.hold_still(true);
        adapter.set_size(PhysicalSize::new(panel.width, panel.height));
        slint::ComponentHandle::show(glass.window())?;
        let blank = Rgb8Pixel::default();
        let count = (panel.width as usize) * (panel.height as usize);
        Ok(Self { adapter, glass, panel, pixels: RefCell::new(vec![blank; count]), frame })
    }

    /// Where messages go.
    pub fn report_to(&self, report: Option<Report>) {
        self.glass.report_to(report);
    }

    /// Draws a view and returns once its pixels are there.
    pub fn show(&self, view: &View) {
        self.glass.show(view);
        self.draw();
    }

    /// Draws what changed, if anything did, until nothing of a picture that went is left.
    pub fn draw(&self) -> bool {
        let mut drawn = self.draw_once();
        while drawn && self.glass.settling() {
            drawn = self.draw_once();
        }
        drawn
    }

    /// Draws all of it anew, not only what changed.
    pub fn draw_whole(&self) {
        self.adapter.request_redraw();
        self.adapter.draw_if_needed(|renderer| {
            renderer.set_repaint_buffer_type(RepaintBufferType::NewBuffer);
            renderer.render(&mut self.pixels.borrow_mut(), self.panel.width as usize);
            renderer.set_repaint_buffer_type(RepaintBufferType::ReusedBuffer);
        });
    }

    fn draw_once(&self) -> bool {
        slint::platform::update_timers_and_animations();
        let drawn = self.adapter.draw_if_needed(|renderer| {
            renderer.render(&mut self.pixels.borrow_mut(), self.panel.width as usize);
        });
        if let Some(frame) = self.frame.take() {
            frame.done();
        }
        drawn
    }

    /// Puts the drawn person in front of the camera and into the card; on screens without pictures nothing happens.
    pub fn show_test_pattern(&self) {
        let now_ns = monotonic_ns();
        let (header, rgb) = test_pattern(now_ns);
        self.glass.show_picture(&header, &rgb, now_ns);
        let photo = Header { kind: PictureKind::Photo, face: None, ..header };
        self.glass.show_picture(&photo, &rgb, now_ns);
        self.draw();
    }

    /// A copy of the pixels: rows from above, three bytes each.
    #[must_use]
    pub fn rgb(&self) -> Vec<u8> {
        self.pixels.borrow().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }

    /// The pixels themselves, row by row from above.
    pub fn with_pixels<R>(&self, look: impl FnOnce(&[Rgb8Pixel]) -> R) -> R {
        look(&self.pixels.borrow())
    }

    /// Every target on the glass.
    #[must_use]
    pub fn places(&self) -> Vec<Placed> {
        self.glass.places()
    }

    /// Somebody reads what is on the glass, and touches one place.
    pub fn tap(&self, x: f32, y: f32) {
        self.glass.has_been_read();
        self.tap_at_once(x, y);
    }

    /// A finger goes down and comes up at one place, however new what it touches is.
    pub fn tap_at_once(&self, x: f32, y: f32) {
        let position = LogicalPosition::new(x, y);
        let button = PointerEventButton::Left;
        self.adapter.dispatch_event(WindowEvent::PointerPressed { position, button });
        self.adapter.dispatch_event(WindowEvent::PointerReleased { position, button });
        // A finger that is up points nowhere.
        self.adapter.dispatch_event(WindowEvent::PointerExited);
    }

    /// A key of the keyboard goes down and comes up; a named one by its character of [`slint::platform::Key`].
    pub fn press(&self, key: impl Into<slint::SharedString>) {
        self.glass.has_been_read();
        let text = key.into();
        self.adapter.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        self.adapter.dispatch_event(WindowEvent::KeyReleased { text });
    }

    /// A key is held down: the keyboard repeats it by itself.
    pub fn hold(&self, key: impl Into<slint::SharedString>) {
        self.adapter.dispatch_event(WindowEvent::KeyPressRepeated { text: key.into() });
    }

    /// The glass itself.
    #[must_use]
    pub fn glass(&self) -> &Glass {
        &self.glass
    }

    /// The panel it stands for.
    #[must_use]
    pub fn panel(&self) -> Panel {
        self.panel
    }
}

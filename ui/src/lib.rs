//! The kiosk: draws views the daemon sends and reports touches.
//!
//! What is on the glass is a pure function of [`screen::View`]. Nothing here decides anything about a visit.

mod apply;
mod connection;
mod convert;
mod gallery;
mod generated;
mod glass;
mod headless;
mod limits;
mod measure;
mod panel;
mod phrases;
mod preview;
mod samples;
mod test_pattern;
mod window;

pub use gallery::gallery;
pub use generated::{KioskWindow, Tokens};
pub use glass::{FrameDone, Glass, Placed, Report};
pub use headless::{Canvas, run as run_headless};
pub use measure::measure_render;
pub use panel::Panel;
pub use preview::{PreviewReport, monotonic_ns};
pub use samples::{Sample, samples};
pub use test_pattern::test_pattern;
pub use window::run as run_window;

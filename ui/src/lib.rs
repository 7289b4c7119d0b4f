//! The kiosk: draws views the daemon sends and reports touches.
//!
//! What is on the glass is a pure function of [`screen::View`]. Nothing here decides anything about a visit.

mod apply;
mod connection;
mod convert;
mod fonts;
mod gallery;
mod generated;
mod glass;
mod headless;
mod keys;
mod limits;
mod measure;
mod panel;
mod phrases;
mod preview;
mod samples;
mod sheet;
mod test_pattern;
mod translations;
pub mod voice;
mod window;

pub use gallery::gallery;
pub use generated::{Keys, KioskWindow, Letters, Tokens};
pub use glass::{Asked, FrameDone, Glass, Listener, Placed, Report};
pub use headless::{Canvas, run as run_headless};
pub use measure::measure_render;
pub use panel::Panel;
pub use preview::{PreviewReport, monotonic_ns};
pub use samples::{Sample, every_text, samples};
pub use sheet::sheet;
pub use test_pattern::test_pattern;
pub use window::{How, run as run_window};

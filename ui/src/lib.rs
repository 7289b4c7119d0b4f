//! The kiosk: draws views the daemon sends and reports touches.
//!
//! What is on the glass is a pure function of [`screen::View`]. Nothing here decides anything about a visit.

mod apply;
mod connection;
mod gallery;
mod generated;
mod glass;
mod headless;
mod limits;
mod measure;
mod panel;
mod phrases;
mod samples;
mod window;

pub use gallery::gallery;
pub use generated::{KioskWindow, Tokens};
pub use glass::{FrameDone, Glass, Placed, Report};
pub use headless::{Canvas, run as run_headless};
pub use measure::measure_render;
pub use panel::Panel;
pub use samples::{Sample, samples};
pub use window::run as run_window;

//! The kiosk without a display: the same screens, drawn by the same renderer, driven by lines on stdin.

mod canvas;
mod commands;
mod events;
mod pictures;
mod run;

pub use canvas::Canvas;
pub(crate) use pictures::write_png;
pub use run::run;

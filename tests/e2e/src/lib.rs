//! The daemon with an emulated card in this process, a clinic over real TLS, and a kiosk of a few lines.

#![allow(clippy::missing_panics_doc, reason = "everything here serves tests, whose way to fail is a panic")]

mod kiosk;
mod world;

pub use kiosk::Kiosk;
pub use world::World;

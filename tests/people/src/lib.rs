//! Invents persons who never lived and draws them: crowds to train on, a cast for emulated cards and cameras.
//!
//! A person follows wholly from a seed and a number. Nothing here has seen a face but the statistics in `space.bin`.

mod attack;
mod background;
mod camera_effects;
pub mod cast;
mod clip;
mod crowd;
mod dice;
mod geometry;
mod hair;
mod head;
mod labels;
mod light;
mod marks;
mod mesh;
mod noise;
mod person;
mod picture;
mod raster;
mod sheet;
mod space;
mod stage;
#[cfg(test)]
mod tests;
mod texture;
mod wear;

pub use cast::Cast;
pub use crowd::{Order, View, crowd};
pub use labels::Kind;
pub use person::{Person, Sex, Wish};
pub use sheet::crowd_sheet;
pub use space::{Direction, HEIGHT, Space, SpaceError, WIDTH};

//! The live picture: from the worker's connection, through one slot where the newest wins, to the glass.
//!
//! Law 6 holds here by four buffers and no more: two that the thread reads into and the slot holds, two that the toolkit
//! draws from. All of them are overwritten with zeros when the worker is gone and when the camera screen is left.

mod clock;
mod live;
mod oval;
mod pictures;
mod receiver;
mod slot;

pub use clock::monotonic_ns;
pub(crate) use live::Live;
pub use live::PreviewReport;
pub(crate) use receiver::spawn;
pub(crate) use slot::{Slot, Wanted};

//! Every limit of this crate, with its reason.

mod seeing;
mod working;

pub use seeing::*;
pub use working::*;

//! What stands in the files: from a visit and what the centre knows to a message. No clock, no folder, no books.

pub mod consents;
pub mod conventions;
pub mod face;
pub mod item;

#[cfg(test)]
mod golden_tests;

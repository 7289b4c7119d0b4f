//! Whole visits without a clinic: scenarios, and what carries them out.

pub mod scenario;

//! The terminal on a machine without a reader, a card or a clinic: scenarios and the three levels that carry them out,
//! and the demo one can touch. Nothing of it is ever part of the shipped programs.

pub mod faces;
pub mod in_process;
pub mod processes;
pub mod scenario;
pub mod terminal;
pub mod window;

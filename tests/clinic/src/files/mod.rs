//! The レセコン files: typed messages, their XML, their two encodings, their names (qualification.md sections 4 to 9).
//!
//! Nothing here knows folders, books or patients.

pub mod codes;
mod encoding;
mod error;
mod forms;
pub mod layout;
pub mod limits;
pub mod messages;
pub mod names;
#[cfg(test)]
mod strategies;
#[cfg(test)]
mod tests;
pub mod xml;

pub use encoding::Encoding;
pub use error::FileError;
pub use forms::{InsurerNumber, folded, half_width_kana};

/// What stands for a character that an encoding, or an insurer, does not have.
pub const MARK: char = '●';

//! The staff console: web pages of the terminal, for a browser at the reception. What it shows it asks of a [`Terminal`].

#![forbid(unsafe_code)]

pub mod terminal;

pub use terminal::Terminal;

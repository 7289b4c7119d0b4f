//! The staff console: web pages of the terminal, for a browser at the reception. What it shows it asks of a [`Terminal`].

#![forbid(unsafe_code)]

mod app;
mod chart;
mod form;
mod guard;
#[cfg(test)]
mod http_tests;
mod language;
mod layout;
mod limits;
mod pages;
pub mod password;
mod pause;
mod router;
mod serve;
mod session;
pub mod terminal;
mod time;
mod words;

pub use serve::{Options, Running, Tls, serve};
pub use terminal::Terminal;

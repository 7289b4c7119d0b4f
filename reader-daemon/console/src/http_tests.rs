//! The console over real HTTP on loopback, with a terminal of the tests' own.

mod border;
mod client;
mod hostile;
mod live;
mod login;
mod serving;
mod shown;
mod terminal;
mod tls;

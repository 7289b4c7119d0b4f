//! The daemon: configuration, drivers and the event loop around the pure `session`.
//!
//! Everything that happens is an input; `session::step` says what follows; drivers do it and report back. The program
//! `reader-daemon` and the demo start the same [`Daemon`]; only their [`Devices`] differ.

pub mod advice;
mod card_driver;
mod clock;
pub mod config;
mod credentials;
mod daemon;
#[cfg(debug_assertions)]
mod dangerous_printing;
mod dates;
pub mod desk;
mod disk;
pub mod doctor;
mod event_loop;
pub mod face_driver;
pub mod faults_page;
mod front_desk;
pub mod hardening;
mod input;
pub mod journal;
pub mod limits;
mod outbox_driver;
pub mod passcode;
pub mod password;
mod presence_driver;
mod preview_server;
mod prompt;
mod relay;
mod screen_server;
mod service_driver;
mod settings;
mod staff;
pub mod texts;
pub mod timeline;
mod visit;
mod visual_driver;
mod watched_channel;
pub mod weights;

pub use config::{Config, ConfigError};
pub use daemon::{Daemon, DaemonHandle, Devices, Ended, StartError};
pub use face_driver::FaceWorker;
pub use front_desk::Health;
pub use input::{Driver, TurnedAway};
pub use screen_server::SocketError;
pub use settings::Settings;
pub use weights::Weights;

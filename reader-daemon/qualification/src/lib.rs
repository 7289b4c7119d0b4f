//! What the clinic's qualification service is told: protocol, client, signed result, outbox, delivery.
//!
//! The service is hostile until TLS and this crate's checks have passed: every answer is bounded and parsed in full.

pub mod bundle;
pub mod bytes;
pub mod client;
pub mod clock;
pub mod day;
pub mod deliver;
pub mod endpoints;
pub mod ids;
pub mod limits;
pub mod outbox;
pub mod passcode;
pub mod protocol;
pub mod result;
pub mod statement;
pub mod weights;
pub mod words;

pub use bundle::{Bundle, BundleError};
pub use client::{Client, ClientConfig, ClientError, ConfigError, Opening};
pub use deliver::{Delivery, DeliveryReport, Receiver};
pub use outbox::{Entry, Found, Outbox, OutboxError, WrappingKey};
pub use passcode::PasscodeCopy;
pub use result::ResultError;
pub use statement::statement;
pub use words::Word;

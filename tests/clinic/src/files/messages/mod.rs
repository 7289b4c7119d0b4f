//! The messages, one file per family. Field docs become `FILES.md`.

pub mod assistance;
pub mod bulk;
pub mod facility;
pub mod fetch;
pub mod registration;
pub mod request;
pub mod result;

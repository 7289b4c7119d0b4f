//! What the Slint compiler makes of `ui/kiosk.slint`.
#![allow(missing_docs, unreachable_pub, clippy::all, clippy::todo, clippy::wildcard_enum_match_arm)]

slint::include_modules!();

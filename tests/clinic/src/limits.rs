//! Durations and sizes of the service, with reasons.

use std::time::Duration;

/// A session that was opened but not authenticated ends after this: longer than any visit with all its screens.
pub const OPEN_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// A result is taken so long after the proof: a terminal repeats for 24 h, and its clock may differ.
pub const RESULT_LIFETIME: Duration = Duration::from_secs(48 * 60 * 60);
/// Largest body read; the terminal's own bound.
pub const MAX_BODY: usize = qualification::limits::MAX_ANSWER;
/// So much of a body that is too large is read all the same, and thrown away: a peer that is still writing when the
/// connection ends never reads why.
pub const MAX_DRAINED: usize = 8 * MAX_BODY;
/// TLS stands within this, or the connection ends (slow peers).
pub const HANDSHAKE: Duration = Duration::from_secs(10);
/// A connection may stay idle so long between two requests: a patient thinks.
pub const IDLE: Duration = Duration::from_secs(120);
/// Largest head of a request.
pub const MAX_HEAD: usize = 16 * 1024;
/// Connections at once; a clinic has a handful of terminals.
pub const MAX_CONNECTIONS: usize = 64;
/// After a failed handshake the peer may read why; then the connection ends.
pub const LINGER: Duration = Duration::from_millis(500);
/// Longest text a signed result may carry in one field.
pub const MAX_TEXT: usize = qualification::limits::MAX_TEXT;

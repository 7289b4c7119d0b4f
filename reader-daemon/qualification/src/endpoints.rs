//! Where each request goes. `openapi.yaml`, the client and the clinic's router are all held against this list.

/// `POST`: [`crate::protocol::Open`] → [`crate::protocol::Opened`].
pub const OPEN: &str = "/v1/sessions";
/// `POST`: [`crate::protocol::Relay`] → [`crate::protocol::Relayed`].
pub const RELAY: &str = "/v1/sessions/{id}/relay";
/// `POST`: [`crate::protocol::Authenticate`] → [`crate::protocol::Authenticated`].
pub const AUTHENTICATE: &str = "/v1/sessions/{id}/authenticate";
/// `POST`: [`crate::protocol::Register`] → [`crate::protocol::Authenticated`].
pub const REGISTER: &str = "/v1/sessions/{id}/register";
/// `POST`: the signed result as text → [`crate::protocol::Receipt`].
pub const CONSENT: &str = "/v1/sessions/{id}/consent";
/// `POST`, empty body → 204: the visit is given up.
pub const CANCEL: &str = "/v1/sessions/{id}/cancel";
/// `GET` → [`crate::protocol::Status`].
pub const STATUS: &str = "/v1/status";

/// Method and path of every request.
pub const ALL: [(&str, &str); 7] = [
    ("POST", OPEN),
    ("POST", RELAY),
    ("POST", AUTHENTICATE),
    ("POST", REGISTER),
    ("POST", CONSENT),
    ("POST", CANCEL),
    ("GET", STATUS),
];

/// Media type of a signed result.
pub const RESULT_TYPE: &str = "application/jose";
/// Media type of everything else.
pub const JSON_TYPE: &str = "application/json";

/// `path` for one session.
#[must_use]
pub fn of_session(path: &str, session_id: &str) -> String {
    path.replace("{id}", session_id)
}

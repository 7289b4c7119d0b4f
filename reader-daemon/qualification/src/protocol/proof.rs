//! How the holder was proved: the commands of the PIN-less step, and the proof itself.

use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use super::Method;
use crate::{
    bytes::{bytes_of, text_of},
    limits::MAX_COMMAND,
};

/// `POST /v1/sessions/{id}/authenticate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authenticate {
    /// How.
    pub method: Method,
    /// The user certificate, DER, base64.
    pub certificate: String,
    /// The certificate of its CA as the card holds it, DER, base64.
    pub ca_certificate: String,
    /// The card's signature over the statement, base64.
    pub signature: String,
    /// Of the authenticated photo record; required for [`Method::Face`], sent with [`Method::Visual`] when the photo was
    /// read, refused for methods that read none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_record: Option<PhotoRecord>,
}

/// What the authenticated photo record says about its holder (card.md 5.2: DF22, DF23). The service refuses when it
/// differs from the person that its certificate lookup finds: two chips in one card. Wiped on drop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct PhotoRecord {
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// `1` male, `2` female, `0` not known, `9` not applicable (JIS X 0303).
    pub sex: String,
}

impl std::fmt::Debug for PhotoRecord {
    /// Nothing of the holder: a proof may stand in a report.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhotoRecord").finish_non_exhaustive()
    }
}

impl PhotoRecord {
    /// Whether both members have their form. Says nothing of whom they describe.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        crate::day::is_day(&self.birth_date) && matches!(self.sex.as_str(), "0" | "1" | "2" | "9")
    }
}

/// `POST /v1/sessions/{id}/relay`: after a face match or visual check, the service's commands for the PIN-less step, one
/// a request. The terminal lets exactly four of them pass, once each, in this order: `80 A2 06 C1`, `80 A2 00 C1`,
/// `00 84 00 00 10`, `00 82 00 96`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// [`Method::Face`] or [`Method::Visual`].
    pub method: Method,
    /// SHA-256 of the user certificate, lower-case hex: the service binds the session to it.
    pub certificate_sha256: String,
    /// The card's response to the command before, base64; absent in the first request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
}

impl Relay {
    /// A request of the PIN-less step: `response` is the card's to the command before, `None` in the first request.
    #[must_use]
    pub fn new(method: Method, certificate_sha256: &[u8; 32], response: Option<&[u8]>) -> Self {
        Self { method, certificate_sha256: crate::ids::hex(certificate_sha256), response: response.map(text_of) }
    }
}

/// Answer to [`Relay`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relayed {
    /// The next command APDU, base64; `None`: that was the last one.
    pub command: Option<String>,
}

impl Relayed {
    /// The next command as bytes; `None`: that was the last one, or, in an answer that [`crate::Client::relay`] did not
    /// check, no command at all.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.command.as_deref().and_then(|command| bytes_of(command, MAX_COMMAND))
    }
}

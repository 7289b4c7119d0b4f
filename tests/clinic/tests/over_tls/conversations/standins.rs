//! What differs at each run, replaced by what is always the same, fits the same schema, and is the same wherever it was.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use qualification::limits::CONSENT_MS;
use serde_json::Value;

use super::talk::STEP_MS;

/// 2026-11-24, noon in Japan: where the times of every conversation begin.
const BEGIN_MS: u64 = 1_795_489_200_000;
/// A command or response up to this size is shown as it is; larger ones say what they are.
const SHORT: usize = 8;

/// Of one conversation.
#[derive(Default)]
pub(super) struct StandIns {
    /// By kind and what really stood there.
    known: BTreeMap<(&'static str, String), String>,
    counts: BTreeMap<&'static str, usize>,
}

impl StandIns {
    /// Replaces members by their names, wherever they are.
    pub(super) fn of(&mut self, value: &Value) -> Value {
        let members = match value {
            Value::Object(members) => members,
            Value::Array(list) => return list.iter().map(|one| self.of(one)).collect(),
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => return value.clone(),
        };
        let replaced = members.iter().map(|(name, value)| {
            let value = match value {
                Value::String(text) => Value::from(self.text(name, text)),
                Value::Number(number) if name.ends_with("_ms") => {
                    Value::from(self.time(name, number.as_u64().unwrap()))
                }
                Value::Object(_) | Value::Array(_) | Value::Number(_) | Value::Bool(_) | Value::Null => self.of(value),
            };
            (name.clone(), value)
        });
        Value::Object(replaced.collect())
    }

    pub(super) fn session(&mut self, id: &str) -> String {
        self.text("session_id", id)
    }

    pub(super) fn result(&mut self, jws: &str) -> String {
        self.numbered("result", jws, |n| format!("<signed result {n}>"))
    }

    fn text(&mut self, member: &str, text: &str) -> String {
        match member {
            "session_id" => self.numbered("session", text, |n| format!("5e55{n:028}")),
            "result_id" => self.numbered("result id", text, |n| format!("4e5d{n:028}")),
            "receipt_id" => self.numbered("receipt", text, |n| format!("4ece{n:028}")),
            "result_sha256" => self.numbered("result hash", text, |n| format!("4e5a{n:060}")),
            "certificate_sha256" => self.numbered("certificate hash", text, |n| format!("ce47{n:060}")),
            "nonce" => self.numbered("nonce", text, |n| format!("{:A<43}=", format!("nonce/{n}/"))),
            "certificate" => self.numbered("certificate", text, |n| whole_quads(&format!("user/certificate/{n}/"))),
            "ca_certificate" => self.numbered("ca", text, |_| whole_quads("certificate/of/its/CA/")),
            "signature" => self.numbered("signature", text, |n| whole_quads(&format!("signature/of/the/card/{n}/"))),
            "command" | "response" => self.apdu(member, text),
            _ => text.to_owned(),
        }
    }

    fn apdu(&mut self, member: &str, text: &str) -> String {
        let bytes = Base64::decode_vec(text).unwrap();
        if bytes.len() <= SHORT {
            return text.to_owned();
        }
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        let shown = if member == "command" {
            format!("{}/and/{}/bytes/more/", hex(&bytes[..4]), bytes.len() - 4)
        } else {
            let (body, status) = bytes.split_at(bytes.len() - 2);
            format!("{}/bytes/and/{}/", body.len(), hex(status))
        };
        self.numbered("apdu", text, |_| whole_quads(&shown))
    }

    fn time(&mut self, member: &str, time_ms: u64) -> u64 {
        if member == "valid_until_ms" {
            return self.time("time_ms", time_ms - CONSENT_MS) + CONSENT_MS;
        }
        let step = |n: usize| BEGIN_MS + (n as u64 - 1) * STEP_MS.unsigned_abs();
        self.numbered("time", &time_ms.to_string(), |n| step(n).to_string()).parse().unwrap()
    }

    fn numbered(&mut self, kind: &'static str, real: &str, form: impl FnOnce(usize) -> String) -> String {
        let counts = &mut self.counts;
        let new = || {
            let count = counts.entry(kind).or_default();
            *count += 1;
            form(*count)
        };
        self.known.entry((kind, real.to_owned())).or_insert_with(new).clone()
    }

    /// What really stood there, in no place of the book.
    pub(super) fn real(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(|(_, real)| real.as_str())
    }
}

/// Letters, digits and slashes are base64, if there are four of them in each group.
fn whole_quads(words: &str) -> String {
    format!("{words}{}", "/".repeat((4 - words.len() % 4) % 4))
}

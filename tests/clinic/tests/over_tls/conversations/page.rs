//! The book's two forms: the document to read, and the examples at the end of `openapi.yaml`.

use std::{collections::BTreeMap, fmt::Write as _};

use qualification::endpoints;
use serde_json::Value;

use super::{
    standins::StandIns,
    talk::{Body, Exchange, Talk},
};

/// Where the examples begin in `openapi.yaml`; they are the last there.
pub(super) const EXAMPLES: &str = "  examples: # made by a test from real answers (see CONVERSATIONS.md)\n";

const HEAD: &str = "# Conversations\n\n\
    Whole visits as a terminal and its clinic's service hold them, in order, for whoever builds either end. Made by a test from \
    what the [reference service](../../tests/clinic/README.md) really answered over TLS to emulated cards \
    (`UPDATE_CONVERSATIONS=1 cargo nextest run --workspace -E 'package(clinic) & test(book)'`); do not edit. The same test \
    holds every body against [`openapi.yaml`](openapi.yaml), whose examples are taken from here.\n\n\
    What differs at each run is replaced, everywhere by the same and in a form that fits the schema:\n\n\
    | stands here | for |\n|---|---|\n\
    | `5e55…1`, `4e5d…1`, `4ece…1` | ids of the first session, result and receipt |\n\
    | `nonce/1/AAA…=`, `user/certificate/1/` and other words with slashes | the bytes that the words name, in base64. Short \
    commands and responses are as they were |\n\
    | `ce47…1`, `4e5a…1` | SHA-256 of the first user certificate, of the first signed result |\n\
    | 1795489200000 and on | times, in the order they appear |\n\
    | `<signed result 1>` | a signed result in its compact form; the claims in it follow |\n";

pub(super) struct Page {
    pub(super) conversations: String,
    pub(super) examples: String,
}

impl Page {
    pub(super) fn of(talks: &[Talk]) -> Self {
        let mut text = HEAD.to_owned();
        for (n, talk) in talks.iter().enumerate() {
            write!(text, "{}{}. [{}](#{})", if n == 0 { "\n" } else { "" }, n + 1, talk.title, anchor(n, talk))
                .unwrap();
            text.push('\n');
        }
        let mut examples = BTreeMap::new();
        for (n, talk) in talks.iter().enumerate() {
            write!(text, "\n## {}. {}\n\n{}\n", n + 1, talk.title, talk.about).unwrap();
            let mut stand_ins = StandIns::default();
            let mut here = String::new();
            for exchange in &talk.exchanges {
                write_exchange(&mut here, &mut stand_ins, exchange, &mut examples);
            }
            for real in stand_ins.real() {
                assert!(!here.contains(real), "{real} differs at each run, and stands in {}", talk.title);
            }
            text.push_str(&here);
        }
        Self { conversations: text, examples: yaml(&examples) }
    }
}

/// As GitHub makes it of the heading.
fn anchor(n: usize, talk: &Talk) -> String {
    let heading = format!("{}. {}", n + 1, talk.title).to_lowercase();
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Name in `openapi.yaml` → summary and value.
type Examples = BTreeMap<String, (&'static str, Value)>;

fn write_exchange(out: &mut String, stand_ins: &mut StandIns, exchange: &Exchange, examples: &mut Examples) {
    let mut example = |part: &str, value: &Value| {
        if let Some(name) = exchange.example {
            // The first of a name stays: the others show the same.
            examples.entry(format!("{name}{part}")).or_insert((exchange.what, value.clone()));
        }
    };
    let refused = exchange.status >= 400;
    let session = if exchange.session.is_empty() { String::new() } else { stand_ins.session(&exchange.session) };
    let path = endpoints::of_session(exchange.endpoint, &session);
    write!(out, "\n{}\n\n**`{} {path}`**", exchange.what, exchange.verb).unwrap();
    match &exchange.question {
        Body::None => out.push('\n'),
        Body::Json(question) => {
            let question = stand_ins.of(question);
            if !refused {
                example("_question", &question);
            }
            write!(out, "\n\n{}", block(&question)).unwrap();
        }
        Body::Result(jws, claims) => {
            let shown = stand_ins.result(jws);
            let claims = stand_ins.of(&serde_json::to_value(claims).unwrap());
            if !refused {
                example("_question", &Value::from(shown.as_str()));
                example("_claims", &claims);
            }
            write!(out, " · `{}` · `{shown}`, with these claims:\n\n{}", endpoints::RESULT_TYPE, block(&claims))
                .unwrap();
        }
    }
    write!(out, "\n→ **{}**", exchange.status).unwrap();
    match &exchange.answer {
        None => out.push_str(", empty\n"),
        Some(answer) => {
            let answer = stand_ins.of(answer);
            example(if refused { "" } else { "_answer" }, &answer);
            write!(out, "\n\n{}", block(&answer)).unwrap();
        }
    }
}

fn block(value: &Value) -> String {
    format!("```json\n{}\n```\n", written(value, 0))
}

/// JSON with a line for each member, and small objects in one line.
fn written(value: &Value, depth: usize) -> String {
    let flat = value.to_string();
    let (open, close, parts): (_, _, Vec<String>) = match value {
        Value::Object(members) if flat.chars().count() > 80 || depth == 0 => {
            let part = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), written(value, depth + 1))
            };
            ('{', '}', members.iter().map(part).collect())
        }
        Value::Array(list) if flat.chars().count() > 80 => {
            ('[', ']', list.iter().map(|one| written(one, depth + 1)).collect())
        }
        Value::Object(_) | Value::Array(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {
            return flat;
        }
    };
    let indent = "  ".repeat(depth + 1);
    format!("{open}\n{indent}{}\n{}{close}", parts.join(&format!(",\n{indent}")), "  ".repeat(depth))
}

/// JSON is YAML; a summary is a JSON string.
fn yaml(examples: &Examples) -> String {
    let mut out = EXAMPLES.to_owned();
    for (name, (summary, value)) in examples {
        let value = written(value, 0).replace('\n', "\n        ");
        write!(out, "    {name}:\n      summary: {}\n      value:\n        {value}\n", Value::from(*summary)).unwrap();
    }
    out
}

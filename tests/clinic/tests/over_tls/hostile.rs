//! Hostile questions of relay, authenticate and register: each gets its stable word, none a server error, none an accept.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use qualification::{Bundle, Word, endpoints, ids::is_lower_hex, protocol::Problem};
use serde_json::{Value, json};

use crate::{
    requests::{post, send},
    terminal::{Card, start},
};

/// Each case is two or three requests over TLS; the parsers beneath have property tests of their own.
const CASES: u32 = 48;

fn anything() -> impl Strategy<Value = Value> {
    let text = prop_oneof![".{0,40}", "[0-9a-f]{64}", "[A-Za-z0-9+/]{4,60}={0,2}", Just("face".to_owned())];
    prop_oneof![
        3 => text.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!([])),
        1 => Just(json!({ "birth_date": "1950-04-01", "sex": "2" })),
        1 => prop::sample::select(vec!["patient", "companion", "staff", "nobody", "ja"]).prop_map(Value::from),
        1 => (".{0,12}", ".{0,3}").prop_map(|(day, sex)| json!({ "birth_date": day, "sex": sex })),
    ]
}

fn method() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => Just(json!("face")),
        1 => prop::sample::select(vec!["pin", "phone", "visual", "Face", ""]).prop_map(Value::from),
        1 => anything(),
    ]
}

/// A question with these members, some of them missing, one perhaps too many, perhaps cut or broken as text.
fn question(members: &'static [&'static str]) -> impl Strategy<Value = String> {
    let value = |name: &&str| if *name == "method" { method().boxed() } else { anything().boxed() };
    let values: Vec<_> = members.iter().map(value).collect();
    let kept = proptest::collection::vec(prop::bool::weighted(0.85), members.len());
    (values, kept, prop::bool::weighted(0.1), prop::option::weighted(0.15, 0usize..200)).prop_map(
        |(values, kept, more, cut)| {
            let mut body = json!({});
            for ((name, value), _) in members.iter().zip(values).zip(kept).filter(|(_, kept)| *kept) {
                body[*name] = value;
            }
            if more {
                body["more"] = json!(1);
            }
            let text = body.to_string();
            let end = cut.unwrap_or(text.len()).min(text.len());
            String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned()
        },
    )
}

/// Asks each question of a session of its own; `may_pass` says which may be answered well.
fn run(endpoint: &'static str, members: &'static [&'static str], may_pass: fn(&str) -> bool) {
    run_after(endpoint, members, None, may_pass);
}

/// The same after the proof of this card, if any.
fn run_after(
    endpoint: &'static str,
    members: &'static [&'static str],
    card: Option<&Card>,
    may_pass: fn(&str) -> bool,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let setting = runtime.block_on(start());
    let bundle = Bundle::load(setting.clinic.terminal()).unwrap();
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&question(members), |body| {
        let answer = runtime.block_on(async {
            let opening = setting.terminal.open().await;
            if let Some(card) = card {
                setting.terminal.authenticate(&opening, card).await.unwrap();
            }
            let session = opening.opened.session_id;
            send(&bundle, &post(&endpoints::of_session(endpoint, &session), endpoints::JSON_TYPE, &body)).await
        });
        let (head, problem) = answer.split_once("\r\n\r\n").expect("an answer");
        if head.starts_with("HTTP/1.1 200") {
            prop_assert!(may_pass(&body), "accepted: {body}");
            return Ok(());
        }
        prop_assert!(head.starts_with("HTTP/1.1 4"), "{body}: {head}");
        let problem: Problem = serde_json::from_str(problem).expect("a problem");
        prop_assert!(Word::of(&problem.error).is_some(), "{body}: {problem:?}");
        Ok(())
    });
    runtime.block_on(async { assert!(setting.terminal.client.status().await.is_ok()) });
    outcome.unwrap();
}

#[test]
fn only_the_first_request_of_a_relay_by_face_or_visual_check_gets_a_command() {
    run(endpoints::RELAY, &["method", "certificate_sha256", "response"], |body| {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        (body["method"] == "face" || body["method"] == "visual")
            && body["certificate_sha256"].as_str().is_some_and(|text| is_lower_hex(text, 64))
            && body["response"].is_null()
    });
}

#[test]
fn no_hostile_proof_is_accepted() {
    let members = &["method", "certificate", "ca_certificate", "signature", "photo_record"];
    run(endpoints::AUTHENTICATE, members, |_| false);
}

#[test]
fn no_hostile_question_signs_anybody_up() {
    let members = &["wording_id", "wording_hash", "language", "by"];
    run_after(endpoints::REGISTER, members, Some(&Card::of(1017)), |body| {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        body["wording_hash"].as_str().is_some_and(|text| is_lower_hex(text, 64))
            && matches!(body["by"].as_str(), Some("patient" | "companion"))
            && body["wording_id"].is_string()
            && body["language"].is_string()
    });
    // Without a proof before it, and for somebody who is signed up, not even a whole one passes.
    run(endpoints::REGISTER, members, |_| false);
    run_after(endpoints::REGISTER, members, Some(&Card::of(1001)), |_| false);
}

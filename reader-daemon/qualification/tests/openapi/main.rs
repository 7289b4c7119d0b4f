//! `openapi.yaml` against the code: every path, every member, every word, in both directions.

mod document;
mod examples;
mod samples;

use std::{collections::BTreeSet, fmt::Debug};

use document::Document;
use qualification::{endpoints, limits, protocol::*, result, weights, words::Word};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[test]
fn every_request_of_the_code_is_in_the_document_and_no_other() {
    let document = Document::load();
    let written: BTreeSet<(String, String)> = document.requests().into_iter().collect();
    let coded = endpoints::ALL.map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(written, BTreeSet::from(coded));
}

#[test]
fn every_error_word_and_its_status_are_in_the_document() {
    let words = Document::load();
    let words = words.schema("ErrorWord");
    let coded: Vec<Value> = Word::ALL.iter().map(|word| json!(word.text())).collect();
    assert_eq!(words["enum"], Value::Array(coded));
    let statuses = words["x-http-status"].as_object().unwrap();
    assert_eq!(statuses.len(), Word::ALL.len());
    for word in Word::ALL {
        assert_eq!(statuses[word.text()], json!(word.status()), "{}", word.text());
        assert_eq!(Word::of(word.text()), Some(word));
    }
}

#[test]
fn sizes_in_the_document_are_the_limits_of_the_code() {
    let document = Document::load();
    assert_eq!(document.schema("Authenticated")["properties"]["items"]["maxItems"], json!(limits::MAX_ITEMS));
    assert_eq!(document.schema("ResultClaims")["properties"]["items"]["maxItems"], json!(limits::MAX_ITEMS));
    assert_eq!(document.schema("Authenticated")["properties"]["staff"]["maxItems"], json!(limits::MAX_STAFF_LINES));
    assert_eq!(document.schema("Facility")["properties"]["name"]["maxLength"], json!(limits::MAX_TEXT));
    assert_eq!(document.schema("Version")["enum"], json!([VERSION]));
    let base64_of = |bytes: usize| json!(bytes.div_ceil(3) * 4);
    let of_relay = |schema: &str, member: &str| document.schema(schema)["properties"][member]["oneOf"][0].clone();
    assert_eq!(of_relay("Relayed", "command")["maxLength"], base64_of(limits::MAX_COMMAND));
    assert_eq!(of_relay("Relay", "response")["maxLength"], base64_of(limits::MAX_RESPONSE));
    let consent = &document.value()["paths"][endpoints::CONSENT]["post"]["requestBody"]["content"];
    assert_eq!(consent[endpoints::RESULT_TYPE]["schema"]["maxLength"], json!(limits::MAX_RESULT));
    let text = document.value()["info"]["description"].as_str().unwrap();
    assert!(text.contains(&format!("at most {} bytes", limits::MAX_ANSWER)));
    let copy = document.schema("PasscodeCopy");
    assert_eq!(copy["properties"]["argon2id"]["maxLength"], json!(limits::MAX_PASSCODE));
    let bounds =
        format!("{} KiB of memory, {1} passes and {1} lanes", limits::MAX_PASSCODE_MEMORY, limits::MAX_PASSCODE_PASSES);
    assert!(copy["description"].as_str().unwrap().contains(&bounds));
    for schema in ["Register", "ItemAnswer"] {
        assert_eq!(document.schema(schema)["properties"]["language"]["maxLength"], json!(limits::MAX_LANGUAGE));
    }
    let until = document.schema("ResultClaims")["properties"]["valid_until_ms"]["description"].as_str().unwrap();
    assert!(until.contains(&format!("exactly {} after", limits::CONSENT_MS)));
    let pattern = &document.schema("ResultClaims")["properties"]["confirmed_by"]["oneOf"][0]["pattern"];
    assert_eq!(pattern, &json!(format!("^[0-9]{{1,{}}}$", limits::MAX_STAFF_NUMBER)));
}

#[test]
fn weights_and_photo_records_have_the_form_that_the_code_checks() {
    let document = Document::load();
    let weights = &document.schema("ResultClaims")["properties"]["weights"];
    assert_eq!(weights["maxLength"], json!(limits::MAX_WEIGHTS_NAME + 1 + 16));
    let long = format!("{}@0123456789abcdef", "n".repeat(limits::MAX_WEIGHTS_NAME + 1));
    for text in
        ["none", "sface_2021-dec.1@0123456789abcdef", "", "sface", "a@b@0123456789abcdef", "a@0123456789ABCDEF", &long]
    {
        let claims = ResultClaims { weights: text.into(), ..samples::claims() };
        let coded = text == weights::NONE || weights::is_identity(text);
        assert_eq!(document.check("ResultClaims", &json!(claims)).is_ok(), coded, "{text:?}");
    }
    for sex in ["0", "1", "2", "9", "3", "", "12"] {
        let record = PhotoRecord { sex: sex.into(), birth_date: "1950-04-01".into() };
        assert_eq!(document.check("PhotoRecord", &json!(record)).is_ok(), record.is_well_formed(), "{sex:?}");
    }
    assert_eq!(document.schema("PhotoRecord")["properties"]["birth_date"]["format"], "date");
    for day in ["", "1950-4-1", "19500401", "1950-02-30", "1950-04-01T00:00:00Z"] {
        assert!(!PhotoRecord { birth_date: day.into(), sex: "1".into() }.is_well_formed(), "{day:?}");
    }
}

#[test]
fn a_photo_record_shows_nothing_of_its_holder() {
    let shown = format!("{:?}", samples::authenticate());
    assert!(shown.contains("PhotoRecord") && !shown.contains("1950") && !shown.contains("04-01"), "{shown}");
}

#[test]
fn the_relay_in_the_document_names_the_four_commands_and_the_words_of_the_code() {
    let text = Document::load().value()["paths"][endpoints::RELAY]["post"]["description"].to_string();
    for part in ["80A206C1", "80A200C1", "0084000010", "00820096"] {
        assert!(text.contains(part), "{part}");
    }
    for word in [Word::RelayOrder, Word::CardRefused, Word::MethodNotAvailable] {
        assert!(text.contains(word.text()), "{word:?}");
    }
}

#[test]
fn the_words_of_signing_up_are_those_of_the_code() {
    let text = Document::load().value()["paths"][endpoints::REGISTER]["post"]["description"].to_string();
    for word in [Word::SignUpNotOffered, Word::SignUpFailed] {
        assert!(text.contains(word.text()), "{word:?}");
    }
}

#[test]
fn a_passcode_shows_nothing_of_itself() {
    for shown in [format!("{:?}", samples::opened()), format!("{:?}", samples::status())] {
        assert!(shown.contains("PasscodeCopy") && !shown.contains("argon2id") && !shown.contains("c2Fsd"), "{shown}");
    }
}

#[test]
fn the_head_of_a_signed_result_is_as_the_document_says() {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let key = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
    let jws = result::sign(&key, &samples::claims()).unwrap();
    let head = Base64UrlUnpadded::decode_vec(jws.split('.').next().unwrap()).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    let document = Document::load();
    let text = document.value()["paths"][endpoints::CONSENT]["post"]["requestBody"]["description"].to_string();
    let members: Vec<&String> = head.as_object().unwrap().keys().collect();
    assert_eq!(members.len(), 3);
    assert!(text.contains(head["alg"].as_str().unwrap()) && text.contains(head["typ"].as_str().unwrap()));
    assert!(members.iter().all(|member| text.contains(member.as_str())));
}

/// Words of an enum, each with its samples; `match` in `samples` keeps the lists complete.
fn same_words<T: Serialize>(schema: &str, all: &[T]) {
    let coded: Vec<Value> = all.iter().map(|word| serde_json::to_value(word).unwrap()).collect();
    assert_eq!(Document::load().schema(schema)["enum"], Value::Array(coded), "{schema}");
}

#[test]
fn every_word_of_every_enum_is_in_the_document() {
    same_words("Method", &samples::METHODS);
    same_words("Qualification", &samples::QUALIFICATIONS);
    same_words("Ask", &samples::ASKS);
    same_words("Answer", &samples::ANSWERS);
    same_words("How", &samples::HOWS);
    same_words("By", &samples::BYS);
    same_words("WeightsLevel", &samples::LEVELS);
    for method in samples::METHODS {
        assert_eq!(json!(method), json!(method.name()), "the statement uses the word of the wire");
    }
    let states = samples::certificate_states().map(|state| json!(state)["state"].clone());
    let document = Document::load();
    assert_eq!(document.schema("CertificateState")["properties"]["state"]["enum"], Value::from(states.to_vec()));
    for state in samples::certificate_states() {
        document.check("CertificateState", &json!(state)).unwrap();
    }
    let members: Vec<&String> = document.schema("CertificateState")["properties"].as_object().unwrap().keys().collect();
    for state in [&samples::certificate_states()[1], &samples::certificate_states()[2]] {
        assert_eq!(json!(state).as_object().unwrap().keys().collect::<Vec<_>>(), members, "{state:?}");
    }
}

/// Compares one message with its schema: members, which are required, what happens to unknown ones.
fn same_shape<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, samples: &[T]) {
    let document = Document::load();
    let schema = document.schema(name);
    let written: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let required: BTreeSet<&str> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for sample in samples {
        let value = serde_json::to_value(sample).unwrap();
        document.check(name, &value).unwrap_or_else(|error| panic!("{name}: {error}"));
        let members: BTreeSet<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(members, written, "members of {name}");
        for member in &members {
            let mut without = value.clone();
            without.as_object_mut().unwrap().remove(*member);
            let read = serde_json::from_value::<T>(without.clone());
            // A member that may be null may be left out as well.
            let optional = document.check(name, &replaced(&value, member, Value::Null)).is_ok();
            let is_required = required.contains(member.as_str());
            assert!(is_required || optional, "{name} must require {member}");
            assert_eq!(read.is_ok(), optional, "{name} without {member}");
            // What need not be there is left out when there is nothing to say; the rest is then written as null.
            if let Ok(read) = read {
                let again = serde_json::to_value(read).unwrap();
                assert_eq!(again.get(member.as_str()).is_some(), is_required, "{name} writes {member}");
                assert_eq!(document.check(name, &without).is_ok(), !is_required, "{name} without {member}");
            }
        }
        let more = replaced(&value, "unknown_member", json!(1));
        let strict = schema["additionalProperties"] == json!(false);
        assert_eq!(serde_json::from_value::<T>(more.clone()).is_err(), strict, "{name} with an unknown member");
        assert_eq!(document.check(name, &more).is_err(), strict, "{name} with an unknown member");
        assert_eq!(&serde_json::from_value::<T>(value).unwrap(), sample);
    }
}

fn replaced(value: &Value, member: &str, with: Value) -> Value {
    let mut value = value.clone();
    value.as_object_mut().unwrap().insert(member.to_owned(), with);
    value
}

#[test]
fn every_message_has_exactly_the_members_of_its_schema() {
    same_shape("Open", &[samples::open()]);
    same_shape("Opened", &[samples::opened()]);
    same_shape("Facility", &[samples::facility()]);
    same_shape("Authenticate", &[samples::authenticate()]);
    same_shape("PhotoRecord", &[samples::photo_record()]);
    same_shape("Relay", &[samples::relay()]);
    same_shape("Relayed", &samples::relayed());
    same_shape("Authenticated", &[samples::authenticated()]);
    same_shape("Item", &samples::items());
    same_shape("Previous", &[samples::previous()]);
    same_shape("Register", &[samples::register()]);
    same_shape("PasscodeCopy", &[samples::passcode_copy()]);
    same_shape("ResultClaims", &[samples::visual_claims()]);
    for claims in [samples::claims(), samples::face_claims()] {
        Document::load().check("ResultClaims", &json!(claims)).unwrap();
    }
    same_shape("ItemAnswer", &[samples::item_answer()]);
    same_shape("Receipt", &[samples::receipt()]);
    same_shape("Status", &[samples::status()]);
    same_shape("Problem", &[samples::problem()]);
}

#[test]
fn the_comparison_notices_a_wrong_document() {
    let mut document = Document::load();
    assert!(document.check("Receipt", &json!(samples::receipt())).is_ok());
    document.value_mut()["components"]["schemas"]["Receipt"]["properties"]["time_ms"] = json!({"type": "string"});
    assert!(document.check("Receipt", &json!(samples::receipt())).is_err());
    document.value_mut()["components"]["schemas"]["Method"]["enum"] = json!(["face"]);
    assert!(document.check("Method", &json!("pin")).is_err());
    assert!(document.check("Sha256", &json!("AB")).is_err());
}

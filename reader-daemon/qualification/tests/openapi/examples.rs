//! The examples of the document fit the schemas of the places that name them, and each is named somewhere.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::Document;

const REFERENCE: &str = "#/components/examples/";

/// Every place with a schema and examples: both, wherever they are.
fn places(value: &Value, found: &mut Vec<(Value, Value)>) {
    let parts: Vec<&Value> = match value {
        Value::Object(members) => {
            if let (Some(schema), Some(examples)) = (members.get("schema"), members.get("examples")) {
                found.push((schema.clone(), examples.clone()));
            }
            members.values().collect()
        }
        Value::Array(list) => list.iter().collect(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Vec::new(),
    };
    parts.into_iter().for_each(|part| places(part, found));
}

#[test]
fn every_example_fits_where_it_is_named_and_none_is_left_over() {
    let document = Document::load();
    let examples = &document.value()["components"]["examples"];
    let mut found = Vec::new();
    places(document.value(), &mut found);
    let mut named = BTreeSet::new();
    for (schema, references) in &found {
        for reference in references.as_object().unwrap().values() {
            let name = reference["$ref"].as_str().and_then(|text| text.strip_prefix(REFERENCE)).expect("a reference");
            let value = &examples[name]["value"];
            assert!(!value.is_null(), "no example {name}");
            document.check_against(schema, value).unwrap_or_else(|error| panic!("{name}: {error}"));
            named.insert(name.to_owned());
        }
    }
    // The claims stand inside the signed result, so no place can name them.
    document.check("ResultClaims", &examples["result_claims"]["value"]).unwrap();
    named.insert("result_claims".to_owned());
    assert_eq!(named, examples.as_object().unwrap().keys().cloned().collect());
}

#[test]
fn an_example_that_does_not_fit_is_noticed() {
    let document = Document::load();
    let mut value = document.value()["components"]["examples"]["open_answer"]["value"].clone();
    document.check("Opened", &value).unwrap();
    value["nonce"] = "not base64 and therefore refused by everybody".into();
    document.check("Opened", &value).unwrap_err();
}

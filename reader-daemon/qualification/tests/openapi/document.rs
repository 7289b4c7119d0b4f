//! `openapi.yaml` as JSON, and as much of JSON Schema as the file uses.

use regex::Regex;
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Number, Value, json};

/// Found from this file, so that the conversations of the clinic's tests are held against it by the same code.
const TEXT: &str = include_str!("../../openapi.yaml");

pub(crate) struct Document(Value);

impl Document {
    pub(crate) fn load() -> Self {
        let documents = Yaml::load_from_str(TEXT).unwrap();
        assert_eq!(documents.len(), 1);
        Self(json_of(&documents[0]))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    pub(crate) fn schema(&self, name: &str) -> &Value {
        let schema = &self.0["components"]["schemas"][name];
        assert!(schema.is_object(), "no schema {name}");
        schema
    }

    /// Method in capitals and path of every operation.
    pub(crate) fn requests(&self) -> Vec<(String, String)> {
        let paths = self.0["paths"].as_object().unwrap();
        let of_path = |(path, item): (&String, &Value)| {
            let verbs: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
            let verbs = verbs.into_iter().filter(|key| key != "parameters");
            verbs.map(|verb| (verb.to_uppercase(), path.clone())).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of_path).collect()
    }

    pub(crate) fn check(&self, schema: &str, value: &Value) -> Result<(), String> {
        self.check_against(self.schema(schema), value)
    }

    /// Holds a value against a schema or a reference to one.
    pub(crate) fn check_against(&self, schema: &Value, value: &Value) -> Result<(), String> {
        for (key, rule) in schema.as_object().ok_or("a schema must be an object")? {
            let holds = match key.as_str() {
                "$ref" => {
                    let name = rule.as_str().and_then(|r| r.strip_prefix("#/components/schemas/")).ok_or("odd $ref")?;
                    self.check(name, value)?;
                    true
                }
                "oneOf" => {
                    let fits =
                        rule.as_array().ok_or("oneOf")?.iter().filter(|one| self.check_against(one, value).is_ok());
                    fits.count() == 1
                }
                "type" => is_type(rule.as_str().ok_or("type")?, value),
                "enum" => rule.as_array().ok_or("enum")?.contains(value),
                "required" => {
                    rule.as_array().ok_or("required")?.iter().all(|m| value.get(m.as_str().unwrap()).is_some())
                }
                "properties" => {
                    for (member, rule) in rule.as_object().ok_or("properties")? {
                        if let Some(value) = value.get(member) {
                            self.check_against(rule, value).map_err(|error| format!("{member}: {error}"))?;
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    assert_eq!(rule, &json!(false));
                    let known = schema["properties"].as_object().ok_or("properties")?;
                    value.as_object().is_some_and(|members| members.keys().all(|member| known.contains_key(member)))
                }
                "items" => {
                    for one in value.as_array().into_iter().flatten() {
                        self.check_against(rule, one)?;
                    }
                    true
                }
                "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
                "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().unwrap()),
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
                "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
                "pattern" => value.as_str().is_none_or(|text| fits(rule.as_str().unwrap(), text)),
                "description" | "format" | "contentEncoding" | "x-http-status" => true,
                other => return Err(format!("the document uses {other}, which this test cannot check")),
            };
            if !holds {
                return Err(format!("{key} {rule} does not hold for {value}"));
            }
        }
        Ok(())
    }
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the document uses type {other}, which this test cannot check"),
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).expect("pattern").is_match(text)
}

fn json_of(yaml: &Yaml<'_>) -> Value {
    if let Yaml::Value(scalar) = yaml {
        if let Scalar::Null = scalar {
            return Value::Null;
        }
        if let Scalar::Boolean(value) = scalar {
            return Value::Bool(*value);
        }
        if let Scalar::Integer(value) = scalar {
            return Value::Number(Number::from(*value));
        }
        if let Scalar::String(value) = scalar {
            return Value::String(value.to_string());
        }
    }
    if let Yaml::Sequence(list) = yaml {
        return Value::Array(list.iter().map(json_of).collect());
    }
    let Yaml::Mapping(map) = yaml else { panic!("the document uses {yaml:?}, which this test cannot read") };
    let key = |key| json_of(key).as_str().expect("keys are text").to_owned();
    Value::Object(map.iter().map(|(name, value)| (key(name), json_of(value))).collect::<Map<_, _>>())
}

//! One conversation with a clinic of its own: what was asked and answered, in order.

use base64ct::{Base64, Encoding};
use jiff::{civil::date, tz};
use qualification::{
    Bundle, Opening, Word, clock, endpoints,
    protocol::{Open, Opened, ResultClaims, VERSION},
    result,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::document::Document;
use crate::{
    requests::send,
    terminal::{Setting, start_with},
};

/// The service's clock moves on so much before each request, so that no two times in a conversation are the same by chance.
pub(super) const STEP_MS: i64 = 5000;
/// A patient's answers are signed so long after the session was opened.
const ANSWERED_AFTER_MS: u64 = 2000;

/// What was sent.
#[derive(Clone)]
pub(super) enum Body {
    None,
    Json(Value),
    /// A signed result, and what is in it.
    Result(String, Box<ResultClaims>),
}

/// One request with its answer.
pub(super) struct Exchange {
    /// What happens, in a sentence.
    pub(super) what: &'static str,
    /// Its name among the examples of `openapi.yaml`, where it is one.
    pub(super) example: Option<&'static str>,
    pub(super) verb: &'static str,
    pub(super) endpoint: &'static str,
    pub(super) session: String,
    pub(super) question: Body,
    pub(super) status: u16,
    /// `None`: an empty body.
    pub(super) answer: Option<Value>,
}

impl Exchange {
    /// Holds question and answer against what the document says of this operation.
    pub(super) fn check(&self, document: &Document) -> Result<(), String> {
        let operation = &document.value()["paths"][self.endpoint][self.verb.to_lowercase()];
        let place = |part: &str| format!("{} {}: {part}", self.verb, self.endpoint);
        let content = |of: &Value, media_type: &str| of["content"][media_type]["schema"].clone();
        let asked = &operation["requestBody"];
        match &self.question {
            Body::None if asked.is_null() => {}
            Body::None => return Err(place("a body is missing")),
            Body::Json(value) => document.check_against(&content(asked, endpoints::JSON_TYPE), value)?,
            Body::Result(jws, claims) => {
                document.check_against(&content(asked, endpoints::RESULT_TYPE), &Value::from(jws.as_str()))?;
                document.check("ResultClaims", &serde_json::to_value(claims).map_err(|error| error.to_string())?)?;
            }
        }
        let responses = &operation["responses"];
        let named = &responses[self.status.to_string()];
        let response = match (named.is_null(), responses["default"]["$ref"].as_str()) {
            (false, _) => named,
            (true, Some("#/components/responses/Refusal")) => &document.value()["components"]["responses"]["Refusal"],
            (true, _) => return Err(place("an answer that the document does not know")),
        };
        match (&self.answer, response["content"].is_null()) {
            (None, true) => Ok(()),
            (None, false) | (Some(_), true) => Err(place("a body where there is none, or none where there is one")),
            (Some(answer), false) => document
                .check_against(&content(response, endpoints::JSON_TYPE), answer)
                .map_err(|error| place(&format!("{error} in {answer}"))),
        }
    }
}

pub(super) struct Talk {
    pub(super) title: &'static str,
    /// What a vendor learns from it.
    pub(super) about: &'static str,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) setting: Setting,
    bundle: Bundle,
    document: Document,
    clock_offset_ms: i64,
}

impl Talk {
    /// With a clinic whose clock stands at noon of a fixed day, so that dates in answers are always the same.
    pub(super) async fn start(title: &'static str, about: &'static str) -> Self {
        let noon = date(2026, 11, 24).at(12, 0, 0, 0).to_zoned(tz::TimeZone::fixed(tz::offset(9))).unwrap();
        let clock_offset_ms = noon.timestamp().as_millisecond() - i64::try_from(clock::now_ms()).unwrap();
        let setting = start_with(|options| options.clock_offset_ms = clock_offset_ms).await;
        let bundle = Bundle::load(setting.clinic.terminal()).unwrap();
        Self { title, about, exchanges: Vec::new(), setting, bundle, document: Document::load(), clock_offset_ms }
    }

    /// Sends one request; what comes back is held against the document and kept.
    async fn send(
        &mut self,
        what: &'static str,
        example: Option<&'static str>,
        endpoint: &'static str,
        session: &str,
        question: Body,
    ) -> &Exchange {
        self.clock_offset_ms += STEP_MS;
        self.setting.clinic.set_clock_offset(self.clock_offset_ms);
        let verb = endpoints::ALL.iter().find(|(_, path)| *path == endpoint).unwrap().0;
        let (media_type, body) = match &question {
            Body::None => (None, String::new()),
            Body::Json(value) => (Some(endpoints::JSON_TYPE), value.to_string()),
            Body::Result(jws, _) => (Some(endpoints::RESULT_TYPE), jws.clone()),
        };
        let media_type = media_type.map(|media_type| format!("content-type: {media_type}\r\n")).unwrap_or_default();
        let request = format!(
            "{verb} {} HTTP/1.1\r\nhost: x\r\n{media_type}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            endpoints::of_session(endpoint, session),
            body.len()
        );
        let answer = send(&self.bundle, request.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let answer = (!body.is_empty()).then(|| serde_json::from_str(body).expect("JSON"));
        assert_eq!(head.contains("content-type: application/json"), answer.is_some(), "{head}");
        let exchange =
            Exchange { what, example, verb, endpoint, session: session.to_owned(), question, status, answer };
        exchange.check(&self.document).unwrap_or_else(|error| panic!("{}: {error}", self.title));
        self.exchanges.push(exchange);
        self.exchanges.last().unwrap()
    }

    /// A question that is answered well. `example`: its name in the document.
    pub(super) async fn ask<A: DeserializeOwned>(
        &mut self,
        what: &'static str,
        example: Option<&'static str>,
        endpoint: &'static str,
        session: &str,
        question: Body,
    ) -> A {
        let exchange = self.send(what, example, endpoint, session, question).await;
        assert!((200..300).contains(&exchange.status), "{what}: {:?}", exchange.answer);
        serde_json::from_value(exchange.answer.clone().unwrap_or_default()).unwrap()
    }

    /// A question that is refused with this word.
    pub(super) async fn refused(
        &mut self,
        what: &'static str,
        word: Word,
        endpoint: &'static str,
        session: &str,
        question: Body,
    ) {
        let exchange = self.send(what, Some(word.text()), endpoint, session, question).await;
        let answer = exchange.answer.as_ref().expect("a problem");
        assert_eq!((exchange.status, answer["error"].as_str()), (word.status(), Some(word.text())), "{what}: {answer}");
    }

    pub(super) async fn open(&mut self, what: &'static str) -> Opening {
        let question = json(&Open { protocol: VERSION, terminal_version: "0.1.0".into() });
        let opened: Opened = self.ask(what, Some("open"), endpoints::OPEN, "", question).await;
        let nonce = Base64::decode_vec(&opened.nonce).unwrap().try_into().unwrap();
        Opening { opened, nonce, clocks_agree: true }
    }

    /// Claims as signed 2 s after the session was opened, by the service's clock.
    pub(super) fn timed(opening: &Opening, claims: ResultClaims) -> ResultClaims {
        let time_ms = opening.opened.service_time_ms + ANSWERED_AFTER_MS;
        ResultClaims { time_ms, valid_until_ms: result::valid_until(time_ms), ..claims }
    }

    /// The body of `consent`.
    pub(super) fn signed(&self, claims: &ResultClaims) -> Body {
        Body::Result(self.setting.terminal.sign(claims), Box::new(claims.clone()))
    }
}

pub(super) fn json<Q: Serialize>(question: &Q) -> Body {
    Body::Json(serde_json::to_value(question).unwrap())
}

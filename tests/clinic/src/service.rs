//! The requests of the protocol, one function each.

use std::sync::Arc;

use apdu_fixtures::pki::Institution;
use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Request, State, rejection::BytesRejection},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64ct::{Base64, Encoding};
use p256::ecdsa::VerifyingKey;
use qualification::{
    Word, endpoints, ids,
    protocol::{
        Authenticate, Authenticated, Facility, Open, Opened, Receipt, Register, Relay, Relayed, Status, VERSION,
    },
    result,
};
use rand_core::{OsRng, RngCore};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

use crate::{
    books::{Books, Kept, NewResult, Session, SessionState},
    controls::Controls,
    exchange::Exchange,
    limits::{MAX_BODY, MAX_DRAINED, MAX_TEXT, OPEN_LIFETIME, RESULT_LIFETIME},
    patients::{Centre, OtherAnswer, OtherCertificate},
    proof::Trust,
    refusal::Refusal,
    results::{self, millis},
};

/// Everything the requests need.
pub(crate) struct Service {
    pub(crate) books: Books,
    pub(crate) controls: Arc<Controls>,
    pub(crate) centre: Centre,
    pub(crate) trust: Trust,
    pub(crate) facility: Facility,
    /// The credential of the PIN-less step; it never leaves this process.
    pub(crate) institution: Institution,
    /// It was started to show how a terminal works.
    pub(crate) demo: bool,
    /// The exchange of files with the レセコン, where there is one.
    pub(crate) exchange: Option<Exchange>,
}

/// Who is at the other end of a connection.
#[derive(Clone)]
pub(crate) struct Peer {
    /// Name in the client certificate.
    pub(crate) terminal: Arc<str>,
    /// Cuts the connection.
    pub(crate) cut: Arc<Notify>,
}

type Answer<T> = Result<Json<T>, Refusal>;
type Body = Result<Bytes, BytesRejection>;

/// Every request, and a refusal for everything else.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route(endpoints::OPEN, post(open))
        .route(endpoints::RELAY, post(relay))
        .route(endpoints::AUTHENTICATE, post(authenticate))
        .route(endpoints::REGISTER, post(register))
        .route(endpoints::CONSENT, post(consent))
        .route(endpoints::CANCEL, post(cancel))
        .route(endpoints::STATUS, get(status))
        .fallback(async || Refusal::new(Word::NotFound, "no such path"))
        .method_not_allowed_fallback(async || Refusal::new(Word::MethodNotAllowed, "another method is needed"))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), enter))
        .layer(DefaultBodyLimit::max(MAX_DRAINED))
        .with_state(service)
}

/// Before every request: is the terminal in the books, and is the service slow today?
async fn enter(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    tokio::time::sleep(service.controls.latency()).await;
    let refused = service.controls.refuses_terminals();
    let known = blocking(&service, move |service| Ok(service.books.result_key(&peer.terminal)?.is_some())).await;
    match known {
        Ok(true) if !refused => next.run(request).await,
        Ok(_) => Refusal::new(Word::UnknownTerminal, "this terminal is not in the books").into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn open(State(service): State<Arc<Service>>, Extension(peer): Extension<Peer>, body: Body) -> Answer<Opened> {
    let question: Open = json(body)?;
    if question.protocol != VERSION {
        return Err(Refusal::new(Word::VersionNotSupported, format!("this service speaks version {VERSION}")));
    }
    if question.terminal_version.chars().count() > MAX_TEXT {
        return Err(Refusal::new(Word::BadRequest, "terminal_version is too long"));
    }
    let no_random = |_| Refusal::new(Word::Internal, "no random bytes");
    let session_id = ids::fresh(&mut OsRng).map_err(no_random)?;
    let mut nonce = [0; 32];
    OsRng.try_fill_bytes(&mut nonce).map_err(no_random)?;
    let opened = Opened {
        session_id: session_id.clone(),
        nonce: Base64::encode_string(&nonce),
        service_time_ms: service.controls.now_ms(),
        facility: service.facility.clone(),
        pin_less: service.controls.does_pin_less(),
        visual_passcode: service.controls.passcode(),
    };
    blocking(&service, move |service| {
        Ok(service.books.open_session(&session_id, &peer.terminal, &nonce, service.controls.now_ms())?)
    })
    .await?;
    Ok(Json(opened))
}

async fn relay(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    Path(id): Path<String>,
    body: Body,
) -> Answer<Relayed> {
    let question: Relay = json(body)?;
    blocking(&service, move |service| service.relay(&peer.terminal, &id, &question)).await.map(Json)
}

async fn authenticate(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    Path(id): Path<String>,
    body: Body,
) -> Answer<Authenticated> {
    let question: Authenticate = json(body)?;
    blocking(&service, move |service| service.authenticate(&peer.terminal, &id, &question)).await.map(Json)
}

async fn register(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    Path(id): Path<String>,
    body: Body,
) -> Answer<Authenticated> {
    let question: Register = json(body)?;
    blocking(&service, move |service| service.register(&peer.terminal, &id, &question)).await.map(Json)
}

async fn consent(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    Path(id): Path<String>,
    request_headers: axum::http::HeaderMap,
    body: Body,
) -> Answer<Receipt> {
    let media_type = request_headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type != Some(endpoints::RESULT_TYPE) {
        return Err(Refusal::new(Word::BadRequest, format!("content type must be {}", endpoints::RESULT_TYPE)));
    }
    let body = whole(body)?;
    let jws = String::from_utf8(body.to_vec())
        .map_err(|_| Refusal::new(Word::BadResultSignature, "the result is not text"))?;
    let terminal = Arc::clone(&peer.terminal);
    let receipt = blocking(&service, move |service| service.receive(&terminal, &id, &jws)).await?;
    if service.controls.loses_receipt() {
        // In the books, but the terminal never learns it: the connection ends instead of the answer.
        peer.cut.notify_one();
        std::future::pending::<()>().await;
    }
    Ok(Json(receipt))
}

async fn cancel(
    State(service): State<Arc<Service>>,
    Extension(peer): Extension<Peer>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    blocking(&service, move |service| service.books.cancel(&id, &peer.terminal)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn status(State(service): State<Arc<Service>>) -> Json<Status> {
    let facility = service.facility.clone();
    let visual_passcode = service.controls.passcode();
    let service_time_ms = service.controls.now_ms();
    Json(Status { protocol: VERSION, service_time_ms, facility, centre: true, visual_passcode })
}

impl Service {
    /// The session, if it waits for its proof.
    pub(crate) fn open_session(&self, terminal: &str, id: &str, now_ms: u64) -> Result<Session, Refusal> {
        let session = self.books.session(id, terminal)?;
        match session.state {
            SessionState::Open => {}
            SessionState::Cancelled => return Err(Refusal::new(Word::SessionClosed, "the session was cancelled")),
            SessionState::Spent | SessionState::Proved | SessionState::TurnedAway | SessionState::Received => {
                return Err(Refusal::new(Word::NonceUsed, "this session has had its proof"));
            }
        }
        if now_ms.saturating_sub(session.opened_ms) > millis(OPEN_LIFETIME) {
            return Err(Refusal::new(Word::SessionExpired, "the session was opened too long ago"));
        }
        Ok(session)
    }

    fn receive(&self, terminal: &str, id: &str, jws: &str) -> Result<Receipt, Refusal> {
        let now_ms = self.controls.now_ms();
        let session = self.books.session(id, terminal)?;
        let sha256 = result::fingerprint(jws);
        // What is in the books already was checked then; nothing of it changes by asking again.
        match self.books.kept(id, &sha256)? {
            Kept::Same(receipt) => return self.with_file(id, receipt),
            Kept::Other => return Err(Refusal::new(Word::AnotherResult, "the session has another result")),
            Kept::None => {}
        }
        match session.state {
            SessionState::Proved => {}
            SessionState::Open | SessionState::Spent => {
                return Err(Refusal::new(Word::NotAuthenticated, "a result needs a proof before it"));
            }
            SessionState::TurnedAway | SessionState::Cancelled | SessionState::Received => {
                return Err(Refusal::new(Word::SessionClosed, "the session takes no result"));
            }
        }
        let proved = self.books.proved(id)?;
        if now_ms.saturating_sub(proved.time_ms) > millis(RESULT_LIFETIME) {
            return Err(Refusal::new(Word::SessionExpired, "the proof was sent too long ago"));
        }
        let claims = result::verify(&self.result_key(terminal)?, jws)
            .map_err(|error| Refusal::new(Word::BadResultSignature, error.to_string()))?;
        results::check(&claims, terminal, &session, &proved, now_ms)?;
        if !self.demo && results::is_demonstration(&claims) {
            self.books.turn_away(id, Word::DemonstrationResult, now_ms)?;
            let detail = "the terminal runs demonstration weights, and this service does not take what they show: have it \
                          run weights of level research or approved";
            return Err(Refusal::new(Word::DemonstrationResult, detail));
        }
        if self.controls.refuses_results() {
            return Err(Refusal::new(Word::ResultRefused, "the clinic takes no results at the moment"));
        }
        let other_certificates = &|patient| self.other_certificates(patient);
        let file = &self.file_of(&proved, &claims, now_ms)?;
        let patient = proved.patient;
        let new = NewResult { claims: &claims, jws, sha256: &sha256, patient, other_certificates, file };
        let receipt = self.books.keep(&new, now_ms)?;
        self.with_file(id, receipt)
    }

    /// Asks the centre, after the patient's yes, for what this facility uses.
    fn other_certificates(&self, patient: u64) -> Vec<(OtherCertificate, OtherAnswer)> {
        let settings = self.controls.settings();
        let used = |kind: &OtherCertificate| match kind {
            OtherCertificate::SpecificDisease => settings.specific_diseases,
            OtherCertificate::PublicExpense => settings.public_expense,
        };
        let ask = |kind| (kind, self.centre.other_certificate(patient, kind));
        OtherCertificate::ALL.into_iter().filter(used).map(ask).collect()
    }

    fn result_key(&self, terminal: &str) -> Result<VerifyingKey, Refusal> {
        let bytes = self.books.result_key(terminal)?;
        let bytes = bytes.ok_or_else(|| Refusal::new(Word::UnknownTerminal, "this terminal is not in the books"))?;
        VerifyingKey::from_sec1_bytes(&bytes).map_err(|_| Refusal::new(Word::Internal, "the terminal's key is broken"))
    }
}

fn whole(body: Body) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(Word::TooLarge, format!("at most {MAX_BODY} bytes are taken"));
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Refusal::new(Word::BadRequest, "the body did not arrive whole"),
    })?;
    if body.len() > MAX_BODY { Err(too_large()) } else { Ok(body) }
}

fn json<T: DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let body = whole(body)?;
    // The category only: the parser's own text could quote the body.
    serde_json::from_slice(&body).map_err(|error| {
        let detail = format!("{:?} error in line {}, column {}", error.classify(), error.line(), error.column());
        Refusal::new(Word::BadRequest, detail)
    })
}

/// Books and cryptography block; they run beside the connections.
async fn blocking<T: Send + 'static>(
    service: &Arc<Service>,
    work: impl FnOnce(&Service) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let service = Arc::clone(service);
    let done = tokio::task::spawn_blocking(move || work(&service)).await;
    done.unwrap_or_else(|_| Err(Refusal::new(Word::Internal, "the service broke while working on it")))
}

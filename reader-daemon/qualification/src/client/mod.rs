//! The one HTTPS client: TLS 1.3, client certificate, pinned issuer, no proxy, no redirects, every answer bounded.

mod check;
mod error;

use std::{sync::Arc, time::Duration};

use base64ct::{Base64, Encoding};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method as Verb, Request, Uri, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Http, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{RootCertStore, version::TLS13};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde::{Serialize, de::DeserializeOwned};

pub use error::ClientError;

use crate::{
    clock, endpoints, ids,
    limits::{MAX_ANSWER, MAX_HEAD, RequestLimits},
    protocol::{
        Authenticate, Authenticated, Open, Opened, Problem, Receipt, Register, Relay, Relayed, Status, VERSION,
    },
    result::fingerprint,
};

/// What a terminal needs to know to reach its clinic's service.
pub struct ClientConfig {
    /// `https://host:port`, no path.
    pub url: String,
    /// The pinned issuer of the service's certificate, PEM. No other root is trusted.
    pub issuer_pem: Vec<u8>,
    /// The terminal's client certificate, PEM, with its chain if it has one.
    pub certificate_pem: Vec<u8>,
    /// Its private key, PEM (PKCS#8, SEC 1 or PKCS#1). Wiped when the configuration is dropped.
    pub key_pem: zeroize::Zeroizing<Vec<u8>>,
    /// How long requests may take.
    pub limits: RequestLimits,
}

/// Why no client can be made of a configuration. The text says what to mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not `https://host[:port]`.
    #[error("the service's url must be https://host:port without a path: {0}")]
    Url(String),
    /// No certificate inside, or it cannot be read.
    #[error("the issuer of the service's certificate cannot be read from its PEM file")]
    Issuer,
    /// No certificate inside, or it cannot be read.
    #[error("the terminal's client certificate cannot be read from its PEM file")]
    Certificate,
    /// No key inside, or it does not belong to the certificate.
    #[error("the terminal's client key cannot be read from its PEM file or does not fit the certificate")]
    Key,
    /// TLS 1.3 cannot be set up.
    #[error("TLS 1.3 cannot be set up")]
    Tls,
}

/// A session the service opened, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The answer.
    pub opened: Opened,
    /// [`Opened::nonce`] as bytes. Single use, never stored (law 7).
    pub nonce: [u8; 32],
    /// Whether the two clocks agree; if not, no visit goes on.
    pub clocks_agree: bool,
}

/// The client. Cheap to share behind an `Arc`; connections are kept between the requests of a visit.
pub struct Client {
    http: Http<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: String,
    limits: RequestLimits,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ConfigError`]: which part of the configuration is unusable.
    pub fn new(config: ClientConfig) -> Result<Self, ConfigError> {
        let base = base_of(&config.url)?;
        let mut roots = RootCertStore::empty();
        for issuer in certificates(&config.issuer_pem).ok_or(ConfigError::Issuer)? {
            roots.add(issuer).map_err(|_| ConfigError::Issuer)?;
        }
        let chain = certificates(&config.certificate_pem).ok_or(ConfigError::Certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&config.key_pem).map_err(|_| ConfigError::Key)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(|_| ConfigError::Tls)?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .map_err(|_| ConfigError::Key)?;

        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(config.limits.connect));
        let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_only().enable_http1().wrap_connector(tcp);
        let http = Http::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(config.limits.idle)
            .pool_max_idle_per_host(2)
            .http1_max_buf_size(MAX_HEAD)
            .build(https);
        Ok(Self { http, base, limits: config.limits })
    }

    /// `open`: asks for a session as soon as a card is placed.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open(&self, terminal_version: &str) -> Result<Opening, ClientError> {
        let question = Open { protocol: VERSION, terminal_version: terminal_version.to_owned() };
        let opened: Opened = self.ask(endpoints::OPEN, &question, self.limits.open).await?;
        let nonce = check::opened(&opened)?;
        let clocks_agree = clock::clocks_agree(opened.service_time_ms, clock::now_ms());
        Ok(Opening { opened, nonce, clocks_agree })
    }

    /// `relay`: hands the card's response over and gets the next command of the PIN-less step. Never repeated: what is
    /// out of order ends the relay. The command's size is checked here, its meaning where it would go to the card.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn relay(&self, session_id: &str, question: &Relay) -> Result<Relayed, ClientError> {
        let path = session_path(endpoints::RELAY, session_id)?;
        let answer: Relayed = self.ask(&path, question, self.limits.relay).await?;
        check::relayed(&answer)?;
        Ok(answer)
    }

    /// `authenticate`: hands over the proof. Never repeated: challenge and signature are single use (law 7).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn authenticate(&self, session_id: &str, proof: &Authenticate) -> Result<Authenticated, ClientError> {
        let path = session_path(endpoints::AUTHENTICATE, session_id)?;
        let answer: Authenticated = self.ask(&path, proof, self.limits.authenticate).await?;
        check::authenticated(&answer)?;
        Ok(answer)
    }

    /// `register`: signs the card up, in a session whose proof was answered with an offer. Never repeated: a lost answer
    /// shows at the next visit.
    ///
    /// # Errors
    /// [`ClientError`]; an answer that offers again is [`ClientError::Malformed`].
    pub async fn register(&self, session_id: &str, question: &Register) -> Result<Authenticated, ClientError> {
        let path = session_path(endpoints::REGISTER, session_id)?;
        let answer: Authenticated = self.ask(&path, question, self.limits.register).await?;
        check::registered(&answer)?;
        Ok(answer)
    }

    /// `consent`: hands over the signed result. The receipt is checked to be for exactly these bytes.
    ///
    /// # Errors
    /// [`ClientError`]; a receipt for something else is [`ClientError::Malformed`].
    pub async fn submit(&self, session_id: &str, result_id: &str, jws: &str) -> Result<Receipt, ClientError> {
        let path = session_path(endpoints::CONSENT, session_id)?;
        let body = Some((endpoints::RESULT_TYPE, Bytes::copy_from_slice(jws.as_bytes())));
        let receipt: Receipt = parse(&self.call(Verb::POST, &path, body, self.limits.submit).await?)?;
        check::receipt(&receipt, result_id, &fingerprint(jws))?;
        Ok(receipt)
    }

    /// `cancel`: the visit is given up before a result exists. Best effort; the session also ends by age.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn cancel(&self, session_id: &str) -> Result<(), ClientError> {
        let path = session_path(endpoints::CANCEL, session_id)?;
        self.call(Verb::POST, &path, None, self.limits.cancel).await.map(drop)
    }

    /// `status`: whether the service answers, and whether it reaches the centre.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn status(&self) -> Result<Status, ClientError> {
        let status: Status = parse(&self.call(Verb::GET, endpoints::STATUS, None, self.limits.status).await?)?;
        check::status(&status)?;
        Ok(status)
    }

    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
        limit: Duration,
    ) -> Result<A, ClientError> {
        let body = serde_json::to_vec(question).map_err(|_| ClientError::Malformed("question cannot be written"))?;
        parse(&self.call(Verb::POST, path, Some((endpoints::JSON_TYPE, body.into())), limit).await?)
    }

    async fn call(
        &self,
        verb: Verb,
        path: &str,
        body: Option<(&'static str, Bytes)>,
        limit: Duration,
    ) -> Result<Bytes, ClientError> {
        let mut request = Request::builder().method(verb).uri(format!("{}{path}", self.base));
        if let Some((media_type, _)) = &body {
            request = request.header(header::CONTENT_TYPE, *media_type);
        }
        let request = request
            .header(header::ACCEPT, endpoints::JSON_TYPE)
            .body(Full::new(body.map(|(_, bytes)| bytes).unwrap_or_default()))
            .map_err(|_| ClientError::Malformed("question cannot be written"))?;
        let exchange = async {
            let response = self.http.request(request).await.map_err(|e| error::cause(&e))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MAX_ANSWER);
            let body = body.collect().await.map_err(|e| error::cause(e.as_ref()))?.to_bytes();
            Ok((status, body))
        };
        let (status, body) = tokio::time::timeout(limit, exchange).await.map_err(|_| ClientError::TimedOut)??;
        if status.is_success() {
            return Ok(body);
        }
        if status.is_client_error() || status.is_server_error() {
            let problem: Problem = parse(&body)?;
            return Err(ClientError::Refused(check::problem(problem)?, status.as_u16()));
        }
        Err(ClientError::Malformed("neither answer nor refusal"))
    }
}

fn parse<A: DeserializeOwned>(body: &[u8]) -> Result<A, ClientError> {
    serde_json::from_slice(body).map_err(|_| ClientError::Malformed("not the JSON of the protocol"))
}

fn session_path(path: &str, session_id: &str) -> Result<String, ClientError> {
    if !ids::is_id(session_id) {
        return Err(ClientError::Malformed("session id"));
    }
    Ok(endpoints::of_session(path, session_id))
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let list = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().ok()?;
    (!list.is_empty()).then_some(list)
}

fn base_of(url: &str) -> Result<String, ConfigError> {
    let refuse = || ConfigError::Url(url.chars().take(200).collect());
    let uri: Uri = url.parse().map_err(|_| refuse())?;
    let plain = uri.scheme_str() == Some("https") && matches!(uri.path(), "" | "/") && uri.query().is_none();
    match uri.authority() {
        Some(authority) if plain && !authority.as_str().contains('@') => Ok(format!("https://{authority}")),
        Some(_) | None => Err(refuse()),
    }
}

/// The nonce of a session as bytes.
fn nonce_of(text: &str) -> Option<[u8; 32]> {
    Base64::decode_vec(text).ok()?.try_into().ok()
}

#[cfg(test)]
#[path = "../client_tests.rs"]
mod tests;

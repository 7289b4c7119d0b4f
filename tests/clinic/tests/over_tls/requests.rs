//! Terminals that ask garbage: the service's side of the border.

use std::sync::Arc;

use qualification::{Bundle, Word, endpoints, protocol::Problem};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName, version::TLS13};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use crate::{
    faults::{certificates, key},
    terminal::start,
};

/// Sends raw bytes as the terminal of this bundle and reads everything that comes back.
pub(crate) async fn send(bundle: &Bundle, request: &[u8]) -> String {
    let mut roots = RootCertStore::empty();
    for issuer in certificates(&bundle.client.issuer_pem) {
        roots.add(issuer).unwrap();
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(certificates(&bundle.client.certificate_pem), key(&bundle.client.key_pem))
        .unwrap();
    let address = bundle.client.url.trim_start_matches("https://");
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await.unwrap();
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn post(path: &str, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test]
async fn bad_questions_get_their_stable_word() {
    let setting = start().await;
    let bundle = Bundle::load(setting.clinic.terminal()).unwrap();
    let session = setting.terminal.open().await.opened.session_id;
    let json = endpoints::JSON_TYPE;
    let authenticate = endpoints::of_session(endpoints::AUTHENTICATE, &session);
    let consent = endpoints::of_session(endpoints::CONSENT, &session);
    let proof = |certificate: &str| {
        format!(r#"{{"method":"pin","certificate":"{certificate}","ca_certificate":"AA==","signature":"AA=="}}"#)
    };
    let open = r#"{"protocol":1,"terminal_version":"x"}"#;
    let cases = [
        (post(endpoints::OPEN, json, ""), Word::BadRequest),
        (post(endpoints::OPEN, json, "garbage"), Word::BadRequest),
        (post(endpoints::OPEN, json, &"[".repeat(50_000)), Word::BadRequest),
        (post(endpoints::OPEN, json, &open.replacen('{', r#"{"more":1,"#, 1)), Word::BadRequest),
        (post(endpoints::OPEN, json, &open.replacen('1', "2", 1)), Word::VersionNotSupported),
        (post(endpoints::OPEN, json, &open.replacen('x', &"x".repeat(401), 1)), Word::BadRequest),
        (post(endpoints::OPEN, json, &"x".repeat(70_000)), Word::TooLarge),
        (post(endpoints::OPEN, json, &"x".repeat(500_000)), Word::TooLarge),
        (post(&authenticate, json, &proof("AA==").replace("pin", "sms")), Word::BadRequest),
        (post(&consent, json, "a.b.c"), Word::BadRequest),
        (post(&consent, endpoints::RESULT_TYPE, "a.b.c"), Word::NotAuthenticated),
        (post("/v1/sessions/..%2f..%2fx/cancel", json, ""), Word::UnknownSession),
        (post("/v1/nothing", json, ""), Word::NotFound),
        (post(endpoints::STATUS, json, ""), Word::MethodNotAllowed),
        // The nonce is spent by this one, so it comes last.
        (post(&authenticate, json, &proof("not base64!")), Word::BadRequest),
    ];
    for (n, (request, expected)) in cases.iter().enumerate() {
        let answer = send(&bundle, request).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("case {n}: {answer:?}"));
        assert!(head.starts_with(&format!("HTTP/1.1 {}", expected.status())), "case {n}: {head}");
        let problem: Problem = serde_json::from_str(body).unwrap_or_else(|_| panic!("case {n}: {body}"));
        assert_eq!(Word::of(&problem.error), Some(*expected), "case {n}: {problem:?}");
        assert!(!problem.detail.contains("garbage"), "no body is quoted");
    }
}

#[tokio::test]
async fn what_is_not_http_ends_the_connection_and_nothing_else() {
    let setting = start().await;
    let bundle = Bundle::load(setting.clinic.terminal()).unwrap();
    for request in
        [b"\x00\x01\x02\r\n\r\n".to_vec(), vec![b'A'; 40_000], b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n".to_vec()]
    {
        let answer = send(&bundle, &request).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    // TLS without a hello.
    let address = bundle.client.url.trim_start_matches("https://").to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    drop(stream);
    assert!(setting.terminal.client.status().await.is_ok());
}

#[tokio::test]
async fn every_request_of_the_protocol_is_served() {
    let setting = start().await;
    let bundle = Bundle::load(setting.clinic.terminal()).unwrap();
    for (method, path) in endpoints::ALL {
        let path = endpoints::of_session(path, &"0".repeat(32));
        let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let answer = send(&bundle, request.as_bytes()).await;
        for word in [Word::NotFound, Word::MethodNotAllowed] {
            assert!(!answer.contains(word.text()), "{method} {path}: {answer}");
        }
        assert!(answer.starts_with("HTTP/1.1 "), "{method} {path}: {answer}");
    }
}

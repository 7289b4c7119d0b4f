//! Services that answer garbage, too much, too little, or never: each is an error of its own, and none a panic.

use std::{sync::Arc, time::Duration};

use clinic::pki::Pki;
use qualification::{Bundle, Client, ClientError, limits::RequestLimits};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::TLS13,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::terminal::start;

pub(crate) fn certificates(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).map(Result::unwrap).collect()
}

pub(crate) fn key(pem: &[u8]) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_slice(pem).unwrap()
}

/// Reads one request and writes `answer`, whatever was asked. An empty answer: never answers.
pub(crate) async fn answer_with(
    listener: TcpListener,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    answer: Vec<u8>,
) {
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let tls = TlsAcceptor::from(Arc::new(config));
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, answer) = (tls.clone(), answer.clone());
        tokio::spawn(async move {
            let Ok(mut stream) = tls.accept(stream).await else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            if answer.is_empty() {
                std::future::pending::<()>().await;
            }
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        });
    }
}

/// Longer than any answer takes on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// What the client makes of a service that answers these bytes.
async fn client_of(answer: Vec<u8>, limit: Duration) -> (Client, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::open(&folder.path().join("service")).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let bundle = folder.path().join("terminal");
    pki.terminal("terminal-1", &bundle, &url).unwrap();
    let certificate = pki.service_certificate().unwrap();
    tokio::spawn(answer_with(listener, certificate.chain, certificate.key, answer));
    let mut config = Bundle::load(&bundle).unwrap().client;
    config.limits = RequestLimits { open: limit, ..RequestLimits::default() };
    (Client::new(config).unwrap(), folder)
}

fn http(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[tokio::test]
async fn bad_answers_are_told_apart() {
    let long = "x".repeat(70_000);
    let nested = "[".repeat(60_000);
    let endless_head = format!("HTTP/1.1 200 OK\r\nx: {long}\r\n\r\n");
    let zero = "0".repeat(32);
    let nonce = format!("{}=", "A".repeat(43));
    let opened = |session: &str, nonce: &str, code: &str| {
        format!(
            r#"{{"session_id":"{session}","nonce":"{nonce}","service_time_ms":1,"facility":{{"name":"n","institution_code":"{code}"}},"pin_less":false}}"#
        )
    };
    let cases: Vec<(&str, Vec<u8>, ClientError)> = vec![
        ("not HTTP", b"\x00\x01\x02 garbage\r\n\r\n".to_vec(), ClientError::Malformed("not HTTP")),
        ("endless head", endless_head.into_bytes(), ClientError::Malformed("not HTTP")),
        ("nothing", http("200 OK", ""), ClientError::Malformed("not the JSON of the protocol")),
        ("garbage", http("200 OK", "garbage"), ClientError::Malformed("not the JSON of the protocol")),
        ("nested", http("200 OK", &nested), ClientError::Malformed("not the JSON of the protocol")),
        ("too large", http("200 OK", &long), ClientError::Malformed("too large")),
        (
            "redirect",
            b"HTTP/1.1 307 x\r\nlocation: https://127.0.0.1/\r\ncontent-length: 0\r\n\r\n".to_vec(),
            ClientError::Malformed("neither answer nor refusal"),
        ),
        (
            "refusal without words",
            http("403 Forbidden", "<html>"),
            ClientError::Malformed("not the JSON of the protocol"),
        ),
        (
            "refusal with odd word",
            http("403 Forbidden", r#"{"error":"<b>","detail":""}"#),
            ClientError::Malformed("error word"),
        ),
        ("cut body", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec(), ClientError::Unreachable),
        (
            "bad session id",
            http("200 OK", &opened("../../x", &nonce, "1310000000")),
            ClientError::Malformed("session id"),
        ),
        ("short nonce", http("200 OK", &opened(&zero, "AAAA", "1310000000")), ClientError::Malformed("nonce")),
        ("bad facility", http("200 OK", &opened(&zero, &nonce, "13")), ClientError::Malformed("institution code")),
        ("never", Vec::new(), ClientError::TimedOut),
    ];
    for (name, answer, expected) in cases {
        let limit = if answer.is_empty() { Duration::from_millis(200) } else { LONG };
        let (client, _folder) = client_of(answer, limit).await;
        assert_eq!(client.open("test").await.unwrap_err(), expected, "{name}");
    }
    let (client, _folder) = client_of(http("200 OK", &opened(&zero, &nonce, "1310000000")), LONG).await;
    assert_eq!(client.open("test").await.unwrap().nonce, [0; 32]);
}

#[tokio::test]
async fn a_receipt_for_something_else_is_no_receipt() {
    let (one, two) = ("1".repeat(32), "2".repeat(32));
    for (id, sha) in [(&two, "00".repeat(32)), (&one, "00".repeat(32))] {
        let body = format!(r#"{{"receipt_id":"r","result_id":"{id}","result_sha256":"{sha}","time_ms":1}}"#);
        let (client, _folder) = client_of(http("200 OK", &body), LONG).await;
        let answer = client.submit(&one, &one, "a.b.c").await;
        assert!(matches!(answer, Err(ClientError::Malformed(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_slow_clinic_is_a_time_out_not_a_refusal() {
    let setting = start().await;
    setting.clinic.set_latency(Duration::from_secs(5));
    let mut config = Bundle::load(setting.clinic.terminal()).unwrap().client;
    config.limits.status = Duration::from_millis(100);
    let client = Client::new(config).unwrap();
    assert_eq!(client.status().await, Err(ClientError::TimedOut));
    setting.clinic.set_latency(Duration::ZERO);
    assert!(setting.terminal.client.status().await.unwrap().centre);
}

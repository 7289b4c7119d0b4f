//! With TLS.

use std::{fs, io::Write as _, net::TcpStream, os::unix::fs::PermissionsExt as _, sync::Arc, time::Duration};

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, version::TLS13};

use super::{
    client::{Reply, read},
    terminal::Desk,
};
use crate::{Options, Running, Tls, serve};

struct Secure {
    running: Running,
    folder: tempfile::TempDir,
    roots: RootCertStore,
}

fn secure(mode: u32) -> std::io::Result<Secure> {
    let folder = tempfile::tempdir()?;
    let made = rcgen::generate_simple_self_signed(vec!["reception.example".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("tls.pem"), folder.path().join("tls.key"));
    fs::write(&certificate, made.cert.pem())?;
    fs::write(&key, made.signing_key.serialize_pem())?;
    fs::set_permissions(&key, fs::Permissions::from_mode(mode))?;
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        names: vec!["reception.example".to_owned()],
        password_file: folder.path().join("password"),
        tls: Some(Tls { certificate, key }),
    };
    let running = serve(options, Arc::new(Desk::default()))?;
    Ok(Secure { running, folder, roots })
}

fn ask(secure: &Secure, request: &str) -> Reply {
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(secure.roots.clone())
        .with_no_client_auth();
    let name = "reception.example".try_into().unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(secure.running.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes()).unwrap();
    read(stream)
}

#[test]
fn cookies_are_bound_to_this_host_and_to_tls() {
    let secure = secure(0o600).unwrap();
    assert!(secure.folder.path().exists());
    let port = secure.running.address().port();
    let request = format!("GET /login HTTP/1.1\r\nHost: reception.example:{port}\r\nConnection: close\r\n\r\n");
    let reply = ask(&secure, &request);
    assert_eq!(reply.status, 200);
    let cookie = reply.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-login=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"),
        "{cookie}"
    );
    let foreign = format!("GET /login HTTP/1.1\r\nHost: other.example:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(ask(&secure, &foreign).status, 421);
}

#[test]
fn plain_http_is_not_answered() {
    let secure = secure(0o600).unwrap();
    let request = "GET /login HTTP/1.1\r\nHost: reception.example\r\nConnection: close\r\n\r\n";
    let reply = super::client::raw(secure.running.address(), request.as_bytes());
    assert_eq!((reply.status, reply.body.as_str()), (0, ""));
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let error = secure(0o640).err().unwrap().to_string();
    assert!(error.contains("chmod 600"), "{error}");
}

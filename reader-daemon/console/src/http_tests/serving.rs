//! Listening, ending, and clients that are slow.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    client::{Console, raw},
    terminal::Desk,
};
use crate::{Options, Tls, limits::WRITE_TIME, serve};

fn options(listen: &str) -> Options {
    Options { listen: listen.parse().unwrap(), names: Vec::new(), password_file: PathBuf::from("/nowhere"), tls: None }
}

#[test]
fn other_addresses_than_loopback_need_tls() {
    for listen in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[2001:db8::1]:0", "[::ffff:192.0.2.1]:0"] {
        let error = serve(options(listen), Arc::new(Desk::default())).unwrap_err().to_string();
        assert!(error.contains("TLS") && error.contains("give a certificate"), "{listen}: {error}");
    }
    for listen in ["127.0.0.1:0", "127.1.2.3:0"] {
        drop(serve(options(listen), Arc::new(Desk::default())).unwrap());
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_cure() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = |options| serve(options, Arc::new(Desk::default())).unwrap_err().to_string();
    assert!(error(options(&taken.local_addr().unwrap().to_string())).contains("take another port"));
    for name in ["", "https://reception", "reception:443", "受付", "a b"] {
        assert!(
            error(Options { names: vec![name.to_owned()], ..options("127.0.0.1:0") }).contains("no host name"),
            "{name}"
        );
    }
    let tls = Tls { certificate: "/nowhere.pem".into(), key: "/nowhere.key".into() };
    assert!(error(Options { tls: Some(tls), ..options("127.0.0.1:0") }).contains("/nowhere.pem"));
}

#[test]
fn dropping_it_ends_it_within_a_second_and_gives_the_port_back() {
    let mut console = Console::of(Desk { slow: Duration::from_secs(8), ..Desk::default() });
    let (mut staff, live) = (console.staff(), console.staff());
    let cookie = live.cookie_line();
    let mut stream = TcpStream::connect(console.address).unwrap();
    stream.write_all(format!("GET /events HTTP/1.1\r\nHost: {}\r\n{cookie}\r\n", console.address).as_bytes()).unwrap();
    let idle = TcpStream::connect(console.address).unwrap();
    std::thread::spawn(move || staff.post("/health", &[]));
    std::thread::sleep(Duration::from_millis(300));
    let begin = Instant::now();
    drop(console.running.take());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    TcpListener::bind(console.address).expect("the port is free");
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(String::from_utf8_lossy(&rest).contains("event: now"));
    drop(idle);
}

/// How long the console bears a client that sends this and then a letter a second.
fn borne(address: SocketAddr, begin: &str) -> Duration {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(begin.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let start = Instant::now();
    let mut part = [0; 1024];
    while start.elapsed() < Duration::from_secs(40) {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                if stream.write_all(b"x").is_err() {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    start.elapsed()
}

#[test]
fn slow_clients_are_let_go() {
    let console = Console::new();
    let address = console.address;
    let slow_head = std::thread::spawn(move || borne(address, "GET / HTTP/1.1\r\nX: "));
    let silent = std::thread::spawn(move || borne(address, ""));
    let mut browser = console.browser();
    browser.get("/login");
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n{}Content-Length: 5000\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        browser.cookie_line()
    );
    let slow_body = borne(address, &head);
    let (slow_head, silent) = (slow_head.join().unwrap(), silent.join().unwrap());
    for borne in [slow_head, silent, slow_body] {
        assert!(borne > Duration::from_secs(5) && borne < Duration::from_secs(30), "{borne:?}");
    }
    assert_eq!(console.browser().get("/login").status, 200, "others are served");
}

#[test]
fn a_reader_that_stops_reading_is_let_go() {
    let mut desk = Desk::default();
    // More than the system keeps for a connection.
    desk.journal.lines.iter_mut().for_each(|line| line.members = "x".repeat(100_000));
    let console = Console::of(desk);
    let cookies = console.staff().cookie_line();
    let mut stream = TcpStream::connect(console.address).unwrap();
    stream
        .write_all(format!("GET /journal.csv HTTP/1.1\r\nHost: {}\r\n{cookies}\r\n", console.address).as_bytes())
        .unwrap();
    std::thread::sleep(WRITE_TIME + Duration::from_secs(3));
    let begin = Instant::now();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(begin.elapsed() < Duration::from_secs(4), "the connection has ended");
    let length = String::from_utf8_lossy(&rest[..2000])
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split('\r').next()?.parse().ok());
    let length: usize = length.unwrap();
    assert!(length > 40_000_000 && rest.len() < length, "{} of {length}", rest.len());
}

#[test]
fn what_is_no_http_is_answered_or_closed_and_the_console_lives_on() {
    let console = Console::new();
    let odd: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\xff\xfe\r\n\r\n",
    ];
    for bytes in odd {
        let reply = raw(console.address, bytes);
        assert!([0, 400, 421, 505].contains(&reply.status), "{bytes:?}: {}", reply.status);
    }
    assert_eq!(console.browser().get("/login").status, 200);
}

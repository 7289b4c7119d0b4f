//! A browser that can misbehave: requests are written byte by byte.

use std::{
    collections::BTreeMap,
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use super::terminal::Desk;
use crate::{Options, Running, serve};

pub(super) const PASSWORD: &str = "correct horse";

/// A console on loopback, its terminal, and its password file.
pub(super) struct Console {
    pub(super) running: Option<Running>,
    pub(super) desk: Arc<Desk>,
    pub(super) folder: tempfile::TempDir,
    pub(super) address: SocketAddr,
}

impl Console {
    pub(super) fn new() -> Self {
        Self::of(Desk::default())
    }

    pub(super) fn of(desk: Desk) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Arc::new(desk);
        set_password(&folder, PASSWORD);
        let options = Options {
            listen: ([127, 0, 0, 1], 0).into(),
            names: vec!["Reception.example".to_owned()],
            password_file: folder.path().join("password"),
            tls: None,
        };
        let running = serve(options, desk.clone()).unwrap();
        Self { address: running.address(), running: Some(running), desk, folder }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser { address: self.address, cookies: BTreeMap::new(), token: String::new() }
    }

    pub(super) fn staff(&self) -> Browser {
        let mut browser = self.browser();
        let reply = browser.log_in(PASSWORD);
        assert_eq!((reply.status, reply.header("location")), (303, Some("/")), "{}", reply.body);
        browser
    }
}

pub(super) fn set_password(folder: &tempfile::TempDir, password: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    // Aside and renamed, as the daemon does it.
    let (aside, file) = (folder.path().join("aside"), folder.path().join("password"));
    std::fs::write(&aside, crate::password::hash(password).unwrap()).unwrap();
    std::fs::set_permissions(&aside, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::rename(aside, file).unwrap();
}

#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        })
    }
}

/// Writes the bytes and reads until the console closes.
pub(super) fn raw(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The console may answer and close before it has read everything.
    let _ = stream.write_all(request);
    read(stream)
}

pub(super) fn read(mut stream: impl std::io::Read) -> Reply {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut part) {
        bytes.extend_from_slice(&part[..count]);
    }
    let text = String::from_utf8(bytes).expect("answers are UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

#[derive(Clone)]
pub(super) struct Browser {
    pub(super) address: SocketAddr,
    pub(super) cookies: BTreeMap<String, String>,
    /// Of the last page.
    pub(super) token: String,
}

impl Browser {
    pub(super) fn cookie_line(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("Cookie: {}\r\n", pairs.join("; ")) }
    }

    pub(super) fn get(&mut self, path: &str) -> Reply {
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}Connection: close\r\n\r\n", self.address, self.cookie_line());
        self.keep(raw(self.address, head.as_bytes()))
    }

    /// A form of the last page.
    pub(super) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token.clone();
        let origin = format!("Origin: http://{}\r\n", self.address);
        let fields: Vec<_> = std::iter::once(("form", token.as_str())).chain(fields.iter().copied()).collect();
        self.post_as(path, &fields, &origin)
    }

    /// With these fields and head lines only.
    pub(super) fn post_as(&mut self, path: &str, fields: &[(&str, &str)], lines: &str) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{}{lines}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            self.cookie_line(),
            body.len()
        );
        self.keep(raw(self.address, request.as_bytes()))
    }

    pub(super) fn log_in(&mut self, password: &str) -> Reply {
        self.get("/login");
        let reply = self.post("/login", &[("password", password)]);
        if reply.status == 303 {
            self.get("/");
        }
        reply
    }

    pub(super) fn in_english(mut self) -> Self {
        self.cookies.insert("language".to_owned(), "en".to_owned());
        self
    }

    fn keep(&mut self, reply: Reply) -> Reply {
        for line in reply.head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        if let Some((_, rest)) = reply.body.split_once("name=\"form\" value=\"") {
            self.token = rest.split('"').next().unwrap().to_owned();
        }
        reply
    }
}

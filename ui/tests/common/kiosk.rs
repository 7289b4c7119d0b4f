//! The program itself in a test: a daemon's end of both sockets, lines on stdin, events on stdout.
#![allow(dead_code, reason = "every test program uses its own part")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use screen::{Decoder, Language, PROTOCOL_VERSION, Revision, ToDaemon, ToScreen, View, encode, preview::socket_path};
use serde_json::Value;

pub(crate) struct Kiosk {
    pub(crate) child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    listener: UnixListener,
    previews: UnixListener,
    folder: tempfile::TempDir,
}

pub(crate) struct Connection {
    pub(crate) stream: UnixStream,
    decoder: Decoder,
}

impl Kiosk {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("screen.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let previews = UnixListener::bind(socket_path(&socket)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_kiosk"))
            .args(["--headless".into(), folder.path().join("pictures"), "--socket".into(), socket])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout, listener, previews, folder }
    }

    pub(crate) fn accept(&self) -> Connection {
        let (stream, _) = self.listener.accept().unwrap();
        let mut connection = Connection { stream, decoder: Decoder::default() };
        assert_eq!(connection.message(), Some(ToDaemon::Hello { version: PROTOCOL_VERSION }));
        connection
    }

    /// The connection a face worker would write its pictures to.
    pub(crate) fn accept_preview(&self) -> UnixStream {
        self.previews.accept().unwrap().0
    }

    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    /// The next event of this kind; others are passed over.
    pub(crate) fn event(&mut self, kind: &str) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.stdout.read_line(&mut line).unwrap() > 0, "the kiosk ended before {kind}");
            let event: Value = serde_json::from_str(&line).unwrap();
            if event["event"] == kind {
                return event;
            }
        }
    }

    pub(crate) fn shown(&mut self, screen: &str) -> Value {
        loop {
            let event = self.event("shown");
            if event["screen"] == screen {
                return event;
            }
        }
    }

    pub(crate) fn picture(&self, event: &Value) -> PathBuf {
        self.folder.path().join("pictures").join(event["file"].as_str().unwrap())
    }
}

impl Drop for Kiosk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Connection {
    pub(crate) fn send(&mut self, view: &View) {
        self.stream.write_all(&encode(&ToScreen::View(Box::new(view.clone()))).unwrap()).unwrap();
    }

    /// `None`: the kiosk closed the connection.
    pub(crate) fn message(&mut self) -> Option<ToDaemon> {
        loop {
            if let Some(message) = self.decoder.message().unwrap() {
                return Some(message);
            }
            let mut bytes = [0; 512];
            let count = self.stream.read(&mut bytes).unwrap_or(0);
            if count == 0 {
                return None;
            }
            self.decoder.push(&bytes[..count]).unwrap();
        }
    }
}

pub(crate) fn view(name: &str, revision: u64) -> View {
    let sample = ui::samples(Language::Ja, false).into_iter().find(|sample| sample.name == name).unwrap();
    View { revision: Revision(revision), ..sample.view }
}

//! The whole program without a display: socket on one side, lines on the other.

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use screen::{Decoder, Digit, Language, PROTOCOL_VERSION, Revision, Target, ToDaemon, ToScreen, View, encode};
use serde_json::Value;

struct Kiosk {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    listener: UnixListener,
    folder: tempfile::TempDir,
}

struct Connection {
    stream: UnixStream,
    decoder: Decoder,
}

impl Kiosk {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("screen.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_kiosk"))
            .args(["--headless".into(), folder.path().join("pictures"), "--socket".into(), socket])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout, listener, folder }
    }

    fn accept(&self) -> Connection {
        let (stream, _) = self.listener.accept().unwrap();
        let mut connection = Connection { stream, decoder: Decoder::default() };
        assert_eq!(connection.message(), Some(ToDaemon::Hello { version: PROTOCOL_VERSION }));
        connection
    }

    fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    /// The next event of this kind; others are passed over.
    fn event(&mut self, kind: &str) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.stdout.read_line(&mut line).unwrap() > 0, "the kiosk ended before {kind}");
            let event: Value = serde_json::from_str(&line).unwrap();
            if event["event"] == kind {
                return event;
            }
        }
    }

    fn shown(&mut self, screen: &str) -> Value {
        loop {
            let event = self.event("shown");
            if event["screen"] == screen {
                return event;
            }
        }
    }

    fn picture(&self, event: &Value) -> PathBuf {
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
    fn send(&mut self, view: &View) {
        self.stream.write_all(&encode(&ToScreen::View(Box::new(view.clone()))).unwrap()).unwrap();
    }

    /// `None`: the kiosk closed the connection.
    fn message(&mut self) -> Option<ToDaemon> {
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

fn view(name: &str, revision: u64) -> View {
    let sample = ui::samples(Language::Ja, false).into_iter().find(|sample| sample.name == name).unwrap();
    View { revision: Revision(revision), ..sample.view }
}

#[test]
fn a_view_is_drawn_reported_and_touched() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("choosing_method", 7));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(7) }));
    let event = kiosk.shown("choosing_method");
    assert_eq!(event["file"], "007-choosing_method.png");
    let picture = std::fs::read(kiosk.picture(&event)).unwrap();
    let header = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    assert_eq!((header.info().width, header.info().height), (1280, 800));

    kiosk.say("tap pin");
    assert_eq!(daemon.message(), Some(ToDaemon::Touched { revision: Revision(7), target: Target::Pin }));
    kiosk.say("double-tap cancel");
    for _ in 0..2 {
        assert_eq!(daemon.message(), Some(ToDaemon::Touched { revision: Revision(7), target: Target::Cancel }));
    }
    kiosk.say("tap agree");
    assert!(kiosk.event("error")["message"].as_str().unwrap().contains("agree is not on the screen"));

    daemon.send(&view("entering_pin", 8));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(8) }));
    kiosk.say("key 4");
    assert_eq!(daemon.message(), Some(ToDaemon::Key { revision: Revision(8), digit: Digit::new(4).unwrap() }));
    kiosk.say("quit");
    assert!(kiosk.child.wait().unwrap().success());
}

#[test]
fn a_daemon_that_goes_is_waited_for_and_the_screen_says_so() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("done", 41));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(41) }));
    kiosk.shown("done");
    drop(daemon);
    assert_eq!(kiosk.shown("disconnected")["targets"], serde_json::json!([]));
    let mut daemon = kiosk.accept();
    // The same revision from another daemon is another view.
    daemon.send(&view("start", 41));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(41) }));
    kiosk.shown("start");
}

#[test]
fn what_is_no_message_ends_the_connection_and_nothing_else() {
    let mut kiosk = Kiosk::start();
    for garbage in [&b"\0\0\0\x02{}"[..], &b"\xFF\xFF\xFF\xFF"[..], &b"\0\0\0\x05hello"[..]] {
        let mut daemon = kiosk.accept();
        daemon.stream.write_all(garbage).unwrap();
        assert_eq!(daemon.message(), None);
    }
    let mut daemon = kiosk.accept();
    daemon.send(&view("start", 1));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(1) }));
    kiosk.shown("start");
}

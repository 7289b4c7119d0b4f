use std::{io::Read as _, os::unix::net::UnixStream as BlockingStream};

use screen::{Digit, Language, Revision, Screen, StaffCall, Target};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::*;

struct Server {
    views: Views,
    heard: mpsc::Receiver<Input>,
    path: PathBuf,
    _folder: TempDir,
}

fn own_uid() -> u32 {
    rustix::process::getuid().as_raw()
}

fn serving(uid: u32) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("screen.sock");
    let (inputs, heard) = mpsc::channel(64);
    let views = Views::new();
    tokio::spawn(serve(bind(&path).unwrap(), uid, views.clone(), inputs));
    Server { views, heard, path, _folder: folder }
}

impl Server {
    async fn next(&mut self) -> FromScreen {
        match timeout(SCREEN_HELLO * 4, self.heard.recv()).await.expect("nothing was heard") {
            Some(Input::Screen(heard)) => heard,
            _ => panic!("not from the screen"),
        }
    }

    async fn kiosk(&mut self) -> UnixStream {
        let mut stream = UnixStream::connect(&self.path).await.unwrap();
        stream.write_all(&encode(&ToDaemon::Hello { version: PROTOCOL_VERSION }).unwrap()).await.unwrap();
        assert!(matches!(self.next().await, FromScreen::Connected));
        stream
    }
}

fn view(revision: u64, facility: &str) -> View {
    View {
        revision: Revision(revision),
        language: Language::Ja,
        comfort: screen::Comfort::default(),
        placement: screen::Placement::default(),
        facility: facility.to_owned(),
        progress: None,
        cancel: false,
        staff: StaffCall::Offered,
        countdown: None,
        screen: Screen::TakeCard,
        sound: None,
    }
}

async fn ends(mut stream: UnixStream) {
    let mut rest = Vec::new();
    // A reset is an end too: unread bytes may lie in the socket.
    let _ = timeout(SCREEN_HELLO * 4, stream.read_to_end(&mut rest)).await.expect("the connection stays open");
}

#[tokio::test]
async fn views_go_out_and_touches_come_in() {
    let mut server = serving(own_uid());
    let mut kiosk = server.kiosk().await;
    server.views.show(view(1, "見本クリニック"));
    let mut decoder = Decoder::default();
    let mut bytes = [0; 4096];
    let shown: ToScreen = loop {
        let count = kiosk.read(&mut bytes).await.unwrap();
        decoder.push(&bytes[..count]).unwrap();
        if let Some(message) = decoder.message().unwrap() {
            break message;
        }
    };
    assert_eq!(shown, ToScreen::View(Box::new(view(1, "見本クリニック"))));
    let mut frames = encode(&ToDaemon::Touched { revision: Revision(1), target: Target::Pin }).unwrap();
    frames.extend(encode(&ToDaemon::Key { revision: Revision(2), digit: Digit::new(4).unwrap() }).unwrap());
    kiosk.write_all(&frames).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::Touched(Revision(1), Target::Pin)));
    assert!(matches!(server.next().await, FromScreen::Key(Revision(2), digit) if digit.ascii() == b'4'));
    drop(kiosk);
    assert!(matches!(server.next().await, FromScreen::Lost));
}

#[tokio::test]
async fn the_socket_is_for_owner_and_group_only() {
    let server = serving(own_uid());
    let mode = fs::metadata(&server.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

#[tokio::test]
async fn another_user_is_turned_away() {
    let mut server = serving(own_uid() + 1);
    let stream = UnixStream::connect(&server.path).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::OtherUser)));
    ends(stream).await;
}

#[tokio::test]
async fn a_second_kiosk_is_turned_away_and_the_first_stays() {
    let mut server = serving(own_uid());
    let mut first = server.kiosk().await;
    let second = UnixStream::connect(&server.path).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::Second)));
    ends(second).await;
    first.write_all(&encode(&ToDaemon::Shown { revision: Revision(1) }).unwrap()).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::Shown(Revision(1))));
    drop(first);
    assert!(matches!(server.next().await, FromScreen::Lost));
    server.kiosk().await;
}

#[tokio::test]
async fn another_version_is_told_and_turned_away() {
    let mut server = serving(own_uid());
    let mut stream = UnixStream::connect(&server.path).await.unwrap();
    stream.write_all(&encode(&ToDaemon::Hello { version: PROTOCOL_VERSION + 1 }).unwrap()).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::WrongVersion)));
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, encode(&ToScreen::WrongVersion { daemon: PROTOCOL_VERSION }).unwrap());
}

#[tokio::test]
async fn garbage_and_a_frame_that_is_too_long_end_the_connection() {
    let too_long = [0x7F, 0, 0, 0].to_vec();
    let no_message = [&8_u32.to_be_bytes()[..], b"nonsense"].concat();
    let twice_hello = encode(&ToDaemon::Hello { version: PROTOCOL_VERSION }).unwrap();
    for bytes in [too_long, no_message, twice_hello] {
        let mut server = serving(own_uid());
        let mut kiosk = server.kiosk().await;
        kiosk.write_all(&bytes).await.unwrap();
        assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::Garbage)));
        assert!(matches!(server.next().await, FromScreen::Lost));
        ends(kiosk).await;
    }
}

#[tokio::test]
async fn a_touch_before_hello_is_garbage_and_silence_is_slow() {
    let mut server = serving(own_uid());
    let mut early = UnixStream::connect(&server.path).await.unwrap();
    early.write_all(&encode(&ToDaemon::Touched { revision: Revision(1), target: Target::Pin }).unwrap()).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::Garbage)));
    let silent = UnixStream::connect(&server.path).await.unwrap();
    assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::Slow)));
    ends(silent).await;
}

#[tokio::test]
async fn a_kiosk_that_takes_no_views_is_dropped() {
    let mut server = serving(own_uid());
    let kiosk = server.kiosk().await;
    let text = "あ".repeat(15_000);
    // Each view has 45 KB; the socket's buffer takes a few, then the kiosk is slow.
    for revision in 0..100 {
        server.views.show(view(revision, &text));
        tokio::task::yield_now().await;
    }
    assert!(matches!(server.next().await, FromScreen::TurnedAway(TurnedAway::Slow)));
    assert!(matches!(server.next().await, FromScreen::Lost));
    drop(kiosk);
}

#[tokio::test]
async fn a_socket_left_behind_is_replaced_and_a_live_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("screen.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists(), "the file stays behind");
    let socket = bind(&path).unwrap();
    assert!(matches!(bind(&path), Err(SocketError::InUse(_))));
    drop(socket);
    assert!(!path.exists());
    fs::write(&path, "a file").unwrap();
    assert!(matches!(bind(&path), Err(SocketError::NotASocket(_))));
    assert_eq!(fs::read_to_string(&path).unwrap(), "a file");
}

#[tokio::test]
async fn nothing_is_sent_before_hello() {
    let server = serving(own_uid());
    let stream = BlockingStream::connect(&server.path).unwrap();
    server.views.show(view(1, ""));
    tokio::task::yield_now().await;
    stream.set_nonblocking(true).unwrap();
    let mut byte = [0];
    assert_eq!((&stream).read(&mut byte).unwrap_err().kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn law_6_what_was_keyed_in_of_a_surface_code_is_wiped_from_views_that_were_sent() {
    fn wipes_itself<T: zeroize::ZeroizeOnDrop>(_: &broadcast::Sender<Arc<T>>) {}
    wipes_itself(&Views::new().0);
}

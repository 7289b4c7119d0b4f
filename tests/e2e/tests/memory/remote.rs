//! A reader in another process: the card, which knows its PIN and its photo, must not lie in the memory that is searched.
//! One connection for each wait, each scan and each card; closing it powers the card down.

use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use card::{Channel, ChannelError, Presence, Reader, SurfaceCode, SurfaceScanner};

const WAIT: u8 = b'w';
const CARD: u8 = b'c';
const SCAN: u8 = b's';
/// Answers are sent and taken within this, or the other side is gone.
const PATIENCE: Duration = Duration::from_secs(30);

fn send(stream: &mut UnixStream, bytes: &[u8]) -> io::Result<()> {
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_all(&length.to_be_bytes())?;
    // No buffer in between: it would be a copy that nobody wipes.
    stream.write_all(bytes)
}

fn receive(stream: &mut UnixStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn presence_bytes(presence: Presence) -> [u8; 5] {
    let (kind, insertion) = match presence {
        Presence::NoReader => (0, 0),
        Presence::Empty => (1, 0),
        Presence::Card { insertion } => (2, insertion),
        Presence::Mute { insertion } => (3, insertion),
    };
    let [a, b, c, d] = insertion.to_be_bytes();
    [kind, a, b, c, d]
}

fn presence(bytes: &[u8]) -> Presence {
    let Ok([kind, number @ ..]) = <[u8; 5]>::try_from(bytes) else { return Presence::NoReader };
    let insertion = u32::from_be_bytes(number);
    match kind {
        1 => Presence::Empty,
        2 => Presence::Card { insertion },
        3 => Presence::Mute { insertion },
        _ => Presence::NoReader,
    }
}

/// Serves a reader, and what its scanner reads, at `path`, until the process ends.
pub(crate) fn serve(
    path: &Path,
    reader: impl Reader + 'static,
    code: impl Fn() -> Option<[u8; 14]> + Send + Sync + 'static,
) {
    let listener = UnixListener::bind(path).expect("the reader's socket");
    let (reader, code) = (Arc::new(reader), Arc::new(code));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (reader, code, mut stream) = (Arc::clone(&reader), Arc::clone(&code), stream.expect("a connection"));
            // Ends with its connection.
            thread::spawn(move || serve_one(&mut stream, &*reader, &*code));
        }
    });
}

fn serve_one(stream: &mut UnixStream, reader: &dyn Reader, code: &dyn Fn() -> Option<[u8; 14]>) -> io::Result<()> {
    let asked = receive(stream)?;
    match asked.split_first() {
        Some((&WAIT, known)) => {
            let now = reader.wait(presence(known), Duration::from_secs(1));
            send(stream, &presence_bytes(now))
        }
        Some((&SCAN, _)) => send(stream, &code().map(Vec::from).unwrap_or_default()),
        Some((&CARD, _)) => {
            let Ok(mut channel) = reader.connect() else { return Ok(()) };
            send(stream, channel.atr())?;
            loop {
                let command = receive(stream)?;
                let answer = channel.transmit(&command).unwrap_or_default();
                send(stream, &answer)?;
            }
        }
        Some(_) | None => Ok(()),
    }
}

/// The daemon's side.
pub(crate) struct RemoteReader(pub(crate) PathBuf);

impl RemoteReader {
    fn ask(&self, what: &[u8]) -> io::Result<(UnixStream, Vec<u8>)> {
        let mut stream = UnixStream::connect(&self.0)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        send(&mut stream, what)?;
        let answer = receive(&mut stream)?;
        Ok((stream, answer))
    }
}

impl Reader for RemoteReader {
    fn name(&self) -> String {
        "Remote reader".to_owned()
    }

    fn wait(&self, known: Presence, _: Duration) -> Presence {
        self.ask(&[&[WAIT], presence_bytes(known).as_slice()].concat())
            .map_or(Presence::NoReader, |(_, now)| presence(&now))
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        let (stream, atr) = self.ask(&[CARD]).map_err(|_| ChannelError::Removed)?;
        Ok(Box::new(RemoteChannel { stream, atr }))
    }
}

impl SurfaceScanner for RemoteReader {
    fn scan(&self, _: Duration) -> Option<SurfaceCode> {
        let (_, digits) = self.ask(&[SCAN]).ok()?;
        SurfaceCode::from_digits(&digits)
    }
}

struct RemoteChannel {
    stream: UnixStream,
    atr: Vec<u8>,
}

impl Channel for RemoteChannel {
    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        send(&mut self.stream, command).map_err(|_| ChannelError::ReaderGone)?;
        let answer = receive(&mut self.stream).map_err(|_| ChannelError::ReaderGone)?;
        // The other side has no words for why; a visit hears of a lifted card.
        if answer.is_empty() { Err(ChannelError::Removed) } else { Ok(answer) }
    }
}

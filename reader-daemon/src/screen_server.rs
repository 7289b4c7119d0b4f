//! The kiosk's socket: mode 0660, peer uid checked, one client at a time, every message bounded and hostile.
//!
//! The server keeps no view: a kiosk that connects is an event, and the session answers it with the current one.

use std::{
    fs, io,
    os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use screen::{Decoder, PROTOCOL_VERSION, ToDaemon, ToScreen, View, encode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream, unix::OwnedReadHalf, unix::OwnedWriteHalf},
    sync::broadcast,
    task::JoinHandle,
    time::timeout,
};
use zeroize::Zeroizing;

use crate::{
    input::{FromScreen, Input, Inputs, TurnedAway},
    limits::{SCREEN_HELLO, SCREEN_QUEUE, SCREEN_READ, SCREEN_WRITE},
};

/// Why the socket could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// A daemon answers there.
    #[error("{0}: another daemon listens there")]
    InUse(PathBuf),
    /// Something that is not a socket.
    #[error("{0}: is not a socket and is left alone")]
    NotASocket(PathBuf),
    /// What the operating system says.
    #[error("{0}: {1}")]
    System(PathBuf, io::Error),
}

/// The socket file; removed when dropped.
pub(crate) struct Socket {
    listener: UnixListener,
    path: PathBuf,
    inode: u64,
}

impl Socket {
    pub(crate) fn listener(&self) -> &UnixListener {
        &self.listener
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Only our own: a successor may have made its socket already.
        if fs::symlink_metadata(&self.path).is_ok_and(|data| data.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Makes the socket. A file left by a daemon that was killed is replaced.
pub(crate) fn bind(path: &Path) -> Result<Socket, SocketError> {
    let system = |error| SocketError::System(path.to_path_buf(), error);
    match fs::symlink_metadata(path) {
        Ok(data) if !data.file_type().is_socket() => return Err(SocketError::NotASocket(path.to_path_buf())),
        Ok(_) => match std::os::unix::net::UnixStream::connect(path) {
            Ok(_) => return Err(SocketError::InUse(path.to_path_buf())),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path).map_err(system)?,
            Err(error) => return Err(system(error)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(system(error)),
    }
    let listener = UnixListener::bind(path).map_err(system)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o660)).map_err(system)?;
    let inode = fs::symlink_metadata(path).map_err(system)?.ino();
    Ok(Socket { listener, path: path.to_path_buf(), inode })
}

/// A view as it goes over the socket. It may hold digits of the surface code, so it is wiped when nobody needs it.
type Frame = Arc<Zeroizing<Vec<u8>>>;

/// Hands views to whoever is connected.
#[derive(Clone)]
pub(crate) struct Views(broadcast::Sender<Frame>);

impl Views {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(SCREEN_QUEUE).0)
    }

    /// Sends a view; without a kiosk it goes nowhere.
    pub(crate) fn show(&self, view: View) {
        match encode(&ToScreen::View(Box::new(view))) {
            Ok(frame) => {
                let _ = self.0.send(Arc::new(Zeroizing::new(frame)));
            }
            // Texts are bounded when they are read, so this view was built wrong.
            Err(error) => eprintln!("reader-daemon: a view could not be sent: {error}"),
        }
    }
}

/// Serves kiosks for ever. `uid` is the only user that is let in.
pub(crate) async fn serve(socket: Socket, uid: u32, views: Views, inputs: Inputs) {
    let mut client: Option<JoinHandle<()>> = None;
    loop {
        let Ok((stream, _)) = socket.listener.accept().await else {
            // Out of file descriptors: not forever.
            tokio::time::sleep(SCREEN_HELLO).await;
            continue;
        };
        let refused = if !stream.peer_cred().is_ok_and(|peer| peer.uid() == uid) {
            Some(TurnedAway::OtherUser)
        } else if client.as_ref().is_some_and(|task| !task.is_finished()) {
            Some(TurnedAway::Second)
        } else {
            None
        };
        if let Some(why) = refused {
            drop(stream);
            if inputs.send(Input::Screen(FromScreen::TurnedAway(why))).await.is_err() {
                return;
            }
            continue;
        }
        client = Some(tokio::spawn(serve_one(stream, views.clone(), inputs.clone())));
    }
}

async fn serve_one(stream: UnixStream, views: Views, inputs: Inputs) {
    let (mut reading, mut writing) = stream.into_split();
    let mut decoder = Decoder::default();
    match timeout(SCREEN_HELLO, next(&mut reading, &mut decoder)).await {
        Ok(Ok(Some(ToDaemon::Hello { version }))) if version == PROTOCOL_VERSION => {}
        Ok(Ok(Some(ToDaemon::Hello { .. }))) => {
            if let Ok(frame) = encode(&ToScreen::WrongVersion { daemon: PROTOCOL_VERSION }) {
                let _ = timeout(SCREEN_WRITE, writing.write_all(&frame)).await;
            }
            return turn_away(&inputs, TurnedAway::WrongVersion).await;
        }
        Ok(Ok(Some(_)) | Err(())) => return turn_away(&inputs, TurnedAway::Garbage).await,
        Ok(Ok(None)) => return,
        Err(_) => return turn_away(&inputs, TurnedAway::Slow).await,
    }
    // First listen, then say so: the view that answers the event is not missed.
    let frames = views.0.subscribe();
    if inputs.send(Input::Screen(FromScreen::Connected)).await.is_err() {
        return;
    }
    let why = tokio::select! {
        why = read(&mut reading, &mut decoder, &inputs) => why,
        why = write(&mut writing, frames) => why,
    };
    if let Some(why) = why {
        turn_away(&inputs, why).await;
    }
    let _ = inputs.send(Input::Screen(FromScreen::Lost)).await;
}

async fn turn_away(inputs: &Inputs, why: TurnedAway) {
    let _ = inputs.send(Input::Screen(FromScreen::TurnedAway(why))).await;
}

/// The next message; `None` at the end, `Err` for what is none.
async fn next(reading: &mut OwnedReadHalf, decoder: &mut Decoder) -> Result<Option<ToDaemon>, ()> {
    // Wiped: a PIN key passes through.
    let mut bytes = Zeroizing::new([0; SCREEN_READ]);
    loop {
        if let Some(message) = decoder.message().map_err(|_| ())? {
            return Ok(Some(message));
        }
        match reading.read(&mut bytes[..]).await {
            Ok(0) | Err(_) => return Ok(None),
            Ok(count) => decoder.push(bytes.get(..count).unwrap_or_default()).map_err(|_| ())?,
        }
    }
}

async fn read(reading: &mut OwnedReadHalf, decoder: &mut Decoder, inputs: &Inputs) -> Option<TurnedAway> {
    loop {
        let heard = match next(reading, decoder).await {
            Ok(Some(ToDaemon::Shown { revision })) => FromScreen::Shown(revision),
            Ok(Some(ToDaemon::Spoken { revision })) => FromScreen::Spoken(revision),
            Ok(Some(ToDaemon::Touched { revision, target })) => FromScreen::Touched(revision, target),
            Ok(Some(ToDaemon::Active { revision })) => FromScreen::Active(revision),
            Ok(Some(ToDaemon::Key { revision, digit })) => FromScreen::Key(revision, Box::new(digit)),
            Ok(Some(ToDaemon::Hello { .. })) | Err(()) => return Some(TurnedAway::Garbage),
            Ok(None) => return None,
        };
        if inputs.send(Input::Screen(heard)).await.is_err() {
            return None;
        }
    }
}

async fn write(writing: &mut OwnedWriteHalf, mut frames: broadcast::Receiver<Frame>) -> Option<TurnedAway> {
    loop {
        // Lagging behind the queue is being slow; the sender outlives every client.
        let Ok(frame) = frames.recv().await else { return Some(TurnedAway::Slow) };
        match timeout(SCREEN_WRITE, writing.write_all(&frame)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return None,
            Err(_) => return Some(TurnedAway::Slow),
        }
    }
}

#[cfg(test)]
#[path = "screen_server_tests.rs"]
mod tests;

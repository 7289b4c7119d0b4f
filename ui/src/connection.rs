//! The socket to the daemon: connects, greets, decodes views, and starts again when the daemon goes.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    ops::ControlFlow,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use screen::{Decoder, PROTOCOL_VERSION, ToDaemon, ToScreen, View, encode};
use zeroize::Zeroize;

use crate::limits;

/// What the connection tells the glass, in order.
pub(crate) enum Incoming {
    /// A daemon is there; touches go this way until [`Incoming::Lost`].
    Connected(Sender),
    /// Draw this.
    View(Box<View>),
    /// The daemon is gone, or sent what is no message.
    Lost,
}

/// The writing half of one connection. Messages of an older connection can never reach a newer one.
pub(crate) struct Sender(UnixStream);

impl Sender {
    /// Sends one message. A daemon that does not take it in time is treated as gone.
    pub(crate) fn send(&self, message: &ToDaemon) {
        if write(&self.0, message).is_err() {
            // The reading half sees the end and reports `Lost`.
            let _ = self.0.shutdown(Shutdown::Both);
        }
    }
}

fn write(mut stream: &UnixStream, message: &ToDaemon) -> io::Result<()> {
    let mut frame = encode(message).map_err(io::Error::other)?;
    let written = stream.write_all(&frame);
    // It may hold a PIN key.
    frame.zeroize();
    written
}

/// Why one connection ended.
enum End {
    Lost,
    Refused,
    /// Nobody wants views any more.
    Closed,
}

/// Keeps connecting on a thread of its own until `deliver` breaks.
pub(crate) fn spawn(socket: PathBuf, deliver: impl Fn(Incoming) -> ControlFlow<()> + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("connection".to_owned()).spawn(move || {
        loop {
            let pause: Duration = match talk(&socket, &deliver) {
                Ok(End::Closed) => return,
                Ok(End::Refused) => limits::RECONNECT_AFTER_REFUSAL,
                Ok(End::Lost) | Err(_) => limits::RECONNECT,
            };
            thread::sleep(pause);
        }
    })?;
    Ok(())
}

fn talk(socket: &Path, deliver: &impl Fn(Incoming) -> ControlFlow<()>) -> io::Result<End> {
    let stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(limits::WRITE))?;
    write(&stream, &ToDaemon::Hello { version: PROTOCOL_VERSION })?;
    if deliver(Incoming::Connected(Sender(stream.try_clone()?))).is_break() {
        return Ok(End::Closed);
    }
    let end = receive(&stream, deliver);
    let _ = stream.shutdown(Shutdown::Both);
    if matches!(end, End::Closed) || deliver(Incoming::Lost).is_break() {
        return Ok(End::Closed);
    }
    Ok(end)
}

fn receive(mut stream: &UnixStream, deliver: &impl Fn(Incoming) -> ControlFlow<()>) -> End {
    let mut decoder = Decoder::default();
    let mut chunk = [0; limits::READ_CHUNK];
    loop {
        let bytes = match stream.read(&mut chunk) {
            Ok(0) => return End::Lost,
            Ok(count) => chunk.get(..count).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return End::Lost,
        };
        if let Err(error) = decoder.push(bytes) {
            eprintln!("kiosk: the daemon sent no message: {error}");
            return End::Lost;
        }
        loop {
            match decoder.message::<ToScreen>() {
                Ok(None) => break,
                Ok(Some(ToScreen::View(view))) => {
                    if deliver(Incoming::View(view)).is_break() {
                        return End::Closed;
                    }
                }
                Ok(Some(ToScreen::WrongVersion { daemon })) => {
                    eprintln!("kiosk: the daemon speaks version {daemon}, this kiosk {PROTOCOL_VERSION}: update both");
                    return End::Refused;
                }
                Err(error) => {
                    eprintln!("kiosk: the daemon sent no message: {error}");
                    return End::Lost;
                }
            }
        }
    }
}

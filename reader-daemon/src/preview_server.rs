//! The kiosk's connection for the live picture: accepted and checked here, then handed to a face worker as its standard
//! output. No frame passes through the daemon. The newest connection counts.

use std::os::fd::OwnedFd;

use tokio::sync::mpsc;

use crate::{
    input::{FromScreen, Input, Inputs, TurnedAway},
    limits::SCREEN_HELLO,
    screen_server::Socket,
};

/// Accepts connections for ever. `uid` is the only user that is let in.
pub(crate) async fn serve(socket: Socket, uid: u32, previews: mpsc::Sender<OwnedFd>, inputs: Inputs) {
    loop {
        let Ok((stream, _)) = socket.listener().accept().await else {
            // Out of file descriptors: not forever.
            tokio::time::sleep(SCREEN_HELLO).await;
            continue;
        };
        if !stream.peer_cred().is_ok_and(|peer| peer.uid() == uid) {
            drop(stream);
            if inputs.send(Input::Screen(FromScreen::TurnedAway(TurnedAway::OtherUser))).await.is_err() {
                return;
            }
            continue;
        }
        // Non-blocking as it is: the worker never waits for the kiosk.
        let Ok(stream) = stream.into_std() else { continue };
        if previews.send(OwnedFd::from(stream)).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{Read as _, Write as _},
        os::unix::{fs::PermissionsExt as _, net::UnixStream},
        path::PathBuf,
    };

    use tempfile::TempDir;

    use super::*;
    use crate::screen_server::bind;

    struct Served {
        path: PathBuf,
        previews: mpsc::Receiver<OwnedFd>,
        heard: mpsc::Receiver<Input>,
        _folder: TempDir,
    }

    fn serving(uid: u32) -> Served {
        let folder = tempfile::tempdir().unwrap();
        let path = screen::preview::socket_path(&folder.path().join("screen.sock"));
        let (sent, previews) = mpsc::channel(4);
        let (inputs, heard) = mpsc::channel(4);
        tokio::spawn(serve(bind(&path).unwrap(), uid, sent, inputs));
        Served { path, previews, heard, _folder: folder }
    }

    fn own_uid() -> u32 {
        rustix::process::getuid().as_raw()
    }

    #[tokio::test]
    async fn what_is_written_to_the_connection_reaches_the_kiosk_and_its_end_too() {
        let mut served = serving(own_uid());
        let mode = fs::metadata(&served.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o660);
        let mut kiosk = UnixStream::connect(&served.path).unwrap();
        let handed = served.previews.recv().await.unwrap();
        let mut worker = UnixStream::from(handed);
        worker.write_all(b"picture").unwrap();
        drop(worker);
        let mut seen = Vec::new();
        kiosk.read_to_end(&mut seen).unwrap();
        assert_eq!(seen, b"picture");
    }

    #[tokio::test]
    async fn another_user_is_turned_away() {
        let mut served = serving(own_uid() + 1);
        let mut kiosk = UnixStream::connect(&served.path).unwrap();
        let heard = served.heard.recv().await;
        assert!(matches!(heard, Some(Input::Screen(FromScreen::TurnedAway(TurnedAway::OtherUser)))));
        let mut seen = Vec::new();
        kiosk.read_to_end(&mut seen).unwrap();
        assert!(seen.is_empty() && served.previews.try_recv().is_err());
    }
}

//! Starts one worker to see whether the face way works, for `doctor`. No camera goes on for it.

use std::{
    io::Read as _,
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::Stdio,
    time::{Duration, Instant},
};

use face::{ClosedBecause, FromWorker, WeightsLevel, link::Decoder};

use super::FaceWorker;
use crate::limits::{FACE_READ, FACE_READY};

/// What a worker said of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// Models are loaded and self-tested, the camera is there.
    Ready {
        /// Identity of the weights.
        weights: String,
        /// What they may decide about.
        level: WeightsLevel,
        /// The camera's description.
        camera: String,
    },
    /// It cannot work.
    Closed {
        /// Why.
        why: ClosedBecause,
        /// Which file or device.
        detail: String,
    },
    /// It could not be started, or ended or was silent before it said either.
    Nothing(String),
}

/// Starts a worker, hears its first news, and kills it. Blocks up to [`FACE_READY`].
#[must_use]
pub fn probe(worker: &FaceWorker) -> Probed {
    let nothing = |error: std::io::Error| Probed::Nothing(error.to_string());
    let (mut ours, theirs) = match UnixStream::pair() {
        Ok(pair) => pair,
        Err(error) => return nothing(error),
    };
    let mut command = worker.command();
    command.stdin(Stdio::from(OwnedFd::from(theirs))).stdout(Stdio::null());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return nothing(error),
    };
    // Holds the worker's end as well: without this its death would not be heard.
    drop(command);
    let news = first_news(&mut ours, FACE_READY);
    let _ = child.kill();
    let _ = child.wait();
    match news {
        Ok(FromWorker::Ready { weights, level, camera }) => Probed::Ready { weights, level, camera },
        Ok(FromWorker::Closed { why, detail }) => Probed::Closed { why, detail },
        Ok(
            FromWorker::Photo { .. }
            | FromWorker::Camera { .. }
            | FromWorker::Looking { .. }
            | FromWorker::Comparing { .. }
            | FromWorker::Decided { .. },
        ) => Probed::Nothing("the worker speaks out of turn".to_owned()),
        Err(cause) => Probed::Nothing(cause),
    }
}

fn first_news(from: &mut UnixStream, limit: Duration) -> Result<FromWorker, String> {
    let until = Instant::now() + limit;
    let mut decoder = Decoder::default();
    let mut bytes = [0; FACE_READ];
    loop {
        if let Some(news) = decoder.next().map_err(|error| error.to_string())? {
            return Ok(news);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("the worker is not ready in time".to_owned());
        }
        from.set_read_timeout(Some(left)).map_err(|error| error.to_string())?;
        match from.read(&mut bytes) {
            Ok(0) => return Err("the worker ended before it was ready; its own words stand above".to_owned()),
            Ok(count) => decoder.push(bytes.get(..count).unwrap_or_default()).map_err(|error| error.to_string())?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

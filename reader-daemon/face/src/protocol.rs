//! What daemon and worker say to each other over the worker's standard input, a Unix socket: a length, then JSON; the
//! photo follows its message as bare bytes, so that no library copies it.

use screen::{Advice, Movement};
use serde::{Deserialize, Serialize};

use crate::WeightsLevel;

/// Daemon → worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum ToWorker {
    /// So many bytes of photo follow (JPEG 2000). Answered by [`FromWorker::Photo`].
    Photo {
        /// At most [`crate::limits::MAX_PHOTO`].
        bytes: u32,
    },
    /// Open the camera; begin a try as soon as the photo is a vector. Answered by [`FromWorker::Decided`].
    Look {
        /// Of this try, chosen by the daemon, another for each: what comes late of an earlier one shows by it.
        number: u32,
        /// How much time the try has.
        pace: Pace,
    },
    /// Staff compare (patient-flow section 7): open the camera, show what it sees and, beside it, the card's photo. Nothing
    /// is judged. Answered by [`FromWorker::Comparing`]; ends with [`ToWorker::Stop`].
    Compare {
        /// As of [`ToWorker::Look`], from the same count.
        number: u32,
    },
    /// Give the try up, or end the comparison: camera off, no answer.
    Stop,
}

/// How much time a try has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// As for everybody.
    #[default]
    Usual,
    /// [`crate::limits::SLOW`] times as much: ゆっくり, or with the voice, which has to say first what others see.
    Slow,
}

/// Worker → daemon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum FromWorker {
    /// Models are loaded, self-tested and warm; the camera is there.
    Ready {
        /// Identity of the weights, for the signed result: `name@first 16 hex digits of SHA-256` of the embedding model.
        weights: String,
        /// What they may be used for.
        level: WeightsLevel,
        /// [`crate::OpenCamera::describe`].
        camera: String,
    },
    /// The face way is closed: the worker ends after this.
    Closed {
        /// Why.
        why: ClosedBecause,
        /// For staff and support; names files and devices.
        detail: String,
    },
    /// What came of the photo.
    Photo {
        /// It is decoded and has a face; otherwise it cannot be used.
        usable: bool,
    },
    /// The camera's light is on, or off.
    Camera {
        /// Of the [`ToWorker::Look`] or [`ToWorker::Compare`] it belongs to.
        number: u32,
        /// Which.
        on: bool,
    },
    /// Staff can compare: the photo went to the kiosk, or there is none that can be shown. Said again when a photo comes
    /// later.
    Comparing {
        /// Of the [`ToWorker::Compare`] it belongs to.
        number: u32,
        /// The photo stands there.
        photo: bool,
    },
    /// What it sees; sent when it changes.
    Looking {
        /// Of the [`ToWorker::Look`] it belongs to.
        number: u32,
        /// One line of guidance.
        advice: Option<Advice>,
        /// What is asked for now.
        movement: Option<Movement>,
        /// 0 to 100.
        progress: u8,
    },
    /// The decision of this try; the camera is off. Of a comparison only [`FaceOutcome::Gone`] comes.
    Decided {
        /// Of the [`ToWorker::Look`] it belongs to.
        number: u32,
        /// Which.
        outcome: FaceOutcome,
    },
}

/// Why the face way is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBecause {
    /// A model file is missing, has another hash, cannot be loaded or fails its self-test.
    Models,
    /// No camera.
    Camera,
}

/// What came of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum FaceOutcome {
    /// The holder, and alive as far as the cues tell.
    Match,
    /// Another face.
    NoMatch,
    /// Not enough was seen, or a movement was not finished; never an attack.
    Unclear {
        /// What stood in the way most of the time.
        advice: Option<Advice>,
    },
    /// A false face. Final for the visit (law 8).
    Attack,
    /// The camera is lost.
    Gone,
}

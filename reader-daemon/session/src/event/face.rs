//! What comes of the photo, of a try at the camera, and of the step behind it.

use screen::{Advice, Movement};

use crate::policy::Reason;

/// Whether the face way exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceWay {
    /// A worker waits, warm.
    Ready,
    /// It does not, and why: [`Reason::NotAvailable`], [`Reason::FaceModels`] or [`Reason::Camera`].
    Closed(Reason),
}

/// What came of reading the photo (card.md 5). With [`Self::Ready`] the worker has it; the daemon keeps no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhotoResult {
    /// Passive and active authentication hold, the photo is decoded and its face found.
    Ready,
    /// The scanner read no surface code: it has to be keyed in.
    NoSurfaceCode,
    /// What was keyed in cannot be a surface code; nothing was sent.
    Implausible,
    /// The card refused the code; more than three tries are left. Never again without a new reading.
    CodeWrong,
    /// Three or fewer tries are left, or none: nothing (more) is sent.
    CodeStopped,
    /// The card holds no photo.
    NoPhoto,
    /// Passive authentication failed.
    Tampered,
    /// Active authentication failed.
    Cloned,
    /// The data signer is not configured.
    UnknownSigner,
    /// The photo cannot be decoded, or no face is found in it.
    Unusable,
    /// Another card than the one that was read.
    Changed,
    /// The card or the reader failed.
    NotRead,
}

/// News from the face worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceSeen {
    /// It looks.
    Looking {
        /// One line of guidance.
        advice: Option<Advice>,
        /// What the patient is asked to do now.
        movement: Option<Movement>,
        /// 0 to 100.
        progress: u8,
    },
    /// It has decided; its camera is off.
    Decided(FaceOutcome),
}

/// What came of one try at the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceOutcome {
    /// The holder, alive.
    Match,
    /// Another face.
    NoMatch,
    /// Not enough was seen, or a movement was not finished; never an attack.
    Unclear(Option<Advice>),
    /// A false face. Final for the visit (law 8).
    Attack,
    /// Camera or worker are gone; a new worker is being started.
    Gone,
}

/// What came of the PIN-less step and the signature behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinLessResult {
    /// Signed; the driver holds the signature.
    Signed,
    /// The service or the card does not do it.
    NotAvailable,
    /// The card refused the service's credential, or the service sent what may not go to a card.
    Refused,
    /// Another card than the one that was read.
    Changed,
    /// The card or the reader failed. No PIN try is touched.
    NotSigned,
    /// The service could not be reached.
    Unreachable,
}

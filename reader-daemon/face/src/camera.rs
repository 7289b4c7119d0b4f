//! The camera: opened for one try, closed right after the decision. A deadline on every frame.

use std::time::Duration;

use crate::Frame;

/// Opens the camera; one worker opens it several times.
pub trait OpenCamera: Send {
    /// What it is, for `doctor` and the journal: product, vendor:product id, physical path.
    fn describe(&self) -> String;

    /// Whether it is there, without switching it on. Asked once, before the first try.
    ///
    /// # Errors
    /// [`CameraError`].
    fn find(&mut self) -> Result<(), CameraError> {
        Ok(())
    }

    /// Opens it and starts delivery.
    ///
    /// # Errors
    /// [`CameraError`].
    fn open(&mut self) -> Result<Box<dyn Camera>, CameraError>;
}

/// A camera that delivers. Dropping it stops delivery: its light goes out.
pub trait Camera: Send {
    /// The next picture, at the latest after `limit`. It is asked in slices shorter than a frame may take, so that it can be
    /// told to close in between: after [`CameraError::Stalled`] it may be asked again and loses no frame.
    ///
    /// # Errors
    /// [`CameraError`]; after [`CameraError::Gone`], and when it stays stalled, it is dropped and opened anew.
    fn next(&mut self, limit: Duration) -> Result<Frame, CameraError>;
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// No capture node fits the configuration, or several do.
    #[error("no camera is there, or the configuration does not say which of several")]
    NotThere,
    /// Another program uses it.
    #[error("another program uses the camera")]
    Busy,
    /// Permission is missing.
    #[error("the camera may not be opened")]
    NotAllowed,
    /// It offers neither YUYV nor MJPEG at 640×480.
    #[error("the camera offers no picture format this program reads")]
    NoFormat,
    /// No frame within the limit.
    #[error("the camera does not deliver")]
    Stalled,
    /// Unplugged.
    #[error("the camera is gone")]
    Gone,
    /// This frame is incomplete or damaged; the next one may be better.
    #[error("a frame is damaged")]
    Damaged,
}

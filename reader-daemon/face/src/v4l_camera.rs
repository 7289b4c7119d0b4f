//! The real camera. nokhwa finds it and tells its name; frames come through the v4l crate beneath it, because nokhwa's
//! `frame()` waits without limit and hands out more than the camera delivered (lab findings 1 and 2).

use std::io;

use v4l::Device;

use crate::{Camera, CameraError, OpenCamera};

mod caps;
mod delivery;
mod node;

use delivery::Delivery;
use node::{Choice, Node};

/// A camera behind V4L2, named by a pattern; looked for anew at each opening, because its node changes when it is replugged.
pub struct V4lCamera {
    pattern: Option<String>,
    found: Result<Node, String>,
}

impl V4lCamera {
    /// `pattern`: part of the product name, `vendor:product` in four hexadecimal digits each, or the physical path. `None`: the
    /// only camera there is.
    #[must_use]
    pub fn new(pattern: Option<String>) -> Self {
        Self { pattern, found: Err("not looked for yet".into()) }
    }

    fn look(&mut self) -> Result<Node, CameraError> {
        let nodes = node::all();
        let choice = node::choose(&nodes, self.pattern.as_deref());
        self.found = match &choice {
            Choice::One(node) => Ok((*node).clone()),
            Choice::None => Err(format!("no camera fits among {}", node::list(&nodes))),
            Choice::Several => Err(format!("several cameras fit; name one of {}", node::list(&nodes))),
        };
        match (choice, nodes.iter().any(Node::forbidden)) {
            (Choice::One(node), _) => Ok(node.clone()),
            (Choice::None, true) => Err(CameraError::NotAllowed),
            (Choice::None | Choice::Several, _) => Err(CameraError::NotThere),
        }
    }
}

impl OpenCamera for V4lCamera {
    fn describe(&self) -> String {
        match &self.found {
            Ok(node) => node.to_string(),
            Err(why) => why.clone(),
        }
    }

    fn find(&mut self) -> Result<(), CameraError> {
        self.look().map(|_| ())
    }

    fn open(&mut self) -> Result<Box<dyn Camera>, CameraError> {
        let node = self.look()?;
        let device = Device::with_path(node.path()).map_err(|error| classify(&error))?;
        Ok(Box::new(Delivery::start(device)?))
    }
}

/// What an error of the kernel means (lab finding 5). Whatever else fails is tried again by opening anew.
fn classify(error: &io::Error) -> CameraError {
    // ENODEV 19, ENXIO 6, ENOENT 2, EBUSY 16, EACCES 13, EPERM 1.
    match error.raw_os_error() {
        Some(19 | 6) => CameraError::Gone,
        Some(2) => CameraError::NotThere,
        Some(16) => CameraError::Busy,
        Some(13 | 1) => CameraError::NotAllowed,
        Some(_) | None => CameraError::Stalled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_errors_are_told_apart() {
        let of = |number| classify(&io::Error::from_raw_os_error(number));
        assert_eq!(of(19), CameraError::Gone);
        assert_eq!(of(16), CameraError::Busy);
        assert_eq!((of(13), of(1)), (CameraError::NotAllowed, CameraError::NotAllowed));
        assert_eq!(of(2), CameraError::NotThere);
        assert_eq!(of(5), CameraError::Stalled);
        assert_eq!(classify(&io::Error::new(io::ErrorKind::TimedOut, "VIDIOC_DQBUF")), CameraError::Stalled);
    }

    #[test]
    fn a_camera_that_is_not_there_is_said_to_be_so_and_named() {
        let mut camera = V4lCamera::new(Some("no such camera as this one".into()));
        assert!(matches!(camera.find(), Err(CameraError::NotThere | CameraError::NotAllowed)));
        assert!(camera.describe().starts_with("no camera fits"));
        assert!(camera.open().is_err());
    }
}

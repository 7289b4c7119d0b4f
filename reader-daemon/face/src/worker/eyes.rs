//! What the worker needs of the pipeline, so that its own steps can be tested without models.

use crate::geometry::Face;
use crate::{AttackScores, FaceVector, Frame, Observation, Pipeline};

/// From pixels to numbers. `None`: a net failed, or there is nothing usable.
pub(super) trait Eyes {
    fn forget(&mut self);
    fn look(&mut self, frame: &Frame) -> Option<Observation>;
    fn embed(&mut self, frame: &Frame, face: &Face) -> Option<FaceVector>;
    fn attack(&mut self, frame: &Frame, face: &Face) -> Option<AttackScores>;
    fn photo(&mut self, photo: &[u8]) -> Option<FaceVector>;
}

impl Eyes for Pipeline {
    fn forget(&mut self) {
        Self::forget(self);
    }

    fn look(&mut self, frame: &Frame) -> Option<Observation> {
        said(Self::look(self, frame, None))
    }

    fn embed(&mut self, frame: &Frame, face: &Face) -> Option<FaceVector> {
        said(Self::embed(self, frame, face))
    }

    fn attack(&mut self, frame: &Frame, face: &Face) -> Option<AttackScores> {
        said(Self::attack(self, frame, face))
    }

    fn photo(&mut self, photo: &[u8]) -> Option<FaceVector> {
        said(Self::photo(self, photo))
    }
}

/// What went wrong, for support; errors of the pipeline name files and nets, nothing of a face.
fn said<T, E: std::fmt::Display>(result: Result<T, E>) -> Option<T> {
    result.inspect_err(|error| eprintln!("face worker: {error}")).ok()
}

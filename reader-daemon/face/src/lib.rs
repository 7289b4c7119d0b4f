//! Whose face it is: photo decoding, camera, detection, alignment, comparison and attack detection.
//!
//! Runs as one worker process per visit, killed at its end: libraries free buffers unwiped, the operating system does not
//! (law 6).

mod align;
mod attack;
mod camera;
mod capture;
mod caught;
mod clock;
mod detector;
mod file;
mod frame;
mod geometry;
mod judge;
mod level;
pub mod limits;
pub mod link;
mod manifest;
mod mjpeg;
mod models;
mod net;
mod photo;
mod pipeline;
mod pose;
mod preview;
mod protocol;
mod quality;
mod resample;
#[cfg(test)]
mod testing;
mod v4l_camera;
mod vector;
mod worker;
mod yuyv;

pub use attack::{AttackScores, JudgementScore};
pub use camera::{Camera, CameraError, OpenCamera};
pub use clock::monotonic_ns;
pub use frame::Frame;
pub use geometry::{Face, FaceBox, Point};
pub use judge::{Judge, Measured, Shown, Sight, Wanted};
pub use level::{TooLow, WeightsLevel};
pub use manifest::{
    Attack, AttackNet, Channels, Crop, CropShape, DIMENSIONS, Embedding, Entry, Levels, Manifest, ManifestError, Range,
    SelfTest, Thresholds,
};
pub use mjpeg::decode_mjpeg;
pub use models::{ModelError, Models};
pub use net::NetError;
pub use photo::{PhotoError, decode_photo};
pub use pipeline::{Observation, Pipeline};
pub use pose::Pose;
pub use protocol::{ClosedBecause, FaceOutcome, FromWorker, Pace, ToWorker};
pub use quality::Quality;
pub use v4l_camera::V4lCamera;
pub use vector::FaceVector;
pub use worker::{WorkerSettings, run_worker};

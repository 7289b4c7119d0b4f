//! For the tests of this crate: a head in space, face vectors, attack scores, and a camera that counts.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rand_core::{RngCore, impls};
use screen::Movement;

use crate::attack::JudgementScore;
use crate::geometry::{Face, FaceBox, Point, STANDARD};
use crate::limits::NOSE_LENGTH;
use crate::manifest::{DIMENSIONS, Levels, Thresholds};
use crate::{AttackScores, Camera, CameraError, FaceVector, Frame, OpenCamera};

pub(crate) const FRAME_NS: u64 = 33_000_000;
pub(crate) const THRESHOLDS: Thresholds = Thresholds { accept: 0.40, again: 0.32 };
pub(crate) const LEVELS: [Levels; 2] = [Levels { live: 0.7, attack: 0.4 }, Levels { live: 0.5, attack: 0.1 }];

/// Always draws the movement it was made for.
pub(crate) struct Drawn(pub(crate) u32);

impl RngCore for Drawn {
    fn next_u32(&mut self) -> u32 {
        self.0
    }
    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_u32(self)
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        impls::fill_bytes_via_next(self, dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

pub(crate) fn drawing(movement: Movement) -> Drawn {
    let place = Movement::ALL.iter().position(|one| *one == movement).unwrap() as u32;
    Drawn(place * (u32::MAX / 3) + 10)
}

/// A head in space, turned by `yaw` degrees, `size` times as near.
pub(crate) fn head(yaw: f32, size: f32) -> Face {
    let (sin, cos) = yaw.to_radians().sin_cos();
    let mut points = STANDARD.map(|p| (p.x - 56.0, p.y - 72.0, 0.0));
    points[2].2 = NOSE_LENGTH * 35.2;
    let points =
        points.map(|(x, y, z)| Point { x: 320.0 + 1.7 * size * (x * cos + z * sin), y: 240.0 + 1.7 * size * y });
    let side = 120.0 * size;
    let place = FaceBox { x: 320.0 - side / 2.0, y: 240.0 - side / 2.0, width: side, height: side };
    Face { place, points, score: 0.9 }
}

/// A vector whose cosine with [`photo`] is `cosine`; the rest points the way `other` says.
pub(crate) fn vector(cosine: f32, other: usize) -> FaceVector {
    let mut numbers = [0.0; DIMENSIONS];
    numbers[0] = cosine;
    numbers[other] = (1.0 - cosine * cosine).sqrt();
    FaceVector::from_numbers(&numbers).unwrap()
}

pub(crate) fn photo() -> FaceVector {
    vector(1.0, 1)
}

pub(crate) fn scores(live: &[f32]) -> AttackScores {
    let one = |live: &f32| JudgementScore { name: String::new(), live: *live, nets: vec![*live] };
    AttackScores { judgements: live.iter().map(one).collect() }
}

/// What the camera does with its next call.
pub(crate) type Script = Box<dyn FnMut(u32) -> Result<Frame, CameraError> + Send>;

/// How often it was opened and closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) opened: u32,
    pub(crate) closed: u32,
}

impl Count {
    pub(crate) fn is_open(self) -> bool {
        self.opened > self.closed
    }
}

/// A camera that plays a script and counts. The script gets the number of the opening, from 1.
pub(crate) struct TestCamera {
    pub(crate) count: Arc<(Mutex<Count>, Condvar)>,
    pub(crate) script: Arc<Mutex<Script>>,
    /// How long it takes to go off.
    pub(crate) closing: Duration,
    pub(crate) missing: bool,
    pub(crate) refuses: Option<CameraError>,
}

impl TestCamera {
    pub(crate) fn new(script: Script) -> Self {
        let script = Arc::new(Mutex::new(script));
        Self { count: Arc::default(), script, closing: Duration::ZERO, missing: false, refuses: None }
    }
}

impl OpenCamera for TestCamera {
    fn describe(&self) -> String {
        "test camera".into()
    }

    fn find(&mut self) -> Result<(), CameraError> {
        if self.missing { Err(CameraError::NotThere) } else { Ok(()) }
    }

    fn open(&mut self) -> Result<Box<dyn Camera>, CameraError> {
        if let Some(error) = self.refuses {
            return Err(error);
        }
        let mut count = self.count.0.lock().unwrap();
        assert!(!count.is_open(), "opened twice");
        count.opened += 1;
        self.count.1.notify_all();
        let (opening, script, closing) = (count.opened, Arc::clone(&self.script), self.closing);
        Ok(Box::new(Opened { opening, script, closing, count: Arc::clone(&self.count) }))
    }
}

struct Opened {
    opening: u32,
    script: Arc<Mutex<Script>>,
    closing: Duration,
    count: Arc<(Mutex<Count>, Condvar)>,
}

impl Camera for Opened {
    fn next(&mut self, limit: Duration) -> Result<Frame, CameraError> {
        let next = (self.script.lock().unwrap())(self.opening);
        if matches!(next, Err(CameraError::Stalled)) {
            thread::sleep(limit);
        }
        next
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        thread::sleep(self.closing);
        self.count.0.lock().unwrap().closed += 1;
        self.count.1.notify_all();
    }
}

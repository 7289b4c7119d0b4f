//! The whole way from pixels to numbers: photo and frames in, faces, advice, face vectors and attack scores out. What is
//! decided of them is the judge's.

use screen::Advice;

use crate::align::Embedder;
use crate::attack::{AttackScores, Attacks};
use crate::detector::Detector;
use crate::geometry::{Face, FaceBox};
use crate::limits::{FACE_SCORE, MIN_PHOTO_EYES, OTHER_FACE, OTHER_HEIGHT, PHOTO_SCORE, TRACK_GROW, WHOLE_EVERY};
use crate::models::Models;
use crate::net::NetError;
use crate::photo::{PhotoError, decode_photo};
use crate::quality::Quality;
use crate::resample::Region;
use crate::{FaceVector, Frame};

/// What one frame shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// Faces, the nearest (largest) first. Between searches of the whole frame the others stay as last seen.
    pub faces: Vec<Face>,
    /// Of the nearest.
    pub quality: Option<Quality>,
    /// What stands in the way of using this frame; `None`: it is good.
    pub advice: Option<Advice>,
}

impl Observation {
    /// The patient's face: the nearest.
    #[must_use]
    pub fn face(&self) -> Option<&Face> {
        self.faces.first()
    }
}

/// All nets with what they remember from frame to frame: only places, never pixels.
pub struct Pipeline {
    detector: Detector,
    tracker: Detector,
    embedder: Embedder,
    attacks: Attacks,
    last: Option<Last>,
}

struct Last {
    face: Face,
    others: Vec<Face>,
    taken_ns: u64,
    /// Frames since the whole was searched.
    since: u32,
}

impl Pipeline {
    /// From loaded models.
    #[must_use]
    pub fn new(models: Models) -> Self {
        Self {
            detector: Detector::new(models.detector),
            tracker: Detector::new(models.tracker),
            embedder: Embedder::new(models.embedding),
            attacks: Attacks::new(models.attack),
            last: None,
        }
    }

    /// Forgets the last frame: a new try begins.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// Searches a frame: near `hint` (by default the face of the frame before), and as a whole every [`WHOLE_EVERY`]
    /// frames and when the face is lost.
    ///
    /// # Errors
    /// [`NetError`]: the detector failed.
    pub fn look(&mut self, frame: &Frame, hint: Option<&FaceBox>) -> Result<Observation, NetError> {
        let last = self.last.take();
        let near = hint.copied().or_else(|| last.as_ref().map(|last| last.face.place));
        let tracked = match (&last, near) {
            (Some(last), Some(near)) if last.since + 1 < WHOLE_EVERY => self.track(frame, &near)?,
            _ => None,
        };
        let (face, others, since) = match (tracked, &last) {
            (Some(face), Some(last)) => (Some(face), last.others.clone(), last.since + 1),
            _ => {
                let mut faces = self.detector.find(frame, Region::whole(frame), FACE_SCORE)?;
                faces.sort_by(|a, b| b.place.area().total_cmp(&a.place.area()));
                let mut faces = faces.into_iter();
                (faces.next(), faces.collect(), 0)
            }
        };
        let Some(face) = face else {
            return Ok(Observation { advice: Some(Advice::NoFace), ..Observation::default() });
        };
        let mut quality = Quality::of(frame, &face);
        if let Some(last) = &last {
            quality.speed = speed(&last.face, last.taken_ns, &face, frame.taken_ns());
        }
        let several = others.iter().any(|other| disturbs(other, &face));
        let advice = if several { Some(Advice::SeveralFaces) } else { quality.advice() };
        self.last = Some(Last { face, others: others.clone(), taken_ns: frame.taken_ns(), since });
        let faces = [face].into_iter().chain(others).collect();
        Ok(Observation { faces, quality: Some(quality), advice })
    }

    /// The face near its last place, the largest if there are several there.
    fn track(&mut self, frame: &Frame, near: &FaceBox) -> Result<Option<Face>, NetError> {
        let Some(region) = around(frame, near) else { return Ok(None) };
        let faces = self.tracker.find(frame, region, FACE_SCORE)?;
        Ok(faces.into_iter().max_by(|a, b| a.place.area().total_cmp(&b.place.area())))
    }

    /// The face vector of a face in the frame it was seen in.
    ///
    /// # Errors
    /// [`NetError`]: the model failed, or the five points lie on one spot.
    pub fn embed(&mut self, frame: &Frame, face: &Face) -> Result<FaceVector, NetError> {
        self.embedder.vector(frame, face)
    }

    /// What the attack nets say of a face in the frame it was seen in.
    ///
    /// # Errors
    /// [`NetError`]: a model failed.
    pub fn attack(&mut self, frame: &Frame, face: &Face) -> Result<AttackScores, NetError> {
        self.attacks.scores(frame, face)
    }

    /// The face vector of the card's photo.
    ///
    /// # Errors
    /// [`PhotoError`].
    pub fn photo(&mut self, jp2: &[u8]) -> Result<FaceVector, PhotoError> {
        let frame = decode_photo(jp2)?;
        let face = self.photo_face(&frame)?;
        Ok(self.embed(&frame, &face)?)
    }

    /// The one usable face of a decoded photo, or of any other still picture of one person.
    ///
    /// # Errors
    /// [`PhotoError::NoFace`], [`PhotoError::SeveralFaces`], [`PhotoError::Net`].
    pub fn photo_face(&mut self, frame: &Frame) -> Result<Face, PhotoError> {
        let mut faces = self.detector.find(frame, Region::whole(frame), FACE_SCORE)?;
        if faces.is_empty() {
            faces = self.detector.find(frame, Region::whole(frame), PHOTO_SCORE)?;
        }
        let largest = faces.iter().copied().max_by(|a, b| a.place.area().total_cmp(&b.place.area()));
        let face = largest.filter(|face| face.size() >= MIN_PHOTO_EYES).ok_or(PhotoError::NoFace)?;
        let close = |other: &&Face| other.score >= FACE_SCORE && other.place.height >= face.place.height * OTHER_FACE;
        if faces.iter().filter(close).count() > 1 {
            return Err(PhotoError::SeveralFaces);
        }
        Ok(face)
    }
}

/// Whether another face is so near that it must step back; people in the background do not count.
fn disturbs(other: &Face, face: &Face) -> bool {
    other.place.height >= OTHER_HEIGHT && other.place.height >= face.place.height * OTHER_FACE
}

/// A square about the box, grown and shifted inside the frame. `None`: it lies outside.
fn around(frame: &Frame, near: &FaceBox) -> Option<Region> {
    let centre = near.centre();
    let side = near.width.max(near.height) * TRACK_GROW;
    let edge = |centre: f32, length: usize| {
        let side = side.min(length as f32);
        let from = (centre - side / 2.0).clamp(0.0, length as f32 - side);
        (from as usize, side as usize)
    };
    let inside = centre.x >= 0.0
        && centre.y >= 0.0
        && centre.x < frame.width() as f32
        && centre.y < frame.height() as f32
        && side.is_finite();
    let (x, width) = edge(centre.x, frame.width());
    let (y, height) = edge(centre.y, frame.height());
    (inside && width >= 16 && height >= 16).then_some(Region { x, y, width, height })
}

/// Eye distances a second.
fn speed(before: &Face, before_ns: u64, now: &Face, now_ns: u64) -> f32 {
    let seconds = now_ns.saturating_sub(before_ns) as f32 / 1e9;
    let centre = |face: &Face| {
        let [left, right, _, mouth_left, mouth_right] = face.points;
        left.middle(right).middle(mouth_left.middle(mouth_right))
    };
    let moved = centre(before).distance(centre(now)) / now.size().max(1.0);
    // Two pictures of the same moment, or clocks that run backwards, say nothing about speed.
    if seconds > 0.001 { moved / seconds } else { 0.0 }
}

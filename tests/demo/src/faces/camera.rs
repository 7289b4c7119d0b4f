//! The emulated camera: frames from files at their recorded pace, through the decoder of the real one.
//!
//! A small text file says what is before the camera: the clip's folder, then words for what goes wrong. It is read anew at
//! each opening, so that whoever plays the patient can change it between tries.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use face::{Camera, CameraError, Frame, OpenCamera};

/// What goes wrong with the camera, counted in frames since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It stops delivering.
    StallsAfter(usize),
    /// Each JPEG ends in the middle.
    HalfJpegAfter(usize),
    /// Its cable is pulled.
    UnpluggedAfter(usize),
    /// Another program holds it.
    Busy,
}

impl Fault {
    fn parse(word: &str) -> Option<Self> {
        let (name, count) = word.split_once('=').unwrap_or((word, "0"));
        let count = count.parse().ok()?;
        Some(match name {
            "stall-after" => Self::StallsAfter(count),
            "half-jpeg-after" => Self::HalfJpegAfter(count),
            "unplug-after" => Self::UnpluggedAfter(count),
            "busy" => Self::Busy,
            _ => return None,
        })
    }
}

/// Opens the clip that the file names.
#[derive(Clone, Debug)]
pub struct ClipCameras {
    file: PathBuf,
}

impl ClipCameras {
    /// `file` holds one line: `FOLDER [FAULT...]`.
    #[must_use]
    pub fn new(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }
}

impl OpenCamera for ClipCameras {
    fn describe(&self) -> String {
        "Emulated camera (frames from files)".to_owned()
    }

    fn open(&mut self) -> Result<Box<dyn Camera>, CameraError> {
        let text = fs::read_to_string(&self.file).map_err(|_| CameraError::NotThere)?;
        let mut words = text.trim().split('\t');
        let folder = words.next().map(Path::new).ok_or(CameraError::NotThere)?;
        let faults = words.filter_map(Fault::parse).collect::<Vec<_>>();
        if faults.contains(&Fault::Busy) {
            return Err(CameraError::Busy);
        }
        if faults.contains(&Fault::UnpluggedAfter(0)) {
            return Err(CameraError::NotThere);
        }
        let frames = list(folder).ok_or(CameraError::NotThere)?;
        Ok(Box::new(Clip { frames, faults, began: Instant::now(), round: 0, at: 0, delivered: 0 }))
    }
}

/// Frames by the millisecond in their name.
fn list(folder: &Path) -> Option<Vec<(u64, PathBuf)>> {
    let mut frames = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if let Some(at) = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok()) {
            frames.push((at, path));
        }
    }
    frames.sort();
    (!frames.is_empty()).then_some(frames)
}

struct Clip {
    frames: Vec<(u64, PathBuf)>,
    faults: Vec<Fault>,
    began: Instant,
    /// How often it was played already.
    round: u32,
    at: usize,
    delivered: usize,
}

impl Clip {
    /// One playing, the last frame's own time included.
    fn length(&self) -> Duration {
        let last = self.frames.last().map_or(0, |(at, _)| *at);
        let before = self.frames.iter().rev().nth(1).map_or(0, |(at, _)| *at);
        Duration::from_millis(last + (last - before).max(1))
    }

    fn due(&self) -> Instant {
        let at = self.frames.get(self.at).map_or(0, |(at, _)| *at);
        self.began + self.length() * self.round + Duration::from_millis(at)
    }

    fn advance(&mut self) {
        self.at += 1;
        if self.at >= self.frames.len() {
            self.at = 0;
            self.round += 1;
        }
    }

    /// What a camera does when nobody took its frames: only the newest is left.
    fn skip_overdue(&mut self) {
        let now = Instant::now();
        loop {
            let here = (self.at, self.round);
            self.advance();
            if self.due() > now {
                (self.at, self.round) = here;
                return;
            }
        }
    }

    fn fault(&self) -> Option<Fault> {
        let struck = |fault: &&Fault| match fault {
            Fault::StallsAfter(n) | Fault::HalfJpegAfter(n) | Fault::UnpluggedAfter(n) => self.delivered >= *n,
            Fault::Busy => false,
        };
        self.faults.iter().find(struck).copied()
    }
}

impl Camera for Clip {
    fn next(&mut self, limit: Duration) -> Result<Frame, CameraError> {
        let fault = self.fault();
        match fault {
            Some(Fault::UnpluggedAfter(_)) => return Err(CameraError::Gone),
            Some(Fault::StallsAfter(_)) => {
                std::thread::sleep(limit);
                return Err(CameraError::Stalled);
            }
            Some(Fault::HalfJpegAfter(_) | Fault::Busy) | None => {}
        }
        if self.due() <= Instant::now() {
            self.skip_overdue();
        }
        let left = self.due().saturating_duration_since(Instant::now());
        if left > limit {
            std::thread::sleep(limit);
            return Err(CameraError::Stalled);
        }
        std::thread::sleep(left);
        let mut jpeg = self.frames.get(self.at).and_then(|(_, path)| fs::read(path).ok()).ok_or(CameraError::Gone)?;
        self.advance();
        self.delivered += 1;
        if fault.is_some() {
            jpeg.truncate(jpeg.len() / 2);
        }
        face::decode_mjpeg(&jpeg, face::monotonic_ns())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(frames: &[u64], faults: &[Fault]) -> Clip {
        let frames = frames.iter().map(|at| (*at, PathBuf::from(format!("{at:06}.jpg")))).collect();
        Clip { frames, faults: faults.to_vec(), began: Instant::now(), round: 0, at: 0, delivered: 0 }
    }

    #[test]
    fn a_clip_is_played_again_after_its_last_frame() {
        let mut clip = clip(&[0, 100, 200], &[]);
        assert_eq!(clip.length(), Duration::from_millis(300));
        (0..3).for_each(|_| clip.advance());
        assert_eq!(clip.due() - clip.began, Duration::from_millis(300));
    }

    #[test]
    fn frames_nobody_took_are_left_out() {
        let mut clip = clip(&[0, 100, 200, 300], &[]);
        clip.began -= Duration::from_millis(250);
        clip.skip_overdue();
        assert_eq!(clip.at, 2);
    }

    #[test]
    fn what_goes_wrong_is_said_by_words() {
        assert_eq!(Fault::parse("stall-after=3"), Some(Fault::StallsAfter(3)));
        assert_eq!(Fault::parse("busy"), Some(Fault::Busy));
        assert_eq!(Fault::parse("explodes"), None);
        let clip = clip(&[0], &[Fault::StallsAfter(1)]);
        assert_eq!(clip.fault(), None, "not before its frame");
    }
}

//! The emulated camera: frames from files at their recorded pace, through the decoder of the real one.
//!
//! A small text file says what is before the camera: the clip's folder, then words for what goes wrong. It is read anew at
//! each opening, so that whoever plays the patient can change it between tries. Who sits there waits until asked to move.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use face::{Camera, CameraError, Frame, OpenCamera};
use people::cast::LOOKS_AHEAD;

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

/// How often a movement was asked for in this process. The emulated patient hears it: chance, which draws the movement, and
/// camera share it.
#[derive(Clone, Debug, Default)]
pub struct Heard(Arc<AtomicU32>);

impl Heard {
    /// A movement is asked for.
    pub fn tell(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Opens the clip that the file names.
#[derive(Clone, Debug)]
pub struct ClipCameras {
    file: PathBuf,
    heard: Heard,
}

impl ClipCameras {
    /// `file` holds one line: `FOLDER [FAULT...]`.
    #[must_use]
    pub fn new(file: &Path, heard: &Heard) -> Self {
        Self { file: file.to_owned(), heard: heard.clone() }
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
        Ok(Box::new(Clip::new(frames, faults, &self.heard)))
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
    /// Played again and again until a movement is asked for. A shorter clip is played as a whole again and again.
    waits: Option<Range<usize>>,
    heard: Heard,
    /// Of those asked for, so many were answered.
    answered: u32,
    at: usize,
    /// When that frame is there.
    due: Instant,
    delivered: usize,
}

impl Clip {
    fn new(frames: Vec<(u64, PathBuf)>, faults: Vec<Fault>, heard: &Heard) -> Self {
        let waits = Some(LOOKS_AHEAD).filter(|waits| frames.len() > waits.end);
        let (due, answered) = (Instant::now(), heard.count());
        Self { frames, faults, waits, heard: heard.clone(), answered, at: 0, due, delivered: 0 }
    }

    /// The frame after this one.
    fn following(&self) -> usize {
        let (next, begin) = (self.at + 1, self.waits.as_ref().map_or(0, |waits| waits.start));
        match &self.waits {
            Some(waits) if waits.contains(&self.at) && self.heard.count() != self.answered => waits.end,
            Some(waits) if next == waits.end => waits.start,
            Some(_) | None => {
                if next < self.frames.len() {
                    next
                } else {
                    begin
                }
            }
        }
    }

    /// How long after this frame another one comes.
    fn step(&self, to: usize) -> Duration {
        let at = |number: usize| self.frames.get(number).map_or(0, |(at, _)| *at);
        // A jump takes as long as the clip's first step.
        let (from, to) = if to == self.at + 1 { (self.at, to) } else { (0, 1) };
        Duration::from_millis(at(to).saturating_sub(at(from)).max(1))
    }

    fn advance(&mut self) {
        let to = self.following();
        if self.waits.as_ref().is_some_and(|waits| to == waits.end) {
            self.answered = self.heard.count();
        }
        self.due += self.step(to);
        self.at = to;
    }

    /// What a camera does when nobody took its frames: only the newest is left.
    fn skip_overdue(&mut self) {
        let now = Instant::now();
        while self.due + self.step(self.following()) <= now {
            self.advance();
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
        self.skip_overdue();
        let left = self.due.saturating_duration_since(Instant::now());
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

/// The files of a clip one after the other, as the camera would take them.
#[cfg(test)]
pub(super) struct Played(Clip);

#[cfg(test)]
impl Played {
    pub(super) fn new(folder: &Path, heard: &Heard) -> Self {
        let frames = list(folder).unwrap_or_else(|| panic!("{} holds no frames", folder.display()));
        Self(Clip::new(frames, Vec::new(), heard))
    }
}

#[cfg(test)]
impl Iterator for Played {
    type Item = PathBuf;

    fn next(&mut self) -> Option<PathBuf> {
        let file = self.0.frames.get(self.0.at).map(|(_, file)| file.clone());
        self.0.advance();
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(count: u64, faults: &[Fault], heard: &Heard) -> Clip {
        let frames = (0..count).map(|number| (number * 66, PathBuf::from(format!("{:06}.jpg", number * 66)))).collect();
        Clip::new(frames, faults.to_vec(), heard)
    }

    /// The next so many frames by number.
    fn played(clip: &mut Clip, count: usize) -> Vec<usize> {
        (0..count)
            .map(|_| {
                let now = clip.at;
                clip.advance();
                now
            })
            .collect()
    }

    #[test]
    fn a_short_clip_is_played_again_after_its_last_frame_whatever_is_asked() {
        let heard = Heard::default();
        let mut clip = clip(3, &[], &heard);
        let began = clip.due;
        heard.tell();
        assert_eq!(played(&mut clip, 7), [0, 1, 2, 0, 1, 2, 0]);
        assert_eq!(clip.due - began, Duration::from_millis(7 * 66));
    }

    #[test]
    fn who_sits_there_looks_ahead_until_asked_then_moves_once_and_looks_ahead_again() {
        let heard = Heard::default();
        heard.tell();
        let length = LOOKS_AHEAD.end + 4;
        let mut clip = clip(length as u64, &[], &heard);
        let waits: Vec<usize> = LOOKS_AHEAD.chain(LOOKS_AHEAD).collect();
        let sits_down: Vec<usize> = (0..LOOKS_AHEAD.start).collect();
        assert_eq!(played(&mut clip, sits_down.len()), sits_down, "asked before it was opened");
        assert_eq!(played(&mut clip, waits.len()), waits);
        played(&mut clip, 3);
        heard.tell();
        let moves: Vec<usize> = (LOOKS_AHEAD.end..length).collect();
        assert_eq!(played(&mut clip, 1), [LOOKS_AHEAD.start + 3], "the frame that was under way");
        assert_eq!(played(&mut clip, moves.len()), moves);
        assert_eq!(played(&mut clip, waits.len()), waits, "once");
    }

    #[test]
    fn frames_nobody_took_are_left_out() {
        let mut clip = clip(4, &[], &Heard::default());
        clip.due -= Duration::from_millis(2 * 66 + 30);
        clip.skip_overdue();
        assert_eq!(clip.at, 2);
    }

    #[test]
    fn what_goes_wrong_is_said_by_words() {
        assert_eq!(Fault::parse("stall-after=3"), Some(Fault::StallsAfter(3)));
        assert_eq!(Fault::parse("busy"), Some(Fault::Busy));
        assert_eq!(Fault::parse("explodes"), None);
        let clip = clip(1, &[Fault::StallsAfter(1)], &Heard::default());
        assert_eq!(clip.fault(), None, "not before its frame");
    }
}

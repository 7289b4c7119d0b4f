//! The repository's own models and its cast of invented people; models and pictures that lie outside it, for development;
//! and what is made of the pictures.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};

use face::{Frame, Manifest, Models, Pipeline};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// A folder of the development material. `None`, with a line, when it is not there: then nothing is shown by the test.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: needs {name} of the development material");
    None
}

/// The pipeline with the models of the development material.
pub(crate) fn research_pipeline() -> Option<Pipeline> {
    let folder = shared("models")?;
    Some(Pipeline::new(Models::load(&folder, &Manifest::built_in().unwrap()).unwrap()))
}

/// Folder of the repository's own models.
pub(crate) fn own_models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models/own").canonicalize().expect("models/own")
}

/// Their list.
pub(crate) fn own_manifest() -> PathBuf {
    own_models().join("MANIFEST.toml")
}

/// The pipeline with the repository's own models.
pub(crate) fn pipeline() -> Pipeline {
    Pipeline::new(Models::load(&own_models(), &Manifest::read(&own_manifest()).unwrap()).unwrap())
}

/// A file of each person of the cast.
pub(crate) fn of_the_cast(name: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/people/cast");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> =
        entries.map(|entry| entry.unwrap().path().join(name)).filter(|file| file.exists()).collect();
    files.sort();
    assert!(files.len() >= 16, "only {} people in {}", files.len(), folder.display());
    files
}

/// A portrait of each person of the cast, all alike: 225×275, the eyes 53 pixels apart.
pub(crate) fn portraits(pipeline: &mut Pipeline) -> Vec<Frame> {
    let portrait = |path: PathBuf| {
        let front = jpeg(&path);
        let face = pipeline.photo_face(&front).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let [left, right, ..] = face.points;
        let scale = 53.0 / face.eye_distance();
        let middle = ((left.x + right.x) / 2.0 * scale, (left.y + right.y) / 2.0 * scale);
        let paper = Frame::from_rgb(225, 275, vec![128; 225 * 275 * 3], 0).unwrap();
        lay(&paper, &front, scale, 112.0 - middle.0, 120.0 - middle.1)
    };
    of_the_cast("front.jpg").into_iter().map(portrait).collect()
}

/// Decodes a JPEG file.
pub(crate) fn jpeg(path: &Path) -> Frame {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    let mut pixels = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    if pixels.len() == width * height {
        pixels = pixels.iter().flat_map(|grey| [*grey; 3]).collect();
    }
    Frame::from_rgb(width, height, pixels, 0).unwrap()
}

/// Lines of a table without its head, split at commas.
pub(crate) fn table(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// A camera frame of 640×480 with a picture in it, scaled, its left upper corner at a place; then `change` makes of each
/// pixel what the camera would.
pub(crate) fn compose(picture: &Frame, scale: f32, x: f32, y: f32, change: impl Fn([f32; 3]) -> [f32; 3]) -> Frame {
    // A wall with a soft gradient.
    let wall = (0..480).flat_map(|y| (0..640).flat_map(move |x| [120 + (x / 16) as u8, 125 + (y / 12) as u8, 130]));
    let frame = lay(&Frame::from_rgb(640, 480, wall.collect(), 0).unwrap(), picture, scale, x, y);
    let changed =
        frame.rgb().chunks(3).flat_map(|p| change([p[0], p[1], p[2]].map(f32::from)).map(|v| v.round() as u8));
    Frame::from_rgb(640, 480, changed.collect(), 0).unwrap()
}

/// Lays a picture over a frame, scaled bilinearly.
pub(crate) fn lay(frame: &Frame, picture: &Frame, scale: f32, left: f32, top: f32) -> Frame {
    let mut rgb = frame.rgb().to_vec();
    let at = |x: usize, y: usize, c: usize| f32::from(picture.rgb()[(y * picture.width() + x) * 3 + c]);
    for y in 0..frame.height() {
        for x in 0..frame.width() {
            let (sx, sy) = ((x as f32 - left) / scale, (y as f32 - top) / scale);
            if sx < 0.0 || sy < 0.0 || sx >= picture.width() as f32 - 1.0 || sy >= picture.height() as f32 - 1.0 {
                continue;
            }
            let (cx, cy) = (sx as usize, sy as usize);
            let (fx, fy) = (sx - cx as f32, sy - cy as f32);
            for c in 0..3 {
                let above = at(cx, cy, c) * (1.0 - fx) + at(cx + 1, cy, c) * fx;
                let below = at(cx, cy + 1, c) * (1.0 - fx) + at(cx + 1, cy + 1, c) * fx;
                rgb[(y * frame.width() + x) * 3 + c] = (above * (1.0 - fy) + below * fy).round() as u8;
            }
        }
    }
    Frame::from_rgb(frame.width(), frame.height(), rgb, frame.taken_ns()).unwrap()
}

/// As a lens out of focus or a moving head: a box filter of `2 radius + 1` pixels, twice.
pub(crate) fn blurred(frame: &Frame, radius: usize) -> Frame {
    let (width, height) = (frame.width(), frame.height());
    let mut rgb = frame.rgb().to_vec();
    for _ in 0..2 {
        for along_rows in [true, false] {
            let from = rgb.clone();
            for y in 0..height {
                for x in 0..width {
                    for c in 0..3 {
                        let (centre, last) = if along_rows { (x, width - 1) } else { (y, height - 1) };
                        let range = centre.saturating_sub(radius)..=(centre + radius).min(last);
                        let count = range.clone().count();
                        let at = |k: usize| if along_rows { (y * width + k) * 3 + c } else { (k * width + x) * 3 + c };
                        let sum: usize = range.map(|k| usize::from(from[at(k)])).sum();
                        rgb[(y * width + x) * 3 + c] = u8::try_from(sum / count).unwrap();
                    }
                }
            }
        }
    }
    Frame::from_rgb(width, height, rgb, frame.taken_ns()).unwrap()
}

/// A mask drawn over nose tip, mouth and chin of a face that was found in the frame.
pub(crate) fn masked(frame: &Frame, face: &face::Face, colour: [u8; 3]) -> Frame {
    let mut rgb = frame.rgb().to_vec();
    let [left, right, nose, ..] = face.points;
    let (ax, ay) = ((right.x - left.x) / face.eye_distance(), (right.y - left.y) / face.eye_distance());
    let unit = face.size();
    for y in 0..frame.height() {
        for x in 0..frame.width() {
            let (dx, dy) = (x as f32 - nose.x, y as f32 - nose.y);
            let (across, down) = ((dx * ax + dy * ay) / unit, (dy * ax - dx * ay) / unit);
            // From the bridge of the nose down to under the chin, wider than the mouth, narrower below.
            let half = 0.85 - 0.25 * (down - 0.4).max(0.0);
            if (-0.25 + 0.3 * across.abs()..1.15).contains(&down) && across.abs() < half {
                let fold = if (down * 9.0).fract() < 0.15 { 0.93 } else { 1.0 };
                let at = (y * frame.width() + x) * 3;
                for (place, value) in rgb[at..at + 3].iter_mut().zip(colour) {
                    *place = (f32::from(value) * fold) as u8;
                }
            }
        }
    }
    Frame::from_rgb(frame.width(), frame.height(), rgb, frame.taken_ns()).unwrap()
}

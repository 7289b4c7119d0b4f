//! The statistical model of faces: mean, components, directions. Fitted by `tests/people/fit`, which describes the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Width of the canonical face frame, pixels.
pub const WIDTH: usize = 192;
/// Height of the canonical face frame, pixels.
pub const HEIGHT: usize = 224;
const QUARTER_WIDTH: usize = 48;
const QUARTER_HEIGHT: usize = 56;
/// Nodes of the displacement grid, every 8 pixels.
pub(crate) const NODES_X: usize = 25;
pub(crate) const NODES_Y: usize = 29;
const MAGIC: &[u8; 8] = b"RDPEOPLE";
const MAX_HEADER: usize = 256 * 1024;
const MAX_COMPONENTS: usize = 128;

/// Why a file is no face space.
#[derive(Debug, thiserror::Error)]
pub enum SpaceError {
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Unread {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It does not begin as a face space does.
    #[error("not a face space: it does not begin with RDPEOPLE")]
    NoMagic,
    /// The header's length is beyond the file or beyond reason.
    #[error("the header's length {0} is impossible")]
    HeaderLength(u32),
    /// The header is not the JSON that is expected.
    #[error("the header is not readable: {0}")]
    Header(#[from] serde_json::Error),
    /// An array is missing or not as it has to be.
    #[error("array {0}: {1}")]
    Array(String, &'static str),
    /// A direction has another length than the components.
    #[error("direction {0} does not fit the components")]
    Direction(String),
}

/// A unit direction through the whitened numbers, along which a population differs.
#[derive(Clone, Debug, Deserialize)]
pub struct Direction {
    /// Share of each shape number.
    pub shape: Vec<f32>,
    /// Share of each texture number.
    pub texture: Vec<f32>,
    /// Mean of the population along it.
    #[serde(default)]
    pub mean: f32,
    /// Spread of the population along it.
    #[serde(default = "one")]
    pub spread: f32,
    /// Where the men of the portraits lie along it.
    #[serde(default)]
    pub men: Option<f32>,
    /// Where the women lie.
    #[serde(default)]
    pub women: Option<f32>,
}

fn one() -> f32 {
    1.0
}

#[derive(Deserialize)]
struct Header {
    arrays: Vec<ArrayHeader>,
    #[serde(default, alias = "points", alias = "mean_points")]
    point_names: Vec<String>,
    #[serde(default)]
    directions: BTreeMap<String, Direction>,
}

#[derive(Deserialize)]
struct ArrayHeader {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    shape: Vec<usize>,
    #[serde(default)]
    scales: Vec<f32>,
    #[serde(default)]
    names: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    U8,
    I8,
    F32,
}

/// Parts of the face that draw their own numbers: skin and outline, eyes with brows, nose, mouth.
pub(crate) const PARTS: usize = 4;

/// Left, right, top and lower edge of a part.
fn part_box(part: usize, rows: Rows) -> [usize; 4] {
    let row = |at: f32| (at.max(0.0) as usize).min(HEIGHT);
    match part {
        1 => [20, 172, row(rows.brow - 22.0), row(112.0)],
        2 => [56, 136, row(84.0), row(rows.nose_base + 14.0)],
        3 => [44, 148, row(rows.lips - 24.0), row(rows.lips + 30.0)],
        _ => [0, WIDTH, 0, HEIGHT],
    }
}

/// How much a part counts at a place; the four add up to one.
fn part_share(part: usize, x: f32, y: f32, rows: Rows) -> f32 {
    let level = |from: f32, to: f32, n: f32| {
        let t = ((n - from) / (to - from)).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    };
    let ax = (x - 96.0).abs();
    let eyes = level(rows.brow - 20.0, rows.brow - 9.0, y) * level(111.0, 98.0, y) * level(72.0, 58.0, ax);
    let eyes = eyes * (1.0 - level(86.0, 100.0, y) * level(16.0, 8.0, ax));
    let nose = level(86.0, 100.0, y)
        * level(rows.nose_base + 12.0, rows.nose_base + 4.0, y)
        * level(28.0, 14.0 + 4.0 * level(100.0, 130.0, y), ax);
    let nose = nose * (1.0 - eyes);
    let mouth = level(rows.lips - 22.0, rows.lips - 11.0, y)
        * level(rows.lips + 29.0, rows.lips + 17.0, y)
        * level(50.0, 36.0, ax);
    let mouth = mouth * (1.0 - nose);
    match part {
        1 => eyes,
        2 => nose,
        3 => mouth,
        _ => 1.0 - eyes - nose - mouth,
    }
}

/// Components of one kind, quantised, with what a step of each is worth.
#[derive(Clone, Debug)]
pub(crate) struct Components {
    values: Vec<i8>,
    scales: Vec<f32>,
    size: usize,
}

impl Components {
    pub(crate) fn count(&self) -> usize {
        self.scales.len()
    }

    /// The same within a box (left, right, top, lower edge) of a full-size picture.
    fn add_box(&self, sum: &mut [f32], z: &[f32], [left, right, top, low]: [usize; 4]) {
        for ((component, scale), z) in self.values.chunks_exact(self.size).zip(&self.scales).zip(z) {
            let k = z * scale;
            for row in top..low {
                let span = row * WIDTH + left..row * WIDTH + right;
                sum[span.clone()]
                    .iter_mut()
                    .zip(&component[span])
                    .for_each(|(sum, value)| *sum += k * f32::from(*value));
            }
        }
    }

    /// Adds Σ z·component to `sum`.
    pub(crate) fn add_to(&self, sum: &mut [f32], z: &[f32]) {
        for ((component, scale), z) in self.values.chunks_exact(self.size).zip(&self.scales).zip(z) {
            let k = z * scale;
            sum.iter_mut().zip(component).for_each(|(sum, value)| *sum += k * f32::from(*value));
        }
    }
}

/// The statistical model of faces.
#[derive(Clone, Debug)]
pub struct Space {
    pub(crate) mean_y: Vec<u8>,
    pub(crate) mean_cb: Vec<u8>,
    pub(crate) mean_cr: Vec<u8>,
    pub(crate) mask: Vec<u8>,
    pub(crate) texture_y: Components,
    pub(crate) texture_cb: Components,
    pub(crate) texture_cr: Components,
    pub(crate) shape: Components,
    pub(crate) points: BTreeMap<String, [f32; 2]>,
    pub(crate) directions: BTreeMap<String, Direction>,
    /// Rows of the mean picture: middle of the brows, base of the nose, line between the lips.
    pub(crate) rows: Rows,
}

/// Where the mean picture has what is darkest, rows of the canonical frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    pub(crate) brow: f32,
    pub(crate) nose_base: f32,
    pub(crate) lips: f32,
}

impl Rows {
    fn of(mean_y: &[u8]) -> Self {
        let darkest = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>| {
            let sum = |row: usize| columns.clone().map(|x| u32::from(mean_y[row * WIDTH + x])).sum::<u32>();
            rows.min_by_key(|row| sum(*row)).unwrap_or(0) as f32
        };
        let brow = (darkest(56..72, 62..80) + darkest(120..136, 62..80)) * 0.5;
        let nose_base = (darkest(80..90, 126..143) + darkest(102..112, 126..143)) * 0.5;
        Self { brow, nose_base, lips: darkest(88..104, 146..170) }
    }
}

/// A person's face in the canonical frame, before anything is drawn on it.
pub(crate) struct FlatFace {
    /// Luminance, 192×224.
    pub(crate) y: Vec<f32>,
    /// Colour differences, 48×56.
    pub(crate) cb: Vec<f32>,
    pub(crate) cr: Vec<f32>,
}

struct Arrays<'a>(BTreeMap<String, (ArrayHeader, &'a [u8])>);

impl<'a> Arrays<'a> {
    fn take(&mut self, name: &str, kind: Kind, tail: &[usize]) -> Result<(ArrayHeader, &'a [u8]), SpaceError> {
        let wrong = |why| SpaceError::Array(name.to_owned(), why);
        let (header, bytes) = self.0.remove(name).ok_or_else(|| wrong("missing"))?;
        if header.kind != kind {
            return Err(wrong("has another type"));
        }
        if !header.shape.ends_with(tail) || header.shape.len() > tail.len() + 1 {
            return Err(wrong("has another shape"));
        }
        Ok((header, bytes))
    }

    fn components(&mut self, name: &str, tail: &[usize]) -> Result<Components, SpaceError> {
        let (header, bytes) = self.take(name, Kind::I8, tail)?;
        let wrong = |why| SpaceError::Array(name.to_owned(), why);
        let count = if header.shape.len() > tail.len() { header.shape[0] } else { 0 };
        if count == 0 || count > MAX_COMPONENTS || header.scales.len() != count {
            return Err(wrong("needs one scale for each of 1 to 128 components"));
        }
        if header.scales.iter().any(|scale| !scale.is_finite()) {
            return Err(wrong("has a scale that is no number"));
        }
        let values = bytes.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
        Ok(Components { values, scales: header.scales, size: tail.iter().product() })
    }

    fn picture(&mut self, name: &str, height: usize, width: usize) -> Result<Vec<u8>, SpaceError> {
        let (header, bytes) = self.take(name, Kind::U8, &[height, width])?;
        if header.shape.len() != 2 {
            return Err(SpaceError::Array(name.to_owned(), "has another shape"));
        }
        Ok(bytes.to_vec())
    }
}

impl Space {
    /// The one that lies beside this crate's manifest.
    ///
    /// # Errors
    /// When the file is missing or broken.
    pub fn checked_in() -> Result<Self, SpaceError> {
        Self::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("space.bin"))
    }

    /// From a file.
    ///
    /// # Errors
    /// When the file cannot be read or is no face space.
    pub fn open(path: &Path) -> Result<Self, SpaceError> {
        let bytes = std::fs::read(path).map_err(|source| SpaceError::Unread { path: path.to_owned(), source })?;
        Self::parse(&bytes)
    }

    /// From the bytes of a file.
    ///
    /// # Errors
    /// When they are no face space.
    pub fn parse(bytes: &[u8]) -> Result<Self, SpaceError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(SpaceError::NoMagic)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(SpaceError::NoMagic)?;
        let length = u32::from_le_bytes(*length);
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        if size > MAX_HEADER || size > rest.len() {
            return Err(SpaceError::HeaderLength(length));
        }
        let (json, mut rest) = rest.split_at(size);
        let header: Header = serde_json::from_slice(json)?;
        let mut arrays = BTreeMap::new();
        for array in header.arrays {
            let wrong = |why| SpaceError::Array(array.name.clone(), why);
            let each = if array.kind == Kind::F32 { 4 } else { 1 };
            let size = array.shape.iter().try_fold(each, |size: usize, n| size.checked_mul(*n));
            let size = size.filter(|size| *size <= rest.len()).ok_or_else(|| wrong("reaches beyond the file"))?;
            let (own, after) = rest.split_at(size);
            rest = after;
            arrays.insert(array.name.clone(), (array, own));
        }
        let mut arrays = Arrays(arrays);
        let (points_header, point_bytes) = arrays.take("mean_points", Kind::F32, &[2])?;
        let names = if points_header.names.is_empty() { header.point_names } else { points_header.names };
        let points = point_bytes.chunks_exact(8).map(|xy| {
            let number = |at: usize| f32::from_le_bytes([xy[at], xy[at + 1], xy[at + 2], xy[at + 3]]);
            [number(0), number(4)]
        });
        let points: BTreeMap<String, [f32; 2]> = names.into_iter().zip(points).collect();
        let mean_y = arrays.picture("mean_y", HEIGHT, WIDTH)?;
        let space = Self {
            rows: Rows::of(&mean_y),
            mean_y,
            mean_cb: arrays.picture("mean_cb", QUARTER_HEIGHT, QUARTER_WIDTH)?,
            mean_cr: arrays.picture("mean_cr", QUARTER_HEIGHT, QUARTER_WIDTH)?,
            mask: arrays.picture("mask", HEIGHT, WIDTH)?,
            texture_y: arrays.components("texture_y", &[HEIGHT, WIDTH])?,
            texture_cb: arrays.components("texture_cb", &[QUARTER_HEIGHT, QUARTER_WIDTH])?,
            texture_cr: arrays.components("texture_cr", &[QUARTER_HEIGHT, QUARTER_WIDTH])?,
            shape: arrays.components("shape", &[NODES_Y, NODES_X, 2])?,
            points,
            directions: header.directions,
        };
        let count = space.texture_y.count();
        if space.texture_cb.count() != count || space.texture_cr.count() != count {
            return Err(SpaceError::Array("texture_cb".to_owned(), "has another count than texture_y"));
        }
        for (name, direction) in &space.directions {
            let finite = direction.shape.iter().chain(&direction.texture).all(|n| n.is_finite());
            if direction.shape.len() != space.shape.count() || direction.texture.len() != count || !finite {
                return Err(SpaceError::Direction(name.clone()));
            }
        }
        Ok(space)
    }

    /// Where a named point lies on the mean shape, canonical pixels; the generic face's place where the file has none.
    pub(crate) fn point(&self, name: &str, otherwise: [f32; 2]) -> [f32; 2] {
        self.points.get(name).copied().filter(|p| p.iter().all(|n| n.is_finite())).unwrap_or(otherwise)
    }

    /// The picture of the whitened numbers: one set for each part of the face ([`PARTS`]), blended softly.
    pub(crate) fn flat_face(&self, parts: &[Vec<f32>; PARTS]) -> FlatFace {
        let wide = |bytes: &[u8]| bytes.iter().map(|byte| f32::from(*byte)).collect::<Vec<_>>();
        let mut face = FlatFace { y: wide(&self.mean_y), cb: wide(&self.mean_cb), cr: wide(&self.mean_cr) };
        let mut sum = vec![0.0; WIDTH * HEIGHT];
        // Colour differences are slow: the first part's serve the whole face.
        self.texture_cb.add_to(&mut face.cb, &parts[0]);
        self.texture_cr.add_to(&mut face.cr, &parts[0]);
        for (part, z) in parts.iter().enumerate() {
            // Outside its rows and columns a part has no share.
            let [left, right, top, low] = part_box(part, self.rows);
            for row in top..low {
                sum[row * WIDTH + left..row * WIDTH + right].fill(0.0);
            }
            self.texture_y.add_box(&mut sum, z, [left, right, top, low]);
            for row in top..low {
                for column in left..right {
                    let share = part_share(part, column as f32, row as f32, self.rows);
                    face.y[row * WIDTH + column] += share * sum[row * WIDTH + column];
                }
            }
        }
        face
    }

    /// The displacement of the whitened numbers, (dx, dy) for each node.
    pub(crate) fn displacement(&self, z: &[f32]) -> Vec<f32> {
        let mut nodes = vec![0.0; NODES_X * NODES_Y * 2];
        self.shape.add_to(&mut nodes, z);
        nodes
    }
}

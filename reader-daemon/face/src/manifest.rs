//! `models/MANIFEST.toml`: which model files are accepted and how each is used. The built-in one is part of the program;
//! another may be configured. Strict: an unknown key, a wrong shape or a threshold out of range refuses the whole.

use serde::Deserialize;

use crate::{
    WeightsLevel,
    limits::{MAX_ATTACK_NETS, MAX_MANIFEST, MAX_MODEL},
};

/// Numbers of a face vector.
pub const DIMENSIONS: usize = 512;
/// Sides of the detector's input, pixels, and of the embedding's.
pub(crate) const DETECTOR_SIDE: usize = 320;
pub(crate) const FACE_SIDE: usize = 112;

/// The manifest that is part of this program.
const BUILT_IN: &str = include_str!("../../../models/MANIFEST.toml");
/// That of the repository's own weights, which are for demonstration whatever another manifest calls them.
const OWN: &str = include_str!("../../../models/own/MANIFEST.toml");

/// Which model files are accepted, and how each is used.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: u32,
    /// What the whole set may be used for.
    pub level: WeightsLevel,
    /// Finds faces and their five points.
    pub detector: Detection,
    /// Makes the face vector.
    pub embedding: Embedding,
    /// Tell a face from a false one, in this order.
    pub attack: Vec<Attack>,
}

/// One model file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name in documents and in the signed result.
    pub name: String,
    /// File name in the models folder.
    pub file: String,
    /// What the file must be.
    #[serde(with = "hexadecimal")]
    pub sha256: [u8; 32],
    /// Its length.
    pub bytes: u64,
    /// Batch, channels, height, width.
    pub input: [usize; 4],
    /// Shapes of the outputs, in their order.
    pub outputs: Vec<Vec<usize>>,
    /// Order of the colours.
    pub channels: Channels,
    /// Of the input's numbers.
    pub range: Range,
    /// In words, for readers.
    pub preprocessing: String,
    /// Run when it is loaded.
    pub self_test: SelfTest,
    /// Of the repository it comes from.
    pub licence: String,
    /// What it was trained on, and under which terms.
    pub training_data: String,
    /// Repository, path and commit.
    pub source: String,
    /// What was done to the file.
    pub conversion: String,
}

/// The detector, which runs at two sizes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detection {
    /// The file, and its input for whole frames.
    #[serde(flatten)]
    pub entry: Entry,
    /// Its input for the face's surroundings.
    pub tracking: Tracking,
}

/// A smaller input of the detector.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// Pixels of a side.
    pub side: usize,
    /// Run when it is loaded.
    pub self_test: SelfTest,
}

/// The embedding and its thresholds, which belong together.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// The file.
    #[serde(flatten)]
    pub entry: Entry,
    /// From which cosine on.
    pub thresholds: Thresholds,
}

/// Cosines of two face vectors.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// At or above: the same person.
    pub accept: f32,
    /// At or above, but below `accept`: look again. Below: another person.
    pub again: f32,
}

/// One judgement about attacks: the mean of its nets.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// Its name.
    pub name: String,
    /// Without its files the face way is closed; otherwise it is left out.
    pub required: bool,
    /// What its mean says.
    pub levels: Levels,
    /// Its nets.
    pub net: Vec<AttackNet>,
}

/// Probabilities of "live".
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// At or above: alive.
    pub live: f32,
    /// Below: a false face. Between the two nothing is known.
    pub attack: f32,
}

/// One net that tells a face from a false one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttackNet {
    /// The file.
    #[serde(flatten)]
    pub entry: Entry,
    /// What it looks at.
    pub crop: Crop,
    /// Which of its outputs means "live".
    pub live_class: usize,
}

/// What an attack net looks at, about the face's box.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// In which way.
    pub shape: CropShape,
    /// How many times the box.
    pub factor: f32,
}

/// How the box is grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CropShape {
    /// In its own proportions, at most to what fits, then shifted inside the frame.
    Box,
    /// To a square on its longer side; outside the frame the picture is mirrored.
    Square,
}

/// Order of the colours in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// Of the input's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Range {
    /// As they are.
    #[serde(rename = "0..255")]
    Bytes,
    /// `x / 255`
    #[serde(rename = "0..1")]
    Unit,
    /// `(x - 127.5) / 127.5`
    #[serde(rename = "-1..1")]
    Signed,
}

impl Range {
    /// What a byte becomes: `x * factor + offset`.
    pub(crate) fn line(self) -> (f32, f32) {
        match self {
            Self::Bytes => (1.0, 0.0),
            Self::Unit => (1.0 / 255.0, 0.0),
            Self::Signed => (1.0 / 127.5, -1.0),
        }
    }
}

/// What a model must answer to the known input (a linear congruential generator, see the file's head).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// First numbers of the first output.
    pub first: Vec<f64>,
    /// Sum of the first output.
    pub sum: f64,
}

impl SelfTest {
    fn is_sensible(&self) -> bool {
        let finite = self.first.iter().chain([&self.sum]).all(|number| number.is_finite());
        (1..=16).contains(&self.first.len()) && finite
    }
}

/// Why a manifest is refused. Names keys, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Longer than [`MAX_MANIFEST`].
    #[error("the manifest of the models is too long")]
    TooLong,
    /// The file cannot be opened or read; the system's word.
    #[error("the manifest of the models cannot be opened: {0}")]
    File(String),
    /// Not TOML, a key is missing, unknown or of another type.
    #[error("the manifest of the models cannot be read: {0}")]
    Unreadable(String),
    /// A key holds what cannot be right.
    #[error("the manifest of the models is wrong: {entry}: {what}")]
    Wrong {
        /// Which model.
        entry: String,
        /// Which key, and why.
        what: &'static str,
    },
}

impl Manifest {
    /// The one that is part of this program.
    ///
    /// # Errors
    /// [`ManifestError`]; a test shows that there is none.
    pub fn built_in() -> Result<Self, ManifestError> {
        Self::parse(BUILT_IN).and_then(Self::without_approval)
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        if text.len() > MAX_MANIFEST {
            return Err(ManifestError::TooLong);
        }
        let manifest: Self =
            toml::from_str(text).map_err(|error| ManifestError::Unreadable(error.message().to_owned()))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Every model file it names.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let attack = self.attack.iter().flat_map(|attack| &attack.net).map(|net| &net.entry);
        [&self.detector.entry, &self.embedding.entry].into_iter().chain(attack)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let wrong = |entry: &str, what| Err(ManifestError::Wrong { entry: entry.to_owned(), what });
        if self.format != 1 {
            return wrong("format", "only 1 is known");
        }
        for entry in self.entries() {
            entry.check()?;
            if self.level != WeightsLevel::Demonstration && OWN.contains(&digits(&entry.sha256)) {
                return wrong(&entry.name, "these weights are of level demonstration and of no other");
            }
        }
        let yunet: Vec<Vec<usize>> =
            [1, 1, 4, 10].iter().flat_map(|k| [1600, 400, 100].map(|n| vec![1, n, *k])).collect();
        let side = |entry: &Entry, side| entry.input == [1, 3, side, side];
        let Detection { entry: detector, tracking } = &self.detector;
        if !side(detector, DETECTOR_SIDE) || detector.outputs != yunet {
            return wrong(&detector.name, "input and outputs are not those of YuNet at 320");
        }
        if !(96..DETECTOR_SIDE).contains(&tracking.side) || tracking.side % 32 != 0 || !tracking.self_test.is_sensible()
        {
            return wrong(&detector.name, "tracking: a side below 320 that 32 divides, and a self-test");
        }
        let embedding = &self.embedding.entry;
        if !side(embedding, FACE_SIDE) || embedding.outputs != [vec![1, DIMENSIONS]] {
            return wrong(&embedding.name, "input and outputs are not those of a 112 × 112 face and 512 numbers");
        }
        let Thresholds { accept, again } = self.embedding.thresholds;
        if !(again > 0.0 && again <= accept && accept < 1.0) {
            return wrong(&embedding.name, "thresholds: 0 < again ≤ accept < 1");
        }
        if !(1..=MAX_ATTACK_NETS).contains(&self.attack.len()) || !self.attack.iter().any(|attack| attack.required) {
            return wrong("attack", "at least one judgement is required, at most four are read");
        }
        self.attack.iter().try_for_each(Attack::check)
    }
}

impl Entry {
    /// Which file it is: `name@` and the first 16 hexadecimal digits of its SHA-256.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("{}@{:.16}", self.name, digits(&self.sha256))
    }

    fn check(&self) -> Result<(), ManifestError> {
        let wrong = |what| Err(ManifestError::Wrong { entry: self.name.clone(), what });
        let plain = |text: &str, more: &str| {
            (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        if !plain(&self.name, "-_.") {
            return Err(ManifestError::Wrong { entry: String::new(), what: "name: letters, digits, - _ ." });
        }
        // One name, no folder: the models folder is left by no file.
        if !plain(&self.file, "-_.") || self.file.starts_with('.') {
            return wrong("file: one file name of letters, digits, - _ .");
        }
        if !(1..=MAX_MODEL).contains(&self.bytes) {
            return wrong("bytes: none, or too many");
        }
        let [batch, channels, height, width] = self.input;
        if batch != 1 || channels != 3 || height != width || !(16..=1024).contains(&width) {
            return wrong("input: 1 × 3 × n × n with n from 16 to 1024");
        }
        let small =
            |shape: &Vec<usize>| (1..=4).contains(&shape.len()) && shape.iter().all(|n| (1..=100_000).contains(n));
        if !(1..=16).contains(&self.outputs.len()) || !self.outputs.iter().all(small) {
            return wrong("outputs: 1 to 16 shapes");
        }
        if !self.self_test.is_sensible() {
            return wrong("self_test: 1 to 16 first values and a sum");
        }
        Ok(())
    }
}

/// Hexadecimal, two digits a byte.
fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Attack {
    fn check(&self) -> Result<(), ManifestError> {
        let wrong = |what| Err(ManifestError::Wrong { entry: self.name.clone(), what });
        let Levels { live, attack } = self.levels;
        if !(attack >= 0.0 && attack <= live && live > 0.0 && live <= 1.0) {
            return wrong("levels: 0 ≤ attack ≤ live ≤ 1, live above 0");
        }
        if !(1..=MAX_ATTACK_NETS).contains(&self.net.len()) {
            return wrong("net: one to four");
        }
        for net in &self.net {
            let classes = match net.entry.outputs.as_slice() {
                [shape] => match shape.as_slice() {
                    [1, classes] => *classes,
                    _ => 0,
                },
                _ => 0,
            };
            if !(2..=16).contains(&classes) || net.live_class >= classes {
                return wrong("outputs: one of 1 × classes, among them live_class");
            }
            if !(net.crop.factor >= 1.0 && net.crop.factor <= 8.0) {
                return wrong("crop: factor from 1 to 8");
            }
        }
        Ok(())
    }
}

mod hexadecimal {
    use serde::{Deserialize, Deserializer, de::Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(D::Error::custom("64 small hexadecimal digits are expected"));
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digit = |c: u8| char::from(c).to_digit(16).unwrap_or_default();
            *byte = pair.iter().fold(0, |sum, c| (sum << 4) | u8::try_from(digit(*c)).unwrap_or_default());
        }
        Ok(bytes)
    }
}

mod set;

#[cfg(test)]
mod tests;

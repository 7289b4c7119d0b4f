//! Models from a folder: each is read within its length, compared with its pinned hash before anything parses it, loaded,
//! and must give the recorded answer to a known input. Anything else closes the face way.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::file;
use crate::level::WeightsLevel;
use crate::limits::SELF_TEST_TOLERANCE;
use crate::manifest::{Attack, Crop, Entry, Levels, Manifest, SelfTest, Thresholds};
use crate::net::{Layout, Net};

/// All models, loaded and tested.
pub struct Models {
    pub(crate) detector: Net,
    /// The same net with a smaller input.
    pub(crate) tracker: Net,
    pub(crate) embedding: Net,
    pub(crate) attack: Vec<Judgement>,
    thresholds: Thresholds,
    weights: String,
    level: WeightsLevel,
}

/// One judgement about attacks.
pub(crate) struct Judgement {
    pub(crate) name: String,
    pub(crate) levels: Levels,
    pub(crate) nets: Vec<AttackNet>,
}

/// One of its nets.
pub(crate) struct AttackNet {
    pub(crate) net: Net,
    pub(crate) crop: Crop,
    pub(crate) live_class: usize,
}

/// Why the face way is closed. Each names the file and what helps.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not there.
    #[error("model file {} is missing: put the files that models/README.md names into that folder", .file.display())]
    Missing {
        /// Which.
        file: PathBuf,
    },
    /// It is there but cannot be read.
    #[error("model file {} cannot be read ({why}): give the terminal's user the right to read it", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// The system's word.
        why: std::io::Error,
    },
    /// Other bytes than pinned.
    #[error("model file {} is not the pinned one: replace it by the file whose SHA-256 stands in models/MANIFEST.toml", .file.display())]
    WrongHash {
        /// Which.
        file: PathBuf,
    },
    /// The engine does not take it.
    #[error("model file {} cannot be loaded ({why}): the manifest pins a file this program cannot use", .file.display())]
    CannotLoad {
        /// Which.
        file: PathBuf,
        /// The engine's word.
        why: String,
    },
    /// Its answer to the known input is not the recorded one.
    #[error("model file {} fails its self-test ({why}): this machine computes wrongly or the manifest is wrong; do not use it", .file.display())]
    SelfTest {
        /// Which.
        file: PathBuf,
        /// What differs.
        why: &'static str,
    },
}

impl Models {
    /// Loads and tests every model the manifest names; a judgement that is not required is left out when a file of it is
    /// missing. The nets load side by side: on two cores that halves the wait.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn load(folder: &Path, manifest: &Manifest) -> Result<Self, ModelError> {
        let there = |attack: &&Attack| attack.net.iter().all(|net| folder.join(&net.entry.file).exists());
        let wanted: Vec<&Attack> = manifest.attack.iter().filter(|attack| attack.required || there(attack)).collect();
        let plain = |entry| Wanted {
            entry,
            side: side(entry),
            layout: Layout::Planes,
            self_test: &entry.self_test,
            outputs: Some(&entry.outputs),
        };
        let tracking = &manifest.detector.tracking;
        let (side, self_test) = (tracking.side, &tracking.self_test);
        let tracker = Wanted { side, self_test, outputs: None, ..plain(&manifest.detector.entry) };
        let embedding = Wanted { layout: Layout::Pixels, ..plain(&manifest.embedding.entry) };
        let nets = wanted.iter().flat_map(|attack| &attack.net).map(|net| plain(&net.entry));
        let jobs: Vec<Wanted<'_>> =
            [embedding, plain(&manifest.detector.entry), tracker].into_iter().chain(nets).collect();
        let lost = |job: &Wanted<'_>| {
            let file = folder.join(&job.entry.file);
            ModelError::CannotLoad { file, why: "its thread ended".to_owned() }
        };
        let loaded: Vec<Result<Net, ModelError>> = std::thread::scope(|scope| {
            let threads: Vec<_> = jobs.iter().map(|job| scope.spawn(|| load(folder, job))).collect();
            let ends = threads.into_iter().zip(&jobs);
            ends.map(|(thread, job)| thread.join().unwrap_or_else(|_| Err(lost(job)))).collect()
        });
        let mut loaded = loaded.into_iter();
        let missing = |entry: &Entry| ModelError::Missing { file: folder.join(&entry.file) };
        let mut next = |entry: &Entry| loaded.next().unwrap_or_else(|| Err(missing(entry)));
        let embedding = next(&manifest.embedding.entry)?;
        let detector = next(&manifest.detector.entry)?;
        let tracker = next(&manifest.detector.entry)?;
        let mut attack = Vec::new();
        for judgement in wanted {
            let mut nets = Vec::new();
            for net in &judgement.net {
                nets.push(AttackNet { net: next(&net.entry)?, crop: net.crop, live_class: net.live_class });
            }
            attack.push(Judgement { name: judgement.name.clone(), levels: judgement.levels, nets });
        }
        let (thresholds, weights, level) = (manifest.embedding.thresholds, manifest.identity(), manifest.level);
        Ok(Self { detector, tracker, embedding, attack, thresholds, weights, level })
    }

    /// Of the embedding that is loaded.
    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Of the attack judgements that are loaded, in the order of [`crate::AttackScores`].
    #[must_use]
    pub fn attack_levels(&self) -> Vec<Levels> {
        self.attack.iter().map(|judgement| judgement.levels).collect()
    }

    /// Identity of the weights, for the signed result: name and hash of the embedding.
    #[must_use]
    pub fn weights(&self) -> &str {
        &self.weights
    }

    /// Level of the whole set.
    #[must_use]
    pub fn level(&self) -> WeightsLevel {
        self.level
    }
}

/// A net to be loaded.
struct Wanted<'a> {
    entry: &'a Entry,
    side: usize,
    layout: Layout,
    self_test: &'a SelfTest,
    /// `None`: those of another input, which the manifest does not name.
    outputs: Option<&'a [Vec<usize>]>,
}

fn side(entry: &Entry) -> usize {
    let [.., side] = entry.input;
    side
}

fn load(folder: &Path, wanted: &Wanted<'_>) -> Result<Net, ModelError> {
    let entry = wanted.entry;
    let file = folder.join(&entry.file);
    let bytes = read(&file, entry)?;
    let net = match Net::load(entry, wanted.side, wanted.layout, &bytes) {
        Ok(net) => net,
        Err(why) => return Err(ModelError::CannotLoad { file, why }),
    };
    drop(bytes);
    match self_test(&net, wanted) {
        Ok(()) => Ok(net),
        Err(why) => Err(ModelError::SelfTest { file, why }),
    }
}

/// The file's bytes when they are the pinned ones. Reads no byte more than pinned.
fn read(path: &Path, entry: &Entry) -> Result<Vec<u8>, ModelError> {
    let name = || path.to_owned();
    let unreadable = |why: std::io::Error| {
        let missing = why.kind() == std::io::ErrorKind::NotFound;
        if missing { ModelError::Missing { file: name() } } else { ModelError::Unreadable { file: name(), why } }
    };
    let opened = file::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    opened.take(entry.bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let right = bytes.len() as u64 == entry.bytes && <[u8; 32]>::from(Sha256::digest(&bytes)) == entry.sha256;
    if right { Ok(bytes) } else { Err(ModelError::WrongHash { file: name() }) }
}

fn self_test(net: &Net, wanted: &Wanted<'_>) -> Result<(), &'static str> {
    let mut input = net.input();
    input.known();
    let outputs = net.run(&input).map_err(|_| "it does not run")?;
    if wanted.outputs.is_some_and(|expected| outputs.shapes() != expected) {
        return Err("its outputs have other shapes");
    }
    let numbers = outputs.numbers(0).map_err(|_| "its output holds no numbers")?;
    compare(numbers, wanted.self_test)
}

fn compare(numbers: &[f32], expected: &SelfTest) -> Result<(), &'static str> {
    // Relative to the larger of the recorded number and 1: the sum of a softmax's input may be near zero.
    let near = |got: f64, want: f64| (got - want).abs() <= SELF_TEST_TOLERANCE * want.abs().max(1.0);
    if numbers.len() < expected.first.len()
        || !numbers.iter().zip(&expected.first).all(|(got, want)| near(f64::from(*got), *want))
    {
        return Err("its first numbers differ");
    }
    let sum: f64 = numbers.iter().map(|number| f64::from(*number)).sum();
    if near(sum, expected.sum) { Ok(()) } else { Err("the sum of its numbers differs") }
}

#[cfg(test)]
mod tests;

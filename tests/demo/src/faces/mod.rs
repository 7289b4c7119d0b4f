//! Faces for the emulated persons: card photos and clips for the emulated camera, made from a folder of photographs that is
//! not part of this repository. Whoever the models see rightly is taken, in the order of the folder; how often they do is
//! measured elsewhere (`scripts/measure-faces`).

mod camera;
mod clips;
mod held;
mod material;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use apdu_fixtures::people;
use face::{FaceVector, Frame, Levels, Manifest, Models, Pipeline};
use image::RgbImage;

pub use camera::ClipCameras;
pub use clips::{Play, Sitter};
pub use held::Held;
pub use material::Material;

/// Tells an emulated camera what it plays from its next opening on; `faults` are words of [`ClipCameras`], tabs between.
///
/// # Errors
/// The file cannot be written.
pub fn write_clip(file: &Path, clip: &Path, faults: &str) -> Result<()> {
    // Beside it and then over it: a worker never reads half a line.
    let aside = file.with_extension("new");
    fs::write(&aside, format!("{}\t{faults}", clip.display()))?;
    fs::rename(&aside, file).with_context(|| format!("{}", file.display()))
}

/// Changes when what is made changes: older material is made anew.
const VERSION: &str = "2";
/// Cosine of a person's clip with their card photo, at least; and with another's, at most.
const SAME: f32 = 0.5;
const OTHER: f32 = 0.25;
/// How far the attack judgements of a person's clip must be from their levels.
const CLEAR: f32 = 0.15;

/// What is before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    /// This person sits down and comes closer.
    Person(u32),
    /// The same in the dark.
    Dark(u32),
    /// The same, never still.
    Moving(u32),
    /// This person and another one.
    Two(u32),
    /// Nobody.
    Nobody,
    /// A printed photo of this person.
    Print(u32),
    /// A phone that shows this person.
    Screen(u32),
}

/// Who sits before the camera, and what is wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sitting {
    /// `None`: whoever is on the card.
    pub before: Option<Before>,
    /// Words of [`ClipCameras`], tabs between.
    pub faults: &'static str,
}

/// Only the first person has clips of every kind.
const FIRST: u32 = 1001;

impl Sitting {
    /// Words of the dock and of scenarios: `holder`, `other`, `print`, `screen`, `two`, `dark`, `moving`, `nobody`,
    /// `unplugged`, `stalled`, `half-jpeg`.
    #[must_use]
    pub fn by_word(word: &str) -> Option<Self> {
        let (before, faults) = match word {
            "holder" => (None, ""),
            "other" => (Some(Before::Person(FIRST + 4)), ""),
            "print" => (Some(Before::Print(FIRST)), ""),
            "screen" => (Some(Before::Screen(FIRST)), ""),
            "two" => (Some(Before::Two(FIRST)), ""),
            "dark" => (Some(Before::Dark(FIRST)), ""),
            "moving" => (Some(Before::Moving(FIRST)), ""),
            "nobody" => (Some(Before::Nobody), ""),
            "unplugged" => (None, "unplug-after=0"),
            "stalled" => (None, "stall-after=5"),
            "half-jpeg" => (None, "half-jpeg-after=0"),
            _ => return None,
        };
        Some(Self { before, faults })
    }
}

/// Prepared material.
#[derive(Clone, Debug)]
pub struct Faces {
    folder: PathBuf,
}

impl Faces {
    /// Material that was prepared before.
    ///
    /// # Errors
    /// It was not, or by another version.
    pub fn open(folder: &Path) -> Result<Self> {
        let ready = fs::read_to_string(folder.join("ready")).unwrap_or_default();
        if ready != VERSION {
            bail!(
                "{} holds no faces made by this version\n  cure: scripts/demo --models DIR --faces DIR",
                folder.display()
            );
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The card photo of a person: a JP2 file.
    #[must_use]
    pub fn photo(&self, serial: u32) -> PathBuf {
        self.folder.join(serial.to_string()).join("photo.jp2")
    }

    /// The folder of frames. Only the first person has other clips than sitting down.
    #[must_use]
    pub fn clip(&self, before: Before) -> PathBuf {
        let of = |serial: u32, name: &str| self.folder.join(serial.to_string()).join(name);
        match before {
            Before::Person(serial) => of(serial, "sits-down"),
            Before::Dark(serial) => of(serial, "dark"),
            Before::Moving(serial) => of(serial, "moving"),
            Before::Two(serial) => of(serial, "two"),
            Before::Print(serial) => of(serial, "print"),
            Before::Screen(serial) => of(serial, "screen"),
            Before::Nobody => self.folder.join("nobody"),
        }
    }

    /// Makes card photos and clips in `folder`, unless they are there: photographs come from `source/probe/ID.jpg` (before
    /// the camera), `source/portrait/ID.jpg` (held up) and `source/card_grey/ID.jp2` (on the card).
    ///
    /// # Errors
    /// What is missing, or too few people whom the models see rightly.
    pub fn prepare(folder: &Path, source: &Path, models: &Path) -> Result<Self> {
        if let Ok(there) = Self::open(folder) {
            return Ok(there);
        }
        fs::create_dir_all(folder)?;
        let models = Models::load(models, &Manifest::built_in()?)?;
        let levels = models.attack_levels();
        let mut pipeline = Pipeline::new(models);
        let mut ids = Vec::new();
        for entry in fs::read_dir(source.join("card_grey")).with_context(|| format!("{}", source.display()))? {
            if let Some(id) = entry?.path().file_stem().and_then(|id| id.to_str()) {
                ids.push(id.to_owned());
            }
        }
        ids.sort();
        let serials: Vec<u32> = people::everybody().iter().map(|person| person.serial).collect();
        let mut cast: Vec<(u32, Candidate)> = Vec::new();
        for id in ids {
            let Some(serial) = serials.get(cast.len()) else { break };
            let Some(mut candidate) = Candidate::look_at(&mut pipeline, &levels, source, &id)? else { continue };
            let like_somebody = cast.iter().any(|(_, other)| other.like(&candidate));
            if like_somebody || (cast.is_empty() && !candidate.is_caught_held_up(&mut pipeline, &levels)?) {
                continue;
            }
            cast.push((*serial, candidate));
        }
        if cast.len() < serials.len() {
            bail!("{} holds only {} people whom the models see rightly", source.display(), cast.len());
        }
        let faces = Self { folder: folder.to_owned() };
        faces.write(&cast)?;
        fs::write(folder.join("ready"), VERSION)?;
        Ok(faces)
    }

    fn write(&self, cast: &[(u32, Candidate)]) -> Result<()> {
        clips::write(&self.clip(Before::Nobody), &[], Play::HeldUp, 0)?;
        for (serial, candidate) in cast {
            let alone = [(&candidate.sitter, 320.0)];
            clips::write(&self.clip(Before::Person(*serial)), &alone, Play::ComesCloser, u64::from(*serial))?;
            fs::write(self.photo(*serial), &candidate.photo)?;
        }
        let Some(((serial, first), (_, second))) = cast.first().zip(cast.get(1)) else { return Ok(()) };
        let alone = [(&first.sitter, 320.0)];
        clips::write(&self.clip(Before::Dark(*serial)), &alone, Play::Dark, 1)?;
        clips::write(&self.clip(Before::Moving(*serial)), &alone, Play::Moving, 2)?;
        let both = [(&first.sitter, 190.0), (&second.sitter, 450.0)];
        clips::write(&self.clip(Before::Two(*serial)), &both, Play::HeldUp, 3)?;
        for (held, before) in [(Held::Print, Before::Print(*serial)), (Held::Screen, Before::Screen(*serial))] {
            let sitter = first.held_up(held)?;
            clips::write(&self.clip(before), &[(&sitter, 320.0)], Play::HeldUp, 4)?;
        }
        Ok(())
    }
}

/// Somebody of the folder.
struct Candidate {
    photo: Vec<u8>,
    vector: FaceVector,
    sitter: Sitter,
    portrait: RgbImage,
    portrait_eyes: [(f32, f32); 2],
    /// Width of the edge that has the models see a held-up picture as one, for print and screen.
    edges: [u32; 2],
}

impl Candidate {
    /// `None`: the models do not see this person rightly, so they would only confuse whoever tries the terminal.
    fn look_at(pipeline: &mut Pipeline, levels: &[Levels], source: &Path, id: &str) -> Result<Option<Self>> {
        let photo = fs::read(source.join("card_grey").join(id).with_extension("jp2"))?;
        let open = |kind: &str| -> Result<RgbImage> {
            let path = source.join(kind).join(id).with_extension("jpg");
            Ok(image::open(&path).with_context(|| format!("{}", path.display()))?.to_rgb8())
        };
        let (probe, portrait) = (open("probe")?, open("portrait")?);
        let Ok(vector) = pipeline.photo(&photo) else { return Ok(None) };
        let (Some(eyes), Some(portrait_eyes)) = (eyes(pipeline, &probe)?, eyes(pipeline, &portrait)?) else {
            return Ok(None);
        };
        let sitter = Sitter::new(probe, eyes[0], eyes[1]);
        let Some(seen) = Seen::of(pipeline, &sitter)? else { return Ok(None) };
        let alive = seen.live.iter().zip(levels).all(|(live, level)| *live >= level.live + CLEAR);
        if !alive || seen.vectors.iter().any(|one| one.cosine(&vector) < SAME) {
            return Ok(None);
        }
        Ok(Some(Self { photo, vector, sitter, portrait, portrait_eyes, edges: [10, 10] }))
    }

    fn like(&self, other: &Self) -> bool {
        self.vector.cosine(&other.vector) > OTHER
    }

    fn held_up(&self, what: Held) -> Result<Sitter> {
        let edge = self.edges[usize::from(what == Held::Screen)];
        let (picture, moved) = held::held(&self.portrait, what, edge);
        let [left, right] = self.portrait_eyes.map(|(x, y)| (x + moved, y + moved));
        Ok(Sitter::new(picture, left, right))
    }

    /// Looks for edges with which both held-up pictures are seen as what they are.
    fn is_caught_held_up(&mut self, pipeline: &mut Pipeline, levels: &[Levels]) -> Result<bool> {
        for (place, what) in [Held::Print, Held::Screen].into_iter().enumerate() {
            let mut caught = false;
            for edge in [6, 12, 20, 30] {
                self.edges[place] = edge;
                let Some(seen) = Seen::of(pipeline, &self.held_up(what)?)? else { continue };
                if seen.live.iter().zip(levels).any(|(live, level)| *live < level.attack * 0.7) {
                    caught = true;
                    break;
                }
            }
            if !caught {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What the models see of a sitter.
struct Seen {
    vectors: Vec<FaceVector>,
    /// Median of each attack judgement.
    live: Vec<f32>,
}

impl Seen {
    fn of(pipeline: &mut Pipeline, sitter: &Sitter) -> Result<Option<Self>> {
        let mut vectors = Vec::new();
        let mut scores: Vec<Vec<f32>> = Vec::new();
        for (seed, eyes) in [62.0, 70.0, 80.0, 88.0, 96.0].into_iter().enumerate() {
            let frame = frame(&sitter.still(eyes, u64::try_from(seed)?))?;
            pipeline.forget();
            let seen = pipeline.look(&frame, None)?;
            let Some(face) = seen.face() else { return Ok(None) };
            vectors.push(pipeline.embed(&frame, face)?);
            let attack = pipeline.attack(&frame, face)?;
            scores.resize(attack.judgements.len(), Vec::new());
            for (all, one) in scores.iter_mut().zip(attack.judgements) {
                all.push(one.live);
            }
        }
        let median = |mut all: Vec<f32>| {
            all.sort_by(f32::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(0.0)
        };
        Ok(Some(Self { vectors, live: scores.into_iter().map(median).collect() }))
    }
}

fn eyes(pipeline: &mut Pipeline, picture: &RgbImage) -> Result<Option<[(f32, f32); 2]>> {
    let Ok(face) = pipeline.photo_face(&frame(picture)?) else { return Ok(None) };
    let [left, right, ..] = face.points;
    Ok(Some([(left.x, left.y), (right.x, right.y)]))
}

fn frame(picture: &RgbImage) -> Result<Frame> {
    let (width, height) = (usize::try_from(picture.width())?, usize::try_from(picture.height())?);
    Frame::from_rgb(width, height, picture.as_raw().clone(), 0).context("no such frame")
}

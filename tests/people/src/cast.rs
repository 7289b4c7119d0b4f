//! The cast: invented people who are the photos of the emulated cards and sit before the emulated camera.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::background::{self, Busy};
use crate::camera_effects::Effects;
use crate::clip::{self, Frame, Sitting};
use crate::crowd::photo_pose;
use crate::dice::{Dice, Purpose};
use crate::labels::{HEADER, Kind, lines};
use crate::light::Light;
use crate::person::{Person, Sex, Wish};
use crate::picture::Picture;
use crate::space::Space;
use crate::stage::Model;

/// Conditions of the single frames.
pub const CONDITIONS: [&str; 10] =
    ["front", "left", "right", "nod", "smile", "side-light", "dim", "back-light", "mask", "cap"];
/// Clips everybody has.
pub const CLIPS: [&str; 4] = ["clip", "print", "screen", "cut-out"];
/// Frames of `clip` in which the person looks ahead and waits; they can be played again and again.
pub const LOOKS_AHEAD: std::ops::Range<usize> = clip::LOOKS_AHEAD;

/// Seed of the cast's persons.
const SEED: u64 = 4;
/// Size of a card photo (card.md 5.3), pixels, and how strongly it is compressed: 72,000 bytes of grey to about 5,000.
const PHOTO_SIZE: (usize, usize) = (240, 300);
const PHOTO_RATIO: &str = "14";
/// JPEG quality of the frames: the whole folder stays below 12 MB.
const QUALITY: &str = "63";
/// Has the clips that only one member needs.
const FIRST: u32 = 1001;

/// The folder of the cast's pictures.
#[derive(Clone, Debug)]
pub struct Cast {
    folder: PathBuf,
}

impl Cast {
    /// The one that lies beside this crate's manifest.
    #[must_use]
    pub fn checked_in() -> Self {
        Self { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("cast") }
    }

    /// One in another folder.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Serial numbers of everybody, rising; nobody where the folder is missing.
    #[must_use]
    pub fn serials(&self) -> Vec<u32> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut all: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        all.sort_unstable();
        all
    }

    /// The card photo: a grey JP2 file.
    #[must_use]
    pub fn photo(&self, serial: u32) -> PathBuf {
        self.of(serial).join("photo.jp2")
    }

    /// The frame of one of [`CONDITIONS`]: a JPEG file.
    #[must_use]
    pub fn frame(&self, serial: u32, condition: &str) -> PathBuf {
        self.of(serial).join(format!("{condition}.jpg"))
    }

    /// A folder of frames named by their milliseconds: one of [`CLIPS`]; for 1001 also `dark`, `moving`, `two`.
    #[must_use]
    pub fn clip(&self, serial: u32, name: &str) -> PathBuf {
        self.of(serial).join(name)
    }

    /// Frames of the empty chair.
    #[must_use]
    pub fn nobody(&self) -> PathBuf {
        self.folder.join("nobody")
    }

    fn of(&self, serial: u32) -> PathBuf {
        self.folder.join(serial.to_string())
    }
}

/// A member of the cast, as `cast.toml` lists them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Serial number of the emulated card's user certificate.
    pub serial: u32,
    /// The drawn person.
    pub id: u64,
    /// `female` or `male`.
    pub sex: Sex,
    /// Years.
    pub age: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    member: Vec<Member>,
}

/// How much of the cast is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// Photos (as PGM, too) and single frames: enough to choose members by.
    Stills,
}

/// Reads `cast.toml`.
///
/// # Errors
/// When it cannot be read or says something else.
pub fn members(list: &Path) -> anyhow::Result<Vec<Member>> {
    let text = std::fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let list: List = toml::from_str(&text).with_context(|| format!("{} is no list of members", list.display()))?;
    if list.member.is_empty() {
        bail!("the list names nobody");
    }
    Ok(list.member)
}

fn model(space: &Space, member: &Member) -> Model {
    let wish = Wish { sex: Some(member.sex), age: Some(member.age), usual_skin: true };
    Model::of(space, Person::wished(space, SEED, member.id, wish))
}

/// Draws the cast into a folder, with `labels.csv` of where each member's face lies.
///
/// # Errors
/// When a file cannot be written or `opj_compress` or `cjpeg` is missing.
pub fn draw_cast(space: &Space, members: &[Member], out: &Path, extent: Extent) -> anyhow::Result<()> {
    let cast = Cast::open(out);
    let models: Vec<Model> = members.iter().map(|member| model(space, member)).collect();
    let mut labels = format!("{HEADER}\n");
    for (n, (member, model)) in members.iter().zip(&models).enumerate() {
        let folder = cast.of(member.serial);
        make(&folder)?;
        let photo = card_photo(model);
        if extent == Extent::Whole {
            save_jp2(&photo, &cast.photo(member.serial))?;
        } else {
            save_pgm(&photo, &folder.join("photo.pgm"))?;
        }
        let sitting = Sitting::of(model);
        for condition in CONDITIONS {
            let frame = sitting.condition(condition);
            save(&frame, &cast.frame(member.serial, condition))?;
            labels += &line(&frame, member, Kind::Live, condition, &format!("{condition}.jpg"));
        }
        if extent == Extent::Stills {
            continue;
        }
        // The mask is worn by the next but two, who is of another age or sex.
        let other = &models[(n + 3) % models.len()];
        let mut clips = vec![
            ("clip", Kind::Live, sitting.clip()),
            ("print", Kind::Print, sitting.held(Kind::Print)),
            ("screen", Kind::Screen, sitting.held(Kind::Screen)),
            ("cut-out", Kind::CutOut, sitting.cut_out(other)),
        ];
        if member.serial == FIRST {
            clips.push(("dark", Kind::Live, sitting.dark()));
            clips.push(("moving", Kind::Live, sitting.moving()));
            clips.push(("two", Kind::Live, sitting.two(other)));
            save_clip(&sitting.nobody(), &cast.nobody())?;
        }
        for (name, kind, frames) in clips {
            save_clip(&frames, &folder.join(name))?;
            for (n, frame) in frames.iter().enumerate() {
                labels += &line(frame, member, kind, name, &format!("{name}/{}", clip::file_name(n)));
            }
        }
    }
    let file = out.join("labels.csv");
    std::fs::write(&file, labels).with_context(|| format!("cannot write {}", file.display()))
}

/// A line of `labels.csv`; the person is the serial number there.
fn line(frame: &Frame, member: &Member, kind: Kind, condition: &str, file: &str) -> String {
    let labels: Vec<_> = frame.label(u64::from(member.serial), kind, condition).into_iter().collect();
    lines(&format!("{}/{file}", member.serial), &labels)
}

/// One row for each member: photo, some conditions, the movement, the attacks.
///
/// # Errors
/// When the file cannot be written.
pub fn cast_sheet(space: &Space, members: &[Member], file: &Path) -> anyhow::Result<()> {
    let models: Vec<Model> = members.iter().map(|member| model(space, member)).collect();
    let rows = models.iter().enumerate().map(|(n, model)| {
        let sitting = Sitting::of(model);
        let mut row = vec![card_photo(model).shrunk(2).framed(clip::WIDTH / 2, clip::HEIGHT / 2)];
        for condition in ["front", "left", "nod", "smile", "side-light", "dim", "back-light", "mask", "cap"] {
            row.push(sitting.condition(condition).picture.shrunk(2));
        }
        let other = &models[(n + 3) % models.len()];
        let moving = [sitting.clip(), sitting.held(Kind::Print), sitting.held(Kind::Screen), sitting.cut_out(other)];
        // The turned head of the clip, the first frame of each attack.
        row.extend(moving.iter().zip([44, 0, 0, 0]).map(|(frames, at)| frames[at].picture.shrunk(2)));
        row
    });
    crate::sheet::tiled(&rows.collect::<Vec<_>>()).save_png(file)
}

/// Eyes a quarter of the width apart, at 45 % of the height, as photos of applications are cut.
fn card_photo(model: &Model) -> Picture {
    let dice = &mut Dice::new(model.person.seed, model.person.id, Purpose::Shot, 9);
    let (width, height) = PHOTO_SIZE;
    let mut picture = background::draw(width, height, Busy::Plain, [0.95; 3], dice);
    let pose = photo_pose(model, dice, 60.0, [width as f32 * 0.5, height as f32 * 0.45]);
    crate::crowd::alone(&mut picture, model, &pose, &Light::front());
    Effects { noise: 0.8, contrast: 1.0, seed: dice.number(), ..Effects::default() }.apply(&mut picture);
    picture.grey();
    picture
}

fn make(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Through `cjpeg`: colours at half the resolution and fitted code tables take a quarter less room than `image`'s encoder.
fn save(frame: &Frame, path: &Path) -> anyhow::Result<()> {
    let picture = &frame.picture;
    let mut bytes = format!("P6\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    bytes.extend(picture.bytes());
    let mut child = Command::new("cjpeg")
        .args(["-quality", QUALITY, "-sample", "2x2", "-optimize", "-outfile"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .context("cjpeg is missing (Debian: libjpeg-turbo-progs)")?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(&bytes).context("cjpeg stopped reading")?;
    }
    if !child.wait()?.success() {
        bail!("cjpeg could not write {}", path.display());
    }
    Ok(())
}

/// Frames named by their milliseconds; the folder holds nothing else afterwards.
pub(crate) fn save_clip(frames: &[Frame], folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    make(folder)?;
    for (n, frame) in frames.iter().enumerate() {
        save(frame, &folder.join(clip::file_name(n)))?;
    }
    Ok(())
}

fn save_pgm(picture: &Picture, path: &Path) -> anyhow::Result<()> {
    let mut bytes = format!("P5\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    bytes.extend(picture.grey_bytes());
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn save_jp2(picture: &Picture, path: &Path) -> anyhow::Result<()> {
    let pgm = path.with_extension("pgm");
    save_pgm(picture, &pgm)?;
    let done = Command::new("opj_compress")
        .arg("-i")
        .arg(&pgm)
        .arg("-o")
        .arg(path)
        .args(["-r", PHOTO_RATIO, "-I"])
        .output()
        .context("opj_compress is missing (Debian: libopenjp2-tools)")?;
    std::fs::remove_file(&pgm).with_context(|| format!("cannot remove {}", pgm.display()))?;
    if !done.status.success() {
        bail!("opj_compress refused {}: {}", pgm.display(), String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(())
}

//! Faces for the emulated persons: the cast of invented people (`tests/people`) gives the photos of the emulated cards and
//! what the emulated camera sees.

mod camera;
mod material;
#[cfg(test)]
mod tests;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use people::cast::Cast;

pub use camera::{ClipCameras, Heard};
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

/// Whose face it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Whoever is on the photo of the card that was put in last.
    Holder,
    /// This person of the cast, by serial number.
    Person(u32),
}

/// What is before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    /// This person sits down, looks ahead, and moves when asked.
    Person(Who),
    /// A printed photo of this person.
    Print(Who),
    /// A phone that shows this person.
    Screen(Who),
    /// A mask cut out of a photo of this person.
    CutOut(Who),
    /// Somebody in the dark.
    Dark,
    /// Somebody who never sits still.
    Moving,
    /// Two people.
    Two,
    /// Nobody.
    Nobody,
}

/// Who sits before the camera, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sitting {
    /// What it looks at.
    pub before: Before,
    /// Words of [`ClipCameras`], tabs between.
    pub faults: &'static str,
}

impl Default for Sitting {
    fn default() -> Self {
        Self::of(Before::Person(Who::Holder))
    }
}

/// Has clips of every kind.
const FIRST: u32 = 1001;
/// Is on no card.
const OTHER: u32 = 1016;

impl Sitting {
    /// This before a camera that works.
    #[must_use]
    pub fn of(before: Before) -> Self {
        Self { before, faults: "" }
    }

    /// Somebody who is on no card.
    #[must_use]
    pub fn other() -> Self {
        Self::of(Before::Person(Who::Person(OTHER)))
    }

    /// Words of the dock: `holder`, `other`, a serial number, `print`, `screen`, `cut-out` (of the holder), `two`, `dark`,
    /// `moving`, `nobody`, `unplugged`, `stalled`, `half-jpeg`.
    #[must_use]
    pub fn by_word(word: &str) -> Option<Self> {
        let holder = |faults| Some(Self { faults, ..Self::default() });
        let before = match word {
            "holder" => Before::Person(Who::Holder),
            "other" => return Some(Self::other()),
            "print" => Before::Print(Who::Holder),
            "screen" => Before::Screen(Who::Holder),
            "cut-out" => Before::CutOut(Who::Holder),
            "two" => Before::Two,
            "dark" => Before::Dark,
            "moving" => Before::Moving,
            "nobody" => Before::Nobody,
            "unplugged" => return holder("unplug-after=0"),
            "stalled" => return holder("stall-after=5"),
            "half-jpeg" => return holder("half-jpeg-after=0"),
            serial => Before::Person(Who::Person(serial.parse().ok()?)),
        };
        Some(Self::of(before))
    }
}

/// The cast, as cards and cameras use it.
#[derive(Clone, Debug)]
pub struct Faces {
    cast: Cast,
}

impl Faces {
    /// Those of this repository, found where they were when this program was built.
    ///
    /// # Errors
    /// They are missing; with the cure.
    pub fn find() -> Result<Self> {
        let faces = Self { cast: Cast::checked_in() };
        let photo = faces.photo(FIRST);
        if !photo.exists() {
            bail!(
                "the invented people are missing: there is no {}\n  cure: git checkout -- tests/people/cast",
                photo.display()
            );
        }
        Ok(faces)
    }

    /// Serial numbers of everybody in the cast.
    #[must_use]
    pub fn serials(&self) -> Vec<u32> {
        self.cast.serials()
    }

    /// The card photo of a person: a JP2 file.
    #[must_use]
    pub fn photo(&self, serial: u32) -> PathBuf {
        self.cast.photo(serial)
    }

    /// This person looking ahead: a JPEG file.
    #[must_use]
    pub fn portrait(&self, serial: u32) -> PathBuf {
        self.cast.frame(serial, "front")
    }

    /// The folder of frames, while this person is on the card that was put in last.
    #[must_use]
    pub fn clip(&self, before: Before, on_card: Option<u32>) -> PathBuf {
        let of = |who: Who, name: &str| {
            let serial = match who {
                Who::Holder => on_card,
                Who::Person(serial) => Some(serial),
            };
            serial.map_or_else(|| self.cast.nobody(), |serial| self.cast.clip(serial, name))
        };
        match before {
            Before::Person(who) => of(who, "clip"),
            Before::Print(who) => of(who, "print"),
            Before::Screen(who) => of(who, "screen"),
            Before::CutOut(who) => of(who, "cut-out"),
            Before::Dark => self.cast.clip(FIRST, "dark"),
            Before::Moving => self.cast.clip(FIRST, "moving"),
            Before::Two => self.cast.clip(FIRST, "two"),
            Before::Nobody => self.cast.nobody(),
        }
    }
}

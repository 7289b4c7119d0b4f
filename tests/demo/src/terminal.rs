//! The daemon of face scenarios at level 3: the library and the configuration that ship, the real PC/SC reader, and camera
//! and surface scanner played from files. The shipped program links no emulated device, so this is a process of its own.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use card::{SurfaceCode, SurfaceScanner};
use face::{WeightsLevel, WorkerSettings};
use qualification::WrappingKey;
use rand_core::RngCore;
use reader_daemon::{Config, Daemon, Devices, Ended, FaceWorker, Settings, config::PhoneReader, hardening};
use screen::Movement;

use crate::faces::{ClipCameras, Heard};

/// The weights of this repository are for demonstration, and this program is one.
pub const LEAST: WeightsLevel = WeightsLevel::Demonstration;

/// Runs the daemon until it is ended from outside.
///
/// # Errors
/// What did not start, or broke.
pub fn run(config: &Path, timeline: &Path, clip: &Path, surface: &Path) -> Result<()> {
    hardening::apply().context("core dumps cannot be switched off")?;
    let config = Config::read(config)?;
    let mut settings = Settings::load_at_least(&config, LEAST)?;
    settings.timeline = Some(timeline.to_owned());
    let key = WrappingKey::from_credentials_directory().context("no key for the outbox")?;
    let face = config.face.as_ref().context("the configuration has no [face]")?;
    let devices = Devices::new(Arc::new(card::PcscReader::new(&config.reader_pattern)), key)
        .with_face(worker(Path::new("/proc/self/exe"), &face.models, face.manifest.as_deref(), clip))
        .with_scanner(Arc::new(FileScanner::new(surface)));
    let devices = match &config.phone {
        PhoneReader::Own(pattern) => devices.with_phone_reader(Arc::new(card::PcscReader::new(pattern))),
        PhoneReader::None | PhoneReader::Same => devices,
    };
    let daemon = Daemon::start(settings, devices)?;
    eprintln!("<6>reader-daemon: ready, kiosk at {}", daemon.socket().display());
    match daemon.wait() {
        Ended::Stopped => Ok(()),
        Ended::Broken(driver) => bail!("driver {driver:?} broke"),
        Ended::Panicked => bail!("the event loop panicked"),
    }
}

/// How a worker with the emulated camera is started; `demo` is this crate's program.
#[must_use]
pub fn worker(demo: &Path, models: &Path, manifest: Option<&Path>, clip: &Path) -> FaceWorker {
    FaceWorker::new(demo, worker_arguments(models, manifest, clip))
}

/// Its command line without the program.
#[must_use]
pub fn worker_arguments(models: &Path, manifest: Option<&Path>, clip: &Path) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["face-worker".into(), "--models".into(), models.into()];
    arguments.extend(["--clip".into(), clip.into()]);
    if let Some(manifest) = manifest {
        arguments.extend(["--manifest".into(), manifest.into()]);
    }
    arguments
}

/// `demo face-worker`: the worker that ships, looking at clips.
#[must_use]
pub fn face_worker(models: &Path, manifest: Option<&Path>, clip: &Path) -> std::process::ExitCode {
    let manifest = manifest.map(Path::to_owned);
    let settings = WorkerSettings { models: models.to_owned(), manifest, at_least: LEAST };
    let heard = Heard::default();
    let chance = Always::asks_for(MOVEMENT, &heard);
    face::run_worker(settings, Box::new(ClipCameras::new(clip, &heard)), Box::new(chance))
}

/// What the emulated patient can do: the clips of the cast show it.
pub(crate) const MOVEMENT: Movement = Movement::TurnLeft;

/// Chance that always asks for the same movement, and lets the emulated patient hear it.
pub(crate) struct Always {
    number: u32,
    heard: Heard,
}

impl Always {
    pub(crate) fn asks_for(movement: Movement, heard: &Heard) -> Self {
        let place = Movement::ALL.iter().position(|one| *one == movement).unwrap_or_default();
        let share = u32::MAX / Movement::ALL.len() as u32;
        Self { number: share * place as u32 + share / 2, heard: heard.clone() }
    }
}

impl RngCore for Always {
    fn next_u32(&mut self) -> u32 {
        self.heard.tell();
        self.number
    }

    fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) << 32
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill((self.next_u32() >> 24) as u8);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

/// Reads surface codes from a file: one line each; the last line stays.
struct FileScanner {
    file: PathBuf,
}

impl FileScanner {
    fn new(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }
}

impl SurfaceScanner for FileScanner {
    fn scan(&self, _: Duration) -> Option<SurfaceCode> {
        let text = fs::read_to_string(&self.file).ok()?;
        let (first, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        if !rest.is_empty() {
            fs::write(&self.file, rest).ok()?;
        }
        SurfaceCode::from_digits(first.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_one_after_the_other_and_the_last_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let scanner = FileScanner::new(&folder.path().join("surface"));
        assert!(scanner.scan(Duration::ZERO).is_none(), "no file is no code");
        fs::write(&scanner.file, "unreadable\n55021720352285\n").unwrap();
        assert!(scanner.scan(Duration::ZERO).is_none());
        assert!(scanner.scan(Duration::ZERO).is_some());
        assert!(scanner.scan(Duration::ZERO).is_some());
    }

    #[test]
    fn the_same_movement_is_asked_for_each_time() {
        for (place, movement) in Movement::ALL.into_iter().enumerate() {
            let number = u64::from(Always::asks_for(movement, &Heard::default()).next_u32());
            assert_eq!((number * Movement::ALL.len() as u64) >> 32, place as u64);
        }
    }
}

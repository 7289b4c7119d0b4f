//! The daemon of face scenarios at level 3: the library and the configuration that ship, the real PC/SC reader, and camera
//! and surface scanner played from files. The shipped program links no emulated device, so this is a process of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use card::{SurfaceCode, SurfaceScanner};
use face::WorkerSettings;
use qualification::WrappingKey;
use rand_core::RngCore;
use reader_daemon::{Config, Daemon, Devices, Ended, FaceWorker, Settings, hardening};
use screen::Movement;

use crate::faces::ClipCameras;

/// Runs the daemon until it is ended from outside.
///
/// # Errors
/// What did not start, or broke.
pub fn run(config: &Path, timeline: &Path, clip: &Path, surface: &Path) -> Result<()> {
    hardening::apply().context("core dumps cannot be switched off")?;
    let config = Config::read(config)?;
    let mut settings = Settings::load(&config)?;
    settings.timeline = Some(timeline.to_owned());
    let key = WrappingKey::from_credentials_directory().context("no key for the outbox")?;
    let models = &config.face.as_ref().context("the configuration has no [face]")?.models;
    let devices = Devices::new(Arc::new(card::PcscReader::new(&config.reader_pattern)), key)
        .with_face(worker(Path::new("/proc/self/exe"), models, clip))
        .with_scanner(Arc::new(FileScanner::new(surface)));
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
pub fn worker(demo: &Path, models: &Path, clip: &Path) -> FaceWorker {
    let arguments =
        ["face-worker".as_ref(), "--models".as_ref(), models.as_os_str(), "--clip".as_ref(), clip.as_os_str()];
    FaceWorker::new(demo, arguments)
}

/// `demo face-worker`: the worker that ships, looking at clips.
#[must_use]
pub fn face_worker(models: &Path, clip: &Path, movement: Movement) -> std::process::ExitCode {
    let settings = WorkerSettings { models: models.to_owned(), manifest: None };
    face::run_worker(settings, Box::new(ClipCameras::new(clip)), Box::new(Always::asks_for(movement)))
}

/// Chance that always asks for the same movement: a clip cannot hear what it is asked for.
struct Always(u32);

impl Always {
    fn asks_for(movement: Movement) -> Self {
        let place = Movement::ALL.iter().position(|one| *one == movement).unwrap_or_default();
        let share = u32::MAX / Movement::ALL.len() as u32;
        Self(share * place as u32 + share / 2)
    }
}

impl RngCore for Always {
    fn next_u32(&mut self) -> u32 {
        self.0
    }

    fn next_u64(&mut self) -> u64 {
        u64::from(self.0) << 32
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill((self.0 >> 24) as u8);
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
            let number = u64::from(Always::asks_for(movement).next_u32());
            assert_eq!((number * Movement::ALL.len() as u64) >> 32, place as u64);
        }
    }
}

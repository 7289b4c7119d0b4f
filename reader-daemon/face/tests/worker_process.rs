//! The worker as a process of its own, with the repository's own models: what it is limited to, and that it works within that.

mod common;

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use common::{of_the_cast, own_manifest, own_models};
use face::link::{Decoder, encode_order};
use face::{Camera, CameraError, FromWorker, OpenCamera, Pace, ToWorker, WeightsLevel, WorkerSettings, run_worker};
use rand_core::{RngCore, impls};

struct Busy;

impl OpenCamera for Busy {
    fn describe(&self) -> String {
        "test camera".into()
    }
    fn find(&mut self) -> Result<(), CameraError> {
        Ok(())
    }
    fn open(&mut self) -> Result<Box<dyn Camera>, CameraError> {
        Err(CameraError::Busy)
    }
}

struct Zero;

impl RngCore for Zero {
    fn next_u32(&mut self) -> u32 {
        0
    }
    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_u32(self)
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        impls::fill_bytes_via_next(self, dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

#[test]
#[ignore = "the test below runs it as a process of its own"]
fn the_worker_itself() {
    let (models, manifest) = (own_models(), Some(own_manifest()));
    let settings = WorkerSettings { models, manifest, at_least: WeightsLevel::Demonstration };
    assert_eq!(run_worker(settings, Box::new(Busy), Box::new(Zero)), ExitCode::SUCCESS);
}

fn news(link: &mut UnixStream, decoder: &mut Decoder) -> FromWorker {
    loop {
        if let Some(news) = decoder.next().unwrap() {
            return news;
        }
        let mut bytes = [0; 64];
        let length = link.read(&mut bytes).unwrap();
        assert!(length > 0, "the worker has ended");
        decoder.push(&bytes[..length]).unwrap();
    }
}

#[test]
fn a_worker_has_little_memory_no_core_dump_and_still_reads_a_photo() {
    let photo = std::fs::read(&of_the_cast("photo.jp2")[0]).unwrap();
    let (mut link, theirs) = UnixStream::pair().unwrap();
    link.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut worker = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_worker_itself", "--ignored", "--nocapture"])
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut decoder = Decoder::default();
    assert!(matches!(news(&mut link, &mut decoder), FromWorker::Ready { level: WeightsLevel::Demonstration, .. }));
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", worker.id())).unwrap();
    let limit = |name: &str| -> Option<u64> {
        limits.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
    };
    assert_eq!(limit("Max data size"), Some(face::limits::MAX_DATA));
    assert_eq!(limit("Max core file size"), Some(0));
    let bytes = u32::try_from(photo.len()).unwrap();
    link.write_all(&encode_order(&ToWorker::Photo { bytes })).unwrap();
    link.write_all(&photo).unwrap();
    assert_eq!(news(&mut link, &mut decoder), FromWorker::Photo { usable: true });
    link.write_all(&encode_order(&ToWorker::Look { number: 7, pace: Pace::Usual })).unwrap();
    let outcome = face::FaceOutcome::Gone;
    while news(&mut link, &mut decoder) != (FromWorker::Decided { number: 7, outcome }) {}
    drop(link);
    assert!(worker.wait().unwrap().success());
}

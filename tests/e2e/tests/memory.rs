//! Law 6: after a visit nothing of it is left in the memory of daemon and kiosk — no PIN, photo, frame or face vector.
//! The search is shown to find what is there: in a process that was given it, and in the daemon while it must have it.

#[path = "memory/remote.rs"]
mod remote;
#[path = "memory/search.rs"]
mod search;
#[path = "memory/stage.rs"]
mod stage;

use std::process::{Command, Stdio};

use apdu_fixtures::{CardOptions, EmulatedCard, Profile, people};
use demo::faces::{Before, Material, Who, write_clip};
use face::{FaceVector, Models, Pipeline, decode_mjpeg};

use search::{Found, PIECE, Secret, search};
use stage::{Faces, Process, Stage, wait};

/// Less than this was searched, and the test shows nothing.
const LEAST_READ: u64 = 1 << 20;
/// Unlike any other number of a run.
const PIN: &str = "7394";

#[test]
#[ignore = "the daemon of the other tests: they start this as a process of its own"]
fn the_daemons_own_process() {
    stage::be_the_daemon();
}

/// Bytes that nothing else has, the same in every run.
fn noise(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn the_search_finds_a_piece_of_a_secret_in_another_process_and_nothing_in_one_without_it() {
    let photo = noise(1, 6_000);
    let secrets = || [Secret::pieces("photo", photo.clone())];
    // `tail` keeps what it reads until its input ends: a process that holds what it was given.
    let holder = || {
        let mut tail = Command::new("tail");
        tail.args(["-c", "100000"]).stdout(Stdio::null());
        Process::start(tail)
    };
    let mut guilty = holder();
    // Only a piece, anywhere in the photo, anywhere in memory.
    guilty.write(&[noise(2, 777).as_slice(), &photo[1_234..1_234 + PIECE], &noise(3, 500)].concat());
    wait("the piece in the other process's memory", || !search(guilty.id(), &secrets()).unwrap().found.is_empty());
    let mut innocent = holder();
    innocent.write(&[noise(2, 777), noise(4, PIECE), noise(3, 500)].concat());
    let other = [Secret::pieces("what it was given", noise(3, 500))];
    wait("what the innocent process was given", || !search(innocent.id(), &other).unwrap().found.is_empty());
    let report = search(innocent.id(), &secrets()).unwrap();
    assert_eq!(report.found, []);
}

#[test]
fn a_picture_and_a_vector_are_found_in_the_forms_that_programs_keep_them_in() {
    let rgb = noise(5, 64 * 2 * 3);
    let vector: Vec<f32> = noise(6, 512).into_iter().map(|byte| (f32::from(byte) - 127.5) / 2_048.0).collect();
    let mut secrets = Secret::picture("frame", &rgb, 64);
    secrets.push(Secret::vector("vector", &vector));
    let mirrored: Vec<u8> =
        rgb.chunks_exact(64 * 3).flat_map(|row| row.chunks_exact(3).rev().flatten().copied()).collect();
    let kiosk: Vec<u8> = mirrored[..120].chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    let floats: Vec<u8> = vector[100..120].iter().flat_map(|value| value.to_le_bytes()).collect();
    for (held, name) in [(kiosk, "frame, mirrored RGBA"), (floats, "vector"), (rgb[90..160].to_vec(), "frame, RGB")] {
        let mut tail = Command::new("tail");
        tail.args(["-c", "100000"]).stdout(Stdio::null());
        let mut holder = Process::start(tail);
        holder.write(&held);
        wait(name, || search(holder.id(), &secrets).unwrap().found.iter().any(|found| found.secret == name));
    }
}

fn nothing_is_left(of: &str, process: u32, secrets: &[Secret]) {
    let report = search(process, secrets).unwrap();
    println!("{of}: {} KiB searched for {} forms of secrets", report.read / 1024, secrets.len());
    assert!(report.read > LEAST_READ, "{of}: only {} bytes could be read", report.read);
    let found: Vec<String> = report.found.iter().map(Found::to_string).collect();
    assert!(found.is_empty(), "{of} still holds {found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn law_6_after_a_visit_by_pin_neither_daemon_nor_kiosk_holds_a_digit() {
    let mut stage = Stage::start(None).await;
    stage.kiosk.wait("start");
    let mut options = CardOptions::today();
    options.pin = PIN.to_owned();
    let person = people::by_serial(1001).unwrap();
    stage.hand.insert(EmulatedCard::new(Profile::Standard, &person, options));
    stage.kiosk.wait("choosing_method");
    stage.kiosk.say("tap pin");
    stage.kiosk.wait("entering_pin");
    for digit in PIN.chars() {
        stage.kiosk.say(&format!("key {digit}"));
        stage.kiosk.wait("entering_pin");
    }
    // While the daemon must hold the digits, the search finds them.
    let pin = Secret::pin(PIN);
    let held = search(stage.daemon.id(), &pin).unwrap();
    let names: Vec<&str> = held.found.iter().map(|found| found.secret.as_str()).collect();
    assert_eq!(names, ["the PIN as it is typed"], "{:?}", held.found);
    stage.kiosk.say("tap confirm");
    stage.kiosk.wait("consent_all");
    stage.kiosk.say("tap agree_all");
    stage.kiosk.wait("done");
    stage.hand.remove();
    stage.kiosk.wait("start");
    let secrets: Vec<Secret> = pin.into_iter().chain(Secret::key_messages()).collect();
    nothing_is_left("daemon", stage.daemon.id(), &secrets);
    nothing_is_left("kiosk", stage.kiosk.process.id(), &secrets);
    assert_eq!(stage.world.clinic.books().unwrap().len(), 1, "the visit was a whole one");
}

/// The numbers of a face vector, which tells them to nobody: read from this process's own memory.
fn numbers(vector: &FaceVector) -> Vec<f32> {
    use std::os::unix::fs::FileExt as _;
    let own = std::fs::File::open("/proc/self/mem").unwrap();
    let mut pointer = [0; 8];
    own.read_exact_at(&mut pointer, std::ptr::from_ref(vector) as u64).unwrap();
    let mut bytes = vec![0; 512 * 4];
    own.read_exact_at(&mut bytes, u64::from_le_bytes(pointer)).unwrap();
    let numbers: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let length: f32 = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
    assert!((length - 1.0).abs() < 1e-3, "these are no vector's numbers: length {length}");
    numbers
}

/// Everything of a face visit: the card's photo, its vector, and pictures of the clip.
fn secrets_of(material: &Material, serial: u32, photo: &[u8]) -> Vec<Secret> {
    let mut pipeline = Pipeline::new(Models::load(&material.models, &material.list().unwrap()).unwrap());
    let vector = pipeline.photo(photo).expect("the photo has a face");
    let mut secrets = vec![Secret::photo("photo", photo), Secret::vector("vector of the photo", &numbers(&vector))];
    let clip = material.faces.clip(Before::Person(Who::Person(serial)), None);
    let mut frames: Vec<_> = std::fs::read_dir(clip).unwrap().map(|entry| entry.unwrap().path()).collect();
    frames.sort();
    for path in &frames {
        let jpeg = std::fs::read(path).unwrap();
        let frame = decode_mjpeg(&jpeg, 0).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy();
        secrets.extend(Secret::picture(&format!("frame {name}"), frame.rgb(), frame.width()));
        let half = &jpeg[jpeg.len() / 2..];
        secrets.push(Secret::pieces(&format!("frame {name}, JPEG"), half[..half.len().min(2_000)].to_vec()));
    }
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn law_6_after_a_visit_by_face_neither_daemon_nor_kiosk_holds_photo_frame_or_vector() {
    let material = Material::find().unwrap();
    let serial = 1001;
    let photo = std::fs::read(material.faces.photo(serial)).unwrap();
    let secrets = secrets_of(&material, serial, &photo);
    let clip = tempfile::NamedTempFile::new().unwrap();
    write_clip(clip.path(), &material.faces.clip(Before::Person(Who::Person(serial)), None), "").unwrap();
    let options = CardOptions { photo: Some(photo), ..CardOptions::today() };
    let card = EmulatedCard::new(Profile::Standard, &people::by_serial(serial).unwrap(), options);
    let faces = Faces { material, clip: clip.path().to_owned(), surface_code: card.surface_code() };
    let mut stage = Stage::start(Some(faces)).await;
    stage.kiosk.wait("start");
    stage.hand.insert(card);
    stage.kiosk.wait_until("choosing_method", "face");
    stage.kiosk.say("tap face");
    stage.kiosk.wait("facing_camera");
    let kiosk = stage.kiosk.process.id();
    wait("the live picture in the kiosk's memory", || !search(kiosk, &secrets).unwrap().found.is_empty());
    stage.kiosk.wait("consent_all");
    // The worker has everything until the visit ends: the secrets are the right ones, and the search finds them.
    let worker = *stage.daemon.children().first().expect("a face worker");
    match search(worker, &secrets) {
        Ok(report) => {
            let names: Vec<&str> = report.found.iter().map(|found| found.secret.as_str()).collect();
            assert!(names.contains(&"vector of the photo"), "the worker holds only {names:?}");
        }
        // It gave up being traced, as it must: only root looks on.
        Err(error) => println!("the worker's memory is closed to this user: {error}"),
    }
    stage.kiosk.say("tap agree_all");
    stage.kiosk.wait("done");
    stage.hand.remove();
    stage.kiosk.wait("start");
    wait("the end of the visit's worker", || !stage.daemon.children().contains(&worker));
    nothing_is_left("daemon", stage.daemon.id(), &secrets);
    nothing_is_left("kiosk", stage.kiosk.process.id(), &secrets);
    assert_eq!(stage.world.clinic.books().unwrap().len(), 1, "the visit was a whole one");
}

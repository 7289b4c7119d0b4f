//! The live picture through the whole program: from the preview socket to the glass, and out of the memory again.

#[path = "common/kiosk.rs"]
mod kiosk;

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::Write,
    os::unix::{fs::FileExt, net::UnixStream},
};

use kiosk::{Kiosk, view};
use screen::preview::{Header, MAX_SIDE, PictureKind};
use ui::monotonic_ns;

const WIDTH: u16 = 640;
const HEIGHT: u16 = 480;
/// Pixels in a row that are searched for: so many are nowhere by chance, and a scaled picture still holds them.
const RUN: usize = 8;

/// A picture that is like no other: noise from a seed.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let bytes = usize::from(WIDTH) * usize::from(HEIGHT) * 3;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    })
    .take(bytes)
    .collect()
}

fn header() -> Header {
    Header { kind: PictureKind::Live, width: WIDTH, height: HEIGHT, face: None, taken_ns: monotonic_ns() }
}

fn send(worker: &mut UnixStream, rgb: &[u8]) {
    worker.write_all(&header().encode()).unwrap();
    worker.write_all(rgb).unwrap();
}

/// How many runs of the picture are in the memory of the process, as sent or mirrored, in three or four bytes a pixel.
fn found_in_memory(pid: u32, rgb: &[u8]) -> usize {
    let mut needles: HashMap<[u8; 8], Vec<Vec<u8>>> = HashMap::new();
    let mut add = |needle: Vec<u8>| needles.entry(*needle.first_chunk().unwrap()).or_default().push(needle);
    let pixels: Vec<[u8; 3]> = rgb.as_chunks::<3>().0.to_vec();
    // From all over the picture.
    for number in 0..400 {
        let from = number * 762 + 5;
        let run = &pixels[from..from + RUN];
        for run in [run.to_vec(), run.iter().rev().copied().collect()] {
            add(run.concat());
            add(run.iter().flat_map(|[r, g, b]| [*b, *g, *r, 0]).collect());
            add(run.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect());
        }
    }
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut found = HashSet::new();
    let mut searched = 0;
    for line in maps.lines().filter(|line| line.split_whitespace().nth(1).is_some_and(|mode| mode.starts_with("rw"))) {
        let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [from, to] = [from, to].map(|end| u64::from_str_radix(end, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        searched += bytes.len();
        for (place, start) in bytes.windows(8).enumerate() {
            let Some(candidates) = needles.get(start) else { continue };
            found.extend(candidates.iter().filter(|needle| bytes[place..].starts_with(needle)));
        }
    }
    assert!(searched > 1_000_000, "only {searched} bytes could be read");
    found.len()
}

/// The search finds what is there, as soon as it has been read.
fn is_found_in_memory(pid: u32, rgb: &[u8]) -> bool {
    (0..50).any(|_| found_in_memory(pid, rgb) > 300)
}

#[test]
fn law_6_no_picture_is_in_memory_after_the_worker_and_the_screen_are_gone() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    let mut worker = kiosk.accept_preview();
    let pid = kiosk.child.id();
    daemon.send(&view("facing_camera", 5));
    assert_eq!(kiosk.shown("facing_camera")["live"], false);
    let pictures: Vec<_> = (1..=4).map(|seed| noise(seed * 0x9E37_79B9)).collect();
    for rgb in &pictures {
        send(&mut worker, rgb);
    }
    assert_eq!(kiosk.shown("facing_camera")["live"], true);
    assert!(is_found_in_memory(pid, &pictures[3]));

    drop(worker);
    let _next = kiosk.accept_preview();
    daemon.send(&view("waiting", 6));
    let report = kiosk.event("preview");
    assert!(report["preview"]["frames"].as_u64().unwrap() >= 1, "{report}");
    assert!(report["preview"]["last_latency_ms"].as_f64().unwrap() > 0.0, "{report}");
    kiosk.shown("waiting");
    for rgb in &pictures {
        assert_eq!(found_in_memory(pid, rgb), 0);
    }
}

#[test]
fn leaving_the_screen_wipes_while_the_worker_lives_and_the_next_try_is_seen_on_the_same_connection() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    let mut worker = kiosk.accept_preview();
    let pid = kiosk.child.id();
    daemon.send(&view("facing_camera", 5));
    kiosk.shown("facing_camera");
    let (seen, unseen, again) = (noise(0xA5A5_1234), noise(0x5A5A_4321), noise(0x1357_2468));
    send(&mut worker, &seen);
    assert_eq!(kiosk.shown("facing_camera")["live"], true);
    daemon.send(&view("face_failed", 6));
    kiosk.shown("face_failed");
    // Nobody wants these: they are read, so that the worker never waits, and wiped. The second does not fit the socket's
    // own buffer, so the first has been read when it is written.
    send(&mut worker, &unseen);
    send(&mut worker, &[0; WIDTH as usize * HEIGHT as usize * 3]);
    daemon.send(&view("facing_camera", 7));
    kiosk.shown("facing_camera");
    send(&mut worker, &again);
    assert_eq!(kiosk.shown("facing_camera")["live"], true);
    assert!(is_found_in_memory(pid, &again));
    assert_eq!(found_in_memory(pid, &seen), 0);
    assert_eq!(found_in_memory(pid, &unseen), 0);
}

#[test]
fn without_a_worker_the_visit_goes_on() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("facing_camera-no_face", 5));
    let event = kiosk.shown("facing_camera");
    assert_eq!((&event["live"], &event["advice"]), (&false.into(), &"no_face".into()));
    daemon.send(&view("face_failed", 6));
    let report = kiosk.event("preview");
    assert_eq!(report["preview"]["frames"], 0);
    assert!(report["preview"]["last_latency_ms"].is_null());
    kiosk.say("tap again");
    kiosk.say("targets");
    assert!(kiosk.event("targets")["targets"].as_array().unwrap().contains(&"again".into()));
}

#[test]
fn what_is_no_picture_ends_the_connection_and_nothing_else() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("facing_camera", 5));
    kiosk.shown("facing_camera");
    let too_large = Header { width: MAX_SIDE + 1, ..header() };
    let mut half = header().encode().to_vec();
    half.extend([9; 100]);
    for bytes in [&b"GET / HTTP/1.1\r\nHost: kiosk\r\n\r\n"[..], &too_large.encode(), &[0xFF; 64], &half, b""] {
        let mut worker = kiosk.accept_preview();
        // It may be closed before all is written.
        let _ = worker.write_all(bytes);
    }
    let mut worker = kiosk.accept_preview();
    send(&mut worker, &noise(77));
    assert_eq!(kiosk.shown("facing_camera")["live"], true);
}

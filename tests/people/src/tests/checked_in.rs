//! The cast in the repository is whole.

use std::path::{Path, PathBuf};

use crate::cast::{CLIPS, CONDITIONS, Cast, LOOKS_AHEAD, members};
use crate::clip::{HEIGHT, Sitting, WIDTH, file_name};
use crate::person::Person;
use crate::space::Space;
use crate::stage::Model;

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|e| e.unwrap().path())
        .collect();
    all.sort();
    all
}

fn bytes_below(folder: &Path) -> u64 {
    listed(folder)
        .into_iter()
        .map(|path| if path.is_dir() { bytes_below(&path) } else { path.metadata().unwrap().len() })
        .sum()
}

#[test]
fn everybody_of_the_list_has_photo_frames_and_clips() {
    let cast = Cast::checked_in();
    let list = members(&cast.folder().with_file_name("cast.toml")).unwrap();
    let serials: Vec<u32> = list.iter().map(|member| member.serial).collect();
    assert_eq!(serials, (1001..=1016).collect::<Vec<_>>());
    assert_eq!(cast.serials(), serials);
    for serial in serials {
        let photo = std::fs::read(cast.photo(serial)).unwrap();
        assert!(photo.starts_with(b"\0\0\0\x0cjP  ") && photo.len() < 8_000, "{serial}: {} bytes", photo.len());
        for condition in CONDITIONS {
            let size = image::image_dimensions(cast.frame(serial, condition)).unwrap();
            assert_eq!(size, (WIDTH as u32, HEIGHT as u32), "{serial} {condition}");
        }
        for name in CLIPS {
            let frames = listed(&cast.clip(serial, name));
            let least = if name == "clip" { 40 } else { 6 };
            assert!(frames.len() >= least, "{serial} {name}: {}", frames.len());
            for (n, path) in frames.iter().enumerate() {
                assert_eq!(path.file_name().unwrap().to_str().unwrap(), file_name(n), "{serial} {name}");
            }
        }
    }
    for name in ["dark", "moving", "two"] {
        assert!(!listed(&cast.clip(1001, name)).is_empty(), "{name}");
    }
    assert_eq!(listed(&cast.nobody()).len(), 3);
}

#[test]
fn the_cast_stays_small() {
    let size = bytes_below(Cast::checked_in().folder());
    assert!(size <= 12_000_000, "{size} bytes");
}

#[test]
fn frames_are_named_by_their_milliseconds() {
    assert_eq!(
        [0, 1, 2, 15, 51].map(file_name),
        ["000000.jpg", "000066.jpg", "000133.jpg", "001000.jpg", "003400.jpg"]
    );
}

#[test]
fn the_clip_sits_down_waits_comes_closer_and_turns_to_the_own_left() {
    let space = Space::checked_in().unwrap();
    let model = Model::of(&space, Person::draw(&space, 4, 77));
    let frames = Sitting::of(&model).clip();
    let eyes = |n: usize| {
        let [left, right, ..] = frames[n].seen[0].points;
        (right[0] - left[0]).hypot(right[1] - left[1])
    };
    assert!(frames.len() >= 40);
    assert!(frames[..3].iter().all(|frame| frame.seen.is_empty()), "the chair is empty at first");
    for n in LOOKS_AHEAD {
        assert!(eyes(n) >= 48.0 && frames[n].turn.yaw.abs() < 4.0, "{n}: {} {:?}", eyes(n), frames[n].turn);
    }
    let nearest = (31..40).map(eyes).fold(0.0, f32::max);
    assert!(nearest >= 1.35 * eyes(20), "{nearest}");
    let turned = frames.iter().filter(|frame| frame.turn.yaw >= 22.0).count();
    assert!(turned >= 3, "{turned}");
    let last = frames.last().unwrap();
    assert!(last.turn.yaw.abs() < 8.0, "{:?}", last.turn);
}

//! Pictures of the crowd.

use std::path::Path;

use proptest::prelude::*;

use crate::crowd::{Drawn, Order, View, crowd, photo, picture};
use crate::dice::{Dice, Purpose};
use crate::geometry::Turn;
use crate::labels::{HEADER, Kind, Label, lines};
use crate::light::Light;
use crate::person::Person;
use crate::space::Space;
use crate::stage::{Model, Seen};

fn space() -> &'static Space {
    static SPACE: std::sync::OnceLock<Space> = std::sync::OnceLock::new();
    SPACE.get_or_init(|| Space::checked_in().unwrap())
}

fn order(view: View, attacks: bool) -> Order {
    Order { view, first: 0, count: 1, each: 1, attacks, seed: 1, threads: 1, out: std::path::PathBuf::new() }
}

fn drawn(view: View, attacks: bool, id: u64, number: u64) -> Drawn {
    let order = order(view, attacks);
    picture(space(), &order, &Model::of(space(), Person::draw(space(), 1, id)), number)
}

/// Which way the five points say the head is turned: `face::Pose` reads them so.
fn read(seen: &Seen) -> Turn {
    let [left, right, nose, mouth_left, mouth_right] = seen.points;
    let middle = |a: [f32; 2], b: [f32; 2]| [(a[0] + b[0]) * 0.5, (a[1] + b[1]) * 0.5];
    let (eyes, mouth) = (middle(left, right), middle(mouth_left, mouth_right));
    let roll = (right[1] - left[1]).atan2(right[0] - left[0]);
    let (sin, cos) = roll.sin_cos();
    let turned = |p: [f32; 2]| {
        [(p[0] - eyes[0]) * cos + (p[1] - eyes[1]) * sin, (p[1] - eyes[1]) * cos - (p[0] - eyes[0]) * sin]
    };
    let (nose, mouth) = (turned(nose), turned(mouth));
    let apart = (right[0] - left[0]).hypot(right[1] - left[1]);
    let height = mouth[1].max(1.0);
    let share = nose[1] / height;
    let yaw = ((nose[0] - mouth[0] * share) / (apart * 0.42)).atan();
    let pitch = ((share - 0.6) * height / (apart.max(height * 0.96) * 0.42)).atan();
    Turn { yaw: yaw.to_degrees(), pitch: pitch.to_degrees(), roll: roll.to_degrees() }
}

fn in_order(label: &Label) {
    let seen = &label.seen;
    let [left, right, nose, mouth_left, mouth_right] = seen.points;
    let roll = label.turn.roll.to_radians();
    let down = |p: [f32; 2]| p[1] * roll.cos() - p[0] * roll.sin();
    let across = |p: [f32; 2]| p[0] * roll.cos() + p[1] * roll.sin();
    assert!(across(left) < across(right) && across(mouth_left) < across(mouth_right), "{label:?}");
    assert!(down(nose) > down(left).min(down(right)), "{label:?}");
    assert!(down(mouth_left) > down(left) && down(mouth_right) > down(right), "{label:?}");
    let [x, y, w, h] = seen.place;
    for p in seen.points {
        assert!(p[0] > x - 0.05 * w && p[0] < x + 1.05 * w && p[1] > y && p[1] < y + h, "{label:?}");
    }
    assert!(h > 0.9 * w && h < 2.2 * w, "{label:?}");
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("labels.csv".to_owned(), std::fs::read(folder.join("labels.csv")).unwrap())];
    for person in ["7", "8"] {
        for number in 0..2 {
            let name = format!("{person}/{number:02}.jpg");
            all.push((name.clone(), std::fs::read(folder.join(name)).unwrap()));
        }
    }
    all
}

#[test]
fn one_seed_draws_the_same_bytes_with_any_number_of_threads() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for (threads, folder) in [1, 3].into_iter().zip(&folders) {
        let order =
            Order { first: 7, count: 2, each: 2, threads, out: folder.path().to_owned(), ..order(View::Head, false) };
        crowd(space(), &order).unwrap();
    }
    assert_eq!(files(folders[0].path()), files(folders[1].path()));
    let csv = std::fs::read_to_string(folders[0].path().join("labels.csv")).unwrap();
    assert!(csv.starts_with(HEADER));
    assert!(csv.lines().skip(1).all(|line| line.split(',').count() == HEADER.split(',').count()));
    assert_eq!(csv.lines().filter(|line| line.contains(",photo,")).count(), 2, "picture 0 is the card photo");
}

#[test]
fn another_seed_or_id_is_another_person() {
    let first = Person::draw(space(), 1, 5);
    for other in [Person::draw(space(), 1, 6), Person::draw(space(), 2, 5)] {
        let far: f32 = first.texture[0].iter().zip(&other.texture[0]).map(|(a, b)| (a - b).powi(2)).sum();
        assert!(far > 1.0);
    }
    assert_eq!(Person::draw(space(), 1, 5).texture, first.texture);
}

#[test]
fn a_face_that_looks_ahead_is_labelled_so_and_lies_in_the_picture() {
    for id in 0..12 {
        let model = Model::of(space(), Person::draw(space(), 1, id));
        let drawn = photo(&model, &mut Dice::new(1, id, Purpose::Shot, 0), 160, 57.0);
        let seen = drawn.labels[0].seen;
        in_order(&drawn.labels[0]);
        assert!(seen.points.iter().flatten().all(|n| (0.0..160.0).contains(n)), "{seen:?}");
        let eyes = seen.points[1][0] - seen.points[0][0];
        assert!((45.0..70.0).contains(&eyes), "{id}: {eyes}");
    }
}

#[test]
fn the_turn_in_the_labels_is_what_the_points_say() {
    let mut off = [0.0_f32; 2];
    let mut count = 0.0;
    for id in 0..30 {
        for number in 1..3 {
            let drawn = drawn(View::Head, false, id, number);
            let (label, seen) = (drawn.labels[0].turn, read(&drawn.labels[0].seen));
            assert!(
                (seen.yaw - label.yaw).abs() < 10.0 && (seen.roll - label.roll).abs() < 3.0,
                "{id}/{number}: {label:?} {seen:?}"
            );
            off = [off[0] + (seen.yaw - label.yaw).abs(), off[1] + (seen.pitch - label.pitch).abs()];
            count += 1.0;
        }
    }
    assert!(off[0] / count < 4.0 && off[1] / count < 7.0, "mean errors of yaw and pitch: {:?}", off.map(|n| n / count));
}

#[test]
fn half_of_the_camera_pictures_are_attacks_when_asked() {
    let kinds: Vec<Kind> = (0..12).map(|number| drawn(View::Camera, true, 3, number).labels[0].kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == Kind::Live).count(), 6);
    for kind in [Kind::Print, Kind::Screen, Kind::CutOut] {
        assert!((0..40).any(|id| drawn_kind(id) == kind), "{kind:?}");
    }
}

fn drawn_kind(id: u64) -> Kind {
    drawn(View::Camera, true, id, 1).labels[0].kind
}

#[test]
fn a_file_without_a_face_has_one_line_that_says_so() {
    let line = lines("4/01.jpg", &[]);
    assert_eq!(line.trim_end().split(',').count(), HEADER.split(',').count());
    assert!(line.starts_with("4/01.jpg,,nobody,"));
}

#[test]
fn the_side_that_faces_the_lamp_is_the_brighter_one() {
    let light = Light::side(1.0, 1.0);
    let (right, _) = light.on([0.9, 0.0, 0.43], 0.0);
    let (left, _) = light.on([-0.9, 0.0, 0.43], 0.0);
    assert!(right[1] > left[1] * 1.5, "{right:?} {left:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_person_can_be_drawn_in_any_view(id in any::<u64>(), number in 0_u64..50, view in 0..3, attacks in any::<bool>()) {
        let view = [View::Head, View::Frame, View::Camera][view as usize];
        let drawn = drawn(view, attacks, id, number);
        for label in &drawn.labels {
            prop_assert!(label.seen.points.iter().flatten().chain(&label.seen.place).all(|n| n.is_finite()));
            if label.turn.yaw.abs() < 25.0 {
                in_order(label);
            }
        }
        prop_assert!(drawn.picture.pixels.iter().flatten().all(|n| n.is_finite()));
    }
}

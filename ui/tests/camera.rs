//! The camera screen: a mirror, an oval on the face, a sign that the camera is on, and nothing left afterwards.

mod common;

use common::{Bench, everywhere, sample};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use screen::{
    Language, Screen,
    preview::{FaceBox, Header, MAX_SIDE, PictureKind},
};
use ui::{Panel, monotonic_ns, samples, test_pattern};

const SECOND: u64 = 1_000_000_000;

fn element(bench: &Bench, type_name: &str) -> ElementHandle {
    let window = bench.canvas.glass().window();
    let found: Vec<_> = ElementHandle::find_by_element_type_name(window, type_name).collect();
    assert_eq!(found.len(), 1, "{type_name}");
    found.into_iter().next().unwrap()
}

/// Left, upper edge, width and height, pixels.
fn place(bench: &Bench, type_name: &str) -> [f32; 4] {
    let element = element(bench, type_name);
    let (position, size) = (element.absolute_position(), element.size());
    [position.x, position.y, size.width, size.height]
}

fn label_is_there(bench: &Bench, label: &str) -> bool {
    ElementHandle::find_by_accessible_label(bench.canvas.glass().window(), label).next().is_some()
}

/// A picture in one colour on the camera's left half and in another on its right.
fn halves(width: u16, height: u16, face: Option<FaceBox>) -> (Header, Vec<u8>) {
    let header = Header { kind: PictureKind::Live, width, height, face, taken_ns: monotonic_ns() };
    let row = (0..width).flat_map(|x| if x < width / 2 { [200, 0, 0] } else { [0, 0, 200] });
    let row: Vec<u8> = row.collect();
    (header, row.repeat(height.into()))
}

fn show(bench: &Bench, (header, rgb): &(Header, Vec<u8>)) {
    assert!(bench.canvas.glass().show_picture(header, rgb, monotonic_ns()));
    bench.canvas.draw();
}

fn colour(bench: &Bench, x: f32, y: f32) -> [u8; 3] {
    let rgb = bench.canvas.rgb();
    let at = (y as usize * bench.canvas.panel().width as usize + x as usize) * 3;
    [rgb[at], rgb[at + 1], rgb[at + 2]]
}

#[test]
fn the_picture_is_a_mirror_for_cameras_of_every_shape() {
    let bench = Bench::new(Panel::default());
    bench.show(&sample("facing_camera-finished"));
    for (width, height) in [(640, 480), (1280, 720), (480, 640), (4, 3), (MAX_SIDE, 2)] {
        show(&bench, &halves(width, height, None));
        let [x, y, across, down] = place(&bench, "Mirror");
        // Beside the oval: what the camera has on its left is on the glass's right.
        let height = y + down * 0.5;
        assert_eq!(colour(&bench, x + across * 0.06, height), [0, 0, 200], "{width} x {height}");
        assert_eq!(colour(&bench, x + across * 0.94, height), [200, 0, 0], "{width} x {height}");
    }
}

#[test]
fn the_oval_follows_height_and_place_of_the_face() {
    let bench = Bench::new(Panel::default());
    bench.show(&sample("facing_camera"));
    let oval = |face: FaceBox| {
        // Half of the way with every frame.
        for _ in 0..12 {
            show(&bench, &halves(640, 480, Some(face)));
        }
        place(&bench, "FaceOval")
    };
    let mirror = place(&bench, "Mirror");
    let high = oval(FaceBox { x: 240, y: 60, width: 120, height: 160 });
    let low = oval(FaceBox { x: 240, y: 220, width: 120, height: 160 });
    let near = oval(FaceBox { x: 200, y: 160, width: 200, height: 260 });
    let on_the_cameras_left = oval(FaceBox { x: 60, y: 160, width: 120, height: 160 });
    let middle = |oval: [f32; 4]| (oval[0] + oval[2] / 2.0, oval[1] + oval[3] / 2.0);
    let pixels = mirror[3] / 480.0;
    assert!((middle(low).1 - middle(high).1 - 160.0 * pixels).abs() < 3.0, "{high:?} {low:?}");
    assert!((near[3] / high[3] - 260.0 / 160.0).abs() < 0.02, "{high:?} {near:?}");
    assert!(middle(on_the_cameras_left).0 > mirror[0] + mirror[2] * 0.7, "{on_the_cameras_left:?}");
    // Boxes that lie leave it within the mirror.
    for face in [
        FaceBox { x: u16::MAX, y: u16::MAX, width: u16::MAX, height: u16::MAX },
        FaceBox { x: 0, y: 0, width: 1, height: 1 },
        FaceBox { x: 639, y: 479, width: 1, height: u16::MAX },
    ] {
        let oval = oval(face);
        let inside = oval[0] >= mirror[0] - 1.0
            && oval[1] >= mirror[1] - 1.0
            && oval[0] + oval[2] <= mirror[0] + mirror[2] + 1.0
            && oval[1] + oval[3] <= mirror[1] + mirror[3] + 1.0;
        assert!(inside && oval[3] > mirror[3] / 4.0, "{face:?}: {oval:?} {mirror:?}");
    }
}

#[test]
fn the_sign_is_there_while_pictures_come_and_only_then() {
    let bench = Bench::new(Panel::default());
    bench.show(&sample("facing_camera"));
    let (without, words) = (bench.canvas.rgb(), "カメラ作動中");
    assert!(!label_is_there(&bench, words) && !bench.canvas.glass().has_picture());
    let picture = test_pattern(monotonic_ns());
    show(&bench, &picture);
    assert!(label_is_there(&bench, words) && bench.canvas.glass().has_picture());
    // Not yet too old, and then: the worker may live, but nobody sees through it.
    bench.canvas.glass().expire_picture(picture.0.taken_ns + SECOND - 1);
    bench.canvas.draw();
    assert!(bench.canvas.glass().has_picture());
    bench.canvas.glass().expire_picture(picture.0.taken_ns + SECOND);
    bench.canvas.draw();
    assert!(!label_is_there(&bench, words) && !bench.canvas.glass().has_picture());
    assert!(bench.canvas.rgb() == without, "something of the picture is left on the glass");
    assert!(bench.canvas.glass().picture_is_wiped());
}

#[test]
fn leaving_the_screen_wipes_every_buffer_the_picture_was_drawn_from() {
    let bench = Bench::new(Panel::default());
    let glass = bench.canvas.glass();
    for leave in ["face_failed", "waiting", "disconnected"] {
        bench.show(&sample(leave));
        let clean = bench.canvas.rgb();
        bench.show(&sample("facing_camera"));
        for _ in 0..5 {
            show(&bench, &test_pattern(monotonic_ns()));
        }
        assert!(!glass.picture_is_wiped());
        bench.show(&sample(leave));
        assert!(glass.picture_is_wiped() && !glass.has_picture() && !glass.settling(), "{leave}");
        assert!(bench.canvas.rgb() == clean, "{leave}");
    }
}

#[test]
fn a_picture_is_taken_only_on_the_camera_screen_and_when_it_is_new() {
    let bench = Bench::new(Panel::default());
    let glass = bench.canvas.glass();
    let (header, rgb) = test_pattern(10 * SECOND);
    bench.show(&sample("choosing_method"));
    glass.show_picture(&header, &rgb, header.taken_ns);
    assert!(!glass.has_picture());
    bench.show(&sample("facing_camera"));
    glass.show_picture(&header, &rgb, header.taken_ns + SECOND);
    assert!(!glass.has_picture(), "too old");
    glass.show_picture(&header, &rgb[1..], header.taken_ns);
    assert!(!glass.has_picture(), "bytes are missing");
    assert!(glass.show_picture(&header, &rgb, header.taken_ns));
    assert!(!glass.show_picture(&header, &rgb, header.taken_ns), "the last one is not drawn yet");
    // A time to come is not believed for longer than the present.
    bench.canvas.draw();
    glass.show_picture(&Header { taken_ns: u64::MAX, ..header }, &rgb, 20 * SECOND);
    bench.canvas.draw();
    glass.expire_picture(21 * SECOND);
    assert!(!glass.has_picture());
}

#[test]
fn pictures_report_nothing_and_move_no_target() {
    let bench = Bench::new(Panel::default());
    bench.show(&sample("facing_camera"));
    let places = bench.canvas.places();
    for _ in 0..3 {
        show(&bench, &test_pattern(monotonic_ns()));
        assert_eq!(bench.canvas.places(), places);
    }
    assert!(bench.sent.borrow().is_empty());
}

#[test]
fn advice_movement_and_progress_move_neither_mirror_nor_sign() {
    for panel in common::PANELS {
        std::thread::spawn(move || {
            let bench = Bench::new(panel);
            for (language, large) in common::CLASSES {
                let mut seen = Vec::new();
                for sample in samples(language, large) {
                    if matches!(sample.view.screen, Screen::FacingCamera { .. }) {
                        bench.show(&sample.view);
                        seen.push((place(&bench, "Mirror"), place(&bench, "CameraSign")));
                    }
                }
                assert!(seen.len() > 10);
                seen.dedup();
                assert_eq!(seen.len(), 1, "{panel} {language:?} large={large}: {seen:?}");
            }
        })
        .join()
        .unwrap();
    }
}

#[test]
fn every_camera_screen_says_that_nothing_is_kept_and_has_its_pictures_in_words() {
    everywhere(|bench, sample, name| {
        let Screen::FacingCamera { movement, advice, .. } = &sample.view.screen else { return };
        let (language, large) = (sample.view.language, sample.view.comfort.large);
        let kept = match (language, large) {
            (Language::Ja, false) => "カメラの映像は保存しません",
            (Language::Ja, true) => "映像は保存しません",
            (Language::En, false) => "The video is not recorded",
            (Language::En, true) => "Nothing is kept",
            (other, _) => panic!("{other:?} is no language of these classes"),
        };
        assert!(label_is_there(bench, kept), "{name}");
        let window = bench.canvas.glass().window();
        let images = ElementQuery::from_root(window).match_accessible_role(AccessibleRole::Image).find_all();
        // The mirror, and the drawing of what the head has to do where there is room beside words.
        let drawn = movement.is_some() && advice.is_none();
        assert_eq!(images.len(), 1 + usize::from(drawn), "{name}");
        assert!(images.iter().all(|image| image.accessible_label().is_some_and(|label| !label.is_empty())), "{name}");
    });
}

#[test]
fn left_is_the_patients_own_left_and_so_the_mirrors() {
    let bench = Bench::new(Panel::default());
    // Where the heavy arrow of the drawing has its weight.
    let arrow = |name: &str| {
        bench.show(&sample(name));
        let [x, y, width, height] = place(&bench, "Request");
        let (rgb, row) = (bench.canvas.rgb(), bench.canvas.panel().width as usize);
        let weight = |from: f32, to: f32| {
            let columns = (x + width * from) as usize..(x + width * to) as usize;
            let rows = y as usize..(y + height) as usize;
            let blue = |x: usize, y: usize| rgb[(y * row + x) * 3..].starts_with(&[0, 0x17, 0xC1]);
            rows.map(|y| columns.clone().filter(|x| blue(*x, y)).count()).sum::<usize>()
        };
        (weight(0.0, 0.3), weight(0.7, 1.0))
    };
    let (left, right) = arrow("facing_camera-turn_left");
    assert!(left > 3 * right, "{left} {right}");
    let (left, right) = arrow("facing_camera-turn_right");
    assert!(right > 3 * left, "{left} {right}");
}

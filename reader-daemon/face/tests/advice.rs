//! The advice at the camera, on portraits of the cast laid into camera frames and made worse, with the repository's own
//! models.

mod common;

use common::{blurred, compose, lay, masked, pipeline, portraits};
use face::{Face, Frame, Pipeline};
use screen::Advice;

/// At arm's length: an eye distance of about 64 pixels.
fn usual(portrait: &Frame) -> Frame {
    compose(portrait, 1.2, 180.0, 60.0, |p| p)
}

fn seen(pipeline: &mut Pipeline, frame: &Frame) -> (Option<Advice>, Option<Face>) {
    pipeline.forget();
    let observation = pipeline.look(frame, None).unwrap();
    (observation.advice, observation.face().copied())
}

/// How large a share of the portraits gets this advice when each is changed so. Most tests let one of sixteen differ.
fn share(expected: Option<Advice>, change: impl Fn(&Frame, &Face) -> Frame) -> f32 {
    let mut pipeline = pipeline();
    let portraits = portraits(&mut pipeline);
    let mut hits = 0.0;
    for portrait in &portraits {
        let face = seen(&mut pipeline, &usual(portrait)).1.unwrap();
        let (advice, _) = seen(&mut pipeline, &change(portrait, &face));
        if advice != expected {
            println!("{advice:?} instead of {expected:?}");
        }
        hits += f32::from(u8::from(advice == expected));
    }
    hits / portraits.len() as f32
}

macro_rules! at_least {
    ($least:expr, $expected:expr, $change:expr) => {
        let share = share($expected, $change);
        assert!(share >= $least, "only {share} of the faces");
    };
}

#[test]
fn a_usual_face_needs_no_advice() {
    at_least!(0.93, None, |portrait, _| usual(portrait));
}

#[test]
fn a_face_at_the_edge_of_the_distances_is_asked_nearer_or_farther() {
    at_least!(1.0, Some(Advice::TooFar), |portrait, _| compose(portrait, 0.55, 250.0, 120.0, |p| p));
    at_least!(0.93, Some(Advice::TooNear), |portrait, _| compose(portrait, 2.9, 0.0, -120.0, |p| p));
}

#[test]
fn a_face_that_leaves_the_frame_is_asked_to_the_middle() {
    at_least!(0.93, Some(Advice::OffCentre), |portrait, face| {
        compose(portrait, 1.2, 180.0 - face.place.x - face.place.width * 0.25, 60.0, |p| p)
    });
}

#[test]
fn too_little_light_is_told_apart_from_light_from_behind() {
    at_least!(1.0, Some(Advice::Dark), |portrait, _| compose(portrait, 1.2, 180.0, 60.0, |p| p.map(|v| v * 0.22)));
    at_least!(1.0, Some(Advice::BackLight), |portrait, face| {
        let dark = compose(portrait, 1.2, 180.0, 60.0, |p| p.map(|v| v * 0.4));
        let place = face.place;
        let mut rgb = dark.rgb().to_vec();
        for (number, value) in rgb.iter_mut().enumerate() {
            let (x, y) = ((number / 3 % 640) as f32, (number / 3 / 640) as f32);
            if (x - place.centre().x).abs() > place.width * 0.6 || (y - place.centre().y).abs() > place.height * 0.6 {
                *value = value.saturating_add(170);
            }
        }
        Frame::from_rgb(640, 480, rgb, 0).unwrap()
    });
}

#[test]
fn washed_out_light_is_refused() {
    at_least!(0.93, Some(Advice::BackLight), |portrait, _| {
        compose(portrait, 1.2, 180.0, 60.0, |p| p.map(|v| 200.0 + v * 0.125))
    });
}

#[test]
fn a_blurred_face_is_asked_to_keep_still_and_a_slightly_soft_one_is_not() {
    at_least!(0.93, None, |portrait, _| blurred(&usual(portrait), 1));
    at_least!(0.93, Some(Advice::Moving), |portrait, _| blurred(&usual(portrait), 5));
}

#[test]
fn most_masks_are_noticed() {
    at_least!(0.8, Some(Advice::Mask), |portrait, face| masked(&usual(portrait), face, [235, 236, 238]));
    at_least!(0.8, Some(Advice::Mask), |portrait, face| masked(&usual(portrait), face, [160, 195, 225]));
}

#[test]
fn a_face_that_moves_fast_is_asked_to_keep_still() {
    let mut pipeline = pipeline();
    let portraits = portraits(&mut pipeline);
    let at = |x: f32, ns: u64| {
        let frame = compose(&portraits[2], 1.2, x, 60.0, |p| p);
        Frame::from_rgb(640, 480, frame.rgb().to_vec(), ns).unwrap()
    };
    for (step, expected) in [(1.0, None), (25.0, Some(Advice::Moving))] {
        pipeline.forget();
        assert_eq!(pipeline.look(&at(180.0, 1_000_000_000), None).unwrap().advice, None);
        let moved = pipeline.look(&at(180.0 + step, 1_066_000_000), None).unwrap();
        assert_eq!(moved.advice, expected, "{step} pixels in 66 ms");
    }
}

#[test]
fn two_people_side_by_side_are_asked_apart_and_who_queues_behind_is_not() {
    let mut pipeline = pipeline();
    let portraits = portraits(&mut pipeline);
    let near = compose(&portraits[1], 1.2, 60.0, 60.0, |p| p);
    let beside = lay(&near, &portraits[2], 1.1, 360.0, 60.0);
    let behind = lay(&near, &portraits[2], 0.45, 420.0, 40.0);
    assert_eq!(seen(&mut pipeline, &beside).0, Some(Advice::SeveralFaces));
    let (advice, face) = seen(&mut pipeline, &behind);
    assert_eq!(advice, None);
    assert!(face.unwrap().place.x < 320.0);
}

#[test]
fn an_empty_frame_has_no_face() {
    let mut pipeline = pipeline();
    for grey in [0, 128, 255] {
        let frame = Frame::from_rgb(640, 480, vec![grey; 640 * 480 * 3], 0).unwrap();
        assert_eq!(seen(&mut pipeline, &frame), (Some(Advice::NoFace), None));
    }
    let tiny = Frame::from_rgb(1, 1, vec![9; 3], 0).unwrap();
    assert_eq!(seen(&mut pipeline, &tiny).0, Some(Advice::NoFace));
}

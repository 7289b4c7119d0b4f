//! The face way: camera, failure, and the surface code keyed in.

use screen::{Advice, Era, Movement, Progress, Screen, SurfaceDigits, SurfaceField, SurfaceNotice};

use super::Add;

const AT: Option<Progress> = Some(Progress::Identity);

pub(super) fn face(add: &mut Add<'_>) {
    camera(add);
    failed(add);
    surface_code(add);
}

fn camera(add: &mut Add<'_>) {
    let mut show = |name, advice, movement, progress| {
        add(name, AT, true, Screen::FacingCamera { advice, movement, progress, other_way: true });
    };
    show("facing_camera", None, None, 35);
    for (name, advice) in [
        ("facing_camera-wait", Advice::Wait),
        ("facing_camera-no_face", Advice::NoFace),
        ("facing_camera-several_faces", Advice::SeveralFaces),
        ("facing_camera-too_far", Advice::TooFar),
        ("facing_camera-too_near", Advice::TooNear),
        ("facing_camera-off_centre", Advice::OffCentre),
        ("facing_camera-dark", Advice::Dark),
        ("facing_camera-back_light", Advice::BackLight),
        ("facing_camera-moving", Advice::Moving),
        ("facing_camera-turned_away", Advice::TurnedAway),
        ("facing_camera-mask", Advice::Mask),
    ] {
        show(name, Some(advice), None, 0);
    }
    show("facing_camera-turn_left", None, Some(Movement::TurnLeft), 50);
    show("facing_camera-turn_right", None, Some(Movement::TurnRight), 75);
    show("facing_camera-come_closer", None, Some(Movement::ComeCloser), 60);
    show("facing_camera-turn_and_advice", Some(Advice::SeveralFaces), Some(Movement::TurnLeft), 50);
    show("facing_camera-finished", None, None, 100);
}

fn failed(add: &mut Add<'_>) {
    let mut show = |name, ways: [bool; 3], advice, child| {
        let [again, pin, visual] = ways;
        add(name, AT, true, Screen::FaceFailed { again, pin, visual, advice, child });
    };
    show("face_failed", [true, true, true], Some(Advice::BackLight), true);
    show("face_failed-cannot_move", [true, true, true], None, false);
    show("face_failed-no_advice", [true, true, false], None, true);
    show("face_failed-no_more", [false, true, true], None, true);
    show("face_failed-only_staff", [false, false, false], None, true);
}

fn surface_code(add: &mut Add<'_>) {
    let mut show = |name, field, typed: &str, notice| {
        add(name, AT, true, Screen::KeyingSurfaceCode { field, typed: SurfaceDigits(typed.to_owned()), notice });
    };
    let birth = |era| SurfaceField::BirthDate { era };
    show("keying_surface_code", SurfaceField::Era, "", None);
    show("keying_surface_code-implausible", SurfaceField::Era, "", Some(SurfaceNotice::Implausible));
    show("keying_surface_code-wrong", SurfaceField::Era, "", Some(SurfaceNotice::Wrong));
    show("keying_surface_code-birth_date", birth(Era::Showa), "550", None);
    show("keying_surface_code-western", birth(Era::Western), "19800217", None);
    show("keying_surface_code-birth_again", birth(Era::Heisei), "", Some(SurfaceNotice::Implausible));
    show("keying_surface_code-expiry", SurfaceField::ExpiryYear, "203", None);
    show("keying_surface_code-code", SurfaceField::SecurityCode, "22", None);
    show("keying_surface_code-code_wrong", SurfaceField::SecurityCode, "", Some(SurfaceNotice::Wrong));
}

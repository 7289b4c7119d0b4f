//! Which way the head points, estimated from the five points of a face.

use crate::geometry::Face;
use crate::limits::{NOSE_HEIGHT, NOSE_LENGTH};

/// Degrees; 0, 0, 0 looks straight into the camera. An estimate from five points: good to about 5°, for asking and seeing
/// a movement, not for measuring one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pose {
    /// Turned: positive when the nose points to the frame's right (the patient's own left).
    pub yaw: f32,
    /// Nodded: positive when the nose points down.
    pub pitch: f32,
    /// Tilted: positive when the eye on the frame's right is lower.
    pub roll: f32,
}

impl Pose {
    /// From a face's points.
    #[must_use]
    pub fn of(face: &Face) -> Self {
        let [left, right, nose, mouth_left, mouth_right] = face.points;
        let (eyes, mouth) = (left.middle(right), mouth_left.middle(mouth_right));
        let across = (right.x - left.x, right.y - left.y);
        let down = (mouth.x - eyes.x, mouth.y - eyes.y);
        let roll = across.1.atan2(across.0);
        // Places along and across the line of the eyes.
        let (cos, sin) = (roll.cos(), roll.sin());
        let turned = |(x, y): (f32, f32)| (x * cos + y * sin, y * cos - x * sin);
        let (nose_x, nose_y) = turned((nose.x - eyes.x, nose.y - eyes.y));
        let (mouth_x, mouth_y) = turned(down);
        let size = face.size().max(1.0);
        let height = mouth_y.max(1.0);
        // The tip of the nose stands before the plane of eyes and mouth, so it moves across when the head turns.
        let share = nose_y / height;
        let beside = nose_x - mouth_x * share;
        let eye_distance = face.eye_distance().max(size * 0.2);
        let yaw = (beside / (eye_distance * NOSE_LENGTH)).atan();
        let pitch = ((share - NOSE_HEIGHT) * height / (size * NOSE_LENGTH)).atan();
        Self { yaw: yaw.to_degrees(), pitch: pitch.to_degrees(), roll: roll.to_degrees() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geometry::{FaceBox, Point, STANDARD};

    /// A head of points in space, turned and seen from the front: x to the right, y down, z towards the camera.
    fn seen(yaw: f32, pitch: f32, roll: f32) -> Face {
        let [left, right, nose, mouth_left, mouth_right] = STANDARD;
        let front = |p: Point, z: f32| (p.x - 56.0, p.y - 72.0, z);
        let length = NOSE_LENGTH * 35.2;
        let head = [
            front(left, 0.0),
            front(right, 0.0),
            (0.0, (NOSE_HEIGHT * 40.7) + 51.6 - 72.0, front(nose, length).2),
            front(mouth_left, 0.0),
            front(mouth_right, 0.0),
        ];
        let (yaw, pitch, roll) = (yaw.to_radians(), pitch.to_radians(), roll.to_radians());
        let points = head.map(|(x, y, z)| {
            let (y, z) = (y * pitch.cos() + z * pitch.sin(), z * pitch.cos() - y * pitch.sin());
            let (x, _) = (x * yaw.cos() + z * yaw.sin(), z * yaw.cos() - x * yaw.sin());
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            Point { x: 200.0 + 1.7 * x, y: 200.0 + 1.7 * y }
        });
        Face { place: FaceBox::default(), points, score: 1.0 }
    }

    #[test]
    fn turning_nodding_and_tilting_are_told_apart() {
        let pose = Pose::of(&seen(0.0, 0.0, 0.0));
        assert!(pose.yaw.abs() < 2.0 && pose.pitch.abs() < 2.0 && pose.roll.abs() < 2.0, "{pose:?}");
        for angle in [-30.0, -15.0, 15.0, 30.0_f32] {
            let (turned, nodded, tilted) =
                (Pose::of(&seen(angle, 0.0, 0.0)), Pose::of(&seen(0.0, angle, 0.0)), Pose::of(&seen(0.0, 0.0, angle)));
            assert!((turned.yaw - angle).abs() < 6.0 && turned.pitch.abs() < 6.0, "{turned:?}");
            assert!((nodded.pitch - angle).abs() < 8.0 && nodded.yaw.abs() < 2.0, "{nodded:?}");
            assert!((tilted.roll - angle).abs() < 1.0 && tilted.yaw.abs() < 2.0, "{tilted:?}");
        }
    }

    proptest! {
        #[test]
        fn any_points_have_a_pose_in_degrees(numbers in proptest::collection::vec(-5000.0..5000.0_f32, 10)) {
            let mut points = [Point::default(); 5];
            points.iter_mut().zip(numbers.chunks(2)).for_each(|(p, xy)| *p = Point { x: xy[0], y: xy[1] });
            let pose = Pose::of(&Face { place: FaceBox::default(), points, score: 1.0 });
            prop_assert!(pose.yaw.abs() <= 90.0 && pose.pitch.abs() <= 90.0 && pose.roll.abs() <= 180.0);
        }
    }
}

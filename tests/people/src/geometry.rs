//! Small numbers in space: x to the frame's right, y down, z towards the camera; one unit is 1/64 of the eye distance.

/// A place or direction.
pub(crate) type Vec3 = [f32; 3];

pub(crate) fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(crate) fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(crate) fn times(a: Vec3, k: f32) -> Vec3 {
    [a[0] * k, a[1] * k, a[2] * k]
}

pub(crate) fn dot(a: Vec3, b: Vec3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(crate) fn unit(a: Vec3) -> Vec3 {
    times(a, 1.0 / dot(a, a).sqrt().max(1e-9))
}

pub(crate) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

pub(crate) fn mix3(a: Vec3, b: Vec3, t: f32) -> Vec3 {
    [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)]
}

/// 0 below `from`, 1 above `to`, smooth between; `from` may be the larger one.
pub(crate) fn smooth(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bell of height 1 about 0.
pub(crate) fn bell(x: f32, width: f32) -> f32 {
    (-0.5 * (x / width) * (x / width)).exp()
}

/// A smooth curve through a table of (x, y) with rising x; level beyond its ends.
pub(crate) fn curve(table: &[(f32, f32)], x: f32) -> f32 {
    let last = table.len() - 1;
    if x <= table[0].0 {
        return table[0].1;
    }
    if x >= table[last].0 {
        return table[last].1;
    }
    let i = table.iter().rposition(|(at, _)| *at <= x).unwrap_or(0).min(last - 1);
    let slope = |k: usize| {
        let (a, b) = (table[k.saturating_sub(1)], table[(k + 1).min(last)]);
        if b.0 > a.0 { (b.1 - a.1) / (b.0 - a.0) } else { 0.0 }
    };
    let ((x0, y0), (x1, y1)) = (table[i], table[i + 1]);
    let (h, t) = (x1 - x0, (x - x0) / (x1 - x0));
    let (t2, t3) = (t * t, t * t * t);
    (2.0 * t3 - 3.0 * t2 + 1.0) * y0
        + (t3 - 2.0 * t2 + t) * h * slope(i)
        + (3.0 * t2 - 2.0 * t3) * y1
        + (t3 - t2) * h * slope(i + 1)
}

/// How a head is turned: yaw, pitch, roll in degrees as `face::Pose` counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Turn {
    pub(crate) yaw: f32,
    pub(crate) pitch: f32,
    pub(crate) roll: f32,
}

impl Turn {
    pub(crate) fn part(self, share: f32) -> Self {
        Self { yaw: self.yaw * share, pitch: self.pitch * share, roll: self.roll * share }
    }

    /// The rotation as three rows.
    pub(crate) fn rows(self) -> [Vec3; 3] {
        let columns = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|axis| self.turned(axis));
        [0, 1, 2].map(|row| [columns[0][row], columns[1][row], columns[2][row]])
    }

    fn turned(self, [x, y, z]: Vec3) -> Vec3 {
        let [yaw, pitch, roll] = [self.yaw, self.pitch, self.roll].map(f32::to_radians);
        let (y, z) = (y * pitch.cos() + z * pitch.sin(), z * pitch.cos() - y * pitch.sin());
        let (x, z) = (x * yaw.cos() + z * yaw.sin(), z * yaw.cos() - x * yaw.sin());
        [x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos(), z]
    }
}

pub(crate) fn turn_by(rows: &[Vec3; 3], p: Vec3) -> Vec3 {
    [dot(rows[0], p), dot(rows[1], p), dot(rows[2], p)]
}

//! Places in a frame: points, boxes, faces, and the similarity that lays a face's points onto the standard ones.

use crate::limits::EYES_BY_HEIGHT;

/// A place in a frame, pixels from above left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

impl Point {
    /// In pixels.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Half-way.
    #[must_use]
    pub fn middle(self, other: Self) -> Self {
        Self { x: (self.x + other.x) / 2.0, y: (self.y + other.y) / 2.0 }
    }
}

/// Where a face is, in pixels of the frame; it may reach beyond the edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FaceBox {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl FaceBox {
    /// Its centre.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// In square pixels.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width.max(0.0) * self.height.max(0.0)
    }

    /// Shared area by joint area, 0 to 1.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let width = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let height = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        let shared = width.max(0.0) * height.max(0.0);
        let joint = self.area() + other.area() - shared;
        if joint > 0.0 { shared / joint } else { 0.0 }
    }
}

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Where.
    pub place: FaceBox,
    /// Eye on the frame's left, eye on its right, tip of the nose, corner of the mouth on the left, on the right.
    pub points: [Point; 5],
    /// How sure the detector is, 0 to 1.
    pub score: f32,
}

impl Face {
    /// Between the eyes, pixels; it shrinks when the head turns.
    #[must_use]
    pub fn eye_distance(&self) -> f32 {
        let [left, right, ..] = self.points;
        left.distance(right)
    }

    /// The eye distance this face would have when it looked ahead: the height from eyes to mouth keeps its length when
    /// the head turns.
    #[must_use]
    pub fn size(&self) -> f32 {
        let [left, right, _, mouth_left, mouth_right] = self.points;
        let height = left.middle(right).distance(mouth_left.middle(mouth_right));
        self.eye_distance().max(height * EYES_BY_HEIGHT)
    }
}

/// Where the five points lie in a 112×112 face (models/README.md, "Pipeline").
pub(crate) const STANDARD: [Point; 5] = [
    Point { x: 38.2946, y: 51.6963 },
    Point { x: 73.5318, y: 51.5014 },
    Point { x: 56.0252, y: 71.7366 },
    Point { x: 41.5493, y: 92.3655 },
    Point { x: 70.7299, y: 92.2041 },
];

/// Turning, scaling and shifting, without mirroring: `x' = a x - b y + tx`, `y' = b x + a y + ty`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Similarity {
    pub(crate) a: f64,
    pub(crate) b: f64,
    pub(crate) tx: f64,
    pub(crate) ty: f64,
}

impl Similarity {
    /// The one that brings `from` nearest to `to` (least squares; Umeyama's closed form for the plane). `None` when the
    /// points of `from` all lie on one spot or are not numbers.
    pub(crate) fn between(from: &[Point; 5], to: &[Point; 5]) -> Option<Self> {
        let centre = |points: &[Point; 5]| {
            let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + f64::from(p.x), y + f64::from(p.y)));
            (x / 5.0, y / 5.0)
        };
        let ((fx, fy), (tx, ty)) = (centre(from), centre(to));
        let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (px, py) = (f64::from(p.x) - fx, f64::from(p.y) - fy);
            let (qx, qy) = (f64::from(q.x) - tx, f64::from(q.y) - ty);
            along += px * qx + py * qy;
            across += px * qy - py * qx;
            spread += px * px + py * py;
        }
        let (a, b) = (along / spread, across / spread);
        let found = Self { a, b, tx: tx - (a * fx - b * fy), ty: ty - (b * fx + a * fy) };
        let usable = spread > 1e-6 && a.hypot(b) > 1e-6 && found.tx.is_finite() && found.ty.is_finite();
        usable.then_some(found)
    }

    /// Where a place comes to lie.
    pub(crate) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        (self.a * x - self.b * y + self.tx, self.b * x + self.a * y + self.ty)
    }

    /// The way back.
    pub(crate) fn inverse(&self) -> Self {
        let scale = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / scale, -self.b / scale);
        Self { a, b, tx: -(a * self.tx - b * self.ty), ty: -(b * self.tx + a * self.ty) }
    }

    /// Target pixels for one source pixel.
    pub(crate) fn scale(&self) -> f64 {
        self.a.hypot(self.b)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_similarity_is_found_again_and_its_inverse_leads_back(
            angle in -3.0..3.0_f64, scale in 0.2..5.0_f64, tx in -300.0..300.0_f64, ty in -300.0..300.0_f64,
        ) {
            let made = Similarity { a: scale * angle.cos(), b: scale * angle.sin(), tx, ty };
            let moved = STANDARD.map(|p| {
                let (x, y) = made.apply(f64::from(p.x), f64::from(p.y));
                Point { x: x as f32, y: y as f32 }
            });
            let found = Similarity::between(&STANDARD, &moved).unwrap();
            prop_assert!((found.a - made.a).abs() < 1e-4 && (found.b - made.b).abs() < 1e-4);
            let (x, y) = found.inverse().apply(f64::from(moved[2].x), f64::from(moved[2].y));
            prop_assert!((x - f64::from(STANDARD[2].x)).abs() < 1e-2 && (y - f64::from(STANDARD[2].y)).abs() < 1e-2);
        }

        #[test]
        fn boxes_overlap_alike_from_both_sides(
            a in (-9.0..9.0_f32, -9.0..9.0_f32, 0.0..9.0_f32, 0.0..9.0_f32),
            b in (-9.0..9.0_f32, -9.0..9.0_f32, 0.0..9.0_f32, 0.0..9.0_f32),
        ) {
            let make = |(x, y, width, height)| FaceBox { x, y, width, height };
            let (a, b) = (make(a), make(b));
            let overlap = a.overlap(&b);
            prop_assert!((0.0..=1.0001).contains(&overlap));
            prop_assert!((overlap - b.overlap(&a)).abs() < 1e-5);
        }
    }

    #[test]
    fn points_on_one_spot_or_without_number_have_no_similarity() {
        assert_eq!(Similarity::between(&[Point { x: 3.0, y: 4.0 }; 5], &STANDARD), None);
        let mut broken = STANDARD;
        broken[3].x = f32::NAN;
        assert_eq!(Similarity::between(&broken, &STANDARD), None);
    }
}

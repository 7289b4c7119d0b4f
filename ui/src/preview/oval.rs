//! Where the oval is: it follows the face's height and place.

use screen::preview::Header;

/// A face in the mirrored picture: parts of its width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Face {
    /// Centre, from the left edge of the mirror.
    pub(crate) x: f32,
    /// Centre, from above.
    pub(crate) y: f32,
    /// Height of the face.
    pub(crate) height: f32,
}

impl Face {
    /// The face in a frame. A box that leaves the picture is cut to it.
    pub(crate) fn of(header: &Header) -> Option<Self> {
        let face = header.face?;
        let part = |middle: f32, side: u16| (middle / f32::from(side.max(1))).clamp(0.0, 1.0);
        let x = f32::from(face.x) + f32::from(face.width) / 2.0;
        let y = f32::from(face.y) + f32::from(face.height) / 2.0;
        Some(Self {
            x: 1.0 - part(x, header.width),
            y: part(y, header.height),
            height: part(f32::from(face.height), header.height),
        })
    }

    /// Half of the way from where the oval was, so that it does not tremble. It appears where the face is.
    pub(crate) fn after(self, before: Option<Self>) -> Self {
        let Some(before) = before else { return self };
        let half = |before: f32, now: f32| before + (now - before) / 2.0;
        Self { x: half(before.x, self.x), y: half(before.y, self.y), height: half(before.height, self.height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use screen::preview::FaceBox;

    fn header(face: Option<FaceBox>) -> Header {
        Header { width: 640, height: 480, kind: screen::preview::PictureKind::Live, face, taken_ns: 0 }
    }

    #[test]
    fn a_face_on_the_cameras_left_is_on_the_mirrors_right() {
        let face = Face::of(&header(Some(FaceBox { x: 0, y: 120, width: 160, height: 240 }))).unwrap();
        assert_eq!(face, Face { x: 0.875, y: 0.5, height: 0.5 });
        assert_eq!(Face::of(&header(None)), None);
    }

    #[test]
    fn a_box_outside_the_picture_stays_at_its_edge() {
        let face = Face::of(&header(Some(FaceBox { x: 65535, y: 65535, width: 65535, height: 65535 }))).unwrap();
        assert_eq!(face, Face { x: 0.0, y: 1.0, height: 1.0 });
    }

    #[test]
    fn the_oval_comes_to_the_face_within_some_frames() {
        let there = Face { x: 0.2, y: 0.6, height: 0.4 };
        assert_eq!(there.after(None), there);
        let mut oval = Face { x: 0.8, y: 0.3, height: 0.6 };
        for _ in 0..8 {
            oval = there.after(Some(oval));
        }
        assert!((oval.x - there.x).abs() < 0.01 && (oval.y - there.y).abs() < 0.01, "{oval:?}");
    }
}

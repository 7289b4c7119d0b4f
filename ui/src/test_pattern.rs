//! A drawn person in front of the camera, made by code: for samples and tests. Nobody's photo.

use screen::preview::{FaceBox, Header};

const WIDTH: u16 = 640;
const HEIGHT: u16 = 480;

/// A picture as a camera sends it, not mirrored, and its header. The person's hair is parted on the camera's left, so
/// that a mirror can be told from a window.
#[must_use]
pub fn test_pattern(taken_ns: u64) -> (Header, Vec<u8>) {
    let face = Some(FaceBox { x: 236, y: 108, width: 168, height: 222 });
    let header = Header { kind: screen::preview::PictureKind::Live, width: WIDTH, height: HEIGHT, face, taken_ns };
    let mut rgb = Vec::with_capacity(header.picture_bytes());
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            rgb.extend(pixel(f32::from(x), f32::from(y)));
        }
    }
    (header, rgb)
}

/// Where a point is in an ellipse: below 1 within.
fn ellipse(point: (f32, f32), middle: (f32, f32), radii: (f32, f32)) -> f32 {
    let (across, down) = ((point.0 - middle.0) / radii.0, (point.1 - middle.1) / radii.1);
    across * across + down * down
}

fn pixel(x: f32, y: f32) -> [u8; 3] {
    let at = (x, y);
    let within = |middle, radii| ellipse(at, middle, radii) < 1.0;
    let hair = within((320.0, 190.0), (108.0, 128.0));
    let forehead = ellipse(at, (300.0, 262.0), (112.0, 128.0)) < 1.0;
    if within((284.0, 214.0), (9.0, 11.0)) || within((356.0, 214.0), (9.0, 11.0)) {
        [58, 44, 40]
    } else if within((320.0, 292.0), (30.0, 7.0)) {
        [176, 104, 92]
    } else if within((320.0, 222.0), (86.0, 112.0)) && (forehead || !hair) {
        [228, 194, 164]
    } else if hair {
        [66, 52, 46]
    } else if within((320.0, 336.0), (38.0, 60.0)) && y < 372.0 {
        [212, 176, 146]
    } else if within((320.0, 500.0), (212.0, 140.0)) {
        [56, 76, 108]
    } else {
        // A quiet wall, lighter above. Both sides are small numbers.
        let shade = (y / 480.0 * 52.0) as u8;
        [152 - shade, 160 - shade, 172 - shade]
    }
}

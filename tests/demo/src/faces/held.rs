//! What somebody holds up instead of a face: a printed photo, a picture on a phone.

use image::{Rgb, RgbImage};

/// What is held up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A photo on paper with a white edge.
    Print,
    /// A picture on a phone: black edge, brighter and bluer, the lines of both grids beating.
    Screen,
}

/// The picture in its edge before a wall, and how far everything in it moved right and down.
#[must_use]
pub(super) fn held(picture: &RgbImage, what: Held, edge: u32) -> (RgbImage, f32) {
    let (width, height) = picture.dimensions();
    let margin = edge + 4;
    let whole = RgbImage::from_fn(width + 2 * margin, height + 2 * margin, |x, y| {
        let inside = |low: u32| x >= low && y >= low && x < width + 2 * margin - low && y < height + 2 * margin - low;
        if inside(margin) {
            let pixel = picture.get_pixel(x - margin, y - margin);
            match what {
                Held::Print => *pixel,
                Held::Screen => on_screen(*pixel, x, y),
            }
        } else if inside(4) {
            match what {
                Held::Print => Rgb([243, 241, 236]),
                Held::Screen => Rgb([12, 12, 14]),
            }
        } else {
            Rgb([150, 147, 141])
        }
    });
    (whole, margin as f32)
}

fn on_screen(Rgb(colour): Rgb<u8>, x: u32, y: u32) -> Rgb<u8> {
    let beat = 1.0 + 0.07 * (x as f32 * 2.1 + y as f32 * 0.15).sin() + 0.05 * (y as f32 * 1.9).sin();
    let gain = [1.04, 1.1, 1.25];
    Rgb(std::array::from_fn(|k| (f32::from(colour[k]) * gain[k] * beat + 10.0).clamp(0.0, 255.0) as u8))
}

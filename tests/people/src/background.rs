//! What stands behind a person: walls, shelves, windows, plants, lamps, suggested by shapes.

use crate::dice::Dice;
use crate::geometry::{Vec3, mix3, smooth};
use crate::noise::cloud;
use crate::picture::Picture;

/// How busy it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Busy {
    /// One plain colour, as for a card photo.
    Plain,
    /// A wall with a few things, out of focus.
    Calm,
    /// Anything, with things of a face's size and colour.
    Cluttered,
}

/// Draws a background under this light.
pub(crate) fn draw(width: usize, height: usize, busy: Busy, light: Vec3, dice: &mut Dice) -> Picture {
    let light = light.map(|n| n.max(0.0).powf(0.4545));
    let shrink = match busy {
        Busy::Plain => 4,
        Busy::Calm => 4,
        Busy::Cluttered => dice.pick(&[1, 2, 3]),
    };
    let (small_width, small_height) = (width.div_ceil(shrink) + 1, height.div_ceil(shrink) + 1);
    let mut small = Picture::new(small_width, small_height, [0.0; 3]);
    wall(&mut small, busy, dice);
    let things = match busy {
        Busy::Plain => 0,
        Busy::Calm => dice.below(5),
        Busy::Cluttered => 4 + dice.below(14),
    };
    for _ in 0..things {
        thing(&mut small, busy, dice);
    }
    if busy != Busy::Cluttered {
        small.blur(dice.range(0.8, 1.6));
    } else if dice.chance(0.5) {
        small.blur(dice.range(0.4, 1.2));
    }
    let mut out = Picture::new(width, height, [0.0; 3]);
    for y in 0..height {
        let sy = y as f32 / shrink as f32;
        let (iy, ty) = (sy as usize, sy.fract());
        for x in 0..width {
            let sx = x as f32 / shrink as f32;
            let (ix, tx) = (sx as usize, sx.fract());
            let at = |dx: usize, dy: usize| {
                small.pixels[(iy + dy).min(small_height - 1) * small_width + (ix + dx).min(small_width - 1)]
            };
            let colour = mix3(mix3(at(0, 0), at(1, 0), tx), mix3(at(0, 1), at(1, 1), tx), ty);
            out.pixels[y * width + x] = [0, 1, 2].map(|c| colour[c] * light[c]);
        }
    }
    out
}

fn wall(picture: &mut Picture, busy: Busy, dice: &mut Dice) {
    let plain = [[214.0, 218.0, 222.0], [226.0, 226.0, 224.0], [196.0, 208.0, 222.0], [206.0, 214.0, 220.0]];
    let calm = [
        [222.0, 218.0, 208.0],
        [206.0, 210.0, 212.0],
        [190.0, 198.0, 196.0],
        [216.0, 208.0, 192.0],
        [178.0, 188.0, 198.0],
        [200.0, 206.0, 190.0],
    ];
    let any =
        [[120.0, 110.0, 100.0], [70.0, 76.0, 84.0], [190.0, 150.0, 120.0], [150.0, 160.0, 150.0], [92.0, 70.0, 56.0]];
    let base: Vec3 = match busy {
        Busy::Plain => dice.pick(&plain),
        Busy::Calm => dice.pick(&calm),
        Busy::Cluttered => {
            if dice.chance(0.5) {
                dice.pick(&calm)
            } else {
                dice.pick(&any)
            }
        }
    };
    let (slope, side, seed) = (dice.about(0.0, 0.09), dice.about(0.0, 0.12), dice.number());
    let rough = if busy == Busy::Plain { 0.01 } else { 0.05 };
    let (width, height) = (picture.width as f32, picture.height as f32);
    for (row, line) in picture.pixels.chunks_exact_mut(picture.width).enumerate() {
        for (column, pixel) in line.iter_mut().enumerate() {
            let (u, v) = (column as f32 / width - 0.5, row as f32 / height - 0.5);
            let k = 1.0 + slope * v + side * u + rough * (cloud(u * 7.0, v * 7.0, seed) - 0.5);
            *pixel = base.map(|n| n * k);
        }
    }
}

fn colour(dice: &mut Dice) -> Vec3 {
    let all = [
        [120.0, 84.0, 58.0],
        [60.0, 66.0, 76.0],
        [232.0, 232.0, 228.0],
        [96.0, 130.0, 96.0],
        [150.0, 170.0, 196.0],
        [202.0, 160.0, 132.0],
        [224.0, 182.0, 152.0],
        [170.0, 120.0, 92.0],
        [48.0, 42.0, 40.0],
        [190.0, 90.0, 72.0],
        [236.0, 206.0, 120.0],
    ];
    let base = dice.pick(&all);
    [0, 1, 2].map(|c| (base[c] + dice.about(0.0, 14.0)).clamp(8.0, 250.0))
}

fn thing(picture: &mut Picture, busy: Busy, dice: &mut Dice) {
    let (width, height) = (picture.width as f32, picture.height as f32);
    let (cx, cy) = (dice.range(-0.1, 1.1) * width, dice.range(-0.1, 1.1) * height);
    match dice.below(if busy == Busy::Cluttered { 7 } else { 5 }) {
        // A door, a board, a frame on the wall.
        0 => {
            let (w, h) = (dice.range(0.1, 0.4) * width, dice.range(0.2, 0.9) * height);
            let (rim, inside) = (colour(dice), colour(dice));
            oblong(picture, cx, cy, w, h, rim, 1.0);
            oblong(picture, cx, cy, w * 0.86, h * 0.9, inside, 1.0);
        }
        // A window with bars.
        1 => {
            let (w, h) = (dice.range(0.25, 0.5) * width, dice.range(0.3, 0.7) * height);
            oblong(picture, cx, cy, w, h, [200.0, 200.0, 196.0], 1.0);
            for i in 0..2 {
                let x = cx + (i as f32 - 0.5) * w * 0.48;
                oblong(picture, x, cy, w * 0.42, h * 0.88, [238.0, 244.0, 250.0], 1.0);
            }
        }
        // A shelf with books or files.
        2 => {
            let (w, h) = (dice.range(0.3, 0.6) * width, height * 0.2);
            let mut x = cx - w * 0.5;
            while x < cx + w * 0.5 {
                let thick = dice.range(0.01, 0.035) * width;
                let tall = h * dice.range(0.6, 1.0);
                let spine = colour(dice);
                oblong(picture, x + thick * 0.5, cy + (h - tall) * 0.5, thick, tall, spine, 1.0);
                x += thick * 1.1;
            }
            oblong(picture, cx, cy + h * 0.55, w, h * 0.08, [110.0, 84.0, 62.0], 1.0);
        }
        // A plant.
        3 => {
            let green = [dice.range(50.0, 90.0), dice.range(95.0, 140.0), dice.range(50.0, 80.0)];
            for _ in 0..14 {
                let (dx, dy) = (dice.about(0.0, 0.06) * width, dice.about(0.0, 0.09) * height);
                let k = dice.range(0.6, 1.2);
                disc(
                    picture,
                    cx + dx,
                    cy + dy,
                    0.03 * width,
                    dice.range(0.02, 0.06) * height,
                    green.map(|n| n * k),
                    0.9,
                );
            }
        }
        // A line on the wall.
        4 => {
            let line = colour(dice);
            oblong(picture, width * 0.5, cy, width * 1.2, dice.range(0.008, 0.03) * height, line, 0.7);
        }
        // Round things of a face's colour and size: lamps, clocks, plates, balls.
        5 => {
            let r = dice.range(0.03, 0.2) * height;
            let (rim, inside) = (colour(dice), colour(dice));
            let tall = dice.range(0.9, 1.4);
            disc(picture, cx, cy, r, r * tall, rim, 1.0);
            disc(picture, cx, cy, r * 0.85, r * tall * 0.85, inside, 1.0);
            let dark = colour(dice).map(|n| n * 0.5);
            for _ in 0..dice.below(4) {
                let (dx, dy) = (dice.range(-0.5, 0.5) * r, dice.range(-0.5, 0.5) * r);
                disc(picture, cx + dx, cy + dy, r * 0.12, r * 0.08, dark, 1.0);
            }
        }
        // A poster with writing and blocks.
        _ => {
            let (w, h) = (dice.range(0.12, 0.4) * width, dice.range(0.15, 0.5) * height);
            let paper = colour(dice).map(|n| 160.0 + n * 0.35);
            oblong(picture, cx, cy, w, h, paper, 1.0);
            let rows = 3 + dice.below(8);
            for row in 0..rows {
                let y = cy + (row as f32 / rows as f32 - 0.45) * h;
                let length = w * dice.range(0.3, 0.85);
                let ink = colour(dice).map(|n| n * 0.6);
                oblong(picture, cx - (w * 0.88 - length) * 0.5, y, length, h * 0.35 / rows as f32, ink, 0.9);
            }
        }
    }
}

fn oblong(picture: &mut Picture, cx: f32, cy: f32, w: f32, h: f32, colour: Vec3, share: f32) {
    let bound = |n: f32, limit: usize| n.round().clamp(0.0, limit as f32) as usize;
    let (left, right) = (bound(cx - w * 0.5, picture.width), bound(cx + w * 0.5, picture.width));
    let (top, low) = (bound(cy - h * 0.5, picture.height), bound(cy + h * 0.5, picture.height));
    for row in top..low {
        for pixel in &mut picture.pixels[row * picture.width + left..row * picture.width + right.max(left)] {
            *pixel = mix3(*pixel, colour, share);
        }
    }
}

fn disc(picture: &mut Picture, cx: f32, cy: f32, rx: f32, ry: f32, colour: Vec3, share: f32) {
    let bound = |n: f32, limit: usize| n.round().clamp(0.0, limit as f32) as usize;
    let (left, right) = (bound(cx - rx - 1.0, picture.width), bound(cx + rx + 1.0, picture.width));
    let (top, low) = (bound(cy - ry - 1.0, picture.height), bound(cy + ry + 1.0, picture.height));
    for row in top..low {
        for column in left..right {
            let far = ((column as f32 - cx) / rx.max(0.5)).hypot((row as f32 - cy) / ry.max(0.5));
            let k = share * smooth(1.06, 0.94, far) * 1.0;
            if k > 0.0 {
                let pixel = &mut picture.pixels[row * picture.width + column];
                *pixel = mix3(*pixel, colour.map(|n| n * (1.06 - 0.2 * far)), k);
            }
        }
    }
}

/// The back of a chair in the middle, and its seat's edge: what the terminal sees while nobody sits there.
pub(crate) fn chair(picture: &mut Picture, dice: &mut Dice) {
    let colours = [[86.0, 96.0, 108.0], [120.0, 96.0, 78.0], [70.0, 92.0, 86.0], [132.0, 74.0, 70.0]];
    let colour = dice.pick(&colours);
    let (width, height) = (picture.width as f32, picture.height as f32);
    let (cx, cy, half_w, half_h, round) = (width * 0.5, height * 0.86, width * 0.15, height * 0.24, 18.0);
    for y in 0..picture.height {
        for x in 0..picture.width {
            let (dx, dy) = ((x as f32 - cx).abs() - half_w + round, (y as f32 - cy).abs() - half_h + round);
            let far = dx.max(0.0).hypot(dy.max(0.0)) - round;
            let k = smooth(2.5, -2.5, far);
            if k > 0.0 {
                let shade = 1.0 - 0.12 * ((x as f32 - cx) / half_w) - 0.1 * smooth(-12.0, 0.0, far);
                let pixel = &mut picture.pixels[y * picture.width + x];
                *pixel = mix3(*pixel, colour.map(|n| n * shade), k);
            }
        }
    }
}

//! What is drawn on the skin: eyes, brows, wrinkles, moles, beard for good; lids, mouth and gaze for one picture.

use crate::geometry::{Vec3, bell, mix, mix3, smooth, times};
use crate::noise::{line, noise};
use crate::person::Person;
use crate::space::Rows;
use crate::texture::{Paint, Skin, Texture, luma};

/// Where the eyes are in the canonical frame.
pub(crate) const EYES: [[f32; 2]; 2] = [[64.0, 88.0], [128.0, 88.0]];
/// Half the breadth of the mouth.
const MOUTH_HALF: f32 = 28.0;

/// What a face does in one picture; 0 is at rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Expression {
    pub(crate) smile: f32,
    pub(crate) open: f32,
    pub(crate) brows: f32,
    /// 0 open to 1 shut.
    pub(crate) shut: f32,
    pub(crate) gaze: [f32; 2],
}

/// Draws what stays.
pub(crate) fn permanent(paint: &mut Paint, person: &Person, plain: Vec3, rows: Rows) {
    let mouth = [96.0, rows.lips];
    lips(paint, person, mouth);
    wrinkles(paint, person);
    beard(paint, person, mouth);
    spots(paint, person, plain, mouth);
    for side in 0..2 {
        brow(paint, person, side, rows.brow);
    }
}

fn darken(pixel: &mut Vec3, k: f32) {
    // Shadows in skin are warmer than the skin.
    *pixel = [pixel[0] * (1.0 - k * 0.85), pixel[1] * (1.0 - k), pixel[2] * (1.0 - k * 1.02)];
}

fn lips(paint: &mut Paint, person: &Person, at: [f32; 2]) {
    let tint = person.lip_tint;
    paint.patch([at[0], at[1] + 2.0], [32.0, 16.0], |x, y, pixel| {
        let wide = 1.0 - (x / MOUTH_HALF).powi(2);
        if wide <= 0.0 {
            return;
        }
        let upper = -8.0 * wide.powf(0.6) + 2.0 * bell(x, 4.0);
        let lower = 9.5 * wide.powf(0.55);
        let inside = smooth(upper - 1.5, upper + 1.5, y + 2.0) * smooth(lower + 1.5, lower - 2.0, y);
        let k = inside * tint * 0.35;
        let red = [luma(*pixel) * 1.28, luma(*pixel) * 0.72, luma(*pixel) * 0.74];
        *pixel = mix3(*pixel, red, k);
    });
}

fn wrinkles(paint: &mut Paint, person: &Person) {
    let old = ((person.age - 32.0) / 45.0).clamp(0.0, 1.25);
    let seed = person.hair.seed ^ 0x77;
    let own = |n: u32| 0.5 + noise(n as f32 * 3.7, 1.5, seed);
    // Forehead.
    let depth = old * own(1) * 0.16;
    if depth > 0.015 {
        paint.patch([96.0, 46.0], [50.0, 26.0], |x, y, pixel| {
            let wave = 2.5 * (line(x * 0.05, seed) - 0.5) + 0.004 * x * x;
            for n in 0..3 {
                let at = -12.0 + 9.0 * n as f32 + wave * (1.0 + n as f32 * 0.3);
                let broken = smooth(0.25, 0.6, line(x * 0.06 + n as f32 * 17.0, seed ^ 3));
                darken(pixel, depth * broken * bell(y - at, 0.8) * smooth(48.0, 30.0, x.abs()));
                lighten(pixel, depth * 0.4 * broken * bell(y - at - 2.2, 1.1) * smooth(48.0, 30.0, x.abs()));
            }
        });
    }
    for (side, eye) in EYES.iter().enumerate() {
        let out = if side == 0 { -1.0 } else { 1.0 };
        // Crow's feet.
        let depth = old * own(2) * 0.2;
        paint.patch([eye[0] + out * 24.0, eye[1] + 1.0], [13.0, 15.0], |x, y, pixel| {
            let (r, a) = ((x * out + 8.0).hypot(y), y.atan2(x * out + 8.0));
            for at in [-0.55_f32, -0.15, 0.25, 0.65] {
                let fade = smooth(3.0, 7.0, r) * smooth(20.0, 11.0, r);
                darken(pixel, depth * fade * bell((a - at) * r, 0.6));
            }
        });
        // Bags under the eyes.
        let depth = person.eyes.bags * 0.12;
        paint.patch([eye[0], eye[1] + 11.0], [19.0, 8.0], |x, y, pixel| {
            let at = 3.2 - x * x * 0.016;
            darken(pixel, depth * bell(y - at, 1.1) * smooth(18.0, 9.0, x.abs()));
            darken(pixel, depth * 0.5 * bell(y - at + 3.0, 3.0) * smooth(18.0, 8.0, x.abs()));
            lighten(pixel, depth * 0.4 * bell(y - at - 2.6, 1.5) * smooth(18.0, 9.0, x.abs()));
        });
        // From the nose to the mouth's corners, and below them.
        let depth = (0.05 + old * 0.22) * own(3);
        paint.patch([96.0 + out * 27.0, 146.0], [16.0, 34.0], |x, y, pixel| {
            let t = (y + 18.0) / 36.0;
            let at = -8.0 + 15.0 * t.clamp(-0.2, 1.2).powf(1.0) - 4.0 * (t * (1.0 - t)).max(0.0);
            let fade = smooth(-0.05, 0.2, t) * smooth(1.1, 0.75, t);
            darken(pixel, depth * fade * bell(x * out - at, 1.3));
            lighten(pixel, depth * 0.3 * fade * bell(x * out - at - 4.0, 2.5));
        });
        let depth = (old - 0.35).max(0.0) * own(4) * 0.25;
        paint.patch([96.0 + out * 29.0, 174.0], [8.0, 16.0], |x, y, pixel| {
            darken(pixel, depth * bell(x * out - 0.1 * y, 1.3) * smooth(15.0, 6.0, y.abs()));
        });
    }
    // Fine creases everywhere on old skin.
    let depth = (old - 0.45).max(0.0) * 0.1;
    if depth > 0.0 {
        paint.patch([96.0, 112.0], [70.0, 100.0], |x, y, pixel| {
            let n = noise(x * 0.16 + y * 0.05, y * 0.55, seed ^ 9) - 0.5;
            darken(pixel, depth * n * 1.6);
        });
    }
}

fn lighten(pixel: &mut Vec3, k: f32) {
    *pixel = times(*pixel, 1.0 + k);
}

fn beard(paint: &mut Paint, person: &Person, mouth: [f32; 2]) {
    let (beard, moustache) = (person.beard, person.moustache);
    if beard < 0.03 && moustache < 0.03 {
        return;
    }
    let hair = times(person.hair.colour, 0.9);
    let seed = person.hair.seed ^ 0xbea2;
    paint.patch([96.0, 172.0], [74.0, 50.0], |x, y, pixel| {
        let (px, py) = (x, y + 172.0 - mouth[1]);
        // Round the mouth, over the chin, up the jaw to the ears; not on the lips or high cheeks.
        let lips = smooth(0.8, 1.25, ((px / 29.0).powi(2) + ((py - 1.0) / 12.0).powi(2)).sqrt());
        let jaw = smooth(-6.0, 14.0, py + px.abs() * 0.62 - 18.0);
        let ring = smooth(44.0, 30.0, px.abs()) * smooth(4.0, 10.0, py);
        let lip_hair = bell(py + 13.5, 4.5) * smooth(30.0, 20.0, px.abs());
        let strand = noise(px * 0.9 + py * 0.15, py * 0.5, seed);
        let area = lips * jaw.max(ring).max(lip_hair * 0.9);
        let stubble = area * beard.min(0.4) * (0.35 + 0.65 * strand);
        let full = area * smooth(0.5, 0.65, beard) * smooth(0.2, 0.6, strand + 0.25);
        let upper = lips * lip_hair * moustache * smooth(0.25, 0.6, strand + 0.2);
        let k = (stubble * 0.55).max(full * 0.9).max(upper * 0.9);
        *pixel = mix3(*pixel, hair, k);
    });
}

fn spots(paint: &mut Paint, person: &Person, plain: Vec3, mouth: [f32; 2]) {
    for mole in &person.moles {
        let r = mole.radius;
        // None on an eye or the lips.
        let near = EYES.iter().any(|e| (e[0] - mole.at[0]).abs() < 20.0 && (e[1] - mole.at[1]).abs() < 12.0);
        if near || ((mole.at[0] - 96.0).abs() < 28.0 && (mole.at[1] - mouth[1]).abs() < 12.0) {
            continue;
        }
        paint.patch(mole.at, [r * 3.0 + 1.0; 2], |x, y, pixel| {
            let k = mole.dark * smooth(r * 1.5 + 0.4, r * 0.6, x.hypot(y));
            *pixel = mix3(*pixel, times(plain, 0.35), k);
        });
    }
    let seed = person.hair.seed ^ 0xf2ec;
    let (freckles, age_spots) = (person.freckles, person.spots);
    if freckles > 0.0 {
        paint.patch([96.0, 116.0], [52.0, 26.0], |x, y, pixel| {
            let n = smooth(0.72, 0.85, noise(x * 0.45, y * 0.45, seed));
            darken(pixel, n * freckles * 0.22 * smooth(50.0, 25.0, x.abs()) * smooth(26.0, 10.0, y.abs()));
        });
    }
    if age_spots > 0.05 {
        paint.patch([96.0, 100.0], [80.0, 90.0], |x, y, pixel| {
            let n = smooth(0.74, 0.82, noise(x * 0.11, y * 0.11, seed ^ 5));
            darken(pixel, n * age_spots * 0.22 * smooth(25.0, 55.0, x.abs()));
        });
    }
}

fn brow(paint: &mut Paint, person: &Person, side: usize, row: f32) {
    let brows = &person.brows;
    let out = if side == 0 { -1.0 } else { 1.0 };
    let centre = [EYES[side][0] + out * 1.0, row - 1.0 - brows.height];
    let colour = mix3(times(person.hair.colour, 0.85), [40.0, 30.0, 26.0], 0.45);
    let seed = person.hair.seed ^ (side as u32 * 91);
    let half = 20.5 * brows.length;
    paint.patch(centre, [28.0, 13.0], |x, y, pixel| {
        // −1 at the inner end, 1 at the outer one.
        let t = x * out / half;
        if t.abs() > 1.15 {
            return;
        }
        let middle =
            1.5 - brows.arch * (1.0 - ((t - 0.25) / 1.1).powi(2)) - brows.slant * t * 1.5 + 1.5 * smooth(0.5, 1.1, t);
        let thick = brows.thick * mix(3.6, 1.5, smooth(-0.3, 1.0, t)) * smooth(-1.12, -0.8, t);
        let fade = smooth(1.08, 0.75, t) * smooth(-1.1, -0.7, t);
        // Hairs lean outwards, upright at the inner end.
        let lean = mix(0.35, 2.6, smooth(-1.0, 0.2, t));
        let hair = noise((x * out - y.abs() * 0.0 + (y - middle) * lean) * 0.75, y * 0.35, seed);
        let edge = smooth(thick * 1.35, thick * 0.45, (y - middle).abs() + (hair - 0.5) * 1.6);
        let k = edge * fade * brows.dark * (0.5 + 0.5 * hair);
        *pixel = mix3(*pixel, colour, k.min(0.92));
    });
}

/// The skin's picture with what one picture needs: eyes with their lids and gaze, and the mouth.
pub(crate) fn passing(skin: &Skin, person: &Person, expression: &Expression, rows: Rows) -> Texture {
    let mut texture = skin.texture.clone();
    for (side, at) in EYES.iter().enumerate() {
        let mut window = skin.paint.window(*at, [25.0, 18.0]);
        eye(&mut window, person, expression, side);
        window.put(&mut texture);
    }
    if let Some(window) = mouth(&skin.paint, expression, [96.0, rows.lips]) {
        window.put(&mut texture);
    }
    texture.shrink();
    texture
}

fn eye(paint: &mut Paint, person: &Person, expression: &Expression, side: usize) {
    let eyes = &person.eyes;
    let out = if side == 0 { -1.0 } else { 1.0 };
    let centre = EYES[side];
    let wide = 15.0 * eyes.wide;
    let lid_skin = mix3(paint.colour(centre[0], centre[1] - 11.0), paint.colour(centre[0], centre[1] + 13.0), 0.5);
    let opening = (1.0 - expression.shut) * (1.0 - 0.25 * expression.smile);
    let up = 5.1 * eyes.open * opening;
    let down = 3.6 * (0.8 + 0.2 * eyes.open) * (1.0 - 0.3 * expression.smile * (1.0 - expression.shut));
    // A shut lid meets the lower one.
    let down_shut = mix(down, down * 0.75, expression.shut);
    let gaze = [expression.gaze[0] * 4.0, expression.gaze[1] * 2.5 - 0.6];
    let old = ((person.age - 50.0) / 40.0).clamp(0.0, 1.0);
    let white = mix3([212.0, 206.0, 201.0], [196.0, 184.0, 172.0], old);
    let white = mix3(white, times(white, luma(person.skin) / 190.0), 0.35);
    let lash_dark = times(mix3(person.hair.colour, [20.0, 14.0, 13.0], 0.75), 0.9);
    let seed = person.hair.seed ^ 0xe7e ^ side as u32;
    let thick = 0.55 + 0.75 * eyes.lash;
    paint.patch(centre, [24.0, 17.0], |x, y, pixel| {
        // Outwards is positive; the slant lifts the outer corner.
        let ex = x * out;
        let ey = y + eyes.slant * ex / wide;
        let s = ex / wide;
        let (inner, round) = (s.abs() < 1.0, (1.0 - s * s).max(0.0));
        // The upper lid is highest a little to the inner side, the lower one lowest to the outer.
        let top =
            -up * round.powf(0.62) * (1.0 - 0.12 * s) + mix(0.0, down_shut * 1.55, expression.shut) * round.powf(0.7);
        let low = down_shut * round.powf(0.75) * (1.0 + 0.15 * s);
        // The old eye of the mean face shows through nowhere.
        let cover = smooth(1.25, 0.85, (ex / (wide + 3.5)).hypot(ey / 9.5));
        let shade = times(lid_skin, 0.9 - 0.12 * bell(ey - top + 2.0, 3.0));
        *pixel = mix3(*pixel, shade, cover * 0.62 * (0.55 + 0.45 * expression.shut));
        if inner && top < low {
            let inside = smooth(-0.45, 0.45, ey - top) * smooth(0.45, -0.45, ey - low);
            if inside > 0.0 {
                let colour = ball([ex, ey], s, top, gaze, out, white, person);
                *pixel = mix3(*pixel, colour, inside);
            }
        }
        // Edge of the upper lid with its lashes, thicker outwards; a fainter one below.
        let reach = smooth(1.18, 0.98, s) * smooth(-1.12, -0.9, s);
        let edge_top = if inner { top } else { 0.0 };
        let hairs = line((ex + ey * 0.5 * s) * 1.25, seed);
        let lash = bell((ey - edge_top + 0.2) / (0.62 + 0.35 * thick * smooth(-1.0, 0.8, s)), 1.0);
        let long =
            smooth(-3.4 * eyes.lash, 0.0, ey - edge_top) * smooth(0.3, -0.3, ey - edge_top) * smooth(0.5, 0.85, hairs);
        let k = (lash * (0.72 + 0.2 * thick)).max(long * 0.55 * eyes.lash) * reach;
        *pixel = mix3(*pixel, lash_dark, k.min(0.95));
        if expression.shut < 0.7 {
            let rim = bell(ey - low - 0.1, 0.65) * smooth(1.05, 0.7, s.abs());
            *pixel = mix3(*pixel, times(lid_skin, 0.62), rim * 0.5);
        }
        if let Some(fold) = eyes.fold {
            let at = top
                - (fold + 1.6 * expression.shut * 2.0) * (0.55 + 0.45 * smooth(-1.0, 0.3, s)) * (0.75 + 0.25 * round);
            let k = bell(ey - at, 0.7) * smooth(1.15, 0.85, s.abs());
            darken(pixel, k * 0.34);
        } else {
            darken(pixel, bell(ey - top + 3.5, 2.4) * smooth(1.1, 0.6, s.abs()) * 0.1);
        }
    });
}

/// White, iris, pupil and highlight at a place of the eye, `s` from its inner (−1) to its outer corner.
fn ball([ex, ey]: [f32; 2], s: f32, top: f32, gaze: [f32; 2], out: f32, white: Vec3, person: &Person) -> Vec3 {
    let (ix, iy) = (ex * out - gaze[0], ey - gaze[1]);
    let r = ix.hypot(iy);
    let corner = mix(1.0, 0.72, smooth(0.45, 1.0, s.abs()));
    let mut colour = times(white, corner);
    // The small red hill at the inner corner.
    colour = mix3(colour, [188.0, 128.0, 118.0], smooth(-0.78, -0.95, s) * 0.8);
    let iris = person.eyes.iris;
    let fibre = 0.85 + 0.3 * line(iy.atan2(ix) * 9.0 + 50.0, person.hair.seed);
    let glow = 1.0 + 0.45 * smooth(-2.0, 5.0, iy);
    let inside = times(iris, fibre * glow * mix(1.0, 0.5, smooth(4.6, 6.1, r)));
    colour = mix3(colour, inside, smooth(6.6, 5.8, r));
    colour = mix3(colour, [12.0, 9.0, 9.0], smooth(2.9, 2.2, r));
    // The lid's shadow.
    colour = times(colour, mix(0.52, 1.0, smooth(-0.5, 3.2, ey - top)));
    let shine = smooth(1.5, 0.7, (ix + 1.9).hypot(iy + 2.0));
    mix3(colour, [250.0, 250.0, 250.0], shine * 0.9)
}

fn mouth(source: &Paint, expression: &Expression, at: [f32; 2]) -> Option<Paint> {
    let open = expression.open * 9.0 + expression.smile * 1.0;
    if open < 0.6 {
        return None;
    }
    let half = 19.0 + 3.0 * expression.smile;
    // What lies below the line of the lips goes down, less and less towards the chin.
    let mut paint = source.window(at, [41.0, 45.0]);
    paint.patch(at, [40.0, 44.0], |x, y, pixel| {
        let gap = open * (1.0 - (x / half).powi(2)).max(0.0).sqrt();
        let near = smooth(38.0, 14.0, x.abs());
        if y <= 0.0 {
            return;
        }
        let shift = (gap + (open - gap) * 0.35 * near) * smooth(42.0, 12.0, y);
        if y < gap {
            let tooth =
                smooth(0.2, 1.0, y) * smooth(gap.min(4.2), gap.min(3.2), y) * smooth(half * 0.8, half * 0.55, x.abs());
            let gaps = 1.0 - 0.12 * bell((x / 4.2).fract() - 0.5, 0.07);
            let dark = [74.0, 28.0, 28.0];
            let inside = mix3(dark, times([214.0, 206.0, 190.0], gaps), tooth * 0.9);
            let edge = smooth(0.0, 0.9, y) * smooth(gap, gap - 1.0, y);
            *pixel = mix3(source.colour(x + at[0], at[1]), inside, edge);
        } else {
            *pixel = source.colour(x + at[0], y - shift + at[1]);
        }
    });
    Some(paint)
}

//! Noise that depends on nothing but place and seed.

/// A well-mixed number from a number.
pub(crate) fn hash(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// 0 to 1 for a lattice place.
#[inline]
pub(crate) fn lattice(x: i32, y: i32, seed: u32) -> f32 {
    let key = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed;
    (hash(key) >> 8) as f32 / 16_777_216.0
}

/// Rounds down; much faster than `f32::floor` on machines without an instruction for it.
#[inline]
fn floor(x: f32) -> i32 {
    let i = x as i32;
    if (i as f32) > x { i - 1 } else { i }
}

/// Smooth noise, 0 to 1, features one unit wide.
#[inline]
pub(crate) fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (ix, iy) = (floor(x), floor(y));
    let (tx, ty) = (x - ix as f32, y - iy as f32);
    let (sx, sy) = (tx * tx * (3.0 - 2.0 * tx), ty * ty * (3.0 - 2.0 * ty));
    let (jx, jy) = (ix.wrapping_add(1), iy.wrapping_add(1));
    let top = lattice(ix, iy, seed) * (1.0 - sx) + lattice(jx, iy, seed) * sx;
    let low = lattice(ix, jy, seed) * (1.0 - sx) + lattice(jx, jy, seed) * sx;
    top * (1.0 - sy) + low * sy
}

/// Noise along a line.
#[inline]
pub(crate) fn line(x: f32, seed: u32) -> f32 {
    let ix = floor(x);
    let t = x - ix as f32;
    let s = t * t * (3.0 - 2.0 * t);
    lattice(ix, 0, seed) * (1.0 - s) + lattice(ix.wrapping_add(1), 0, seed) * s
}

/// Three layers of noise, 0 to 1.
pub(crate) fn cloud(x: f32, y: f32, seed: u32) -> f32 {
    noise(x, y, seed) * 0.55 + noise(x * 2.1, y * 2.1, seed ^ 0x51) * 0.3 + noise(x * 4.3, y * 4.3, seed ^ 0xa3) * 0.15
}

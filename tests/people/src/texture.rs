//! A person's skin as a picture: the space's flat face, spread to the whole head, with the fine things drawn on it.

use crate::geometry::{Vec3, mix, mix3, smooth};
use crate::marks;
use crate::noise::noise;
use crate::person::Person;
use crate::space::{FlatFace, HEIGHT, Space, WIDTH};

/// Pixels of the skin's picture for each canonical pixel.
pub(crate) const FINE: usize = 2;
/// Its size.
pub(crate) const SKIN_WIDTH: usize = WIDTH * FINE;
pub(crate) const SKIN_HEIGHT: usize = HEIGHT * FINE;

/// A picture with smaller and smaller copies of itself.
#[derive(Clone)]
pub(crate) struct Texture {
    levels: Vec<Level>,
}

#[derive(Clone)]
pub(crate) struct Level {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[u8; 4]>,
}

impl Texture {
    pub(crate) fn new(width: usize, height: usize, pixels: Vec<[u8; 4]>) -> Self {
        let mut texture = Self { levels: vec![Level { width, height, pixels }] };
        texture.shrink();
        texture
    }

    pub(crate) fn shrink(&mut self) {
        self.levels.truncate(1);
        while self.levels.len() < 6 {
            let big = &self.levels[self.levels.len() - 1];
            let (width, height) = (big.width / 2, big.height / 2);
            if width < 4 || height < 4 {
                break;
            }
            let mut pixels = Vec::with_capacity(width * height);
            for rows in big.pixels.chunks_exact(big.width * 2).take(height) {
                let (top, low) = rows.split_at(big.width);
                for (a, b) in top.chunks_exact(2).zip(low.chunks_exact(2)).take(width) {
                    pixels.push([0, 1, 2, 3].map(|c| {
                        let sum = u16::from(a[0][c]) + u16::from(a[1][c]) + u16::from(b[0][c]) + u16::from(b[1][c]);
                        ((sum + 2) >> 2) as u8
                    }));
                }
            }
            self.levels.push(Level { width, height, pixels });
        }
    }

    /// The copy of which one pixel is about one sample when the whole width is drawn over `samples`.
    pub(crate) fn level_for(&self, samples: f32) -> &Level {
        let ratio = self.levels[0].width as f32 / samples.max(1.0);
        let level = (ratio.log2() + 0.3).floor().clamp(0.0, (self.levels.len() - 1) as f32) as usize;
        &self.levels[level]
    }
}

impl Level {
    /// The colour at (u, v), both 0 to 1.
    #[inline]
    pub(crate) fn at(&self, u: f32, v: f32) -> [f32; 4] {
        let x = (u * self.width as f32 - 0.5).clamp(0.0, (self.width - 2) as f32 + 0.99);
        let y = (v * self.height as f32 - 0.5).clamp(0.0, (self.height - 2) as f32 + 0.99);
        let (ix, iy) = (x as usize, y as usize);
        let (tx, ty) = (x - ix as f32, y - iy as f32);
        let start = iy * self.width + ix;
        let (a, b) = (self.pixels[start], self.pixels[start + 1]);
        let (c, d) = (self.pixels[start + self.width], self.pixels[start + self.width + 1]);
        let (wa, wb, wc, wd) = ((1.0 - tx) * (1.0 - ty), tx * (1.0 - ty), (1.0 - tx) * ty, tx * ty);
        let blend =
            |i: usize| f32::from(a[i]) * wa + f32::from(b[i]) * wb + f32::from(c[i]) * wc + f32::from(d[i]) * wd;
        [blend(0), blend(1), blend(2), 255.0]
    }
}

/// A picture being painted, or a window of it: sRGB 0..255 as numbers, on the canonical frame at [`FINE`].
#[derive(Clone)]
pub(crate) struct Paint {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    pub(crate) pixels: Vec<Vec3>,
}

impl Paint {
    /// Changes the pixels of a box about (cx, cy); everything in canonical pixels.
    pub(crate) fn patch(&mut self, centre: [f32; 2], half: [f32; 2], mut change: impl FnMut(f32, f32, &mut Vec3)) {
        let fine = FINE as f32;
        let [left, right, top, low] = self.bounds(centre, half);
        for row in top..low {
            let line = &mut self.pixels[(row - self.top) * self.width..][..self.width];
            for column in left..right {
                let pixel = &mut line[column - self.left];
                change((column as f32 + 0.5) / fine - centre[0], (row as f32 + 0.5) / fine - centre[1], pixel);
            }
        }
    }

    /// Left, right, top and lower edge of a box within this window, fine pixels.
    fn bounds(&self, centre: [f32; 2], half: [f32; 2]) -> [usize; 4] {
        let bound =
            |at: f32, low: usize, size: usize| ((at * FINE as f32).round().max(0.0) as usize).clamp(low, low + size);
        [
            bound(centre[0] - half[0], self.left, self.width),
            bound(centre[0] + half[0], self.left, self.width),
            bound(centre[1] - half[1], self.top, self.height),
            bound(centre[1] + half[1], self.top, self.height),
        ]
    }

    /// A copy of a box.
    pub(crate) fn window(&self, centre: [f32; 2], half: [f32; 2]) -> Self {
        let [left, right, top, low] = self.bounds(centre, half);
        let mut pixels = Vec::with_capacity((right - left) * (low - top));
        for row in top..low {
            let start = (row - self.top) * self.width;
            pixels.extend_from_slice(&self.pixels[start + left - self.left..start + right - self.left]);
        }
        Self { left, top, width: right - left, height: low - top, pixels }
    }

    /// The colour at a canonical place of this window.
    pub(crate) fn colour(&self, x: f32, y: f32) -> Vec3 {
        let place =
            |at: f32, low: usize, size: usize| ((at * FINE as f32).max(0.0) as usize).saturating_sub(low).min(size - 1);
        self.pixels[place(y, self.top, self.height) * self.width + place(x, self.left, self.width)]
    }

    /// Writes this window into the full picture.
    pub(crate) fn put(&self, texture: &mut Texture) {
        for (row, line) in self.pixels.chunks_exact(self.width.max(1)).enumerate() {
            let start = (self.top + row) * SKIN_WIDTH + self.left;
            for (own, new) in texture.levels[0].pixels[start..start + self.width].iter_mut().zip(line) {
                *own = [
                    new[0].clamp(0.0, 255.0) as u8,
                    new[1].clamp(0.0, 255.0) as u8,
                    new[2].clamp(0.0, 255.0) as u8,
                    255,
                ];
            }
        }
    }

    pub(crate) fn texture(&self) -> Texture {
        let byte = |n: f32| n.clamp(0.0, 255.0) as u8;
        let pixels = self.pixels.iter().map(|p| [byte(p[0]), byte(p[1]), byte(p[2]), 255]).collect();
        Texture::new(SKIN_WIDTH, SKIN_HEIGHT, pixels)
    }
}

/// A person's skin before any expression.
pub(crate) struct Skin {
    pub(crate) paint: Paint,
    pub(crate) texture: Texture,
}

impl Skin {
    pub(crate) fn of(space: &Space, person: &Person) -> Self {
        let flat = space.flat_face(&person.texture);
        let small = colours(&flat);
        let plain = cheeks(&small);
        let small = tinted(small, plain, person);
        let plain = cheeks(&small);
        let small = spread(small, &space.mask, plain);
        let mut paint = Paint { left: 0, top: 0, width: SKIN_WIDTH, height: SKIN_HEIGHT, pixels: enlarged(&small) };
        grain(&mut paint, person);
        marks::permanent(&mut paint, person, plain, space.rows);
        let texture = paint.texture();
        Self { paint, texture }
    }
}

fn colours(flat: &FlatFace) -> Vec<Vec3> {
    let (cb, cr) = (quadrupled(&flat.cb), quadrupled(&flat.cr));
    let all = flat.y.iter().zip(cb.iter().zip(&cr));
    all.map(|(y, (cb, cr))| {
        let (cb, cr) = (cb - 128.0, cr - 128.0);
        [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|n| n.clamp(0.0, 255.0))
    })
    .collect()
}

fn quadrupled(small: &[f32]) -> Vec<f32> {
    let (width, height) = (WIDTH / 4, HEIGHT / 4);
    let mut out = Vec::with_capacity(WIDTH * HEIGHT);
    for row in 0..HEIGHT {
        let y = ((row as f32 + 0.5) / 4.0 - 0.5).clamp(0.0, height as f32 - 1.001);
        let (iy, ty) = (y as usize, y.fract());
        for column in 0..WIDTH {
            let x = ((column as f32 + 0.5) / 4.0 - 0.5).clamp(0.0, width as f32 - 1.001);
            let (ix, tx) = (x as usize, x.fract());
            let at = |dx: usize, dy: usize| small[(iy + dy) * width + ix + dx];
            out.push(mix(mix(at(0, 0), at(1, 0), tx), mix(at(0, 1), at(1, 1), tx), ty));
        }
    }
    out
}

/// The usual colour of the cheeks.
fn cheeks(small: &[Vec3]) -> Vec3 {
    let mut sum = [0.0; 4];
    for y in (112..140).step_by(2) {
        for x in (50..72).chain(120..142).step_by(2) {
            let pixel = small[y * WIDTH + x];
            sum = [sum[0] + pixel[0], sum[1] + pixel[1], sum[2] + pixel[2], sum[3] + 1.0];
        }
    }
    [sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]]
}

/// Brought most of the way to the person's own colour.
fn tinted(mut small: Vec<Vec3>, plain: Vec3, person: &Person) -> Vec<Vec3> {
    let gain = [0, 1, 2].map(|c| mix(1.0, person.skin[c] / plain[c].max(20.0), 0.75));
    for pixel in &mut small {
        *pixel = [0, 1, 2].map(|c| pixel[c] * gain[c]);
    }
    small
}

/// Beyond the trusted mask the skin's own slow colours go on: hair, collar and background of portraits are no skin.
fn spread(mut small: Vec<Vec3>, mask: &[u8], plain: Vec3) -> Vec<Vec3> {
    // Sums over cells of 8 pixels, then spread outwards into empty cells.
    let (wide, high) = (WIDTH / 8, HEIGHT / 8);
    let mut cells = vec![[0.0_f32; 4]; wide * high];
    for (i, pixel) in small.iter().enumerate() {
        let weight = f32::from(mask[i]) / 255.0;
        let cell = &mut cells[(i / WIDTH / 8) * wide + (i % WIDTH) / 8];
        // Only what looks like skin of this person goes on: no brow, no lip.
        let near = smooth(60.0, 25.0, (luma(*pixel) - luma(plain)).abs());
        let weight = weight * weight * near;
        *cell =
            [cell[0] + pixel[0] * weight, cell[1] + pixel[1] * weight, cell[2] + pixel[2] * weight, cell[3] + weight];
    }
    for cell in &mut cells {
        // A little of the plain colour everywhere keeps far cells from wild shades.
        let k = 0.6;
        *cell = [cell[0] + plain[0] * k, cell[1] + plain[1] * k, cell[2] + plain[2] * k, cell[3] + k];
    }
    for _ in 0..10 {
        let old = cells.clone();
        for y in 0..high {
            for x in 0..wide {
                let own = &mut cells[y * wide + x];
                let near = [
                    (x.saturating_sub(1), y),
                    ((x + 1).min(wide - 1), y),
                    (x, y.saturating_sub(1)),
                    (x, (y + 1).min(high - 1)),
                ];
                for (nx, ny) in near {
                    let other = old[ny * wide + nx];
                    for c in 0..4 {
                        own[c] += 0.25 * other[c];
                    }
                }
                let scale = 1.0 / 2.0;
                *own = own.map(|n| n * scale);
            }
        }
    }
    let slow = |x: f32, y: f32| -> Vec3 {
        let (x, y) = ((x / 8.0 - 0.5).clamp(0.0, wide as f32 - 1.001), (y / 8.0 - 0.5).clamp(0.0, high as f32 - 1.001));
        let (ix, iy, tx, ty) = (x as usize, y as usize, x.fract(), y.fract());
        let at = |dx: usize, dy: usize| {
            let c = cells[(iy + dy) * wide + ix + dx];
            [c[0] / c[3], c[1] / c[3], c[2] / c[3]]
        };
        mix3(mix3(at(0, 0), at(1, 0), tx), mix3(at(0, 1), at(1, 1), tx), ty)
    };
    for (i, pixel) in small.iter_mut().enumerate() {
        let trust = f32::from(mask[i]) / 255.0;
        if trust < 0.999 {
            let slow = slow((i % WIDTH) as f32, (i / WIDTH) as f32);
            *pixel = mix3(slow, *pixel, smooth(0.1, 0.95, trust));
        }
    }
    small
}

pub(crate) fn luma(p: Vec3) -> f32 {
    0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]
}

/// Twice as large, and sharper: means of aligned faces are soft.
fn enlarged(small: &[Vec3]) -> Vec<Vec3> {
    let mut out = vec![[0.0; 3]; SKIN_WIDTH * SKIN_HEIGHT];
    for row in 0..SKIN_HEIGHT {
        let y = ((row as f32 + 0.5) / 2.0 - 0.5).clamp(0.0, HEIGHT as f32 - 1.001);
        let (iy, ty) = (y as usize, y.fract());
        let (top, low) = (&small[iy * WIDTH..][..WIDTH], &small[(iy + 1) * WIDTH..][..WIDTH]);
        let line = &mut out[row * SKIN_WIDTH..][..SKIN_WIDTH];
        for (column, pixel) in line.iter_mut().enumerate() {
            let x = ((column as f32 + 0.5) / 2.0 - 0.5).clamp(0.0, WIDTH as f32 - 1.001);
            let (ix, tx) = (x as usize, x.fract());
            *pixel = mix3(mix3(top[ix], top[ix + 1], tx), mix3(low[ix], low[ix + 1], tx), ty);
        }
    }
    // Unsharp: what differs from the mean of four pixels around counts once and a half more.
    let old: Vec<f32> = out.iter().map(|p| luma(*p)).collect();
    let reach = 3;
    for row in reach..SKIN_HEIGHT - reach {
        for column in reach..SKIN_WIDTH - reach {
            let i = row * SKIN_WIDTH + column;
            let around = old[i - reach] + old[i + reach] + old[i - reach * SKIN_WIDTH] + old[i + reach * SKIN_WIDTH];
            let extra = ((old[i] - around * 0.25) * 1.1).clamp(-18.0, 18.0);
            out[i] = out[i].map(|n| n + extra);
        }
    }
    out
}

/// Pores, blotches and the redness of cheeks and nose.
fn grain(paint: &mut Paint, person: &Person) {
    let seed = person.hair.seed ^ 0x5151;
    let rough = 0.8 + person.age / 70.0;
    for row in 0..SKIN_HEIGHT {
        for column in 0..SKIN_WIDTH {
            let (x, y) = (column as f32 * 0.5, row as f32 * 0.5);
            let pore = noise(x * 0.95, y * 0.95, seed) - 0.5;
            let blotch = noise(x * 0.07, y * 0.07, seed ^ 7) * 0.65 + noise(x * 0.17, y * 0.17, seed ^ 8) * 0.35 - 0.5;
            let pixel = &mut paint.pixels[row * SKIN_WIDTH + column];
            let k = 1.0 + pore * 0.05 * rough + blotch * 0.05;
            *pixel = [pixel[0] * k, pixel[1] * (k - blotch * 0.03), pixel[2] * (k - blotch * 0.035)];
        }
    }
}

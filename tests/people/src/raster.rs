//! Draws triangles with a depth buffer, several samples for each pixel.

/// A corner of a triangle: place in samples, nearness, and the numbers that vary over it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Corner {
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Larger is nearer.
    pub(crate) near: f32,
    /// u, v, light red, green, blue, shine, extra.
    pub(crate) a: [f32; 7],
}

/// Samples being drawn on.
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    near: Vec<f32>,
    /// Red, green, blue, covered.
    pub(crate) colour: Vec<[u8; 4]>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, near: vec![0.0; width * height], colour: vec![[0; 4]; width * height] }
    }

    /// Draws a triangle; `shade` may leave a sample out. `both` draws the far side, too.
    #[inline]
    pub(crate) fn triangle(
        &mut self,
        [a, b, c]: [&Corner; 3],
        both: bool,
        shade: &impl Fn(&[f32; 7]) -> Option<[f32; 3]>,
    ) {
        let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if area.abs() < 1e-6 || (!both && area < 0.0) || a.near <= 0.0 || b.near <= 0.0 || c.near <= 0.0 {
            return;
        }
        let least = |p: f32, q: f32, r: f32| p.min(q).min(r);
        let most = |p: f32, q: f32, r: f32| p.max(q).max(r);
        let left = (least(a.x, b.x, c.x) - 0.5).ceil().max(0.0);
        let right = (most(a.x, b.x, c.x) - 0.5).floor().min(self.width as f32 - 1.0);
        let top = (least(a.y, b.y, c.y) - 0.5).ceil().max(0.0);
        let low = (most(a.y, b.y, c.y) - 0.5).floor().min(self.height as f32 - 1.0);
        if left > right || top > low {
            return;
        }
        let inverse = 1.0 / area;
        // Shares of b and c grow evenly along a row and down a column.
        let (bx, by) = ((c.y - a.y) * inverse, -(c.x - a.x) * inverse);
        let (cx, cy) = (-(b.y - a.y) * inverse, (b.x - a.x) * inverse);
        let (left, right, top, low) = (left as usize, right as usize, top as usize, low as usize);
        let mut wb_row = (left as f32 + 0.5 - a.x) * bx + (top as f32 + 0.5 - a.y) * by;
        let mut wc_row = (left as f32 + 0.5 - a.x) * cx + (top as f32 + 0.5 - a.y) * cy;
        let (nb, nc) = (b.near - a.near, c.near - a.near);
        for row in top..=low {
            let (mut wb, mut wc) = (wb_row, wc_row);
            let start = row * self.width;
            let near = &mut self.near[start + left..=start + right];
            let colour = &mut self.colour[start + left..=start + right];
            for (near, colour) in near.iter_mut().zip(colour) {
                if wb >= 0.0 && wc >= 0.0 && wb + wc <= 1.0 {
                    let depth = a.near + wb * nb + wc * nc;
                    if depth > *near {
                        let mut mixed = [0.0; 7];
                        for (i, m) in mixed.iter_mut().enumerate() {
                            *m = a.a[i] + wb * (b.a[i] - a.a[i]) + wc * (c.a[i] - a.a[i]);
                        }
                        if let Some(rgb) = shade(&mixed) {
                            *near = depth;
                            *colour = [byte(rgb[0]), byte(rgb[1]), byte(rgb[2]), 255];
                        }
                    }
                }
                wb += bx;
                wc += cx;
            }
            wb_row += by;
            wc_row += cy;
        }
    }

    /// Lays a colour over a sample that is nothing but looked through.
    pub(crate) fn tint(&mut self, x: usize, y: usize, rgb: [f32; 3], share: f32) {
        let sample = &mut self.colour[y * self.width + x];
        for (own, new) in sample.iter_mut().zip(rgb) {
            *own = byte(f32::from(*own) * (1.0 - share) + new * share);
        }
    }
}

pub(crate) fn byte(n: f32) -> u8 {
    n.clamp(0.0, 255.0) as u8
}

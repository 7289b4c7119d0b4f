//! Surfaces made of triangles.

use crate::geometry::{Vec3, add, cross, sub, unit};

/// A surface; `uv` place it on a picture, `extra` is whatever its colour needs.
#[derive(Clone, Default)]
pub(crate) struct Mesh {
    pub(crate) points: Vec<Vec3>,
    pub(crate) uv: Vec<[f32; 2]>,
    pub(crate) extra: Vec<f32>,
    pub(crate) faces: Vec<[u32; 3]>,
    /// Seen from both sides.
    pub(crate) thin: bool,
}

impl Mesh {
    /// Rows from top to bottom, columns from the frame's left to right; `round` joins the last column to the first.
    pub(crate) fn grid(
        rows: usize,
        columns: usize,
        round: bool,
        mut at: impl FnMut(usize, usize) -> (Vec3, [f32; 2], f32),
    ) -> Self {
        let mut mesh = Self::default();
        mesh.append(rows, columns, round, &mut at);
        mesh
    }

    pub(crate) fn append(
        &mut self,
        rows: usize,
        columns: usize,
        round: bool,
        at: &mut impl FnMut(usize, usize) -> (Vec3, [f32; 2], f32),
    ) {
        let start = self.points.len() as u32;
        for row in 0..rows {
            for column in 0..columns {
                let (point, uv, extra) = at(row, column);
                self.points.push(point);
                self.uv.push(uv);
                self.extra.push(extra);
            }
        }
        let wide = columns as u32;
        let last = if round { wide } else { wide - 1 };
        for row in 0..rows as u32 - 1 {
            for column in 0..last {
                let next = (column + 1) % wide;
                let (a, b) = (start + row * wide + column, start + row * wide + next);
                self.faces.push([a, b, a + wide]);
                self.faces.push([b, b + wide, a + wide]);
            }
        }
    }

    pub(crate) fn thin(mut self) -> Self {
        self.thin = true;
        self
    }

    /// One direction for each point, out of the surface.
    pub(crate) fn normals(points: &[Vec3], faces: &[[u32; 3]]) -> Vec<Vec3> {
        let mut normals = vec![[0.0; 3]; points.len()];
        for face in faces {
            let [a, b, c] = face.map(|i| points[i as usize]);
            let n = cross(sub(b, a), sub(c, a));
            for i in face {
                normals[*i as usize] = add(normals[*i as usize], n);
            }
        }
        normals.iter_mut().for_each(|n| *n = unit(*n));
        normals
    }
}

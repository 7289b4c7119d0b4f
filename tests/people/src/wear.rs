//! Things worn on the head: glasses, medical masks, caps.

use crate::dice::Dice;
use crate::geometry::{Vec3, bell, mix, smooth};
use crate::head::{Head, MIDDLE, section, skull};
use crate::mesh::Mesh;
use crate::noise::noise;
use crate::person::{Glasses, Person};

/// A mask over mouth and nose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaceMask {
    pub(crate) colour: Vec3,
    /// How far up the nose it reaches, 0 (below it) to 1.
    pub(crate) high: f32,
}

impl FaceMask {
    pub(crate) fn any(dice: &mut Dice) -> Self {
        let colours = [
            [236.0, 238.0, 240.0],
            [236.0, 238.0, 240.0],
            [168.0, 198.0, 222.0],
            [38.0, 38.0, 42.0],
            [226.0, 184.0, 190.0],
            [196.0, 200.0, 206.0],
        ];
        Self { colour: dice.pick(&colours), high: dice.range(0.55, 1.0) }
    }
}

/// A cap or a knitted hat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cap {
    pub(crate) colour: Vec3,
    pub(crate) knitted: bool,
    /// Height of its edge over the eyes.
    pub(crate) edge: f32,
}

impl Cap {
    pub(crate) fn any(dice: &mut Dice) -> Self {
        Self { colour: crate::person::cloth(dice), knitted: dice.chance(0.45), edge: dice.range(42.0, 60.0) }
    }
}

/// Nearest depth of the face in front, read off a posed mesh in head coordinates.
struct Front(Vec<f32>);

const FRONT_CELLS: usize = 48;

impl Front {
    fn of(mesh: &Mesh) -> Self {
        let mut cells = vec![f32::MIN; FRONT_CELLS * FRONT_CELLS];
        for p in &mesh.points {
            if let Some(i) = Self::cell(p[0], p[1]) {
                cells[i] = cells[i].max(p[2]);
            }
        }
        // Cells without a point take their neighbour's depth.
        for _ in 0..4 {
            for i in 1..cells.len() - 1 {
                if cells[i] == f32::MIN {
                    cells[i] = cells[i - 1].max(cells[i + 1]);
                }
            }
        }
        Self(cells)
    }

    fn cell(x: f32, y: f32) -> Option<usize> {
        let (cx, cy) = ((x + 96.0) / 4.0, (y + 64.0) / 4.0);
        let fits = cx >= 0.0 && cy >= 0.0 && cx < FRONT_CELLS as f32 && cy < FRONT_CELLS as f32;
        fits.then(|| cy as usize * FRONT_CELLS + cx as usize)
    }

    fn depth(&self, x: f32, y: f32) -> f32 {
        Self::cell(x, y).map_or(MIDDLE, |i| self.0[i]).max(MIDDLE)
    }
}

/// Rims, bridge and temples.
pub(crate) fn rims(person: &Person, face: &Mesh, glasses: &Glasses) -> Mesh {
    let front = Front::of(face);
    let plane = rim_plane(&front, glasses);
    let mut mesh = Mesh::default();
    for side in [-1.0_f32, 1.0] {
        tube(&mut mesh, 40, true, glasses.rim, |t| {
            let a = t * std::f32::consts::TAU;
            rim_point(glasses, side, a, plane)
        });
        let (half, _, _) = section(person, 0.0);
        let from = rim_point(glasses, side, if side > 0.0 { -0.25 } else { std::f32::consts::PI + 0.25 }, plane);
        tube(&mut mesh, 8, false, glasses.rim * 0.9, |t| {
            let to = [side * (half + 2.0), -4.0, -88.0];
            let out = if t < 0.15 { t / 0.15 } else { 1.0 };
            [mix(from[0], to[0], out), mix(from[1], to[1], t), mix(from[2], to[2], t)]
        });
    }
    tube(&mut mesh, 8, false, glasses.rim, |t| {
        let inner = 32.5 - glasses.wide + 1.0;
        let x = mix(-inner, inner, t);
        [x, 1.0 - 3.5 * bell(x, 5.0), plane + 3.5 * bell(x, 7.0)]
    });
    mesh.thin()
}

/// The depth at which the glasses sit: on the nose, and nowhere in the face.
fn rim_plane(front: &Front, glasses: &Glasses) -> f32 {
    let free = (0..32).map(|i| {
        let p = rim_point(glasses, if i % 2 == 0 { 1.0 } else { -1.0 }, i as f32 / 32.0 * std::f32::consts::TAU, 0.0);
        // Where the rim comes near the nose it lies on it.
        if p[0].abs() < 14.0 { f32::MIN } else { front.depth(p[0], p[1]) - p[2] + 2.5 }
    });
    free.fold(front.depth(0.0, 8.0) - 2.0, f32::max).min(30.0)
}

/// A place on the rim of one lens.
fn rim_point(glasses: &Glasses, side: f32, a: f32, plane: f32) -> Vec3 {
    let power = 2.0 / glasses.round;
    let part = |n: f32| n.abs().powf(power) * n.signum();
    let (x, y) = (part(a.cos()) * glasses.wide, part(a.sin()) * glasses.high);
    let x = side * 32.5 + x;
    [x, y + 3.5, plane - (x.abs() / 62.0).powi(2) * 11.0]
}

/// The outline of one lens, for tinting.
pub(crate) fn lens(face: &Mesh, glasses: &Glasses, side: f32) -> Vec<Vec3> {
    let front = Front::of(face);
    let plane = rim_plane(&front, glasses);
    (0..24).map(|i| rim_point(glasses, side, i as f32 / 24.0 * std::f32::consts::TAU, plane)).collect()
}

fn tube(mesh: &mut Mesh, steps: usize, closed: bool, radius: f32, along: impl Fn(f32) -> Vec3) {
    let sides = 5;
    let last = if closed { steps } else { steps - 1 } as f32;
    let rows = if closed { steps + 1 } else { steps };
    mesh.append(rows, sides, true, &mut |row, column| {
        let t = row as f32 / last;
        let p = along(t);
        let q = along(t + 0.01);
        let a = column as f32 / sides as f32 * std::f32::consts::TAU;
        // Across the way it goes, in the frame's plane, and towards the camera.
        let (dx, dy, dz) = (q[0] - p[0], q[1] - p[1], q[2] - p[2]);
        let flat = dx.hypot(dy);
        let across = if flat > 0.3 * dz.abs() { [-dy / flat, dx / flat, 0.0] } else { [0.0, 1.0, 0.0] };
        let other = if flat > 0.3 * dz.abs() { [0.0, 0.0, 1.0] } else { [1.0, 0.0, 0.0] };
        let (s, c) = a.sin_cos();
        ([0, 1, 2].map(|i| p[i] + radius * (across[i] * c + other[i] * s)), [t, a], 1.0)
    });
}

/// The mask's cloth over a face, and its loops to the ears.
pub(crate) fn mask(person: &Person, face: &Mesh, head: &Head, mask: &FaceMask) -> Mesh {
    let front = Front::of(face);
    let (rows, columns) = (16, 29);
    let top = mix(40.0, 14.0, mask.high);
    let mut mesh = Mesh::grid(rows, columns, false, |row, column| {
        let (t, s) = (row as f32 / (rows - 1) as f32, column as f32 / (columns - 1) as f32 * 2.0 - 1.0);
        let upper = top + 13.0 * smooth(0.15, 0.9, s.abs());
        let lower = 123.0 - 36.0 * s.abs().powf(1.7);
        let y = mix(upper, lower, t);
        let angle = s * 1.06;
        let base = skull(person, y.min(112.0), angle, 0.0);
        let [dx, dy] = head.shift(person, [base[0], y, base[2]]);
        let x = base[0];
        // Taut over nose tip and chin, never inside the face.
        let bridge = mix(26.0 * person.build.nose_length + 4.0, 15.0, smooth(30.0, 110.0, y))
            * bell(x, 27.0)
            * smooth(-0.1, 0.25, t)
            * smooth(1.12, 0.85, t);
        let mut z = (base[2] + bridge).max(
            [[0.0, 0.0], [3.5, 0.0], [-3.5, 0.0], [0.0, 3.5], [0.0, -3.5]]
                .iter()
                .fold(f32::MIN, |z, [ox, oy]| z.max(front.depth(x + dx + ox, y + dy * 0.8 + oy)))
                + 2.0,
        );
        let pleat = 0.9 * (t * 22.0).sin() * smooth(0.95, 0.6, s.abs())
            + 1.6 * (noise(x * 0.07, y * 0.1, person.hair.seed) - 0.5);
        z += pleat;
        if t > 0.97 {
            z -= 6.0;
        }
        ([x * 1.03 + dx, y + dy * 0.8, z], [s, t], 1.0 - 0.12 * smooth(0.75, 1.0, s.abs()))
    });
    for side in [-1.0_f32, 1.0] {
        for (low, t_end) in [(false, 0.0), (true, 1.0)] {
            let s = 0.99 * side;
            let y = if low { 123.0 - 36.0 } else { top + 13.0 };
            let from = skull(person, y.min(112.0), s * 1.06, 1.5);
            let [dx, dy] = head.shift(person, from);
            let to = skull(person, mix(2.0, 52.0, t_end), side * 1.66, 3.0);
            tube(&mut mesh, 7, false, 1.1, |t| {
                let bow = 6.0 * (t * (1.0 - t));
                [mix(from[0] * 1.02 + dx, to[0], t) + side * bow, mix(y + dy * 0.8, to[1], t), mix(from[2], to[2], t)]
            });
        }
    }
    mesh.thin()
}

/// Crown and peak of a cap, or a knitted hat.
pub(crate) fn cap(person: &Person, cap: &Cap) -> Mesh {
    let (rows, columns) = (16, 48);
    let out = 6.0 + person.hair.thick * 1.5;
    let mut mesh = Mesh::grid(rows, columns, true, |row, column| {
        let t = row as f32 / (rows - 1) as f32;
        let angle = (column as f32 / columns as f32 - 0.5) * std::f32::consts::TAU;
        let hem = mix(-cap.edge, -16.0, smooth(0.5, 1.9, angle.abs()));
        let y = mix(-114.0 * person.build.skull, hem, t.powf(1.4));
        let roll = if cap.knitted { 4.0 * smooth(0.72, 0.8, t) } else { 1.5 * bell(t - 0.97, 0.05) };
        let mut p = skull(person, y, angle, out + roll);
        let up = smooth(-30.0, -105.0, y);
        p[1] -= out * up * if cap.knitted { 1.5 } else { 1.1 };
        if row == 0 {
            p = [0.0, p[1], MIDDLE];
        }
        (p, [angle, t], 1.0)
    });
    if !cap.knitted {
        mesh.append(6, 17, false, &mut |row, column| {
            let (t, s) = (row as f32 / 5.0, column as f32 / 16.0 * 2.0 - 1.0);
            let angle = s * 0.95;
            let hem = mix(-cap.edge, -16.0, smooth(0.5, 1.9, angle.abs()));
            let base = skull(person, hem - 3.0, angle, out - 0.5);
            let reach = 72.0 * (1.0 - s * s).max(0.0).sqrt() * t;
            ([base[0], base[1] + 10.0 * t * t + 5.0 * s * s * t, base[2] + reach], [angle, 2.0 + t], mix(0.95, 0.8, t))
        });
    }
    mesh.thin()
}

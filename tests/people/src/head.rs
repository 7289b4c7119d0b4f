//! The head in space: skull, face with its relief, ears, neck and shoulders.

use crate::geometry::{Vec3, bell, curve, mix, smooth};
use crate::marks::{EYES, Expression};
use crate::mesh::Mesh;
use crate::person::Person;
use crate::space::{HEIGHT, NODES_X, NODES_Y, Space, WIDTH};

/// Middle of the skull, depth.
pub(crate) const MIDDLE: f32 = -82.0;
/// What head and neck turn about.
pub(crate) const PIVOT: Vec3 = [0.0, 85.0, -88.0];
/// Height of the tip of the nose over its base, and of the mouth's corners over the lips' line, canonical pixels.
const TIP_OVER_BASE: f32 = 7.5;
const CORNERS_OVER_LIPS: f32 = 4.0;

/// Rows by the height of their middle in front; the last ones go in under the chin, `(height, share of the width)`.
const ROWS: [(f32, f32); 66] = {
    const Y: [f32; 58] = [
        -114.9, -114.0, -111.0, -106.0, -99.0, -91.0, -83.0, -76.0, -70.0, -64.0, -58.0, -52.0, -46.0, -40.0, -35.0,
        -30.0, -26.0, -22.0, -18.0, -14.0, -10.0, -7.0, -4.0, -1.0, 2.0, 5.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 31.0,
        34.0, 37.0, 40.0, 43.0, 46.0, 49.0, 52.0, 55.0, 58.0, 61.0, 64.0, 67.0, 70.0, 73.0, 76.0, 79.0, 82.0, 86.0,
        90.0, 94.0, 98.0, 102.0, 105.0, 108.0, 110.0,
    ];
    let mut rows = [(0.0, 1.0); 66];
    let mut i = 0;
    while i < 58 {
        rows[i] = (Y[i], 1.0);
        i += 1;
    }
    rows[58] = (112.0, 0.985);
    rows[59] = (114.0, 0.965);
    rows[60] = (115.4, 0.935);
    rows[61] = (116.0, 0.89);
    rows[62] = (116.0, 0.8);
    rows[63] = (115.0, 0.6);
    rows[64] = (113.0, 0.3);
    rows[65] = (112.0, 0.02);
    rows
};
const FRONT: usize = 37;
const COLUMNS: usize = FRONT + 20;

/// The angle of a column, −π to π, 0 in front.
fn column_angle(column: usize) -> f32 {
    // The front is even in breadth, the sides and the back in angle.
    let edge = 0.9_f32;
    let start = edge.asin();
    if (10..10 + FRONT).contains(&column) {
        let t = (column - 10) as f32 / (FRONT - 1) as f32 * 2.0 - 1.0;
        return (t * edge).asin();
    }
    let steps = 10.5;
    let (place, sign) = if column < 10 { (10 - column, -1.0) } else { (column - 9 - FRONT, 1.0) };
    sign * (start + (std::f32::consts::PI - start) * place as f32 / steps)
}

/// Half width, front and back of the skull at a height of the middle row (no nose, no lips).
pub(crate) fn section(person: &Person, y: f32) -> (f32, f32, f32) {
    let build = &person.build;
    let round = |t: f32, power: f32| (1.0 - t.clamp(0.0, 1.0).powf(power)).max(0.0).powf(1.0 / power);
    let top = ((-25.0 - y) / (90.0 * build.skull)).max(0.0);
    let wide = 77.0 * build.wide;
    if y <= -25.0 {
        return (
            wide * round(top, 2.35),
            MIDDLE + 91.0 * round(top, 2.7),
            MIDDLE - 94.0 * build.skull * round(top, 2.2),
        );
    }
    let jaw = smooth(20.0, 80.0, y);
    let half =
        curve(&[(-25.0, 77.0), (0.0, 75.0), (25.0, 72.0), (50.0, 68.5), (70.0, 64.5), (90.0, 60.0), (116.0, 55.0)], y);
    let front = curve(
        &[
            (-25.0, 9.0),
            (-10.0, 6.0),
            (4.0, 2.0),
            (20.0, 2.0),
            (40.0, 3.0),
            (56.0, 5.0),
            (70.0, 6.5),
            (84.0, 4.0),
            (100.0, 4.5),
            (116.0, 1.0),
        ],
        y,
    );
    let back = curve(&[(-25.0, -176.0), (10.0, -172.0), (40.0, -158.0), (70.0, -140.0), (116.0, -128.0)], y);
    (half * build.wide * mix(1.0, build.jaw, jaw), front, MIDDLE + (back - MIDDLE) * build.skull)
}

/// A place of the plain skull: row height, angle; pushed outwards by `out`.
pub(crate) fn skull(person: &Person, y: f32, angle: f32, out: f32) -> Vec3 {
    let (half, front, back) = section(person, y);
    let (sin, cos) = angle.sin_cos();
    let depth = if cos >= 0.0 {
        (front - MIDDLE + out) * cos.powf(mix(person.build.flat, 1.0, smooth(0.0, -60.0, y)))
    } else {
        (MIDDLE - back + out) * cos
    };
    [(half + out) * sin, y - drop(y) * (1.0 - cos.max(0.0)).powf(0.85), MIDDLE + depth]
}

/// How much higher a row lies at the sides than in front.
fn drop(y: f32) -> f32 {
    curve(&[(15.0, 0.0), (50.0, 8.0), (70.0, 17.0), (100.0, 31.0), (116.0, 38.0)], y)
}

/// What stands before or behind the plain skull.
fn relief(person: &Person, x: f32, y: f32, nose: f32, mouth: f32) -> f32 {
    let b = &person.build;
    let ax = x.abs();
    // The nose is stretched to where the space has its tip.
    let n = y * 40.0 / nose;
    let ridge = curve(
        &[
            (-22.0, 0.0),
            (-10.0, 2.5 * b.nose_bridge),
            (0.0, 5.0 * b.nose_bridge),
            (14.0, 10.0 * b.nose_bridge),
            (28.0, 18.5),
            (36.0, 23.2),
            (40.0, 24.2),
            (43.5, 22.0),
            (47.5, 14.0),
            (51.0, 6.0),
            (56.0, 0.5),
            (60.0, 0.0),
        ],
        n,
    ) * b.nose_length;
    let half = curve(&[(-20.0, 9.0), (0.0, 6.2), (20.0, 6.6), (34.0, 8.0), (44.0, 8.6), (52.0, 8.0)], n) * b.nose_width;
    let mut z = ridge * bell(x, half);
    z += 8.0 * bell(ax - 13.0 * b.nose_width, 4.6) * bell(n - 42.5, 5.0);
    z -= 3.0 * bell(ax - 7.0, 3.0) * bell(n - 50.0, 2.5);
    // Brow ridge, sockets, eyeballs.
    z += 3.2 * b.brow * bell(ax - 27.0, 20.0) * bell(y + 23.0, 7.0);
    z -= 8.0 * b.sockets * bell(ax - 27.0, 12.0) * bell(y + 3.0, 10.0);
    z += 5.5 * bell(ax - 32.0, 10.0) * bell(y, 6.5);
    // Cheekbones, lips, chin.
    z += 5.0 * b.cheeks * bell(ax - 44.0, 16.0) * bell(y - 32.0, 14.0);
    z -= 2.5 * b.cheeks * bell(ax - 45.0, 14.0) * bell(y - 68.0, 14.0);
    z += 4.5 * b.lips * bell(x, 17.0) * bell(y - mouth + 6.0, 4.5);
    z += 5.0 * b.lips * bell(x, 15.0) * bell(y - mouth - 6.5, 4.5);
    z -= 2.0 * bell(x, 22.0) * bell(y - mouth, 1.6);
    z -= 1.5 * bell(x, 3.0) * bell(y - mouth + 13.0, 4.5);
    z -= 3.5 * bell(x, 20.0) * bell(y - mouth - 19.0, 5.5);
    z + 6.0 * b.chin * bell(x, 16.0) * bell(y - mouth - 36.0, 9.0)
}

/// A person's head at rest, ready to be posed.
pub(crate) struct Head {
    rest: Mesh,
    /// Column angles and row heights, for who dresses the head.
    cos: Vec<f32>,
    /// Triangle and shares of the five points.
    points: [([u32; 3], Vec3); 5],
    /// Points of the mesh on the oval of the face.
    pub(crate) oval: Vec<u32>,
    nodes: Vec<f32>,
    mouth: f32,
}

impl Head {
    pub(crate) fn of(space: &Space, person: &Person) -> Self {
        let nose = (space.rows.nose_base - 88.0 - TIP_OVER_BASE).clamp(34.0, 48.0);
        let mouth = (space.rows.lips - 88.0).clamp(60.0, 80.0);
        let tip = [96.0, 88.0 + nose];
        let corner =
            |name, otherwise: f32| [space.point(name, [otherwise, 0.0])[0], space.rows.lips - CORNERS_OVER_LIPS];
        let places = [EYES[0], EYES[1], tip, corner("mouth_left", 70.0), corner("mouth_right", 122.0)];
        let nodes = space.displacement(&person.shape);
        let mut cos = Vec::with_capacity(ROWS.len() * COLUMNS);
        let mut oval = Vec::new();
        let line = -person.hair.line.min(76.0);
        let rest = Mesh::grid(ROWS.len(), COLUMNS, true, |row, column| {
            let (y, share) = ROWS[row];
            let angle = column_angle(column);
            let plain = skull(person, y, angle, 0.0);
            let c = angle.cos();
            let under = if row >= 58 { 1.0 } else { 0.0 };
            let mut p = [plain[0] * share, plain[1], MIDDLE + (plain[2] - MIDDLE) * mix(1.0, share, under)];
            let uv = face_uv(p, angle);
            if c > 0.0 && y > -60.0 {
                p[2] +=
                    relief(person, p[0], p[1], nose, mouth) * smooth(0.05, 0.4, c) * if row > 62 { 0.0 } else { 1.0 };
            }
            let keep = smooth(-0.6, 0.0, c);
            let [dx, dy] = shift(&nodes, person, p, mouth);
            p = [p[0] + dx * keep, p[1] + dy * keep, p[2]];
            if c > 0.03 && p[1] > line && row < 63 {
                oval.push((row * COLUMNS + column) as u32);
            }
            cos.push(c);
            (p, uv, 0.0)
        });
        let points = places.map(|place| locate(&rest, [place[0] / WIDTH as f32, place[1] / HEIGHT as f32]));
        Self { rest, cos, points, oval, nodes, mouth }
    }

    /// The head with an expression.
    pub(crate) fn expressed(&self, expression: &Expression) -> Mesh {
        let mut mesh = self.rest.clone();
        if *expression == (Expression { gaze: expression.gaze, ..Expression::default() }) {
            return mesh;
        }
        let (smile, open, brows) = (expression.smile, expression.open, expression.brows);
        for (p, cos) in mesh.points.iter_mut().zip(&self.cos) {
            if *cos <= 0.0 || p[1] < -60.0 {
                continue;
            }
            let [x, y, _] = *p;
            let (ax, side) = (x.abs(), if x < 0.0 { -1.0 } else { 1.0 });
            let corner = bell(ax - 25.0, 11.0) * bell(y - self.mouth, 10.0) * smile;
            let cheek = bell(ax - 38.0, 13.0) * bell(y - 42.0, 13.0) * smile;
            let jaw = smooth(self.mouth, self.mouth + 22.0, y) * smooth(0.0, 0.5, *cos) * open;
            let brow = bell(ax - 30.0, 24.0) * bell(y + 24.0, 11.0) * brows;
            p[0] += side * 4.5 * corner;
            p[1] += -4.0 * corner - 2.5 * cheek + 6.0 * jaw - 4.5 * brow;
            p[2] += -3.0 * corner + 3.5 * cheek - 2.0 * jaw;
        }
        mesh
    }

    /// The five points on a posed head.
    pub(crate) fn five(&self, points: &[[f32; 2]]) -> [[f32; 2]; 5] {
        self.points.map(|(face, shares)| {
            let mut sum = [0.0; 2];
            for (i, share) in face.iter().zip(shares) {
                sum = [sum[0] + points[*i as usize][0] * share, sum[1] + points[*i as usize][1] * share];
            }
            sum
        })
    }

    /// Displacement of a place near the head.
    pub(crate) fn shift(&self, person: &Person, p: Vec3) -> [f32; 2] {
        shift(&self.nodes, person, p, self.mouth)
    }
}

fn face_uv(p: Vec3, angle: f32) -> [f32; 2] {
    // Past the ears only the plain edge of the picture is used.
    let beyond = (angle.abs() - 1.3).max(0.0) * 24.0 * angle.signum();
    [(p[0] + beyond + 96.0) / WIDTH as f32, (p[1] + 88.0) / HEIGHT as f32]
}

fn shift(nodes: &[f32], person: &Person, p: Vec3, mouth: f32) -> [f32; 2] {
    let gx = ((p[0] + 96.0) / 8.0).clamp(0.0, (NODES_X - 1) as f32 - 0.001);
    let gy = ((p[1] + 88.0) / 8.0).clamp(0.0, (NODES_Y - 1) as f32 - 0.001);
    let (ix, iy, tx, ty) = (gx as usize, gy as usize, gx.fract(), gy.fract());
    let at = |c: usize, dx: usize, dy: usize| nodes[((iy + dy) * NODES_X + ix + dx) * 2 + c];
    let [mut dx, mut dy] =
        [0, 1].map(|c| mix(mix(at(c, 0, 0), at(c, 1, 0), tx), mix(at(c, 0, 1), at(c, 1, 1), tx), ty));
    let b = &person.build;
    let side = if p[0] < 0.0 { -1.0 } else { 1.0 };
    dx += side * b.mouth_wide * bell(p[1] - mouth, 9.0) * bell(p[0].abs() - 24.0, 10.0);
    dx += p[0] * b.nose_wings * bell(p[0], 15.0) * bell(p[1] - 38.0, 14.0);
    let off = p[1] - mouth;
    dy += b.lip_full * (off / 9.0).clamp(-1.0, 1.0) * smooth(22.0, 9.0, off.abs()) * bell(p[0], 22.0);
    dx += side * b.eye_wide * bell(p[1], 16.0) * bell(p[0].abs() - 34.0, 14.0);
    dy += b.mouth_down * bell(p[1] - mouth, 14.0) * bell(p[0], 30.0);
    dy += b.nose_down * bell(p[1] - 42.0, 12.0) * bell(p[0], 16.0);
    dy += (b.chin_down - 3.0) * smooth(78.0, 112.0, p[1]);
    // Nothing may fold: far places keep to a few pixels.
    [dx.clamp(-14.0, 14.0), dy.clamp(-14.0, 14.0)]
}

fn locate(mesh: &Mesh, uv: [f32; 2]) -> ([u32; 3], Vec3) {
    let front = mesh.faces.iter().filter(|face| face.iter().all(|i| mesh.points[*i as usize][2] > MIDDLE));
    let mut best = ([0; 3], [1.0, 0.0, 0.0], f32::MIN);
    for face in front {
        let [a, b, c] = face.map(|i| mesh.uv[i as usize]);
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        if area.abs() < 1e-9 {
            continue;
        }
        let wb = ((uv[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (uv[1] - a[1])) / area;
        let wc = ((b[0] - a[0]) * (uv[1] - a[1]) - (uv[0] - a[0]) * (b[1] - a[1])) / area;
        let shares = [1.0 - wb - wc, wb, wc];
        let least = shares.iter().copied().fold(f32::MAX, f32::min);
        if least > best.2 {
            best = (*face, shares, least);
        }
        if least >= 0.0 {
            break;
        }
    }
    (best.0, best.1)
}

/// Both ears.
pub(crate) fn ears(person: &Person) -> Mesh {
    let (rows, columns) = (11, 8);
    let size = person.build.ears;
    let mut mesh = Mesh::default();
    for side in [-1.0_f32, 1.0] {
        mesh.append(rows, columns, false, &mut |row, column| {
            let t = row as f32 / (rows - 1) as f32;
            let s = column as f32 / (columns - 1) as f32;
            let wide = curve(
                &[(0.0, 0.25), (0.08, 0.68), (0.25, 1.0), (0.45, 0.95), (0.65, 0.72), (0.85, 0.6), (1.0, 0.12)],
                t,
            ) * 29.0
                * size;
            let away = 0.62;
            let y = mix(-7.0, 54.0 * size, t);
            let base = skull(person, y, side * 1.62, 0.0);
            // Rim, the furrow inside it, the hollow.
            let curl = 3.6 * bell(s - 0.9, 0.12)
                - 3.4 * bell(s - 0.62, 0.13) * smooth(0.95, 0.7, t)
                - 5.0 * bell(s - 0.3, 0.2) * bell(t - 0.55, 0.2)
                + 3.0 * bell(s - 0.05, 0.1) * bell(t - 0.55, 0.12);
            let out = s * wide;
            let p = [
                base[0] - side * 3.0 + side * (out * away + curl * 0.5),
                y - 3.0 * s,
                base[2] + 2.0 - out * 0.8 + curl - t * -6.0,
            ];
            let shade = 1.0
                - 0.35 * bell(s - 0.3, 0.2) * bell(t - 0.52, 0.22)
                - 0.16 * bell(s - 0.64, 0.12) * smooth(1.0, 0.7, t);
            (p, [0.5 + side * 0.47, (110.0 + 40.0 * t) / HEIGHT as f32], shade)
        });
    }
    mesh.thin()
}

/// The neck, down to where clothes begin.
pub(crate) fn neck(person: &Person) -> Mesh {
    let (rows, columns) = (16, 28);
    let size = person.build.neck;
    Mesh::grid(rows, columns, true, |row, column| {
        let t = row as f32 / (rows - 1) as f32;
        let y = mix(58.0, 212.0, t);
        let angle = (column as f32 / columns as f32 - 0.5) * std::f32::consts::TAU;
        let wide = curve(
            &[(58.0, 52.0), (110.0, 53.0), (140.0, 55.0), (160.0, 62.0), (178.0, 84.0), (195.0, 122.0), (212.0, 165.0)],
            y,
        ) * size;
        let deep = curve(&[(58.0, 52.0), (110.0, 54.0), (150.0, 56.0), (175.0, 60.0), (212.0, 68.0)], y) * size;
        // Two cords and the hollow between the collar bones.
        let cords = 2.2 * bell(angle.abs() - mix(1.0, 0.28, smooth(90.0, 165.0, y)), 0.16)
            - 3.0 * bell(angle, 0.14) * bell(y - 168.0, 8.0);
        let shade = 1.0
            - 0.42 * smooth(150.0, 112.0, y) * smooth(-0.2, 0.6, angle.cos())
            - 0.15 * bell(angle, 0.2) * bell(y - 168.0, 9.0);
        let p = [angle.sin() * (wide + cords), y, -94.0 + mix(0.0, 12.0, t) + angle.cos() * (deep + cords)];
        (p, [0.03, (150.0 + 40.0 * t) / HEIGHT as f32], shade)
    })
}

/// How the clothes lie round the neck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collar {
    Round,
    Pointed,
    Shirt,
    High,
}

/// What is worn on the shoulders.
pub(crate) fn clothes(person: &Person, collar: Collar) -> Mesh {
    let size = mix(1.0, person.build.neck, 0.9);
    let heights: [f32; 14] =
        [150.0, 156.0, 160.0, 166.0, 174.0, 184.0, 196.0, 210.0, 230.0, 260.0, 320.0, 420.0, 700.0, 1600.0];
    let columns = 60;
    let mut mesh = Mesh::grid(heights.len(), columns, true, |row, column| {
        let angle = (column as f32 / columns as f32 - 0.5) * std::f32::consts::TAU;
        let neckline = match collar {
            Collar::Round => 152.0 + 9.0 * bell(angle, 0.7),
            Collar::Pointed => 150.0 + 42.0 * (1.0 - angle.abs() / 0.62).max(0.0),
            Collar::Shirt => 150.0 + 34.0 * (1.0 - angle.abs() / 0.45).max(0.0),
            Collar::High => 132.0,
        };
        let y = if row == 0 { neckline } else { heights[row].max(neckline + 0.2 * row as f32) };
        let wide = curve(
            &[
                (130.0, 59.0),
                (150.0, 63.0),
                (160.0, 70.0),
                (170.0, 96.0),
                (182.0, 138.0),
                (196.0, 172.0),
                (214.0, 192.0),
                (240.0, 202.0),
                (320.0, 208.0),
                (620.0, 215.0),
            ],
            y,
        ) * size;
        let deep = curve(
            &[(130.0, 60.0), (150.0, 61.0), (165.0, 67.0), (190.0, 76.0), (230.0, 88.0), (320.0, 98.0), (620.0, 105.0)],
            y,
        ) * size;
        let fold = 2.5 * (angle * 3.0 + y * 0.06).sin() * smooth(180.0, 240.0, y);
        let p = [angle.sin() * (wide + fold), y, -84.0 + angle.cos() * (deep + fold) + 2.0];
        (p, [angle, y], if row == 0 { 0.86 } else { 1.0 })
    });
    if collar == Collar::Shirt {
        // The two flaps of a shirt's collar.
        for side in [-1.0_f32, 1.0] {
            mesh.append(4, 9, false, &mut |row, column| {
                let (t, s) = (row as f32 / 3.0, column as f32 / 8.0);
                let angle = side * mix(0.1, 1.9, if side > 0.0 { s } else { 1.0 - s });
                let front = 1.0 - angle.abs() / 1.9;
                let radius = mix(59.0, 72.0 + 6.0 * front, t) * size;
                let y = mix(138.0, 160.0 + 26.0 * front.powi(4), t) + 20.0 * front.powi(4);
                ([angle.sin() * radius, y, -84.0 + angle.cos() * radius], [angle, 90.0 + t * 10.0], mix(0.92, 1.08, t))
            });
        }
    }
    mesh.thin()
}

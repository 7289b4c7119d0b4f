//! Attacks before the same camera: a printed photo or a phone held in a hand, a printed face cut out and worn.

use crate::background::{self, Busy};
use crate::camera_effects::Effects;
use crate::dice::Dice;
use crate::geometry::{Turn, Vec3, add, bell, mix, smooth, turn_by};
use crate::labels::Kind;
use crate::light::{Lamp, Light};
use crate::marks::Expression;
use crate::mesh::Mesh;
use crate::noise::{cloud, noise};
use crate::person::Glasses;
use crate::picture::{Picture, SAMPLES};
use crate::raster::{Canvas, Corner};
use crate::stage::{Clothes, Model, Pose, Seen, draw};
use crate::texture::{Level, Texture};

/// The photo an attacker has of somebody.
pub(crate) struct Shown {
    texture: Texture,
    seen: Seen,
    width: f32,
    height: f32,
    eyes: f32,
}

impl Shown {
    /// Draws it: eyes `share` of the width apart, another light and another day than the card's photo.
    pub(crate) fn of(model: &Model, share: f32, glasses: Option<Glasses>, clothes: Clothes, dice: &mut Dice) -> Self {
        let (width, height) = (320, 400);
        let mut light = Light::front();
        for lamp in &mut light.lamps {
            lamp.towards = crate::geometry::unit([dice.range(-0.8, 0.8), dice.range(-0.7, 0.0), 0.8]);
        }
        let warm = dice.about(0.0, 0.05);
        let light = light.scaled([1.0 + warm, 1.0, 1.0 - warm]);
        let busy = if dice.chance(0.5) { Busy::Plain } else { Busy::Calm };
        let mut picture = background::draw(width, height, busy, [0.9; 3], dice);
        let eyes = share * width as f32;
        let pose = Pose {
            eyes,
            at: [160.0 + dice.about(0.0, 6.0), 400.0 * dice.range(0.4, 0.48)],
            turn: Turn { yaw: dice.about(0.0, 5.0), pitch: dice.about(0.0, 3.0), roll: dice.about(0.0, 2.5) },
            far: dice.range(10.0, 20.0),
            expression: Expression { smile: (dice.unit() - 0.4).max(0.0), ..Expression::default() },
            glasses,
            mask: None,
            cap: None,
            clothes,
        };
        let seen = crate::crowd::alone(&mut picture, model, &pose, &light);
        if dice.chance(0.3) {
            picture.blur(0.6);
        }
        let pixels = picture.pixels.iter().map(|p| [byte(p[0]), byte(p[1]), byte(p[2]), 255]).collect();
        Self { texture: Texture::new(width, height, pixels), seen, width: width as f32, height: height as f32, eyes }
    }
}

fn byte(n: f32) -> u8 {
    n.clamp(0.0, 255.0) as u8
}

/// How something flat is held.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) kind: Kind,
    /// Pixels between the photo's eyes in the frame.
    pub(crate) eyes: f32,
    /// Where their middle lies, pixels.
    pub(crate) at: [f32; 2],
    pub(crate) turn: Turn,
    pub(crate) bend: f32,
    /// White border, share of the width.
    pub(crate) border: f32,
    pub(crate) hand: Option<Hand>,
    pub(crate) gloss: f32,
    /// Brightness of a screen.
    pub(crate) bright: f32,
    pub(crate) moire: f32,
    pub(crate) grey: bool,
    pub(crate) seed: u32,
}

/// The hand that holds it: side (−1 left, 1 right, 0 from below) and its skin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hand {
    pub(crate) side: f32,
    pub(crate) height: f32,
    pub(crate) skin: Vec3,
}

impl Held {
    /// Any way to hold a print or a phone.
    pub(crate) fn any(kind: Kind, eyes: f32, at: [f32; 2], skin: Vec3, dice: &mut Dice) -> Self {
        let hand = Hand { side: dice.pick(&[-1.0, 1.0, 0.0, 1.0]), height: dice.range(0.1, 0.4), skin };
        let screen = kind == Kind::Screen;
        Self {
            kind,
            eyes,
            at,
            turn: Turn { yaw: dice.about(0.0, 9.0), pitch: dice.about(0.0, 8.0), roll: dice.about(0.0, 6.0) },
            bend: if screen { 0.0 } else { dice.about(0.0, 0.12) },
            border: if dice.chance(0.7) { dice.range(0.02, 0.09) } else { 0.0 },
            hand: dice.chance(0.85).then_some(hand),
            gloss: if screen { dice.range(0.1, 0.5) } else { dice.range(0.0, 0.35) },
            bright: dice.range(0.85, 1.3),
            moire: if dice.chance(0.8) { dice.range(0.2, 1.0) } else { 0.0 },
            grey: !screen && dice.chance(0.15),
            seed: dice.number(),
        }
    }
}

/// From the plane of the thing held to samples.
struct Plane {
    rows: [Vec3; 3],
    focal: f32,
    far: f32,
    at: [f32; 2],
    middle: Vec3,
}

impl Plane {
    fn new(held: &Held, shown: &Shown) -> Self {
        let far = 560.0;
        // Units of the photo's pixels; its eyes' middle is the origin.
        let k = held.eyes / shown.eyes;
        Self { rows: held.turn.rows(), focal: k * far * SAMPLES as f32, far, at: held.at, middle: [0.0; 3] }
    }

    fn place(&self, p: Vec3) -> Vec3 {
        add(turn_by(&self.rows, p), self.middle)
    }

    fn seen(&self, p: Vec3) -> (f32, f32, f32) {
        let near = 1.0 / (self.far - p[2]).max(20.0);
        (
            self.at[0] * SAMPLES as f32 + p[0] * self.focal * near,
            self.at[1] * SAMPLES as f32 + p[1] * self.focal * near,
            near,
        )
    }

    fn corners(&self, mesh: &Mesh, light: &Light, gloss: f32) -> Vec<Corner> {
        let turned: Vec<Vec3> = mesh.points.iter().map(|p| self.place(*p)).collect();
        let normals = Mesh::normals(&turned, &mesh.faces);
        turned
            .iter()
            .zip(normals)
            .enumerate()
            .map(|(i, (p, n))| {
                let n = if n[2] < 0.0 { n.map(|c| -c) } else { n };
                let (l, shine) = light.on(n, gloss);
                let (x, y, near) = self.seen(*p);
                Corner { x, y, near, a: [mesh.uv[i][0], mesh.uv[i][1], l[0], l[1], l[2], shine * 255.0, mesh.extra[i]] }
            })
            .collect()
    }
}

fn paint(canvas: &mut Canvas, corners: &[Corner], mesh: &Mesh, shade: &impl Fn(&[f32; 7]) -> Option<[f32; 3]>) {
    for face in &mesh.faces {
        let [a, b, c] = face.map(|i| &corners[i as usize]);
        canvas.triangle([a, b, c], true, shade);
    }
}

/// Draws the thing held; says where its face came to lie.
pub(crate) fn hold(canvas: &mut Canvas, shown: &Shown, held: &Held, light: &Light) -> Seen {
    let plane = Plane::new(held, shown);
    let origin = middle(shown);
    let size = [shown.width, shown.height];
    let rim = if held.kind == Kind::Screen { [0.035 * size[0], 0.085 * size[0]] } else { [held.border * size[0]; 2] };
    let bend = |x: f32| held.bend * x * x / size[0];
    let at = |u: f32, v: f32, lift: f32| {
        let (x, y) = (u * size[0] - origin[0], v * size[1] - origin[1]);
        [x, y, bend(x) + lift]
    };
    let (gu, gv) = (rim[0] / size[0], rim[1] / size[1]);
    let sheet = Mesh::grid(14, 14, false, |row, column| {
        let (u, v) = (mix(-gu, 1.0 + gu, column as f32 / 13.0), mix(-gv, 1.0 + gv, row as f32 / 13.0));
        (at(u, v, 0.0), [u, v], 1.0)
    })
    .thin();
    let corners = plane.corners(&sheet, light, held.gloss);
    let level = shown.texture.level_for(held.eyes / shown.eyes * shown.width * SAMPLES as f32);
    if held.kind == Kind::Screen {
        screen(canvas, &corners, &sheet, level, held, [gu, gv]);
    } else {
        print(canvas, &corners, &sheet, level, held);
    }
    if let Some(hand) = &held.hand {
        fingers(canvas, &plane, hand, light, size, origin, rim, held.seed);
    }
    let map = |p: [f32; 2]| {
        let (x, y, _) = plane.seen(plane.place(at(p[0] / size[0], p[1] / size[1], 0.0)));
        [x / SAMPLES as f32, y / SAMPLES as f32]
    };
    mapped(&shown.seen, map)
}

/// Points and box of a photo's face, each through `map`.
fn mapped(seen: &Seen, map: impl Fn([f32; 2]) -> [f32; 2]) -> Seen {
    let [x, y, w, h] = seen.place;
    let corners = [[x, y + h * 0.5], [x + w, y + h * 0.5], [x + w * 0.5, y], [x + w * 0.5, y + h]].map(&map);
    let pick = |c: usize, f: fn(f32, f32) -> f32| corners.iter().map(|p| p[c]).reduce(f).unwrap_or_default();
    let (left, top) = (pick(0, f32::min), pick(1, f32::min));
    Seen { points: seen.points.map(map), place: [left, top, pick(0, f32::max) - left, pick(1, f32::max) - top] }
}

fn middle(shown: &Shown) -> [f32; 2] {
    let [left, right, ..] = shown.seen.points;
    [(left[0] + right[0]) * 0.5, (left[1] + right[1]) * 0.5]
}

/// Ink on paper: less contrast than life, a colour cast, grain.
fn print(canvas: &mut Canvas, corners: &[Corner], sheet: &Mesh, level: &Level, held: &Held) {
    let seed = held.seed;
    let cast = [1.0 + 0.06 * (noise(1.5, 0.5, seed) - 0.5), 1.0, 1.0 + 0.1 * (noise(2.5, 0.5, seed) - 0.5)];
    let flat = 0.78 + 0.16 * noise(3.5, 0.5, seed);
    let lines = if noise(4.5, 0.5, seed) > 0.6 { 0.03 } else { 0.0 };
    paint(canvas, corners, sheet, &|a| {
        let (u, v) = (a[0], a[1]);
        let mut rgb = [240.0, 240.0, 236.0];
        if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
            let p = level.at(u, v);
            rgb = [0, 1, 2].map(|c| 232.0 - (232.0 - p[c]) * flat);
            if held.grey {
                rgb = [0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]; 3];
            }
            let grain = 1.0 + 0.035 * (noise(u * 700.0, v * 850.0, seed) - 0.5) + lines * (v * 420.0).sin();
            rgb = [0, 1, 2].map(|c| rgb[c] * cast[c] * grain);
        }
        Some([rgb[0] * a[2] + a[5] * 0.6, rgb[1] * a[3] + a[5] * 0.6, rgb[2] * a[4] + a[5] * 0.6])
    });
}

/// A phone: rounded body, light of its own, beating grids, a reflection of the room.
fn screen(canvas: &mut Canvas, corners: &[Corner], sheet: &Mesh, level: &Level, held: &Held, rim: [f32; 2]) {
    let seed = held.seed;
    let turn = noise(1.5, 7.5, seed) * 3.0;
    let (sin, cos) = turn.sin_cos();
    let beat = 60.0 + 120.0 * noise(2.5, 7.5, seed);
    let glare = [noise(5.5, 7.5, seed), 0.25 + 0.3 * noise(6.5, 7.5, seed)];
    paint(canvas, corners, sheet, &|a| {
        let (u, v) = (a[0], a[1]);
        let inside = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        // Round corners of the body.
        let (ex, ey) = ((u - 0.5).abs() - 0.5 - rim[0] + 0.07, (v - 0.5).abs() - 0.5 - rim[1] + 0.056);
        if ex > 0.0 && ey > 0.0 && (ex / 0.07).hypot(ey / 0.056) > 1.0 {
            return None;
        }
        let slope = u + 0.5 * v - glare[0];
        let reflection = held.gloss
            * (26.0 * smooth(glare[1], 0.0, slope.abs()) + 10.0 * cloud(u * 3.0, v * 3.0, seed) + 0.35 * a[5]);
        let rgb = if inside {
            let p = level.at(u, v);
            let along = (u * cos + v * 1.25 * sin) * beat;
            let across = (v * 1.25 * cos - u * sin) * beat * 0.83;
            let wave = 0.07 * held.moire;
            let bands = [0.0, 2.1, 4.2]
                .map(|phase| 1.0 + wave * ((along + phase).sin() * 0.6 + (across + phase * 0.5).sin() * 0.6));
            let cool = [0.94, 1.0, 1.1];
            // A screen's black is never quite black.
            [0, 1, 2].map(|c| (7.0 + p[c] * 0.97) * bands[c] * cool[c] * held.bright.powf(0.4545))
        } else {
            let edge = smooth(-0.01, 0.0, (u - 0.5).abs() - 0.5 - rim[0] + 0.008);
            [0, 1, 2].map(|c| (16.0 + 40.0 * edge) * a[2 + c])
        };
        Some(rgb.map(|n| n + reflection))
    });
}

/// Thumb before the thing, fingers behind it, the hand going away below or aside.
#[expect(clippy::too_many_arguments, reason = "the hand needs the whole geometry of what it holds")]
fn fingers(
    canvas: &mut Canvas,
    plane: &Plane,
    hand: &Hand,
    light: &Light,
    size: [f32; 2],
    origin: [f32; 2],
    rim: [f32; 2],
    seed: u32,
) {
    let unit = size[0] / 75.0;
    let from_below = hand.side == 0.0;
    let side = if from_below { 1.0 } else { hand.side };
    // A frame at the place held: `out` off the edge, `along` it.
    let (edge, out, along) = if from_below {
        ([size[0] * 0.5 - origin[0], size[1] + rim[1] - origin[1]], [0.0, 1.0], [1.0, 0.0])
    } else {
        let x = if side > 0.0 { size[0] + rim[0] } else { -rim[0] };
        ([x - origin[0], size[1] * (0.75 + hand.height * 0.4) - origin[1]], [side, 0.25], [0.0, 1.0])
    };
    let at = |o: f32, l: f32, z: f32| {
        [edge[0] + (out[0] * o + along[0] * l) * unit, edge[1] + (out[1] * o + along[1] * l) * unit, z * unit]
    };
    let mut all = Mesh::default();
    // The thumb lies on it, slightly bent.
    capsule(&mut all, &[at(26.0, 16.0, 2.0), at(6.0, 8.0, 9.0), at(-15.0, 0.0, 8.0)], &[10.5, 9.5, 7.6], unit, true);
    for finger in 0..4 {
        let l = -14.0 + finger as f32 * 15.0;
        capsule(
            &mut all,
            &[at(30.0, l * 0.8 + 8.0, -14.0), at(10.0, l, -13.0), at(-8.0, l - 2.0, -10.0)],
            &[9.5, 8.8, 7.0],
            unit,
            false,
        );
    }
    // Back of the hand and forearm.
    capsule(
        &mut all,
        &[at(24.0, 12.0, -8.0), at(52.0, 26.0, -10.0), at(96.0, 62.0, -14.0), at(260.0, 210.0, -20.0)],
        &[24.0, 30.0, 22.0, 30.0],
        unit,
        false,
    );
    let all = all.thin();
    let corners = plane.corners(&all, light, 0.05);
    let skin = hand.skin;
    paint(canvas, &corners, &all, &|a| {
        let fine = 0.95 + 0.1 * noise(a[0] * 9.0, a[1] * 14.0, seed);
        let crease = 1.0 - 0.12 * bell((a[1] * 3.0).fract() - 0.5, 0.05);
        let nail = smooth(0.6, 0.9, a[6]);
        let rgb = [0, 1, 2].map(|c| mix(skin[c] * fine * crease, skin[c] * 0.6 + [100.0, 84.0, 82.0][c], nail));
        Some([rgb[0] * a[2] + a[5], rgb[1] * a[3] + a[5], rgb[2] * a[4] + a[5]])
    });
}

/// A round limb along a line of places, its end rounded; `nail` marks the end's front.
fn capsule(mesh: &mut Mesh, places: &[Vec3], radii: &[f32], unit: f32, nail: bool) {
    let (rows, sides) = (places.len() * 6, 12);
    let spans = (places.len() - 1) as f32;
    mesh.append(rows, sides, true, &mut |row, column| {
        let t = row as f32 / (rows - 1) as f32;
        // The last tenth closes the end.
        let cap = ((t - 0.86) / 0.14).clamp(0.0, 1.0);
        let s = (t * spans).min(spans - 0.001);
        let (i, f) = (s as usize, s.fract());
        let f = f * f * (3.0 - 2.0 * f);
        let p = crate::geometry::mix3(places[i], places[i + 1], f);
        let r = mix(radii[i], radii[i + 1], f) * unit * (1.0 - cap * cap).max(0.0).sqrt();
        let d = crate::geometry::unit(crate::geometry::sub(places[i + 1], places[i]));
        let x = crate::geometry::unit(crate::geometry::cross(d, [0.0, 0.0, 1.0]));
        let z = crate::geometry::cross(x, d);
        let a = column as f32 / sides as f32 * std::f32::consts::TAU;
        let front = if nail {
            smooth(0.4, 0.9, -(z[2].signum()) * -a.sin()) * smooth(0.72, 0.8, t) * smooth(0.97, 0.9, t)
        } else {
            0.0
        };
        ([0, 1, 2].map(|c| p[c] + r * (x[c] * a.cos() + z[c] * a.sin())), [column as f32 / 6.0, t], front)
    });
}

/// A printed face worn before somebody's own.
pub(crate) struct Paper<'a> {
    pub(crate) shown: &'a Shown,
    pub(crate) holes: bool,
    /// White paper left round the face, units.
    pub(crate) rest: f32,
    pub(crate) seed: u32,
    /// How far it slid, units.
    pub(crate) off: [f32; 2],
}

impl Paper<'_> {
    fn surface(&self, x: f32, y: f32) -> Vec3 {
        [x + self.off[0], y + self.off[1], 33.0 - (x / 70.0).powi(2) * 24.0 - ((y - 30.0) / 90.0).powi(2) * 5.0]
    }

    /// The sheet in head coordinates; `extra` is unused.
    pub(crate) fn mesh(&self) -> Mesh {
        let [x, y, w, h] = self.box_in_head();
        Mesh::grid(22, 20, false, |row, column| {
            let (px, py) = (x + w * (column as f32 / 19.0), y + h * (row as f32 / 21.0));
            (self.surface(px, py), [px, py], 1.0)
        })
        .thin()
    }

    fn box_in_head(&self) -> [f32; 4] {
        let k = 64.0 / self.shown.eyes;
        let origin = middle(self.shown);
        let [x, y, w, h] = self.shown.seen.place;
        let grow = 0.12;
        [
            (x - w * grow - origin[0]) * k,
            (y - h * grow - origin[1]) * k,
            w * k * (1.0 + 2.0 * grow),
            h * k * (1.0 + 2.0 * grow),
        ]
    }

    /// The colour of the paper at a place of the mesh, or nothing where it is cut away.
    pub(crate) fn colour(&self, level: &Level, x: f32, y: f32) -> Option<[f32; 3]> {
        let k = self.shown.eyes / 64.0;
        let origin = middle(self.shown);
        let [bx, by, bw, bh] = self.shown.seen.place;
        let (px, py) = (x * k + origin[0], y * k + origin[1]);
        let (cx, cy) = ((px - bx - bw * 0.5) / (bw * 0.5), (py - by - bh * 0.5) / (bh * 0.5));
        // An egg, cut by hand.
        let wobble = 0.02 * (noise(cy.atan2(cx) * 3.0 + 20.0, 0.5, self.seed) - 0.5) * 2.0;
        let narrow = 1.0 + 0.16 * cy.max(0.0).powi(2);
        let far = (cx * narrow).abs().powf(2.2) + cy.abs().powf(2.2);
        let far = far.powf(1.0 / 2.2) + wobble;
        if far > 1.0 + self.rest * 0.012 {
            return None;
        }
        if self.holes {
            for eye in &self.shown.seen.points[..2] {
                let (ex, ey) = ((px - eye[0]) / (k * 13.5), (py - eye[1]) / (k * 7.0));
                let far = ex.hypot(ey);
                if far < 1.0 {
                    return None;
                }
                if far < 1.08 {
                    return Some([226.0, 226.0, 222.0]);
                }
            }
        }
        if far > 1.0 {
            return Some([238.0, 238.0, 234.0]);
        }
        let p = level.at(px / self.shown.width, py / self.shown.height);
        let grain = 1.0 + 0.03 * (noise(px * 1.7, py * 1.7, self.seed) - 0.5);
        Some([0, 1, 2].map(|c| (228.0 - (228.0 - p[c]) * 0.88) * grain))
    }

    pub(crate) fn level(&self, eyes: f32) -> &Level {
        self.shown.texture.level_for(eyes / self.shown.eyes * self.shown.width * SAMPLES as f32)
    }

    /// Where the printed face lies, with `camera` from head coordinates to pixels.
    pub(crate) fn seen(&self, camera: impl Fn(Vec3) -> [f32; 2]) -> Seen {
        let k = 64.0 / self.shown.eyes;
        let origin = middle(self.shown);
        mapped(&self.shown.seen, |p| camera(self.surface((p[0] - origin[0]) * k, (p[1] - origin[1]) * k)))
    }
}

/// Light a glossy sheet throws back once more: a lamp near the camera.
pub(crate) fn with_glare(light: &Light, dice: &mut Dice) -> Light {
    let mut light = light.clone();
    let towards = crate::geometry::unit([dice.range(-0.3, 0.3), dice.range(-0.35, 0.1), 1.0]);
    light.lamps.push(Lamp { towards, colour: [dice.range(0.0, 0.25); 3] });
    light
}

/// A print or phone held up, perhaps by somebody seen behind it.
pub(crate) fn held_picture(
    picture: &mut Picture,
    shown: &Shown,
    held: &Held,
    light: &Light,
    behind: Option<(&Model, &Pose)>,
) -> Seen {
    let mut canvas = Canvas::new(picture.width * SAMPLES, picture.height * SAMPLES);
    if let Some((model, pose)) = behind {
        let _hidden = draw(&mut canvas, model, pose, light, None);
        picture.lay(&canvas);
        if !held.kind.eq(&Kind::Live) {
            picture.blur(0.4);
        }
        canvas = Canvas::new(picture.width * SAMPLES, picture.height * SAMPLES);
    }
    let seen = hold(&mut canvas, shown, held, light);
    picture.lay(&canvas);
    seen
}

/// Effects of the camera on a picture with a screen in it: nothing special, but never a strong smear.
pub(crate) fn steady(effects: Effects) -> Effects {
    Effects { smear: [0.0; 2], ..effects }
}

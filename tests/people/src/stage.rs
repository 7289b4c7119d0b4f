//! Puts a posed, lit, dressed person before a camera and says where the face came to lie.

use crate::attack::Paper;
use crate::geometry::{Turn, Vec3, add, mix, smooth, sub, turn_by};
use crate::hair;
use crate::head::{Collar, Head, PIVOT, clothes, ears, neck};
use crate::light::Light;
use crate::marks::{self, Expression};
use crate::mesh::Mesh;
use crate::noise::noise;
use crate::person::{Cut, Glasses, Person};
use crate::picture::SAMPLES;
use crate::raster::{Canvas, Corner};
use crate::space::{Rows, Space};
use crate::texture::{SKIN_WIDTH, Skin, Texture};
use crate::wear::{self, Cap, FaceMask};

/// A person ready to be drawn many times.
pub(crate) struct Model {
    pub(crate) person: Person,
    pub(crate) head: Head,
    skin: Skin,
    rows: Rows,
}

impl Model {
    pub(crate) fn of(space: &Space, person: Person) -> Self {
        let head = Head::of(space, &person);
        let skin = Skin::of(space, &person);
        Self { person, head, skin, rows: space.rows }
    }
}

/// What is worn on the body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clothes {
    pub(crate) collar: Collar,
    pub(crate) colour: Vec3,
    pub(crate) stripes: f32,
}

/// How a person stands before the camera.
#[derive(Clone, Debug)]
pub(crate) struct Pose {
    /// Pixels between the eyes, were the head turned to the camera.
    pub(crate) eyes: f32,
    /// Where the middle between the eyes lies, pixels.
    pub(crate) at: [f32; 2],
    pub(crate) turn: Turn,
    /// From the camera, in eye distances.
    pub(crate) far: f32,
    pub(crate) expression: Expression,
    pub(crate) glasses: Option<Glasses>,
    pub(crate) mask: Option<FaceMask>,
    pub(crate) cap: Option<Cap>,
    pub(crate) clothes: Clothes,
}

/// Where a face came to lie, pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    /// Left eye, right eye, nose, left and right corner of the mouth; left is the picture's left.
    pub(crate) points: [[f32; 2]; 5],
    /// Left, top, width, height.
    pub(crate) place: [f32; 4],
}

/// From head coordinates to samples.
struct Camera {
    /// From the body's turn to the head's.
    turns: Vec<[Vec3; 3]>,
    eye: Vec3,
    focal: f32,
    far: f32,
    at: [f32; 2],
}

const STEPS: usize = 16;

impl Camera {
    fn new(pose: &Pose) -> Self {
        let turns: Vec<_> =
            (0..=STEPS).map(|i| pose.turn.part(mix(0.15, 1.0, i as f32 / STEPS as f32)).rows()).collect();
        let far = pose.far * 64.0;
        let mut camera =
            Self { turns, eye: [0.0; 3], focal: pose.eyes / 64.0 * far * SAMPLES as f32, far, at: pose.at };
        camera.eye = camera.turned([0.0; 3], 1.0);
        camera
    }

    fn turned(&self, p: Vec3, follow: f32) -> Vec3 {
        let rows = &self.turns[(follow * STEPS as f32 + 0.5) as usize];
        add(turn_by(rows, sub(p, PIVOT)), PIVOT)
    }

    fn seen(&self, p: Vec3) -> (f32, f32, f32) {
        let p = sub(p, self.eye);
        let near = 1.0 / (self.far - p[2]).max(8.0);
        let k = self.focal * near;
        (self.at[0] * SAMPLES as f32 + p[0] * k, self.at[1] * SAMPLES as f32 + p[1] * k, near)
    }
}

/// How much a part turns with the head.
#[derive(Clone, Copy, PartialEq)]
enum Follow {
    Head,
    Height,
    Body,
}

/// How a surface takes light.
#[derive(Clone, Copy)]
struct Finish {
    follow: Follow,
    gloss: f32,
    /// The mesh's extra number darkens it.
    shaded: bool,
}

struct Stage<'a> {
    canvas: &'a mut Canvas,
    camera: Camera,
    light: &'a Light,
    shadow: Shadow,
}

/// Nose and brows keep the lamp from what lies behind them: the face's depths, read along the way to the lamp.
struct Shadow {
    cells: Vec<f32>,
    strong: f32,
    step: Vec3,
}

const SHADOW_CELLS: usize = 48;

impl Shadow {
    fn of(points: &[Vec3], middle: Vec3, light: &Light) -> Self {
        let mut cells = vec![f32::MIN; SHADOW_CELLS * SHADOW_CELLS];
        let strongest = light.lamps.iter().copied().max_by(|a, b| a.colour[1].total_cmp(&b.colour[1]));
        let total = light.above[1] + light.lamps.iter().map(|l| l.colour[1]).sum::<f32>();
        let (step, strong) = strongest.map_or(([0.0; 3], 0.0), |lamp| (lamp.towards, lamp.colour[1] / total.max(0.01)));
        if step[2] <= 0.05 {
            return Self { cells, strong: 0.0, step };
        }
        for p in points {
            if let Some(i) = Self::cell(sub(*p, middle)) {
                cells[i] = cells[i].max(p[2]);
            }
        }
        for i in 1..cells.len() - 1 {
            if cells[i] == f32::MIN {
                cells[i] = cells[i - 1].min(cells[i + 1]);
            }
        }
        Self { cells, strong, step }
    }

    fn cell(p: Vec3) -> Option<usize> {
        let (x, y) = ((p[0] + 96.0) / 4.0, (p[1] + 80.0) / 4.0);
        (x >= 0.0 && y >= 0.0 && x < SHADOW_CELLS as f32 && y < SHADOW_CELLS as f32)
            .then(|| y as usize * SHADOW_CELLS + x as usize)
    }

    fn at(&self, p: Vec3, middle: Vec3) -> f32 {
        if self.strong < 0.05 {
            return 1.0;
        }
        let mut hidden = 0.0_f32;
        for k in 2..8 {
            let far = k as f32 * 4.5;
            let q = [p[0] + self.step[0] * far, p[1] + self.step[1] * far, p[2] + self.step[2] * far];
            if let Some(i) = Self::cell(sub(q, middle)) {
                hidden = hidden.max(smooth(1.0, 9.0, self.cells[i] - q[2]));
            }
        }
        1.0 - hidden * self.strong * 0.42
    }
}

impl Stage<'_> {
    fn corners(&self, mesh: &Mesh, finish: Finish) -> Vec<Corner> {
        let turned = self.posed(mesh, finish.follow);
        self.lit(mesh, &turned, finish, false)
    }

    fn posed(&self, mesh: &Mesh, follow: Follow) -> Vec<Vec3> {
        let turned = mesh.points.iter().map(|p| {
            let share = match follow {
                Follow::Head => 1.0,
                Follow::Height => smooth(185.0, 75.0, p[1]),
                Follow::Body => 0.0,
            };
            self.camera.turned(*p, share)
        });
        turned.collect()
    }

    fn lit(&self, mesh: &Mesh, turned: &[Vec3], finish: Finish, shadowed: bool) -> Vec<Corner> {
        let normals = Mesh::normals(turned, &mesh.faces);
        let all = turned.iter().zip(normals).enumerate();
        all.map(|(i, (p, normal))| {
            let normal = if mesh.thin && normal[2] < 0.0 { normal.map(|n| -n) } else { normal };
            let (mut light, mut shine) = self.light.on(normal, finish.gloss);
            let extra = mesh.extra[i];
            if finish.shaded {
                light = light.map(|n| n * extra);
            }
            if shadowed && normal[2] > 0.0 {
                let k = self.shadow.at(*p, self.camera.eye);
                light = light.map(|n| n * k);
                shine *= k;
            }
            let (x, y, near) = self.camera.seen(*p);
            Corner { x, y, near, a: [mesh.uv[i][0], mesh.uv[i][1], light[0], light[1], light[2], shine * 255.0, extra] }
        })
        .collect()
    }

    fn draw(&mut self, corners: &[Corner], mesh: &Mesh, shade: &impl Fn(&[f32; 7]) -> Option<[f32; 3]>) {
        for face in &mesh.faces {
            let [a, b, c] = face.map(|i| &corners[i as usize]);
            self.canvas.triangle([a, b, c], mesh.thin, shade);
        }
    }
}

fn lit(rgb: [f32; 3], a: &[f32; 7]) -> [f32; 3] {
    [rgb[0] * a[2] + a[5], rgb[1] * a[3] + a[5], rgb[2] * a[4] + a[5]]
}

/// Draws a person on the canvas; the canvas has [`SAMPLES`] samples along each pixel's side.
pub(crate) fn draw(canvas: &mut Canvas, model: &Model, pose: &Pose, light: &Light, paper: Option<&Paper>) -> Seen {
    let person = &model.person;
    let texture = marks::passing(&model.skin, person, &pose.expression, model.rows);
    let camera = Camera::new(pose);
    let face = model.head.expressed(&pose.expression);
    let turned: Vec<Vec3> = face.points.iter().map(|p| camera.turned(*p, 1.0)).collect();
    let shadow = Shadow::of(&turned, camera.eye, light);
    let mut stage = Stage { canvas, camera, light, shadow };
    let seen = stage.face(model, &face, &turned, &texture, pose);
    stage.body(model, pose, &texture);
    stage.hair(person, pose);
    stage.worn(model, &face, pose);
    match paper {
        Some(paper) => stage.paper(paper, pose),
        None => seen,
    }
}

impl Stage<'_> {
    fn face(&mut self, model: &Model, face: &Mesh, turned: &[Vec3], texture: &Texture, pose: &Pose) -> Seen {
        let person = &model.person;
        let level = texture.level_for(SKIN_WIDTH as f32 / 128.0 * pose.eyes * SAMPLES as f32);
        let gloss = 0.1 + 0.05 * smooth(60.0, 30.0, person.age);
        let corners = self.lit(face, turned, Finish { follow: Follow::Head, gloss, shaded: false }, true);
        self.draw(&corners, face, &|a| {
            let skin = level.at(a[0], a[1]);
            Some(lit([skin[0], skin[1], skin[2]], a))
        });
        let places: Vec<[f32; 2]> = corners.iter().map(|c| [c.x / SAMPLES as f32, c.y / SAMPLES as f32]).collect();
        let points = model.head.five(&places);
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for i in &model.head.oval {
            let p = places[*i as usize];
            low = [low[0].min(p[0]), low[1].min(p[1])];
            high = [high[0].max(p[0]), high[1].max(p[1])];
        }
        Seen { points, place: [low[0], low[1], high[0] - low[0], high[1] - low[1]] }
    }

    fn body(&mut self, model: &Model, pose: &Pose, texture: &Texture) {
        let person = &model.person;
        let level = texture.level_for(48.0);
        let skin = Finish { follow: Follow::Head, gloss: 0.06, shaded: true };
        let long = matches!(person.hair.cut, Cut::Bob | Cut::Long);
        if !long || person.hair.hem < 0.4 {
            let mesh = ears(person);
            let corners = self.corners(&mesh, skin);
            self.draw(&corners, &mesh, &|a| {
                let rgb = level.at(a[0], a[1]);
                Some(lit([rgb[0] * 1.02, rgb[1] * 0.94, rgb[2] * 0.92], a))
            });
        }
        let mesh = neck(person);
        let corners = self.corners(&mesh, Finish { follow: Follow::Height, ..skin });
        self.draw(&corners, &mesh, &|a| {
            let rgb = level.at(a[0], a[1]);
            Some(lit([rgb[0] * 0.97, rgb[1] * 0.95, rgb[2] * 0.94], a))
        });
        let mesh = clothes(person, pose.clothes.collar);
        let corners = self.corners(&mesh, Finish { follow: Follow::Body, gloss: 0.0, shaded: true });
        let Clothes { colour, stripes, .. } = pose.clothes;
        let seed = person.hair.seed ^ 0xc107;
        self.draw(&corners, &mesh, &|a| {
            let weave = 0.96 + 0.06 * noise(a[0] * 40.0, a[1] * 0.6, seed);
            let stripe = if stripes > 0.0 { 1.0 - 0.25 * smooth(0.35, 0.65, (a[1] * stripes).sin()) } else { 1.0 };
            Some(lit(colour.map(|n| n * weave * stripe), a))
        });
    }

    fn hair(&mut self, person: &Person, pose: &Pose) {
        let seed = person.hair.seed;
        let colour = person.hair.colour;
        let finish = Finish { follow: Follow::Height, gloss: 0.3, shaded: false };
        let thin = person.hair.thin;
        let mut draw = |mesh: &Mesh, dense: f32, dark: f32, seed: u32| {
            let corners = self.corners(mesh, finish);
            self.draw(&corners, mesh, &|a| {
                let k = hair::strand(seed, [a[0], a[1]], a[6], dense)?;
                let shine = a[5] * (k - 0.75).max(0.0) * 1.6;
                let k = k * dark;
                Some([colour[0] * k * a[2] + shine, colour[1] * k * a[3] + shine, colour[2] * k * a[4] + shine])
            });
        };
        let flat = if pose.cap.is_some() { 1.0 } else { 0.0 };
        if person.hair.cut == Cut::Tied && pose.cap.is_none() {
            draw(&hair::bun(person), 0.3, 0.9, seed ^ 9);
        }
        for (n, (height, dense, dark)) in
            [(1.0, -0.22, 1.05), (0.72, 0.15, 0.9), (0.1, 0.45, 0.75)].into_iter().enumerate()
        {
            draw(&hair::shell(person, height, flat), dense - thin * 0.5, dark, seed ^ (n as u32) << 8);
        }
    }

    fn worn(&mut self, model: &Model, face: &Mesh, pose: &Pose) {
        let person = &model.person;
        let plain = Finish { follow: Follow::Head, gloss: 0.02, shaded: true };
        if let Some(mask) = &pose.mask {
            let mesh = wear::mask(person, face, &model.head, mask);
            let corners = self.corners(&mesh, plain);
            let colour = mask.colour;
            let seed = person.hair.seed;
            self.draw(&corners, &mesh, &|a| {
                let pleats =
                    1.0 - 0.1 * smooth(0.5, 0.95, (a[1] * 22.0).cos()) - 0.05 * noise(a[0] * 9.0, a[1] * 9.0, seed);
                Some(lit(colour.map(|n| n * pleats), a))
            });
        }
        if let Some(cap) = &pose.cap {
            let mesh = wear::cap(person, cap);
            let corners = self.corners(&mesh, plain);
            let (colour, knitted) = (cap.colour, cap.knitted);
            self.draw(&corners, &mesh, &|a| {
                let rib = if knitted {
                    0.86 + 0.14 * (a[0] * 60.0).sin()
                } else {
                    1.0 - 0.1 * smooth(0.93, 1.0, (a[0] * 3.0).cos())
                };
                Some(lit(colour.map(|n| n * rib), a))
            });
        }
        if let Some(glasses) = &pose.glasses {
            let mesh = wear::rims(person, face, glasses);
            let gloss = if glasses.metal { 0.6 } else { 0.35 };
            let corners = self.corners(&mesh, Finish { follow: Follow::Head, gloss, shaded: false });
            let colour = glasses.colour;
            self.lenses(face, glasses);
            self.draw(&corners, &mesh, &|a| Some(lit(colour, a)));
        }
    }

    /// A printed face before the own one, which is then the face that is seen.
    fn paper(&mut self, paper: &Paper, pose: &Pose) -> Seen {
        let mesh = paper.mesh();
        let corners = self.corners(&mesh, Finish { follow: Follow::Head, gloss: 0.12, shaded: false });
        let level = paper.level(pose.eyes);
        self.draw(&corners, &mesh, &|a| paper.colour(level, a[0], a[1]).map(|rgb| lit(rgb, a)));
        paper.seen(|p| {
            let (x, y, _) = self.camera.seen(self.camera.turned(p, 1.0));
            [x / SAMPLES as f32, y / SAMPLES as f32]
        })
    }

    /// A faint sheet of light over each lens.
    fn lenses(&mut self, face: &Mesh, glasses: &Glasses) {
        for side in [-1.0_f32, 1.0] {
            let outline: Vec<(f32, f32)> = wear::lens(face, glasses, side)
                .into_iter()
                .map(|p| {
                    let (x, y, _) = self.camera.seen(self.camera.turned(p, 1.0));
                    (x, y)
                })
                .collect();
            let bound = |pick: fn(&(f32, f32)) -> f32| {
                outline.iter().map(pick).fold((f32::MAX, f32::MIN), |(low, high), n| (low.min(n), high.max(n)))
            };
            let ((left, right), (top, low)) = (bound(|p| p.0), bound(|p| p.1));
            let (width, height) = (self.canvas.width as f32, self.canvas.height as f32);
            let brightness = self.light.lamps.iter().map(|lamp| lamp.colour[1]).sum::<f32>().min(1.0);
            for y in top.max(0.0) as usize..low.clamp(0.0, height) as usize {
                for x in left.max(0.0) as usize..right.clamp(0.0, width) as usize {
                    let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
                    if !inside(&outline, px, py) {
                        continue;
                    }
                    let (u, v) = ((px - left) / (right - left), (py - top) / (low - top));
                    let band = smooth(0.07, 0.0, (u + v * 0.55 - 0.42).abs()) * 0.22
                        + smooth(0.03, 0.0, (u + v * 0.55 - 0.56).abs()) * 0.14;
                    self.canvas.tint(x, y, [232.0, 240.0, 255.0], (0.035 + band) * brightness);
                }
            }
        }
    }
}

fn inside(outline: &[(f32, f32)], x: f32, y: f32) -> bool {
    let mut within = false;
    for (i, (ax, ay)) in outline.iter().enumerate() {
        let (bx, by) = outline[(i + 1) % outline.len()];
        if (*ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            within = !within;
        }
    }
    within
}

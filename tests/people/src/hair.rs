//! Hair as shells over the skull: strands let through what lies under them, so no rim is hard.

use crate::geometry::{Vec3, bell, curve, mix, smooth};
use crate::head::{MIDDLE, skull};
use crate::mesh::Mesh;
use crate::noise::{line, noise};
use crate::person::{Cut, Hair, Person, Sex};

/// Height of the natural hairline at an angle from the front (rows as in `skull`).
fn hairline(hair: &Hair, angle: f32) -> f32 {
    let a = angle.abs();
    let back = 24.0 * hair.receding;
    let corner = 20.0 * hair.receding * bell(a - 0.55, 0.2);
    let line = -hair.line.min(84.0);
    let ragged = 3.0 * (line_noise(angle, hair.seed) - 0.5);
    let table = [
        (0.0, line - back),
        (0.35, line + 1.0 - back),
        (0.75, line + 12.0 - back * 0.6),
        (1.0, -38.0 - back * 0.2),
        (1.17, -14.0),
        (1.3, 10.0),
        (1.42, 14.0),
        (1.55, -8.0),
        (2.0, -6.0),
        (2.2, 32.0),
        (2.6, 58.0),
        (3.15, 64.0),
    ];
    curve(&table, a) - corner + ragged
}

fn line_noise(angle: f32, seed: u32) -> f32 {
    line(angle * 7.0 + 40.0, seed)
}

/// Where the hair ends at an angle, and how thick it lies at a share `t` of its way there.
struct Style {
    hem: f32,
    crown: f32,
    end: f32,
}

fn style(person: &Person, angle: f32) -> Style {
    let hair = &person.hair;
    let a = angle.abs();
    let natural = hairline(hair, angle);
    let thick = hair.thick;
    let clump = 8.0 * (line(angle * 4.0 + 9.0, hair.seed ^ 0xc1) - 0.5);
    let bangs = mix(-42.0, -27.0, hair.hem) + clump;
    // Sides that hang begin beside the eyes; in front of them the parting leaves the forehead free.
    let aside = angle - hair.part.to_radians();
    let curtain = smooth(0.72, 1.08, a);
    match hair.cut {
        Cut::Bald => Style { hem: natural, crown: 0.5, end: 0.5 },
        Cut::Cropped => Style { hem: natural, crown: 5.0 * thick, end: 0.6 },
        Cut::Short => {
            Style { hem: natural, crown: 15.0 * thick, end: mix(2.5 * bell(aside, 0.7), 0.5, smooth(0.5, 1.0, a)) }
        }
        Cut::Fringe => {
            let side = if person.sex == Sex::Female { mix(natural.max(20.0), 46.0, hair.hem) } else { natural };
            let hem = mix(bangs, side + clump * 0.6, smooth(0.82, 1.15, a));
            Style { hem, crown: 15.0 * thick, end: mix(7.0, 4.0, smooth(0.8, 1.2, a)) }
        }
        Cut::Bob | Cut::Long => {
            let low = if hair.cut == Cut::Bob { mix(78.0, 118.0, hair.hem) } else { mix(170.0, 250.0, hair.hem) };
            let front =
                if hair.seed.is_multiple_of(3) { bangs } else { mix(natural, -34.0, smooth(0.3, 1.0, aside.abs())) };
            Style { hem: mix(front, low + clump, curtain), crown: 14.0 * thick, end: mix(4.0, 15.0 * thick, curtain) }
        }
        Cut::Tied => {
            let front = if hair.seed.is_multiple_of(4) { mix(bangs, natural, smooth(0.6, 0.95, a)) } else { natural };
            Style { hem: front, crown: 8.0 * thick, end: mix(2.5, 3.5, smooth(0.5, 1.0, a)) }
        }
    }
}

const ROWS: usize = 20;
const COLUMNS: usize = 72;

/// One shell; 1 is the outermost. `flat` presses the hair down under a cap.
pub(crate) fn shell(person: &Person, height: f32, flat: f32) -> Mesh {
    let hair = &person.hair;
    let bald = hair.cut == Cut::Bald;
    Mesh::grid(ROWS, COLUMNS + 1, false, |row, column| {
        let t = row as f32 / (ROWS - 1) as f32;
        let angle = (column as f32 / COLUMNS as f32 - 0.5) * std::f32::consts::TAU;
        let style = style(person, angle);
        let start = if bald { -52.0 } else { -114.5 * person.build.skull };
        let y = mix(start, style.hem, t.powf(if bald { 1.0 } else { 1.5 }));
        let tuft = 1.0 + 0.22 * (noise(angle * 3.5, t * 3.0, hair.seed ^ 0x70f) - 0.5);
        let end = smooth(0.35, 1.0, t);
        let out = mix(style.crown, style.end, end)
            * height
            * tuft
            * mix(1.0, 0.25, flat * smooth(30.0, -60.0, y))
            * (1.0 - hair.thin * 0.5);
        let wave = hair.wave * 3.5 * (y * 0.11 + angle * 4.0).sin() * smooth(-70.0, 20.0, y);
        let point = lie(person, y, angle, out + wave, row == 0 && !bald);
        // How far from the end, which lets the strands fade out.
        let rest = if bald { ((1.0 - t) * 18.0).min(t * 30.0) * smooth(1.0, 1.35, angle.abs()) } else { style.hem - y };
        // Strands wander a little on their way.
        let strand = angle * 11.0 + noise(angle * 5.5, y * 0.04, hair.seed ^ 3) * 1.6;
        (point, [strand, y * 0.02], rest)
    })
    .thin()
}

/// A place at a height and angle, pushed out of the skull; hanging straight down below the eyes.
fn lie(person: &Person, y: f32, angle: f32, out: f32, pole: bool) -> Vec3 {
    let up = smooth(-30.0, -108.0, y);
    if pole {
        return [0.0, -115.0 * person.build.skull - out, MIDDLE];
    }
    let held = y.min(2.0);
    let mut p = skull(person, held, angle, out * (1.0 - 0.35 * up) + 1.2);
    // Long hair comes a little inwards towards the neck.
    if y > 2.0 {
        let inwards = 1.0 - 0.13 * smooth(30.0, 130.0, y);
        let nape = smooth(0.0, 90.0, y) * 46.0 * smooth(0.2, -1.0, angle.cos());
        p = [p[0] * inwards, y, p[2] + nape];
    } else {
        p[1] = y - out * 0.95 * up;
    }
    p
}

/// Bun of tied hair, behind the head.
pub(crate) fn bun(person: &Person) -> Mesh {
    let high = person.hair.hem * 70.0;
    Mesh::grid(8, 16, true, |row, column| {
        let (v, a) = (row as f32 / 7.0 * std::f32::consts::PI, column as f32 / 16.0 * std::f32::consts::TAU);
        let p =
            [v.sin() * a.sin() * 34.0, -20.0 - high - v.cos() * 28.0, -196.0 + 0.35 * high + v.sin() * a.cos() * 28.0];
        (p, [a * 6.0, v], 30.0)
    })
    .thin()
}

/// Whether a strand is there, and how bright it is; `rest` units before its end, `dense` 0 to 1.
#[inline]
pub(crate) fn strand(seed: u32, uv: [f32; 2], rest: f32, dense: f32) -> Option<f32> {
    let wide = line(uv[0] * 2.1 + 300.0, seed);
    let fine = noise(uv[0] * 9.0, uv[1] * 1.5, seed ^ 1);
    // Strands end at different lengths, tufts of them together.
    let short = 9.0 * line(uv[0] * 1.3, seed ^ 5) + 5.0 * line(uv[0] * 3.7, seed ^ 6);
    let there = (rest - short) / 12.0 + dense;
    if there < fine * 0.8 + wide * 0.12 + 0.1 {
        return None;
    }
    Some(0.66 + 0.4 * wide + 0.4 * fine)
}

//! Whole visits of everybody with everybody's card, decided by the judge that ships: up to three tries, looking again
//! included. What is asked of the false-match figure is asked of all tries together.
//!
//! Each probe is one photograph, varied in size, place, light and noise; the movement and the attack cues are granted. Tries
//! of a living person differ more, so the figure says what the tries add, not what a camera would see.

use std::fmt;

use anyhow::{Context as _, Result};
use face::{
    Face, FaceBox, FaceOutcome, FaceVector, Frame, Judge, Levels, Measured, Pipeline, Point, Sight, Thresholds, Wanted,
    limits,
};
use rand_core::{Error, RngCore};
use serde::Serialize;

use crate::{
    faces::{Vectors, progress, read_frame},
    pairs::Folder,
    rates::Rate,
};

/// Variants of a probe in each try; frames of a try take them in turn.
const VARIANTS: u32 = 4;
/// The session offers so many tries.
const TRIES: u32 = 3;
/// Accept levels at which the set is large enough to see what tries add.
const LOWER: [f32; 3] = [0.20, 0.25, 0.30];

/// What was found.
#[derive(Serialize)]
pub(crate) struct Visits {
    accept: f32,
    genuine: Rate,
    genuine_at_first_try: Rate,
    impostors: Rate,
    /// Tries of an impostor's visit that ended in a comparison, on average: all of them should.
    compared: f64,
    /// With lower accept levels, where impostors do pass.
    lower: Vec<Lower>,
}

/// What three tries add to one.
#[derive(Serialize)]
struct Lower {
    accept: f32,
    first_try: Rate,
    visit: Rate,
}

impl fmt::Display for Visits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "whole visits, up to {TRIES} tries, accept {:.2} and rising", self.accept)?;
        writeln!(f, "  holders accepted     {} (at the first try {})", self.genuine, self.genuine_at_first_try)?;
        write!(f, "  others accepted      {} ({:.2} tries compared in each visit)", self.impostors, self.compared)?;
        for Lower { accept, first_try, visit } in &self.lower {
            let factor = visit.rate / first_try.rate;
            write!(f, "\n  accept {accept:.2}: first try {first_try}, visit {visit}, factor {factor:.2}")?;
        }
        Ok(())
    }
}

/// Plays them.
///
/// # Errors
/// A picture that cannot be read, a model that fails.
pub(crate) fn play(
    pipeline: &mut Pipeline,
    folder: &Folder,
    cards: &Vectors,
    thresholds: Thresholds,
) -> Result<Visits> {
    let probes = folder.probes();
    let mut cast = Vec::new();
    for (number, id) in probes.iter().enumerate() {
        let frame = read_frame(&folder.probe(id))?;
        let mut tries = Vec::new();
        for seed in 0..TRIES * VARIANTS {
            let varied = vary(&frame, seed).context("no such frame")?;
            pipeline.forget();
            let seen = pipeline.look(&varied, None)?;
            if let Some(face) = seen.face() {
                tries.push((seed / VARIANTS, pipeline.embed(&varied, face)?));
            }
        }
        cast.push((*id, tries));
        progress("varied probes", number + 1, probes.len());
    }
    let at = |accept: f32| Thresholds { accept, again: thresholds.again.min(accept) };
    let count = |accept: f32| {
        let (mut genuine, mut others) = (Counted::default(), Counted::default());
        for (id, tries) in &cast {
            for (card_id, card) in cards {
                let counted = if id == card_id { &mut genuine } else { &mut others };
                counted.add(visit(tries, card, at(accept)));
            }
        }
        (genuine, others)
    };
    let (genuine, others) = count(thresholds.accept);
    let lower = LOWER
        .into_iter()
        .map(|accept| {
            let (_, others) = count(accept);
            Lower { accept, first_try: others.first(), visit: others.visits() }
        })
        .collect();
    Ok(Visits {
        accept: thresholds.accept,
        genuine: genuine.visits(),
        genuine_at_first_try: genuine.first(),
        impostors: others.visits(),
        compared: others.compared as f64 / others.of.max(1) as f64,
        lower,
    })
}

#[derive(Default)]
struct Counted {
    of: usize,
    first: usize,
    accepted: usize,
    compared: usize,
}

impl Counted {
    fn add(&mut self, (accepted_in, compared): (Option<u32>, usize)) {
        self.of += 1;
        self.compared += compared;
        self.accepted += usize::from(accepted_in.is_some());
        self.first += usize::from(accepted_in == Some(0));
    }

    fn first(&self) -> Rate {
        Rate::new(self.first, self.of)
    }

    fn visits(&self) -> Rate {
        Rate::new(self.accepted, self.of)
    }
}

/// In which try the judge accepted, and how many tries it compared.
fn visit(tries: &[(u32, FaceVector)], card: &FaceVector, thresholds: Thresholds) -> (Option<u32>, usize) {
    let mut compared = 0;
    let levels = vec![Levels { live: 0.5, attack: 0.1 }];
    let mut judge = Judge::new(thresholds, levels);
    let Some(card) = copy(card) else { return (None, 0) };
    judge.set_photo(card);
    let mut clock = 0;
    for number in 0..TRIES {
        let vectors: Vec<_> = tries.iter().filter(|(of, _)| *of == number).map(|(_, vector)| vector).collect();
        if vectors.is_empty() || judge.begin().is_some() {
            continue;
        }
        // Sits, then comes closer, as it is asked to.
        let frames = (limits::GOOD_FRAMES as u32 + limits::FRAMES_AFTER as u32) * 4 + 30;
        for (step, vector) in (0..frames).zip(vectors.iter().cycle()) {
            clock += 66_000_000;
            let approach = step.saturating_sub(limits::GOOD_FRAMES as u32 + 6).min(10) as f32 / 10.0;
            let face = face_of(100.0 * (1.0 + 0.35 * approach));
            let sight = Sight { at_ns: clock, face: Some(&face), advice: None };
            let measured = match judge.wanted(&sight) {
                Wanted::Nothing => Measured::default(),
                Wanted::Vector => Measured { vector: copy(vector), scores: None },
                Wanted::VectorAndScores => Measured { vector: copy(vector), scores: Some(alive()) },
            };
            match judge.observe(&sight, measured, &mut Closer).1 {
                Some(FaceOutcome::Match) => return (Some(number), compared + 1),
                Some(FaceOutcome::NoMatch) => {
                    compared += 1;
                    break;
                }
                Some(FaceOutcome::Unclear { .. } | FaceOutcome::Attack | FaceOutcome::Gone) => break,
                None => {}
            }
        }
    }
    (None, compared)
}

fn copy(vector: &FaceVector) -> Option<FaceVector> {
    FaceVector::mean(std::slice::from_ref(vector))
}

fn alive() -> face::AttackScores {
    face::AttackScores {
        judgements: vec![face::JudgementScore { name: "granted".to_owned(), live: 1.0, nets: Vec::new() }],
    }
}

/// A face that looks ahead, as wide as this.
fn face_of(width: f32) -> Face {
    let (x, y) = (320.0, 220.0);
    let at = |dx: f32, dy: f32| Point { x: x + dx * width, y: y + dy * width };
    Face {
        place: FaceBox { x: x - width / 2.0, y: y - width * 0.65, width, height: width * 1.3 },
        points: [at(-0.2, -0.15), at(0.2, -0.15), at(0.0, 0.1), at(-0.16, 0.3), at(0.16, 0.3)],
        score: 0.9,
    }
}

/// Chance that always asks to come closer.
struct Closer;

impl RngCore for Closer {
    fn next_u32(&mut self) -> u32 {
        u32::MAX
    }

    fn next_u64(&mut self) -> u64 {
        u64::MAX
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(0xFF);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

/// The same person a moment later: another size, place, light and noise, all from the seed.
fn vary(frame: &Frame, seed: u32) -> Option<Frame> {
    let mut state = seed.wrapping_mul(0x9E37_79B9).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from((state >> 24) as u8) / 127.5 - 1.0
    };
    let (scale, turn) = (1.0 + 0.15 * next(), 0.12 * next());
    let (dx, dy) = (6.0 * next(), 6.0 * next());
    let (gain, side) = (1.0 + 0.25 * next(), 0.35 * next());
    let (width, height) = (frame.width(), frame.height());
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let (sin, cos) = turn.sin_cos();
    let mut rgb = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let (ox, oy) = ((x as f32 - cx - dx) / scale, (y as f32 - cy - dy) / scale);
            let (sx, sy) = (cx + ox * cos - oy * sin, cy + ox * sin + oy * cos);
            let light = gain * (1.0 + side * (x as f32 / width as f32 - 0.5));
            for channel in 0..3 {
                let value = sample(frame, sx, sy, channel) * light + 4.0 * next();
                rgb.push(value.clamp(0.0, 255.0) as u8);
            }
        }
    }
    Frame::from_rgb(width, height, rgb, 0)
}

/// Bilinear, the edge carried on outside.
fn sample(frame: &Frame, x: f32, y: f32, channel: usize) -> f32 {
    let x = x.clamp(0.0, (frame.width() - 1) as f32);
    let y = y.clamp(0.0, (frame.height() - 1) as f32);
    let (left, above) = (x as usize, y as usize);
    let (right, below) = ((left + 1).min(frame.width() - 1), (above + 1).min(frame.height() - 1));
    let at =
        |x: usize, y: usize| f32::from(frame.rgb().get((y * frame.width() + x) * 3 + channel).copied().unwrap_or(0));
    let (fx, fy) = (x - left as f32, y - above as f32);
    let upper = at(left, above) * (1.0 - fx) + at(right, above) * fx;
    let lower = at(left, below) * (1.0 - fx) + at(right, below) * fx;
    upper * (1.0 - fy) + lower * fy
}

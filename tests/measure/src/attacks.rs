//! How often attacks pass (APCER) and live people do not (BPCER), as ISO/IEC 30107-3 counts them, on passive judgements
//! alone. The movement that the terminal asks for comes on top and is not measured here.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use face::{Levels, Pipeline};
use serde::Serialize;

use crate::{
    faces::{progress, read_frame},
    picture::{self, Line},
    rates::Rate,
    set::Set,
};

/// Arguments of `measure attacks`.
#[derive(Args)]
pub(crate) struct Attacks {
    /// Folder with `live/` and `attack/KIND/`; in each, a JPEG or a folder of frames is one presentation.
    folder: PathBuf,
    #[command(flatten)]
    set: Set,
    /// Where report.json and attacks.svg go.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// One kind of material.
#[derive(Serialize)]
struct Kind {
    /// No face was found in so many.
    no_face: usize,
    /// Taken for alive: for attacks this is APCER.
    alive: Rate,
    /// Verdict "attack".
    attack: Rate,
    /// Neither.
    unclear: Rate,
    /// Medians of each judgement, one line a presentation.
    #[serde(skip)]
    scores: Vec<Vec<f32>>,
}

impl Attacks {
    pub(crate) fn run(&self) -> Result<()> {
        let models = self.set.load()?;
        let levels = models.attack_levels();
        let mut pipeline = Pipeline::new(models);
        let live = kind(&mut pipeline, &levels, "live", &self.folder.join("live"))?;
        let mut attacks = BTreeMap::new();
        for folder in entries(&self.folder.join("attack"))?.into_iter().filter(|path| path.is_dir()) {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            attacks.insert(name.clone(), kind(&mut pipeline, &levels, &name, &folder)?);
        }
        if attacks.is_empty() {
            bail!("{} holds no folder of attacks\n  it wants live/ and attack/KIND/", self.folder.display());
        }
        println!("live people");
        println!("  BPCER (not taken for alive)  {}", Rate::new(live.alive.of - live.alive.count, live.alive.of));
        println!("  verdict \"attack\"             {}", live.attack);
        for (name, kind) in &attacks {
            println!("\n{name}");
            println!("  APCER (taken for alive)      {}", kind.alive);
            println!("  verdict \"attack\"             {}", kind.attack);
            println!("  no face found                {}", kind.no_face);
        }
        if let Some(out) = &self.out {
            fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
            draw(&out.join("attacks.svg"), &levels, &live, &attacks)?;
            let report = serde_json::json!({ "live": live, "attacks": attacks });
            fs::write(out.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
            println!("\nwritten: {}", out.display());
        }
        Ok(())
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn is_jpeg(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jpg" || extension == "jpeg")
}

fn kind(pipeline: &mut Pipeline, levels: &[Levels], name: &str, folder: &Path) -> Result<Kind> {
    let presentations = entries(folder)?;
    let (mut no_face, mut alive, mut attack, mut scores) = (0, 0, 0, Vec::new());
    for (number, path) in presentations.iter().enumerate() {
        progress(name, number + 1, presentations.len());
        let frames = if path.is_dir() { entries(path)? } else { vec![path.clone()] };
        let Some(medians) = presentation(pipeline, frames.iter().filter(|path| is_jpeg(path)))? else {
            no_face += 1;
            continue;
        };
        let judged = || medians.iter().zip(levels);
        if judged().any(|(live, level)| *live < level.attack) {
            attack += 1;
        } else if judged().all(|(live, level)| *live >= level.live) {
            alive += 1;
        }
        scores.push(medians);
    }
    // A presentation without a face never gets as far as a decision: nobody is let in.
    let of = presentations.len();
    Ok(Kind {
        no_face,
        alive: Rate::new(alive, of),
        attack: Rate::new(attack, of),
        unclear: Rate::new(of - alive - attack, of),
        scores,
    })
}

/// The median of each judgement over the frames of one presentation.
fn presentation<'a>(pipeline: &mut Pipeline, frames: impl Iterator<Item = &'a PathBuf>) -> Result<Option<Vec<f32>>> {
    let mut scores: Vec<Vec<f32>> = Vec::new();
    pipeline.forget();
    for path in frames {
        let frame = read_frame(path)?;
        let seen = pipeline.look(&frame, None)?;
        let Some(face) = seen.face() else { continue };
        let judged = pipeline.attack(&frame, face)?.judgements;
        scores.resize(judged.len(), Vec::new());
        for (all, one) in scores.iter_mut().zip(judged) {
            all.push(one.live);
        }
    }
    let median = |mut all: Vec<f32>| {
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    Ok((!scores.is_empty()).then(|| scores.into_iter().map(median).collect()))
}

/// The lowest judgement of each presentation decides: cues are joined by AND.
fn draw(path: &Path, levels: &[Levels], live: &Kind, attacks: &BTreeMap<String, Kind>) -> Result<()> {
    let lowest = |kind: &Kind| -> Vec<f32> {
        kind.scores.iter().map(|medians| medians.iter().copied().fold(1.0, f32::min)).collect()
    };
    let line = |name: String, pass: bool, kind: &Kind| {
        let lowest = lowest(kind);
        let of = kind.alive.of.max(1) as f64;
        let points = (0..=100_u8).map(f64::from).map(|step| {
            let at = step / 100.0;
            let above = lowest.iter().filter(|score| f64::from(**score) >= at).count() as f64 / of;
            (at, if pass { above } else { 1.0 - above })
        });
        Line { name, points: points.collect() }
    };
    let mut lines = vec![line("BPCER".to_owned(), false, live)];
    lines.extend(attacks.iter().map(|(name, kind)| line(format!("APCER {name}"), true, kind)));
    let level = levels.iter().map(|level| level.live).fold(0.0, f32::max);
    picture::rates(path, "Attacks that pass, live people who do not", "level", &lines, ("live", f64::from(level)))
}

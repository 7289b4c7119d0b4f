//! How a set of models sees the invented people of a cast folder: found, matched with their own card photo and with nobody
//! else's, told from what is held up in their place, and like no portrait of a folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use face::{FaceVector, Frame, Levels, Pipeline, Thresholds, decode_photo};
use screen::Advice;
use serde::Serialize;

use crate::{
    faces::{progress, read_frame},
    rates::Rate,
    set::Set,
};

/// Arguments of `measure people`.
#[derive(Args)]
pub(crate) struct People {
    /// The cast: a folder for each serial number (tests/people/cast).
    folder: PathBuf,
    #[command(flatten)]
    set: Set,
    /// Portraits of people who live or lived: nobody of the cast may be like one of them.
    #[arg(long, value_name = "DIR")]
    portraits: Option<PathBuf>,
    /// Where report.json goes.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Held up or worn instead of a face.
const ATTACKS: [&str; 3] = ["print", "screen", "cut-out"];

/// What was found, as written to report.json.
#[derive(Serialize)]
struct Report {
    weights: String,
    accept: f32,
    again: f32,
    /// Card photos without a usable face.
    not_enrolled: Vec<u32>,
    /// Frames and photos in which a face was found.
    found: Rate,
    /// Files in which none was.
    not_found: Vec<String>,
    /// Frames without a hindrance, at or above `accept` with the person's own card photo.
    genuine: Rate,
    /// By condition: cosines with the person's own photo (lowest, mean), and how often the frame was good to use.
    conditions: BTreeMap<String, Condition>,
    /// Each good frame and photo with everybody else's photo: below `again`.
    different: Rate,
    /// The most alike of them.
    most_alike: (String, f32),
    /// Clips of living people.
    live: Verdicts,
    /// Clips of attacks.
    attacks: BTreeMap<String, Verdicts>,
    portraits: Option<Portraits>,
    /// Who should be drawn again, and why.
    draw_again: Vec<String>,
}

#[derive(Default, Serialize)]
struct Condition {
    lowest: f32,
    mean: f32,
    good: usize,
    of: usize,
}

/// What the medians of the attack judgements say of whole clips.
#[derive(Serialize)]
struct Verdicts {
    alive: Rate,
    attack: Rate,
    /// Which clips were judged wrongly, and the lowest median.
    wrong: Vec<(u32, f32)>,
}

#[derive(Serialize)]
struct Portraits {
    compared: usize,
    without_face: usize,
    nearest: f32,
    at_or_above_accept: usize,
}

/// One frame of a member.
struct Seen {
    condition: String,
    vector: FaceVector,
    /// Nothing stands in the way of using it.
    good: bool,
}

/// One member of the cast.
struct Member {
    serial: u32,
    card: FaceVector,
    seen: Vec<Seen>,
}

impl People {
    pub(crate) fn run(&self) -> Result<()> {
        let models = self.set.load()?;
        let (thresholds, weights, levels) = (models.thresholds(), models.weights().to_owned(), models.attack_levels());
        let mut pipeline = Pipeline::new(models);
        let serials = serials(&self.folder)?;
        let mut cast = Vec::new();
        let (mut not_enrolled, mut not_found, mut looked_at) = (Vec::new(), Vec::new(), 0);
        for (number, serial) in serials.iter().enumerate() {
            let folder = self.folder.join(serial.to_string());
            let mut seen = Vec::new();
            for file in jpegs(&folder)? {
                looked_at += 1;
                match see(&mut pipeline, &file)? {
                    Some(one) => seen.push(one),
                    None => not_found.push(file.display().to_string()),
                }
            }
            looked_at += 1;
            let photo = folder.join("photo.jp2");
            let bytes = fs::read(&photo).with_context(|| format!("{}", photo.display()))?;
            decode_photo(&bytes).with_context(|| format!("{}", photo.display()))?;
            match pipeline.photo(&bytes) {
                Ok(card) => cast.push(Member { serial: *serial, card, seen }),
                Err(_) => not_enrolled.push(*serial),
            }
            progress("cast", number + 1, serials.len());
        }
        let clips = |pipeline: &mut Pipeline, name: &str, live: bool| {
            verdicts(pipeline, &self.folder, &serials, name, &levels, live)
        };
        let live = clips(&mut pipeline, "clip", true)?;
        let mut attacks = BTreeMap::new();
        for name in ATTACKS {
            attacks.insert(name.to_owned(), clips(&mut pipeline, name, false)?);
        }
        let mut report = compare(&cast, thresholds);
        report.weights = weights;
        report.found = Rate::new(looked_at - not_found.len() - not_enrolled.len(), looked_at);
        report.not_found = not_found;
        report.not_enrolled = not_enrolled;
        report.live = live;
        report.attacks = attacks;
        if let Some(folder) = &self.portraits {
            report.portraits = Some(portraits(&mut pipeline, folder, &cast, thresholds, &mut report.draw_again)?);
        }
        tell(&report);
        if let Some(out) = &self.out {
            fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
            fs::write(out.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
        }
        Ok(())
    }
}

/// Folders named by a serial number.
fn serials(folder: &Path) -> Result<Vec<u32>> {
    let mut serials = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        serials.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    serials.sort_unstable();
    if serials.is_empty() {
        bail!("{} holds no folder named by a serial number", folder.display());
    }
    Ok(serials)
}

fn jpegs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    files.sort();
    Ok(files)
}

fn see(pipeline: &mut Pipeline, file: &Path) -> Result<Option<Seen>> {
    let frame = read_frame(file)?;
    pipeline.forget();
    let seen = pipeline.look(&frame, None)?;
    let Some(face) = seen.face() else { return Ok(None) };
    let vector = pipeline.embed(&frame, face)?;
    let condition = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Some(Seen { condition, vector, good: seen.advice.is_none() }))
}

fn compare(cast: &[Member], thresholds: Thresholds) -> Report {
    let Thresholds { accept, again } = thresholds;
    let (mut genuine, mut of) = (0, 0);
    let mut conditions: BTreeMap<String, (Vec<f32>, usize)> = BTreeMap::new();
    let mut draw_again = Vec::new();
    let (mut below, mut pairs, mut most_alike) = (0, 0, (String::new(), -1.0));
    for member in cast {
        for seen in &member.seen {
            let cosine = seen.vector.cosine(&member.card);
            let entry = conditions.entry(seen.condition.clone()).or_default();
            entry.0.push(cosine);
            if seen.good {
                entry.1 += 1;
                of += 1;
                genuine += usize::from(cosine >= accept);
                if cosine < accept {
                    draw_again.push(format!("{} {}: {cosine:.3} with the own photo", member.serial, seen.condition));
                }
            }
        }
        for other in cast.iter().filter(|other| other.serial != member.serial) {
            let good = member.seen.iter().filter(|seen| seen.good).map(|seen| (&seen.vector, seen.condition.as_str()));
            let photo = (member.serial < other.serial).then_some((&member.card, "photo"));
            for (vector, what) in good.chain(photo) {
                let cosine = vector.cosine(&other.card);
                pairs += 1;
                below += usize::from(cosine < again);
                if cosine >= again {
                    draw_again
                        .push(format!("{} {what}: {cosine:.3} with the photo of {}", member.serial, other.serial));
                }
                if cosine > most_alike.1 {
                    most_alike = (format!("{} {what} with {}", member.serial, other.serial), cosine);
                }
            }
        }
    }
    let conditions = conditions.into_iter().map(|(name, (cosines, good))| {
        let of = cosines.len();
        let lowest = cosines.iter().copied().fold(1.0, f32::min);
        (name, Condition { lowest, mean: cosines.iter().sum::<f32>() / of.max(1) as f32, good, of })
    });
    let nothing = || Verdicts { alive: Rate::new(0, 0), attack: Rate::new(0, 0), wrong: Vec::new() };
    Report {
        weights: String::new(),
        accept,
        again,
        not_enrolled: Vec::new(),
        found: Rate::new(0, 0),
        not_found: Vec::new(),
        genuine: Rate::new(genuine, of),
        conditions: conditions.collect(),
        different: Rate::new(below, pairs),
        most_alike,
        live: nothing(),
        attacks: BTreeMap::new(),
        portraits: None,
        draw_again,
    }
}

/// Judges one clip of everybody by the medians over its usable frames.
fn verdicts(
    pipeline: &mut Pipeline,
    cast: &Path,
    serials: &[u32],
    name: &str,
    levels: &[Levels],
    live: bool,
) -> Result<Verdicts> {
    let (mut alive, mut attack, mut wrong) = (0, 0, Vec::new());
    for (number, serial) in serials.iter().enumerate() {
        let frames = jpegs(&cast.join(serial.to_string()).join(name))?;
        let frames: Vec<Frame> = frames.iter().map(|file| read_frame(file)).collect::<Result<_>>()?;
        let medians = medians(pipeline, &frames)?;
        let judged = || medians.iter().zip(levels);
        let is_attack = judged().any(|(score, level)| *score < level.attack);
        let is_alive = !medians.is_empty() && judged().all(|(score, level)| *score >= level.live);
        attack += usize::from(is_attack);
        alive += usize::from(is_alive);
        if is_alive != live || is_attack == live {
            wrong.push((*serial, medians.iter().copied().fold(1.0, f32::min)));
        }
        progress(name, number + 1, serials.len());
    }
    Ok(Verdicts { alive: Rate::new(alive, serials.len()), attack: Rate::new(attack, serials.len()), wrong })
}

/// The median of each judgement over the frames that a visit would use; empty: there was none.
pub(crate) fn medians(pipeline: &mut Pipeline, frames: &[Frame]) -> Result<Vec<f32>> {
    let mut scores: Vec<Vec<f32>> = Vec::new();
    pipeline.forget();
    for frame in frames {
        let seen = pipeline.look(frame, None)?;
        // Speed needs the clock of a camera, which files do not have.
        let usable = matches!(seen.advice, None | Some(Advice::Moving));
        let Some(face) = seen.face().filter(|_| usable) else { continue };
        let judged = pipeline.attack(frame, face)?.judgements;
        scores.resize(judged.len(), Vec::new());
        for (all, one) in scores.iter_mut().zip(judged) {
            all.push(one.live);
        }
    }
    let median = |mut all: Vec<f32>| {
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    Ok(scores.into_iter().map(median).collect())
}

fn portraits(
    pipeline: &mut Pipeline,
    folder: &Path,
    cast: &[Member],
    thresholds: Thresholds,
    draw_again: &mut Vec<String>,
) -> Result<Portraits> {
    let files = jpegs(folder)?;
    let mut result = Portraits { compared: 0, without_face: 0, nearest: -1.0, at_or_above_accept: 0 };
    for (number, file) in files.iter().enumerate() {
        progress("portraits", number + 1, files.len());
        // Old scans may hold what a camera never sends; they are read as pictures, not as frames.
        let Ok(frame) = read_frame(file) else {
            result.without_face += 1;
            continue;
        };
        let Ok(face) = pipeline.photo_face(&frame) else {
            result.without_face += 1;
            continue;
        };
        let portrait = pipeline.embed(&frame, &face)?;
        result.compared += 1;
        for member in cast {
            let own = member.seen.iter().filter(|seen| seen.good).map(|seen| &seen.vector).chain([&member.card]);
            let nearest = own.map(|vector| vector.cosine(&portrait)).fold(-1.0, f32::max);
            result.nearest = result.nearest.max(nearest);
            if nearest >= thresholds.accept {
                result.at_or_above_accept += 1;
                draw_again.push(format!("{}: {nearest:.3} with a portrait", member.serial));
            }
        }
    }
    Ok(result)
}

fn tell(report: &Report) {
    println!("weights                       {}", report.weights);
    println!("found                         {}", report.found);
    println!("not enrolled                  {:?}", report.not_enrolled);
    println!("genuine at {:.2}, good frames  {}", report.accept, report.genuine);
    println!("different below {:.2}          {}", report.again, report.different);
    println!("  most alike                  {} {:.3}", report.most_alike.0, report.most_alike.1);
    println!("live clips taken for alive    {}", report.live.alive);
    for (name, verdicts) in &report.attacks {
        println!("{name:8} taken for alive      {}", verdicts.alive);
        println!("{name:8} verdict \"attack\"     {}", verdicts.attack);
        println!("{name:8} wrongly judged       {:?}", verdicts.wrong);
    }
    println!("live     wrongly judged       {:?}", report.live.wrong);
    println!("\ncondition     cosine lowest   mean   good to use");
    for (name, condition) in &report.conditions {
        let Condition { lowest, mean, good, of } = condition;
        println!("{name:12} {lowest:14.3} {mean:7.3}   {good} of {of}");
    }
    if let Some(portraits) = &report.portraits {
        let Portraits { compared, without_face, nearest, at_or_above_accept } = portraits;
        println!(
            "\nportraits: {compared} compared ({without_face} without a usable face), nearest {nearest:.3}, {at_or_above_accept} at accept or above"
        );
    }
    for who in &report.not_found {
        println!("no face: {who}");
    }
    for who in &report.draw_again {
        println!("draw again: {who}");
    }
}

//! False matches and false non-matches of a folder of pairs, through the shipped code.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::Args;
use face::{FaceVector, Frame, Pipeline, Thresholds, decode_mjpeg};
use serde::Serialize;

use crate::{
    pairs::{self, Folder, Pair},
    picture::{self, Line},
    rates::{Rate, Scores},
    set::Set,
    visits::{self, Visits},
};

/// Arguments of `measure faces`.
#[derive(Args)]
pub(crate) struct Faces {
    /// Folder with pairs.csv, probe/ and a folder of card photos.
    folder: PathBuf,
    #[command(flatten)]
    set: Set,
    /// Which folder holds the card photos.
    #[arg(long, default_value = "card_grey", value_name = "NAME")]
    cards: String,
    /// Which column of pairs.csv holds cosines to compare with.
    #[arg(long, default_value = "cos_edgeface_xs_card_grey", value_name = "NAME")]
    reference: String,
    /// `id,group`, one line a person: rates within each group too.
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,
    /// Plays whole visits of everybody with everybody's card as well (some minutes).
    #[arg(long)]
    visits: bool,
    /// Where report.json and rates.svg go.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What was found, as written to report.json.
#[derive(Serialize)]
struct Report {
    weights: String,
    accept: f32,
    again: f32,
    not_enrolled: Vec<String>,
    listed: Listed,
    everybody: Everybody,
    groups: BTreeMap<String, Everybody>,
    visits: Option<Visits>,
}

/// The pairs of pairs.csv.
#[derive(Serialize)]
struct Listed {
    genuine_accepted: Rate,
    genuine_below_again: Rate,
    impostors_at_or_above_again: Rate,
    impostors_accepted: Rate,
    reference: Option<Reference>,
}

/// How far our cosines are from those measured elsewhere.
#[derive(Serialize)]
struct Reference {
    pairs: usize,
    mean_difference: f32,
    largest_difference: f32,
}

/// Each probe with each card.
#[derive(Serialize)]
struct Everybody {
    false_matches: Rate,
    false_non_matches: Rate,
    at_fmr_1e3: Option<At>,
    at_fmr_1e4: Option<At>,
}

/// The true accept rate at a false match rate that the set can show.
#[derive(Serialize)]
struct At {
    threshold: f32,
    true_accepts: Rate,
}

impl Everybody {
    fn of(scores: &Scores, accept: f32) -> Self {
        let at = |rate| scores.accept_rate_at(rate).map(|(threshold, true_accepts)| At { threshold, true_accepts });
        Self {
            false_matches: scores.false_matches(accept),
            false_non_matches: scores.false_non_matches(accept),
            at_fmr_1e3: at(1e-3),
            at_fmr_1e4: at(1e-4),
        }
    }
}

/// Face vectors by id.
pub(crate) type Vectors = BTreeMap<String, FaceVector>;

impl Faces {
    pub(crate) fn run(&self) -> Result<()> {
        let folder = Folder::read(&self.folder, &self.cards, &self.reference)?;
        let groups = self.groups.as_deref().map(pairs::groups).transpose()?.unwrap_or_default();
        let models = self.set.load()?;
        let (thresholds, weights) = (models.thresholds(), models.weights().to_owned());
        let mut pipeline = Pipeline::new(models);
        let mut missed = Vec::new();
        let mut enrol = |kind: &str, ids: &[&str], file: &dyn Fn(&str) -> PathBuf| -> Result<Vectors> {
            let mut vectors = Vectors::new();
            for (number, id) in ids.iter().enumerate() {
                match vector(&mut pipeline, &file(id))? {
                    Ok(vector) => drop(vectors.insert((*id).to_owned(), vector)),
                    Err(why) => missed.push(format!("{kind} {id}: {why}")),
                }
                progress(kind, number + 1, ids.len());
            }
            Ok(vectors)
        };
        let cards = enrol("cards", &folder.cards(), &|id| folder.card(id))?;
        let probes = enrol("probes", &folder.probes(), &|id| folder.probe(id))?;
        let listed = listed(&folder.pairs, &probes, &cards, thresholds);
        let all = everybody(&probes, &cards, |_, _| true);
        let mut by_group = BTreeMap::new();
        for group in groups.values() {
            let within = |probe: &str, card: &str| groups.get(probe) == Some(group) && groups.get(card) == Some(group);
            by_group.entry(group.clone()).or_insert_with(|| everybody(&probes, &cards, within));
        }
        let visits = match self.visits {
            true => Some(visits::play(&mut pipeline, &folder, &cards, thresholds)?),
            false => None,
        };
        let report = Report {
            weights,
            accept: thresholds.accept,
            again: thresholds.again,
            not_enrolled: missed,
            listed,
            everybody: Everybody::of(&all, thresholds.accept),
            groups: by_group
                .iter()
                .map(|(name, scores)| (name.clone(), Everybody::of(scores, thresholds.accept)))
                .collect(),
            visits,
        };
        tell(&report);
        if let Some(out) = &self.out {
            write(out, &report, &all, &by_group)?;
        }
        Ok(())
    }
}

/// Counts on one line of standard error.
pub(crate) fn progress(what: &str, done: usize, of: usize) {
    if done.is_multiple_of(25) || done == of {
        eprint!("\r{what}: {done} of {of}");
        if done == of {
            eprintln!();
        }
    }
}

/// A picture before the camera, decoded as frames in MJPEG are.
pub(crate) fn read_frame(file: &Path) -> Result<Frame> {
    let jpeg = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    decode_mjpeg(&jpeg, 0).with_context(|| file.display().to_string())
}

/// The face vector of a photo (JP2) or a picture (JPEG); the inner error says why there is none.
fn vector(pipeline: &mut Pipeline, file: &Path) -> Result<Result<FaceVector, String>> {
    if file.extension().is_some_and(|extension| extension == "jp2") {
        let photo = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        return Ok(pipeline.photo(&photo).map_err(|why| why.to_string()));
    }
    let frame = read_frame(file)?;
    pipeline.forget();
    let seen = pipeline.look(&frame, None)?;
    let Some(face) = seen.face() else { return Ok(Err("no face".to_owned())) };
    Ok(pipeline.embed(&frame, face).map_err(|why| why.to_string()))
}

fn listed(pairs: &[Pair], probes: &Vectors, cards: &Vectors, thresholds: Thresholds) -> Listed {
    let mut scores = Scores::default();
    let mut differences = Vec::new();
    for pair in pairs {
        // Who could not be enrolled cannot match.
        let cosine = match (probes.get(&pair.probe), cards.get(&pair.card)) {
            (Some(probe), Some(card)) => probe.cosine(card),
            (None, _) | (_, None) => f32::NAN,
        };
        if pair.same {
            scores.genuine.push(cosine)
        } else {
            scores.impostor.push(cosine)
        }
        if let Some(reference) = pair.reference {
            differences.push((cosine - reference).abs());
        }
    }
    let sum: f32 = differences.iter().sum();
    let reference = (!differences.is_empty()).then(|| Reference {
        pairs: differences.len(),
        mean_difference: sum / differences.len() as f32,
        largest_difference: differences.iter().copied().fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a }),
    });
    let accepted = scores.genuine.iter().filter(|score| **score >= thresholds.accept).count();
    Listed {
        genuine_accepted: Rate::new(accepted, scores.genuine.len()),
        genuine_below_again: scores.false_non_matches(thresholds.again),
        impostors_at_or_above_again: scores.false_matches(thresholds.again),
        impostors_accepted: scores.false_matches(thresholds.accept),
        reference,
    }
}

fn everybody(probes: &Vectors, cards: &Vectors, wanted: impl Fn(&str, &str) -> bool) -> Scores {
    let mut scores = Scores::default();
    for (probe_id, probe) in probes {
        for (card_id, card) in cards.iter().filter(|(card_id, _)| wanted(probe_id, card_id)) {
            let list = if probe_id == card_id { &mut scores.genuine } else { &mut scores.impostor };
            list.push(probe.cosine(card));
        }
    }
    scores
}

fn tell(report: &Report) {
    let Report { weights, accept, again, not_enrolled, listed, everybody, groups, visits } = report;
    println!("weights                      {weights}");
    println!("not enrolled                 {}", not_enrolled.len());
    for missed in not_enrolled {
        println!("  {missed}");
    }
    println!("\nlisted pairs");
    println!("  genuine at {accept:.2} or above    {}", listed.genuine_accepted);
    println!("  genuine below {again:.2}         {}", listed.genuine_below_again);
    println!("  impostors at {again:.2} or above {}", listed.impostors_at_or_above_again);
    println!("  impostors at {accept:.2} or above {}", listed.impostors_accepted);
    if let Some(reference) = &listed.reference {
        let Reference { pairs, mean_difference, largest_difference } = reference;
        println!(
            "  from the reference cosines {mean_difference:.4} on average, {largest_difference:.4} at most ({pairs} pairs)"
        );
    }
    println!("\neverybody with everybody");
    of(everybody, *accept);
    for (name, group) in groups {
        println!("\nwithin {name}");
        of(group, *accept);
    }
    if let Some(visits) = visits {
        println!("\n{visits}");
    }
}

fn of(everybody: &Everybody, accept: f32) {
    println!("  FMR at {accept:.2}   {}", everybody.false_matches);
    println!("  FNMR at {accept:.2}  {}", everybody.false_non_matches);
    for (name, at) in [("1e-3", &everybody.at_fmr_1e3), ("1e-4", &everybody.at_fmr_1e4)] {
        match at {
            Some(at) => println!("  TAR at FMR {name}  {} (threshold {:.3})", at.true_accepts, at.threshold),
            None => println!("  TAR at FMR {name}  not shown: too few impostor pairs"),
        }
    }
}

fn write(out: &Path, report: &Report, all: &Scores, groups: &BTreeMap<String, Scores>) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
    fs::write(out.join("report.json"), serde_json::to_string_pretty(report)? + "\n")?;
    let lines = |name: &str, scores: &Scores| {
        let curve = scores.curve();
        let points = |pick: fn(&(f32, f64, f64)) -> f64| curve.iter().map(|p| (f64::from(p.0), pick(p))).collect();
        let prefix = if name.is_empty() { String::new() } else { format!("{name}: ") };
        [
            Line { name: format!("{prefix}FMR"), points: points(|point| point.1) },
            Line { name: format!("{prefix}FNMR"), points: points(|point| point.2) },
        ]
    };
    let mut drawn: Vec<Line> = lines("", all).into();
    drawn.extend(groups.iter().flat_map(|(name, scores)| lines(name, scores)));
    let mark = ("accept", f64::from(report.accept));
    picture::rates(&out.join("rates.svg"), "False matches and false non-matches", "cosine", &drawn, mark)?;
    println!("\nwritten: {}", out.display());
    Ok(())
}

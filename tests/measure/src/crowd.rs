//! How a set of models sees a crowd of invented people that it never learned from (`people crowd`), whose points are known.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use face::{Face, FaceVector, Pipeline, Point};
use serde::Serialize;

use crate::{
    faces::{progress, read_frame},
    rates::{Rate, Scores},
    set::Set,
};

/// Arguments of `measure crowd`.
#[derive(Args)]
pub(crate) struct Crowd {
    /// Folders made by `people crowd`: labels.csv and the pictures it names. Pictures of kind `photo` are card photos.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    set: Set,
    /// Where report.json goes.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// One line of labels.csv.
struct Label {
    file: PathBuf,
    person: u64,
    kind: String,
    /// The five points; `None`: nobody is there.
    points: Option<[Point; 5]>,
}

#[derive(Serialize)]
struct Report {
    weights: String,
    accept: f32,
    /// Faces of living people and photos that were found where they are.
    detected: Rate,
    /// Faces found where none is, in how many pictures of living people or of nobody.
    false_faces: usize,
    pictures: usize,
    /// Distance of the points from where they are, by the distance of the eyes: mean, and 95 % of all below.
    point_error: (f32, f32),
    /// Frames that are good to use, with photos.
    false_matches: Rate,
    false_non_matches: Rate,
    at_fmr_1e3: Option<(f32, Rate)>,
    at_fmr_1e4: Option<(f32, Rate)>,
    /// Attack judgements of single frames: taken for alive, by kind.
    alive: BTreeMap<String, Rate>,
    /// Verdict "attack", by kind.
    attack: BTreeMap<String, Rate>,
}

impl Crowd {
    pub(crate) fn run(&self) -> Result<()> {
        let models = self.set.load()?;
        let (thresholds, weights, levels) = (models.thresholds(), models.weights().to_owned(), models.attack_levels());
        let mut pipeline = Pipeline::new(models);
        let mut labels = Vec::new();
        for folder in &self.folders {
            labels.extend(read(folder)?);
        }
        let mut pictures: BTreeMap<PathBuf, Vec<Label>> = BTreeMap::new();
        for label in labels {
            pictures.entry(label.file.clone()).or_default().push(label);
        }
        let (mut expected, mut detected, mut false_faces, mut errors) = (0, 0, 0, Vec::new());
        let (mut photos, mut frames) = (Vec::new(), Vec::new());
        let mut verdicts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
        let of = pictures.len();
        for (number, (file, labels)) in pictures.iter().enumerate() {
            progress("pictures", number + 1, of);
            let frame = read_frame(file)?;
            pipeline.forget();
            let seen = pipeline.look(&frame, None)?;
            let is_attack = labels.iter().any(|label| !matches!(label.kind.as_str(), "live" | "photo" | "nobody"));
            let mut found = vec![false; seen.faces.len()];
            for label in labels {
                let Some(points) = &label.points else { continue };
                let place = seen.faces.iter().position(|face| is_at(face, points));
                place.and_then(|place| found.get_mut(place)).into_iter().for_each(|there| *there = true);
                if label.kind == "live" || label.kind == "photo" {
                    expected += 1;
                    detected += usize::from(place.is_some());
                }
                let Some(face) = place.and_then(|place| seen.faces.get(place)) else { continue };
                errors.push(error(face, points));
                let single = labels.len() == 1;
                if single && label.kind == "photo" {
                    photos.push((label.person, pipeline.embed(&frame, face)?));
                } else if single && label.kind == "live" && seen.advice.is_none() {
                    frames.push((label.person, pipeline.embed(&frame, face)?));
                }
                if single && label.kind != "photo" {
                    let live: Vec<f32> = pipeline.attack(&frame, face)?.judgements.iter().map(|one| one.live).collect();
                    let judged = || live.iter().zip(&levels);
                    let count = verdicts.entry(label.kind.clone()).or_default();
                    count[0] += usize::from(judged().all(|(live, level)| *live >= level.live));
                    count[1] += usize::from(judged().any(|(live, level)| *live < level.attack));
                    count[2] += 1;
                }
            }
            // What is held up in the background of an attack is a face too.
            if !is_attack {
                false_faces += found.iter().filter(|there| !**there).count();
            }
        }
        if errors.is_empty() {
            bail!("no face was found in any picture");
        }
        errors.sort_by(f32::total_cmp);
        let mean = errors.iter().sum::<f32>() / errors.len() as f32;
        let most = errors.get(errors.len() * 95 / 100).copied().unwrap_or(f32::NAN);
        let scores = scores(&photos, &frames);
        let rates = |place: usize| {
            verdicts.iter().map(|(kind, count)| (kind.clone(), Rate::new(count[place], count[2]))).collect()
        };
        let report = Report {
            weights,
            accept: thresholds.accept,
            detected: Rate::new(detected, expected),
            false_faces,
            pictures: of,
            point_error: (mean, most),
            false_matches: scores.false_matches(thresholds.accept),
            false_non_matches: scores.false_non_matches(thresholds.accept),
            at_fmr_1e3: scores.accept_rate_at(1e-3),
            at_fmr_1e4: scores.accept_rate_at(1e-4),
            alive: rates(0),
            attack: rates(1),
        };
        tell(&report);
        if let Some(out) = &self.out {
            fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
            fs::write(out.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
        }
        Ok(())
    }
}

/// Reads labels.csv.
fn read(folder: &Path) -> Result<Vec<Label>> {
    let file = folder.join("labels.csv");
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| {
        names.iter().position(|one| *one == name).with_context(|| format!("{}: no column {name}", file.display()))
    };
    let (at_file, at_person, at_kind, at_x) = (column("file")?, column("person")?, column("kind")?, column("lx")?);
    let mut labels = Vec::new();
    for (number, line) in (2..).zip(lines) {
        let fields: Vec<_> = line.split(',').collect();
        let wrong =
            || format!("{} line {number}: persons and points are numbers, ten for a face or none", file.display());
        let field =
            |at: usize| fields.get(at).copied().with_context(|| format!("{} line {number}: too short", file.display()));
        let mut numbers = Vec::new();
        for number_field in fields.iter().skip(at_x).take(10).filter(|text| !text.is_empty()) {
            numbers.push(number_field.parse::<f32>().ok().filter(|number| number.is_finite()).with_context(wrong)?);
        }
        let points = match numbers.as_slice() {
            [] => None,
            ten if ten.len() == 10 => Some(std::array::from_fn(|k| Point { x: ten[2 * k], y: ten[2 * k + 1] })),
            _ => bail!(wrong()),
        };
        let person = match field(at_person)? {
            "" => 0,
            text => text.parse().ok().with_context(wrong)?,
        };
        labels.push(Label { file: folder.join(field(at_file)?), person, kind: field(at_kind)?.to_owned(), points });
    }
    Ok(labels)
}

fn eyes(points: &[Point; 5]) -> f32 {
    // Turned heads have close eyes: the height from eyes to mouth is the measure then.
    let [left, right, _, mouth_left, mouth_right] = points;
    left.distance(*right).max(left.middle(*right).distance(mouth_left.middle(*mouth_right)) * 0.9).max(1.0)
}

/// Whether a found face is the one with these points: its middle lies within them.
fn is_at(face: &Face, points: &[Point; 5]) -> bool {
    face.place.centre().distance(points[2]) < 1.2 * eyes(points) && error(face, points) < 1.0
}

/// Mean distance of the five points, by the distance of the eyes.
fn error(face: &Face, points: &[Point; 5]) -> f32 {
    let sum: f32 = face.points.iter().zip(points).map(|(found, there)| found.distance(*there)).sum();
    sum / 5.0 / eyes(points)
}

fn scores(photos: &[(u64, FaceVector)], frames: &[(u64, FaceVector)]) -> Scores {
    let mut scores = Scores::default();
    for (person, frame) in frames {
        for (holder, photo) in photos {
            let list = if person == holder { &mut scores.genuine } else { &mut scores.impostor };
            list.push(frame.cosine(photo));
        }
    }
    scores
}

fn tell(report: &Report) {
    println!("weights               {}", report.weights);
    println!("detected              {}", report.detected);
    println!("false faces           {} in {} pictures", report.false_faces, report.pictures);
    println!(
        "error of the points   {:.3} of the eye distance on average, 95 % below {:.3}",
        report.point_error.0, report.point_error.1
    );
    println!("FMR at {:.2}           {}", report.accept, report.false_matches);
    println!("FNMR at {:.2}          {}", report.accept, report.false_non_matches);
    for (name, at) in [("1e-3", &report.at_fmr_1e3), ("1e-4", &report.at_fmr_1e4)] {
        match at {
            Some((threshold, rate)) => println!("TAR at FMR {name}       {rate} (threshold {threshold:.3})"),
            None => println!("TAR at FMR {name}       not shown: too few impostor pairs"),
        }
    }
    for (kind, rate) in &report.alive {
        println!("{kind:8} taken for alive  {rate}");
    }
    for (kind, rate) in &report.attack {
        println!("{kind:8} verdict \"attack\" {rate}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_without_a_face_have_no_points_and_half_of_them_is_an_error() {
        let folder = std::env::temp_dir().join(format!("measure-labels-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let head = "file,person,kind,lx,ly,rx,ry,nx,ny,mlx,mly,mrx,mry\n";
        fs::write(
            folder.join("labels.csv"),
            format!("{head}a.jpg,7,live,1,2,3,4,5,6,7,8,9,10\nb.jpg,8,nobody,,,,,,,,,,\n"),
        )
        .unwrap();
        let labels = read(&folder).unwrap();
        assert_eq!(labels[0].points.unwrap()[4], Point { x: 9.0, y: 10.0 });
        assert!(labels[1].points.is_none());
        fs::write(folder.join("labels.csv"), format!("{head}a.jpg,7,live,1,2,3,4\n")).unwrap();
        assert!(read(&folder).is_err());
        fs::write(folder.join("labels.csv"), format!("{head}a.jpg,7,live,1,2,nan,4,5,6,7,8,9,10\n")).unwrap();
        assert!(read(&folder).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}

//! Milliseconds of each stage on the frames of a clip, in turns with a second set of models and with the same work by OpenCV
//! and onnxruntime in Python, as ratios; and what a thousand visits do to memory.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use face::{Frame, Manifest, Models, Pipeline, decode_mjpeg, decode_photo};
use serde::{Deserialize, Serialize};

use crate::{faces::progress, set::Set};

/// Arguments of `measure bench`.
#[derive(Args)]
pub(crate) struct Bench {
    /// Folder of JPEG frames with one face.
    clip: PathBuf,
    /// A card photo, JP2.
    photo: PathBuf,
    #[command(flatten)]
    set: Set,
    /// Folder of the research set: measured in turns with the set above.
    #[arg(long, value_name = "DIR")]
    research: Option<PathBuf>,
    /// Rounds over the clip; each is followed by one of the research set and of the yardstick.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// A Python with opencv-python-headless and onnxruntime (requirements.txt): the yardstick, which runs the research set.
    #[arg(long, value_name = "FILE", requires_all = ["yardstick", "research"])]
    python: Option<PathBuf>,
    /// opencv_baseline.py.
    #[arg(long, value_name = "FILE", requires = "python")]
    yardstick: Option<PathBuf>,
    /// Visits played to see whether memory grows.
    #[arg(long, default_value_t = 1000)]
    visits: u32,
    /// Figures go here as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

type Stages = BTreeMap<String, Vec<f64>>;

/// What the yardstick prints.
#[derive(Deserialize)]
struct Yardstick {
    opencv: String,
    onnxruntime: String,
    milliseconds: Stages,
}

/// What is written.
#[derive(Serialize)]
struct Figures {
    weights: String,
    cores: usize,
    optimised: bool,
    load_ms: f64,
    /// Medians, milliseconds.
    stages: BTreeMap<String, f64>,
    /// The same of the research set.
    research: BTreeMap<String, f64>,
    /// This set by the research set.
    by_research: BTreeMap<String, f64>,
    /// The research set by the yardstick, with one thread and with two on its side. Ours has one.
    ratios: BTreeMap<String, [Option<f64>; 2]>,
    yardstick: Option<String>,
    memory: Memory,
}

/// Resident memory of this process, MB.
#[derive(Serialize)]
struct Memory {
    loaded: f64,
    after_10_visits: f64,
    after_all_visits: f64,
    visits: u32,
    peak: f64,
}

impl Bench {
    pub(crate) fn run(&self) -> Result<()> {
        let photo = fs::read(&self.photo).with_context(|| format!("{}", self.photo.display()))?;
        let clip = clip(&self.clip)?;
        let began = Instant::now();
        let models = self.set.load()?;
        let load_ms = milliseconds(began);
        let weights = models.weights().to_owned();
        let mut pipeline = Pipeline::new(models);
        let mut memory = Memory {
            loaded: resident("VmRSS")?,
            after_10_visits: 0.0,
            after_all_visits: 0.0,
            visits: self.visits,
            peak: 0.0,
        };
        // Loaded after the memory of the first set was read; it adds to all later figures of memory.
        let mut research = match &self.research {
            Some(folder) => Some(Pipeline::new(Models::load(folder, &Manifest::built_in()?)?)),
            None => None,
        };
        let (mut ours, mut researched) = (Stages::new(), Stages::new());
        let mut theirs = [Stages::new(), Stages::new()];
        let mut names = None;
        round(&mut pipeline, &photo, &clip, &mut Stages::new())?;
        for number in 0..self.rounds {
            round(&mut pipeline, &photo, &clip, &mut ours)?;
            if let Some(research) = &mut research {
                // Once unmeasured: the first use of a net is slower.
                if number == 0 {
                    round(research, &photo, &clip, &mut Stages::new())?;
                }
                round(research, &photo, &clip, &mut researched)?;
            }
            for (threads, stages) in (1_u8..).zip(&mut theirs) {
                if let Some(said) = self.yardstick(threads)? {
                    names = Some(format!("OpenCV {}, onnxruntime {}", said.opencv, said.onnxruntime));
                    for (name, times) in said.milliseconds {
                        stages.entry(name).or_default().extend(times);
                    }
                }
            }
            progress("rounds", usize::try_from(number)? + 1, usize::try_from(self.rounds)?);
        }
        drop(research);
        for number in 1..=self.visits {
            visit(&mut pipeline, &photo, &clip)?;
            if number == 10 {
                memory.after_10_visits = resident("VmRSS")?;
            }
            progress("visits", usize::try_from(number)?, usize::try_from(self.visits)?);
        }
        memory.after_all_visits = resident("VmRSS")?;
        memory.peak = resident("VmHWM")?;
        let (stages, research, theirs) = (medians(ours), medians(researched), theirs.map(medians));
        let ratio = |name: &str, our: f64| {
            let name = name_of_theirs(name);
            [0, 1].map(|at| theirs[at].get(name).filter(|time| **time > 0.0).map(|time| our / time))
        };
        let figures = Figures {
            weights,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            optimised: !cfg!(debug_assertions),
            load_ms,
            ratios: research.iter().map(|(name, our)| (name.clone(), ratio(name, *our))).collect(),
            by_research: stages
                .iter()
                .filter_map(|(name, our)| Some((name.clone(), our / research.get(name).filter(|time| **time > 0.0)?)))
                .collect(),
            stages,
            research,
            yardstick: names,
            memory,
        };
        tell(&figures);
        if let Some(out) = &self.out {
            fs::write(out, serde_json::to_string_pretty(&figures)? + "\n")?;
        }
        Ok(())
    }

    fn yardstick(&self, threads: u8) -> Result<Option<Yardstick>> {
        let (Some(python), Some(script), Some(models)) = (&self.python, &self.yardstick, &self.research) else {
            return Ok(None);
        };
        let output = Command::new(python)
            .arg(script)
            .arg("--models")
            .arg(models)
            .arg("--frames")
            .arg(&self.clip)
            .arg("--photo")
            .arg(&self.photo)
            .args(["--rounds", "1", "--threads", &threads.to_string()])
            .output()
            .with_context(|| format!("{} does not start", python.display()))?;
        if !output.status.success() {
            bail!("the yardstick failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(Some(serde_json::from_slice(&output.stdout).context("what the yardstick printed")?))
    }
}

/// The stage of the yardstick that does the same. It has no tracking: it searches each frame.
fn name_of_theirs(ours: &str) -> &str {
    if ours == "track" { "detect" } else { ours }
}

fn clip(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("{}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        bail!("{} holds no frames", folder.display());
    }
    paths.iter().map(|path| fs::read(path).with_context(|| format!("{}", path.display()))).collect()
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn timed<T>(stages: &mut Stages, name: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    stages.entry(name.to_owned()).or_default().push(milliseconds(began));
    result
}

/// Each stage once for each frame.
fn round(pipeline: &mut Pipeline, photo: &[u8], clip: &[Vec<u8>], stages: &mut Stages) -> Result<()> {
    timed(stages, "photo_decode", || decode_photo(photo))?;
    timed(stages, "photo_vector", || pipeline.photo(photo))?;
    pipeline.forget();
    let frames: Vec<Frame> =
        clip.iter().map(|jpeg| timed(stages, "frame_decode", || decode_mjpeg(jpeg, 0))).collect::<Result<_, _>>()?;
    for frame in &frames {
        pipeline.forget();
        timed(stages, "detect", || pipeline.look(frame, None))?;
    }
    pipeline.forget();
    for (frame, before) in frames.iter().skip(1).zip(&frames) {
        // Known from the frame before, as in a visit.
        pipeline.forget();
        let _ = pipeline.look(before, None)?;
        let seen = timed(stages, "track", || pipeline.look(frame, None))?;
        let Some(face) = seen.face() else { continue };
        timed(stages, "align_embed", || pipeline.embed(frame, face))?;
        timed(stages, "attack", || pipeline.attack(frame, face))?;
    }
    // All that is done after the last frame needed: track, embed, judge.
    let mut sums = Vec::new();
    for at in 0..stages.get("attack").map_or(0, Vec::len) {
        let sum: f64 = ["track", "align_embed", "attack", "frame_decode"]
            .iter()
            .filter_map(|name| stages.get(*name).and_then(|times| times.get(at)))
            .sum();
        sums.push(sum);
    }
    stages.insert("decision".to_owned(), sums);
    Ok(())
}

/// What one visit computes: the photo and a few frames.
fn visit(pipeline: &mut Pipeline, photo: &[u8], clip: &[Vec<u8>]) -> Result<()> {
    let card = pipeline.photo(photo)?;
    pipeline.forget();
    let mut vectors = Vec::new();
    for jpeg in clip.iter().rev().take(4) {
        let frame = decode_mjpeg(jpeg, 0)?;
        let seen = pipeline.look(&frame, None)?;
        let Some(face) = seen.face() else { continue };
        vectors.push(pipeline.embed(&frame, face)?);
        pipeline.attack(&frame, face)?;
    }
    let mean = face::FaceVector::mean(&vectors).context("no face in the clip")?;
    std::hint::black_box(mean.cosine(&card));
    Ok(())
}

fn medians(stages: Stages) -> BTreeMap<String, f64> {
    stages.into_iter().map(|(name, times)| (name, median(times))).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Resident memory now (`VmRSS`) or at most so far (`VmHWM`), MB.
fn resident(name: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).context("memory")?;
    Ok(kilobytes / 1024.0)
}

fn tell(figures: &Figures) {
    println!(
        "stage          median ms   research set   ratio   research set by one thread, two ({})",
        figures.yardstick.as_deref().unwrap_or("no yardstick")
    );
    let shown = |number: Option<f64>| number.map_or("–".to_owned(), |number| format!("{number:.2}"));
    for (name, time) in &figures.stages {
        let research = shown(figures.research.get(name).copied());
        let ratio = shown(figures.by_research.get(name).copied());
        let yardstick = |at: usize| shown(figures.ratios.get(name).and_then(|ratios| ratios[at]));
        println!("{name:14} {time:9.2}   {research:>12}   {ratio:>5}   {:>10} {:>6}", yardstick(0), yardstick(1));
    }
    println!("\nmodels loaded in {:.0} ms", figures.load_ms);
    let Memory { loaded, after_10_visits, after_all_visits, visits, peak } = &figures.memory;
    println!(
        "memory: {loaded:.0} MB loaded, {after_10_visits:.0} MB after 10 visits, {after_all_visits:.0} MB after {visits}, {peak:.0} MB at most"
    );
    if !figures.optimised {
        println!("This build is for development; `scripts/bench faces` measures what ships.");
    }
}

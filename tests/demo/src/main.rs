//! `demo`: the whole terminal on a machine that has no reader, no card and no clinic.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use demo::{
    faces::Material,
    in_process::InProcess,
    processes::{self, Processes, Programs},
    scenario::{self, Level, Report, Scenario, World, closing_line, left_out, step_line},
    terminal, window,
};
use serde_json::{Value, json};

/// As in the daemon that ships: a face worker is this program too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The terminal with emulated cards and a local clinic service.
#[derive(Parser)]
#[command(
    name = "demo",
    version,
    after_help = "\
Examples:
  demo                                                   opens the kiosk and a dock with emulated cards
  demo --pcsc                                            the same on the real PC/SC stack
  demo --scenario tests/scenarios/face-agree-all.scenario --out visit
                                                         a whole visit without a display; pictures in visit/
READER_DAEMON_MODELS names a folder of other model files than the repository's own; scripts/demo sets it from --models.",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    /// A visit as a text file; without it a window opens.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Where visit.json and the pictures go.
    #[arg(long, value_name = "DIR", requires = "scenario")]
    out: Option<PathBuf>,
    /// How much is real: 1 the pure session, 2 the daemon with emulated devices, 3 everything.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3), requires = "scenario")]
    level: u8,
    /// The window on the real pcscd instead of the in-process card.
    #[arg(long, conflicts_with = "scenario")]
    pcsc: bool,
    /// Size of the screen.
    #[arg(long, default_value = "1280x800", value_name = "WxH")]
    size: String,
    /// Used by the window itself: the part behind the glass, told what to do by lines on standard input.
    #[arg(long, hide = true, value_name = "DIR")]
    backstage: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What this program is besides: parts of a run, started by it.
#[derive(Subcommand)]
enum Part {
    /// A face worker whose camera plays clips.
    #[command(hide = true)]
    FaceWorker {
        #[arg(long)]
        models: PathBuf,
        /// The list of the model files; without it the built-in one.
        #[arg(long)]
        manifest: Option<PathBuf>,
        /// Names the clip that is played.
        #[arg(long)]
        clip: PathBuf,
    },
    /// The daemon with an emulated camera and surface scanner.
    #[command(hide = true)]
    Terminal {
        #[arg(long)]
        config: PathBuf,
        #[arg(long)]
        timeline: PathBuf,
        #[arg(long)]
        clip: PathBuf,
        #[arg(long)]
        surface: PathBuf,
    },
}

fn main() -> ExitCode {
    match run_part_or_all(&Arguments::parse()) {
        Ok(code) => code,
        Err(cause) => {
            eprintln!("demo: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_part_or_all(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.part {
        Some(Part::FaceWorker { models, manifest, clip }) => {
            Ok(terminal::face_worker(models, manifest.as_deref(), clip))
        }
        Some(Part::Terminal { config, timeline, clip, surface }) => {
            terminal::run(config, timeline, clip, surface).map(|()| ExitCode::SUCCESS)
        }
        None => run(arguments),
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let Some(folder) = &arguments.backstage {
        window::backstage(folder, arguments.pcsc, Material::find()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(file) = &arguments.scenario else {
        return window::open(&arguments.size, arguments.pcsc).map(|()| ExitCode::SUCCESS);
    };
    let scenario = scenario::read(file).map_err(|cause| anyhow::anyhow!("{cause}"))?;
    let level = Level::ALL.into_iter().find(|level| level.number() == arguments.level).context("level")?;
    if let Some(reason) = left_out(&scenario, level) {
        println!("skipped at level {}: {reason}", level.number());
        return Ok(ExitCode::SUCCESS);
    }
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from("visit"));
    let report = match level {
        Level::Session => carry_out(&scenario, &mut scenario::level1::PureWorld::of(&scenario), &out, |_| json!(null))?,
        Level::Daemon => {
            carry_out(&scenario, &mut InProcess::start(&scenario, faces_for(&scenario)?)?, &out, |_| json!(null))?
        }
        Level::Processes => {
            processes::inside()?;
            prepare(&out)?;
            let (programs, faces) = (Programs::find()?, faces_for(&scenario)?);
            let mut world = Processes::start(&programs, &out, &arguments.size, scenario.terminal, faces)?;
            carry_out(
                &scenario,
                &mut world,
                &out,
                |world| json!({ "timelines": world.timeline(), "told": world.told() }),
            )?
        }
    };
    println!("{}", closing_line(&report));
    println!("written: {}", out.join("visit.json").display());
    Ok(if report.failure.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// PIN scenarios run the daemon that ships; those with a face need models and faces.
fn faces_for(scenario: &Scenario) -> Result<Option<Material>> {
    scenario.needs_faces().then(Material::find).transpose()
}

/// An empty folder for what comes out. Only what a run itself makes is ever removed.
fn prepare(out: &Path) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let picture = name.ends_with(".png") && name.starts_with(|first: char| first.is_ascii_digit());
        let ours = ["visit.json", "pcscd.txt", "clinic.txt", "emulated-card.txt", "kiosk.txt", "reader-daemon.txt"];
        if picture || ours.contains(&name) {
            fs::remove_file(&path)?;
        } else {
            bail!("{} holds {name}, which no run made\n  cure: name an empty folder with --out", out.display());
        }
    }
    Ok(())
}

fn carry_out<W: World>(scenario: &Scenario, world: &mut W, out: &Path, more: impl Fn(&W) -> Value) -> Result<Report> {
    println!("{}", scenario.title);
    let report = scenario::run(scenario, world, &mut |step| println!("{}", step_line(step)));
    fs::create_dir_all(out)?;
    let mut visit = serde_json::to_value(&report)?;
    if let (Some(visit), Value::Object(more)) = (visit.as_object_mut(), more(world)) {
        visit.extend(more);
    }
    fs::write(out.join("visit.json"), serde_json::to_string_pretty(&visit)? + "\n")?;
    Ok(report)
}

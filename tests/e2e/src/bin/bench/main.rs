//! How much the terminal adds to what the card itself takes, and what it costs to have it running. Called by
//! `scripts/bench`, inside a private namespace; `scripts/bench --help` says what each figure is.

mod cards;
mod daemon;
mod glass;
mod plain;
mod reader;
mod table;
mod visit;

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    thread::available_parallelism,
};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use demo::processes::{Programs, inside};
use serde_json::{Value, json};

/// Views the kiosk draws: each of its samples more than once.
const VIEWS: &str = "100";

/// Measures a PIN visit beside a plain loop of the same APDUs, start, memory, idle CPU and drawing.
#[derive(Parser)]
struct Arguments {
    /// Where the figures go (JSON).
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("bench: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    inside()?;
    let programs = Programs::find()?;
    // Everything is measured or nothing is: a file that cannot be written is said now, not in five minutes.
    let out = &arguments.out;
    fs::File::create(out).with_context(|| format!("{} cannot be written", out.display()))?;
    let mut figures = json!({
        "profile": if cfg!(debug_assertions) { "dev" } else { "release" },
        "cores": available_parallelism()?.get(),
    });
    for delays in ["realistic", "none"] {
        println!("visits and plain loops by turns, card with delays={delays} …");
        let name = if delays == "none" { "no_delay" } else { delays };
        figures[name] = cards::figures(&programs, delays).with_context(|| format!("card with delays={delays}"))?;
    }
    println!("the daemon: start, memory, idle …");
    figures["daemon"] = daemon::figures(&programs).context("the daemon")?;
    println!("the kiosk draws …");
    figures["screen"] = screen_figures(&programs).context("the kiosk")?;
    fs::write(out, serde_json::to_string_pretty(&figures)? + "\n").with_context(|| out.display().to_string())?;
    println!();
    table::print(&figures);
    println!("\nAll figures, with each single visit: {}", out.display());
    Ok(())
}

fn screen_figures(programs: &Programs) -> Result<Value> {
    let mut kiosk = Command::new(&programs.kiosk);
    kiosk.args(["--size", "1280x800", "--measure-render", VIEWS]).stderr(Stdio::inherit());
    let output = kiosk.output().with_context(|| programs.kiosk.display().to_string())?;
    if !output.status.success() {
        bail!("kiosk --measure-render ended with {}", output.status);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with('{')).context("kiosk --measure-render printed no figures")?;
    Ok(serde_json::from_str(line)?)
}

/// The value in the middle.
fn median(mut values: Vec<f64>) -> Result<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().context("nothing was measured")
}

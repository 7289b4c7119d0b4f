//! `measure`: the shipped face code on folders of faces. `scripts/measure-faces` and `scripts/bench faces` run it.

mod attacks;
mod bench;
mod crowd;
mod faces;
mod pairs;
mod people;
mod picture;
mod rates;
mod set;
mod visits;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// As in the worker that ships.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the shipped face code: error rates, attack detection, speed.
#[derive(Parser)]
#[command(
    name = "measure",
    version,
    after_help = "\
Examples:
  measure faces PAIRS --models MODELS --out report     FMR and FNMR, with a picture of the curve
  measure attacks MATERIAL --models MODELS             APCER and BPCER
  measure people tests/people/cast --models MODELS     how the invented people of the cast are seen
  measure crowd CROWD --models models/own --manifest models/own/MANIFEST.toml
                                                       the same for a crowd whose points are known
  measure bench CLIP PHOTO --models MODELS             milliseconds of each stage, as JSON"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compares the pairs of a folder, and everybody with everybody.
    Faces(faces::Faces),
    /// Judges live and attack material.
    Attacks(attacks::Attacks),
    /// Looks at the cast of invented people.
    People(people::People),
    /// Looks at a crowd of invented people.
    Crowd(crowd::Crowd),
    /// Times each stage on the frames of a clip.
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Faces(faces) => faces.run(),
        Command::Attacks(attacks) => attacks.run(),
        Command::People(people) => people.run(),
        Command::Crowd(crowd) => crowd.run(),
        Command::Bench(bench) => bench.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("measure: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

//! `people`: draws crowds, the cast and sheets of both.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use people::cast::{self, Extent};
use people::{Order, Space, View};

/// Invents persons who never lived and draws them.
#[derive(Parser)]
struct Arguments {
    /// The statistical model of faces; the checked-in one unless given.
    #[arg(long, global = true)]
    space: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Many persons, many pictures of each, with labels: to train on.
    Crowd {
        /// What a picture shows.
        #[arg(long, value_enum)]
        view: ViewName,
        /// First person.
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// How many persons.
        #[arg(long)]
        count: u64,
        /// Pictures of each.
        #[arg(long)]
        each: u64,
        /// Folder to write to.
        #[arg(long)]
        out: PathBuf,
        /// Half of the pictures are attacks.
        #[arg(long)]
        attacks: bool,
        /// Seed of everything.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Threads at work.
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// The cast of the emulated cards and cameras.
    Cast {
        /// Who they are.
        #[arg(long)]
        list: PathBuf,
        /// Folder to write to.
        #[arg(long)]
        out: PathBuf,
        /// Photos (as PGM) and single frames only: to choose members by.
        #[arg(long)]
        stills: bool,
    },
    /// A contact sheet, one person in each row.
    Sheet {
        /// PNG to write.
        #[arg(long)]
        out: PathBuf,
        /// The cast of this list instead of a crowd.
        #[arg(long, value_name = "LIST")]
        cast: Option<PathBuf>,
        /// What a picture shows.
        #[arg(long, value_enum, default_value_t = ViewName::Head)]
        view: ViewName,
        /// First person.
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// How many persons.
        #[arg(long, default_value_t = 8)]
        count: u64,
        /// Pictures of each.
        #[arg(long, default_value_t = 6)]
        each: u64,
        /// Half of the pictures are attacks.
        #[arg(long)]
        attacks: bool,
        /// Seed of everything.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum ViewName {
    Head,
    Frame,
    Camera,
}

impl From<ViewName> for View {
    fn from(name: ViewName) -> Self {
        match name {
            ViewName::Head => View::Head,
            ViewName::Frame => View::Frame,
            ViewName::Camera => View::Camera,
        }
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let space = match &arguments.space {
        Some(path) => Space::open(path)?,
        None => Space::checked_in()?,
    };
    match arguments.command {
        Command::Crowd { view, first, count, each, out, attacks, seed, threads } => {
            let order = Order { view: view.into(), first, count, each, attacks, seed, threads, out };
            people::crowd(&space, &order)
        }
        Command::Cast { list, out, stills } => {
            let extent = if stills { Extent::Stills } else { Extent::Whole };
            cast::draw_cast(&space, &cast::members(&list)?, &out, extent)
        }
        Command::Sheet { out, cast: Some(list), .. } => cast::cast_sheet(&space, &cast::members(&list)?, &out),
        Command::Sheet { out, cast: None, view, first, count, each, attacks, seed } => {
            let order = Order { view: view.into(), first, count, each, attacks, seed, threads: 1, out: PathBuf::new() };
            people::crowd_sheet(&space, &order, &out)
        }
    }
}

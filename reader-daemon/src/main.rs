//! The program `reader-daemon`: the daemon on the real devices, its face workers, and the commands for staff and support.

use std::{
    ffi::OsString,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use card::{Presence, Reader as _};
use clap::{Parser, Subcommand};
use reader_daemon::{
    Config, FaceWorker, config, desk, doctor, face_driver, faults_page, hardening, journal, passcode, password, texts,
    weights,
};

mod run;

use run::Run;

/// The models' aligned buffers scatter through the system's allocator until a worker holds hundreds of MB
/// (models/README.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXAMPLE: &str = "Example:
  reader-daemon doctor --config /etc/reader-daemon/reader-daemon.toml
  reader-daemon run    --config /etc/reader-daemon/reader-daemon.toml
  reader-daemon desk   --config /etc/reader-daemon/reader-daemon.toml
  reader-daemon passcode --config /etc/reader-daemon/reader-daemon.toml
  reader-daemon journal verify --config /etc/reader-daemon/reader-daemon.toml --key /media/usb/journal.public.pem
  reader-daemon faults --html faults.html

The key that wraps stored results is the systemd credential `outbox-key`; `doctor` says how to make it.
Not an approved reader: see LIMITATIONS in the README.";

/// The open terminal of a clinic's reception: My Number card, PIN, consent, one signed result.
#[derive(Parser)]
#[command(version, after_help = EXAMPLE)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the daemon until it is told to end.
    Run(Run),
    /// Looks at everything the daemon needs and says how to mend what is wrong.
    Doctor {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Prints one JSON object instead of the table.
        #[arg(long)]
        json: bool,
    },
    /// Lists the cameras that are there, as [face] camera can name them.
    Cameras,
    /// One visit's camera, photo and comparison; the daemon starts it and speaks to it on standard input.
    #[command(hide = true)]
    FaceWorker(Worker),
    /// Lists results without receipt (time, result id, session id, why), also while the daemon runs.
    Desk {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Takes the result with this id off the list: staff have dealt with it.
        #[arg(long, value_name = "ID")]
        settle: Option<String>,
    },
    /// Sets the facility's passcode for the visual check: asked twice without echo, or one line from a pipe.
    Passcode {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Opens the visual check again after wrong passcodes closed it; sets nothing. Also while the daemon runs.
        #[arg(long)]
        open: bool,
    },
    /// Sets the staff password of the console: asked twice without echo, or one line from a pipe.
    Password {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Checks the journal, or prints the list of what it can say.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Prints the built-in table of faults: code, cause, and what patient, staff and support are told.
    Faults {
        /// Writes it there as one HTML page instead.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum JournalCommand {
    /// Checks that no line was changed or taken out, and that every day's head is signed. Also while the daemon runs.
    Verify {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// A copy of the journal's public key that was kept elsewhere; without it, the one beside the journal.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Prints every event the journal can hold, with its members.
    Events,
}

#[derive(clap::Args)]
struct Worker {
    /// Folder of the model files.
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Another list of models than the built-in one.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Part of the camera's name, its vendor:product id or its physical path.
    #[arg(long, value_name = "PATTERN")]
    camera: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = hardening::apply() {
        eprintln!("reader-daemon: core dumps cannot be switched off: {error}");
        return ExitCode::FAILURE;
    }
    let done = match arguments.command {
        Command::Run(run) => run.start(),
        Command::Doctor { config, json } => {
            let probe = |face: &config::Face| face_driver::probe(&face_worker(face));
            let report = doctor::examine(&config, &find_reader, &probe);
            println!("{}", if json { report.json() } else { report.to_string() });
            return if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Command::Cameras => return cameras(),
        Command::FaceWorker(worker) => return worker.work(),
        Command::Desk { config, settle } => desk::desk(&config, settle.as_deref()).map_err(Into::into).map(|text| {
            print!("{text}");
            ExitCode::SUCCESS
        }),
        Command::Passcode { config, open } => {
            let done = if open { passcode::command::open(&config) } else { passcode::command::set(&config) };
            done.map_err(Into::into).map(|text| {
                print!("{text}");
                ExitCode::SUCCESS
            })
        }
        Command::Password { config } => password::set(&config).map_err(Into::into).map(|text| {
            print!("{text}");
            ExitCode::SUCCESS
        }),
        Command::Journal(JournalCommand::Verify { config, key }) => verify_journal(&config, key.as_deref()),
        Command::Journal(JournalCommand::Events) => print(&journal::events::document()),
        Command::Faults { html: None } => {
            texts::built_in().map_err(Into::into).and_then(|texts| print(&faults_page::markdown(&texts)))
        }
        Command::Faults { html: Some(path) } => faults(&path),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("reader-daemon: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Worker {
    fn work(self) -> ExitCode {
        let settings = face::WorkerSettings { models: self.models, manifest: self.manifest, at_least: weights::LEAST };
        let camera = face::V4lCamera::new(self.camera);
        face::run_worker(settings, Box::new(camera), Box::new(rand_core::OsRng))
    }
}

fn faults(html: &Path) -> anyhow::Result<ExitCode> {
    std::fs::write(html, faults_page::html(&texts::built_in()?)).with_context(|| html.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// Where a page is long, a reader may close it early; that is no fault.
fn print(page: &str) -> anyhow::Result<ExitCode> {
    match std::io::stdout().write_all(page.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(ExitCode::SUCCESS),
    }
}

fn verify_journal(config: &Path, key: Option<&Path>) -> anyhow::Result<ExitCode> {
    let storage = Config::read(config)?.storage;
    let found = journal::verify(&storage, key).with_context(|| storage.display().to_string())?;
    Ok(match found {
        Ok(whole) => {
            println!("✔ {whole}");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            println!("✘ {broken}\n  cure: keep a copy for whoever looks into it; the daemon goes on behind it");
            ExitCode::FAILURE
        }
    })
}

/// What is there, in the words that `[face] camera` takes. Without a choice every camera is named.
fn cameras() -> ExitCode {
    let mut camera = face::V4lCamera::new(None);
    let found = face::OpenCamera::find(&mut camera);
    println!("{}", face::OpenCamera::describe(&camera));
    if found.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// This program as the configuration's face worker; [`Worker`] reads these arguments.
fn face_worker(face: &config::Face) -> FaceWorker {
    let mut arguments: Vec<OsString> = vec!["face-worker".into(), "--models".into(), face.models.clone().into()];
    if let Some(manifest) = &face.manifest {
        arguments.extend(["--manifest".into(), manifest.clone().into()]);
    }
    if let Some(camera) = &face.camera {
        // In one word: a pattern may begin with a dash.
        arguments.push(format!("--camera={camera}").into());
    }
    FaceWorker::of_this_program(arguments)
}

/// Whether PC/SC shows a reader of this name. Says what lies there as well: a wrong card in `doctor` is a hint.
fn find_reader(pattern: &str) -> Result<String, doctor::Trouble> {
    let reader = card::PcscReader::new(pattern);
    let presence = reader.wait(Presence::NoReader, doctor::READER_WAIT);
    match presence {
        Presence::NoReader => Err(doctor::Trouble {
            cause: format!("no reader whose name contains {pattern:?}, or PC/SC is away"),
            cure: "systemctl status pcscd; `pcsc_scan -r` shows the names; adapt [reader] pattern".to_owned(),
        }),
        Presence::Empty => Ok(format!("{}, empty", reader.name())),
        Presence::Card { .. } => Ok(format!("{}, a card lies there", reader.name())),
        Presence::Mute { .. } => Ok(format!("{}, something without a chip lies there", reader.name())),
    }
}

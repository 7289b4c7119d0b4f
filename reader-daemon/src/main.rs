//! The program `reader-daemon`: the daemon on the real devices, `doctor` and `desk`.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use card::{Presence, Reader as _};
use clap::{Parser, Subcommand};
use qualification::WrappingKey;
use reader_daemon::{Config, Daemon, DaemonHandle, Devices, Ended, Settings, desk, doctor, hardening};
use tokio::signal::unix::{SignalKind, signal};

const EXAMPLE: &str = "Example:
  reader-daemon doctor --config /etc/reader-daemon/reader-daemon.toml
  reader-daemon run    --config /etc/reader-daemon/reader-daemon.toml
  reader-daemon desk   --config /etc/reader-daemon/reader-daemon.toml

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
    },
    /// Lists results without receipt (time, result id, session id, why), also while the daemon runs.
    Desk {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Takes the result with this id off the list: staff have dealt with it.
        #[arg(long, value_name = "ID")]
        settle: Option<String>,
    },
}

#[derive(clap::Args)]
struct Run {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Appends what each visit's time went to, one JSON line a visit. No personal data.
    #[arg(long, value_name = "FILE")]
    timeline: Option<PathBuf>,
    /// Prints the header of every exchange with the card. Only in debug builds.
    #[cfg(debug_assertions)]
    #[arg(long)]
    dangerous_print_exchanges: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = hardening::apply() {
        eprintln!("reader-daemon: core dumps cannot be switched off: {error}");
        return ExitCode::FAILURE;
    }
    let done = match arguments.command {
        Command::Run(run) => run.start(),
        Command::Doctor { config } => {
            let report = doctor::examine(&config, &find_reader);
            println!("{report}");
            return if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Command::Desk { config, settle } => desk::desk(&config, settle.as_deref()).map_err(Into::into).map(|text| {
            print!("{text}");
            ExitCode::SUCCESS
        }),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("reader-daemon: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Run {
    fn start(self) -> anyhow::Result<ExitCode> {
        let config = Config::read(&self.config)?;
        let mut settings = Settings::load(&config)?;
        settings.timeline = self.timeline;
        let wrapping_key = WrappingKey::from_credentials_directory()
            .context("no key for the outbox (`reader-daemon doctor` says how to make one)")?;
        let devices = Devices::new(Arc::new(card::PcscReader::new(&config.reader_pattern)), wrapping_key);
        #[cfg(debug_assertions)]
        let devices = if self.dangerous_print_exchanges { devices.dangerous_print_exchanges() } else { devices };
        let daemon = Daemon::start(settings, devices)?;
        eprintln!("<6>reader-daemon: ready, kiosk at {}", daemon.socket().display());
        wait_for_the_end(&daemon)?;
        daemon.stop();
        Ok(match daemon.wait() {
            Ended::Stopped => ExitCode::SUCCESS,
            // systemd starts it again.
            Ended::Broken(_) | Ended::Panicked => ExitCode::FAILURE,
        })
    }
}

/// Until a signal comes, or the daemon has ended by itself.
fn wait_for_the_end(daemon: &DaemonHandle) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        while !daemon.has_ended() {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
        Ok(())
    })
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

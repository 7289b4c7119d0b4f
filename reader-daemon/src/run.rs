//! `reader-daemon run`: the daemon on the real devices, until it is told to end, with its configuration read anew on demand.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use qualification::WrappingKey;
use reader_daemon::{Config, Daemon, DaemonHandle, Devices, Ended, Settings, config, doctor, face_driver};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{face_worker, find_reader};

#[derive(clap::Args)]
pub(crate) struct Run {
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

impl Run {
    /// Until it is told to end. Told to read its configuration anew (SIGHUP), it does so when nobody is there; with one that is
    /// wrong, or does not start, the old one goes on.
    pub(crate) fn start(self) -> anyhow::Result<ExitCode> {
        let signals = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut signals = Signals::new(signals)?;
        let mut terminal = Terminal::load(&self)?;
        let mut before: Option<Config> = None;
        loop {
            let config = terminal.config.clone();
            let daemon = match (terminal.start(), before.take()) {
                (Ok(daemon), _) => daemon,
                (Err(error), Some(before)) => {
                    eprintln!(
                        "<3>reader-daemon: the changed configuration does not start, the old one goes on: {error:#}"
                    );
                    terminal = Terminal::of(&self, before)?;
                    continue;
                }
                (Err(error), None) => return Err(error),
            };
            before = Some(config);
            eprintln!("<6>reader-daemon: ready, kiosk at {}", daemon.socket().display());
            let mut next = None;
            loop {
                match signals.next(&daemon) {
                    Told::HasEnded => break,
                    Told::End => {
                        next = None;
                        daemon.stop();
                        break;
                    }
                    Told::Reload => match Terminal::load(&self) {
                        Ok(anew) => {
                            next = Some(anew);
                            eprintln!(
                                "<5>reader-daemon: the configuration was read anew, and counts from the next visit on"
                            );
                            daemon.stop_after_visit();
                        }
                        Err(error) => eprintln!(
                            "<3>reader-daemon: the configuration was not taken, the old one goes on: {error:#}"
                        ),
                    },
                }
            }
            match (daemon.wait(), next) {
                (Ended::Stopped, Some(anew)) => terminal = anew,
                (Ended::Stopped, None) => return Ok(ExitCode::SUCCESS),
                // systemd starts it again.
                (Ended::Broken(_) | Ended::Panicked, _) => return Ok(ExitCode::FAILURE),
            }
        }
    }
}

/// Everything a configuration names, read and checked.
struct Terminal {
    config: Config,
    settings: Settings,
    devices: Devices,
}

impl Terminal {
    fn load(run: &Run) -> anyhow::Result<Self> {
        Self::of(run, Config::read(&run.config)?)
    }

    fn of(run: &Run, config: Config) -> anyhow::Result<Self> {
        let mut settings = Settings::load(&config)?;
        settings.timeline.clone_from(&run.timeline);
        let wrapping_key = WrappingKey::from_credentials_directory()
            .context("no key for the outbox (`reader-daemon doctor` says how to make one)")?;
        let devices = Devices::new(Arc::new(card::PcscReader::new(&config.reader_pattern)), wrapping_key);
        let devices = match &config.phone {
            config::PhoneReader::Own(pattern) => devices.with_phone_reader(Arc::new(card::PcscReader::new(pattern))),
            config::PhoneReader::None | config::PhoneReader::Same => devices,
        };
        let devices = match &config.face {
            Some(face) => devices.with_face(face_worker(face)),
            None => devices,
        };
        #[cfg(debug_assertions)]
        let devices = if run.dangerous_print_exchanges { devices.dangerous_print_exchanges() } else { devices };
        let (path, devices) = (run.config.clone(), devices);
        let health = move || {
            let probe = |face: &config::Face| face_driver::probe(&face_worker(face));
            doctor::examine(&path, &find_reader, &probe)
        };
        Ok(Self { config, settings, devices: devices.with_health(Arc::new(health)) })
    }

    fn start(self) -> anyhow::Result<DaemonHandle> {
        Ok(Daemon::start(self.settings, self.devices)?)
    }
}

/// So often the program looks whether the daemon has ended.
const LOOK_UP: Duration = Duration::from_millis(200);

/// What the operating system asks of the program.
struct Signals {
    runtime: tokio::runtime::Runtime,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

enum Told {
    /// To end.
    End,
    /// Nothing; the daemon has ended by itself, or after its last visit.
    HasEnded,
    /// To read the configuration anew.
    Reload,
}

impl Signals {
    fn new(runtime: tokio::runtime::Runtime) -> anyhow::Result<Self> {
        let inside = runtime.enter();
        let (terminate, interrupt, hang_up) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?);
        drop(inside);
        Ok(Self { runtime, terminate, interrupt, hang_up })
    }

    fn next(&mut self, daemon: &DaemonHandle) -> Told {
        let Self { runtime, terminate, interrupt, hang_up } = self;
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = terminate.recv() => return Told::End,
                    _ = interrupt.recv() => return Told::End,
                    _ = hang_up.recv() => return Told::Reload,
                    () = tokio::time::sleep(LOOK_UP) => {
                        if daemon.has_ended() {
                            return Told::HasEnded;
                        }
                    }
                }
            }
        })
    }
}

//! Starting and ending the daemon. The program and the demo use the same; only their devices differ.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
    time::Instant,
};

use card::{Reader, SurfaceScanner};
use console::{Terminal, terminal::PartKind};
use qualification::{Client, Outbox, WrappingKey, clock::now_ms};
use screen::PhoneWay;
use session::StaffNote;
use tokio::sync::{mpsc, watch};

use crate::{
    card_driver::{CardDriver, Trust},
    config::PhoneReader,
    event_loop::{Drivers, EventLoop, Placing},
    face_driver::{FaceDriver, FaceWorker},
    front_desk::{FrontDesk, Health},
    input::{Driver, Input, Inputs, Slot},
    journal::JournalThread,
    limits::{CARD_CALL, INPUT_QUEUE, OPENING_HOUR, OPENING_PERIOD, PREVIEW_QUEUE, STOP_GRACE},
    outbox_driver::{OutboxDriver, Signer},
    passcode::{Guard, Now},
    presence_driver::PresenceDriver,
    preview_server,
    screen_server::{self, SocketError, Views},
    service_driver::ServiceDriver,
    settings::Settings,
    staff,
    timeline::TimelineFile,
    visual_driver::VisualDriver,
    weights::Weights,
};

/// What is real or emulated.
pub struct Devices {
    reader: Arc<dyn Reader>,
    phone_reader: Option<Arc<dyn Reader>>,
    wrapping_key: WrappingKey,
    face: Option<FaceWorker>,
    scanner: Option<Arc<dyn SurfaceScanner>>,
    health: Option<Health>,
}

impl Devices {
    /// The reader where cards are placed, and the key that wraps the outbox: of the operating system, or thrown away
    /// after the demo.
    #[must_use]
    pub fn new(reader: Arc<dyn Reader>, wrapping_key: WrappingKey) -> Self {
        Self { reader, phone_reader: None, wrapping_key, face: None, scanner: None, health: None }
    }

    /// A reader of its own for phones, beside the card's.
    #[must_use]
    pub fn with_phone_reader(self, reader: Arc<dyn Reader>) -> Self {
        Self { phone_reader: Some(reader), ..self }
    }

    /// How a face worker is started; without one there is no face way.
    #[must_use]
    pub fn with_face(self, worker: FaceWorker) -> Self {
        Self { face: Some(worker), ..self }
    }

    /// Who reads the card's surface; without a scanner its code is keyed in.
    #[must_use]
    pub fn with_scanner(self, scanner: Arc<dyn SurfaceScanner>) -> Self {
        Self { scanner: Some(scanner), ..self }
    }

    /// How the console looks at everything the terminal needs.
    #[must_use]
    pub fn with_health(self, health: Health) -> Self {
        Self { health: Some(health), ..self }
    }

    /// Prints the header of every exchange, never what VERIFY carries. Absent from release builds (law 12).
    #[cfg(debug_assertions)]
    #[must_use]
    pub fn dangerous_print_exchanges(self) -> Self {
        let printing = |reader| -> Arc<dyn Reader> { Arc::new(crate::dangerous_printing::PrintingReader(reader)) };
        Self { reader: printing(self.reader), phone_reader: self.phone_reader.map(printing), ..self }
    }
}

/// Why the daemon could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The service's settings.
    #[error("[service]: {0}")]
    Service(#[from] qualification::ConfigError),
    /// The outbox.
    #[error("[storage] directory: {0}")]
    Outbox(#[from] qualification::OutboxError),
    /// The kiosk's socket.
    #[error("[screen] socket: {0}")]
    Socket(#[from] SocketError),
    /// A face worker without a manifest.
    #[error("a face worker is to be started, and the settings do not say which weights it runs")]
    Weights,
    /// Journal, timeline file or a thread.
    #[error("{0}: {1}")]
    System(PathBuf, std::io::Error),
}

/// How the daemon ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to.
    Stopped,
    /// A driver broke; the visit was ended safely. Start again.
    Broken(Driver),
    /// The event loop itself panicked; cards were powered down. Start again.
    Panicked,
}

/// Starts the daemon.
pub struct Daemon;

/// A running daemon. Dropping it ends it.
pub struct DaemonHandle {
    inputs: Inputs,
    thread: Option<JoinHandle<Ended>>,
    socket: PathBuf,
}

impl Daemon {
    /// Starts the daemon on a thread of its own. When this returns, the kiosk can connect.
    ///
    /// # Errors
    /// [`StartError`]: what is missing or in use.
    pub fn start(settings: Settings, devices: Devices) -> Result<DaemonHandle, StartError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(4)
            .build()
            .map_err(|error| StartError::System("the runtime".into(), error))?;
        let (inputs, received) = mpsc::channel(INPUT_QUEUE);
        let socket = settings.socket.clone();
        let parts = {
            let _inside = runtime.enter();
            Parts::start(settings, devices, &inputs)?
        };
        let thread = std::thread::Builder::new()
            .name("event loop".into())
            .spawn(move || {
                let Parts { event_loop, presence, console } = parts;
                let ended = runtime.block_on(event_loop(received).run());
                drop((presence, console));
                runtime.shutdown_timeout(STOP_GRACE);
                ended
            })
            .map_err(|error| StartError::System("the event loop".into(), error))?;
        Ok(DaemonHandle { inputs, thread: Some(thread), socket })
    }
}

type MakeLoop = Box<dyn FnOnce(mpsc::Receiver<Input>) -> EventLoop + Send>;

struct Parts {
    event_loop: MakeLoop,
    presence: Vec<PresenceDriver>,
    console: Option<console::Running>,
}

impl Parts {
    fn start(settings: Settings, devices: Devices, inputs: &Inputs) -> Result<Self, StartError> {
        let system = |path: &Path| {
            let path = path.to_path_buf();
            move |error| StartError::System(path, error)
        };
        // Of whatever a result is signed about, it says which weights look at faces.
        let weights = settings.weights.filter(|_| devices.face.is_some());
        // What can fail comes before what has to be taken back.
        let client = Arc::new(Client::new(settings.client)?);
        let (outbox, found) = Outbox::open(&settings.storage.join("outbox"), devices.wrapping_key)?;
        for path in &found.damaged {
            staff::support(&format!("a stored result cannot be read and was put aside: {}", path.display()));
            staff::tell(StaffNote::Undelivered, &settings.texts.desk);
        }
        // Asked before the first card can be seen: a visit must not begin with a fault that is none.
        let outbox_stores = outbox.can_store().is_ok();
        let (journal_wrote, journal_writes) = watch::channel(true);
        let journal = JournalThread::start(&settings.storage, move |error| {
            if let Some(error) = &error {
                staff::support(&format!("the journal cannot be written: {error}"));
            }
            // Only the newest state counts, it never waits, and it is never lost.
            journal_wrote.send_replace(error.is_none());
        })
        .map_err(system(&settings.storage))?;
        let timeline = match &settings.timeline {
            Some(path) => Some(TimelineFile::open(path).map_err(system(path))?),
            None => None,
        };
        let socket = screen_server::bind(&settings.socket)?;
        let preview = match &devices.face {
            Some(worker) => {
                let weights = weights.clone().ok_or(StartError::Weights)?;
                let path = screen::preview::socket_path(&settings.socket);
                Some((worker.clone(), weights, screen_server::bind(&path)?))
            }
            None => None,
        };

        let threads = |error| StartError::System("a thread".into(), error);
        let surface_scanner = devices.scanner.is_some();
        let trust = Arc::new(Trust { anchors: settings.anchors, signers: settings.signers });
        let driver = |reader: &Arc<dyn Reader>, slot, scanner| {
            CardDriver::start(Arc::clone(reader), slot, scanner, Arc::clone(&trust), CARD_CALL, inputs.clone())
        };
        let card = driver(&devices.reader, Slot::Card, devices.scanner).map_err(threads)?;
        let mut presence = vec![PresenceDriver::start(devices.reader, Slot::Card, inputs.clone()).map_err(threads)?];
        let phone = match devices.phone_reader {
            Some(reader) => {
                let phone = driver(&reader, Slot::Phone, None).map_err(threads)?;
                presence.push(PresenceDriver::start(reader, Slot::Phone, inputs.clone()).map_err(threads)?);
                Some(phone)
            }
            None => None,
        };
        let views = Views::new();
        tokio::spawn(screen_server::serve(socket, settings.screen_uid, views.clone(), inputs.clone()));
        let face = match preview {
            Some((worker, weights, socket)) => {
                let (connected, previews) = mpsc::channel(PREVIEW_QUEUE);
                tokio::spawn(preview_server::serve(socket, settings.screen_uid, connected, inputs.clone()));
                FaceDriver::start(worker, weights, previews, inputs.clone())
            }
            None => FaceDriver::none(),
        };
        let visual = match settings.visual {
            Some(visual) => {
                let start = Instant::now();
                let guard = Guard::new(settings.storage.clone(), visual.passcode_file, Now::read(start));
                Some(VisualDriver::start(guard, start, inputs.clone()).map_err(threads)?)
            }
            None => None,
        };
        let place = Placing {
            limits: settings.limits,
            phone: match settings.phone {
                PhoneReader::None => PhoneWay::No,
                PhoneReader::Same => PhoneWay::SameReader,
                PhoneReader::Own(_) => PhoneWay::OwnReader,
            },
            placement: settings.placement,
        };
        let noting = inputs.clone();
        // Called where waiting is allowed; without a loop there is no journal either.
        let note = Box::new(move |entry| drop(noting.blocking_send(Input::Console(entry))));
        let desk = Arc::new(FrontDesk::new(
            settings.terminal_id.clone(),
            visual.is_some(),
            settings.texts.desk.clone(),
            settings.storage.clone(),
            devices.health,
            note,
        ));
        let console = settings.console.and_then(|options| {
            // Patients do not wait for the staff's browser.
            let scheme = if options.tls.is_some() { "https" } else { "http" };
            let served = console::serve(options, Arc::clone(&desk) as Arc<dyn Terminal>);
            let served = served.inspect_err(|error| staff::support(&format!("there is no console: {error}"))).ok()?;
            staff::note(&format!("console at {scheme}://{}", served.address()));
            Some(served)
        });
        if console.is_some() {
            tokio::spawn(opening_check(Arc::clone(&desk)));
        }
        for (kind, used) in [(PartKind::PhoneReader, phone.is_some()), (PartKind::Face, weights.is_some())] {
            if !used {
                desk.not_used(kind);
            }
        }
        let service = ServiceDriver::start(Arc::clone(&client), inputs.clone());
        let outbox = OutboxDriver::start(
            Arc::new(outbox),
            found.pending,
            client,
            Signer::new(settings.result_key, settings.terminal_id.clone(), Weights::told(weights.as_ref())),
            inputs.clone(),
        );
        let drivers = Drivers {
            card,
            phone,
            surface_scanner,
            face,
            weights,
            visual,
            service,
            outbox,
            outbox_stores,
            views,
            journal,
            journal_writes,
            timeline,
            desk,
        };
        let (texts, terminal_id) = (settings.texts, settings.terminal_id);
        let event_loop: MakeLoop =
            Box::new(move |received| EventLoop::new(place, texts, terminal_id, drivers, received));
        Ok(Self { event_loop, presence, console })
    }
}

/// Once each morning in Japan, when nobody is there: looking takes seconds.
async fn opening_check(desk: Arc<FrontDesk>) {
    let mut done = None;
    loop {
        // At the start too: what has just begun is not known yet.
        tokio::time::sleep(OPENING_PERIOD).await;
        let now = OpeningDay::at(now_ms());
        if now.is_open && done != Some(now.day) && desk.is_free() {
            done = Some(now.day);
            let looks = Arc::clone(&desk);
            // A check that panics is told by its absence; the day goes on.
            let _ = tokio::task::spawn_blocking(move || looks.opening_check()).await;
        }
    }
}

/// Day and hour in Japan, as the opening check needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OpeningDay {
    day: u64,
    is_open: bool,
}

impl OpeningDay {
    fn at(unix_ms: u64) -> Self {
        let hours = unix_ms / 3_600_000 + 9;
        Self { day: hours / 24, is_open: hours % 24 >= OPENING_HOUR }
    }
}

impl DaemonHandle {
    /// Where the kiosk connects.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Asks the daemon to end: a running visit is given up safely, what is durable stays so.
    pub fn stop(&self) {
        // A full queue means that the loop is busy; another thread waits for a place, as this may be a runtime's.
        if self.inputs.try_send(Input::Stop).is_err() {
            let inputs = self.inputs.clone();
            let _ = std::thread::Builder::new().spawn(move || drop(inputs.blocking_send(Input::Stop)));
        }
    }

    /// Asks the daemon to end when nobody is there and no card lies on a reader, so that another one can go on with a changed configuration.
    pub fn stop_after_visit(&self) {
        let inputs = self.inputs.clone();
        // The loop reads its inputs as long as it runs.
        let _ = std::thread::Builder::new().spawn(move || drop(inputs.blocking_send(Input::StopAfterVisit)));
    }

    /// Whether it has ended by itself.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until the daemon has ended.
    #[must_use]
    pub fn wait(mut self) -> Ended {
        self.thread.take().map_or(Ended::Stopped, |thread| thread.join().unwrap_or(Ended::Panicked))
    }
}

impl Drop for DaemonHandle {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.stop();
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OpeningDay;

    #[test]
    fn the_opening_check_is_due_from_six_in_the_morning_in_japan() {
        // 2026-11-23, midnight in Japan.
        let midnight = 1_795_359_600_000;
        let at = |hours: u64| OpeningDay::at(midnight + hours * 3_600_000);
        assert_eq!((at(5).is_open, at(6).is_open, at(23).is_open, at(24).is_open), (false, true, true, false));
        assert!(at(0).day == at(23).day && at(24).day == at(0).day + 1);
    }
}

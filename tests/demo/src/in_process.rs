//! Level 2: the daemon's library in this process, with an emulated card in its reader and the reference clinic behind
//! real TLS. The kiosk's place is taken by a client of its socket that shows and touches what a kiosk would.

mod glass;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use apdu_fixtures::{CardOrder, Counters, Counts, EmulatedCard, EmulatedReader, EmulatedScanner, Hand, today_in_japan};
use card::{SignerKeys, TrustAnchors};
use clinic::{Clinic, ClinicOptions};
use qualification::{Bundle, WrappingKey};
use reader_daemon::{Daemon, DaemonHandle, Devices, Settings, texts};
use screen::{Digit, Target, ToDaemon};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::glass::Glass;
use crate::{
    faces::{Before, Material, Sitting, write_clip},
    processes::{moment_is_now, photo_of, sitting, with_dates},
    scenario::{
        Booked, CardSetup, ClinicControl, Level, Lies, Moment, Observed, OtherCard, Passed, ReaderControl, ScreenName,
        Seen, Sitter, SurfaceControl, Trouble, World,
    },
    terminal,
    window::Backstage,
};

/// A touch has had its effect on the glass within this, or was ignored.
const TOUCH: Duration = Duration::from_millis(150);
/// The kiosk's place is looked for this often.
const LOOK: Duration = Duration::from_millis(5);

/// Cards that were in the reader before keep their counters.
type Drawer = BTreeMap<(u32, &'static str), Counters>;

/// The running level.
pub struct InProcess {
    began: Instant,
    // The daemon goes before the clinic, the clinic before its runtime, all before their folder.
    daemon: Option<DaemonHandle>,
    glass: Option<Glass>,
    clinic: Clinic,
    runtime: Runtime,
    reader: Arc<EmulatedReader>,
    hand: Hand,
    scanner: EmulatedScanner,
    /// Without it the face way is closed.
    material: Option<Material>,
    sitting: Sitting,
    /// Who is on the card that was put in last.
    shown: Option<u32>,
    /// The surface code printed on it.
    printed: Option<String>,
    drawer: Drawer,
    lies: bool,
    /// Counts of cards that were taken out again.
    earlier: (u32, u32),
    last_tries: Option<u8>,
    folder: PathBuf,
    _own: Option<TempDir>,
    observed: Observed,
    latency: Duration,
}

impl InProcess {
    /// Starts daemon, clinic and the client in the kiosk's place.
    ///
    /// # Errors
    /// What did not start.
    pub fn start(material: Option<Material>) -> Result<Self> {
        let own = tempfile::Builder::new().prefix("reader-daemon-").tempdir()?;
        let mut level = Self::at(own.path(), material)?;
        level.glass = Some(Glass::connect(&level.socket(), level.began)?);
        level._own = Some(own);
        Ok(level)
    }

    /// Starts daemon and clinic in `folder`; a kiosk connects to `folder/screen.sock`.
    ///
    /// # Errors
    /// What did not start.
    pub fn at(folder: &Path, material: Option<Material>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let options = ClinicOptions { demo: true, ..ClinicOptions::new(&folder.join("clinic"), anchors()?) };
        let clinic = runtime.block_on(Clinic::start(options)).context("the clinic's service")?;
        let (reader, hand) = EmulatedReader::new("Emulated reader");
        let mut level = Self {
            began: Instant::now(),
            daemon: None,
            glass: None,
            clinic,
            runtime,
            reader: Arc::new(reader),
            scanner: hand.scanner(),
            hand,
            material,
            sitting: Sitting::default(),
            shown: None,
            printed: None,
            drawer: Drawer::new(),
            lies: false,
            earlier: (0, 0),
            last_tries: None,
            folder: folder.to_owned(),
            _own: None,
            observed: Observed::default(),
            latency: Duration::ZERO,
        };
        std::fs::create_dir_all(folder.join("storage"))?;
        std::fs::write(folder.join("outbox-key"), random_key()?)?;
        level.daemon = Some(level.begin()?);
        Ok(level)
    }

    fn begin(&self) -> Result<DaemonHandle> {
        let bundle = Bundle::load(self.clinic.terminal())?;
        let settings = Settings {
            terminal_id: bundle.terminal_id,
            client: bundle.client,
            result_key: bundle.result_key,
            storage: self.folder.join("storage"),
            socket: self.socket(),
            screen_uid: std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self")?),
            anchors: anchors()?,
            signers: SignerKeys::from_directory(&self.signers()?)?,
            weights: self.material.as_ref().map(Material::weights).transpose()?,
            texts: texts::built_in()?,
            limits: session::Limits::default(),
            timeline: Some(self.folder.join("timeline.jsonl")),
        };
        let key = WrappingKey::from_file(&self.folder.join("outbox-key"))?;
        let reader: Arc<dyn card::Reader> = Arc::<EmulatedReader>::clone(&self.reader);
        let mut devices = Devices::new(reader, key);
        if let Some(material) = &self.material {
            write_clip(&self.clip(), &material.faces.clip(Before::Nobody, None), "")?;
            devices = devices
                .with_face(terminal::worker(
                    &material.demo,
                    &material.models,
                    material.manifest.as_deref(),
                    &self.clip(),
                ))
                .with_scanner(Arc::new(self.scanner.clone()));
        }
        Ok(Daemon::start(settings, devices)?)
    }

    /// Keys above the data signers, as the configuration would name them.
    fn signers(&self) -> Result<PathBuf> {
        let folder = self.folder.join("signers");
        std::fs::create_dir_all(&folder)?;
        apdu_fixtures::pki::write_signer_keys(&folder)?;
        Ok(folder)
    }

    /// What the emulated camera plays.
    fn clip(&self) -> PathBuf {
        self.folder.join("before-the-camera")
    }

    /// Has the camera play this from its next opening on.
    fn sits_there(&self) -> Result<()> {
        let Some(material) = &self.material else { return Ok(()) };
        write_clip(&self.clip(), &material.faces.clip(self.sitting.before, self.shown), self.sitting.faults)
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("screen.sock")
    }

    fn glass(&mut self) -> Result<&mut Glass, Trouble> {
        self.glass.as_mut().ok_or_else(|| Trouble::Impossible("the kiosk is a window".to_owned()))
    }

    /// A card as the line of `emulated-card` describes it: `1001 tries=1 profile=face-only`.
    fn card(&self, line: &str) -> Result<EmulatedCard> {
        let order = CardOrder::parse(line, today_in_japan())?;
        // Tries that are named count; otherwise the card is as it was left.
        let key = (order.person.serial, order.profile.name());
        let left = self.drawer.get(&key).filter(|_| order.options.tries.is_none());
        let mut card = order.card()?;
        if let Some(counters) = left {
            card.restore_counters(counters);
        }
        Ok(card)
    }

    fn put(&mut self, line: &str) -> Result<()> {
        let (photo, shown) = match &self.material {
            Some(material) => photo_of(&material.faces, line),
            None => (String::new(), None),
        };
        let card = self.card(&format!("{line}{photo}"))?;
        self.shown = shown;
        self.printed =
            card.has_surface_code().then(|| card.surface_code().iter().map(|digit| char::from(*digit)).collect());
        self.sits_there()?;
        self.hand.insert(card);
        self.lies = true;
        Ok(())
    }

    fn counts(&self) -> Option<Counts> {
        self.hand.counts()
    }

    fn take(&mut self) {
        if let Some(counts) = self.counts() {
            self.earlier.0 += counts.verify - counts.codes;
            self.earlier.1 += counts.signatures;
            self.last_tries = counts.tries_left;
        }
        if let Some(card) = self.hand.remove() {
            self.drawer.insert((card.person().serial, card.profile().name()), card.counters());
        }
        self.lies = false;
    }

    fn catch_up(&mut self) -> Result<(), Trouble> {
        if let Some(glass) = &mut self.glass {
            glass.catch_up(&mut self.observed.seen).map_err(Trouble::Broken)?;
        }
        Ok(())
    }

    fn touch(&mut self, target: Target, times: u8) -> Result<(), Trouble> {
        self.catch_up()?;
        let glass = self.glass()?;
        let Some(view) = glass.view() else { return Err(Trouble::Impossible("nothing is on the glass".to_owned())) };
        let offered = crate::scenario::targets(&view);
        if !offered.contains(&target) {
            let offered: Vec<_> = offered.into_iter().map(Target::name).collect();
            let screen = ScreenName::of(&view.screen);
            return Err(Trouble::NotOffered { target: target.name(), screen, offered: offered.join(", ") });
        }
        for _ in 0..times {
            glass.say(&ToDaemon::Touched { revision: view.revision, target }).map_err(Trouble::Broken)?;
        }
        glass.wait_for_change(TOUCH);
        self.catch_up()
    }

    fn look_at_books(&mut self) -> Result<(), Trouble> {
        let counts = self.counts().unwrap_or_default();
        self.observed.verify_sent = self.earlier.0 + counts.verify - counts.codes;
        self.observed.tries_left = if self.lies { counts.tries_left } else { self.last_tries };
        let books = self.clinic.books().map_err(|cause| Trouble::Broken(format!("{cause:#}")))?;
        let books = serde_json::to_value(books).and_then(serde_json::from_value::<Vec<Booked>>);
        self.observed.books = books.map_err(|cause| Trouble::Broken(format!("the clinic's books: {cause}")))?;
        Ok(())
    }
}

fn anchors() -> Result<TrustAnchors> {
    Ok(TrustAnchors::from_ders(&apdu_fixtures::pki::anchors())?)
}

fn random_key() -> Result<[u8; 32]> {
    let mut key = [0; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut key)?;
    Ok(key)
}

fn broken(cause: &anyhow::Error) -> Trouble {
    Trouble::Broken(format!("{cause:#}"))
}

impl World for InProcess {
    fn level(&self) -> Level {
        Level::Daemon
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn insert(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        if self.lies {
            return Err(Trouble::Impossible("a card lies there already".to_owned()));
        }
        if card.lies == Lies::Other(OtherCard::NoChip) {
            self.hand.insert_mute();
            self.lies = true;
            return Ok(());
        }
        self.put(&crate::processes::card_line(card)).map_err(|cause| broken(&cause))
    }

    fn remove(&mut self) -> Result<(), Trouble> {
        if !self.lies {
            return Err(Trouble::Impossible("no card lies there".to_owned()));
        }
        self.take();
        Ok(())
    }

    fn swap(&mut self, card: &CardSetup) -> Result<(), Trouble> {
        World::remove(self)?;
        World::insert(self, card)
    }

    fn tap(&mut self, target: Target) -> Result<(), Trouble> {
        self.touch(target, 1)
    }

    fn double_tap(&mut self, target: Target) -> Result<(), Trouble> {
        self.touch(target, 2)
    }

    fn key(&mut self, digit: &Digit) -> Result<(), Trouble> {
        self.catch_up()?;
        let glass = self.glass()?;
        let Some(view) = glass.view() else { return Err(Trouble::Impossible("nothing is on the glass".to_owned())) };
        if !matches!(ScreenName::of(&view.screen), ScreenName::EnteringPin | ScreenName::KeyingSurfaceCode) {
            return Err(Trouble::Impossible("no number pad is shown".to_owned()));
        }
        glass.say(&ToDaemon::Key { revision: view.revision, digit: digit.clone() }).map_err(Trouble::Broken)?;
        glass.wait_for_change(TOUCH);
        self.catch_up()
    }

    fn clinic(&mut self, control: ClinicControl) -> Result<(), Trouble> {
        match control {
            ClinicControl::LinkDown => self.runtime.block_on(self.clinic.set_link(false)),
            ClinicControl::LinkUp => self.runtime.block_on(self.clinic.set_link(true)),
            ClinicControl::DropsReceipts(count) => self.clinic.drop_receipts(count),
            ClinicControl::Latency(time) => {
                self.latency = time;
                self.clinic.set_latency(time);
            }
            ClinicControl::RefusesResults => self.clinic.refuse_results(true),
            ClinicControl::PinLess(on) => self.clinic.set_pin_less(on),
        }
        Ok(())
    }

    fn reader(&mut self, control: ReaderControl) -> Result<(), Trouble> {
        match control {
            ReaderControl::Unplugged => self.hand.unplug(),
            ReaderControl::Plugged => self.hand.plug(),
        }
        Ok(())
    }

    fn camera(&mut self, sitter: Sitter) -> Result<(), Trouble> {
        self.sitting = sitting(sitter);
        self.sits_there().map_err(|cause| broken(&cause))
    }

    fn surface(&mut self, control: SurfaceControl) -> Result<(), Trouble> {
        self.scanner.reads_nothing(control == SurfaceControl::ReadsNothing);
        if control == SurfaceControl::ReadsWrongOnce {
            self.scanner.reads_wrong_once();
        }
        Ok(())
    }

    fn surface_code(&mut self) -> Result<String, Trouble> {
        let printed = self.printed.clone().filter(|_| self.lies);
        printed.ok_or_else(|| Trouble::Impossible("no code is printed there".to_owned()))
    }

    /// A thread cannot be killed; the daemon is ended in the middle of whatever it does. Level 3 kills for real.
    fn kill_daemon(&mut self) -> Result<(), Trouble> {
        self.glass = None;
        drop(self.daemon.take().ok_or_else(|| Trouble::Impossible("the daemon does not run".to_owned()))?);
        Ok(())
    }

    fn start_daemon(&mut self) -> Result<(), Trouble> {
        if self.daemon.is_some() {
            return Err(Trouble::Impossible("the daemon runs already".to_owned()));
        }
        self.daemon = Some(self.begin().map_err(|cause| broken(&cause))?);
        self.glass = Some(Glass::connect(&self.socket(), self.began).map_err(|cause| broken(&cause))?);
        Ok(())
    }

    fn at(&mut self, moment: Moment) -> Result<bool, Trouble> {
        self.catch_up()?;
        let counts = self.counts().unwrap_or_default();
        Ok(moment_is_now(moment, &self.observed.seen, counts.verify - counts.codes, counts.signatures))
    }

    fn now_shown(&mut self) -> Result<Option<Seen>, Trouble> {
        self.catch_up()?;
        Ok(self.observed.seen.last().cloned())
    }

    fn pass(&mut self, at_most: Duration) -> Result<Passed, Trouble> {
        std::thread::sleep(at_most.min(LOOK));
        if self.daemon.as_ref().is_some_and(DaemonHandle::has_ended) {
            return Err(Trouble::Broken("the daemon has ended by itself".to_owned()));
        }
        self.catch_up()?;
        Ok(Passed::On)
    }

    fn observe(&mut self) -> Result<Observed, Trouble> {
        self.catch_up()?;
        self.look_at_books()?;
        Ok(self.observed.clone())
    }

    fn finish(&mut self) -> Result<Observed, Trouble> {
        let until = Instant::now() + self.latency + Duration::from_millis(400);
        while Instant::now() < until {
            self.pass(LOOK)?;
        }
        let observed = self.observe()?;
        self.glass = None;
        self.daemon = None;
        Ok(observed)
    }
}

impl Backstage for InProcess {
    fn insert(&mut self, card: &str) -> Result<()> {
        self.put(&with_dates(card))
    }

    fn remove(&mut self) -> Result<()> {
        self.take();
        Ok(())
    }

    fn reader(&mut self, there: bool) -> Result<()> {
        if there {
            self.hand.plug();
        } else {
            self.take();
            self.hand.unplug();
        }
        Ok(())
    }

    fn camera(&mut self, word: &str) -> Result<()> {
        self.sitting = Sitting::by_word(word).with_context(|| format!("nobody knows {word}"))?;
        self.sits_there()
    }

    fn clinic(&mut self, line: &str) -> Result<()> {
        match line {
            "pin-less off" => self.clinic.set_pin_less(false),
            "pin-less on" => self.clinic.set_pin_less(true),
            "link down" => self.runtime.block_on(self.clinic.set_link(false)),
            "link up" => self.runtime.block_on(self.clinic.set_link(true)),
            _ => {
                let count = line.strip_prefix("drop-receipts ").and_then(|count| count.parse().ok());
                self.clinic.drop_receipts(count.with_context(|| format!("nobody knows {line}"))?);
            }
        }
        Ok(())
    }
}

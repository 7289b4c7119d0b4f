//! Level 2: the daemon's library in this process, with an emulated card in its reader and the reference clinic behind
//! real TLS. The kiosk's place is taken by a client of its socket that shows and touches what a kiosk would.

mod backstage;
mod glass;
mod hands;
mod passcode;

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
use qualification::{Bundle, PasscodeCopy, WrappingKey};
use reader_daemon::{
    Daemon, DaemonHandle, Devices, Settings,
    config::{PhoneReader, Visual},
    texts,
};
use screen::{Target, ToDaemon};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::glass::Glass;
pub(crate) use self::passcode::{close_twice, write_passcode};
use crate::{
    faces::{Before, Material, Sitting, write_clip},
    processes::{OnPhoto, photo_of},
    scenario::{
        Booked, Observed, PASSCODE_HASHED, PasscodeBy, Phones, Scenario, ScreenName, Terminal, Trouble, targets,
    },
    terminal,
};

/// A touch has had its effect on the glass within this, or was ignored.
const TOUCH: Duration = Duration::from_millis(150);
/// The kiosk's place is looked for this often.
const LOOK: Duration = Duration::from_millis(5);

/// Cards that were in the reader before keep their counters.
type Drawer = BTreeMap<(u32, &'static str), Counters>;

/// A reader of its own for phones, with a hand.
struct PhonePlace {
    reader: Arc<EmulatedReader>,
    hand: Hand,
}

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
    terminal: Terminal,
    phones: PhonePlace,
    /// A phone lies where this terminal takes them.
    phone_lies: bool,
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
    console: bool,
}

/// The staff password of the demo's console. Not a secret: it opens nothing but emulated terminals.
pub const CONSOLE_PASSWORD: &str = "mihon-shinryojo";

fn console_at(folder: &Path) -> Result<console::Options> {
    let password_file = folder.join("console.password");
    std::fs::write(&password_file, console::password::hash(CONSOLE_PASSWORD)?)?;
    std::fs::set_permissions(&password_file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let listen = std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0));
    Ok(console::Options { listen, names: vec!["localhost".to_owned()], password_file, tls: None })
}

impl InProcess {
    /// Starts daemon, clinic and the client in the kiosk's place.
    ///
    /// # Errors
    /// What did not start.
    pub fn start(scenario: &Scenario, material: Option<Material>) -> Result<Self> {
        let own = tempfile::Builder::new().prefix("reader-daemon-").tempdir()?;
        let mut level = Self::at(own.path(), scenario.terminal, material)?;
        level.glass = Some(Glass::connect(&level.socket(), level.began)?);
        level._own = Some(own);
        Ok(level)
    }

    /// Starts daemon and clinic in `folder`; a kiosk connects to `folder/screen.sock`.
    ///
    /// # Errors
    /// What did not start.
    pub fn at(folder: &Path, terminal: Terminal, material: Option<Material>) -> Result<Self> {
        Self::begin_at(folder, terminal, material, false)
    }

    /// The same, with a staff console on a free port of this machine; its password is [`CONSOLE_PASSWORD`].
    ///
    /// # Errors
    /// What did not start.
    pub fn with_console(folder: &Path, terminal: Terminal, material: Option<Material>) -> Result<Self> {
        Self::begin_at(folder, terminal, material, true)
    }

    fn begin_at(folder: &Path, terminal: Terminal, material: Option<Material>, console: bool) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let told = terminal.passcode == Some(PasscodeBy::Clinic);
        let passcode = told.then(|| PasscodeCopy { argon2id: PASSCODE_HASHED.to_owned() });
        let options = ClinicOptions { demo: true, passcode, ..ClinicOptions::new(&folder.join("clinic"), anchors()?) };
        let clinic = runtime.block_on(Clinic::start(options)).context("the clinic's service")?;
        let (reader, hand) = EmulatedReader::new("Emulated reader");
        let (phone_reader, phone_hand) = EmulatedReader::new("Emulated reader for phones");
        let mut level = Self {
            began: Instant::now(),
            daemon: None,
            glass: None,
            clinic,
            runtime,
            reader: Arc::new(reader),
            scanner: hand.scanner(),
            hand,
            terminal,
            phones: PhonePlace { reader: Arc::new(phone_reader), hand: phone_hand },
            phone_lies: false,
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
            console,
        };
        std::fs::create_dir_all(folder.join("storage"))?;
        std::fs::write(folder.join("outbox-key"), random_key()?)?;
        if terminal.passcode == Some(PasscodeBy::Terminal) {
            write_passcode(&folder.join("passcode"))?;
        }
        if terminal.closed_twice {
            close_twice(&folder.join("storage"))?;
        }
        level.daemon = Some(level.begin()?);
        Ok(level)
    }

    fn begin(&self) -> Result<DaemonHandle> {
        let bundle = Bundle::load(self.clinic.terminal())?;
        let settings = Settings {
            terminal_id: bundle.terminal_id,
            phone: match self.terminal.phones {
                Phones::Nowhere => PhoneReader::None,
                Phones::OwnReader => PhoneReader::Own("Emulated reader for phones".to_owned()),
                Phones::CardReader => PhoneReader::Same,
            },
            placement: screen::Placement::default(),
            visual: self.terminal.passcode.map(|_| Visual { passcode_file: Some(self.folder.join("passcode")) }),
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
            console: self.console.then(|| console_at(&self.folder)).transpose()?,
            timeline: Some(self.folder.join("timeline.jsonl")),
        };
        let key = WrappingKey::from_file(&self.folder.join("outbox-key"))?;
        let reader: Arc<dyn card::Reader> = Arc::<EmulatedReader>::clone(&self.reader);
        let mut devices = Devices::new(reader, key);
        if self.terminal.phones == Phones::OwnReader {
            let reader: Arc<dyn card::Reader> = Arc::<EmulatedReader>::clone(&self.phones.reader);
            devices = devices.with_phone_reader(reader);
        }
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

    fn put(&mut self, line: &str, on_photo: OnPhoto) -> Result<()> {
        let (photo, shown) = match &self.material {
            Some(material) => photo_of(&material.faces, line, on_photo),
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

    /// Where this terminal takes phones.
    fn phone_hand(&self) -> Result<&Hand, Trouble> {
        match self.terminal.phones {
            Phones::OwnReader => Ok(&self.phones.hand),
            Phones::CardReader => Ok(&self.hand),
            Phones::Nowhere => {
                Err(Trouble::Impossible("this terminal takes no phones: say \"terminal: phones at …\"".to_owned()))
            }
        }
    }

    fn take_phone(&mut self) -> Result<(), Trouble> {
        let hand = self.phone_hand()?;
        let (counts, phone) = (hand.counts(), hand.remove());
        self.remember(counts, phone);
        self.phone_lies = false;
        Ok(())
    }

    /// What went away keeps its counters.
    fn remember(&mut self, counts: Option<Counts>, card: Option<EmulatedCard>) {
        if let Some(counts) = counts {
            self.earlier.0 += counts.verify - counts.codes;
            self.earlier.1 += counts.signatures;
            self.last_tries = counts.tries_left;
        }
        if let Some(card) = card {
            self.drawer.insert((card.person().serial, card.profile().name()), card.counters());
        }
    }

    /// Of whatever lies there now: a phone where one lies, else the card.
    fn lying(&self) -> Option<Counts> {
        if self.phone_lies { self.phone_hand().ok()?.counts() } else { self.counts() }
    }

    fn counts(&self) -> Option<Counts> {
        self.hand.counts()
    }

    fn take(&mut self) {
        let (counts, card) = (self.counts(), self.hand.remove());
        self.remember(counts, card);
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
        let offered = targets(&view);
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
        let counts = self.lying().unwrap_or_default();
        self.observed.verify_sent = self.earlier.0 + counts.verify - counts.codes;
        let lies = self.lies || self.phone_lies;
        self.observed.tries_left = if lies { counts.tries_left } else { self.last_tries };
        let read = |cause: anyhow::Error| broken(&cause);
        let count = |entries: usize| u32::try_from(entries).unwrap_or(u32::MAX);
        self.observed.sign_ups = count(self.clinic.sign_ups().map_err(read)?.len());
        self.observed.lookups = count(self.clinic.certificate_lookups().map_err(read)?.len());
        let books = self.clinic.books().map_err(read)?;
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

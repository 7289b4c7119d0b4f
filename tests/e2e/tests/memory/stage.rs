//! Daemon and kiosk as processes of their own, a card and a clinic in the test's.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use apdu_fixtures::{EmulatedReader, Hand};
use demo::{faces::Material, terminal};
use e2e::World;
use qualification::WrappingKey;
use reader_daemon::{Config, Daemon, Devices, FaceWorker, Settings};
use serde_json::Value;

use crate::remote::{self, RemoteReader};

const PATIENCE: Duration = Duration::from_secs(30);
/// Where the daemon's process finds its folder.
const FOLDER: &str = "READER_DAEMON_MEMORY_FOLDER";

/// Everything of one run.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) hand: Hand,
    pub(crate) daemon: Process,
    pub(crate) kiosk: Kiosk,
}

/// How the daemon's process starts face workers.
pub(crate) struct Faces {
    pub(crate) material: Material,
    /// The file that names what the emulated camera plays.
    pub(crate) clip: PathBuf,
    /// What the scanner reads from the card.
    pub(crate) surface_code: [u8; 14],
}

impl Stage {
    /// Starts everything; the kiosk shows the start screen. Inside a tokio runtime.
    pub(crate) async fn start(faces: Option<Faces>) -> Self {
        let world = World::with(|clinic| clinic.demo = true).await;
        let folder = world.folder().to_owned();
        let (reader, hand) = EmulatedReader::new("Emulated reader");
        let code = faces.as_ref().map(|faces| faces.surface_code);
        remote::serve(&folder.join("reader.sock"), reader, move || code);
        if let Some(faces) = &faces {
            fs::create_dir(folder.join("signers")).unwrap();
            apdu_fixtures::pki::write_signer_keys(&folder.join("signers")).unwrap();
            let Material { models, manifest, demo, .. } = &faces.material;
            let words = terminal::worker_arguments(models, manifest.as_deref(), &faces.clip);
            let words: Vec<_> = std::iter::once(demo.as_os_str()).chain(words.iter().map(AsRef::as_ref)).collect();
            fs::write(folder.join("face-worker"), words.join(OsStr::new("\n")).as_encoded_bytes()).unwrap();
        }
        let face = faces.map(|faces| {
            let Material { models, manifest, .. } = faces.material;
            let list = manifest.map_or(String::new(), |list| format!("manifest = \"{}\"\n", list.display()));
            format!("[face]\nmodels = \"{}\"\n{list}signers = \"signers\"\n", models.display())
        });
        let _ = world.config(&face.unwrap_or_default());
        let mut daemon = Command::new(std::env::current_exe().unwrap());
        daemon.args(["--ignored", "--exact", "the_daemons_own_process", "--nocapture"]).env(FOLDER, &folder);
        let daemon = Process::start(daemon);
        let socket = folder.join("screen.sock");
        wait("the daemon", || socket.exists());
        let kiosk = Kiosk::start(&socket, &folder.join("pictures"));
        Self { world, hand, daemon, kiosk }
    }
}

/// What runs in the daemon's process: the library with the reader at the other end of a socket, until standard input
/// ends.
pub(crate) fn be_the_daemon() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("another test starts this process"));
    let config = Config::read(&folder.join("reader-daemon.toml")).unwrap();
    let settings = Settings::load_at_least(&config, terminal::LEAST).unwrap();
    let key = WrappingKey::from_file(&folder.join("outbox-key")).unwrap();
    let reader = || Arc::new(RemoteReader(folder.join("reader.sock")));
    let mut devices = Devices::new(reader(), key);
    if let Ok(words) = fs::read_to_string(folder.join("face-worker")) {
        let mut words = words.lines();
        let program = words.next().expect("a program").to_owned();
        devices = devices.with_face(FaceWorker::new(program, words)).with_scanner(reader());
    }
    let daemon = Daemon::start(settings, devices).unwrap();
    let _ = std::io::stdin().lines().count();
    drop(daemon);
}

/// A process that ends with this value.
pub(crate) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdin = child.stdin.take();
        Self { child, stdin }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the process listens");
    }

    /// Process ids of its children: the face worker is one.
    pub(crate) fn children(&self) -> Vec<u32> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.id())).into_iter().flatten().flatten();
        let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stdin = None;
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The kiosk program without a display.
pub(crate) struct Kiosk {
    pub(crate) process: Process,
    shown: mpsc::Receiver<Value>,
    /// Everything it has shown.
    seen: Vec<String>,
}

impl Kiosk {
    fn start(socket: &Path, pictures: &Path) -> Self {
        fs::create_dir_all(pictures).unwrap();
        let test = std::env::current_exe().unwrap();
        let program = test.parent().and_then(Path::parent).unwrap().join("kiosk");
        assert!(program.exists(), "{} is missing: cargo build --workspace --bins", program.display());
        let mut command = Command::new(program);
        command.arg("--socket").arg(socket).arg("--headless").arg(pictures).stdout(Stdio::piped());
        let mut process = Process::start(command);
        let lines = BufReader::new(process.child.stdout.take().unwrap()).lines();
        let (show, shown) = mpsc::channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event: Value = serde_json::from_str(&line).unwrap_or_default();
                if event["event"] == "shown" && show.send(event).is_err() {
                    return;
                }
            }
        });
        Self { process, shown, seen: Vec::new() }
    }

    /// Waits until a screen of this kind is shown, without a fault, that was not waited for before.
    pub(crate) fn wait(&mut self, screen: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(event) = self.shown.recv_timeout(left) else {
                panic!("«{screen}» was never shown; shown were {:?}", self.seen)
            };
            let name = event["screen"].as_str().unwrap_or_default().to_owned();
            let fits = name == screen && event["fault"].is_null();
            self.seen.push(name);
            if fits {
                return event;
            }
        }
    }

    /// Waits until a screen of this kind offers this target.
    pub(crate) fn wait_until(&mut self, screen: &str, target: &str) {
        loop {
            let event = self.wait(screen);
            if event["targets"].as_array().is_some_and(|targets| targets.iter().any(|name| name == target)) {
                return;
            }
        }
    }

    pub(crate) fn say(&mut self, command: &str) {
        self.process.write(format!("{command}\n").as_bytes());
    }
}

/// Waits for something that comes by itself.
pub(crate) fn wait(what: &str, mut there: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !there() {
        assert!(Instant::now() < until, "{what} did not come");
        thread::sleep(Duration::from_millis(20));
    }
}

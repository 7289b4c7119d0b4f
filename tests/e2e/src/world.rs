//! A clinic, a reader with a hand, and a daemon between them, in one temporary folder.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use apdu_fixtures::{CardOptions, EmulatedCard, EmulatedReader, Hand, Profile, people};
use card::TrustAnchors;
use clinic::{Clinic, ClinicOptions};
use face::WeightsLevel;
use qualification::WrappingKey;
use reader_daemon::{Config, Daemon, DaemonHandle, Devices, FaceWorker, Settings};
use tempfile::TempDir;

use crate::Kiosk;

/// Everything but the patient.
pub struct World {
    /// The clinic's service.
    pub clinic: Clinic,
    /// Puts cards on the reader.
    pub hand: Hand,
    reader: EmulatedReader,
    folder: TempDir,
}

impl World {
    /// Starts the clinic; the daemon comes with [`World::daemon`]. Inside a tokio runtime.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with another clinic.
    pub async fn with(change: impl FnOnce(&mut ClinicOptions)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let anchors = folder.path().join("anchors");
        fs::create_dir(&anchors).expect("a folder");
        for (number, der) in apdu_fixtures::pki::anchors().iter().enumerate() {
            fs::write(anchors.join(format!("root-{number}.der")), der).expect("an anchor");
        }
        let mut options = ClinicOptions::new(
            &folder.path().join("clinic"),
            TrustAnchors::from_directory(&anchors).expect("the anchors of the emulated cards"),
        );
        change(&mut options);
        let clinic = Clinic::start(options).await.expect("the clinic starts");
        let (reader, hand) = EmulatedReader::new("Emulated Reader");
        let key: Vec<u8> = (0..32).collect();
        fs::write(folder.path().join("outbox-key"), key).expect("the throw-away key");
        Self { clinic, hand, reader, folder }
    }

    /// The folder of this world.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration file for the clinic's terminal bundle, with `more` behind it.
    #[must_use]
    pub fn config(&self, more: &str) -> PathBuf {
        let bundle = self.clinic.terminal().display().to_string();
        let text = format!(
            "[terminal]\nid = \"terminal-1\"\n[reader]\npattern = \"Emulated\"\n[service]\nurl = \"{}\"\n\
             ca = \"{bundle}/service-ca.pem\"\ncertificate = \"{bundle}/client.pem\"\nkey = \"{bundle}/client.key\"\n\
             [result]\nkey = \"{bundle}/result.key\"\n[storage]\ndirectory = \"storage\"\n\
             [screen]\nsocket = \"screen.sock\"\n[trust]\nanchors = \"anchors\"\n{more}",
            self.clinic.url()
        );
        let path = self.folder().join("reader-daemon.toml");
        fs::create_dir_all(self.folder().join("storage")).expect("the storage folder");
        fs::write(&path, text).expect("the configuration");
        path
    }

    /// Starts the daemon with the emulated reader.
    #[must_use]
    pub fn daemon(&self, more: &str) -> DaemonHandle {
        let config = Config::read(&self.config(more)).expect("the configuration");
        self.start(Settings::load(&config).expect("the settings"), None)
    }

    /// Starts it as the demo would, with weights of this level, whose files are not there: the face way stays closed.
    #[must_use]
    pub fn daemon_of(&self, level: WeightsLevel) -> DaemonHandle {
        let built_in = include_str!("../../../models/MANIFEST.toml");
        let list = built_in.replacen("level = \"research\"", &format!("level = \"{level}\""), 1);
        fs::write(self.folder().join("MANIFEST.toml"), list).expect("the list of models");
        let signers = self.folder().join("signers");
        fs::create_dir_all(&signers).expect("a folder");
        apdu_fixtures::pki::write_signer_keys(&signers).expect("the keys of the emulated cards");
        let face = "[face]\nmodels = \"none\"\nmanifest = \"MANIFEST.toml\"\nsigners = \"signers\"\n";
        let config = Config::read(&self.config(face)).expect("the configuration");
        let settings = Settings::load_at_least(&config, WeightsLevel::Demonstration).expect("the settings");
        self.start(settings, Some(FaceWorker::new("/bin/false", [""; 0])))
    }

    fn start(&self, mut settings: Settings, face: Option<FaceWorker>) -> DaemonHandle {
        settings.timeline = Some(self.folder().join("timeline.jsonl"));
        let wrapping_key = WrappingKey::from_file(&self.folder().join("outbox-key")).expect("the throw-away key");
        let devices = Devices::new(Arc::new(self.reader.clone()), wrapping_key);
        let devices = match face {
            Some(face) => devices.with_face(face),
            None => devices,
        };
        Daemon::start(settings, devices).expect("the daemon starts")
    }

    /// A kiosk at the daemon's socket.
    #[must_use]
    pub fn kiosk(&self) -> Kiosk {
        Kiosk::connect(&self.folder().join("screen.sock"))
    }

    /// Puts a person's card on the reader: PIN 1234, three tries.
    pub fn insert(&self, serial: u32) {
        let person = people::by_serial(serial).expect("an invented person");
        self.hand.insert(EmulatedCard::new(Profile::Standard, &person, CardOptions::today()));
    }

    /// The lines of the `--timeline` file.
    #[must_use]
    pub fn timelines(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.folder().join("timeline.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// What is on the daemon's disk, all of it.
    #[must_use]
    pub fn stored_bytes(&self) -> Vec<u8> {
        fn gather(folder: &Path, into: &mut Vec<u8>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    gather(&path, into);
                } else {
                    into.extend(fs::read(&path).expect("a file"));
                }
            }
        }
        let mut bytes = Vec::new();
        gather(&self.folder().join("storage"), &mut bytes);
        bytes
    }
}

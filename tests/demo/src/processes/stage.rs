//! Where the programs are, and the files they need: configuration, keys, a throw-away outbox key handed over the way
//! systemd credentials do.

use std::{
    env, fs,
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{
    faces::{Before, Material, write_clip},
    in_process::{close_twice, write_passcode},
    scenario::{PasscodeBy, Phones, Terminal},
};

/// The programs of a level-3 run.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The shipped daemon.
    pub daemon: PathBuf,
    /// The shipped kiosk.
    pub kiosk: PathBuf,
    /// The reference service.
    pub clinic: PathBuf,
    /// The emulated card behind vpcd.
    pub card: PathBuf,
    /// `libifdvpcd.so`, unpacked.
    pub vpcd: PathBuf,
}

impl Programs {
    /// The programs beside this one, and the driver `scripts/setup` unpacked.
    ///
    /// # Errors
    /// Which program is missing and how it is built.
    pub fn find() -> Result<Self> {
        let here = env::current_exe()?;
        let mut folder = here.parent().context("own folder")?;
        if folder.ends_with("deps") {
            folder = folder.parent().context("own folder")?;
        }
        let program = |name: &str| -> Result<PathBuf> {
            let path = folder.join(name);
            if !path.exists() {
                bail!("{} is missing\n  cure: cargo build --workspace", path.display());
            }
            Ok(path)
        };
        Ok(Self {
            daemon: program("reader-daemon")?,
            kiosk: program("kiosk")?,
            clinic: program("clinic")?,
            card: program("emulated-card")?,
            vpcd: vpcd()?,
        })
    }
}

fn vpcd() -> Result<PathBuf> {
    let path = PathBuf::from(env::var_os("READER_DAEMON_VPCD").context("READER_DAEMON_VPCD names no driver")?);
    if !path.exists() {
        bail!("the virtual reader's driver is not at {}\n  cure: scripts/setup card", path.display());
    }
    Ok(path)
}

/// Names another folder of clips than the usual one.
const VOICE: &str = "READER_DAEMON_VOICE";

/// What the kiosk says: the folder that `scripts/voice` made.
pub(crate) fn clips() -> Option<PathBuf> {
    let cache = || env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let made = || cache().or_else(home).map(|cache| cache.join("reader-daemon/voice"));
    env::var_os(VOICE).map(PathBuf::from).or_else(made)
}

/// A sound card that writes down what it is given.
fn sound(into: &Path) -> String {
    let (file, null) = ("type file\nformat raw", "slave.pcm { type null }");
    format!("pcm.!default {{\n{file}\nfile \"{}\"\n{null}\n}}\n", into.display())
}

/// The files of one run, in a folder that goes with it.
pub struct Stage {
    programs: Programs,
    out: PathBuf,
    folder: PathBuf,
    socket: PathBuf,
    terminal: Terminal,
    /// Without it the face way is closed, and the daemon is the program that ships.
    material: Option<Material>,
}

impl Stage {
    /// Makes the folder. It lies in /run of the namespace: memory, gone with the run.
    ///
    /// # Errors
    /// What could not be written.
    pub fn new(
        programs: &Programs,
        out: &Path,
        socket: Option<&Path>,
        terminal: Terminal,
        material: Option<Material>,
    ) -> Result<Self> {
        let folder = PathBuf::from("/run/stage");
        let _ = fs::remove_dir_all(&folder);
        for name in ["clinic", "storage", "credentials", "anchors", "signers"] {
            fs::create_dir_all(folder.join(name))?;
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o700))?;
        }
        apdu_fixtures::pki::write_anchors(&folder.join("anchors"))?;
        apdu_fixtures::pki::write_signer_keys(&folder.join("signers"))?;
        fs::write(folder.join("asound.conf"), sound(&folder.join("spoken.raw")))?;
        let mut key = [0; 32];
        fs::File::open("/dev/urandom")?.read_exact(&mut key)?;
        fs::write(folder.join("credentials/outbox-key"), key)?;
        let socket = socket.map_or_else(|| folder.join("screen.sock"), Path::to_owned);
        let stage = Self { programs: programs.clone(), out: out.to_owned(), folder, socket, terminal, material };
        // The clinic tells its terminals the same words that a terminal keeps itself.
        write_passcode(&stage.passcode())?;
        if terminal.closed_twice {
            close_twice(&stage.storage())?;
        }
        if let Some(material) = &stage.material {
            write_clip(&stage.clip(), &material.faces.clip(Before::Nobody, None), "")?;
        }
        Ok(stage)
    }

    /// Writes the daemon's configuration once the clinic told where it listens.
    ///
    /// # Errors
    /// What could not be read or written.
    pub fn configure(&mut self, listening: &Value) -> Result<()> {
        let word =
            |name: &str| listening.get(name).and_then(Value::as_str).with_context(|| format!("clinic told no {name}"));
        let (url, bundle) = (word("url")?, word("terminal")?);
        let text = format!(
            "[terminal]\nid = \"{id}\"\n\n[reader]\npattern = \"Virtual PCD 00 00\"\nphone = \"{phone}\"\n\n\
             [service]\nurl = \"{url}\"\nca = \"{bundle}/service-ca.pem\"\ncertificate = \"{bundle}/client.pem\"\n\
             key = \"{bundle}/client.key\"\n\n[result]\nkey = \"{bundle}/result.key\"\n\n\
             [storage]\ndirectory = \"{storage}\"\n\n[screen]\nsocket = \"{socket}\"\n\n\
             [trust]\nanchors = \"{anchors}\"\n{visual}{face}",
            phone = match self.terminal.phones {
                Phones::Nowhere => "none",
                Phones::OwnReader => "Virtual PCD 00 01",
                Phones::CardReader => "same",
            },
            visual = match self.terminal.passcode {
                None => String::new(),
                Some(PasscodeBy::Terminal) => {
                    format!("\n[visual]\nenabled = true\npasscode_file = \"{}\"\n", self.passcode().display())
                }
                Some(PasscodeBy::Clinic | PasscodeBy::Nobody) => "\n[visual]\nenabled = true\n".to_owned(),
            },
            id = self.terminal_id(Path::new(bundle))?,
            storage = self.storage().display(),
            socket = self.socket.display(),
            anchors = self.folder.join("anchors").display(),
            face = self.material.as_ref().map_or(String::new(), |material| {
                let (models, signers) = (material.models.display(), self.folder.join("signers"));
                let list = material.manifest.as_ref();
                let list = list.map_or(String::new(), |list| format!("manifest = \"{}\"\n", list.display()));
                format!("\n[face]\nmodels = \"{models}\"\n{list}signers = \"{}\"\n", signers.display())
            }),
        );
        fs::write(self.configuration(), text)?;
        Ok(())
    }

    fn terminal_id(&self, bundle: &Path) -> Result<String> {
        let text = fs::read_to_string(bundle.join("terminal.toml")).context("the terminal's bundle")?;
        let id = text.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        Ok(id.context("terminal.toml has no id")?.to_owned())
    }

    /// Where the daemon writes its timelines.
    #[must_use]
    pub fn timeline(&self) -> PathBuf {
        self.folder.join("timeline.jsonl")
    }

    /// Models and faces.
    pub(super) fn material(&self) -> Option<&Material> {
        self.material.as_ref()
    }

    /// What the emulated camera plays.
    pub(super) fn clip(&self) -> PathBuf {
        self.folder.join("before-the-camera")
    }

    /// What the surface scanner reads.
    pub(super) fn surface(&self) -> PathBuf {
        self.folder.join("surface")
    }

    /// What staff type after the visual check closed for the day.
    pub(super) fn open_passcode(&self) -> Command {
        let mut command = Command::new(&self.programs.daemon);
        command.args(["passcode", "--open", "--config"]).arg(self.configuration());
        command
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("reader-daemon.toml")
    }

    /// Where the daemon keeps what must not be lost.
    pub(super) fn storage(&self) -> PathBuf {
        self.folder.join("storage")
    }

    fn passcode(&self) -> PathBuf {
        self.folder.join("passcode")
    }

    pub(super) fn takes_phones(&self) -> bool {
        self.terminal.phones != Phones::Nowhere
    }

    /// What the daemon wrote to its standard error.
    pub(super) fn said_by_daemon(&self) -> PathBuf {
        self.out.join("reader-daemon.txt")
    }

    fn command(&self, program: &Path) -> Command {
        let name = program.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.command_as(program, &name)
    }

    fn command_as(&self, program: &Path, name: &str) -> Command {
        let mut command = Command::new(program);
        let log = fs::File::options().create(true).append(true).open(self.out.join(format!("{name}.txt")));
        command.stderr(log.map_or_else(|_| Stdio::inherit(), Stdio::from));
        command
    }

    pub(super) fn clinic(&self) -> Command {
        let mut command = self.command(&self.programs.clinic);
        command
            .arg("--demo")
            .arg("--dir")
            .arg(self.folder.join("clinic"))
            .arg("--anchors")
            .arg(self.folder.join("anchors"));
        if self.terminal.passcode == Some(PasscodeBy::Clinic) {
            command.arg("--passcode").arg(self.passcode());
        }
        command
    }

    /// The card in the second virtual reader.
    pub(super) fn phone(&self) -> Command {
        let mut command = self.command(&self.programs.card);
        command.arg("--address").arg(apdu_fixtures::vpcd::SECOND_ADDRESS.to_string());
        command
    }

    pub(super) fn card(&self) -> Command {
        self.command(&self.programs.card)
    }

    pub(super) fn daemon(&self) -> Command {
        let mut command = match &self.material {
            None => self.command(&self.programs.daemon),
            // The program that ships links no emulated camera.
            Some(material) => self.command_as(&material.demo, "reader-daemon"),
        };
        match &self.material {
            None => command.arg("run"),
            Some(_) => command.arg("terminal").arg("--clip").arg(self.clip()).arg("--surface").arg(self.surface()),
        };
        command.arg("--config").arg(self.configuration());
        command.arg("--timeline").arg(self.timeline()).env("CREDENTIALS_DIRECTORY", self.folder.join("credentials"));
        command
    }

    pub(super) fn kiosk(&self, size: &str) -> Command {
        let mut command = self.command(&self.programs.kiosk);
        command.arg("--socket").arg(&self.socket).arg("--headless").arg(&self.out).args(["--size", size]);
        // What it says goes through ALSA into a file, and out of no loudspeaker.
        if let Some(clips) = clips().filter(|clips| clips.is_dir()) {
            command.arg("--voice").arg(clips).env("ALSA_CONFIG_PATH", self.folder.join("asound.conf"));
        }
        command
    }
}

//! The configuration file. Every error names the key, the cause and the cure.

mod file;

use std::{
    fs::File,
    io::Read as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use screen::{Motion, PhotoSide, Placement};
use session::Limits;

use crate::limits::MAX_FILE;
use file::{ConfigFile, ConsoleSection, PlacementKeys};

/// The configuration, with every path made absolute from the file's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The terminal's name at the service.
    pub terminal_id: String,
    /// A part of the PC/SC reader's name.
    pub reader_pattern: String,
    /// Where phones are taken.
    pub phone: PhoneReader,
    /// How a card is placed in this reader; words and pictures follow.
    pub placement: Placement,
    /// The visual check; `None`: it is not offered here.
    pub visual: Option<Visual>,
    /// Where the service is and who we are to it.
    pub service: Service,
    /// PEM file of the key that signs results.
    pub result_key: PathBuf,
    /// Folder of outbox and journal.
    pub storage: PathBuf,
    /// The kiosk's socket.
    pub socket: PathBuf,
    /// The kiosk's user; `None`: the daemon's own.
    pub screen_uid: Option<u32>,
    /// Folder of trust anchors.
    pub anchors: PathBuf,
    /// The face way; `None`: this terminal has none.
    pub face: Option<Face>,
    /// The staff console; `None`: there is none.
    pub console: Option<console::Options>,
    /// Own table of faults.
    pub faults: Option<PathBuf>,
    /// Own consent wordings.
    pub consent: Option<PathBuf>,
    /// Durations of a visit.
    pub limits: Limits,
}

/// Section `[service]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// `https://…`
    pub url: String,
    /// PEM file of the issuer of the service's certificate.
    pub ca: PathBuf,
    /// PEM file of the terminal's client certificate.
    pub certificate: PathBuf,
    /// PEM file of its key.
    pub key: PathBuf,
}

/// Key `phone` of section `[reader]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PhoneReader {
    /// Nowhere.
    #[default]
    None,
    /// At the card's reader; the token label tells card and phone apart.
    Same,
    /// At a reader of their own, by a part of its PC/SC name.
    Own(String),
}

/// Section `[visual]`, where it is enabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visual {
    /// The hashed passcode, as `reader-daemon passcode` writes it; `None`: only the service's copy counts.
    pub passcode_file: Option<PathBuf>,
}

/// Section `[face]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Folder of the model files.
    pub models: PathBuf,
    /// Another list of models than the built-in one.
    pub manifest: Option<PathBuf>,
    /// A part of the camera's product name, its `vendor:product` id, or its physical path; `None`: the only camera.
    pub camera: Option<String>,
    /// Folder of the keys above the data signers of photo records.
    pub signers: PathBuf,
}

/// What is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {cause}\n  cure: {cure}")]
pub struct ConfigError {
    /// The key, or the file.
    pub key: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub cure: String,
}

impl ConfigError {
    pub(crate) fn new(key: impl Into<String>, cause: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { key: key.into(), cause: cause.into(), cure: cure.into() }
    }
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read_file(path, "--config")?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        Self::parse(&text, &folder)
            .map_err(|error| ConfigError { key: format!("{}: {}", path.display(), error.key), ..error })
    }

    /// Checks the text of a configuration; relative paths start at `folder`.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let file: ConfigFile = toml::from_str(text).map_err(|error| form_error(text, &error))?;
        let id = file.terminal.id;
        if id.is_empty()
            || id.len() > 64
            || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        {
            return Err(ConfigError::new(
                "[terminal] id",
                "it has 1 to 64 letters, digits, '-', '.' or '_'",
                "write the common name of the terminal's client certificate",
            ));
        }
        if file.reader.pattern.trim().is_empty() {
            return Err(ConfigError::new(
                "[reader] pattern",
                "it is empty and would match any reader",
                "write a part of the name that `pcsc_scan -r` shows",
            ));
        }
        let phone = phone_reader(file.reader.phone, &file.reader.pattern)?;
        let placement = placement(&file.reader.placement)?;
        let url = file.service.url.trim_end_matches('/').to_owned();
        if !url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', '@'])) {
            return Err(ConfigError::new(
                "[service] url",
                "only https://NAME:PORT is taken, without path or password",
                "write it like https://qualification.clinic.example:8443",
            ));
        }
        let mut limits = Limits::default();
        file.limits.over(&mut limits)?;
        let at = |path: PathBuf| folder.join(path);
        let face = match file.face {
            Some(face) => Some(Face {
                models: at(face.models),
                manifest: face.manifest.map(at),
                camera: face.camera.map(camera).transpose()?,
                signers: at(face.signers),
            }),
            None => None,
        };
        Ok(Self {
            terminal_id: id,
            reader_pattern: file.reader.pattern,
            phone,
            placement,
            visual: file
                .visual
                .filter(|visual| visual.enabled)
                .map(|visual| Visual { passcode_file: visual.passcode_file.map(at) }),
            service: Service {
                url,
                ca: at(file.service.ca),
                certificate: at(file.service.certificate),
                key: at(file.service.key),
            },
            result_key: at(file.result.key),
            storage: at(file.storage.directory),
            socket: at(file.screen.socket),
            screen_uid: file.screen.uid,
            anchors: at(file.trust.anchors),
            face,
            console: file.console.map(|section| console(section, folder)).transpose()?,
            faults: file.texts.faults.map(at),
            consent: file.texts.consent.map(at),
            limits,
        })
    }
}

fn console(section: ConsoleSection, folder: &Path) -> Result<console::Options, ConfigError> {
    let listen: SocketAddr = section.listen.parse().map_err(|_| {
        ConfigError::new(
            "[console] listen",
            format!("{:?} is no address and port", section.listen),
            "write \"127.0.0.1:8480\" for a browser on this machine; for another PC this machine's own address, and a \
             certificate",
        )
    })?;
    let at = |path: PathBuf| folder.join(path);
    let tls = match (section.certificate, section.key) {
        (Some(certificate), Some(key)) => Some(console::Tls { certificate: at(certificate), key: at(key) }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(ConfigError::new(
                "[console]",
                "certificate and key go together, and one of them is missing",
                "name both, or neither for a browser on this machine alone",
            ));
        }
    };
    if tls.is_none() && !listen.ip().to_canonical().is_loopback() {
        return Err(ConfigError::new(
            "[console] listen",
            format!(
                "{listen} can be reached from other machines, and there is no certificate: the password could be read"
            ),
            "write 127.0.0.1 instead, or name certificate and key",
        ));
    }
    Ok(console::Options { listen, names: section.names, password_file: at(section.password_file), tls })
}

fn phone_reader(given: Option<String>, card: &str) -> Result<PhoneReader, ConfigError> {
    let cure = "write \"none\", \"same\" for a reader that takes both, or a part of the name of a second reader that \
                `pcsc_scan -r` shows";
    let Some(given) = given else { return Ok(PhoneReader::None) };
    match given.trim() {
        "none" => Ok(PhoneReader::None),
        "same" => Ok(PhoneReader::Same),
        "" => Err(ConfigError::new("[reader] phone", "it is empty and would match any reader", cure)),
        pattern => {
            // One reader under two names would answer card and phone at once.
            let (phone, card) = (pattern.to_lowercase(), card.trim().to_lowercase());
            if phone.contains(&card) || card.contains(&phone) {
                let cause = format!("{given:?} and [reader] pattern can be the same reader");
                return Err(ConfigError::new("[reader] phone", cause, cure));
            }
            Ok(PhoneReader::Own(given))
        }
    }
}

fn placement(given: &PlacementKeys) -> Result<Placement, ConfigError> {
    let motions = [("insert", Motion::Insert), ("lay", Motion::Lay)];
    let sides = [
        ("up", PhotoSide::Up),
        ("down", PhotoSide::Down),
        ("device", PhotoSide::Device),
        ("patient", PhotoSide::Patient),
    ];
    Ok(Placement {
        motion: one_of("[reader] placement.motion", given.motion.as_deref(), &motions)?,
        photo: one_of("[reader] placement.photo", given.photo.as_deref(), &sides)?,
    })
}

/// The value with this name; without one, the default.
fn one_of<T: Copy + Default>(key: &str, given: Option<&str>, known: &[(&str, T)]) -> Result<T, ConfigError> {
    let Some(given) = given else { return Ok(T::default()) };
    match known.iter().find(|(name, _)| *name == given) {
        Some((_, value)) => Ok(*value),
        None => {
            let names: Vec<_> = known.iter().map(|(name, _)| format!("{name:?}")).collect();
            let cure = format!("write {}, or remove the line", names.join(" or "));
            Err(ConfigError::new(key, format!("{given:?} is not known"), cure))
        }
    }
}

fn camera(pattern: String) -> Result<String, ConfigError> {
    if pattern.trim().is_empty() {
        return Err(ConfigError::new(
            "[face] camera",
            "it is empty and would match any camera",
            "write what `reader-daemon cameras` shows, or remove the line when there is only one",
        ));
    }
    Ok(pattern)
}

/// A text file of bounded size.
pub(crate) fn read_file(path: &Path, key: &str) -> Result<String, ConfigError> {
    let bytes = read_bytes(path, key)?;
    String::from_utf8(bytes)
        .map_err(|_| ConfigError::new(key, format!("{} is not UTF-8 text", path.display()), "save it as UTF-8"))
}

/// A file of bounded size.
pub(crate) fn read_bytes(path: &Path, key: &str) -> Result<Vec<u8>, ConfigError> {
    let fail = |cause: String| {
        ConfigError::new(key, format!("{}: {cause}", path.display()), "give the path of a file that this user may read")
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| fail(error.to_string()))?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| fail(error.to_string()))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(fail(format!("longer than {MAX_FILE} bytes")));
    }
    Ok(bytes)
}

fn form_error(text: &str, error: &toml::de::Error) -> ConfigError {
    let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    // The line itself says more than a byte offset; toml's own message names key and what was expected.
    let key = match line.and_then(|line| Some((line, text.lines().nth(line - 1)?.trim()))) {
        Some((line, shown)) if !shown.is_empty() => {
            format!("line {line} (`{}`)", shown.chars().take(60).collect::<String>())
        }
        Some((line, _)) => format!("line {line}"),
        None => "the file".to_owned(),
    };
    ConfigError::new(key, error.message(), "compare with data/reader-daemon.example.toml; every key is named there")
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

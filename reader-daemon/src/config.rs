//! The configuration file. Every error names the key, the cause and the cure.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use session::Limits;

use crate::limits::MAX_FILE;

/// The configuration, with every path made absolute from the file's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The terminal's name at the service.
    pub terminal_id: String,
    /// A part of the PC/SC reader's name.
    pub reader_pattern: String,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    terminal: TerminalSection,
    reader: ReaderSection,
    service: ServiceSection,
    result: ResultSection,
    storage: StorageSection,
    screen: ScreenSection,
    trust: TrustSection,
    face: Option<FaceSection>,
    #[serde(default)]
    texts: TextsSection,
    #[serde(default)]
    limits: LimitsSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TerminalSection {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReaderSection {
    pattern: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceSection {
    url: String,
    ca: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultSection {
    key: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StorageSection {
    directory: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScreenSection {
    socket: PathBuf,
    uid: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustSection {
    anchors: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaceSection {
    models: PathBuf,
    manifest: Option<PathBuf>,
    camera: Option<String>,
    signers: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextsSection {
    faults: Option<PathBuf>,
    consent: Option<PathBuf>,
}

/// Seconds, fractions allowed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsSection {
    inactivity: Option<f64>,
    countdown: Option<f64>,
    card_read: Option<f64>,
    verify: Option<f64>,
    open: Option<f64>,
    lookup_soft: Option<f64>,
    lookup_hard: Option<f64>,
    notice: Option<f64>,
    receipt: Option<f64>,
    farewell: Option<f64>,
    card_left: Option<f64>,
    card_left_louder: Option<f64>,
    card_left_staff: Option<f64>,
    fault: Option<f64>,
    mute: Option<f64>,
    photo: Option<f64>,
    face_try: Option<f64>,
    pin_less: Option<f64>,
}

impl LimitsSection {
    fn over(self, limits: &mut Limits) -> Result<(), ConfigError> {
        // Destructured so that a new limit cannot be forgotten here.
        let Limits {
            inactivity,
            countdown,
            card_read,
            verify,
            open,
            lookup_soft,
            lookup_hard,
            notice,
            receipt,
            farewell,
            card_left,
            card_left_louder,
            card_left_staff,
            fault,
            mute,
            photo,
            face_try,
            pin_less,
        } = limits;
        for (name, given, limit) in [
            ("inactivity", self.inactivity, inactivity),
            ("countdown", self.countdown, countdown),
            ("card_read", self.card_read, card_read),
            ("verify", self.verify, verify),
            ("open", self.open, open),
            ("lookup_soft", self.lookup_soft, lookup_soft),
            ("lookup_hard", self.lookup_hard, lookup_hard),
            ("notice", self.notice, notice),
            ("receipt", self.receipt, receipt),
            ("farewell", self.farewell, farewell),
            ("card_left", self.card_left, card_left),
            ("card_left_louder", self.card_left_louder, card_left_louder),
            ("card_left_staff", self.card_left_staff, card_left_staff),
            ("fault", self.fault, fault),
            ("mute", self.mute, mute),
            ("photo", self.photo, photo),
            ("face_try", self.face_try, face_try),
            ("pin_less", self.pin_less, pin_less),
        ] {
            let Some(seconds) = given else { continue };
            if !(0.05..=600.0).contains(&seconds) {
                return Err(ConfigError::new(
                    format!("[limits] {name}"),
                    format!("{seconds} is not a number of seconds from 0.05 to 600"),
                    "give seconds, or remove the line to keep the default",
                ));
            }
            *limit = Duration::from_secs_f64(seconds);
        }
        Ok(())
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
            faults: file.texts.faults.map(at),
            consent: file.texts.consent.map(at),
            limits,
        })
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
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../data/reader-daemon.example.toml");

    fn error(from: &str, to: &str) -> ConfigError {
        assert!(EXAMPLE.contains(from), "{from}");
        Config::parse(&EXAMPLE.replacen(from, to, 1), Path::new("/etc/x")).unwrap_err()
    }

    #[test]
    fn the_example_file_is_a_configuration() {
        let config = Config::parse(EXAMPLE, Path::new("/etc/reader-daemon")).unwrap();
        assert_eq!(config.terminal_id, "terminal-1");
        assert_eq!(config.service.ca, Path::new("/etc/reader-daemon/service-ca.pem"));
        assert_eq!(config.storage, Path::new("/var/lib/reader-daemon"));
        assert_eq!(config.limits, Limits::default());
        assert_eq!(config.screen_uid, None);
        assert_eq!(config.face, None);
    }

    #[test]
    fn the_lines_that_the_example_leaves_out_are_taken_too() {
        let full: String = EXAMPLE
            .lines()
            .map(|line| {
                line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or(line)
            })
            .fold(String::new(), |text, line| text + line + "\n");
        let config = Config::parse(&full, Path::new("/etc/reader-daemon")).unwrap();
        assert_eq!(config.screen_uid, Some(991));
        assert_eq!(config.limits.card_left_staff, Duration::from_secs(60));
        assert!(config.faults.is_some() && config.consent.is_some());
        let face = config.face.unwrap();
        assert_eq!(face.models, Path::new("/usr/share/reader-daemon/models"));
        assert_eq!(face.signers, Path::new("/etc/reader-daemon/signers"));
        assert!(face.manifest.is_some() && face.camera.is_some());
    }

    #[test]
    fn a_mistyped_key_is_named_with_its_line() {
        let error = error("pattern =", "patern =");
        assert!(error.key.contains("patern"), "{error}");
        assert!(error.cause.contains("patern"), "{error}");
        assert!(error.to_string().contains("cure: "), "{error}");
    }

    #[test]
    fn a_missing_key_is_named() {
        let error = error("id = \"terminal-1\"", "");
        assert!(error.cause.contains("id"), "{error}");
    }

    #[test]
    fn an_address_without_tls_is_refused() {
        for url in ["http://a:1", "https://", "https://user:word@a:1", "https://a/path", "a:8443"] {
            let error = error("https://qualification.clinic.example:8443", url);
            assert_eq!(error.key, "[service] url", "{url}");
        }
    }

    #[test]
    fn a_limit_out_of_range_is_named() {
        for value in ["0", "-1", "601", "nan", "inf"] {
            let error = error("[limits]", &format!("[limits]\nreceipt = {value}"));
            assert_eq!(error.key, "[limits] receipt", "{value}");
        }
        let config =
            Config::parse(&EXAMPLE.replace("[limits]", "[limits]\nreceipt = 0.5\nopen = 3"), Path::new("/")).unwrap();
        assert_eq!(config.limits.receipt, Duration::from_millis(500));
        assert_eq!(config.limits.open, Duration::from_secs(3));
    }

    #[test]
    fn an_empty_reader_pattern_and_an_odd_terminal_name_are_refused() {
        assert_eq!(error("\"Card Reader\"", "\" \"").key, "[reader] pattern");
        assert_eq!(error("\"terminal-1\"", "\"端末\"").key, "[terminal] id");
    }

    #[test]
    fn the_face_way_names_models_and_signers_and_no_camera_that_is_empty() {
        let with = |face: &str| Config::parse(&format!("{EXAMPLE}\n[face]\n{face}"), Path::new("/etc/x"));
        let config = with("models = \"m\"\nsigners = \"s\"\n").unwrap();
        let face = Face { models: "/etc/x/m".into(), manifest: None, camera: None, signers: "/etc/x/s".into() };
        assert_eq!(config.face, Some(face));
        let error = with("models = \"m\"\nsigners = \"s\"\ncamera = \" \"\n").unwrap_err();
        assert_eq!(error.key, "[face] camera");
        assert!(with("models = \"m\"\n").unwrap_err().cause.contains("signers"));
    }

    #[test]
    fn a_missing_file_says_which() {
        let error = Config::read(Path::new("/nonexistent/reader-daemon.toml")).unwrap_err();
        assert!(error.to_string().contains("/nonexistent/reader-daemon.toml"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn a_damaged_file_is_an_error_or_a_configuration_but_no_panic(at in 0usize..4000, text in ".{0,12}") {
            let at = (0..=at % EXAMPLE.len()).rev().find(|at| EXAMPLE.is_char_boundary(*at)).unwrap_or(0);
            let _ = Config::parse(&[&EXAMPLE[..at], &text, &EXAMPLE[at..]].concat(), Path::new("/"));
        }
    }
}

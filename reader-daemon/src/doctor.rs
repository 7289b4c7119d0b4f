//! `reader-daemon doctor`: what keeps this terminal from working, each with its cure.

mod service;
mod visual_check;

use std::{
    fmt::{self, Write as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use card::PinEntry;
use face::ClosedBecause;
use qualification::{
    Client, OutboxError, WrappingKey,
    outbox::{self, KeyError},
};
use rustix::fs::Access;

use crate::{
    Config, ConfigError, config, credentials, face_driver::Probed, journal, limits::FREE_BYTES, passcode::Now,
    settings, weights::LEAST,
};
use service::service;
use visual_check::{Copy, visual_check};

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// What was found, or what is wrong and what to do.
    pub found: Result<String, Trouble>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Cause.
    pub cause: String,
    /// Cure.
    pub cure: String,
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        Self { cause: format!("{}: {}", error.key, error.cause), cure: error.cure }
    }
}

fn trouble(cause: impl Into<String>, cure: impl Into<String>) -> Trouble {
    Trouble { cause: cause.into(), cure: cure.into() }
}

/// One line of the table before it stands there.
type Line = (&'static str, Result<String, Trouble>);

/// The whole table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(pub Vec<Check>);

impl Report {
    /// Nothing keeps the terminal from working.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.0.iter().all(|check| check.found.is_ok())
    }

    fn add<E: Into<Trouble>>(&mut self, name: &'static str, found: Result<String, E>) {
        self.0.push(Check { name, found: found.map_err(Into::into) });
    }
}

impl Report {
    /// For programs: `{"ready": false, "checks": [{"name": "…", "ok": false, "cause": "…", "cure": "…"}]}`.
    #[must_use]
    pub fn json(&self) -> String {
        let check = |check: &Check| match &check.found {
            Ok(found) => serde_json::json!({"name": check.name, "ok": true, "found": found}),
            Err(Trouble { cause, cure }) => {
                serde_json::json!({"name": check.name, "ok": false, "cause": cause, "cure": cure})
            }
        };
        let checks: Vec<_> = self.0.iter().map(check).collect();
        serde_json::json!({"ready": self.is_well(), "checks": checks}).to_string()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|check| check.name.len()).max().unwrap_or(0);
        for Check { name, found } in &self.0 {
            match found {
                Ok(text) => writeln!(f, "✔ {name:width$}  {text}")?,
                Err(Trouble { cause, cure }) => {
                    writeln!(f, "✘ {name:width$}  {cause}")?;
                    writeln!(f, "  {:width$}  cure: {cure}", "")?;
                }
            }
        }
        let wrong = self.0.iter().filter(|check| check.found.is_err()).count();
        match wrong {
            0 => f.write_str("everything is in order: 本日使えます"),
            1 => f.write_str("1 thing is to be mended"),
            _ => write!(f, "{wrong} things are to be mended"),
        }
    }
}

/// Finds the reader: given the pattern, what is there or what is wrong. The program hands the PC/SC one in.
pub type FindReader<'a> = dyn Fn(&str) -> Result<String, Trouble> + 'a;

/// Starts a face worker for the configuration's `[face]` and hears what it says of itself.
pub type ProbeFace<'a> = dyn Fn(&config::Face) -> Probed + 'a;

/// `doctor` gives PC/SC so long to name its readers; a fresh context needs under 0.1 s.
pub const READER_WAIT: std::time::Duration = std::time::Duration::from_secs(1);

/// Looks at everything. Blocks for the service's answer.
#[must_use]
pub fn examine(path: &Path, find_reader: &FindReader<'_>, probe_face: &ProbeFace<'_>) -> Report {
    let mut report = Report::default();
    report.add("memory lock", memory_lock());
    let config = match Config::read(path) {
        Ok(config) => {
            report.add("configuration", Ok::<_, Trouble>(path.display().to_string()));
            config
        }
        Err(error) => {
            report.add("configuration", Err(error));
            return report;
        }
    };
    let texts = settings::read_texts(&config);
    report.add(
        "texts",
        texts.map(|texts| format!("{} faults, {} wordings", texts.desk.len(), texts.session.items.len())),
    );
    let anchors = settings::anchors(&config);
    match (&config.face, &anchors) {
        (Some(face), Ok(anchors)) => {
            let signers = settings::signers(&config, anchors);
            report.add("photo signers", signers.map(|keys| format!("{} found", keys.len())));
            match settings::weights(&config, LEAST) {
                Ok(_) => face_way(probe_face(face)).into_iter().for_each(|(name, found)| report.add(name, found)),
                Err(error) => report.add("face models", Err(error)),
            }
        }
        (Some(_), Err(_)) => {
            if let Err(error) = settings::weights(&config, LEAST) {
                report.add("face models", Err(error));
            }
        }
        (None, _) => report.add("face way", Ok::<_, Trouble>("none: there is no section [face]".to_owned())),
    }
    report.add("trust anchors", anchors.map(|anchors| format!("{}{} found", kind(&anchors), anchors.len())));
    report.add("result key", settings::result_key(&config).map(|_| "P-256, for its owner only".to_owned()));
    report.add("storage", storage(&config.storage));
    match WrappingKey::from_credentials_directory() {
        Ok(key) => report.add("outbox", stored(&config.storage, &key)),
        Err(error) => {
            report.add("outbox", Err(no_key(&config.storage, Path::new(credentials::KEY_FILE), path, &error)))
        }
    }
    report.add("journal", chain(&config.storage));
    report.add("screen socket", socket(&config.socket));
    report.add("card reader", find_reader(&config.reader_pattern));
    if let config::PhoneReader::Own(pattern) = &config.phone {
        report.add("phone reader", find_reader(pattern));
    }
    let client = settings::client(&config).map_err(Trouble::from).and_then(|client| {
        let named = same_name(&config.terminal_id, &client.certificate_pem);
        let client = Client::new(client).map_err(|error| trouble(error.to_string(), "replace the file named"))?;
        Ok((client, named))
    });
    let mut copy = Copy::Unknown;
    match client {
        Ok((client, named)) => {
            report.add("service keys", named);
            let (lines, told) = service(&client);
            copy = told;
            for (name, found) in lines {
                report.add(name, found);
            }
        }
        Err(error) => report.add("service keys", Err(error)),
    }
    let now = Now::read(std::time::Instant::now());
    report.add("console", console(config.console.as_ref()));
    report.add("visual check", visual_check(config.visual.as_ref(), &config.storage, path, copy, now));
    report
}

/// Roots of emulated cards are for tests: whoever looks must see it.
fn kind(anchors: &card::TrustAnchors) -> &'static str {
    if anchors.emulated() { "of EMULATED cards, not for patients: " } else { "" }
}

/// What a worker said of models and camera. It looks at the models first.
fn face_way(probed: Probed) -> Vec<Line> {
    match probed {
        Probed::Ready { weights, level, camera } => {
            vec![("face models", Ok(format!("{weights}, level {level}"))), ("camera", Ok(camera))]
        }
        Probed::Closed { why: ClosedBecause::Models, detail } => {
            let cure = "[face] models: fetch the files as models/README.md says; they are held against their SHA-256";
            vec![("face models", Err(trouble(detail, cure)))]
        }
        Probed::Closed { why: ClosedBecause::Camera, detail } => {
            let cure = "`reader-daemon cameras` shows what is there; plug it in, adapt [face] camera, add the daemon's \
                        user to the group video";
            vec![("face models", Ok("loaded, self-test passed".to_owned())), ("camera", Err(trouble(detail, cure)))]
        }
        Probed::Nothing(cause) => {
            let cure = "look at the lines above and at the system's log; free memory; install the program again";
            vec![("face models", Err(trouble(cause, cure)))]
        }
    }
}

fn memory_lock() -> Result<String, Trouble> {
    if PinEntry::new().locked() {
        Ok("PIN digits stay out of swap".to_owned())
    } else {
        Err(trouble("the system locks no memory for this user", "allow it in the unit: LimitMEMLOCK=1M"))
    }
}

/// Looks at the folder and writes nothing: `doctor` may run as another user than the daemon.
fn storage(folder: &Path) -> Result<String, Trouble> {
    let cure = "make the folder, owned by the daemon's user: StateDirectory=reader-daemon in the unit";
    let wrong = |cause: &dyn fmt::Display| trouble(format!("[storage] directory {}: {cause}", folder.display()), cure);
    let data = std::fs::metadata(folder).map_err(|error| wrong(&error))?;
    if !data.is_dir() {
        return Err(wrong(&"it is no folder"));
    }
    let may = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
    rustix::fs::access(folder, may).map_err(|error| wrong(&error))?;
    let disk = rustix::fs::statvfs(folder).map_err(|error| wrong(&error))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < FREE_BYTES {
        let cause = format!("[storage] directory {}: only {} KiB are free", folder.display(), free / 1024);
        return Err(trouble(cause, "make room on the disk, or replace it"));
    }
    let mut text = format!("{} can be written", folder.display());
    let (owner, own) = (data.uid(), rustix::process::getuid().as_raw());
    if owner != own {
        let _ = write!(text, " by user {own}; it belongs to user {owner}: run doctor as the daemon's user to be sure");
    }
    Ok(text)
}

/// Why there is no key decides what to do; a key is never replaced where it already wrapped something.
fn no_key(storage: &Path, key_file: &Path, config: &Path, error: &KeyError) -> Trouble {
    // Unknown counts as begun.
    let begun = outbox::is_begun(&storage.join("outbox")).unwrap_or(true);
    let cure = match error {
        KeyError::NoCredentials if !begun && key_file.try_exists().is_ok_and(|exists| !exists) => {
            format!("{}; then: {}", credentials::MAKE_KEY, credentials::by_systemd("doctor", config))
        }
        KeyError::NoCredentials => credentials::by_systemd("doctor", config),
        KeyError::Read { .. } | KeyError::Length(_) | KeyError::NotRandom(_) | KeyError::NoRandomness if begun => {
            "bring back the credential this outbox was begun with; another one makes stored results unreadable"
                .to_owned()
        }
        KeyError::Read { .. } | KeyError::Length(_) | KeyError::NotRandom(_) | KeyError::NoRandomness => {
            credentials::MAKE_KEY.to_owned()
        }
    };
    trouble(error.to_string(), cure)
}

fn stored(storage: &Path, key: &WrappingKey) -> Result<String, Trouble> {
    match outbox::inspect(&storage.join("outbox"), key) {
        Ok(found) => {
            let mut text = format!("{} waiting, {} for the desk", found.pending.len(), found.desk.len());
            if !found.damaged.is_empty() {
                let _ = write!(text, ", {} damaged", found.damaged.len());
            }
            Ok(text)
        }
        Err(error @ OutboxError::Disk { .. }) => Err(trouble(error.to_string(), "run doctor as the daemon's user")),
        Err(error) => Err(trouble(error.to_string(), "restore credential and folder as they belong together")),
    }
}

/// The service knows this terminal by the common name of its certificate.
fn same_name(terminal_id: &str, certificate_pem: &[u8]) -> Result<String, Trouble> {
    match credentials::common_name(certificate_pem) {
        Some(name) if name == terminal_id => Ok("certificate and key fit, and its name is [terminal] id".to_owned()),
        Some(name) => Err(trouble(
            format!("[terminal] id is {terminal_id:?}, the certificate of [service] certificate is for {name:?}"),
            "write the certificate's name under [terminal] id, or ask for a certificate for this terminal",
        )),
        None => Err(trouble(
            "the certificate of [service] certificate has no common name that can be read",
            "ask the service's operator for a client certificate whose common name is the terminal's id",
        )),
    }
}

/// The daemon serves it; here it is only seen whether it can be signed in to.
fn console(options: Option<&console::Options>) -> Result<String, Trouble> {
    let Some(options) = options else { return Ok("none: there is no section [console]".to_owned()) };
    let file = &options.password_file;
    let set = "set the password: reader-daemon password --config FILE";
    console::password::look(file).map_err(|cause| trouble(format!("[console] password_file: {cause}"), set))?;
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    Ok(format!("{scheme}://{}, a password is set", options.listen))
}

fn chain(storage: &Path) -> Result<String, Trouble> {
    if !storage.join(journal::CURRENT).exists() {
        return Ok("not begun".to_owned());
    }
    match journal::verify(storage, None) {
        Ok(Ok(whole)) => Ok(whole.to_string()),
        Ok(Err(broken)) => Err(trouble(
            format!("{}: {broken}", storage.display()),
            "keep a copy for whoever looks into it; then stop the daemon, move this file away and start it: it begins a new one",
        )),
        Err(error) => Err(trouble(format!("{}: {error}", storage.display()), "let the daemon's user read it")),
    }
}

fn socket(path: &Path) -> Result<String, Trouble> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    if folder.is_dir() {
        Ok(path.display().to_string())
    } else {
        let cure = "make the folder: RuntimeDirectory=reader-daemon in the unit";
        Err(trouble(format!("[screen] socket: {} is no folder", folder.display()), cure))
    }
}

#[cfg(test)]
mod tests {
    use qualification::Outbox;

    use super::*;

    #[test]
    fn a_report_is_well_only_without_trouble_and_names_every_cure() {
        let mut report = Report::default();
        report.add("one", Ok::<_, Trouble>("fine".to_owned()));
        assert!(report.is_well());
        assert_eq!(report.to_string(), "✔ one  fine\neverything is in order: 本日使えます");
        report.add("another", Err(trouble("broken", "mend it")));
        assert!(!report.is_well());
        let text = report.to_string();
        assert!(text.contains("✘ another  broken\n           cure: mend it\n"), "{text}");
        assert!(text.ends_with("1 thing is to be mended"), "{text}");
    }

    #[test]
    fn a_missing_configuration_ends_the_examination_with_its_cure() {
        let nothing = |_: &config::Face| Probed::Nothing(String::new());
        let report = examine(Path::new("/nonexistent.toml"), &|_| Ok(String::new()), &nothing);
        let last = report.0.last().unwrap();
        assert_eq!(last.name, "configuration");
        assert!(last.found.as_ref().is_err_and(|trouble| !trouble.cure.is_empty()));
    }

    #[test]
    fn what_a_worker_says_of_models_and_camera_is_shown_with_its_cure() {
        let of = |probed| -> Vec<(&str, bool)> {
            face_way(probed).into_iter().map(|(name, found)| (name, found.is_ok())).collect()
        };
        let (weights, camera) = ("net@0123456789abcdef".into(), "Lab".into());
        let ready = Probed::Ready { weights, level: LEAST, camera };
        assert_eq!(of(ready), [("face models", true), ("camera", true)]);
        let closed = |why| Probed::Closed { why, detail: "x".into() };
        assert_eq!(of(closed(ClosedBecause::Models)), [("face models", false)]);
        assert_eq!(of(closed(ClosedBecause::Camera)), [("face models", true), ("camera", false)]);
        assert_eq!(of(Probed::Nothing("x".into())), [("face models", false)]);
    }

    #[test]
    fn a_folder_that_is_missing_cannot_store() {
        let folder = tempfile::tempdir().unwrap();
        assert!(storage(folder.path()).is_ok());
        assert!(storage(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn looking_makes_nothing_and_moves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let key = WrappingKey::ephemeral().unwrap();
        storage(folder.path()).unwrap();
        assert_eq!(stored(folder.path(), &key).unwrap(), "0 waiting, 0 for the desk");
        assert_eq!(chain(folder.path()).unwrap(), "not begun");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_new_key_is_named_only_where_no_outbox_was_begun() {
        let folder = tempfile::tempdir().unwrap();
        let config = Path::new("/etc/reader-daemon/reader-daemon.toml");
        let missing = || WrappingKey::from_file(&folder.path().join("no-key")).map(|_| ()).expect_err("there is none");
        let key_file = folder.path().join("credential");
        let of = |error: &KeyError| no_key(folder.path(), &key_file, config, error).cure;
        assert_eq!(of(&missing()), credentials::MAKE_KEY);
        let fresh = of(&KeyError::NoCredentials);
        assert!(fresh.contains("urandom") && fresh.contains("systemd-run"), "{fresh}");
        std::fs::write(&key_file, "encrypted").unwrap();
        let by_hand = of(&KeyError::NoCredentials);
        assert!(by_hand.contains("systemd-run") && by_hand.contains("reader-daemon doctor --config /etc"), "{by_hand}");
        assert!(!by_hand.contains("urandom"), "{by_hand}");
        drop(Outbox::open(&folder.path().join("outbox"), WrappingKey::ephemeral().unwrap()).unwrap());
        for error in [missing(), KeyError::NoCredentials, KeyError::Length("x".into())] {
            assert!(!of(&error).contains("urandom"), "{error}");
        }
    }

    #[test]
    fn an_outbox_under_another_key_is_trouble_also_beside_the_running_daemon() {
        let folder = tempfile::tempdir().unwrap();
        let key = || WrappingKey::ephemeral().unwrap();
        let (held, _) = Outbox::open(&folder.path().join("outbox"), key()).unwrap();
        assert!(stored(folder.path(), &key()).is_err());
        drop(held);
    }
}

//! `reader-daemon doctor`: what keeps this terminal from working, each with its cure.

use std::{
    fmt::{self, Write as _},
    fs::OpenOptions,
    io::Write as _,
    path::Path,
};

use card::PinEntry;
use qualification::{
    Client, Outbox, OutboxError, WrappingKey,
    clock::{clocks_agree, now_ms},
};

use crate::{Config, ConfigError, hardening, journal, settings};

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
            0 => f.write_str("everything is in order"),
            1 => f.write_str("1 thing is to be mended"),
            _ => write!(f, "{wrong} things are to be mended"),
        }
    }
}

/// Finds the reader: given the pattern, what is there or what is wrong. The program hands the PC/SC one in.
pub type FindReader<'a> = dyn Fn(&str) -> Result<String, Trouble> + 'a;

/// `doctor` gives PC/SC so long to name its readers; a fresh context needs under 0.1 s.
pub const READER_WAIT: std::time::Duration = std::time::Duration::from_secs(1);

/// Looks at everything. Blocks for the service's answer.
#[must_use]
pub fn examine(path: &Path, find_reader: &FindReader<'_>) -> Report {
    let mut report = Report::default();
    report.add("core dumps", core_dumps());
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
    report.add("trust anchors", settings::anchors(&config).map(|anchors| format!("{} found", anchors.len())));
    report.add("result key", settings::result_key(&config).map(|_| "P-256, for its owner only".to_owned()));
    let key = WrappingKey::from_credentials_directory();
    report.add("storage", storage(&config.storage));
    match key {
        Ok(key) => report.add("outbox", outbox(&config.storage, key)),
        Err(error) => report.add("outbox", Err(trouble(error.to_string(), CREDENTIAL_CURE))),
    }
    report.add("journal", chain(&config.storage));
    report.add("screen socket", socket(&config.socket));
    report.add("card reader", find_reader(&config.reader_pattern));
    let client = settings::client(&config)
        .map_err(Trouble::from)
        .and_then(|client| Client::new(client).map_err(|error| trouble(error.to_string(), "replace the file named")));
    match client {
        Ok(client) => {
            report.add("service keys", Ok::<_, Trouble>("certificate and key fit".to_owned()));
            for (name, found) in service(&client) {
                report.add(name, found);
            }
        }
        Err(error) => report.add("service keys", Err(error)),
    }
    report
}

const CREDENTIAL_CURE: &str = "make 32 random bytes with `head -c 32 /dev/urandom | systemd-creds encrypt --name=outbox-key - \
     /etc/credstore.encrypted/outbox-key`, and name it in the unit: LoadCredentialEncrypted=outbox-key";

fn core_dumps() -> Result<String, Trouble> {
    if hardening::leaves_no_core() {
        Ok("off".to_owned())
    } else {
        Err(trouble("a crash would leave memory on the disk", "start the program itself, not a debugger"))
    }
}

fn memory_lock() -> Result<String, Trouble> {
    if PinEntry::new().locked() {
        Ok("PIN digits stay out of swap".to_owned())
    } else {
        Err(trouble("the system locks no memory for this user", "allow it in the unit: LimitMEMLOCK=1M"))
    }
}

/// A file is written, synced and taken away again.
fn storage(folder: &Path) -> Result<String, Trouble> {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&probe)
        .and_then(|mut file| file.write_all(&[0; 4096]).and_then(|()| file.sync_all()));
    let _ = std::fs::remove_file(&probe);
    written.map(|()| format!("{} can be written", folder.display())).map_err(|error| {
        let cure = "make the folder, owned by the daemon's user: StateDirectory=reader-daemon in the unit";
        trouble(format!("[storage] directory {}: {error}", folder.display()), cure)
    })
}

fn outbox(storage: &Path, key: WrappingKey) -> Result<String, Trouble> {
    match Outbox::open(&storage.join("outbox"), key) {
        Ok((outbox, found)) => {
            let cannot = |error: OutboxError| trouble(error.to_string(), "make room on the disk, or replace it");
            outbox.can_store().map_err(cannot)?;
            let desk = outbox.desk().map_err(cannot)?.len();
            let mut text = format!("{} waiting, {desk} for the desk", found.pending.len());
            if !found.damaged.is_empty() {
                let _ = write!(text, ", {} damaged (put aside)", found.damaged.len());
            }
            Ok(text)
        }
        Err(OutboxError::InUse(_)) => Ok("in use by the running daemon".to_owned()),
        Err(error) => Err(trouble(error.to_string(), "restore credential and folder as they belong together")),
    }
}

fn chain(storage: &Path) -> Result<String, Trouble> {
    let path = storage.join("journal.jsonl");
    if !path.exists() {
        return Ok("not begun".to_owned());
    }
    match journal::verify(&path) {
        Ok(Ok(lines)) => Ok(format!("{lines} lines, chain whole")),
        Ok(Err(broken)) => Err(trouble(
            format!("{}: {broken}", path.display()),
            "keep a copy for whoever looks into it, then move the file away: the daemon begins a new one",
        )),
        Err(error) => Err(trouble(format!("{}: {error}", path.display()), "let the daemon's user read it")),
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

fn service(client: &Client) -> Vec<(&'static str, Result<String, Trouble>)> {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return vec![("service", Err(trouble(error.to_string(), "free memory or file descriptors")))],
    };
    match runtime.block_on(client.status()) {
        Ok(status) => {
            let centre = if status.centre { "reaches the centre" } else { "does not reach the centre" };
            let clock = if clocks_agree(status.service_time_ms, now_ms()) {
                Ok(format!("{} ms apart", status.service_time_ms.abs_diff(now_ms())))
            } else {
                let apart = status.service_time_ms.abs_diff(now_ms()) / 1000;
                Err(trouble(
                    format!("{apart} s apart; 60 s are allowed"),
                    "set up time synchronisation on both machines",
                ))
            };
            vec![("service", Ok(format!("{} answers and {centre}", status.facility.name))), ("clock", clock)]
        }
        Err(error) => {
            let cure = "compare url, ca and certificate with what the service shows; check cable, name and firewall";
            vec![("service", Err(trouble(error.to_string(), cure)))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_well_only_without_trouble_and_names_every_cure() {
        let mut report = Report::default();
        report.add("one", Ok::<_, Trouble>("fine".to_owned()));
        assert!(report.is_well());
        assert_eq!(report.to_string(), "✔ one  fine\neverything is in order");
        report.add("another", Err(trouble("broken", "mend it")));
        assert!(!report.is_well());
        let text = report.to_string();
        assert!(text.contains("✘ another  broken\n           cure: mend it\n"), "{text}");
        assert!(text.ends_with("1 thing is to be mended"), "{text}");
    }

    #[test]
    fn a_missing_configuration_ends_the_examination_with_its_cure() {
        let report = examine(Path::new("/nonexistent.toml"), &|_| Ok(String::new()));
        let last = report.0.last().unwrap();
        assert_eq!(last.name, "configuration");
        assert!(last.found.as_ref().is_err_and(|trouble| !trouble.cure.is_empty()));
    }

    #[test]
    fn a_folder_that_is_missing_cannot_store() {
        let folder = tempfile::tempdir().unwrap();
        assert!(storage(folder.path()).is_ok());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the probe is gone");
        assert!(storage(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn an_outbox_under_another_key_is_trouble() {
        let folder = tempfile::tempdir().unwrap();
        let key = || WrappingKey::ephemeral().unwrap();
        let first = Outbox::open(&folder.path().join("outbox"), key()).unwrap();
        let (outbox_held, _) = first;
        assert_eq!(outbox(folder.path(), key()).unwrap(), "in use by the running daemon");
        let jws = "a.b.c".to_owned();
        let entry =
            qualification::Entry { result_id: "0".repeat(32), session_id: "1".repeat(32), stored_ms: now_ms(), jws };
        outbox_held.store(&entry).unwrap();
        drop(outbox_held);
        assert!(outbox(folder.path(), key()).is_err());
    }
}

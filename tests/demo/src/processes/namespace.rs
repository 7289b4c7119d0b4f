//! The real pcscd with a virtual reader, inside the namespace `scripts/private-namespace` makes: the machine's own pcscd,
//! /run and network see nothing of it.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// Set by `scripts/private-namespace` for what runs inside.
const INSIDE: &str = "READER_DAEMON_NAMESPACE";

/// Makes sure that this run is kept away from the machine.
///
/// # Errors
/// When it is not inside a private namespace, with the cure.
pub fn inside() -> Result<()> {
    if env::var_os(INSIDE).is_none() {
        bail!(
            "this needs a private namespace: its pcscd must not meet the machine's own\n  \
             cure: scripts/private-namespace PROGRAM …, or scripts/demo, which does it"
        );
    }
    Ok(())
}

/// The real pcscd with the virtual reader's driver, inside the namespace.
pub struct Pcscd {
    driver: PathBuf,
    out: PathBuf,
    child: Option<Child>,
}

impl Pcscd {
    /// Starts it with the vpcd driver at `driver` (unpacked, never installed); its output goes to `out`.
    ///
    /// # Errors
    /// When pcscd is missing or does not come up.
    pub fn start(driver: &Path, out: &Path) -> Result<Self> {
        let mut pcscd = Self { driver: driver.to_owned(), out: out.to_owned(), child: None };
        pcscd.plug()?;
        Ok(pcscd)
    }

    /// Starts it again after [`Pcscd::unplug`].
    ///
    /// # Errors
    /// When it does not come up.
    pub fn plug(&mut self) -> Result<()> {
        if self.child.is_some() {
            return Ok(());
        }
        let folder = Path::new("/run/pcscd");
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)?;
        let configuration = Path::new("/run/reader.conf");
        fs::create_dir_all(configuration)?;
        let text = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x8C7B\nLIBPATH {}\nCHANNELID 0x8C7B\n",
            self.driver.display()
        );
        fs::write(configuration.join("vpcd"), text)?;
        let log = File::options().create(true).append(true).open(&self.out)?;
        let program = ["/usr/sbin/pcscd", "/usr/bin/pcscd"].into_iter().find(|path| Path::new(path).exists());
        let program = program.context("pcscd is not installed\n  cure: scripts/setup card")?;
        let mut command = Command::new(program);
        command.args(["--foreground", "--config"]).arg(configuration);
        // Newer ones ask polkit, which is not in here.
        let help = Command::new(program).arg("--help").output();
        if help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--disable-polkit")) {
            command.arg("--disable-polkit");
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("pcscd does not start")?;
        self.child = Some(child);
        let until = Instant::now() + Duration::from_secs(5);
        while !folder.join("pcscd.comm").exists() {
            if Instant::now() > until {
                bail!("pcscd did not come up; see {}", self.out.display());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends it: for its clients the reader is gone.
    pub fn unplug(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        self.unplug();
    }
}

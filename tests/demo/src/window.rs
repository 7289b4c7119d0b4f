//! The demo one can touch: kiosk and dock as windows, and backstage — daemon, cards and clinic — as a program of its
//! own that is told what to do by the dock's lines.

use std::{
    env, fs,
    io::{BufRead as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    faces::Material,
    in_process::{CONSOLE_PASSWORD, InProcess},
    processes::{self, Processes, Programs, clips},
    scenario::{PASSCODE, PasscodeBy, Phones, Terminal},
};

/// Opens the windows and stays until one of them is closed.
///
/// # Errors
/// When there is no display, or a program does not start.
pub fn open(size: &str, pcsc: bool) -> Result<()> {
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        bail!(
            "there is no display here\n  \
             without one: scripts/demo --scenario tests/scenarios/face-agree-all.scenario --out visit"
        );
    }
    let folder = tempfile::Builder::new().prefix("reader-daemon-demo-").tempdir()?;
    let socket = folder.path().join("screen.sock");
    let mut back = Command::new(env::current_exe()?);
    back.arg("--backstage").arg(folder.path()).stdin(Stdio::piped());
    if pcsc {
        back.arg("--pcsc");
    }
    let mut back = Ending(back.spawn().context("backstage")?);
    let mut hand = back.0.stdin.take().context("backstage has no input")?;
    let until = Instant::now() + Duration::from_secs(20);
    while !socket.exists() {
        if back.0.try_wait()?.is_some() {
            bail!("backstage ended before the terminal was ready");
        }
        if Instant::now() > until {
            bail!("the terminal was not ready after 20 s");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut kiosk = Command::new(beside("kiosk")?);
    kiosk.arg("--socket").arg(&socket).args(["--size", size]);
    match clips().filter(|clips| clips.is_dir()) {
        Some(clips) => drop(kiosk.arg("--voice").arg(clips)),
        None => println!("The kiosk has no voice: scripts/setup voice && scripts/voice makes what it says."),
    }
    let mut kiosk = Ending(kiosk.spawn().context("kiosk")?);
    let mut dock = Ending(Command::new(beside("dock")?).stdout(Stdio::piped()).spawn().context("dock")?);
    let clicks = dock.0.stdout.take().context("dock has no output")?;
    println!(
        "Put a card in with the dock; its holder sits before the camera, its PIN is 1234, the staff's passcode {PASSCODE}. \
         The staff's console opens in a browser at the address above, its password is {CONSOLE_PASSWORD}. \
         Closing a window ends the demo."
    );
    let reader = std::thread::spawn(move || {
        for line in std::io::BufReader::new(clicks).lines().map_while(std::result::Result::ok) {
            if writeln!(hand, "{line}").and_then(|()| hand.flush()).is_err() {
                return;
            }
        }
    });
    while !reader.is_finished() && kiosk.0.try_wait()?.is_none() && back.0.try_wait()?.is_none() {
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn beside(name: &str) -> Result<PathBuf> {
    let path = env::current_exe()?.with_file_name(name);
    if !path.exists() {
        bail!("{} is missing\n  cure: scripts/demo builds it", path.display());
    }
    Ok(path)
}

/// A child that does not outlive the demo.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the dock's lines act on.
pub trait Backstage {
    /// Puts a card in, in the words of `emulated-card`'s `insert`; `ends=+40` counts days from today.
    ///
    /// # Errors
    /// Nobody knows such a card, or one lies there.
    fn insert(&mut self, card: &str) -> Result<()>;
    /// Takes the card out.
    ///
    /// # Errors
    /// None lies there.
    fn remove(&mut self) -> Result<()>;
    /// Pulls the reader's cable or plugs it in.
    ///
    /// # Errors
    /// pcscd does not come up.
    fn reader(&mut self, there: bool) -> Result<()>;
    /// Puts somebody before the camera, or does something to it: words of [`crate::faces::Sitting`].
    ///
    /// # Errors
    /// Nobody knows the word.
    fn camera(&mut self, word: &str) -> Result<()>;
    /// Does something to the clinic's service, in the words of its own program.
    ///
    /// # Errors
    /// Nobody knows the line.
    fn clinic(&mut self, line: &str) -> Result<()>;
}

/// What the dock's terminal can do: all of it.
const DOCK: Terminal =
    Terminal { phones: Phones::OwnReader, passcode: Some(PasscodeBy::Terminal), closed_twice: false, faceless: false };

/// Daemon, cards and clinic, until standard input ends. The kiosk's socket is `folder/screen.sock`.
///
/// # Errors
/// When something does not start.
pub fn backstage(folder: &Path, pcsc: bool, material: Material) -> Result<()> {
    let material = Some(material);
    let mut stage: Box<dyn Backstage> = if pcsc {
        processes::inside()?;
        Box::new(Processes::behind(&Programs::find()?, folder, Some(&folder.join("screen.sock")), DOCK, material)?)
    } else {
        fs::create_dir_all(folder)?;
        Box::new(InProcess::with_console(folder, DOCK, material)?)
    };
    for line in std::io::stdin().lock().lines().map_while(std::result::Result::ok) {
        if let Err(cause) = obey(stage.as_mut(), line.trim()) {
            eprintln!("dock: {line}: {cause:#}");
        }
    }
    Ok(())
}

fn obey(stage: &mut dyn Backstage, line: &str) -> Result<()> {
    match line.split_once(' ').unwrap_or((line, "")) {
        ("insert", card) => stage.insert(card),
        ("swap", card) => {
            stage.remove()?;
            std::thread::sleep(Duration::from_millis(900));
            stage.insert(card)
        }
        ("remove", _) => stage.remove(),
        ("reader", "unplug") => stage.reader(false),
        ("reader", "plug") => stage.reader(true),
        ("camera", word) => stage.camera(word),
        ("link" | "drop-receipts" | "latency" | "refuse-results", _) => stage.clinic(line),
        _ => bail!("nobody knows this line"),
    }
}

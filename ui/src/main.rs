//! `kiosk`: the screen of the terminal.

use std::{path::PathBuf, process::ExitCode};

use anyhow::bail;
use clap::{ArgGroup, Parser};
use screen::{Comfort, Language};
use ui::Panel;

/// The screen of the terminal: draws what the daemon says and reports touches.
#[derive(Parser)]
#[command(version, group = ArgGroup::new("what").required(true).args(["socket", "gallery", "measure_render", "sheet"]))]
struct Arguments {
    /// The daemon's socket.
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// No display: writes a picture of every view into this folder and takes commands on stdin.
    #[arg(long, value_name = "DIR", requires = "socket")]
    headless: Option<PathBuf>,
    /// Writes a picture of every kind of screen into this folder.
    #[arg(long, value_name = "DIR")]
    gallery: Option<PathBuf>,
    /// Draws this many views without a display and prints the milliseconds each took.
    #[arg(long, value_name = "COUNT")]
    measure_render: Option<usize>,
    /// Size of the panel in pixels.
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value_t)]
    size: Panel,
    /// Diagonal of the panel in inches; sizes on the glass follow.
    #[arg(long, default_value_t = 10.1, value_parser = inches)]
    inches: f32,
    /// Fills the screen; cannot be closed from the glass.
    #[arg(long, conflicts_with = "headless")]
    fullscreen: bool,
    /// Speaks and sounds: the folder of clips that `scripts/voice` made. Without it the kiosk only sounds its tones, and
    /// offers no voice.
    #[arg(long, value_name = "DIR", requires = "socket")]
    voice: Option<PathBuf>,
    /// Nothing moves: for people whom motion makes unwell. The desktop's own setting cannot be read here.
    #[arg(long)]
    still: bool,
    /// Writes one picture with every kind of screen on it, of one language, into this folder.
    #[arg(long, value_name = "DIR")]
    sheet: Option<PathBuf>,
    /// Language of the gallery and of the sheet, by its key: ja, ja_easy, en, zh_hans and so on.
    #[arg(long, default_value = "ja", value_parser = language)]
    language: Language,
    /// Large type in the gallery.
    #[arg(long)]
    large: bool,
    /// High contrast in the gallery.
    #[arg(long)]
    contrast: bool,
}

fn inches(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(inches) if (4.0..=40.0).contains(&inches) => Ok(inches),
        Ok(_) | Err(_) => Err("4 to 40".to_owned()),
    }
}

fn language(text: &str) -> Result<Language, String> {
    let keys = || Language::ALL.map(Language::key).join(", ");
    Language::ALL.into_iter().find(|language| language.key() == text).ok_or_else(keys)
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    if let Some(folder) = arguments.voice.as_deref().filter(|folder| !folder.is_dir()) {
        bail!("{}: no such folder of clips; scripts/voice makes it", folder.display());
    }
    let panel = Panel { inches: arguments.inches, ..arguments.size };
    if let Some(folder) = &arguments.gallery {
        let comfort = Comfort { large: arguments.large, contrast: arguments.contrast, ..Comfort::default() };
        return ui::gallery(folder, panel, arguments.language, comfort);
    }
    if let Some(folder) = &arguments.sheet {
        return ui::sheet(folder, arguments.language);
    }
    if let Some(count) = arguments.measure_render {
        let mut times = ui::measure_render(panel, count)?;
        times.sort_by(f64::total_cmp);
        let Some((median, slowest)) = times.get(times.len() / 2).zip(times.last()) else { bail!("nothing was drawn") };
        println!("{{\"views\":{},\"median_ms\":{median:.2},\"slowest_ms\":{slowest:.2}}}", times.len());
        return Ok(());
    }
    match (&arguments.socket, &arguments.headless) {
        (Some(socket), Some(folder)) => ui::run_headless(folder, socket, panel, arguments.voice.as_deref()),
        (Some(socket), None) => {
            let how = ui::How { fullscreen: arguments.fullscreen, still: arguments.still };
            ui::run_window(socket, panel, how, arguments.voice.as_deref())
        }
        (None, _) => bail!("--socket is missing"),
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kiosk: {error:#}");
            ExitCode::FAILURE
        }
    }
}

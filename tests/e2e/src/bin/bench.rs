//! How much the terminal adds to what the card itself takes, and what it costs to have it running. Called by
//! `scripts/bench`, inside a private namespace. Ratios are against a plain loop of the same APDUs in the same run.

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use apdu_fixtures::{CardOptions, EmulatedCard, EmulatedReader, Profile, people};
use card::{Channel, ChannelError, PinEntry, Reader as _, TrustAnchors, read_card, verify_and_sign};
use clap::Parser;
use demo::{
    processes::{Processes, Programs, inside},
    scenario::{ScreenName, World as _},
    window::Backstage,
};
use screen::{Digit, Target};
use serde_json::{Value, json};

/// Visits measured for each kind of card; one more goes before them and is not counted.
const VISITS: usize = 5;
/// How long an idle daemon is watched.
const IDLE: Duration = Duration::from_secs(10);
/// The reader is polled by pcscd about every 400 ms: a card that comes back sooner is not noticed.
const POLL: Duration = Duration::from_millis(1000);

/// Measures a PIN visit beside a plain loop of the same APDUs.
#[derive(Parser)]
struct Arguments {
    /// Where the figures go.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("bench: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    inside()?;
    let programs = Programs::find()?;
    let mut figures = json!({ "profile": if cfg!(debug_assertions) { "dev" } else { "release" } });
    for (name, delays) in [("realistic", "realistic"), ("no_delay", "none")] {
        println!("card delays: {name}");
        figures[name] = card_figures(&programs, delays)?;
    }
    println!("daemon");
    figures["daemon"] = daemon_figures(&programs)?;
    println!("screen");
    figures["screen"] = screen_figures(&programs)?;
    let text = serde_json::to_string_pretty(&figures)? + "\n";
    fs::write(&arguments.out, &text).with_context(|| arguments.out.display().to_string())?;
    print_table(&figures);
    Ok(())
}

/// The APDUs of a visit, split where the patient comes in: reading, then VERIFY and signature.
struct Apdus {
    reading: Vec<Vec<u8>>,
    signing: Vec<Vec<u8>>,
}

/// Hears what the daemon's own functions send.
struct Listening {
    inner: Box<dyn Channel>,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Channel for Listening {
    fn atr(&self) -> &[u8] {
        self.inner.atr()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        if let Ok(mut heard) = self.heard.lock() {
            heard.push(command.to_vec());
        }
        self.inner.transmit(command)
    }
}

fn apdus() -> Result<Apdus> {
    let (reader, hand) = EmulatedReader::new("bench");
    let person = people::by_serial(1001).context("1001")?;
    hand.insert(EmulatedCard::new(Profile::Standard, &person, CardOptions::today()));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let mut channel = Listening { inner: reader.connect()?, heard: Arc::clone(&heard) };
    let take = || heard.lock().map(|mut heard| std::mem::take(&mut *heard)).unwrap_or_default();
    let anchors = TrustAnchors::from_ders(&apdu_fixtures::pki::anchors())?;
    let card::CardReading::MyNumber { certificate, tries_left, .. } = read_card(&mut channel, &anchors)? else {
        bail!("the emulated card is no My Number card");
    };
    let reading = take();
    let mut entry = PinEntry::new();
    for digit in b"1234" {
        entry.push(*digit);
    }
    let pin = entry.take().context("four digits")?;
    let outcome = verify_and_sign(&mut channel, &certificate, tries_left, pin, b"bench");
    if !matches!(outcome, card::SignOutcome::Signed(_)) {
        bail!("the emulated card did not sign");
    }
    Ok(Apdus { reading, signing: take() })
}

fn card_figures(programs: &Programs, delays: &str) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let mut world = Processes::start(programs, folder.path(), "1280x800")?;
    let mut visits = Vec::new();
    for number in 0..=VISITS {
        visit(&mut world, delays)?;
        let timeline = world.timeline().pop().context("the daemon wrote no timeline")?;
        if number > 0 {
            visits.push(timeline);
        }
    }
    world.kill_daemon()?;
    let apdus = apdus()?;
    let mut plain = Vec::new();
    for number in 0..=VISITS {
        Backstage::insert(&mut world, &format!("1001 tries=3 delays={delays}"))?;
        std::thread::sleep(POLL);
        let times = plain_loop(&apdus)?;
        if number > 0 {
            plain.push(times);
        }
        Backstage::remove(&mut world)?;
        std::thread::sleep(POLL);
    }
    let work = |name: &str, field: &str| -> Vec<f64> {
        visits.iter().filter_map(|visit| of(visit, "work", "work", name)?.get(field)?.as_f64()).collect()
    };
    let state = |name: &str| -> Vec<f64> {
        visits
            .iter()
            .filter_map(|visit| {
                let spans =
                    visit.get("states")?.as_array()?.iter().filter(|span| span.get("state") == Some(&json!(name)));
                Some(
                    spans
                        .filter_map(|span| Some(span.get("end_ms")?.as_f64()? - span.get("start_ms")?.as_f64()?))
                        .sum(),
                )
            })
            .collect()
    };
    let read = median(&work("read_card", "took_us"))? / 1000.0;
    let sign = median(&work("verify_and_sign", "took_us"))? / 1000.0;
    let (plain_read, plain_sign) = (
        median(&plain.iter().map(|p| p.0).collect::<Vec<_>>())?,
        median(&plain.iter().map(|p| p.1).collect::<Vec<_>>())?,
    );
    let exchanges = median(&work("read_card", "exchanges"))? + median(&work("verify_and_sign", "exchanges"))?;
    let plain_exchanges = apdus.reading.len() + apdus.signing.len();
    Ok(json!({
        "exchanges": exchanges,
        "plain_exchanges": plain_exchanges,
        "daemon_ms": read + sign,
        "plain_ms": plain_read + plain_sign,
        "ratio": (read + sign) / (plain_read + plain_sign),
        "added_us_per_exchange": (read + sign - plain_read - plain_sign) * 1000.0 / exchanges,
        "card_to_method_added_ms": median(&state("placing_card"))? - plain_read,
        "pin_to_signature_added_ms": median(&state("checking_pin"))? - plain_sign,
    }))
}

fn of<'v>(visit: &'v Value, list: &str, key: &str, name: &str) -> Option<&'v Value> {
    visit.get(list)?.as_array()?.iter().find(|span| span.get(key) == Some(&json!(name)))
}

/// One visit, touched as fast as the screen allows.
fn visit(world: &mut Processes, delays: &str) -> Result<()> {
    wait(world, ScreenName::Start)?;
    Backstage::insert(world, &format!("1001 tries=3 delays={delays}"))?;
    wait(world, ScreenName::ChoosingMethod)?;
    world.tap(Target::Pin)?;
    wait(world, ScreenName::EnteringPin)?;
    for digit in 1..=4 {
        world.key(&Digit::new(digit).context("digit")?)?;
    }
    world.tap(Target::Confirm)?;
    wait(world, ScreenName::ConsentAll)?;
    let offered = world.now_shown()?.context("nothing is shown")?.targets;
    world.tap(if offered.iter().any(|name| name == "agree_all") { Target::AgreeAll } else { Target::SameAsBefore })?;
    wait(world, ScreenName::Done)?;
    Backstage::remove(world)?;
    wait(world, ScreenName::Start)
}

fn wait(world: &mut Processes, screen: ScreenName) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(30);
    while world.now_shown()?.map(|seen| seen.screen) != Some(screen) {
        if Instant::now() > until {
            bail!("waited 30 s for the screen {screen}; shown is {:?}", world.now_shown()?.map(|seen| seen.screen));
        }
        world.pass(Duration::from_millis(20))?;
    }
    Ok(())
}

/// The same APDUs as straight as they can be sent: milliseconds for reading (with the cold connect) and for signing.
fn plain_loop(apdus: &Apdus) -> Result<(f64, f64)> {
    let context = pcsc::Context::establish(pcsc::Scope::System)?;
    let mut names = vec![0; context.list_readers_len()?];
    let reader = context
        .list_readers(&mut names)?
        .find(|name| name.to_bytes().ends_with(b"00 00"))
        .context("the virtual reader is gone")?
        .to_owned();
    let began = Instant::now();
    let mut card = context.connect(&reader, pcsc::ShareMode::Exclusive, pcsc::Protocols::ANY)?;
    card.reconnect(pcsc::ShareMode::Exclusive, pcsc::Protocols::ANY, pcsc::Disposition::UnpowerCard)?;
    let mut buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
    let mut send = |list: &[Vec<u8>]| -> Result<()> {
        for command in list {
            let answer = card.transmit(command, &mut buffer)?;
            if answer.len() < 2 {
                bail!("the card answered nothing");
            }
        }
        Ok(())
    };
    send(&apdus.reading)?;
    let read = began.elapsed();
    let began = Instant::now();
    send(&apdus.signing)?;
    let signed = began.elapsed();
    let _ = card.disconnect(pcsc::Disposition::UnpowerCard);
    Ok((read.as_secs_f64() * 1000.0, signed.as_secs_f64() * 1000.0))
}

fn daemon_figures(programs: &Programs) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let mut world = Processes::start(programs, folder.path(), "1280x800")?;
    wait(&mut world, ScreenName::Start)?;
    world.kill_daemon()?;
    let began = Instant::now();
    world.start_daemon()?;
    let ready = world.daemon_ready(Duration::from_secs(10)).map_err(anyhow::Error::msg)?.duration_since(began);
    visit(&mut world, "none")?;
    let process = world.daemon_id().context("the daemon has ended")?;
    let resident = resident_kb(process)?;
    let before = cpu_ticks(process)?;
    std::thread::sleep(IDLE);
    let ticks = cpu_ticks(process)? - before;
    // Linux reports in hundredths of a second on every machine this runs on.
    let cpu_percent = f64::from(u32::try_from(ticks)?) / IDLE.as_secs_f64();
    Ok(
        json!({ "ready_ms": ready.as_secs_f64() * 1000.0, "resident_mb": resident / 1024.0, "idle_cpu_percent": cpu_percent }),
    )
}

fn resident_kb(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

fn cpu_ticks(process: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after = stat.rsplit(") ").next().context("stat")?;
    let field = |place: usize| after.split(' ').nth(place).and_then(|text| text.parse::<u64>().ok()).context("stat");
    Ok(field(11)? + field(12)?)
}

fn screen_figures(programs: &Programs) -> Result<Value> {
    let output = Command::new(&programs.kiosk).args(["--measure-render", "60"]).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with('{')).context("the kiosk measured nothing")?;
    Ok(serde_json::from_str(line)?)
}

fn median(values: &[f64]) -> Result<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().context("a figure is missing in the daemon's timelines")
}

fn print_table(figures: &Value) {
    let number = |path: &str| figures.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let row = |what: &str, value: String, aim: &str| println!("{what:<58} {value:>12}   {aim}");
    println!();
    row("daemon / plain loop, realistic card", format!("{:.3}", number("/realistic/ratio")), "aim ≤ 1.05");
    row(
        "exchanges, daemon and plain loop",
        format!("{} / {}", number("/realistic/exchanges"), number("/realistic/plain_exchanges")),
        "",
    );
    row("added per exchange, card without delays", format!("{:.0} µs", number("/no_delay/added_us_per_exchange")), "");
    row(
        "card placed → method choice, added",
        format!("{:.1} ms", number("/realistic/card_to_method_added_ms")),
        "aim ≤ 100 ms",
    );
    row(
        "PIN confirmed → signature, added",
        format!("{:.1} ms", number("/realistic/pin_to_signature_added_ms")),
        "aim ≤ 50 ms",
    );
    row("daemon start → ready", format!("{:.0} ms", number("/daemon/ready_ms")), "aim ≤ 1000 ms");
    row("resident memory after a visit", format!("{:.1} MB", number("/daemon/resident_mb")), "aim ≤ 60 MB");
    row("idle CPU", format!("{:.2} %", number("/daemon/idle_cpu_percent")), "aim ≤ 1 %");
    row("view received → pixels, 1280×800, median", format!("{:.1} ms", number("/screen/median_ms")), "aim ≤ 50 ms");
}

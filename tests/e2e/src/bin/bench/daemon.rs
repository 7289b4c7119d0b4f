//! What the daemon costs by being there: start, memory, CPU while nobody comes.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use demo::{
    processes::{Processes, Programs},
    scenario::World as _,
};
use serde_json::{Value, json};

use super::{
    cards::{rounded, start},
    glass::Glass,
    median,
    visit::visit,
};

/// Starts measured.
const STARTS: usize = 5;
/// Visits before memory and idle CPU are looked at.
const VISITS: usize = 3;
/// What outlasts a visit, delivery above all, is over then.
const CALM: Duration = Duration::from_secs(2);
/// How long an idle daemon is watched: four health checks, ten looks at the reader.
const IDLE: Duration = Duration::from_secs(20);
/// Linux tells CPU time in hundredths of a second, on every machine (USER_HZ).
const TICKS_A_SECOND: f64 = 100.0;

/// Start, memory, idle CPU.
pub(crate) fn figures(programs: &Programs) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let (mut level, mut glass) = start(programs, folder.path())?;
    glass.wait_for_start()?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        level.kill_daemon()?;
        let began = Instant::now();
        level.start_daemon()?;
        glass = Glass::connect(&folder.path().join("screen.sock"))?;
        starts.push(glass.wait_for_start()?.saturating_duration_since(began).as_secs_f64() * 1000.0);
    }
    for _ in 0..VISITS {
        visit(&mut level, &mut glass, "none")?;
    }
    thread::sleep(CALM);
    let id = process(&level)?;
    let before = cpu_ticks(id)?;
    thread::sleep(IDLE);
    // What is under one tick is not told: the figure is the most it can have been.
    let ticks = f64::from(u32::try_from(cpu_ticks(id)? - before + 1)?);
    Ok(json!({
        "ready_ms": rounded(median(starts.clone())?),
        "ready_each_ms": starts.into_iter().map(rounded).collect::<Vec<_>>(),
        "resident_mb": rounded(memory_kb(id, "VmRSS:")? / 1024.0),
        "resident_peak_mb": rounded(memory_kb(id, "VmHWM:")? / 1024.0),
        "idle_cpu_percent": rounded(ticks / TICKS_A_SECOND / IDLE.as_secs_f64() * 100.0),
    }))
}

/// The daemon's id as /proc names it. The namespace has its own process ids, /proc may be the machine's: what counts
/// there is the child of this process whose innermost id is the one we know.
fn process(level: &Processes) -> Result<u32> {
    let inner = level.daemon_id().context("the daemon has ended")?.to_string();
    let own = fs::read_to_string("/proc/self/status")?;
    let parent = field(&own, "Pid:").context("/proc/self/status tells no Pid")?;
    let ids = fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.into_iter()
        .find(|id| {
            let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            let innermost = field(&status, "NSpid:").and_then(|ids| ids.split_whitespace().next_back());
            field(&status, "PPid:") == Some(parent) && innermost == Some(inner.as_str())
        })
        .context("the daemon is not in /proc")
}

fn field<'t>(status: &'t str, name: &str) -> Option<&'t str> {
    status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

fn memory_kb(id: u32, name: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).context("the daemon has ended")?;
    let value = field(&status, name).and_then(|value| value.strip_suffix(" kB")?.trim().parse().ok());
    value.with_context(|| format!("/proc tells no {name}"))
}

/// User and system time of all its threads.
fn cpu_ticks(id: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).context("the daemon has ended")?;
    // Behind the name, which may hold anything, come state and numbers: utime and stime are the 12th and 13th.
    let mut after = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11);
    let mut next = || after.next().and_then(|text| text.parse::<u64>().ok()).context("/proc/PID/stat is too short");
    Ok(next()? + next()?)
}

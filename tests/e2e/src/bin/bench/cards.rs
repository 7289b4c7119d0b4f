//! Visits and plain loops by turns, so that whatever else the machine does hits both.

use std::path::Path;

use anyhow::{Result, bail};
use demo::{
    processes::{Processes, Programs},
    scenario::{Terminal, World as _},
};
use serde_json::{Value, json};

use super::{
    glass::Glass,
    median,
    plain::{Apdus, Loop},
    reader,
    visit::{HOLDER, PIN, Visit, insert, remove, visit},
};

/// Turns; each is a freshly started daemon's visits and then as many plain loops.
const TURNS: usize = 3;
/// Measured in each turn, after one that is not counted.
const MEASURED: usize = 3;

/// Starts everything but the kiosk; its place is the bench's own.
pub(crate) fn start(programs: &Programs, folder: &Path) -> Result<(Processes, Glass)> {
    let socket = folder.join("screen.sock");
    let level = Processes::behind(programs, folder, Some(&socket), Terminal::default(), None)?;
    let glass = Glass::connect(&socket)?;
    Ok((level, glass))
}

/// Everything about one kind of card.
pub(crate) fn figures(programs: &Programs, delays: &str) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let apdus = Apdus::of_a_visit(HOLDER, PIN)?;
    let (mut level, mut glass) = start(programs, folder.path())?;
    let (mut visits, mut loops) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        if turn > 0 {
            level.start_daemon()?;
            glass = Glass::connect(&folder.path().join("screen.sock"))?;
        }
        for number in 0..=MEASURED {
            let (measured, commands) = visit(&mut level, &mut glass, delays)?;
            same(commands, &apdus, "a visit")?;
            visits.extend((number > 0).then_some(measured));
        }
        level.kill_daemon()?;
        for number in 0..=MEASURED {
            let plain = apdus.start()?;
            insert(&mut level, delays)?;
            let measured = reader::join(plain)?;
            same(remove(&mut level)?, &apdus, "a plain loop")?;
            loops.extend((number > 0).then_some(measured));
        }
        reader::empty()?;
    }
    compare(&visits, &loops, apdus.count())
}

/// A ratio of different work would say nothing. The card is the judge: it counts what it gets.
fn same(commands: usize, apdus: &Apdus, what: &str) -> Result<()> {
    if commands != apdus.count() {
        bail!("the card got {commands} commands in {what}, but the daemon's own code sends {}", apdus.count());
    }
    Ok(())
}

fn compare(visits: &[Visit], loops: &[Loop], exchanges: usize) -> Result<Value> {
    let of_visits = |figure: fn(&Visit) -> f64| median(visits.iter().map(figure).collect());
    let of_loops = |figure: fn(&Loop) -> f64| median(loops.iter().map(figure).collect());
    let (method, signature) = (of_visits(|v| v.card_to_method)?, of_visits(|v| v.pin_to_signature)?);
    let (read, sign) = (of_loops(|l| l.read)?, of_loops(|l| l.sign)?);
    let (daemon, plain) = (method + signature, read + sign);
    let per_exchange = (daemon - plain) * 1000.0 / f64::from(u32::try_from(exchanges)?);
    let single = |first: fn(&Visit) -> f64, second: fn(&Visit) -> f64| -> Vec<[f64; 2]> {
        visits.iter().map(|visit| [first(visit), second(visit)].map(rounded)).collect()
    };
    Ok(json!({
        "exchanges": exchanges,
        "ratio": rounded(daemon / plain),
        "daemon_ms": rounded(daemon),
        "plain_ms": rounded(plain),
        "card_to_method_ms": rounded(method),
        "card_to_method_added_ms": rounded(method - read),
        "pin_to_signature_ms": rounded(signature),
        "pin_to_signature_added_ms": rounded(signature - sign),
        "added_us_per_exchange": per_exchange.round(),
        "visits_ms": single(|v| v.card_to_method, |v| v.pin_to_signature),
        "plain_loops_ms": loops.iter().map(|l| [l.read, l.sign].map(rounded)).collect::<Vec<_>>(),
    }))
}

/// Microseconds are as fine as it makes sense.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

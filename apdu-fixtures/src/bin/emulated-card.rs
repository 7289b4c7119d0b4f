//! `emulated-card`: cards for a reader of the real pcscd (vpcd), by lines on stdin. See apdu-fixtures/README.md.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use apdu_fixtures::vpcd::{self, Change, VpcdCard};
use apdu_fixtures::{CardOrder, Counters, EmulatedCard, today_in_japan};
use clap::Parser;
use jiff::civil::Date;
use serde_json::{Value, json};

/// Emulated My Number cards for pcscd's virtual reader.
///
/// Lines on stdin: insert PERSON-SERIAL [profile=standard] [pin=1234] [tries=3] [certificate-ends=YYYY-MM-DD]
/// [delays=none|realistic] [fault=LIST] [issuer=listed|previous|unlisted|forged] [key=rsa|p256|p384] [atr=emulated|real]
/// [seed=N] [photo=FILE.jp2] [signer=listed|unknown|forged] [code-tries=10] [pin-less=on|off] [verified=on|off] · fault LIST ·
/// remove · counts · quit. One JSON object a line on stdout.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where vpcd listens for the card; 127.0.0.1:35964 is its second reader, e.g. for phones.
    #[arg(long, default_value_t = vpcd::ADDRESS)]
    address: SocketAddr,
    /// The day it is for the cards (default: today in Japan).
    #[arg(long)]
    today: Option<Date>,
    /// Folder in which each card keeps its retry counters from one insertion to the next.
    #[arg(long)]
    counters: Option<PathBuf>,
}

/// The counters of cards that were on the reader before, by serial number and profile.
type Drawer = BTreeMap<(u32, &'static str), Counters>;

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let mut slot: Option<VpcdCard> = None;
    let mut drawer = Drawer::default();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split_whitespace();
        let outcome = match words.next() {
            None => continue,
            Some("insert") => insert(&arguments, &mut slot, &drawer, words.collect()),
            Some("fault") => set_fault(slot.as_ref(), words.next().unwrap_or_default()),
            Some("remove") => remove(&mut slot, &mut drawer),
            Some("counts") => counts(slot.as_ref()),
            Some("quit") => break,
            Some(other) => Err(format!("no command is called {other:?}")),
        };
        say(&outcome.unwrap_or_else(|message| json!({ "event": "error", "message": message })));
    }
    if let Some(card) = slot {
        card.remove();
    }
    Ok(())
}

fn say(event: &Value) {
    let mut out = io::stdout().lock();
    // Nobody listens any more: the next line on stdin will not come either.
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}

fn insert(
    arguments: &Arguments,
    slot: &mut Option<VpcdCard>,
    drawer: &Drawer,
    words: Vec<&str>,
) -> Result<Value, String> {
    if slot.is_some() {
        return Err("a card lies on the reader".to_owned());
    }
    let mut card = card(arguments, &words)?;
    // Tries that are named count; otherwise the card is as it was left.
    let left = drawer.get(&(card.person().serial, card.profile().name()));
    if let Some(counters) = left.filter(|_| card.options().tries.is_none()) {
        card.restore_counters(counters);
    }
    let (profile, name) = (card.profile(), card.person().name.clone());
    // Printed on the card, so no secret of this program: the demo types it where a camera would read it.
    let code = card.has_surface_code().then(|| card.surface_code());
    let on_change = |change| {
        say(&json!({ "event": match change {
            Change::Lifted => "lifted",
            Change::ReaderGone => "reader-gone",
            Change::ReaderBack => "reader-back",
        } }));
    };
    *slot = Some(VpcdCard::insert(arguments.address, card, on_change).map_err(|why| format!("vpcd: {why}"))?);
    let code = code.map(|digits| String::from_utf8_lossy(&digits).into_owned());
    Ok(json!({ "event": "inserted", "person": name, "profile": profile.name(), "surface_code": code }))
}

fn card(arguments: &Arguments, words: &[&str]) -> Result<EmulatedCard, String> {
    let today = arguments.today.unwrap_or_else(today_in_japan);
    let mut order = CardOrder::parse(&words.join(" "), today).map_err(|why| why.to_string())?;
    // The PIN of a phone is another than the card's, and so are its tries.
    let medium = if order.profile.is_phone() { format!("-{}", order.profile) } else { String::new() };
    let counters = |folder: &PathBuf| folder.join(format!("{}{medium}.json", order.person.serial));
    order.options.counters_file = arguments.counters.as_ref().map(counters);
    order.card().map_err(|why| why.to_string())
}

fn set_fault(slot: Option<&VpcdCard>, list: &str) -> Result<Value, String> {
    let faults = list.parse().map_err(|why| format!("{why}"))?;
    let card = slot.ok_or("no card lies on the reader")?;
    card.with_card(|card| card.set_faults(faults));
    Ok(json!({ "event": "fault-set" }))
}

fn remove(slot: &mut Option<VpcdCard>, drawer: &mut Drawer) -> Result<Value, String> {
    let card = slot.take().ok_or("no card lies on the reader")?.remove();
    drawer.insert((card.person().serial, card.profile().name()), card.counters());
    Ok(json!({ "event": "removed" }))
}

fn counts(slot: Option<&VpcdCard>) -> Result<Value, String> {
    let counts = slot.ok_or("no card lies on the reader")?.counts();
    let mut event = serde_json::to_value(counts).map_err(|why| why.to_string())?;
    if let Some(fields) = event.as_object_mut() {
        fields.insert("event".to_owned(), "counts".into());
    }
    Ok(event)
}

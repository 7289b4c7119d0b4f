//! The clinic as a program: one command starts it, lines on stdin control it, JSON lines on stdout report.

#![forbid(unsafe_code)]

use std::{
    io::{BufRead, Write},
    net::SocketAddr,
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result};
use card::TrustAnchors;
use clap::{Parser, ValueEnum};
use clinic::{Clinic, ClinicOptions, Presses, Roots, Settings, files::Encoding};
use qualification::PasscodeCopy;
use serde_json::{Value, json};
use tokio::sync::mpsc;

const HELP: &str = "Lines on stdin, each answered with one line of JSON:
  link down         refuse connections and cut existing ones
  link up           listen again on the same port
  drop-receipts N   store the next N results, but lose their receipts
  refuse-results    refuse new results
  accept-results    take them again
  pin-less off|on   stop doing the PIN-less step (no face check possible) / do it again
  sign-up fails|works   signing a card up fails at the centre / works again (where the person's entry says so)
  terminals refused|taken   refuse every terminal as one that is not in the books / know them again
  settings NAME     ask what this facility asks: plain, everything, or a file like data/facility.toml
  passcode FILE     hold the facility's passcode for the visual check, hashed (PHC string of Argon2id)
  passcode none     hold none
  latency MS        answer so much later
  clock MS          set the service's clock so much ahead (negative: behind)
  clock +90 s       the same in seconds
  visit SERIAL agree|decline   a whole visit by PIN of an invented person, without a terminal: to see its files
  books             show what was received, session states, sign-ups, other certificates asked for, files, notes for the desk
  quit              end

Example:
  clinic --dir /tmp/clinic --anchors anchors/
  {\"demo\":false,\"event\":\"listening\",\"files\":null,\"terminal\":\"/tmp/clinic/terminal\",\"url\":\"https://127.0.0.1:40123\"}

The folder named by \"terminal\" holds a whole configuration for the terminal; adapt [reader] pattern in a copy:
  reader-daemon run --config /tmp/clinic/terminal/reader-daemon.toml

Files for the レセコン (tests/clinic/FILES.md): results into face/, requests from req/, answers into res/:
  clinic --dir /tmp/clinic --anchors apdu-fixtures/pki/anchors --files /tmp/files --encoding shift-jis
  visit 1001 agree
  ls /tmp/files/face";

/// The reference qualification service, with invented patients. Listens on loopback only.
#[derive(Parser)]
#[command(version, after_help = HELP)]
struct Arguments {
    /// Folder for PKI, books and terminal bundle; made on the first start, kept between starts
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Folder with the CA certificates of the cards to take (.pem, .crt, .cer, .der)
    #[arg(long, value_name = "DIR")]
    anchors: PathBuf,
    /// Where to listen; loopback only, port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Table of people and revoked certificates instead of the invented ones (TOML)
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Policy OID of user certificates to take; may be given several times [default: the test branch]
    #[arg(long, value_name = "OID")]
    policy: Vec<String>,
    /// CA certificates of the phones to take, where they are not those of the cards [default: as for cards]
    #[arg(long, value_name = "DIR")]
    phone_anchors: Option<PathBuf>,
    /// Policy OID of user certificates to take from phones; may be given several times [default: as for cards]
    #[arg(long, value_name = "OID")]
    phone_policy: Vec<String>,
    /// What the facility asks: plain, everything, or a file like data/facility.toml
    #[arg(long, value_name = "NAME", default_value = "plain")]
    settings: String,
    /// File with the facility's passcode for the visual check, hashed (PHC string of Argon2id, never its digits), or none
    #[arg(long, value_name = "FILE", default_value = "none")]
    passcode: String,
    /// Name of the facility on the terminal's screen
    #[arg(long, value_name = "TEXT")]
    facility: Option<String>,
    /// Ten digits of the facility (医療機関コード), in the bundle, on files and in their names
    #[arg(long, value_name = "CODE")]
    institution: Option<String>,
    /// Folder for the files of the レセコン: req/, res/, face/; made if needed, belongs to this --dir from then on
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    /// What those files are written in
    #[arg(long, value_name = "NAME", value_enum, default_value = "utf-8")]
    encoding: FileEncoding,
    /// Take results of terminals that run demonstration weights; nothing that is taken then counts. Books begun so are
    /// never opened without it, nor others with it
    #[arg(long)]
    demo: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum FileEncoding {
    /// UTF-8, CharacterCodeIdentifier 0
    #[value(name = "utf-8")]
    Utf8,
    /// Shift_JIS (code page 932), CharacterCodeIdentifier 1; ● for what it lacks
    ShiftJis,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let anchors = TrustAnchors::from_directory(&arguments.anchors)
        .with_context(|| format!("--anchors {}", arguments.anchors.display()))?;
    let mut options = ClinicOptions::new(&arguments.dir, anchors);
    options.anchor_files = Some(arguments.anchors.clone());
    options.listen = arguments.listen;
    if let Some(path) = &arguments.people {
        options.people = std::fs::read_to_string(path).with_context(|| format!("--people {}", path.display()))?;
    }
    if !arguments.policy.is_empty() {
        options.policies = arguments.policy.into_iter().collect();
    }
    if arguments.phone_anchors.is_some() || !arguments.phone_policy.is_empty() {
        let anchors = match &arguments.phone_anchors {
            Some(path) => {
                TrustAnchors::from_directory(path).with_context(|| format!("--phone-anchors {}", path.display()))?
            }
            None => options.anchors.clone(),
        };
        let policies = match arguments.phone_policy.as_slice() {
            [] => options.policies.clone(),
            named => named.iter().cloned().collect(),
        };
        options.phones = Some(Roots { anchors, policies });
    }
    options.settings = Settings::named(&arguments.settings)?;
    options.passcode = passcode(&arguments.passcode).context("--passcode")?;
    if let Some(name) = arguments.facility {
        options.facility.name = name;
    }
    if let Some(code) = arguments.institution {
        options.facility.institution_code = code;
    }
    options.files = arguments.files;
    options.encoding = match arguments.encoding {
        FileEncoding::Utf8 => Encoding::Utf8,
        FileEncoding::ShiftJis => Encoding::ShiftJis,
    };
    options.demo = arguments.demo;
    let clinic = Clinic::start(options).await?;
    if arguments.demo {
        eprintln!(
            "clinic: started with --demo: it takes results of demonstration weights, and nothing that it takes counts"
        );
    }
    say(&json!({"event": "listening", "url": clinic.url(), "terminal": clinic.terminal(), "demo": arguments.demo,
        "files": clinic.exchange()}))?;

    let mut lines = lines_of_stdin();
    while let Some(line) = lines.recv().await {
        match Command::parse(&line) {
            Ok(Some(Command::Quit)) => break,
            Ok(Some(command)) => {
                let done = obey(&clinic, command).await;
                say(&done
                    .unwrap_or_else(|error| json!({"event": "error", "line": line, "reason": format!("{error:#}")})))?;
            }
            Ok(None) => {}
            Err(reason) => say(&json!({"event": "error", "line": line, "reason": reason}))?,
        }
    }
    clinic.stop().await;
    Ok(())
}

/// `none`, or the file with the hashed passcode. What is wrong with it is said without quoting it.
fn passcode(name: &str) -> Result<Option<PasscodeCopy>> {
    if name == "none" {
        return Ok(None);
    }
    let text = std::fs::read_to_string(name).with_context(|| name.to_owned())?;
    Ok(Some(PasscodeCopy { argon2id: text.trim().to_owned() }))
}

#[derive(Debug, PartialEq, Eq)]
enum Command {
    Link(bool),
    DropReceipts(u32),
    RefuseResults(bool),
    PinLess(bool),
    SignUpFails(bool),
    RefuseTerminals(bool),
    Settings(String),
    Passcode(String),
    Latency(Duration),
    Clock(i64),
    Visit(u32, Presses),
    Books,
    Quit,
}

impl Command {
    /// `None`: an empty line.
    fn parse(line: &str) -> Result<Option<Self>, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |text: &str| format!("{text:?} is not a number that fits");
        Ok(Some(match words.as_slice() {
            [] => return Ok(None),
            ["link", "down"] => Self::Link(false),
            ["link", "up"] => Self::Link(true),
            ["drop-receipts", count] => Self::DropReceipts(count.parse().map_err(|_| number(count))?),
            ["refuse-results"] => Self::RefuseResults(true),
            ["accept-results"] => Self::RefuseResults(false),
            ["pin-less", "off"] => Self::PinLess(false),
            ["pin-less", "on"] => Self::PinLess(true),
            ["sign-up", "fails"] => Self::SignUpFails(true),
            ["sign-up", "works"] => Self::SignUpFails(false),
            ["terminals", "refused"] => Self::RefuseTerminals(true),
            ["terminals", "taken"] => Self::RefuseTerminals(false),
            ["settings", name] => Self::Settings((*name).to_owned()),
            ["passcode", name] => Self::Passcode((*name).to_owned()),
            ["latency", ms] => Self::Latency(Duration::from_millis(ms.parse().map_err(|_| number(ms))?)),
            ["clock", ms] => Self::Clock(ms.parse().map_err(|_| number(ms))?),
            ["clock", seconds, "s"] => {
                let offset = seconds.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1000));
                Self::Clock(offset.ok_or_else(|| number(seconds))?)
            }
            ["visit", serial, "agree"] => Self::Visit(serial.parse().map_err(|_| number(serial))?, Presses::Agree),
            ["visit", serial, "decline"] => Self::Visit(serial.parse().map_err(|_| number(serial))?, Presses::Decline),
            ["books"] => Self::Books,
            ["quit"] => Self::Quit,
            [first, ..] => return Err(format!("{first:?} with these words is no command; see --help")),
        }))
    }
}

async fn obey(clinic: &Clinic, command: Command) -> Result<Value> {
    let done = |what: &str, value: Value| json!({"event": "done", what: value});
    Ok(match command {
        Command::Link(up) => {
            clinic.set_link(up).await;
            done("link", json!(if up { "up" } else { "down" }))
        }
        Command::DropReceipts(count) => {
            clinic.drop_receipts(count);
            done("drop_receipts", json!(count))
        }
        Command::RefuseResults(refuse) => {
            clinic.refuse_results(refuse);
            done("refuse_results", json!(refuse))
        }
        Command::PinLess(on) => {
            clinic.set_pin_less(on);
            done("pin_less", json!(if on { "on" } else { "off" }))
        }
        Command::SignUpFails(fails) => {
            clinic.set_sign_up_fails(fails);
            done("sign_up", json!(if fails { "fails" } else { "works" }))
        }
        Command::RefuseTerminals(refuse) => {
            clinic.refuse_terminals(refuse);
            done("terminals", json!(if refuse { "refused" } else { "taken" }))
        }
        Command::Settings(name) => {
            let settings = Settings::named(&name)?;
            clinic.set_settings(settings);
            done("settings", json!(settings.items()))
        }
        Command::Passcode(name) => {
            let passcode = passcode(&name)?;
            let held = passcode.is_some();
            clinic.set_passcode(passcode)?;
            done("passcode", json!(if held { "held" } else { "none" }))
        }
        Command::Latency(latency) => {
            clinic.set_latency(latency);
            done("latency_ms", json!(latency.as_millis()))
        }
        Command::Clock(offset) => {
            clinic.set_clock_offset(offset);
            done("clock_ms", json!(offset))
        }
        Command::Visit(serial, presses) => {
            let (qualification, receipt) = clinic.visit(serial, presses).await?;
            json!({"event": "done", "visit": serial, "qualification": qualification, "receipt": receipt})
        }
        Command::Books => {
            let (results, sessions, desk) = (clinic.books()?, clinic.session_counts()?, clinic.desk()?);
            let (sign_ups, lookups, files) = (clinic.sign_ups()?, clinic.certificate_lookups()?, clinic.files()?);
            json!({
                "event": "books", "results": results, "sessions": sessions, "desk": desk, "sign_ups": sign_ups,
                "certificate_lookups": lookups, "files": files,
            })
        }
        Command::Quit => done("quit", Value::Null),
    })
}

fn say(event: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{event}")?;
    out.flush().context("stdout")
}

/// Reading stdin blocks; a thread of its own does it. The end of stdin is the end of the program.
fn lines_of_stdin() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_line_is_understood_and_others_are_named() {
        let cases = [
            ("link down", Command::Link(false)),
            ("  link   up ", Command::Link(true)),
            ("drop-receipts 2", Command::DropReceipts(2)),
            ("refuse-results", Command::RefuseResults(true)),
            ("accept-results", Command::RefuseResults(false)),
            ("pin-less off", Command::PinLess(false)),
            ("pin-less on", Command::PinLess(true)),
            ("latency 250", Command::Latency(Duration::from_millis(250))),
            ("sign-up fails", Command::SignUpFails(true)),
            ("sign-up works", Command::SignUpFails(false)),
            ("terminals refused", Command::RefuseTerminals(true)),
            ("terminals taken", Command::RefuseTerminals(false)),
            ("settings everything", Command::Settings("everything".into())),
            ("passcode none", Command::Passcode("none".into())),
            ("clock -90000", Command::Clock(-90_000)),
            ("clock +90 s", Command::Clock(90_000)),
            ("clock -90 s", Command::Clock(-90_000)),
            ("clock 0 s", Command::Clock(0)),
            ("visit 1001 agree", Command::Visit(1001, Presses::Agree)),
            ("visit 1004 decline", Command::Visit(1004, Presses::Decline)),
            ("books", Command::Books),
            ("quit", Command::Quit),
        ];
        for (line, command) in cases {
            assert_eq!(Command::parse(line), Ok(Some(command)), "{line}");
        }
        assert_eq!(Command::parse(""), Ok(None));
        for bad in [
            "link",
            "link sideways",
            "pin-less",
            "pin-less maybe",
            "drop-receipts",
            "drop-receipts -1",
            "latency x",
            "clock",
            "clock 9223372036854775807 s",
            "clock 90 h",
            "sign-up",
            "sign-up maybe",
            "terminals",
            "settings",
            "passcode",
            "visit",
            "visit hanako agree",
            "visit 1001 perhaps",
            "books now",
            "rm -rf",
        ] {
            assert!(Command::parse(bad).is_err(), "{bad}");
        }
    }
}

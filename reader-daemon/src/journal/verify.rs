//! Checking the journal: every line follows the one before it, over all files, and every day's head is signed.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    path::Path,
    time::Duration,
};

use jiff::civil::Date;
use p256::ecdsa::VerifyingKey;
use serde::Deserialize;

use super::{
    chain::{FIRST, Link, hash},
    files::{CURRENT, ended},
    head,
};
use crate::limits::MAX_JOURNAL_LINE;

/// After this pause a chain that seemed broken is read again.
const AGAIN: Duration = Duration::from_millis(100);

/// A chain that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// How many lines there are.
    pub lines: u64,
    /// The newest day whose head is signed; what came after it could be cut off unseen. `None`: no day has ended yet.
    pub signed: Option<Date>,
    /// Sixteen hex digits of the key the heads are signed with; `None`: none was needed.
    pub key: Option<String>,
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} lines, chain whole", self.lines)?;
        match (self.signed, &self.key) {
            (Some(day), Some(key)) => write!(f, ", signed up to {day} with key {key}"),
            _ => f.write_str(", no day has ended yet, so nothing is signed"),
        }
    }
}

/// Where a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line} {what}")]
pub struct Broken {
    /// In which file.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: &'static str,
}

/// A head, as it is checked.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Head {
    DayBegan { ended: String, signature: String },
}

/// Checks every line of the journal in this folder; its heads with `key`, or with the public key that lies there.
///
/// # Errors
/// Reading failed; or where the chain breaks.
pub fn verify(folder: &Path, key: Option<&Path>) -> io::Result<Result<Whole, Broken>> {
    match verify_once(folder, key)? {
        Ok(whole) => Ok(Ok(whole)),
        // The daemon may have been writing, or a day have ended, while it was read.
        Err(_) => {
            std::thread::sleep(AGAIN);
            verify_once(folder, key)
        }
    }
}

fn verify_once(folder: &Path, key: Option<&Path>) -> io::Result<Result<Whole, Broken>> {
    let keys = match key {
        Some(key) => head::public(key)?.into_iter().collect(),
        None => head::publics(folder)?,
    };
    let mut chain = Chain { keys, signed_with: None, next: None, previous: String::new(), lines: 0, signed: None };
    for path in ended(folder)?.into_iter().map(|(_, path)| path).chain([folder.join(CURRENT)]) {
        let file = match File::open(&path) {
            // A day ended and the next one has no line yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound && chain.lines > 0 => break,
            file => file?,
        };
        if let Err((line, what)) = chain.file(BufReader::new(file))? {
            return Ok(Err(Broken { file: name(&path), line, what }));
        }
    }
    Ok(Ok(Whole { lines: chain.lines, signed: chain.signed, key: chain.signed_with }))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

struct Chain {
    keys: Vec<VerifyingKey>,
    /// Name of the newest head's key.
    signed_with: Option<String>,
    /// The number the next line must have; `None`: no line was read yet.
    next: Option<u64>,
    previous: String,
    lines: u64,
    signed: Option<Date>,
}

impl Chain {
    fn file(&mut self, mut reader: impl io::BufRead) -> io::Result<Result<(), (u64, &'static str)>> {
        let limit = u64::try_from(MAX_JOURNAL_LINE).unwrap_or(u64::MAX);
        for at in 1.. {
            let mut line = Vec::new();
            if reader.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if let Err(what) = self.line(line) {
                return Ok(Err((at, what)));
            }
        }
        Ok(Ok(()))
    }

    fn line(&mut self, mut line: Vec<u8>) -> Result<(), &'static str> {
        if line.pop() != Some(b'\n') {
            return Err("is torn or too long");
        }
        let link: Link = serde_json::from_slice(&line).map_err(|_| "is not a journal line")?;
        let head: Option<Head> = serde_json::from_slice(&line).ok();
        match self.next {
            Some(next) if link.number != next => return Err("has another number: lines are missing"),
            Some(_) if link.previous != self.previous => {
                return Err("does not follow the line before: one of them was changed");
            }
            Some(_) => {}
            None if link.number == 1 && link.previous == FIRST => {}
            // Older days were removed: only a signed head says what they had come to.
            None if head.is_some() => {}
            None => return Err("is the first, and no signed head says what came before it"),
        }
        if let Some(Head::DayBegan { ended, signature }) = head {
            let ended: Date = ended.parse().map_err(|_| "is a head without a day")?;
            if self.keys.is_empty() {
                return Err("is a signed head, and the journal's public key is not there");
            }
            let number = link.number.saturating_sub(1);
            let signs = |key: &&VerifyingKey| head::is_signed(key, ended, number, &link.previous, &signature);
            let key = self.keys.iter().find(signs).ok_or("is a head that was not signed with the journal's key")?;
            self.signed_with = Some(head::name(key));
            self.signed = Some(ended);
        }
        self.next = Some(link.number.saturating_add(1));
        self.previous = hash(&line);
        self.lines += 1;
        Ok(())
    }
}

//! One file of the chain: lines that name the hash of the line before, and what becomes of a torn one.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom},
    os::unix::fs::OpenOptionsExt as _,
};

use qualification::ids::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Entry;
use crate::limits::MAX_JOURNAL_LINE;

/// `previous` of the first line.
pub(super) const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) number: u64,
    pub(super) time: String,
    pub(super) previous: &'a str,
    #[serde(flatten)]
    pub(super) entry: &'a Entry,
}

/// What the chain needs of a line. Other members are the entry's.
#[derive(Deserialize)]
pub(super) struct Link {
    pub(super) number: u64,
    pub(super) time: String,
    pub(super) previous: String,
}

pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true).mode(0o600);
    options
}

pub(super) fn hash(line: &[u8]) -> String {
    hex(&Sha256::digest(line))
}

/// The end of the file, up to the longest line and its newline.
fn tail(file: &mut File) -> io::Result<(u64, Vec<u8>)> {
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(u64::try_from(MAX_JOURNAL_LINE).unwrap_or(u64::MAX) + 1);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(length - from).read_to_end(&mut bytes)?;
    Ok((length, bytes))
}

/// Takes a torn last line off and says how many bytes it had.
pub(super) fn cut_torn_line(file: &mut File) -> io::Result<u64> {
    let (length, bytes) = tail(file)?;
    let torn = match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => bytes.len() - at - 1,
        None => bytes.len(),
    };
    let torn = u64::try_from(torn).unwrap_or(u64::MAX);
    if torn > 0 {
        file.set_len(length.saturating_sub(torn))?;
        file.sync_data()?;
    }
    Ok(torn)
}

/// How a file ends.
pub(super) enum Last {
    /// It is empty.
    None,
    /// With this line, without its newline.
    Line(Vec<u8>),
    /// With more than a line can have.
    TooLong,
}

pub(super) fn last_line(file: &mut File) -> io::Result<Last> {
    let (length, mut bytes) = tail(file)?;
    if bytes.pop().is_none() {
        return Ok(Last::None);
    }
    let from = bytes.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
    let whole_file = u64::try_from(bytes.len()).unwrap_or(0) + 1 == length;
    match from {
        Some(from) => Ok(Last::Line(bytes.split_off(from))),
        None if whole_file => Ok(Last::Line(bytes)),
        None => Ok(Last::TooLong),
    }
}

//! The files of the journal: `journal.jsonl` is written to; `journal-DAY.jsonl` are the days before, DAY that of their
//! last line, in Japan.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::chain::{Last, Link, hash, last_line};
use crate::limits::{JOURNAL_DAYS, JOURNAL_PAUSE, JOURNAL_REMOVED, MAX_JOURNAL_LINE};

/// The file that is written to.
pub(crate) const CURRENT: &str = "journal.jsonl";

/// Where a chain goes on.
pub(super) struct End {
    pub(super) number: u64,
    pub(super) hash: String,
    /// In Japan.
    pub(super) day: Date,
}

impl End {
    /// After this line; `None`: it is no journal line.
    pub(super) fn after(line: &[u8]) -> Option<Self> {
        let link: Link = serde_json::from_slice(line).ok()?;
        Some(Self { number: link.number, hash: hash(line), day: day_of(&link.time)? })
    }
}

/// The day in Japan of a time as lines write it.
pub(super) fn day_of(time: &str) -> Option<Date> {
    let time: jiff::Timestamp = time.parse().ok()?;
    Some(time.to_zoned(japan()).date())
}

/// The day in Japan.
pub(super) fn day_at(unix_ms: u64) -> Date {
    let time = i64::try_from(unix_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    time.unwrap_or_default().to_zoned(japan()).date()
}

fn japan() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(9))
}

/// Where the file of an ended day lies.
pub(super) fn of_day(folder: &Path, day: Date) -> PathBuf {
    folder.join(format!("journal-{day}.jsonl"))
}

/// Files of ended days, oldest first.
pub(super) fn ended(folder: &Path) -> io::Result<Vec<(Date, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let day = name.to_str().and_then(|name| name.strip_prefix("journal-")?.strip_suffix(".jsonl"));
        if let Some(day) = day.and_then(|day| day.parse::<Date>().ok()) {
            files.push((day, entry.path()));
        }
    }
    // By their lines: a clock that was wrong for a while gave a day the name of another year.
    files.sort_by_cached_key(|(day, path)| (first_number(path), *day));
    Ok(files)
}

/// Number of the first line of a file; nothing readable comes first, and is found when it is checked.
fn first_number(path: &Path) -> u64 {
    let mut line = Vec::new();
    let limit = u64::try_from(MAX_JOURNAL_LINE).unwrap_or(u64::MAX);
    let read = File::open(path).and_then(|file| BufReader::new(file).take(limit).read_until(b'\n', &mut line));
    read.ok().and_then(|_| serde_json::from_slice::<Link>(&line).ok()).map_or(0, |link| link.number)
}

fn days_between(from: Date, to: Date) -> i32 {
    to.since((jiff::Unit::Day, from)).map_or(0, |span| span.get_days())
}

/// Where the newest ended day ends; `None`: there is none, or it cannot be continued.
pub(super) fn end_of_ended(folder: &Path) -> io::Result<Option<End>> {
    let Some((_, path)) = ended(folder)?.pop() else { return Ok(None) };
    match last_line(&mut File::open(path)?)? {
        Last::Line(line) => Ok(End::after(&line)),
        Last::None | Last::TooLong => Ok(None),
    }
}

/// Removes days that are kept no longer and says how many, and the newest of them. A clock that jumps erases nothing: the
/// day that ended must be near, and few go at once.
pub(super) fn remove_old(folder: &Path, ended_day: Date, today: Date) -> io::Result<Option<(u64, Date)>> {
    let mut removed: Option<(u64, Date)> = None;
    if days_between(ended_day, today) > JOURNAL_PAUSE {
        return Ok(None);
    }
    for (day, path) in ended(folder)? {
        let few = removed.is_none_or(|(count, _)| count < JOURNAL_REMOVED);
        if few && days_between(day, today) > JOURNAL_DAYS {
            fs::remove_file(path)?;
            removed = Some((removed.map_or(1, |(count, _)| count + 1), day));
        }
    }
    Ok(removed)
}

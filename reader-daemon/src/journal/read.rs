//! Reading the journal for people.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use console::terminal::{Chain, Day, Journal, JournalLine, Text};
use serde_json::{Map, Value};

use super::{
    events::EVENTS,
    files::{CURRENT, ended},
    verify,
};
use crate::limits::{JOURNAL_PAGE, MAX_JOURNAL_LINE};

/// The lines of these days, and what checking the whole chain finds.
///
/// # Errors
/// What the operating system says.
pub(crate) fn days(folder: &Path, from: &Day, to: &Day) -> io::Result<Journal> {
    let chain = match verify(folder, None)? {
        Ok(whole) => {
            Chain::Whole { lines: whole.lines, signed: whole.signed.and_then(|day| Day::parse(&day.to_string())) }
        }
        Err(broken) => Chain::Broken { file: broken.file, line: broken.line, what: broken.what.to_owned() },
    };
    let mut lines = std::collections::VecDeque::new();
    let mut cut = false;
    each(folder, from, to, |at_ms, mut members| {
        if lines.len() == JOURNAL_PAGE {
            lines.pop_front();
            cut = true;
        }
        let number = members.remove("number").and_then(|number| number.as_u64()).unwrap_or(0);
        let event = members.remove("event").and_then(|event| event.as_str().map(str::to_owned)).unwrap_or_default();
        members.remove("time");
        members.remove("previous");
        let known = EVENTS.iter().find(|known| known.id == event);
        let meaning =
            known.map_or_else(Text::default, |known| Text { ja: known.ja.to_owned(), en: known.en.to_owned() });
        lines.push_back(JournalLine { number, at_ms, event, meaning, members: Value::Object(members).to_string() });
    })?;
    Ok(Journal { lines: lines.into(), chain, cut })
}

/// Every line of these days, oldest first: when, and its members. What is no line is passed over; `verify` finds it.
pub(super) fn each(
    folder: &Path,
    from: &Day,
    to: &Day,
    mut line: impl FnMut(u64, Map<String, Value>),
) -> io::Result<()> {
    // A file holds no line of a day after the one it is named by.
    let named = |day: &jiff::civil::Date| Day::parse(&day.to_string());
    let older = ended(folder)?.into_iter().filter(|(day, _)| named(day).is_some_and(|day| day >= *from));
    let files: Vec<PathBuf> = older.map(|(_, path)| path).chain([folder.join(CURRENT)]).collect();
    let limit = u64::try_from(MAX_JOURNAL_LINE).unwrap_or(u64::MAX);
    for path in files {
        let mut reader = match File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        while reader.by_ref().take(limit).read_until(b'\n', &mut bytes)? > 0 {
            if let Ok(members) = serde_json::from_slice::<Map<String, Value>>(&bytes)
                && let Some(at_ms) = members.get("time").and_then(Value::as_str).and_then(ms_of)
                && (from..=to).contains(&&Day::at(at_ms))
            {
                line(at_ms, members);
            }
            bytes.clear();
        }
    }
    Ok(())
}

fn ms_of(time: &str) -> Option<u64> {
    let time: jiff::Timestamp = time.parse().ok()?;
    u64::try_from(time.as_millisecond()).ok()
}

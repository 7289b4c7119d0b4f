//! Times as staff read them: in Japan, whatever the terminal's own zone is.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use crate::terminal::Day;

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|time| u64::try_from(time.as_millis()).ok()).unwrap_or(0)
}

fn in_japan(ms: u64) -> DateTime {
    let time = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
    TimeZone::fixed(Offset::constant(9)).to_datetime(time)
}

/// `14:03`; with the day before it when that is not today.
pub(crate) fn short(ms: u64) -> String {
    let time = in_japan(ms);
    let clock = format!("{:02}:{:02}", time.hour(), time.minute());
    if Day::at(ms) == Day::at(now_ms()) { clock } else { format!("{} {clock}", Day::at(ms).as_str()) }
}

/// `2026-11-23 14:03:05`
pub(crate) fn long(ms: u64) -> String {
    let time = in_japan(ms);
    format!("{} {:02}:{:02}:{:02}", time.date(), time.hour(), time.minute(), time.second())
}

/// `2026-11-23T14:03:05.120+09:00`
pub(crate) fn iso(ms: u64) -> String {
    let time = in_japan(ms);
    let (clock, millis) = (format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()), time.millisecond());
    format!("{}T{clock}.{millis:03}+09:00", time.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_japan() {
        assert_eq!(long(1_795_359_600_000), "2026-11-23 00:00:00");
        assert_eq!(iso(1_795_359_600_120), "2026-11-23T00:00:00.120+09:00");
        assert_eq!(short(0), "1970-01-01 09:00", "another day is named");
        assert_eq!(short(now_ms()).len(), 5, "today is not");
        assert_eq!(long(u64::MAX), "1970-01-01 09:00:00", "nonsense does not panic");
    }
}

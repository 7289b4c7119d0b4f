//! The terminal's wall clock as journal lines write it. Reading and comparing it is `qualification::clock`.

use std::time::Duration;

/// `2026-11-22T06:51:48.900Z`.
#[must_use]
pub(crate) fn written(unix_ms: u64) -> String {
    let ms = i64::try_from(unix_ms).unwrap_or(0);
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| "1970-01-01T00:00:00Z".to_owned(), |time| format!("{time:.3}"))
}

/// Milliseconds of a duration.
#[must_use]
pub(crate) fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc_with_milliseconds() {
        assert_eq!(written(1_795_330_308_900), "2026-11-22T06:51:48.900Z");
        assert_eq!(written(0), "1970-01-01T00:00:00.000Z");
    }
}

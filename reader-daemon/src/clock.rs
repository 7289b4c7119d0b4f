//! The terminal's wall clock as journal lines write it. Reading and comparing it is `qualification::clock`.

use std::time::Duration;

/// `2026-11-22T06:51:48.900Z`.
#[must_use]
pub(crate) fn written(unix_ms: u64) -> String {
    let ms = i64::try_from(unix_ms).unwrap_or(0);
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| "1970-01-01T00:00:00Z".to_owned(), |time| format!("{time:.3}"))
}

/// As staff read it, in Japan: `11月22日15:51`.
#[must_use]
pub(crate) fn for_staff(unix_ms: u64) -> String {
    let time = jiff::Timestamp::from_millisecond(i64::try_from(unix_ms).unwrap_or(0)).unwrap_or_default();
    let time = time.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
    format!("{}月{}日{}:{:02}", time.month(), time.day(), time.hour(), time.minute())
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

    #[test]
    fn staff_read_the_time_of_their_own_clock() {
        assert_eq!(for_staff(1_795_330_308_900), "11月22日15:51");
        assert_eq!(for_staff(1_795_330_308_900 + 15 * 3_600_000), "11月23日6:51");
    }
}

//! The two clocks: results carry the terminal's time, so it must agree with the service's.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::limits::MAX_SKEW;

/// The terminal's clock in milliseconds since 1970; 0 when it stands before that.
#[must_use]
pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Whether the service's clock and the terminal's (both in ms) differ by at most 60 s. If not, no visit starts.
#[must_use]
pub fn clocks_agree(service_ms: u64, terminal_ms: u64) -> bool {
    u128::from(service_ms.abs_diff(terminal_ms)) <= MAX_SKEW.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_agree_up_to_sixty_seconds_in_both_directions() {
        let now = 1_800_000_000_000;
        assert!(clocks_agree(now, now));
        assert!(clocks_agree(now + 60_000, now));
        assert!(clocks_agree(now - 60_000, now));
        assert!(!clocks_agree(now + 60_001, now));
        assert!(!clocks_agree(now - 60_001, now));
        assert!(!clocks_agree(0, u64::MAX));
    }
}

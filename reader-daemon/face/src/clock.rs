//! The machine's monotonic clock, the same in every process.

use rustix::time::{ClockId, clock_gettime};

/// Now, in nanoseconds: what [`crate::Frame::taken_ns`] is counted in.
#[must_use]
pub fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(now.tv_nsec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
}

//! When a worker may be started: growing pauses after failures, and never a storm of processes.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::limits::{FACE_FIRST_PAUSE, FACE_LONGEST_PAUSE, FACE_STARTS, FACE_STARTS_PERIOD};

/// Remembers starts and failures.
#[derive(Default)]
pub(super) struct Starts {
    recent: VecDeque<Instant>,
    /// Workers in a row that did not come up.
    failures: u32,
}

impl Starts {
    /// The earliest moment for the next start; `now` or before: at once.
    pub(super) fn earliest(&self, now: Instant) -> Instant {
        match self.recent.front() {
            Some(first) if self.recent.len() >= FACE_STARTS => (*first + FACE_STARTS_PERIOD).max(now),
            Some(_) | None => now,
        }
    }

    /// Fewer than half of them were used lately.
    pub(super) fn to_spare(&self, now: Instant) -> bool {
        let lately = |at: &&Instant| now.saturating_duration_since(**at) < FACE_STARTS_PERIOD;
        self.recent.iter().filter(lately).count() < FACE_STARTS / 2
    }

    pub(super) fn started(&mut self, now: Instant) {
        self.recent.push_back(now);
        while self.recent.len() > FACE_STARTS {
            self.recent.pop_front();
        }
    }

    pub(super) fn came_up(&mut self) {
        self.failures = 0;
    }

    /// One did not come up. The pause before the next.
    pub(super) fn failed(&mut self) -> Duration {
        let doubled = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        self.failures = self.failures.saturating_add(1);
        FACE_FIRST_PAUSE.saturating_mul(doubled).min(FACE_LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_a_worker_that_comes_up_ends_them() {
        let mut starts = Starts::default();
        assert_eq!(starts.failed(), FACE_FIRST_PAUSE);
        assert_eq!(starts.failed(), FACE_FIRST_PAUSE * 2);
        for _ in 0..100 {
            assert!(starts.failed() <= FACE_LONGEST_PAUSE);
        }
        assert_eq!(starts.failed(), FACE_LONGEST_PAUSE);
        starts.came_up();
        assert_eq!(starts.failed(), FACE_FIRST_PAUSE);
    }

    #[test]
    fn so_many_starts_a_minute_and_no_more() {
        let begin = Instant::now();
        let mut starts = Starts::default();
        for count in 0..FACE_STARTS {
            assert_eq!(starts.earliest(begin), begin);
            assert_eq!(starts.to_spare(begin), count < FACE_STARTS / 2);
            starts.started(begin);
        }
        assert_eq!(starts.earliest(begin), begin + FACE_STARTS_PERIOD);
        let later = begin + FACE_STARTS_PERIOD;
        assert_eq!(starts.earliest(later), later);
        assert!(starts.to_spare(later));
        starts.started(later);
        assert_eq!(starts.earliest(later), later, "the oldest of them is forgotten");
    }
}

//! Kiosks that are turned away, in few journal lines: whoever knocks in a loop must not fill the disk.

use std::time::Instant;

use crate::{input::TurnedAway, journal::Entry, limits::TURNED_AWAY_PERIOD};

/// Counts what is not written at once.
#[derive(Default)]
pub(super) struct TurnedAwayLines {
    last: Option<Instant>,
    /// The newest reason not written yet, and how many of any.
    waiting: Option<(TurnedAway, u32)>,
}

impl TurnedAwayLines {
    /// One more. The line to write, if it is time for one.
    pub(super) fn one(&mut self, why: TurnedAway, now: Instant) -> Option<Entry> {
        let count = self.waiting.map_or(0, |(_, count)| count).saturating_add(1);
        self.waiting = Some((why, count));
        if self.last.is_some_and(|last| now.duration_since(last) < TURNED_AWAY_PERIOD) {
            return None;
        }
        self.last = Some(now);
        self.rest()
    }

    /// What was counted and not written yet.
    pub(super) fn rest(&mut self) -> Option<Entry> {
        self.waiting.take().map(|(why, count)| Entry::ScreenTurnedAway { why, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(entry: Option<Entry>) -> Option<u32> {
        match entry {
            Some(Entry::ScreenTurnedAway { count, .. }) => Some(count),
            _ => None,
        }
    }

    #[test]
    fn a_flood_is_one_line_a_period_and_none_is_lost_from_the_count() {
        let mut lines = TurnedAwayLines::default();
        let begin = Instant::now();
        assert_eq!(counted(lines.one(TurnedAway::Second, begin)), Some(1));
        for _ in 0..1000 {
            assert!(lines.one(TurnedAway::Garbage, begin).is_none());
        }
        assert_eq!(counted(lines.one(TurnedAway::Second, begin + TURNED_AWAY_PERIOD)), Some(1001));
        assert!(lines.rest().is_none());
        assert!(lines.one(TurnedAway::Slow, begin + TURNED_AWAY_PERIOD).is_none());
        assert_eq!(counted(lines.rest()), Some(1), "what is counted is written at the end");
    }
}

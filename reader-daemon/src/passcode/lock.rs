//! How often a passcode was wrong. Pure: the time is told, the disk is somebody else's.

use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};
use session::PasscodeResult;

use super::{CLOSED, CLOSINGS, TRIES};

/// A day in Japan begins nine hours before one in UTC.
const JAPAN_MS: u64 = 9 * 60 * 60 * 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const VERSION: u8 = 1;

/// The time by both clocks: the wall's names the day and survives a restart, the other one never jumps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970.
    pub wall_ms: u64,
    /// Since some moment before; the same moment as long as this program runs.
    pub running: Duration,
}

impl Now {
    /// Reads both; `start` is the same at every call.
    #[must_use]
    pub fn read(start: Instant) -> Self {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { wall_ms: u64::try_from(wall.as_millis()).unwrap_or(u64::MAX), running: start.elapsed() }
    }

    fn day(self) -> u64 {
        self.wall_ms.saturating_add(JAPAN_MS) / DAY_MS
    }
}

/// What is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    version: u8,
    /// Wrong ones in a row.
    wrong: u8,
    /// Day in Japan of `closings`, counted from 1970.
    day: u64,
    /// How often it closed on that day.
    closings: u8,
    /// When it closed, while time opens it again.
    closed_at_ms: Option<u64>,
    /// Only staff open it again.
    until_opened: bool,
}

/// Open, or shut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lock {
    memory: Memory,
    /// By the clock that never jumps: when it opens again.
    opens_at: Option<Duration>,
}

/// Why it is shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// So much longer.
    For(Duration),
    /// Until staff open it.
    UntilOpened,
}

impl Lock {
    pub(super) fn fresh(now: Now) -> Self {
        let memory =
            Memory { version: VERSION, wrong: 0, day: now.day(), closings: 0, closed_at_ms: None, until_opened: false };
        Self { memory, opens_at: None }
    }

    pub(super) fn damaged(now: Now) -> Self {
        let mut lock = Self::fresh(now);
        lock.memory.until_opened = true;
        lock
    }

    pub(super) fn read(bytes: &[u8], now: Now) -> Self {
        let Ok(memory) = serde_json::from_slice::<Memory>(bytes) else { return Self::damaged(now) };
        if memory.version != VERSION || memory.wrong >= TRIES || memory.closings > CLOSINGS {
            return Self::damaged(now);
        }
        // A closing that lies in the future was written by a clock that was wrong, then or now: the whole time again,
        // and never longer than that.
        let rest = memory.closed_at_ms.map(|closed_at| match now.wall_ms.checked_sub(closed_at) {
            Some(gone) => CLOSED.saturating_sub(Duration::from_millis(gone)),
            None => CLOSED,
        });
        Self { memory, opens_at: rest.map(|rest| now.running.saturating_add(rest)) }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        // Numbers only: this cannot fail, and were it to, nothing readable is the safe side.
        serde_json::to_vec(&self.memory).unwrap_or_default()
    }

    pub(super) fn shut(&self, now: Now) -> Option<Shut> {
        if self.memory.until_opened {
            return Some(Shut::UntilOpened);
        }
        let rest = self.opens_at?.saturating_sub(now.running);
        (!rest.is_zero()).then_some(Shut::For(rest))
    }

    /// As it is after a wrong one, and what staff are told then.
    pub(super) fn wrong(&self, now: Now) -> (Self, PasscodeResult) {
        let mut lock = self.today(now);
        let memory = &mut lock.memory;
        memory.wrong = memory.wrong.saturating_add(1);
        if let Some(left) = TRIES.checked_sub(memory.wrong).filter(|left| *left > 0) {
            return (lock, PasscodeResult::Wrong { left });
        }
        memory.wrong = 0;
        memory.closings = memory.closings.saturating_add(1).min(CLOSINGS);
        if memory.closings == CLOSINGS {
            memory.until_opened = true;
            return (lock, PasscodeResult::ClosedForDay);
        }
        memory.closed_at_ms = Some(now.wall_ms);
        lock.opens_at = Some(now.running.saturating_add(CLOSED));
        (lock, PasscodeResult::Closed)
    }

    /// As it is after a right one. The day's closings stay counted.
    pub(super) fn right(&self, now: Now) -> Self {
        let mut lock = self.today(now);
        lock.memory.wrong = 0;
        lock
    }

    /// With the closings of an earlier day forgotten, and an ended closing. A clock set back keeps the count and names
    /// the day anew: otherwise a wrong year would keep it for ever.
    fn today(&self, now: Now) -> Self {
        let mut lock = self.clone();
        let today = now.day();
        if today > lock.memory.day {
            lock.memory.closings = 0;
        }
        lock.memory.day = today;
        if self.shut(now).is_none() {
            lock.memory.closed_at_ms = None;
            lock.opens_at = None;
        }
        lock
    }
}

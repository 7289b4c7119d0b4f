//! Replays a recording: only the exact next command is answered, and the first difference is kept to be shown.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use card::{Channel, ChannelError, Presence, Reader};

use super::{Recorded, Recording, Shown};

/// Where a conversation left its recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// Another command than the recorded one.
    #[error("exchange {exchange} differs at byte {byte}:\n  recorded {recorded}\n  sent     {sent}")]
    Command {
        /// Counted from 1.
        exchange: usize,
        /// Index of the first byte that differs, from 0.
        byte: usize,
        /// The recorded command.
        recorded: Shown,
        /// What was sent, secrets replaced.
        sent: Shown,
    },
    /// A command after the last recorded one.
    #[error("the recording ends after {exchanges} exchanges, then came {sent}")]
    Beyond {
        /// Recorded exchanges.
        exchanges: usize,
        /// What was sent, secrets replaced.
        sent: Shown,
    },
    /// Recorded commands that never came.
    #[error("{left} recorded exchanges did not come; the next is {next}")]
    Unfinished {
        /// How many.
        left: usize,
        /// The first of them.
        next: Shown,
    },
    /// A recording is one connection.
    #[error("a second connection was asked for; a recording is one")]
    ConnectedAgain,
}

/// Asks how a replay went.
#[derive(Clone, Debug)]
pub struct Replay {
    shared: Arc<Shared>,
}

/// A reader on which the recorded card lies.
#[derive(Debug)]
pub struct ReplayReader {
    name: String,
    atr: Vec<u8>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    exchanges: Vec<Recorded>,
    next: usize,
    connected: bool,
    removed: bool,
    difference: Option<Difference>,
}

impl Replay {
    /// The reader to give to whoever talks to cards, and what tells afterwards how it went.
    pub fn start(recording: Recording) -> (ReplayReader, Replay) {
        let Recording { header, exchanges } = recording;
        let state = State { exchanges, next: 0, connected: false, removed: false, difference: None };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let atr = header.atr.bytes().unwrap_or_default();
        (ReplayReader { name: header.reader, atr, shared: Arc::clone(&shared) }, Replay { shared })
    }

    /// Whether everything recorded came, in order, and nothing else.
    ///
    /// # Errors
    /// The first [`Difference`].
    pub fn verdict(&self) -> Result<(), Difference> {
        let state = self.shared.lock();
        if let Some(difference) = &state.difference {
            return Err(difference.clone());
        }
        match state.exchanges.get(state.next) {
            Some(next) => {
                Err(Difference::Unfinished { left: state.exchanges.len() - state.next, next: next.command.clone() })
            }
            None => Ok(()),
        }
    }
}

impl Reader for ReplayReader {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn wait(&self, known: Presence, limit: Duration) -> Presence {
        let until = Instant::now() + limit;
        let mut state = self.shared.lock();
        loop {
            let now = if state.removed { Presence::Empty } else { Presence::Card { insertion: 1 } };
            let left = until.saturating_duration_since(Instant::now());
            if now != known || left.is_zero() {
                return now;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        let mut state = self.shared.lock();
        if state.removed {
            return Err(ChannelError::Removed);
        }
        if std::mem::replace(&mut state.connected, true) {
            state.difference.get_or_insert(Difference::ConnectedAgain);
            return Err(ChannelError::NotTransacted);
        }
        Ok(Box::new(ReplayChannel { atr: self.atr.clone(), shared: Arc::clone(&self.shared) }))
    }
}

struct ReplayChannel {
    atr: Vec<u8>,
    shared: Arc<Shared>,
}

impl Channel for ReplayChannel {
    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let mut state = self.shared.lock();
        if state.removed {
            return Err(ChannelError::Removed);
        }
        // After a difference nothing is answered any more: what follows would only confuse.
        if state.difference.is_some() {
            return Err(ChannelError::NotTransacted);
        }
        match state.answer(command) {
            Ok(outcome) => {
                if outcome == Err(ChannelError::Removed) {
                    state.removed = true;
                    self.shared.changed.notify_all();
                }
                outcome
            }
            Err(difference) => {
                state.difference = Some(difference);
                Err(ChannelError::NotTransacted)
            }
        }
    }
}

impl State {
    fn answer(&mut self, command: &[u8]) -> Result<Result<Vec<u8>, ChannelError>, Difference> {
        let sent = || Shown::command(command);
        let Some(recorded) = self.exchanges.get(self.next) else {
            return Err(Difference::Beyond { exchanges: self.exchanges.len(), sent: sent() });
        };
        if let Some(byte) = recorded.command.first_difference(command) {
            let (exchange, recorded) = (self.next + 1, recorded.command.clone());
            return Err(Difference::Command { exchange, byte, recorded, sent: sent() });
        }
        let outcome = match (&recorded.response, recorded.error) {
            (Some(response), None) => response.bytes().ok_or(ChannelError::Malformed),
            (_, Some(loss)) => Err(loss.into()),
            (None, None) => Err(ChannelError::Malformed),
        };
        self.next += 1;
        Ok(outcome)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

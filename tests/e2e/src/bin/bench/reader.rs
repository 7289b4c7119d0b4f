//! The bench's own look at the reader: PC/SC's event that a card was placed, by the clock of this process.

use std::{
    ffi::CString,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use pcsc::{Context, ReaderState, Scope, State};

/// pcscd polls vpcd about every 400 ms.
const LIMIT: Duration = Duration::from_secs(10);

/// The virtual reader's first slot, where the emulated card lies.
pub(crate) struct Slot {
    pub(crate) context: Context,
    pub(crate) name: CString,
    state: [ReaderState; 1],
}

impl Slot {
    /// Looks at it once, so that the next question waits for a change.
    pub(crate) fn open() -> Result<Self> {
        let context = Context::establish(Scope::System).context("pcscd does not answer")?;
        let names = context.list_readers_owned().context("pcscd tells no readers")?;
        let name = names.into_iter().find(|name| name.to_bytes().ends_with(b"00 00"));
        let name = name.context("the virtual reader is gone")?;
        let mut state = [ReaderState::new(name.clone(), State::UNAWARE)];
        context.get_status_change(LIMIT, &mut state)?;
        state[0].sync_current_state();
        Ok(Self { context, name, state })
    }

    /// When the reader's event said so; now, if it was so before.
    pub(crate) fn wait(&mut self, wanted: State) -> Result<Instant> {
        let end = Instant::now() + LIMIT;
        let mut at = Instant::now();
        while !self.state[0].current_state().contains(wanted) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("the reader did not become {wanted:?} within {} s", LIMIT.as_secs());
            }
            let changed = self.context.get_status_change(left, &mut self.state);
            at = Instant::now();
            changed.with_context(|| format!("waiting for the reader to become {wanted:?}"))?;
            self.state[0].sync_current_state();
        }
        Ok(at)
    }
}

/// Nothing lies on the reader any more.
pub(crate) fn empty() -> Result<()> {
    Slot::open()?.wait(State::EMPTY).map(|_| ())
}

/// Waits for a card on a thread of its own, which looks before the card is placed.
pub(crate) fn placed() -> Result<JoinHandle<Result<Instant>>> {
    empty()?;
    let mut slot = Slot::open()?;
    Ok(thread::spawn(move || slot.wait(State::PRESENT)))
}

/// What a thread of the bench found.
pub(crate) fn join<T>(thread: JoinHandle<Result<T>>) -> Result<T> {
    thread.join().unwrap_or_else(|_| bail!("a thread of the bench panicked"))
}

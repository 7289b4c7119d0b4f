//! A reader in this process, and the hand that puts cards on it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use card::{Channel, ChannelError, Presence, Reader};

use crate::emulated::{Counts, EmulatedCard, Outcome};
use crate::scanner::EmulatedScanner;

/// A reader whose cards are emulated.
#[derive(Clone, Debug)]
pub struct EmulatedReader {
    name: String,
    shared: Arc<Shared>,
}

/// Puts cards on the reader and takes them away; pulls the reader's cable.
#[derive(Clone, Debug)]
pub struct Hand {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    unplugged: bool,
    slot: Slot,
    /// A card that a fault lifted; the hand holds it.
    lifted: Option<EmulatedCard>,
    /// Rises by one with each insertion, removal and cable.
    events: u32,
    /// The event at which the connection in use was made.
    connected: Option<u32>,
    held_elsewhere: bool,
}

#[derive(Debug, Default)]
enum Slot {
    #[default]
    Empty,
    Card(Box<EmulatedCard>),
    Mute,
}

impl EmulatedReader {
    /// A plugged-in reader with nothing on it, and the hand for it.
    pub fn new(name: &str) -> (EmulatedReader, Hand) {
        let shared = Arc::new(Shared::default());
        (EmulatedReader { name: name.to_owned(), shared: Arc::clone(&shared) }, Hand { shared })
    }
}

impl Reader for EmulatedReader {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn wait(&self, known: Presence, limit: Duration) -> Presence {
        let until = Instant::now() + limit;
        let mut state = self.shared.lock();
        loop {
            let now = state.presence();
            let left = until.saturating_duration_since(Instant::now());
            if now != known || left.is_zero() {
                return now;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        let mut state = self.shared.lock();
        if state.unplugged {
            return Err(ChannelError::ReaderGone);
        }
        if state.held_elsewhere || state.connected == Some(state.events) {
            return Err(ChannelError::Shared);
        }
        let events = state.events;
        let atr = match &mut state.slot {
            Slot::Empty => return Err(ChannelError::Removed),
            Slot::Mute => return Err(ChannelError::Mute),
            Slot::Card(card) => {
                card.power_on();
                card.atr()
            }
        };
        state.connected = Some(events);
        Ok(Box::new(EmulatedChannel { shared: Arc::clone(&self.shared), insertion: events, atr }))
    }
}

/// The exclusive connection to the card that lay there when it was made.
struct EmulatedChannel {
    shared: Arc<Shared>,
    insertion: u32,
    atr: &'static [u8],
}

impl Channel for EmulatedChannel {
    fn atr(&self) -> &[u8] {
        self.atr
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let mut state = self.shared.lock();
        let card = state.card_of(self.insertion)?;
        let exchange = card.exchange(command);
        // The card is at work: a hand may lift it meanwhile, and then its answer is lost.
        let until = Instant::now() + exchange.delay;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            state.card_of(self.insertion)?;
        }
        if exchange.lifted_afterwards {
            state.lift();
            self.shared.changed.notify_all();
        }
        match exchange.outcome {
            Outcome::Answer(answer) => Ok(answer),
            Outcome::Lifted => Err(ChannelError::Removed),
            Outcome::NotTransacted => Err(ChannelError::NotTransacted),
        }
    }
}

impl Drop for EmulatedChannel {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if state.connected == Some(self.insertion) {
            state.connected = None;
        }
        if let Ok(card) = state.card_of(self.insertion) {
            card.power_off();
        }
    }
}

impl Hand {
    /// Puts a card on the reader; returns the one that lay there.
    pub fn insert(&self, card: EmulatedCard) -> Option<EmulatedCard> {
        self.change(|state| {
            if !matches!(state.slot, Slot::Empty) {
                state.events += 1;
            }
            let before = state.take();
            state.events += 1;
            state.slot = Slot::Card(Box::new(card));
            before
        })
    }

    /// Takes the card away: the one on the reader, or the one that a fault lifted before.
    pub fn remove(&self) -> Option<EmulatedCard> {
        self.change(|state| match state.slot {
            Slot::Empty => state.lifted.take(),
            Slot::Card(_) | Slot::Mute => {
                state.events += 1;
                state.take()
            }
        })
    }

    /// Takes one card away and puts another down before anybody can look.
    pub fn swap(&self, card: EmulatedCard) -> Option<EmulatedCard> {
        self.insert(card)
    }

    /// Puts something down whose chip does not answer: a card the wrong way round.
    pub fn insert_mute(&self) -> Option<EmulatedCard> {
        self.change(|state| {
            let before = state.take();
            state.events += 1;
            state.slot = Slot::Mute;
            before
        })
    }

    /// Pulls the reader's cable; what lies on it stays there, without power.
    pub fn unplug(&self) {
        self.change(|state| {
            state.unplugged = true;
            state.events += 1;
            state.power_off();
        });
    }

    /// Plugs the reader in again.
    pub fn plug(&self) {
        self.change(|state| {
            state.unplugged = false;
            state.events += 1;
        });
    }

    /// Whether another program holds the card from now on.
    pub fn hold_elsewhere(&self, held: bool) {
        self.change(|state| state.held_elsewhere = held);
    }

    /// What the card on the reader (or the one a fault lifted) has been asked.
    pub fn counts(&self) -> Option<Counts> {
        self.with_card(|card| card.counts())
    }

    /// Looks at the card on the reader, or the one a fault lifted: faults, counters, counts.
    pub fn with_card<T>(&self, look: impl FnOnce(&mut EmulatedCard) -> T) -> Option<T> {
        let mut state = self.shared.lock();
        let State { slot, lifted, .. } = &mut *state;
        match slot {
            Slot::Card(card) => Some(look(card)),
            Slot::Empty | Slot::Mute => lifted.as_mut().map(look),
        }
    }

    /// Reads the surface of whatever card lies on this reader.
    pub fn scanner(&self) -> EmulatedScanner {
        EmulatedScanner::new(self.clone())
    }

    /// The card that lies there now; one a fault lifted does not.
    pub(crate) fn with_lying_card<T>(&self, look: impl FnOnce(&EmulatedCard) -> T) -> Option<T> {
        match &self.shared.lock().slot {
            Slot::Card(card) => Some(look(card)),
            Slot::Empty | Slot::Mute => None,
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let out = change(&mut self.shared.lock());
        self.shared.changed.notify_all();
        out
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere must not take the reader away: Drop of the channel comes through here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn presence(&self) -> Presence {
        let insertion = self.events;
        match (&self.slot, self.unplugged) {
            (_, true) => Presence::NoReader,
            (Slot::Empty, false) => Presence::Empty,
            (Slot::Card(_), false) => Presence::Card { insertion },
            (Slot::Mute, false) => Presence::Mute { insertion },
        }
    }

    /// The card, if it is still the one of that insertion.
    fn card_of(&mut self, insertion: u32) -> Result<&mut EmulatedCard, ChannelError> {
        if self.unplugged {
            return Err(ChannelError::ReaderGone);
        }
        match &mut self.slot {
            Slot::Card(card) if self.events == insertion => Ok(card),
            Slot::Card(_) | Slot::Empty | Slot::Mute => Err(ChannelError::Removed),
        }
    }

    fn take(&mut self) -> Option<EmulatedCard> {
        self.power_off();
        match std::mem::take(&mut self.slot) {
            Slot::Card(card) => Some(*card),
            Slot::Empty | Slot::Mute => self.lifted.take(),
        }
    }

    fn lift(&mut self) {
        if let Some(card) = self.take() {
            self.events += 1;
            self.lifted = Some(card);
        }
    }

    fn power_off(&mut self) {
        if let Slot::Card(card) = &mut self.slot {
            card.power_off();
        }
    }
}

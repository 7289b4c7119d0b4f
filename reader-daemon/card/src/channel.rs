//! The device: a place where a card can lie, and the one exclusive connection to the card of a visit.
//!
//! Presence comes from the reader's events with their counter (law 3), so that a card swapped within one event is
//! noticed; a [`Channel`] powers its card down when it is closed or dropped, also on panic (law 2).

use std::time::Duration;

/// What lies on the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// No reader is there, or the PC/SC service is away.
    NoReader,
    /// The reader is there and nothing lies on it.
    Empty,
    /// A chip answered. The counter rises with each insertion or removal, so a quick swap is a different value.
    Card {
        /// The reader's event counter.
        insertion: u32,
    },
    /// Something is there but no chip answers: wrong way round, a case, dirt.
    Mute {
        /// The reader's event counter.
        insertion: u32,
    },
}

/// Why an exchange or a connection did not come about. None of them says anything about the PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The card was lifted.
    #[error("the card was removed")]
    Removed,
    /// A chip is there but does not answer.
    #[error("the card does not answer")]
    Mute,
    /// The reader is gone (unplugged, renamed, PC/SC restarted).
    #[error("the reader is gone")]
    ReaderGone,
    /// Another program holds the card.
    #[error("another program uses the card")]
    Shared,
    /// The reader answered that the exchange failed.
    #[error("the reader could not deliver the exchange")]
    NotTransacted,
    /// The call did not return in time; the reader counts as wedged until it does (law 11).
    #[error("the reader does not return")]
    Wedged,
    /// The answer is longer than any answer of a card, or too short to hold a status word.
    #[error("the card's answer is malformed")]
    Malformed,
}

/// A place where a card can lie.
///
/// `wait` and `connect` may be called from two threads at once; that is why both take `&self`.
pub trait Reader: Send + Sync {
    /// What the patient may see when asked which reader it is; never used to find it again.
    fn name(&self) -> String;

    /// Returns as soon as presence differs from `known`, at the latest after `limit`, with what is there now.
    fn wait(&self, known: Presence, limit: Duration) -> Presence;

    /// Powers the card up cold and takes it exclusively. The card was reset: nothing verified before is left (law 2).
    ///
    /// # Errors
    /// [`ChannelError`]; the card is powered down again.
    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError>;
}

/// The exclusive connection to one card. Dropping it powers the card down (`UnpowerCard`).
pub trait Channel: Send {
    /// The answer to reset, for logs only: nothing is decided by it (card.md 1.2).
    fn atr(&self) -> &[u8];

    /// Sends one command APDU, returns the response with its status word. One exchange, no repetition.
    ///
    /// # Errors
    /// [`ChannelError`]. Whether the card saw the command is unknown then.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError>;
}

//! One exclusive PC/SC connection, cold at its start and without power at its end.

use std::ffi::CString;

use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use zeroize::Zeroize;

use crate::{ChannelError, limits};

use super::{pattern::Pattern, watched::Contact};

pub(super) struct PcscContact {
    /// `None` after the power-down.
    card: Option<Card>,
    atr: Vec<u8>,
    buffer: Vec<u8>,
}

impl PcscContact {
    /// Takes the card on the reader exclusively and powers it down and up: whatever was verified before is gone (law 2).
    pub(super) fn power_up(pattern: &Pattern) -> Result<Self, ChannelError> {
        let context = Context::establish(Scope::System).map_err(meaning)?;
        let reader = choose(&context, pattern)?;
        let card = context.connect(&reader, ShareMode::Exclusive, Protocols::ANY).map_err(meaning)?;
        let mut contact = Self { card: Some(card), atr: Vec::new(), buffer: vec![0; limits::RECEIVE_BUFFER] };
        match contact.cold_start() {
            Ok(()) => Ok(contact),
            Err(error) => {
                contact.power_down();
                Err(meaning(error))
            }
        }
    }

    fn cold_start(&mut self) -> Result<(), Error> {
        let card = self.card.as_mut().ok_or(Error::InvalidHandle)?;
        card.reconnect(ShareMode::Exclusive, Protocols::ANY, Disposition::UnpowerCard)?;
        self.atr = card.status2_owned().map(|status| status.atr().to_vec()).unwrap_or_default();
        Ok(())
    }
}

impl Contact for PcscContact {
    fn atr(&self) -> Vec<u8> {
        self.atr.clone()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let card = self.card.as_ref().ok_or(ChannelError::ReaderGone)?;
        let answer = card.transmit(command, &mut self.buffer).map(<[u8]>::to_vec).map_err(meaning)?;
        if let Some(used) = self.buffer.get_mut(..answer.len()) {
            used.zeroize();
        }
        Ok(answer)
    }

    fn power_down(&mut self) {
        if let Some(card) = self.card.take() {
            // A failure means that reader, service or card are gone; the handle's own drop tries a reset then.
            let _ = card.disconnect(Disposition::UnpowerCard);
        }
    }
}

/// The fitting reader that holds a card, else the first one.
fn choose(context: &Context, pattern: &Pattern) -> Result<CString, ChannelError> {
    let mut states: Vec<_> = readers(context, pattern)
        .map_err(meaning)?
        .into_iter()
        .map(|name| ReaderState::new(name, State::UNAWARE))
        .collect();
    if states.len() > 1 {
        context.get_status_change(std::time::Duration::ZERO, &mut states).map_err(meaning)?;
    }
    let holding = states.iter().find(|state| state.event_state().contains(State::PRESENT));
    holding.or(states.first()).map(|state| state.name().to_owned()).ok_or(ChannelError::ReaderGone)
}

/// Names that fit, sorted, so that the choice does not depend on the order of plugging.
pub(super) fn readers(context: &Context, pattern: &Pattern) -> Result<Vec<CString>, Error> {
    let mut names = match context.list_readers_owned() {
        Ok(names) => names,
        Err(Error::NoReadersAvailable) => Vec::new(),
        Err(error) => return Err(error),
    };
    names.retain(|name| pattern.matches(name));
    names.sort();
    names.truncate(limits::MAX_READERS);
    Ok(names)
}

const REMOVED: [Error; 2] = [Error::RemovedCard, Error::NoSmartcard];
const MUTE: [Error; 8] = [
    Error::UnresponsiveCard,
    Error::UnpoweredCard,
    Error::UnsupportedCard,
    Error::CardUnsupported,
    Error::UnknownCard,
    Error::ProtoMismatch,
    Error::InvalidAtr,
    Error::NotReady,
];
/// `ResetCard`: somebody reset the card beneath an exclusive connection; nothing can be said about the exchange.
const NOT_TRANSACTED: [Error; 4] = [Error::NotTransacted, Error::CommDataLost, Error::ResetCard, Error::Timeout];

/// What an error of PC/SC means here. Whatever is not known to be the card's or the exchange's is the reader's or the
/// service's: those are connected anew.
fn meaning(error: Error) -> ChannelError {
    if REMOVED.contains(&error) {
        ChannelError::Removed
    } else if MUTE.contains(&error) {
        ChannelError::Mute
    } else if NOT_TRANSACTED.contains(&error) {
        ChannelError::NotTransacted
    } else if error == Error::SharingViolation {
        ChannelError::Shared
    } else if error == Error::InsufficientBuffer {
        ChannelError::Malformed
    } else {
        ChannelError::ReaderGone
    }
}

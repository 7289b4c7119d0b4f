//! SELECT of an application by its full identifier (card.md 2.1). EFs are addressed by short identifiers instead.

use crate::{
    CardError,
    apdu::{Command, INS_SELECT, StatusWord},
    conversation::Conversation,
};

const NAME: &str = "SELECT";

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    /// It is current now.
    Yes,
    /// `6A82`: the card has none.
    NotThere,
    /// Another answer: another kind of card (`6D00`, `6E00`), an application locked for good (`6283`), a fault.
    Refused(StatusWord),
}

/// Selects an application; no FCI is asked for.
pub(crate) fn application(card: &mut Conversation<'_>, aid: &[u8]) -> Result<Selected, CardError> {
    let response = card.exchange(NAME, &Command::new(0x00, INS_SELECT, 0x04, 0x0C).data(aid))?;
    Ok(match response.status {
        StatusWord::OK => Selected::Yes,
        StatusWord::NOT_FOUND => Selected::NotThere,
        other => Selected::Refused(other),
    })
}

/// The error for a refusal where none is expected.
pub(crate) fn unexpected(status: StatusWord) -> CardError {
    CardError::Unexpected { command: NAME, status }
}

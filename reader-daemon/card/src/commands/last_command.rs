//! "Last command" (card.md 8.2): ends the talk with an iPhone. A plastic card answers `6700`, so nothing else gets it.

use crate::{apdu::Command, conversation::Conversation};

const INS_LAST: u8 = 0xFC;

/// Sends it; the answer decides nothing, not even whether there is one.
pub(crate) fn send(iphone: &mut Conversation<'_>) {
    let _ = iphone.once("last command", &Command::new(0x80, INS_LAST, 0x00, 0x00));
}

//! VERIFY and the query of the tries left (card.md 3.5). The only place of this crate that sends a PIN or the surface
//! code.

use crate::{
    CardError, Pin, SurfaceCode,
    apdu::{Command, INS_VERIFY, StatusWord},
    conversation::Conversation,
};

const QUERY: &str = "VERIFY (query)";
const NAME: &str = "VERIFY";

/// What the card says about a PIN or the surface code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinOutcome {
    /// `9000`
    Accepted,
    /// `63Cx`: wrong, so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// `63C0`: wrong, and that was the last try. `6983`, `6984`: blocked before.
    Blocked,
}

/// Tries left of the key with this short identifier; 0 means blocked. Costs no try.
pub(crate) fn tries_left(card: &mut Conversation<'_>, sfi: u8) -> Result<u8, CardError> {
    let status = query(card, sfi)?;
    match (status, status.tries()) {
        (_, Some(left)) => Ok(left),
        (StatusWord::BLOCKED | StatusWord::KEY_BLOCKED, None) => Ok(0),
        // Law 2: nothing was verified in this visit, so this is somebody else's state.
        (StatusWord::OK, None) => Err(CardError::StillVerified),
        (status, None) => Err(CardError::Unexpected { command: QUERY, status }),
    }
}

/// Whether the holder counts as verified already: an iPhone's own check (card.md 8.3). Anything but `9000` is no.
pub(crate) fn is_verified(card: &mut Conversation<'_>, sfi: u8) -> Result<bool, CardError> {
    Ok(query(card, sfi)? == StatusWord::OK)
}

fn query(card: &mut Conversation<'_>, sfi: u8) -> Result<StatusWord, CardError> {
    Ok(card.exchange(QUERY, &Command::new(0x00, INS_VERIFY, 0x00, 0x80 | sfi))?.status)
}

/// Hands the PIN to the card, once. After any error a try may be spent (card.md 10, last line).
pub(crate) fn verify(card: &mut Conversation<'_>, sfi: u8, pin: Pin) -> Result<PinOutcome, CardError> {
    let digits = pin.digits();
    drop(pin);
    hand_over(card, sfi, &*digits)
}

/// Hands the surface code to the card, once. After any error a try may be spent.
pub(crate) fn verify_surface_code(
    card: &mut Conversation<'_>,
    sfi: u8,
    code: SurfaceCode,
) -> Result<PinOutcome, CardError> {
    let digits = code.digits();
    drop(code);
    hand_over(card, sfi, &*digits)
}

fn hand_over(card: &mut Conversation<'_>, sfi: u8, digits: &[u8]) -> Result<PinOutcome, CardError> {
    let command = Command::new(0x00, INS_VERIFY, 0x00, 0x80 | sfi).data(digits);
    let status = card.exchange(NAME, &command)?.status;
    drop(command);
    match (status, status.tries()) {
        (StatusWord::OK, _) => Ok(PinOutcome::Accepted),
        (_, Some(0)) | (StatusWord::BLOCKED | StatusWord::KEY_BLOCKED, None) => Ok(PinOutcome::Blocked),
        (_, Some(left)) => Ok(PinOutcome::Wrong { left }),
        // Wrong, without a number: the query knows it and costs nothing.
        (StatusWord::WRONG, None) => Ok(match tries_left(card, sfi)? {
            0 => PinOutcome::Blocked,
            left => PinOutcome::Wrong { left },
        }),
        (status, None) => Err(CardError::Unexpected { command: NAME, status }),
    }
}

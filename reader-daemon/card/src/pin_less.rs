//! The PIN-less step: commands of the clinic's service on their way to the card, and the one signature behind them
//! (card.md 7.5, architecture `relay`). Only for emulated cards: what real ones want is not public (card.md 7.4).

use crate::{
    CardError, Certificate, Channel, TrustAnchors,
    apdu::{Command, StatusWord},
    jpki::Jpki,
};

/// Where the commands come from: the clinic's service, one after the other.
pub trait Relay {
    /// The next command, after the card's response to the one before (`None` for the first). `Ok(None)`: that was all.
    ///
    /// # Errors
    /// [`RelayError`]: the service could not be asked, or does not do it.
    fn next(&mut self, response: Option<&[u8]>) -> Result<Option<Vec<u8>>, RelayError>;
}

/// Why there is no next command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// No answer.
    #[error("the service could not be asked")]
    Unreachable,
    /// It does not do the PIN-less step.
    #[error("the service does not do the PIN-less step")]
    NotAvailable,
}

/// What came of the PIN-less step. No PIN try is touched by any of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinLessOutcome {
    /// The signature over the message; it fits the certificate.
    Signed(Vec<u8>),
    /// This card's key may not be used without PIN by this program, or the card answers that it does not do it.
    NotAvailable,
    /// The service sent something else than the four commands in their order: it did not reach the card.
    Forbidden,
    /// The card refused the service's credential, or answered something else than the step allows.
    Refused,
    /// Another card than the one of this visit.
    Changed,
    /// The relay ended.
    Relay(RelayError),
    /// The card or the reader failed.
    Failed(CardError),
}

/// One command that may pass.
struct Step {
    name: &'static str,
    /// Class to parameters, and the length field.
    header: &'static [u8],
    /// Bytes of the data behind it; nothing follows the data.
    data: usize,
    /// Bytes of the card's answer before `9000`: nothing longer goes to the service.
    answer: usize,
}

/// The only commands that may pass, in this order, once each (E-21 to E-23).
const STEPS: [Step; 4] = [
    Step {
        name: "first part of the institution's certificate",
        header: &[0x80, 0xA2, 0x06, 0xC1, 0x00, 0x01, 0x33],
        data: 307,
        answer: 0,
    },
    Step {
        name: "second part of the institution's certificate",
        header: &[0x80, 0xA2, 0x00, 0xC1, 0x00, 0x01, 0x05],
        data: 261,
        answer: 0,
    },
    Step { name: "GET CHALLENGE", header: &[0x00, 0x84, 0x00, 0x00, 0x10], data: 0, answer: 16 },
    Step { name: "EXTERNAL AUTHENTICATE", header: &[0x00, 0x82, 0x00, 0x96, 0x00, 0x01, 0x00], data: 256, answer: 0 },
];

impl Step {
    /// The command, if it is this one to the byte.
    fn command(&self, bytes: &[u8]) -> Option<Command> {
        let fits = bytes.strip_prefix(self.header).is_some_and(|data| data.len() == self.data);
        fits.then(|| Command::parse(bytes).ok()).flatten()
    }
}

/// The card does not know the instruction.
const UNKNOWN_INSTRUCTION: StatusWord = StatusWord(0x6D00);

/// Carries the four commands of the PIN-less step from `relay` to the card and has the holder's key sign `message` once.
/// Follows [`crate::read_card`] or [`crate::read_photo`] on the same channel. Nothing of the step is sent to a card that
/// is not emulated. At the end the application is left, so that no right to sign stays; unless it signed, JPKI is
/// selected again and [`crate::verify_and_sign`] can follow.
pub fn sign_without_pin(
    channel: &mut dyn Channel,
    certificate: &Certificate,
    trust: &TrustAnchors,
    relay: &mut dyn Relay,
    message: &[u8],
) -> PinLessOutcome {
    let mut jpki = Jpki::selected(channel);
    let allowed = match jpki.still_holds(certificate) {
        Ok(true) => jpki.may_be_used_without_pin(certificate, trust),
        Ok(false) => return PinLessOutcome::Changed,
        Err(error) => Err(error),
    };
    match allowed {
        Ok(true) => {}
        Ok(false) => return PinLessOutcome::NotAvailable,
        Err(error) => return PinLessOutcome::Failed(error),
    }
    let outcome = match carry(&mut jpki, relay) {
        Ok(()) => match jpki.sign(certificate.public_key(), message) {
            Ok(signature) => PinLessOutcome::Signed(signature),
            Err(error) => PinLessOutcome::Failed(error),
        },
        Err(outcome) => outcome,
    };
    jpki.leave();
    if !matches!(outcome, PinLessOutcome::Signed(_)) {
        // Where it fails, so does the next attempt, and it says so.
        let _ = jpki.select_again();
    }
    outcome
}

/// The four commands. `Err`: how it ended before the card allowed its key.
fn carry(jpki: &mut Jpki<'_>, relay: &mut dyn Relay) -> Result<(), PinLessOutcome> {
    let mut response: Option<Vec<u8>> = None;
    for step in &STEPS {
        let next = relay.next(response.as_deref()).map_err(PinLessOutcome::Relay)?;
        let command = next.and_then(|bytes| step.command(&bytes)).ok_or(PinLessOutcome::Forbidden)?;
        let answer = jpki.relay(step.name, &command).map_err(PinLessOutcome::Failed)?;
        match answer.status {
            StatusWord::OK if answer.data.len() == step.answer => {}
            UNKNOWN_INSTRUCTION if response.is_none() => return Err(PinLessOutcome::NotAvailable),
            _ => return Err(PinLessOutcome::Refused),
        }
        response = Some([&answer.data[..], &answer.status.0.to_be_bytes()].concat());
    }
    match relay.next(response.as_deref()).map_err(PinLessOutcome::Relay)? {
        None => Ok(()),
        Some(_) => Err(PinLessOutcome::Forbidden),
    }
}

#[cfg(test)]
mod tests;

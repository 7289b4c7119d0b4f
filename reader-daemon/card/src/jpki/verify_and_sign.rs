//! From a confirmed PIN to the signature: look again, VERIFY once, sign, leave (laws 1 and 2).

use crate::{CardError, Certificate, Channel, Pin, commands::verify::PinOutcome};

use super::Jpki;

/// What came of one confirmed PIN entry. VERIFY was handed to the channel at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignOutcome {
    /// Accepted, and this is the signature over the message; it fits the certificate.
    Signed(Vec<u8>),
    /// Wrong; so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Wrong, and that was the last try; or blocked before.
    Blocked,
    /// Certificate or tries are not those read before: nothing was sent.
    Changed,
    /// Something broke before VERIFY: nothing was sent, no try is spent.
    NotSent(CardError),
    /// Something broke at VERIFY or behind it: a try may be spent, nothing is repeated. A signature that does not fit
    /// the certificate is this too: a chip that does not hold the key it claims.
    Lost(CardError),
}

/// Checks that the card is the one that was read and has the tries that were shown, sends VERIFY once, signs `message`
/// and leaves the application. Follows [`super::read_card`] on the same channel, with nothing selected in between.
///
/// Five exchanges: certificate's first bytes, tries, VERIFY, signature, SELECT of the issuer domain.
pub fn verify_and_sign(
    channel: &mut dyn Channel,
    certificate: &Certificate,
    expected_tries: u8,
    pin: Pin,
    message: &[u8],
) -> SignOutcome {
    if expected_tries == 0 {
        return SignOutcome::Blocked;
    }
    let mut jpki = Jpki::selected(channel);
    match unchanged(&mut jpki, certificate, expected_tries) {
        Ok(true) => {}
        Ok(false) => return SignOutcome::Changed,
        Err(error) => return SignOutcome::NotSent(error),
    }
    let outcome = match jpki.verify(pin) {
        // Nothing is verified then, and the application stays selected for the next entry.
        Ok(PinOutcome::Wrong { left }) => return SignOutcome::Wrong { left },
        Ok(PinOutcome::Blocked) => return SignOutcome::Blocked,
        Ok(PinOutcome::Accepted) => match jpki.sign(certificate.public_key(), message) {
            Ok(signature) => SignOutcome::Signed(signature),
            Err(error) => SignOutcome::Lost(error),
        },
        Err(error) => SignOutcome::Lost(error),
    };
    jpki.leave();
    outcome
}

fn unchanged(jpki: &mut Jpki<'_>, certificate: &Certificate, expected_tries: u8) -> Result<bool, CardError> {
    Ok(jpki.still_holds(certificate)? && jpki.tries_left()? == expected_tries)
}

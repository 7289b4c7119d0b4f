//! The reading at the start of a visit.

use crate::{CardError, Certificate, ChainError, Channel, TrustAnchors};

use super::{Chain, Jpki, MY_NUMBER_CARD, OtherCard, PhoneKind, Profile, Recognised, recognise};

/// What the card said about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardReading {
    /// A My Number card whose certificate chains to a configured anchor. Its JPKI application stays selected.
    MyNumber {
        /// The user certificate.
        certificate: Box<Certificate>,
        /// The certificate of its CA.
        ca: Box<Certificate>,
        /// PIN tries left; 0: blocked.
        tries_left: u8,
        /// Its key may be used without PIN by this program ([`crate::sign_without_pin`]): an emulated card whose chain
        /// ends at an emulator's anchor (card.md 7.4, 7.5).
        pin_less: bool,
    },
    /// A My Number card whose chain is broken or ends elsewhere: the visit ends before the PIN.
    Untrusted(ChainError),
    /// A phone; nothing was read but its label, and no PIN is asked for here ([`crate::sign_with_phone`]).
    Phone(PhoneKind),
    /// Another card.
    Other(OtherCard),
}

/// Reads the card of a visit that was just connected, cold.
///
/// Exchanges: SELECT, label and manufacturer, tries, and one for each 256 bytes of the user certificate (10 for the usual 1590 bytes);
/// the CA certificate is read only where no anchor issued the user certificate itself.
///
/// # Errors
/// [`CardError`].
pub fn read_card(channel: &mut dyn Channel, anchors: &TrustAnchors) -> Result<CardReading, CardError> {
    read_card_as(channel, anchors, &[MY_NUMBER_CARD])
}

/// [`read_card`] with a list of kinds of card.
///
/// # Errors
/// [`CardError`].
pub fn read_card_as(
    channel: &mut dyn Channel,
    anchors: &TrustAnchors,
    profiles: &[Profile],
) -> Result<CardReading, CardError> {
    let emulated = match recognise(channel, profiles)? {
        Recognised::MyNumber { emulated } => emulated,
        Recognised::Phone(kind) => return Ok(CardReading::Phone(kind)),
        Recognised::Other(kind) => return Ok(CardReading::Other(kind)),
    };
    let mut jpki = Jpki::selected(channel);
    let tries_left = jpki.tries_left()?;
    Ok(match jpki.chain(anchors)? {
        Ok(Chain { certificate, ca }) => {
            let pin_less = emulated && anchors.emulated();
            CardReading::MyNumber { certificate, ca, tries_left, pin_less }
        }
        Err(error) => CardReading::Untrusted(error),
    })
}

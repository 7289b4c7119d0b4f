//! 公的個人認証AP: what the terminal reads from a My Number card, and the one place where a PIN meets it.

mod read_card;
mod recognise;
mod token;
mod verify_and_sign;

#[cfg(test)]
mod tests;

pub use read_card::{CardReading, read_card, read_card_as};
pub use recognise::{MY_NUMBER_CARD, OtherCard, PhoneKind, Profile, Recognised, recognise};
pub use verify_and_sign::{SignOutcome, verify_and_sign};

use crate::{
    CardError, Certificate, ChainError, Channel, Pin, PublicKey, TrustAnchors,
    apdu::{Command, Response, StatusWord},
    commands::{
        compute_signature, last_command, read_binary,
        read_binary::Read,
        select::{self, Selected},
        verify::{self, PinOutcome},
    },
    conversation::Conversation,
    limits,
};

/// Short identifiers of the EFs in use (card.md 3.1). The signature certificate and its key are never touched.
mod ef {
    /// Token info.
    pub(super) const TOKEN: u8 = 0x06;
    /// User certificate.
    pub(super) const USER_CERTIFICATE: u8 = 0x0A;
    /// Certificate of its CA.
    pub(super) const CA_CERTIFICATE: u8 = 0x0B;
    /// Private key of the user certificate.
    pub(super) const KEY: u8 = 0x17;
    /// Its PIN.
    pub(super) const PIN: u8 = 0x18;
}

/// GlobalPlatform issuer domain: selecting it drops the PIN state (card.md 2.2).
const ISSUER_DOMAIN: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];

/// Certificates whose chain ends at an anchor.
pub(crate) struct Chain {
    /// The user certificate.
    pub(crate) certificate: Box<Certificate>,
    /// The certificate of its CA.
    pub(crate) ca: Box<Certificate>,
}

/// The JPKI application, selected.
pub(crate) struct Jpki<'c> {
    card: Conversation<'c>,
}

impl<'c> Jpki<'c> {
    /// Goes on where [`recognise`] left the card: with the application selected.
    pub(crate) fn selected(channel: &'c mut dyn Channel) -> Self {
        Self { card: Conversation::resumed(channel) }
    }

    /// PIN tries left; 0: blocked.
    pub(crate) fn tries_left(&mut self) -> Result<u8, CardError> {
        verify::tries_left(&mut self.card, ef::PIN)
    }

    /// Whether an iPhone says that it verified its holder itself (card.md 8.3, E-30). Costs no try.
    pub(crate) fn verified_on_device(&mut self) -> Result<bool, CardError> {
        verify::is_verified(&mut self.card, ef::PIN)
    }

    /// Reads the user certificate and follows it to an anchor; the CA certificate is read only where no anchor issued
    /// the user certificate itself.
    pub(crate) fn chain(&mut self, anchors: &TrustAnchors) -> Result<Result<Chain, ChainError>, CardError> {
        let certificate = Box::new(self.user_certificate()?);
        let ca = match anchors.issuer_of(&certificate) {
            Some(anchor) => Some(anchor.clone()),
            None => self.ca_certificate()?,
        };
        Ok(match ca.map(Box::new) {
            Some(ca) => anchors.check(&certificate, &ca).map(|()| Chain { certificate, ca }),
            None => Err(ChainError::NoAuthority),
        })
    }

    fn user_certificate(&mut self) -> Result<Certificate, CardError> {
        let der = read_binary::der_object(&mut self.card, ef::USER_CERTIFICATE, limits::MAX_CERTIFICATE)?
            .ok_or(CardError::Malformed { command: "user certificate" })?;
        Ok(Certificate::from_der(&der)?)
    }

    /// `None`: the card has none, or it is no certificate.
    fn ca_certificate(&mut self) -> Result<Option<Certificate>, CardError> {
        let der = read_binary::der_object(&mut self.card, ef::CA_CERTIFICATE, limits::MAX_CERTIFICATE)?;
        Ok(der.and_then(|der| Certificate::from_der(&der).ok()))
    }

    /// Whether the card still holds this certificate: its first bytes, which hold the serial number, are the same.
    pub(crate) fn still_holds(&mut self, certificate: &Certificate) -> Result<bool, CardError> {
        let expected = certificate.der().get(..limits::IDENTITY_PROBE);
        Ok(match read_binary::start_of(&mut self.card, ef::USER_CERTIFICATE, limits::IDENTITY_PROBE)? {
            Read::Data(data) => Some(data.as_slice()) == expected,
            Read::End | Read::NotThere => false,
        })
    }

    /// Hands the PIN to the card, once.
    pub(crate) fn verify(&mut self, pin: Pin) -> Result<PinOutcome, CardError> {
        verify::verify(&mut self.card, ef::PIN, pin)
    }

    /// Signature by the holder's key, if its use is allowed now; checked with the certificate's.
    pub(crate) fn sign(&mut self, key: &PublicKey, message: &[u8]) -> Result<Vec<u8>, CardError> {
        compute_signature::sign(&mut self.card, 0x80 | ef::KEY, key, message)
    }

    /// Tells an iPhone that this was all; whatever it answers. Only for a token labelled as one.
    pub(crate) fn end_with_iphone(&mut self) {
        last_command::send(&mut self.card);
    }

    /// Selects the issuer domain, so that nothing stays verified. Best effort: the power-down of the channel follows.
    pub(crate) fn leave(&mut self) {
        let _ = select::application(&mut self.card, &ISSUER_DOMAIN);
    }

    /// Selects the application after another one was selected; that ends what was verified there (card.md 2.2).
    pub(crate) fn select_again(&mut self) -> Result<(), CardError> {
        let mut selected = select::application(&mut self.card, MY_NUMBER_CARD.aid);
        if selected != Ok(Selected::Yes) {
            selected = select::application(&mut self.card, MY_NUMBER_CARD.aid);
        }
        let error = match selected {
            Ok(Selected::Yes) => return Ok(()),
            Ok(Selected::NotThere) => select::unexpected(StatusWord::NOT_FOUND),
            Ok(Selected::Refused(status)) => select::unexpected(status),
            Err(error) => error,
        };
        self.leave();
        Err(error)
    }

    /// Whether this program may use the card's key without PIN: an emulated card, by its chain and by what its token
    /// says now (card.md 7.4, 7.5). Nothing is sent where the anchors are not the emulator's.
    pub(crate) fn may_be_used_without_pin(
        &mut self,
        certificate: &Certificate,
        trust: &TrustAnchors,
    ) -> Result<bool, CardError> {
        if !trust.emulated() {
            return Ok(false);
        }
        let authority = match trust.issuer_of(certificate) {
            Some(anchor) => Some(anchor.clone()),
            None => self.ca_certificate()?,
        };
        if authority.is_none_or(|authority| trust.check(certificate, &authority).is_err()) {
            return Ok(false);
        }
        Ok(match read_binary::start_of(&mut self.card, ef::TOKEN, limits::TOKEN_INFO)? {
            Read::Data(info) => {
                info.len() == limits::TOKEN_INFO
                    && token::label(&info) == MY_NUMBER_CARD.label.as_bytes()
                    && token::is_emulated(&info)
            }
            Read::End | Read::NotThere => false,
        })
    }

    /// One command of the PIN-less step, as it is, and its one answer: no chain of GET RESPONSE follows.
    pub(crate) fn relay(&mut self, name: &'static str, command: &Command) -> Result<Response, CardError> {
        self.card.once(name, command)
    }
}

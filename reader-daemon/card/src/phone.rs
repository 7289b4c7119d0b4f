//! A phone as a medium (card.md 8): one tap of a second or two, so everything happens in one conversation.
//!
//! Laws 1 and 2 for phones: tries are read first, with one left nothing is sent, VERIFY is sent once; an iPhone's own
//! verified answer counts because the caller connected cold for this tap.

#[cfg(test)]
mod tests;

use crate::{
    CardError, Certificate, ChainError, Channel, Pin, TrustAnchors,
    commands::verify::PinOutcome,
    jpki::{Chain, Jpki, MY_NUMBER_CARD, PhoneKind, Recognised, recognise},
};

/// What one tap is for.
pub struct PhoneOrder<'o> {
    /// What the patient chose; `None`: nothing was chosen yet, either kind is welcome.
    pub expected: Option<PhoneKind>,
    /// The PIN the patient confirmed for an Android phone. Taken right before VERIFY, or when no VERIFY may follow any
    /// more (last try, blocked); after any other outcome it is still there and waits for the next tap.
    pub pin: &'o mut Option<Pin>,
    /// Where the chain must end.
    pub trust: &'o TrustAnchors,
    /// The bytes to sign for this user certificate; `None`: there is nothing to sign (any more). Called once at most,
    /// after the chain was checked, while the phone lies there: it must not wait.
    pub statement: &'o mut dyn FnMut(&Certificate) -> Option<Vec<u8>>,
}

/// What came of one tap. VERIFY was handed to the channel at most once, and never to an iPhone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneOutcome {
    /// Signed; the signature fits the certificate, whose chain ends at an anchor.
    Signed {
        /// Which phone.
        kind: PhoneKind,
        /// The user certificate.
        certificate: Box<Certificate>,
        /// The certificate of its CA.
        ca: Box<Certificate>,
        /// Over what [`PhoneOrder::statement`] gave.
        signature: Vec<u8>,
    },
    /// An Android phone and no PIN: it was held too early. Nothing was sent.
    PinWanted {
        /// Tries left, two at least.
        tries_left: u8,
    },
    /// The other kind of phone than the patient chose. Nothing was sent.
    OtherKind(PhoneKind),
    /// No phone. Nothing was sent.
    NotAPhone(Recognised),
    /// The iPhone does not say that it verified its holder. Nothing was sent; there is no PIN to ask for.
    NotVerified,
    /// The Android phone has one try left: nothing was sent, with or without a PIN.
    LastTry,
    /// Wrong; so many tries are left (at least one).
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Wrong, and that was the last try; or blocked before.
    Blocked,
    /// The chain is broken or ends elsewhere: nothing was signed.
    Untrusted(ChainError),
    /// [`PhoneOrder::statement`] gave none: nothing was signed. An Android phone got the PIN before.
    NoStatement,
    /// Something broke and no PIN was sent: no try is spent, the phone can be held again. All that can break with an
    /// iPhone is this.
    NotSent(CardError),
    /// Something broke at VERIFY or behind it: a try may be spent, nothing is repeated.
    Lost(CardError),
}

/// Recognises the phone, has its holder verified (Android: by the PIN, once), reads and checks its certificate, signs
/// the statement and leaves the application.
///
/// `channel` was connected cold for this call and nothing else was sent on it; it is dropped right after, which powers
/// the phone's chip down (law 2): a phone need not have another application that could be selected to leave this one.
///
/// About 13 exchanges: SELECT, label, tries or query, VERIFY (Android), 7 for a certificate of 1590 bytes, signature,
/// last command (iPhone), SELECT of the issuer domain.
pub fn sign_with_phone(channel: &mut dyn Channel, order: PhoneOrder<'_>) -> PhoneOutcome {
    let PhoneOrder { expected, pin, trust, statement } = order;
    let kind = match recognise(channel, &[MY_NUMBER_CARD]) {
        Ok(Recognised::Phone(kind)) => kind,
        Ok(other @ (Recognised::MyNumber { .. } | Recognised::Other(_))) => return PhoneOutcome::NotAPhone(other),
        Err(error) => return PhoneOutcome::NotSent(error),
    };
    if expected.is_some_and(|expected| expected != kind) {
        return PhoneOutcome::OtherKind(kind);
    }
    let jpki = Jpki::selected(channel);
    match kind {
        PhoneKind::Android => android(jpki, pin, trust, statement),
        PhoneKind::Iphone => iphone(jpki, trust, statement),
    }
}

type Statement<'o> = &'o mut dyn FnMut(&Certificate) -> Option<Vec<u8>>;

fn android(mut jpki: Jpki<'_>, held: &mut Option<Pin>, trust: &TrustAnchors, statement: Statement<'_>) -> PhoneOutcome {
    let tries_left = match jpki.tries_left() {
        Ok(tries_left) => tries_left,
        Err(error) => return PhoneOutcome::NotSent(error),
    };
    let pin = match (tries_left, held.take()) {
        (0, _) => return PhoneOutcome::Blocked,
        (1, _) => return PhoneOutcome::LastTry,
        (tries_left, None) => return PhoneOutcome::PinWanted { tries_left },
        (_, Some(pin)) => pin,
    };
    let outcome = match jpki.verify(pin) {
        // Nothing is verified then.
        Ok(PinOutcome::Wrong { left }) => return PhoneOutcome::Wrong { left },
        Ok(PinOutcome::Blocked) => return PhoneOutcome::Blocked,
        Ok(PinOutcome::Accepted) => {
            signed(&mut jpki, PhoneKind::Android, trust, statement).unwrap_or_else(PhoneOutcome::Lost)
        }
        Err(error) => PhoneOutcome::Lost(error),
    };
    jpki.leave();
    outcome
}

fn iphone(mut jpki: Jpki<'_>, trust: &TrustAnchors, statement: Statement<'_>) -> PhoneOutcome {
    match jpki.verified_on_device() {
        Ok(true) => {}
        Ok(false) => return PhoneOutcome::NotVerified,
        Err(error) => return PhoneOutcome::NotSent(error),
    }
    let outcome = signed(&mut jpki, PhoneKind::Iphone, trust, statement).unwrap_or_else(PhoneOutcome::NotSent);
    jpki.end_with_iphone();
    jpki.leave();
    outcome
}

/// From here on both are alike: the holder is verified, the certificate is readable, the key may be used.
fn signed(
    jpki: &mut Jpki<'_>,
    kind: PhoneKind,
    trust: &TrustAnchors,
    statement: Statement<'_>,
) -> Result<PhoneOutcome, CardError> {
    let Chain { certificate, ca } = match jpki.chain(trust)? {
        Ok(chain) => chain,
        Err(error) => return Ok(PhoneOutcome::Untrusted(error)),
    };
    let Some(message) = statement(&certificate) else { return Ok(PhoneOutcome::NoStatement) };
    let signature = jpki.sign(certificate.public_key(), &message)?;
    Ok(PhoneOutcome::Signed { kind, certificate, ca, signature })
}

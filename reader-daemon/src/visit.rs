//! What the drivers hold for one visit. Dropped at `finish`: nothing of it is left for the next patient (law 4).

use std::time::Instant;

use base64ct::{Base64, Encoding as _};
use card::{Pin, PinEntry};
use qualification::protocol::{Authenticate, Method};
use screen::Digit;
use session::VisitId;

use crate::{card_driver::Certificates, outbox_driver::Bound, service_driver::OpenSession, timeline::Timeline};

/// One visit's things.
pub(crate) struct Visit {
    pub(crate) id: VisitId,
    pub(crate) timeline: Timeline,
    /// Digits typed so far, in locked memory.
    digits: PinEntry,
    pub(crate) session: Option<OpenSession>,
    pub(crate) certificates: Option<Certificates>,
    pub(crate) signature: Option<Vec<u8>>,
}

impl Visit {
    pub(crate) fn new(id: VisitId, began: Instant) -> Self {
        Self {
            id,
            timeline: Timeline::new(id, began),
            digits: PinEntry::new(),
            session: None,
            certificates: None,
            signature: None,
        }
    }

    /// [`session::Effect::KeepDigit`]
    pub(crate) fn keep_digit(&mut self, digit: &Digit) {
        self.digits.push(digit.ascii());
    }

    /// [`session::Effect::DropDigit`]
    pub(crate) fn drop_digit(&mut self) {
        self.digits.pop();
    }

    /// [`session::Effect::WipePin`]
    pub(crate) fn wipe_pin(&mut self) {
        self.digits.clear();
    }

    /// Four digits, once.
    pub(crate) fn take_pin(&mut self) -> Option<Pin> {
        self.digits.take()
    }

    /// The statement the card signs. `None`: no session at the service or no certificate.
    pub(crate) fn statement(&self, terminal_id: &str) -> Option<Vec<u8>> {
        let session = self.session.as_ref()?;
        let certificate = self.certificates.as_ref()?.user.sha256();
        Some(qualification::statement(terminal_id, &session.id, &session.nonce, Method::Pin, &certificate))
    }

    /// Session and proof, once. `None`: one of them is missing.
    pub(crate) fn take_proof(&mut self) -> Option<(String, Authenticate)> {
        let session = self.session.as_ref()?;
        let certificates = self.certificates.as_ref()?;
        let signature = self.signature.take()?;
        let proof = Authenticate {
            method: Method::Pin,
            certificate: Base64::encode_string(certificates.user.der()),
            ca_certificate: Base64::encode_string(certificates.ca.der()),
            signature: Base64::encode_string(&signature),
        };
        Some((session.id.clone(), proof))
    }

    /// What a result of this visit is bound to.
    pub(crate) fn bound(&self) -> Option<Bound> {
        let session_id = self.session.as_ref()?.id.clone();
        Some(Bound { session_id, certificate_sha256: self.certificates.as_ref()?.user.sha256() })
    }
}

#[cfg(test)]
mod tests {
    use screen::{Revision, Target};
    use session::{Effect, Event, Policy, Session, step};

    use super::*;

    fn digit(value: u8) -> Digit {
        Digit::new(value).unwrap()
    }

    #[test]
    fn digits_are_kept_dropped_wiped_and_taken_once() {
        let mut visit = Visit::new(VisitId(1), Instant::now());
        for value in 1..=4 {
            assert!(visit.take_pin().is_none());
            visit.keep_digit(&digit(value));
        }
        visit.drop_digit();
        assert!(visit.take_pin().is_none());
        visit.keep_digit(&digit(9));
        visit.keep_digit(&digit(9));
        assert!(visit.take_pin().is_some(), "a fifth key changes nothing");
        assert!(visit.take_pin().is_none(), "a PIN is taken once");
        (0..4).for_each(|value| visit.keep_digit(&digit(value)));
        visit.wipe_pin();
        assert!(visit.take_pin().is_none());
    }

    #[test]
    fn a_key_outside_the_pin_pad_is_not_kept_and_a_digit_wipes_itself() {
        fn wipes_itself<T: zeroize::ZeroizeOnDrop>() {}
        wipes_itself::<Digit>();
        let policy = Policy { texts: crate::texts::built_in().unwrap().session, ..Policy::default() };
        let (session, _) = step(Session::new(), Event::ScreenConnected, &policy);
        for event in [Event::Key(Revision(0)), Event::Key(Revision(1)), Event::Touched(Revision(1), Target::Confirm)] {
            let (_, effects) = step(session.clone(), event, &policy);
            assert!(!effects.contains(&Effect::KeepDigit));
        }
    }

    #[test]
    fn without_a_session_or_a_signature_there_is_no_statement_and_no_proof() {
        let mut visit = Visit::new(VisitId(1), Instant::now());
        visit.session = Some(OpenSession { id: "0".repeat(32), nonce: [1; 32] });
        visit.signature = Some(vec![1]);
        assert!(visit.statement("terminal-1").is_none());
        assert!(visit.take_proof().is_none());
        assert!(visit.bound().is_none());
    }
}

//! What the drivers hold for one visit. Dropped at `finish`: nothing of it is left for the next patient (law 4).

use std::time::Instant;

use base64ct::{Base64, Encoding as _};
use card::{Pin, PinEntry};
use qualification::{
    ids,
    protocol::{Authenticate, Method, PhotoRecord},
    weights,
};
use screen::Digit;
use session::VisitId;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::{
    card_driver::{Certificates, Statement},
    journal::FaceTry,
    outbox_driver::Bound,
    service_driver::OpenSession,
    timeline::Timeline,
};

/// One visit's things.
pub(crate) struct Visit {
    pub(crate) id: VisitId,
    /// For the journal: drawn at random, so that nothing links two visits of one person.
    pub(crate) name: String,
    pub(crate) timeline: Timeline,
    /// Digits typed so far, in locked memory.
    digits: PinEntry,
    /// Digits of the facility's passcode typed so far.
    passcode: Zeroizing<Vec<u8>>,
    /// The facility's passcode was given in this visit: without it there is no visual check.
    pub(crate) passcode_right: bool,
    /// A confirmed PIN of an Android phone that waits for the tap (law 1).
    phone_pin: Option<Pin>,
    /// A PIN out in a tap comes back only when it was not wiped meanwhile.
    phone_pin_wiped: bool,
    /// Number of the staff member who confirmed a visual check, if one was given.
    pub(crate) confirmed_by: Option<String>,
    /// What the PIN-less step under way is done for.
    pub(crate) pin_less_by: Option<Method>,
    pub(crate) session: Option<OpenSession>,
    pub(crate) certificates: Option<Certificates>,
    /// Of the authenticated photo record, for the service to compare with the certificate's person.
    pub(crate) person: Option<PhotoPerson>,
    /// The face matched: identity of the weights that decided. Without it there is no PIN-less step.
    pub(crate) matched: Option<String>,
    /// The weights of the match that the PIN-less step was done for, for the result.
    weights: Option<String>,
    /// What came of each try at the camera.
    pub(crate) tries: Vec<FaceTry>,
    /// The card's signature over the statement, and the method that statement names.
    signed: Option<(Method, Vec<u8>)>,
    /// The method of the proof that went to the service.
    proved: Option<Method>,
}

/// Birth date and sex as the photo record has them. Wiped on drop.
#[derive(ZeroizeOnDrop)]
pub(crate) struct PhotoPerson {
    /// YYYYMMDD.
    pub(crate) birth_date: [u8; 8],
    pub(crate) sex: u8,
}

impl PhotoPerson {
    /// As the service wants it. `None`: not eight digits and a digit.
    fn record(&self) -> Option<PhotoRecord> {
        let text = std::str::from_utf8(&self.birth_date).ok()?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
        let sex = char::from(self.sex);
        (digits(text) && sex.is_ascii_digit()).then(|| {
            // Made in its full length: a text that grows leaves its beginnings behind.
            let mut birth_date = String::with_capacity("YYYY-MM-DD".len());
            for part in [year, "-", month, "-", day] {
                birth_date.push_str(part);
            }
            PhotoRecord { birth_date, sex: sex.to_string() }
        })
    }
}

impl Visit {
    pub(crate) fn new(id: VisitId, began: Instant) -> Self {
        Self {
            id,
            // Without randomness nothing can be stored, so no visit starts; a name is no reason to end one.
            name: qualification::ids::fresh(&mut rand_core::OsRng).unwrap_or_default(),
            timeline: Timeline::new(id, began),
            digits: PinEntry::new(),
            passcode: Zeroizing::new(Vec::with_capacity(usize::from(session::limits::PASSCODE_DIGITS))),
            passcode_right: false,
            phone_pin: None,
            phone_pin_wiped: false,
            confirmed_by: None,
            pin_less_by: None,
            session: None,
            certificates: None,
            person: None,
            matched: None,
            weights: None,
            tries: Vec::new(),
            signed: None,
            proved: None,
        }
    }

    /// [`session::Effect::KeepDigit`]
    pub(crate) fn keep_digit(&mut self, digit: &Digit) {
        self.digits.push(digit.ascii());
    }

    /// [`session::Effect::DropDigit`]
    pub(crate) fn drop_digit(&mut self) {
        self.digits.pop();
        self.passcode.pop();
    }

    /// [`session::Effect::WipePin`]
    pub(crate) fn wipe_pin(&mut self) {
        self.digits.clear();
        self.passcode.zeroize();
        self.phone_pin = None;
        self.phone_pin_wiped = true;
    }

    /// A digit of the passcode. More than fit are left out: no passcode is longer.
    pub(crate) fn keep_passcode_digit(&mut self, digit: &Digit) {
        if self.passcode.len() < usize::from(session::limits::PASSCODE_DIGITS) {
            self.passcode.push(digit.ascii());
        }
    }

    /// The typed passcode, once.
    pub(crate) fn take_passcode(&mut self) -> Zeroizing<Vec<u8>> {
        let room = Vec::with_capacity(usize::from(session::limits::PASSCODE_DIGITS));
        std::mem::replace(&mut self.passcode, Zeroizing::new(room))
    }

    /// The PIN for a tap: as typed, or the one an earlier tap did not use. It goes with the tap.
    pub(crate) fn take_phone_pin(&mut self) -> Option<Pin> {
        self.phone_pin_wiped = false;
        self.digits.take().or_else(|| self.phone_pin.take())
    }

    /// A tap came to nothing before VERIFY: the PIN waits for the next, unless it was wiped meanwhile.
    pub(crate) fn phone_pin_back(&mut self, pin: Option<Pin>) {
        self.phone_pin = pin.filter(|_| !self.phone_pin_wiped);
    }

    /// What a phone signs: for the session's nonce and whichever certificate it holds. `None`: no session yet.
    pub(crate) fn phone_statement(&self, terminal_id: &str) -> Option<Statement> {
        let session = self.session.as_ref()?;
        let (terminal, id, nonce) = (terminal_id.to_owned(), session.id.clone(), session.nonce);
        Some(Box::new(move |certificate| {
            Some(qualification::statement(&terminal, &id, &nonce, Method::Phone, &certificate.sha256()))
        }))
    }

    /// Four digits, once.
    pub(crate) fn take_pin(&mut self) -> Option<Pin> {
        self.digits.take()
    }

    /// The statement the card signs. `None`: no session at the service or no certificate.
    pub(crate) fn statement(&self, terminal_id: &str, method: Method) -> Option<Vec<u8>> {
        let session = self.session.as_ref()?;
        let certificate = self.certificates.as_ref()?.user.sha256();
        Some(qualification::statement(terminal_id, &session.id, &session.nonce, method, &certificate))
    }

    /// Where the service's commands for this card's PIN-less step are asked for: its session, and the certificate it
    /// binds that session to. Uses the match up. `None`: the face did not match, or one of them is missing.
    pub(crate) fn take_match(&mut self) -> Option<(String, String)> {
        self.weights = Some(self.matched.take()?);
        let session = self.session.as_ref()?.id.clone();
        Some((session, ids::hex(&self.certificates.as_ref()?.user.sha256())))
    }

    /// The same for a visual check: the passcode was right in this visit, and staff said that it is the holder. Uses the
    /// passcode up. `None`: it was not, or session or certificate are missing.
    pub(crate) fn take_visual_check(&mut self, number: Option<String>) -> Option<(String, String)> {
        if !std::mem::take(&mut self.passcode_right) {
            return None;
        }
        self.confirmed_by = number;
        let session = self.session.as_ref()?.id.clone();
        Some((session, ids::hex(&self.certificates.as_ref()?.user.sha256())))
    }

    /// The card signed the statement of this method.
    pub(crate) fn signed(&mut self, method: Method, signature: Option<Vec<u8>>) {
        self.signed = signature.map(|signature| (method, signature));
    }

    /// The method of the proof, for the journal and for what follows at the service.
    pub(crate) fn proved(&self) -> Option<Method> {
        self.proved
    }

    /// Session and proof, once. `None`: one of them is missing.
    pub(crate) fn take_proof(&mut self) -> Option<(String, Authenticate)> {
        let session = self.session.as_ref()?;
        let certificates = self.certificates.as_ref()?;
        let (method, signature) = self.signed.take()?;
        let photo_record = match method {
            Method::Face => Some(self.person.as_ref()?.record()?),
            // Where the photo was authenticated, the service compares its person here too.
            Method::Visual => self.person.as_ref().and_then(PhotoPerson::record),
            Method::Pin | Method::Phone => None,
        };
        self.proved = Some(method);
        let proof = Authenticate {
            method,
            certificate: Base64::encode_string(certificates.user.der()),
            ca_certificate: Base64::encode_string(certificates.ca.der()),
            signature: Base64::encode_string(&signature),
            photo_record,
        };
        Some((session.id.clone(), proof))
    }

    /// What a result of this visit is bound to.
    pub(crate) fn bound(&self) -> Option<Bound> {
        let session_id = self.session.as_ref()?.id.clone();
        let method = self.proved?;
        let weights = match method {
            Method::Face => self.weights.clone()?,
            Method::Pin | Method::Visual | Method::Phone => weights::NONE.to_owned(),
        };
        let certificate_sha256 = self.certificates.as_ref()?.user.sha256();
        let confirmed_by = self.confirmed_by.clone().filter(|_| method == Method::Visual);
        Some(Bound { session_id, certificate_sha256, method, weights, confirmed_by })
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
        visit.signed(Method::Pin, Some(vec![1]));
        visit.matched = Some("net@0123456789abcdef".to_owned());
        assert!(visit.statement("terminal-1", Method::Pin).is_none());
        assert!(visit.take_match().is_none(), "not without a certificate");
        assert!(visit.take_proof().is_none());
        assert!(visit.bound().is_none());
    }

    fn with_certificates() -> Visit {
        let (_, der) = der::pem::decode_vec(include_bytes!("test-anchor.pem")).unwrap();
        let certificate = || Box::new(card::Certificate::from_der(&der).unwrap());
        let mut visit = Visit::new(VisitId(1), Instant::now());
        visit.session = Some(OpenSession { id: "0".repeat(32), nonce: [1; 32] });
        visit.certificates = Some(Certificates { user: certificate(), ca: certificate() });
        visit
    }

    #[test]
    fn without_a_match_there_is_no_pin_less_step_and_a_face_proof_names_the_photos_person() {
        let mut visit = with_certificates();
        assert!(visit.take_match().is_none());
        visit.matched = Some("net@0123456789abcdef".to_owned());
        assert!(visit.take_match().is_some());
        assert!(visit.take_match().is_none(), "a match serves one step");
        let (pin, face) = (visit.statement("t", Method::Pin), visit.statement("t", Method::Face));
        assert!(pin.is_some() && face.is_some() && pin != face, "a signature serves one method only");
        visit.signed(Method::Face, Some(vec![1]));
        assert!(visit.take_proof().is_none(), "not without the record");
        visit.signed(Method::Face, Some(vec![1]));
        visit.person = Some(PhotoPerson { birth_date: *b"19500401", sex: b'2' });
        let (_, proof) = visit.take_proof().unwrap();
        let record = proof.photo_record.unwrap();
        assert_eq!((proof.method, record.birth_date.as_str(), record.sex.as_str()), (Method::Face, "1950-04-01", "2"));
        let bound = visit.bound().unwrap();
        assert_eq!((bound.method, bound.weights.as_str()), (Method::Face, "net@0123456789abcdef"));
    }

    #[test]
    fn a_pin_after_a_face_that_matched_is_a_visit_by_pin() {
        let mut visit = with_certificates();
        visit.matched = Some("net@0123456789abcdef".to_owned());
        visit.person = Some(PhotoPerson { birth_date: *b"19500401", sex: b'2' });
        visit.signed(Method::Pin, Some(vec![1]));
        assert!(visit.bound().is_none(), "nothing was proved yet");
        let (_, proof) = visit.take_proof().unwrap();
        assert_eq!((proof.method, proof.photo_record), (Method::Pin, None));
        let bound = visit.bound().unwrap();
        assert_eq!((bound.method, bound.weights.as_str()), (Method::Pin, weights::NONE));
    }

    #[test]
    fn who_the_photo_is_of_wipes_itself_wherever_it_is_held() {
        fn wipes_itself<T: zeroize::ZeroizeOnDrop>() {}
        wipes_itself::<PhotoPerson>();
        wipes_itself::<PhotoRecord>();
        wipes_itself::<card::PhotoRecord>();
    }

    #[test]
    fn what_is_no_date_or_no_sex_is_no_record() {
        for (birth_date, sex) in [(*b"1950-4-1", b'1'), (*b"1950040\xFF", b'1'), (*b"19500401", 0)] {
            assert!(PhotoPerson { birth_date, sex }.record().is_none());
        }
    }
}

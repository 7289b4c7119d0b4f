//! The requests `authenticate` and `register`: the proof, the lookup behind it, and signing a card up.

use qualification::{
    Word, ids,
    protocol::{Ask, Authenticate, Authenticated, By, Item, Method, Register},
};

use crate::{
    books::{After, Offer, Outcome, Proved, SessionState, Told},
    items::Kind,
    limits::{MAX_TEXT, OPEN_LIFETIME},
    patients::{Found, Medium, Presented},
    proof::{self, Challenge},
    refusal::Refusal,
    results::millis,
    service::Service,
};

impl Service {
    pub(crate) fn authenticate(
        &self,
        terminal: &str,
        id: &str,
        proof: &Authenticate,
    ) -> Result<Authenticated, Refusal> {
        let now_ms = self.controls.now_ms();
        self.open_session(terminal, id, now_ms)?;
        // From here on the nonce is spent, also when the proof turns out wrong.
        let nonce = self.books.take_nonce(id, now_ms)?;
        let challenge = Challenge { terminal, session: id, nonce: &nonce, now_unix: seconds(now_ms) };
        let user = proof::check(&self.trust, &challenge, proof)?;
        let certificate_sha256 = ids::hex(&user.sha256());
        match proof.method {
            Method::Face | Method::Visual => self.need_pin_less()?,
            Method::Pin | Method::Phone => {}
        }
        self.relay_allows(id, proof.method, &certificate_sha256)?;

        let found = self.look_up(user.serial_u64(), user.not_after_unix(), proof.method, now_ms)?;
        let person = found.patient.and_then(|number| self.centre.person(number));
        if let (Some(record), Some(person)) = (&proof.photo_record, person)
            && !person.is_shown_by(record)
        {
            self.books.turn_away(id, Word::PersonDiffers, now_ms)?;
            return Err(Refusal::new(Word::PersonDiffers, "photo record and certificate are of two people"));
        }
        let asked = self.items(&found)?;
        let proved = Proved {
            method: proof.method,
            certificate_sha256,
            patient: found.patient,
            asked: asked.clone(),
            told: Some(told(&found)),
            time_ms: now_ms,
        };
        let outcome = match found.patient.filter(|_| found.sign_up) {
            Some(patient) => Outcome::Offered(Offer { patient, not_after_unix: user.not_after_unix() }),
            None if found.can_be_received() => Outcome::Received,
            None => Outcome::TurnedAway,
        };
        let file = match outcome {
            // Theirs is written with their result.
            Outcome::Received => None,
            Outcome::TurnedAway | Outcome::Offered(_) => self.face_file(&proved, None, &[], now_ms)?,
        };
        self.books.prove(id, &proved, outcome, file.as_ref())?;
        if file.is_some() {
            // It stands in the books; what cannot be written now is written later, and this patient need not wait.
            let _ = self.write_owed();
        }
        Ok(answer(found, asked))
    }

    /// Signs a card up. The proof of the session stands for it: there is no second one.
    pub(crate) fn register(&self, terminal: &str, id: &str, question: &Register) -> Result<Authenticated, Refusal> {
        let now_ms = self.controls.now_ms();
        let session = self.books.session(id, terminal)?;
        match session.state {
            SessionState::TurnedAway => {}
            SessionState::Open | SessionState::Spent => {
                return Err(Refusal::new(Word::NotAuthenticated, "signing up needs a proof before it"));
            }
            SessionState::Proved => return Err(Refusal::new(Word::SignUpNotOffered, "nothing is to be signed up")),
            SessionState::Cancelled | SessionState::Received => {
                return Err(Refusal::new(Word::SessionClosed, "the session has ended"));
            }
        }
        // Turned away before the lookup (two people in one card), nothing stands there of the proof.
        let no_lookup = |refusal: Refusal| {
            let nothing = refusal.word == Word::NotAuthenticated;
            if nothing { Refusal::new(Word::SignUpNotOffered, "nothing is to be signed up") } else { refusal }
        };
        let proved = self.books.proved(id).map_err(no_lookup)?;
        if now_ms.saturating_sub(proved.time_ms) > millis(OPEN_LIFETIME) {
            return Err(Refusal::new(Word::SessionExpired, "the offer was made too long ago"));
        }
        check_register(question, proved.method)?;
        let offer = self.books.take_offer(id, now_ms)?;
        if self.controls.sign_up_fails() || !self.centre.signs_up(offer.patient) {
            self.books.note(id, Word::SignUpFailed, now_ms)?;
            return Err(Refusal::new(Word::SignUpFailed, "the centre did not sign the card up"));
        }
        let presented = self.presented(Some(offer.patient), offer.not_after_unix, proved.method)?;
        let presented = Presented { signed_up: true, ..presented };
        let found = self.centre.look_up(&presented, seconds(now_ms), &self.controls.settings());
        let asked = self.items(&found)?;
        let state = if found.can_be_received() { SessionState::Proved } else { SessionState::TurnedAway };
        let after = After { asked: &asked, told: &told(&found), state };
        self.books.signed_up(id, offer.patient, question, &after, now_ms)?;
        Ok(answer(found, asked))
    }

    fn look_up(&self, serial: Option<u64>, not_after_unix: i64, method: Method, now_ms: u64) -> Result<Found, Refusal> {
        let presented = self.presented(serial, not_after_unix, method)?;
        Ok(self.centre.look_up(&presented, seconds(now_ms), &self.controls.settings()))
    }

    fn presented(&self, serial: Option<u64>, not_after_unix: i64, method: Method) -> Result<Presented, Refusal> {
        let on = match method {
            Method::Pin | Method::Face | Method::Visual => Medium::Card,
            Method::Phone => Medium::Phone,
        };
        let signed_up = match serial {
            Some(serial) => self.books.is_signed_up(serial)?,
            None => false,
        };
        Ok(Presented { serial, not_after_unix, on, signed_up })
    }

    /// The items as the terminal gets them. Earlier answers are told of health information only.
    fn items(&self, found: &Found) -> Result<Vec<Item>, Refusal> {
        let mut items = Vec::new();
        for (item, ask) in &found.items {
            let previous = match (found.patient, ask, Kind::of(item)) {
                (Some(patient), Ask::Yes, Some(Kind::Health)) => self.books.previous(patient, item)?,
                (Some(_) | None, _, _) => None,
            };
            items.push(Item { id: (*item).to_owned(), ask: *ask, previous });
        }
        Ok(items)
    }
}

fn told(found: &Found) -> Told {
    Told { qualification: found.qualification, certificate: found.certificate.clone() }
}

fn answer(found: Found, items: Vec<Item>) -> Authenticated {
    let Found { qualification, certificate, staff, sign_up, patient: _, items: _ } = found;
    Authenticated { qualification, certificate, items, staff, sign_up }
}

/// Who answered what, before anything is done about it.
fn check_register(question: &Register, method: Method) -> Result<(), Refusal> {
    let is_text = |text: &str, most: usize| {
        !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    let whole = question.by != By::Nobody
        && is_text(&question.wording_id, MAX_TEXT)
        && ids::is_lower_hex(&question.wording_hash, 64)
        && is_text(&question.language, qualification::limits::MAX_LANGUAGE);
    if !whole {
        return Err(Refusal::new(Word::BadRequest, "wording, language or who answered is not told"));
    }
    // Not the question is bad, but what came before it in this session: as in a result.
    if question.by == By::Staff && method != Method::Visual {
        return Err(Refusal::new(Word::AnswersMismatch, "by staff without a visual check"));
    }
    Ok(())
}

fn seconds(ms: u64) -> i64 {
    i64::try_from(ms / 1000).unwrap_or(i64::MAX)
}

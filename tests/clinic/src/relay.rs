//! The request `relay`: binds a session to one certificate and method, and lets the four commands out one by one.

use qualification::{
    Word,
    bytes::{bytes_of, text_of},
    ids::is_lower_hex,
    limits::MAX_RESPONSE,
    protocol::{Method, Relay, Relayed},
};

use crate::{
    books::KeptRelay,
    pin_less::{self, Step},
    refusal::Refusal,
    service::Service,
};

impl Service {
    /// One step of the PIN-less step. Whatever is out of order ends a relay that has not finished.
    pub(crate) fn relay(&self, terminal: &str, id: &str, question: &Relay) -> Result<Relayed, Refusal> {
        let now_ms = self.controls.now_ms();
        self.open_session(terminal, id, now_ms)?;
        match question.method {
            Method::Face | Method::Visual => {}
            Method::Pin | Method::Phone => {
                return Err(Refusal::new(Word::BadRequest, "the PIN-less step belongs to face and visual check"));
            }
        }
        self.need_pin_less()?;
        if !is_lower_hex(&question.certificate_sha256, 64) {
            return Err(Refusal::new(Word::BadRequest, "certificate_sha256 is not 64 lower-case hex digits"));
        }
        let command = match (self.books.relay(id)?, question.response.as_deref()) {
            (None, None) => {
                let (step, command) = pin_less::first(&self.institution)?;
                self.books.begin_relay(id, question.method, &question.certificate_sha256, step, now_ms)?;
                Some(command)
            }
            (None, Some(_)) => return Err(Refusal::new(Word::RelayOrder, "a response before any command")),
            (Some(relay), response) => {
                let next = self.next(&relay, question, response);
                let step = next.as_ref().map_or(relay.step.failed(), |(step, _)| *step);
                // A finished relay stays finished: what comes after it is refused, and changes nothing.
                if step != relay.step {
                    self.books.advance_relay(id, relay.step, step)?;
                }
                if let Err(refusal) = &next
                    && refusal.word == Word::CardRefused
                {
                    self.books.note(id, Word::CardRefused, now_ms)?;
                }
                next?.1
            }
        };
        Ok(Relayed { command: command.as_deref().map(text_of) })
    }

    fn next(
        &self,
        relay: &KeptRelay,
        question: &Relay,
        response: Option<&str>,
    ) -> Result<(Step, Option<Vec<u8>>), Refusal> {
        let order = |detail: &str| Refusal::new(Word::RelayOrder, detail);
        let response = response.ok_or_else(|| order("this session has had its relay"))?;
        if relay.method != question.method || relay.certificate_sha256 != question.certificate_sha256 {
            return Err(order("the relay is for another certificate or method"));
        }
        let response = bytes_of(response, MAX_RESPONSE)
            .ok_or_else(|| Refusal::new(Word::BadRequest, "response is not the base64 of a card's response"))?;
        pin_less::next(&self.institution, relay.step, &response)
    }

    /// A session with a relay goes on only with its certificate. A proof by face or visual check needs it finished, and by that method; one by PIN is none
    /// once the card may sign without its PIN.
    ///
    /// # Errors
    /// [`Word::RelayOrder`].
    pub(crate) fn relay_allows(&self, id: &str, method: Method, certificate_sha256: &str) -> Result<(), Refusal> {
        let relay = self.books.relay(id)?;
        if relay.as_ref().is_some_and(|relay| relay.certificate_sha256 != certificate_sha256) {
            return Err(Refusal::new(Word::RelayOrder, "the session's relay is for another certificate"));
        }
        let opened = relay.as_ref().is_some_and(|relay| relay.step.may_have_opened_the_card());
        let finished = relay.is_some_and(|relay| relay.method == method && relay.step == Step::Finished);
        match method {
            Method::Face | Method::Visual if !finished => {
                Err(Refusal::new(Word::RelayOrder, "the PIN-less step was not finished in this session"))
            }
            Method::Pin | Method::Phone if opened => {
                Err(Refusal::new(Word::RelayOrder, "after the PIN-less step the card signs without its PIN"))
            }
            Method::Face | Method::Visual | Method::Pin | Method::Phone => Ok(()),
        }
    }

    /// # Errors
    /// [`Word::MethodNotAvailable`]: the PIN-less step is switched off.
    pub(crate) fn need_pin_less(&self) -> Result<(), Refusal> {
        if self.controls.does_pin_less() {
            return Ok(());
        }
        Err(Refusal::new(Word::MethodNotAvailable, "this service does not do the PIN-less step"))
    }
}

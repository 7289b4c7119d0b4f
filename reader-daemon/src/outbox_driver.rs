//! Signed results: built with one reading of the clock, made durable, delivered until the receipt is there (law 7).

use std::{collections::HashMap, sync::Arc};

use p256::ecdsa::SigningKey;
use qualification::{
    Client, Delivery, DeliveryReport, Entry, Outbox,
    clock::now_ms,
    ids,
    limits::DeliveryLimits,
    protocol::{Answer as Given, By, How, ItemAnswer, Method, ResultClaims, VERSION, WeightsLevel},
    result,
};
use session::{Answer, Storing, Submission, VisitId};
use tokio::sync::mpsc;

use crate::{
    input::{Delivered, Driver, Input, Inputs},
    limits::STORAGE_PERIOD,
    service_driver::by,
};

/// What a result is bound to.
pub(crate) struct Bound {
    pub(crate) session_id: String,
    pub(crate) certificate_sha256: [u8; 32],
    pub(crate) method: Method,
    /// Identity of the weights that decided, or [`qualification::weights::NONE`].
    pub(crate) weights: String,
    /// Number of the staff member who confirmed a visual check, if one was given.
    pub(crate) confirmed_by: Option<String>,
}

/// Who signs results here.
pub(crate) struct Signer {
    key: SigningKey,
    terminal_id: String,
    /// In use at this terminal, whatever a visit's method.
    level: WeightsLevel,
}

impl Signer {
    pub(crate) fn new(key: SigningKey, terminal_id: String, level: WeightsLevel) -> Self {
        Self { key, terminal_id, level }
    }
}

/// Results on their way.
pub(crate) struct OutboxDriver {
    delivery: Arc<Delivery>,
    signer: Signer,
    inputs: Inputs,
    /// Results of this run, until their delivery ends.
    visits: HashMap<String, VisitId>,
    /// Durable results, also of earlier runs, whose delivery has not ended.
    waiting: usize,
    reports: mpsc::UnboundedReceiver<DeliveryReport>,
}

impl OutboxDriver {
    /// Starts delivery with what the last run left, and the watch over the disk. Inside a tokio runtime.
    pub(crate) fn start(
        outbox: Arc<Outbox>,
        pending: Vec<Entry>,
        client: Arc<Client>,
        signer: Signer,
        inputs: Inputs,
    ) -> Self {
        let (reported, reports) = mpsc::unbounded_channel();
        let waiting = pending.len();
        let delivery = Delivery::start(Arc::clone(&outbox), client, pending, DeliveryLimits::default(), reported);
        tokio::spawn(watch_storage(outbox, inputs.clone()));
        Self { delivery: Arc::new(delivery), signer, inputs, visits: HashMap::new(), waiting, reports }
    }

    /// What became of a result; waits until there is something to say.
    pub(crate) async fn next(&mut self) -> Delivered {
        loop {
            match self.reports.recv().await {
                Some(DeliveryReport::Receipt { result_id }) => {
                    self.waiting = self.waiting.saturating_sub(1);
                    return Delivered::Receipt(self.visits.remove(&result_id));
                }
                Some(DeliveryReport::Refused { result_id, .. } | DeliveryReport::Aged { result_id }) => {
                    self.waiting = self.waiting.saturating_sub(1);
                    return Delivered::Refused(self.visits.remove(&result_id));
                }
                Some(DeliveryReport::Waiting { .. }) => {}
                // Delivery ended, which it does only when it broke.
                None => return Delivered::Broken,
            }
        }
    }

    /// Signs the answers and makes them durable; [`Input::Stored`] follows.
    pub(crate) fn submit(&mut self, submission: &Submission, bound: Bound) {
        let visit = submission.visit;
        let entry = sign(&self.signer, submission, bound);
        if let Some(entry) = &entry {
            self.visits.insert(entry.result_id.clone(), visit);
            self.waiting += 1;
        }
        let (delivery, inputs) = (Arc::clone(&self.delivery), self.inputs.clone());
        tokio::spawn(async move {
            let stored = match entry {
                Some(entry) => tokio::spawn(async move { delivery.submit(entry).await.is_ok() }).await,
                None => Ok(false),
            };
            let storing = if matches!(stored, Ok(true)) { Storing::Durable } else { Storing::Failed };
            let _ = inputs.send(Input::Stored(visit, storing)).await;
            if stored.is_err() {
                let _ = inputs.send(Input::Broken(Driver::Outbox)).await;
            }
        });
    }

    /// Nothing of this visit could be stored.
    pub(crate) fn forget(&mut self, visit: VisitId) {
        let before = self.visits.len();
        self.visits.retain(|_, of| *of != visit);
        self.waiting = self.waiting.saturating_sub(before - self.visits.len());
    }

    /// Results that have no receipt yet.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// The link is back.
    pub(crate) fn link_is_up(&self) {
        self.delivery.link_is_up();
    }
}

/// Asks now and then whether the next result could be stored.
async fn watch_storage(outbox: Arc<Outbox>, inputs: Inputs) {
    loop {
        let asked = Arc::clone(&outbox);
        let look = move || (asked.can_store().is_ok(), asked.desk().map_or(0, |desk| desk.len()));
        let (stores, at_desk) = tokio::task::spawn_blocking(look).await.unwrap_or((false, 0));
        if inputs.send(Input::Outbox { stores, at_desk }).await.is_err() {
            return;
        }
        tokio::time::sleep(STORAGE_PERIOD).await;
    }
}

/// `None`: no randomness, or larger than the service takes.
fn sign(signer: &Signer, submission: &Submission, bound: Bound) -> Option<Entry> {
    let time_ms = now_ms();
    let result_id = ids::fresh(&mut rand_core::OsRng).ok()?;
    let claims = ResultClaims {
        protocol: VERSION,
        result_id: result_id.clone(),
        session_id: bound.session_id.clone(),
        terminal_id: signer.terminal_id.clone(),
        certificate_sha256: ids::hex(&bound.certificate_sha256),
        method: bound.method,
        weights: bound.weights,
        weights_level: Some(signer.level),
        time_ms,
        valid_until_ms: result::valid_until(time_ms),
        confirmed_by: bound.confirmed_by,
        items: submission.items.iter().map(item).collect(),
    };
    let jws = result::sign(&signer.key, &claims).ok()?;
    Some(Entry { result_id, session_id: bound.session_id, stored_ms: time_ms, jws })
}

fn item(item: &session::ItemAnswer) -> ItemAnswer {
    let pressed = if item.carried_over { How::CarriedOver } else { How::Now };
    let (answer, how, by) = match item.answer {
        Answer::Agreed => (Given::Agreed, pressed, by(item.by)),
        Answer::Declined => (Given::Declined, pressed, by(item.by)),
        Answer::Electronic => (Given::Electronic, pressed, by(item.by)),
        Answer::Paper => (Given::Paper, pressed, by(item.by)),
        Answer::NotAnswered => (Given::NotAnswered, How::Nothing, By::Nobody),
        Answer::NotAskedGrace => (Given::NotAskedGrace, How::Nothing, By::Nobody),
        Answer::NotAsked => (Given::NotAsked, How::Nothing, By::Nobody),
    };
    ItemAnswer {
        id: item.id.clone(),
        wording_id: item.wording_id.clone(),
        wording_hash: item.wording_hash.clone(),
        language: item.language.tag().to_owned(),
        answer,
        how,
        by,
    }
}

#[cfg(test)]
mod tests {
    use screen::{Answerer, Language};

    use super::*;

    fn signer(level: WeightsLevel) -> Signer {
        Signer::new(SigningKey::from_slice(&[7; 32]).unwrap(), "terminal-1".to_owned(), level)
    }

    fn answered(id: &str, answer: Answer, carried_over: bool) -> session::ItemAnswer {
        session::ItemAnswer {
            id: id.into(),
            wording_id: format!("{id}-1"),
            wording_hash: "0".repeat(64),
            language: Language::En,
            answer,
            carried_over,
            by: Answerer::Patient,
        }
    }

    #[test]
    fn what_was_pressed_is_what_is_signed() {
        let signer = signer(WeightsLevel::Research);
        let submission = Submission {
            visit: VisitId(1),
            items: vec![
                answered("medicines", Answer::Agreed, false),
                answered("checkups", Answer::Declined, true),
                answered("operations", Answer::NotAnswered, false),
            ],
        };
        let weights = "net@0123456789abcdef".to_owned();
        let bound = Bound {
            session_id: "0".repeat(32),
            certificate_sha256: [0xab; 32],
            method: Method::Face,
            weights,
            confirmed_by: None,
        };
        let before = now_ms();
        let entry = sign(&signer, &submission, bound).unwrap();
        let claims = result::verify(signer.key.verifying_key(), &entry.jws).unwrap();
        assert_eq!(claims.result_id, entry.result_id);
        assert_eq!(claims.certificate_sha256, "ab".repeat(32));
        assert_eq!((claims.method, claims.weights.as_str()), (Method::Face, "net@0123456789abcdef"));
        assert_eq!(claims.weights_level, Some(WeightsLevel::Research));
        assert!((before..=now_ms()).contains(&claims.time_ms));
        let items: Vec<_> =
            claims.items.iter().map(|item| (item.id.as_str(), item.answer, item.how, item.by)).collect();
        assert_eq!(
            items,
            [
                ("medicines", Given::Agreed, How::Now, By::Patient),
                ("checkups", Given::Declined, How::CarriedOver, By::Patient),
                ("operations", Given::NotAnswered, How::Nothing, By::Nobody),
            ]
        );
        assert!(claims.items.iter().all(|item| item.language == "en"));
    }

    #[test]
    fn a_result_by_pin_says_the_level_of_the_weights_in_use_too() {
        for level in [WeightsLevel::None, WeightsLevel::Demonstration, WeightsLevel::Approved] {
            let signer = signer(level);
            let weights = qualification::weights::NONE.to_owned();
            let bound = Bound {
                session_id: "0".repeat(32),
                certificate_sha256: [0; 32],
                method: Method::Pin,
                weights,
                confirmed_by: None,
            };
            let entry = sign(&signer, &Submission { visit: VisitId(1), items: Vec::new() }, bound).unwrap();
            let claims = result::verify(signer.key.verifying_key(), &entry.jws).unwrap();
            assert_eq!((claims.weights.as_str(), claims.weights_level), ("none", Some(level)));
        }
    }

    #[test]
    fn two_results_never_share_an_id() {
        let signer = signer(WeightsLevel::None);
        let submission = Submission { visit: VisitId(1), items: Vec::new() };
        let bound = || Bound {
            session_id: "0".repeat(32),
            certificate_sha256: [0; 32],
            method: Method::Pin,
            weights: qualification::weights::NONE.to_owned(),
            confirmed_by: None,
        };
        let one = sign(&signer, &submission, bound()).unwrap();
        let two = sign(&signer, &submission, bound()).unwrap();
        assert_ne!(one.result_id, two.result_id);
    }
}

//! Delivery in virtual time against a receiver that says what each test needs.

use std::{collections::VecDeque, sync::Mutex};

use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedReceiver;

use super::*;
use crate::{ids::hex, outbox::WrappingKey, protocol::Problem, result::fingerprint, words::Word};

/// Answers from a list, then with receipts; remembers what was asked.
#[derive(Default)]
struct Desk {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<String>>,
}

enum Answer {
    Fail(ClientError),
    Hang,
    Panic,
}

impl Receiver for Desk {
    async fn submit(&self, entry: &Entry) -> Result<Receipt, ClientError> {
        self.asked.lock().unwrap().push(entry.result_id.clone());
        let answer = self.answers.lock().unwrap().pop_front();
        match answer {
            Some(Answer::Fail(error)) => Err(error),
            Some(Answer::Hang) => std::future::pending().await,
            Some(Answer::Panic) => panic!("as asked"),
            None => Ok(receipt(entry)),
        }
    }
}

fn receipt(entry: &Entry) -> Receipt {
    Receipt {
        receipt_id: "r".into(),
        result_id: entry.result_id.clone(),
        result_sha256: fingerprint(&entry.jws),
        time_ms: 1,
    }
}

fn id(n: u8) -> String {
    hex(&[n; 16])
}

fn entry(n: u8) -> Entry {
    Entry { result_id: id(n), session_id: id(n), stored_ms: clock::now_ms(), jws: "a.b.c".into() }
}

fn refused(status: u16) -> Answer {
    Answer::Fail(ClientError::Refused(Problem { error: "result_mismatch".into(), detail: String::new() }, status))
}

struct Setting {
    delivery: Delivery,
    desk: Arc<Desk>,
    outbox: Arc<Outbox>,
    reports: UnboundedReceiver<DeliveryReport>,
    _folder: TempDir,
}

fn start(answers: Vec<Answer>, before: &[Entry]) -> Setting {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, _) = Outbox::open(folder.path(), WrappingKey::ephemeral().unwrap()).unwrap();
    for entry in before {
        outbox.store(entry).unwrap();
    }
    let outbox = Arc::new(outbox);
    let desk = Arc::new(Desk { answers: Mutex::new(answers.into()), ..Desk::default() });
    let (sender, reports) = mpsc::unbounded_channel();
    let found = outbox.pending().unwrap();
    let delivery = Delivery::start(Arc::clone(&outbox), Arc::clone(&desk), found, DeliveryLimits::default(), sender);
    Setting { delivery, desk, outbox, reports, _folder: folder }
}

fn unreachable() -> Answer {
    Answer::Fail(ClientError::Unreachable)
}

#[tokio::test(start_paused = true)]
async fn a_new_result_is_sent_at_once_and_reported_when_its_receipt_is_stored() {
    let mut s = start(vec![], &[]);
    s.delivery.submit(entry(1)).await.unwrap();
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
    assert!(s.outbox.pending().unwrap().is_empty());
    assert!(s.outbox.receipt(&id(1)).unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn delivery_repeats_with_the_same_id_and_growing_pauses_until_the_receipt_is_there() {
    let mut s = start((0..10).map(|_| unreachable()).collect(), &[]);
    let begin = tokio::time::Instant::now();
    s.delivery.submit(entry(1)).await.unwrap();
    for _ in 0..10 {
        let waiting =
            DeliveryReport::Waiting { result_id: id(1), cause: WaitingFor::Service(ClientError::Unreachable) };
        assert_eq!(s.reports.recv().await, Some(waiting));
    }
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
    assert_eq!(*s.desk.asked.lock().unwrap(), vec![id(1); 11]);
    // 1 + 2 + 4 + 8 + 16 + 32 + 4 × 60 s.
    assert_eq!(begin.elapsed().as_secs(), 303);
}

#[tokio::test(start_paused = true)]
async fn what_was_pending_at_the_start_is_delivered() {
    let mut s = start(vec![], &[entry(1), entry(2), entry(3)]);
    let mut done = Vec::new();
    for _ in 0..3 {
        if let Some(DeliveryReport::Receipt { result_id }) = s.reports.recv().await {
            done.push(result_id);
        }
    }
    done.sort();
    assert_eq!(done, [id(1), id(2), id(3)]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_moves_the_result_to_the_desk_and_ends_delivery() {
    let mut s = start(vec![refused(422)], &[]);
    s.delivery.submit(entry(1)).await.unwrap();
    let report = DeliveryReport::Refused { result_id: id(1), error: "result_mismatch".into() };
    assert_eq!(s.reports.recv().await, Some(report));
    assert_eq!(s.outbox.desk().unwrap().len(), 1);
    assert!(s.outbox.pending().unwrap().is_empty());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(s.desk.asked.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_service_is_no_refusal() {
    let answers = vec![refused(500), refused(503), refused(429), Answer::Fail(ClientError::Malformed("x"))];
    let mut s = start(answers, &[]);
    s.delivery.submit(entry(1)).await.unwrap();
    for _ in 0..4 {
        assert!(matches!(s.reports.recv().await, Some(DeliveryReport::Waiting { .. })));
    }
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_not_about_the_result_does_not_end_delivery() {
    let words = [Word::UnknownTerminal, Word::UnknownSession, Word::ForeignSession, Word::NotFound, Word::BadRequest];
    let said = |error: &str, status| {
        Answer::Fail(ClientError::Refused(Problem { error: error.into(), detail: String::new() }, status))
    };
    let mut answers: Vec<Answer> = words.iter().map(|word| said(word.text(), word.status())).collect();
    answers.push(said("a_word_of_tomorrow", 422));
    let count = answers.len();
    let mut s = start(answers, &[]);
    s.delivery.submit(entry(1)).await.unwrap();
    for _ in 0..count {
        assert!(matches!(s.reports.recv().await, Some(DeliveryReport::Waiting { .. })));
    }
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
    assert!(s.outbox.desk().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_panics_is_reported_and_begun_again() {
    let mut s = start(vec![Answer::Panic], &[]);
    s.delivery.submit(entry(1)).await.unwrap();
    let broke = DeliveryReport::Waiting { result_id: id(1), cause: WaitingFor::Panic };
    assert_eq!(s.reports.recv().await, Some(broke));
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_is_stored_already_ends_delivery() {
    let mut s = start(vec![], &[]);
    let first = entry(1);
    s.outbox.store(&first).unwrap();
    let Ok(known) = s.desk.submit(&first).await else { panic!("no receipt") };
    s.outbox.delivered(&known).unwrap();
    assert!(s.outbox.delivered(&known).is_ok(), "the second time changes nothing");
    assert!(s.reports.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_result_older_than_a_day_goes_to_the_desk_unsent() {
    let mut old = entry(1);
    old.stored_ms -= 24 * 60 * 60 * 1000 + 60_000;
    let mut s = start(vec![], &[old]);
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Aged { result_id: id(1) }));
    assert!(s.desk.asked.lock().unwrap().is_empty());
    assert_eq!(s.outbox.desk().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_result_does_not_queue_behind_hanging_old_ones() {
    let mut s = start(vec![Answer::Hang, Answer::Hang], &[entry(1), entry(2), entry(3)]);
    while s.desk.asked.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    s.delivery.submit(entry(9)).await.unwrap();
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(9) }));
}

#[tokio::test(start_paused = true)]
async fn a_returning_link_wakes_what_pauses() {
    let mut s = start((0..8).map(|_| unreachable()).collect(), &[]);
    s.delivery.submit(entry(1)).await.unwrap();
    for _ in 0..8 {
        s.reports.recv().await;
    }
    let paused = tokio::time::Instant::now();
    s.delivery.link_is_up();
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
    assert!(paused.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_stored_is_asked_for_again() {
    let mut s = start(vec![], &[]);
    // A folder where the receipt's file should be: it cannot be renamed into place.
    let place = s._folder.path().join(format!("{}.receipt", id(1)));
    std::fs::create_dir_all(place.join("x")).unwrap();
    s.delivery.submit(entry(1)).await.unwrap();
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Waiting { result_id: id(1), cause: WaitingFor::Disk }));
    assert_eq!(s.outbox.pending().unwrap().len(), 1);
    std::fs::remove_dir_all(place).unwrap();
    assert_eq!(s.reports.recv().await, Some(DeliveryReport::Receipt { result_id: id(1) }));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_could_not_be_stored() {
    let s = start(vec![], &[]);
    let mut bad = entry(1);
    bad.result_id = "no id".into();
    assert!(s.delivery.submit(bad).await.is_err());
    assert!(s.desk.asked.lock().unwrap().is_empty());
}

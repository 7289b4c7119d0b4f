//! Signed results: once, by the right key, for the right session; receipts that get lost.

use std::{sync::Arc, time::Duration};

use p256::ecdsa::SigningKey;
use qualification::{
    ClientError, Delivery, DeliveryReport, Entry, Outbox, Word, WrappingKey, clock,
    deliver::WaitingFor,
    limits::DeliveryLimits,
    outbox::DeskReason,
    protocol::{Answer, Method},
    result,
};
use rand_core::OsRng;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::terminal::{Card, Setting, Terminal, start, word};

#[tokio::test]
async fn the_same_result_twice_gets_the_same_receipt_and_one_place_in_the_books() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let first = terminal.submit(&claims).await.unwrap();
    let second = terminal.submit(&claims).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(clinic.books().unwrap().len(), 1);
}

#[tokio::test]
async fn another_result_for_the_same_session_is_refused() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    terminal.submit(&claims).await.unwrap();
    claims.items[0].answer = Answer::Declined;
    assert_eq!(word(terminal.submit(&claims).await), Word::AnotherResult);
    claims.result_id = "f".repeat(32);
    assert_eq!(word(terminal.submit(&claims).await), Word::AnotherResult);
    // A result id of an earlier session is no new one either.
    let first = clinic.books().unwrap()[0].result_id.clone();
    let mut later = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    later.result_id = first;
    assert_eq!(word(terminal.submit(&later).await), Word::AnotherResult);
    assert_eq!(clinic.books().unwrap().len(), 1);
    assert_eq!(clinic.books().unwrap()[0].items[0].answer, Answer::Agreed);
}

#[tokio::test]
async fn a_result_needs_a_proof_before_it() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let opening = terminal.open().await;
    let claims = terminal.claims(&opening, &Card::of(1001), vec![]);
    assert_eq!(word(terminal.submit(&claims).await), Word::NotAuthenticated);
}

#[tokio::test]
async fn a_result_by_another_key_or_about_something_else_is_refused() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let send = async |jws: String| terminal.client.submit(&claims.session_id, &claims.result_id, &jws).await;
    let forged = result::sign(&SigningKey::random(&mut OsRng), &claims).unwrap();
    assert_eq!(word(send(forged).await), Word::BadResultSignature);
    assert_eq!(word(send("a.b.c".into()).await), Word::BadResultSignature);

    let mut other = claims.clone();
    other.session_id = "0".repeat(32);
    assert_eq!(word(send(terminal.sign(&other)).await), Word::ResultMismatch);
    let mut other = claims.clone();
    other.certificate_sha256 = "00".repeat(32);
    assert_eq!(word(send(terminal.sign(&other)).await), Word::ResultMismatch);
    let mut other = claims.clone();
    other.method = Method::Visual;
    assert_eq!(word(send(terminal.sign(&other)).await), Word::ResultMismatch);
    let mut other = claims.clone();
    other.items.swap(0, 1);
    assert_eq!(word(send(terminal.sign(&other)).await), Word::AnswersMismatch);
    assert!(clinic.books().unwrap().is_empty());
    assert!(send(terminal.sign(&claims)).await.is_ok(), "after all that the true one is taken");
}

struct Desk {
    outbox: Arc<Outbox>,
    delivery: Delivery,
    reports: UnboundedReceiver<DeliveryReport>,
    _folder: TempDir,
}

fn desk(terminal: Terminal) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let (outbox, found) = Outbox::open(folder.path(), WrappingKey::ephemeral().unwrap()).unwrap();
    let (outbox, (sender, reports)) = (Arc::new(outbox), unbounded_channel());
    let quick = Duration::from_millis(20);
    let limits = DeliveryLimits { first_pause: quick, longest_pause: quick, ..DeliveryLimits::default() };
    let service = Arc::new(terminal.client);
    let delivery = Delivery::start(Arc::clone(&outbox), service, found.pending, limits, sender);
    Desk { outbox, delivery, reports, _folder: folder }
}

async fn entry(terminal: &Terminal) -> Entry {
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let jws = terminal.sign(&claims);
    Entry { result_id: claims.result_id, session_id: claims.session_id, stored_ms: clock::now_ms(), jws }
}

#[tokio::test]
async fn lost_receipts_are_asked_for_again_and_nothing_is_doubled() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let entry = entry(&terminal).await;
    let mut desk = desk(terminal);
    clinic.drop_receipts(3);
    desk.delivery.submit(entry.clone()).await.unwrap();
    for _ in 0..3 {
        let lost = DeliveryReport::Waiting {
            result_id: entry.result_id.clone(),
            cause: WaitingFor::Service(ClientError::Unreachable),
        };
        assert_eq!(desk.reports.recv().await, Some(lost));
    }
    assert_eq!(desk.reports.recv().await, Some(DeliveryReport::Receipt { result_id: entry.result_id.clone() }));
    let books = clinic.books().unwrap();
    assert_eq!(books.len(), 1);
    assert_eq!(desk.outbox.receipt(&entry.result_id).unwrap().unwrap().receipt_id, books[0].receipt_id);
}

#[tokio::test]
async fn a_pulled_cable_only_delays_the_result() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let entry = entry(&terminal).await;
    clinic.set_link(false).await;
    assert_eq!(terminal.client.status().await, Err(ClientError::Unreachable));
    let mut desk = desk(terminal);
    desk.delivery.submit(entry.clone()).await.unwrap();
    assert!(matches!(desk.reports.recv().await, Some(DeliveryReport::Waiting { .. })));
    clinic.set_link(true).await;
    desk.delivery.link_is_up();
    let mut report = desk.reports.recv().await.unwrap();
    while matches!(report, DeliveryReport::Waiting { .. }) {
        report = desk.reports.recv().await.unwrap();
    }
    assert_eq!(report, DeliveryReport::Receipt { result_id: entry.result_id });
    assert_eq!(clinic.books().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_result_ends_on_the_desks_list() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let entry = entry(&terminal).await;
    clinic.refuse_results(true);
    let mut desk = desk(terminal);
    desk.delivery.submit(entry.clone()).await.unwrap();
    let error = "result_refused".to_owned();
    let refused = DeliveryReport::Refused { result_id: entry.result_id.clone(), error: error.clone() };
    assert_eq!(desk.reports.recv().await, Some(refused));
    let list = desk.outbox.desk().unwrap();
    assert_eq!((&list[0].entry, &list[0].reason), (&entry, &DeskReason::Refused { error }));
    assert!(clinic.books().unwrap().is_empty());
}

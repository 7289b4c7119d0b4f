//! Whole visits: who is received, what the books hold, what is carried over.

use apdu_fixtures::{Issuer, UserKey};
use qualification::{
    Word,
    protocol::{Answer, Ask, By, CertificateState, How, Method, Qualification},
};

use crate::terminal::{Card, Setting, answered, start, word};

#[tokio::test]
async fn a_visit_by_pin_ends_with_a_receipt_and_stands_in_the_books() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let opening = terminal.open().await;
    assert!(opening.clocks_agree && opening.opened.pin_less);
    assert_eq!(opening.opened.facility.name, "みほん診療所");
    let found = terminal.authenticate(&opening, &card).await.unwrap();
    assert_eq!((found.qualification, &found.certificate), (Qualification::Valid, &CertificateState::Valid));
    let ids: Vec<&str> = found.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["medicines", "checkups", "operations"]);

    let answers = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
    let claims = terminal.claims(&opening, &card, answers);
    let receipt = terminal.submit(&claims).await.unwrap();

    let books = clinic.books().unwrap();
    assert_eq!(books.len(), 1);
    assert_eq!(books[0].receipt_id, receipt.receipt_id);
    assert_eq!((books[0].method, books[0].weights.as_str()), (Method::Pin, "none"));
    assert_eq!((books[0].result_id.as_str(), books[0].patient), (claims.result_id.as_str(), Some(1001)));
    assert!(books[0].items.iter().all(|item| item.answer == Answer::Agreed && item.by == By::Patient));
    let day = 24 * 60 * 60 * 1000;
    assert!(books[0].items.iter().all(|item| item.available_ms == Some(claims.time_ms + day)));
}

#[tokio::test]
async fn every_invented_patient_gets_the_answer_of_their_row() {
    use Qualification as Q;
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let rows = [
        (1001, Q::Valid, Ask::Yes),
        (1002, Q::Valid, Ask::Yes),
        (1003, Q::Valid, Ask::Yes),
        (1004, Q::Invalid, Ask::Desk),
        (1005, Q::InvalidNewExists, Ask::Desk),
        (1006, Q::NotFound, Ask::Desk),
        (1007, Q::Several, Ask::Desk),
        (1008, Q::Processing, Ask::Desk),
        (1009, Q::CentreError, Ask::Desk),
        (1010, Q::NotSignedUp, Ask::Desk),
        (1011, Q::Valid, Ask::Yes),
        (1012, Q::Valid, Ask::Yes),
        (1013, Q::Valid, Ask::Yes),
        (1014, Q::NotLookedUp, Ask::Desk),
        (1015, Q::NotLookedUp, Ask::Desk),
        (1017, Q::NotSignedUp, Ask::Desk),
        (1018, Q::NotSignedUp, Ask::Desk),
    ];
    for (serial, qualification, ask) in rows {
        let card = Card::of(serial);
        let opening = terminal.open().await;
        let found = terminal.authenticate(&opening, &card).await.unwrap();
        assert_eq!((found.qualification, found.items[0].ask), (qualification, ask), "{serial}");
        let checkups = match (serial, ask) {
            (1013, _) => Ask::NotApplicable,
            (_, Ask::Yes) => Ask::Yes,
            (_, other) => other,
        };
        assert_eq!(found.items[1].ask, checkups, "{serial}");
        // Who cannot be received this way leaves no result.
        let answers = found.items.iter().map(|item| answered(item, Answer::Declined)).collect();
        let sent = terminal.submit(&terminal.claims(&opening, &card, answers)).await;
        let refused = matches!(qualification, Q::Processing | Q::CentreError | Q::NotSignedUp | Q::NotLookedUp);
        if refused {
            assert_eq!(word(sent), Word::SessionClosed, "{serial}");
        } else {
            assert!(sent.is_ok(), "{serial}: {sent:?}");
        }
    }
    let counts = clinic.session_counts().unwrap();
    assert_eq!((counts.received, counts.turned_away), (10, 7));
}

#[tokio::test]
async fn certificate_states_reach_the_terminal() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    for (serial, ends, state) in [
        (1001, 700, "valid"),
        (1001, 30, "soon"),
        (1001, -30, "grace"),
        (1001, -200, "expired"),
        (1014, 700, "revoked"),
        (1015, 700, "suspended"),
    ] {
        let card = Card::made(serial, UserKey::Rsa2048, Issuer::Listed, ends);
        let found = terminal.authenticate(&terminal.open().await, &card).await.unwrap();
        let name = match found.certificate {
            CertificateState::Valid => "valid",
            CertificateState::EndsSoon { .. } => "soon",
            CertificateState::Grace { .. } => "grace",
            CertificateState::Expired => "expired",
            CertificateState::Suspended => "suspended",
            CertificateState::Revoked => "revoked",
        };
        assert_eq!(name, state, "{serial} ends in {ends} days");
    }
}

#[tokio::test]
async fn explicit_answers_are_carried_over_and_silence_is_not() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    // First visit: agreed, declined, not answered.
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, &card).await.unwrap();
    assert!(found.items.iter().all(|item| item.previous.is_none()));
    let given = [Answer::Agreed, Answer::Declined, Answer::NotAnswered];
    let answers = found.items.iter().zip(given).map(|(item, answer)| answered(item, answer)).collect();
    terminal.submit(&terminal.claims(&opening, &card, answers)).await.unwrap();

    // Second visit, another card of the same person: the first two are there.
    let card = Card::made(1001, UserKey::Rsa2048, Issuer::Listed, 1000);
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, &card).await.unwrap();
    let previous: Vec<Option<bool>> =
        found.items.iter().map(|item| item.previous.as_ref().map(|previous| previous.agreed)).collect();
    assert_eq!(previous, [Some(true), Some(false), None]);

    let mut answers: Vec<_> = found.items.iter().zip(given).map(|(item, answer)| answered(item, answer)).collect();
    answers[0].how = How::CarriedOver;
    answers[1].how = How::CarriedOver;
    let mut claims = terminal.claims(&opening, &card, answers);
    // Carried over to another wording, or where nothing was said before: refused.
    claims.items[0].wording_hash = "00".repeat(32);
    assert_eq!(word(terminal.submit(&claims).await), Word::AnswersMismatch);
    claims.items[0].wording_hash = found.items[0].previous.as_ref().unwrap().wording_hash.clone();
    terminal.submit(&claims).await.unwrap();
    let books = clinic.books().unwrap();
    assert_eq!(
        books[1].items.iter().map(|item| item.how).collect::<Vec<_>>(),
        [How::CarriedOver, How::CarriedOver, How::Nothing]
    );

    // Another person starts with nothing.
    let found = terminal.authenticate(&terminal.open().await, &Card::of(1002)).await.unwrap();
    assert!(found.items.iter().all(|item| item.previous.is_none()));
}

#[tokio::test]
async fn cards_of_every_key_kind_and_generation_are_taken() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    for (key, issuer) in [
        (UserKey::Rsa2048, Issuer::Listed),
        (UserKey::Rsa2048, Issuer::Previous),
        (UserKey::P256, Issuer::Listed),
        (UserKey::P384, Issuer::Listed),
    ] {
        let card = Card::made(1002, key, issuer, 700);
        let found = terminal.authenticate(&terminal.open().await, &card).await;
        assert_eq!(found.map(|found| found.qualification), Ok(Qualification::Valid), "{key:?} {issuer:?}");
    }
}

#[tokio::test]
async fn a_cancelled_session_takes_nothing_more() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let opening = terminal.open().await;
    let id = &opening.opened.session_id;
    terminal.client.cancel(id).await.unwrap();
    terminal.client.cancel(id).await.unwrap();
    assert_eq!(word(terminal.authenticate(&opening, &card).await), Word::SessionClosed);

    let claims = terminal.visit(&card, Answer::Declined).await;
    terminal.client.cancel(&claims.session_id).await.unwrap();
    assert_eq!(word(terminal.submit(&claims).await), Word::SessionClosed);
    assert_eq!(clinic.session_counts().unwrap().cancelled, 2);

    let claims = terminal.visit(&card, Answer::Declined).await;
    terminal.submit(&claims).await.unwrap();
    assert_eq!(word(terminal.client.cancel(&claims.session_id).await), Word::SessionClosed);
}

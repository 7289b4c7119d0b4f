//! Proofs by face that are not: no relay, another card's, two people in one card.

use qualification::{
    Word,
    protocol::{Answer, Method, PhotoRecord, Relay},
    statement,
};

use crate::{
    face_card::FaceCard,
    terminal::{Card, Setting, answered, start, word},
};

/// A session whose relay is finished, and a whole proof for it.
macro_rules! ready {
    ($terminal:expr, $card:expr) => {{
        let opening = $terminal.open().await;
        $terminal.relay(&opening, &mut $card).await.unwrap();
        let proof = $terminal.face_proof(&opening, &mut $card);
        (opening, proof)
    }};
}

#[tokio::test]
async fn a_proof_by_face_needs_a_finished_relay_in_its_own_session() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    // None at all: the card was opened by its relay in another session.
    let other = terminal.open().await;
    terminal.relay(&other, &mut card).await.unwrap();
    let opening = terminal.open().await;
    let proof = terminal.face_proof(&opening, &mut card);
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::RelayOrder);

    // Broken off after each of its commands: the service believes no relay that the card did not confirm to the end.
    for commands in 1..=4 {
        let opening = terminal.open().await;
        let mut command = terminal.ask(&opening, &card, None).await.unwrap().unwrap();
        for _ in 1..commands {
            let response = card.transmit(&command);
            command = terminal.ask(&opening, &card, Some(&response)).await.unwrap().unwrap();
        }
        let session = &opening.opened.session_id;
        let message = statement(&terminal.id, session, &opening.nonce, Method::Face, &card.sha256());
        // A right signature: the same key, used with its PIN on a card of the same person.
        let same_key = Card::of(1001).sign(&message);
        let proof = card.authenticate_with(&same_key, Method::Face);
        assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::RelayOrder, "{commands}");
    }
}

#[tokio::test]
async fn a_session_with_a_relay_takes_no_other_certificate_by_whatever_method() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let (mut card, other) = (FaceCard::of(1001), Card::of(1002));
    let opening = terminal.open().await;
    terminal.relay(&opening, &mut card).await.unwrap();
    assert_eq!(word(terminal.authenticate(&opening, &other).await), Word::RelayOrder);

    let opening = terminal.open().await;
    let (session, nonce) = (opening.opened.session_id.clone(), opening.nonce);
    terminal.relay(&opening, &mut card).await.unwrap();
    let mut proof = other.prove(&statement(&terminal.id, &session, &nonce, Method::Face, &other.sha256()));
    proof.method = Method::Face;
    proof.photo_record = Some(card.record());
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::RelayOrder);
}

#[tokio::test]
async fn what_a_card_signed_after_the_institutions_signature_was_handed_out_proves_no_pin() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    // So many commands of the relay handed out; then the last response, a bad one, or none.
    for (commands, bad, allowed) in
        [(1, false, true), (3, false, true), (3, true, true), (4, false, false), (4, true, false), (5, false, false)]
    {
        let opening = terminal.open().await;
        let mut command = terminal.ask(&opening, &card, None).await.unwrap();
        for _ in 1..commands {
            let response = card.transmit(&command.unwrap());
            command = terminal.ask(&opening, &card, Some(&response)).await.unwrap();
        }
        assert_eq!(command.is_none(), commands == 5, "the fifth answer has no command");
        if bad {
            assert!(terminal.ask(&opening, &card, Some(&[0x6A, 0x80])).await.is_err());
        }
        // A right signature over the statement that names the PIN: as a terminal could have it made without one.
        let session = &opening.opened.session_id;
        let message = statement(&terminal.id, session, &opening.nonce, Method::Pin, &card.sha256());
        let proof = card.authenticate_with(&Card::of(1001).sign(&message), Method::Pin);
        let answer = terminal.send_proof(&opening, &proof).await;
        if allowed {
            assert!(answer.is_ok(), "{commands} {bad}");
        } else {
            assert_eq!(word(answer), Word::RelayOrder, "{commands} {bad}");
        }
    }
}

#[tokio::test]
async fn a_photo_record_of_another_birth_date_or_sex_ends_the_session_and_stands_at_the_desk() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let own = card.record();
    assert_eq!((own.birth_date.as_str(), own.sex.as_str()), ("1950-04-01", "2"));
    let others =
        [("1950-04-02", "2"), ("1950-04-01", "1"), ("1985-07-12", "1"), ("1950-04-01", "0"), ("1950-04-01", "9")];
    for (birth_date, sex) in others {
        let (opening, mut proof) = ready!(terminal, card);
        proof.photo_record = Some(PhotoRecord { birth_date: birth_date.into(), sex: sex.into() });
        assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::PersonDiffers, "{birth_date} {sex}");
        // The session is closed: not for the right record, not for a PIN, not for a result.
        proof.photo_record = Some(own.clone());
        assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::NonceUsed);
        assert_eq!(word(terminal.ask(&opening, &card, None).await), Word::NonceUsed);
        let claims = terminal.face_claims(&opening, &card, &[], |item| answered(item, Answer::Declined));
        assert_eq!(word(terminal.submit(&claims).await), Word::SessionClosed);
        let note = clinic.desk().unwrap().pop().unwrap();
        assert_eq!((note.session_id, note.note.as_str()), (opening.opened.session_id, "person_differs"));
    }
    let desk = clinic.desk().unwrap();
    assert_eq!(desk.len(), others.len());
    // Ids and clocks are random or run on, and hold any four digits now and then.
    let written: Vec<_> = desk.iter().map(|note| (&note.terminal_id, &note.note, &note.text)).collect();
    let written = format!("{written:?}");
    for personal in ["1950", "04-01", "1985", "見本", "花子", "1001"] {
        assert!(!written.contains(personal), "{personal} in {written}");
    }
    assert_eq!(clinic.session_counts().unwrap().turned_away, others.len() as u64);
    assert!(clinic.books().unwrap().is_empty());
    // The same card in a new session, with the right record, is received.
    let (opening, proof) = ready!(terminal, card);
    assert!(terminal.send_proof(&opening, &proof).await.is_ok());
}

#[tokio::test]
async fn a_proof_by_face_without_or_with_a_malformed_photo_record_is_a_bad_request() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let (opening, mut proof) = ready!(terminal, card);
    proof.photo_record = None;
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::BadRequest);
    for (birth_date, sex) in [("1950-04-31", "2"), ("19500401", "2"), ("1950-04-01", "female"), ("", "")] {
        let (opening, mut proof) = ready!(terminal, card);
        proof.photo_record = Some(PhotoRecord { birth_date: birth_date.into(), sex: sex.into() });
        assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::BadRequest, "{birth_date:?} {sex:?}");
    }
}

#[tokio::test]
async fn a_proof_by_pin_with_a_photo_record_is_a_bad_request() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let opening = terminal.open().await;
    let mut proof = terminal.proof(&opening, &card);
    proof.photo_record = Some(FaceCard::of(1001).record());
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::BadRequest);
}

#[tokio::test]
async fn a_signature_over_the_statement_of_another_method_is_no_proof_by_face() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    for method in [Method::Pin, Method::Visual] {
        let opening = terminal.open().await;
        terminal.relay(&opening, &mut card).await.unwrap();
        let session = &opening.opened.session_id;
        let message = statement(&terminal.id, session, &opening.nonce, method, &card.sha256());
        let signature = card.sign(&message)[..256].to_vec();
        let proof = card.authenticate_with(&signature, Method::Face);
        assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::BadSignature, "{method:?}");
    }
}

#[tokio::test]
async fn switched_off_the_service_takes_no_proof_by_face_and_still_one_by_pin() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let (before, proof) = ready!(terminal, card);
    clinic.set_pin_less(false);
    assert_eq!(word(terminal.send_proof(&before, &proof).await), Word::MethodNotAvailable);
    let opening = terminal.open().await;
    assert!(!opening.opened.pin_less);
    assert_eq!(word(terminal.ask(&opening, &card, None).await), Word::MethodNotAvailable);
    assert!(terminal.authenticate(&opening, &Card::of(1001)).await.is_ok());

    clinic.set_pin_less(true);
    let (opening, proof) = ready!(terminal, card);
    assert!(opening.opened.pin_less);
    assert!(terminal.send_proof(&opening, &proof).await.is_ok());
    let question = Relay::new(Method::Face, &card.sha256(), None);
    assert_eq!(word(terminal.client.relay(&opening.opened.session_id, &question).await), Word::NonceUsed);
}

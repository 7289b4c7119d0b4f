//! Relays that are not: out of order, replayed, for somebody else, with a credential no card takes.

use apdu_fixtures::pki;
use qualification::{
    ClientError, Word,
    protocol::{Answer, Method, Relay},
    statement,
};

use crate::{
    face_card::FaceCard,
    terminal::{Card, Setting, Terminal, start, start_with, word},
};

const GOOD: [u8; 2] = [0x90, 0x00];

#[tokio::test]
async fn a_response_before_any_command_and_a_second_start_are_refused() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    assert_eq!(word(terminal.ask(&opening, &card, Some(&GOOD)).await), Word::RelayOrder);
    // That began nothing: the relay can still start, once.
    let first = terminal.ask(&opening, &card, None).await.unwrap().unwrap();
    assert_eq!(word(terminal.ask(&opening, &card, None).await), Word::RelayOrder);
    // The second start ended it.
    let response = card.transmit(&first);
    assert_eq!(word(terminal.ask(&opening, &card, Some(&response)).await), Word::RelayOrder);
}

#[tokio::test]
async fn a_finished_relay_cannot_be_replayed_and_stays_finished() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    terminal.relay(&opening, &mut card).await.unwrap();
    let challenge = [&[7; 16], &GOOD[..]].concat();
    for response in [None, Some(&GOOD[..]), Some(&challenge), Some(&[0x6A, 0x80])] {
        assert_eq!(word(terminal.ask(&opening, &card, response).await), Word::RelayOrder, "{response:02X?}");
    }
    assert_eq!(clinic.desk().unwrap(), []);
    let proof = terminal.face_proof(&opening, &mut card);
    assert!(terminal.send_proof(&opening, &proof).await.is_ok());
}

#[tokio::test]
async fn a_response_of_an_earlier_relay_does_not_help() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    // One relay with its responses kept.
    let opening = terminal.open().await;
    let mut responses = Vec::new();
    let mut next = terminal.ask(&opening, &card, None).await.unwrap();
    while let Some(command) = next {
        responses.push(card.transmit(&command));
        next = terminal.ask(&opening, &card, responses.last().map(Vec::as_slice)).await.unwrap();
    }
    let proof = terminal.face_proof(&opening, &mut card);
    // In a new session the service goes through the steps, but the card never opened for it: it signs nothing.
    let again = terminal.open().await;
    terminal.ask(&again, &card, None).await.unwrap();
    for response in &responses {
        terminal.ask(&again, &card, Some(response)).await.unwrap();
    }
    let message = statement(&terminal.id, &again.opened.session_id, &again.nonce, Method::Face, &card.sha256());
    assert_eq!(card.sign(&message), [0x69, 0x82]);
    assert_eq!(word(terminal.send_proof(&again, &proof).await), Word::BadSignature);
}

#[tokio::test]
async fn a_relay_is_for_one_certificate_and_method() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let (mut card, other) = (FaceCard::of(1001), FaceCard::of(1002));
    let opening = terminal.open().await;
    let command = terminal.ask(&opening, &card, None).await.unwrap().unwrap();
    let response = card.transmit(&command);
    assert_eq!(word(terminal.ask(&opening, &other, Some(&response)).await), Word::RelayOrder);
    // With the right certificate it does not go on any more either.
    assert_eq!(word(terminal.ask(&opening, &card, Some(&response)).await), Word::RelayOrder);

    for (method, expected) in [(Method::Pin, Word::BadRequest), (Method::Phone, Word::BadRequest)] {
        let opening = terminal.open().await;
        for response in [None, Some(&GOOD[..])] {
            let question = Relay::new(method, &card.sha256(), response);
            let answer = terminal.client.relay(&opening.opened.session_id, &question).await;
            assert_eq!(word(answer), expected, "{method:?}");
        }
        // None of them began a relay.
        assert!(terminal.ask(&opening, &card, None).await.is_ok(), "{method:?}");
    }
}

#[tokio::test]
async fn only_an_open_session_of_this_terminal_has_a_relay() {
    let two = vec!["terminal-1".to_owned(), "terminal-2".to_owned()];
    let Setting { clinic, terminal, folder: _folder } = start_with(|options| options.terminals = two).await;
    let other = Terminal::of(&clinic.bundles()[1]);
    let card = FaceCard::of(1001);
    let mut opening = terminal.open().await;
    assert_eq!(word(other.ask(&opening, &card, None).await), Word::ForeignSession);
    clinic.set_clock_offset(15 * 60 * 1000 + 1000);
    assert_eq!(word(terminal.ask(&opening, &card, None).await), Word::SessionExpired);
    clinic.set_clock_offset(0);
    terminal.client.cancel(&opening.opened.session_id).await.unwrap();
    assert_eq!(word(terminal.ask(&opening, &card, None).await), Word::SessionClosed);
    opening.opened.session_id = "0".repeat(32);
    assert_eq!(word(terminal.ask(&opening, &card, None).await), Word::UnknownSession);
    let proved = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let question = Relay::new(Method::Face, &card.sha256(), None);
    assert_eq!(word(terminal.client.relay(&proved.session_id, &question).await), Word::NonceUsed);
}

#[tokio::test]
async fn a_credential_that_the_card_refuses_ends_the_relay_and_stands_at_the_desk() {
    let off: fn(&mut apdu_fixtures::CardOptions) = |options| options.pin_less = false;
    let on: fn(&mut apdu_fixtures::CardOptions) = |_| {};
    for (institution, change, answer, commands) in [
        (pki::foreign_institution(), on, "6A88 at first_part", 1),
        (pki::forged_institution(), on, "6A80 at second_part", 2),
        (pki::institution(), off, "6D00 at first_part", 1),
    ] {
        let Setting { clinic, terminal, folder: _folder } =
            start_with(|options| options.institution = institution).await;
        let mut card = FaceCard::made(1001, change);
        let before = card.hand.counts().unwrap().commands;
        let opening = terminal.open().await;
        let refused = terminal.relay(&opening, &mut card).await;
        let Err(ClientError::Refused(problem, _)) = &refused else { panic!("{refused:?}") };
        assert!(problem.detail.contains(answer), "{problem:?}");
        assert_eq!(word(refused), Word::CardRefused);
        // Nothing more went to the card, and nothing more will.
        assert_eq!(card.hand.counts().unwrap().commands - before, commands, "{answer}");
        assert_eq!(word(terminal.ask(&opening, &card, Some(&GOOD)).await), Word::RelayOrder);
        let notes: Vec<String> = clinic.desk().unwrap().into_iter().map(|note| note.note).collect();
        assert_eq!(notes, ["card_refused"]);
        // The PIN way is open, with the same card in the same session.
        let pin = [0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4'];
        let session = &opening.opened.session_id;
        let message = statement(&terminal.id, session, &opening.nonce, Method::Pin, &card.sha256());
        assert_eq!(card.transmit(&pin), GOOD);
        let signature = card.sign(&message)[..256].to_vec();
        let proof = card.authenticate_with(&signature, Method::Pin);
        assert!(terminal.send_proof(&opening, &proof).await.is_ok(), "{answer}");
    }
}

#[tokio::test]
async fn every_bad_response_ends_the_relay_at_every_step() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let long = [&[0; 300][..], &GOOD].concat();
    let challenge = [&[7; 16], &GOOD[..]].concat();
    for commands in 1..=4 {
        let wrong_length: &[u8] = if commands == 3 { &GOOD } else { &challenge };
        for (bad, expected) in [
            (&[0x6F, 0x00][..], Word::CardRefused),
            (&[], Word::CardRefused),
            (wrong_length, Word::CardRefused),
            (&long, Word::BadRequest),
        ] {
            let opening = terminal.open().await;
            let mut command = terminal.ask(&opening, &card, None).await.unwrap().unwrap();
            for _ in 1..commands {
                let response = card.transmit(&command);
                command = terminal.ask(&opening, &card, Some(&response)).await.unwrap().unwrap();
            }
            assert_eq!(word(terminal.ask(&opening, &card, Some(bad)).await), expected, "{commands} {bad:02X?}");
            let good: &[u8] = if commands == 3 { &challenge } else { &GOOD };
            assert_eq!(word(terminal.ask(&opening, &card, Some(good)).await), Word::RelayOrder, "{commands}");
        }
    }
}

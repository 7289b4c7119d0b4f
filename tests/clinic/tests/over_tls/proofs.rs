//! Proofs that are not: replayed, foreign, forged, too late.

use apdu_fixtures::{Issuer, UserKey};
use base64ct::{Base64, Encoding};
use qualification::{
    Word,
    protocol::{Answer, Authenticate, Method, PhotoRecord},
    statement,
};

use crate::terminal::{Card, Setting, Terminal, start, start_with, word};

#[tokio::test]
async fn a_nonce_is_single_use_also_after_a_wrong_proof() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let opening = terminal.open().await;
    let proof = terminal.proof(&opening, &card);
    let id = &opening.opened.session_id;
    assert!(terminal.client.authenticate(id, &proof).await.is_ok());
    assert_eq!(word(terminal.client.authenticate(id, &proof).await), Word::NonceUsed);

    let opening = terminal.open().await;
    let id = &opening.opened.session_id;
    let good = terminal.proof(&opening, &card);
    let mut wrong = good.clone();
    wrong.signature = Base64::encode_string(&card.sign(b"something else"));
    assert_eq!(word(terminal.client.authenticate(id, &wrong).await), Word::BadSignature);
    assert_eq!(word(terminal.client.authenticate(id, &good).await), Word::NonceUsed);
}

#[tokio::test]
async fn a_signature_over_any_other_statement_is_refused() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let earlier = terminal.open().await;
    for case in ["terminal", "session", "nonce", "method", "certificate", "bare nonce"] {
        let opening = terminal.open().await;
        let (session, nonce, hash) = (&opening.opened.session_id, &opening.nonce, card.sha256());
        let message = match case {
            "terminal" => statement("terminal-2", session, nonce, Method::Pin, &hash),
            "session" => statement(&terminal.id, &earlier.opened.session_id, nonce, Method::Pin, &hash),
            "nonce" => statement(&terminal.id, session, &earlier.nonce, Method::Pin, &hash),
            "method" => statement(&terminal.id, session, nonce, Method::Face, &hash),
            "certificate" => statement(&terminal.id, session, nonce, Method::Pin, &[0; 32]),
            _ => nonce.to_vec(),
        };
        let answer = terminal.client.authenticate(session, &card.prove(&message)).await;
        assert_eq!(word(answer), Word::BadSignature, "{case}");
    }
}

#[tokio::test]
async fn a_signature_by_another_card_is_refused() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let (victim, thief) = (Card::of(1001), Card::of(1002));
    let opening = terminal.open().await;
    let mut proof = terminal.proof(&opening, &victim);
    let (session, nonce) = (&opening.opened.session_id, &opening.nonce);
    let message = statement(&terminal.id, session, nonce, Method::Pin, &victim.sha256());
    proof.signature = Base64::encode_string(&thief.sign(&message));
    assert_eq!(word(terminal.client.authenticate(session, &proof).await), Word::BadSignature);
}

#[tokio::test]
async fn certificates_outside_the_anchors_are_refused() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    for issuer in [Issuer::Unlisted, Issuer::Forged] {
        let card = Card::made(1001, UserKey::Rsa2048, issuer, 700);
        let answer = terminal.authenticate(&terminal.open().await, &card).await;
        assert_eq!(word(answer), Word::UntrustedCertificate, "{issuer:?}");
    }
    // A CA's own certificate in the place of the user's.
    let mut card = Card::of(1001);
    card.der = card.ca.clone();
    assert_eq!(word(terminal.authenticate(&terminal.open().await, &card).await), Word::BadCertificate);
    // Garbage.
    card.der = b"garbage".to_vec();
    assert_eq!(word(terminal.authenticate(&terminal.open().await, &card).await), Word::BadCertificate);
}

#[tokio::test]
async fn a_certificate_of_another_policy_is_refused() {
    let production = "1.2.392.200149.8.5.1.3.30".to_owned();
    let Setting { clinic: _clinic, terminal, folder: _folder } =
        start_with(|options| options.policies = [production].into()).await;
    let answer = terminal.authenticate(&terminal.open().await, &Card::of(1001)).await;
    assert_eq!(word(answer), Word::BadPolicy);
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_yet_is_refused() {
    let twenty_years_ms = 20 * 365 * 86_400_000;
    let Setting { clinic: _clinic, terminal, folder: _folder } =
        start_with(|options| options.clock_offset_ms = -twenty_years_ms).await;
    let answer = terminal.authenticate(&terminal.open().await, &Card::of(1001)).await;
    assert_eq!(word(answer), Word::BadCertificate);
}

#[tokio::test]
async fn each_method_needs_what_is_its_own() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let record = || PhotoRecord { birth_date: "1950-04-01".into(), sex: "2".into() };
    let malformed = || PhotoRecord { birth_date: "1950".into(), sex: "2".into() };
    for (method, photo_record, expected) in [
        (Method::Pin, Some(record()), Some(Word::BadRequest)),
        (Method::Phone, Some(record()), Some(Word::BadRequest)),
        (Method::Phone, None, None),
        // Without a relay before it neither face nor visual check proves anything.
        (Method::Face, None, Some(Word::BadRequest)),
        (Method::Face, Some(record()), Some(Word::RelayOrder)),
        (Method::Visual, Some(malformed()), Some(Word::BadRequest)),
        (Method::Visual, None, Some(Word::RelayOrder)),
        (Method::Visual, Some(record()), Some(Word::RelayOrder)),
    ] {
        let card = Card::of(1001);
        let opening = terminal.open().await;
        let (session, nonce) = (&opening.opened.session_id, &opening.nonce);
        let message = statement(&terminal.id, session, nonce, method, &card.sha256());
        let proof = Authenticate { photo_record, ..card.prove_by(method, &message) };
        let answer = terminal.client.authenticate(session, &proof).await;
        match expected {
            Some(expected) => assert_eq!(word(answer), expected, "{method:?}"),
            None => assert!(answer.is_ok(), "{method:?}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_session_belongs_to_the_terminal_that_opened_it() {
    let two = vec!["terminal-1".to_owned(), "terminal-2".to_owned()];
    let Setting { clinic, terminal, folder: _folder } = start_with(|options| options.terminals = two).await;
    let other = Terminal::of(&clinic.bundles()[1]);
    let card = Card::of(1001);
    let opening = terminal.open().await;
    let id = &opening.opened.session_id;
    assert_eq!(word(other.client.authenticate(id, &terminal.proof(&opening, &card)).await), Word::ForeignSession);
    assert_eq!(word(other.client.cancel(id).await), Word::ForeignSession);
    // Untouched by that: its own terminal goes on.
    assert!(terminal.authenticate(&opening, &card).await.is_ok());
    let claims = terminal.claims(&opening, &card, vec![]);
    assert_eq!(word(other.submit(&claims).await), Word::ForeignSession);
}

#[tokio::test]
async fn unknown_and_expired_sessions_are_refused() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1001);
    let mut opening = terminal.open().await;
    clinic.set_clock_offset(15 * 60 * 1000 + 1000);
    assert_eq!(word(terminal.authenticate(&opening, &card).await), Word::SessionExpired);
    opening.opened.session_id = "0".repeat(32);
    assert_eq!(word(terminal.authenticate(&opening, &card).await), Word::UnknownSession);
    assert_eq!(word(terminal.client.cancel(&"0".repeat(32)).await), Word::UnknownSession);

    clinic.set_clock_offset(0);
    let claims = terminal.visit(&card, Answer::Agreed).await;
    let later = terminal.visit(&card, Answer::Agreed).await;
    clinic.set_clock_offset(25 * 60 * 60 * 1000);
    assert!(terminal.submit(&claims).await.is_ok(), "a result of yesterday is still taken");
    clinic.set_clock_offset(49 * 60 * 60 * 1000);
    assert_eq!(word(terminal.submit(&later).await), Word::SessionExpired);
}

#[tokio::test]
async fn clocks_that_differ_by_more_than_a_minute_are_noticed() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for (offset, agree) in [(50_000, true), (-50_000, true), (70_000, false), (-70_000, false)] {
        clinic.set_clock_offset(offset);
        assert_eq!(terminal.open().await.clocks_agree, agree, "{offset} ms");
    }
}

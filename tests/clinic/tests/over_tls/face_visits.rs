//! Whole visits by face: relay, signature without PIN, proof, signed result.

use clinic::{Clinic, ClinicOptions};
use qualification::{
    Word,
    protocol::{Answer, Method, Qualification, ResultClaims, WeightsLevel},
};

use crate::{
    face_card::{FaceCard, WEIGHTS},
    terminal::{Card, Setting, Terminal, anchors, answered, start, word},
};

#[tokio::test]
async fn a_visit_by_face_ends_with_a_receipt_and_its_method_and_weights_in_the_books() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let tries = card.hand.counts().unwrap().tries_left;
    let (opening, found) = terminal.by_face(&mut card).await;
    assert!(opening.opened.pin_less);
    assert_eq!(found.qualification, Qualification::Valid);
    let claims = terminal.face_claims(&opening, &card, &found.items, |item| answered(item, Answer::Agreed));
    let receipt = terminal.submit(&claims).await.unwrap();

    let books = clinic.books().unwrap();
    assert_eq!(books.len(), 1);
    assert_eq!((&books[0].receipt_id, books[0].patient), (&receipt.receipt_id, Some(1001)));
    assert_eq!((books[0].method, books[0].weights.as_str()), (Method::Face, WEIGHTS));
    assert_eq!(books[0].weights_level, Some(WeightsLevel::Research));
    assert_eq!(clinic.desk().unwrap(), []);
    // No PIN was sent, and exactly one signature was made.
    let counts = card.hand.counts().unwrap();
    assert_eq!((counts.verify, counts.signatures, counts.tries_left), (0, 1, tries));
}

#[tokio::test]
async fn the_service_sends_exactly_the_four_commands_of_the_architecture() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1002);
    let commands = terminal.relay(&terminal.open().await, &mut card).await.unwrap();
    let institution = apdu_fixtures::pki::institution();
    let heads: Vec<&[u8]> = commands.iter().map(|command| &command[..4]).collect();
    let expected: [&[u8]; 4] =
        [&[0x80, 0xA2, 0x06, 0xC1], &[0x80, 0xA2, 0x00, 0xC1], &[0x00, 0x84, 0x00, 0x00], &[0x00, 0x82, 0x00, 0x96]];
    assert_eq!(heads, expected);
    assert_eq!(commands[0][4..], [&[0x00, 0x01, 0x33], &institution.cvc[..307]].concat());
    assert_eq!(commands[1][4..], [&[0x00, 0x01, 0x05], &institution.cvc[307..]].concat());
    assert_eq!(commands[2][4..], [0x10]);
    assert_eq!((&commands[3][4..7], commands[3].len()), (&[0x00, 0x01, 0x00][..], 263));
}

#[tokio::test]
async fn the_right_to_sign_without_pin_is_good_for_one_proof_only() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let (opening, _) = terminal.by_face(&mut card).await;
    assert_eq!(card.sign(b"another message"), [0x69, 0x82]);
    // Nor does the same proof count twice.
    let proof = card.authenticate_with(&[0; 256], Method::Face);
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::NonceUsed);
}

#[tokio::test]
async fn a_result_about_another_method_than_the_proof_is_refused() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let mut card = FaceCard::of(1001);
    let (opening, found) = terminal.by_face(&mut card).await;
    let good = terminal.face_claims(&opening, &card, &found.items, |item| answered(item, Answer::Declined));
    let by_pin = ResultClaims { method: Method::Pin, weights: "none".into(), ..good.clone() };
    assert_eq!(word(terminal.submit(&by_pin).await), Word::ResultMismatch);
    let pin_visit = terminal.visit(&Card::of(1002), Answer::Declined).await;
    let by_face = ResultClaims { method: Method::Face, weights: WEIGHTS.into(), ..pin_visit };
    assert_eq!(word(terminal.submit(&by_face).await), Word::ResultMismatch);
    assert!(clinic.books().unwrap().is_empty());
    terminal.submit(&good).await.unwrap();
}

#[tokio::test]
async fn a_restart_between_relay_and_proof_changes_nothing() {
    let Setting { clinic, terminal, folder } = start().await;
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    terminal.relay(&opening, &mut card).await.unwrap();
    let mut options = ClinicOptions::new(folder.path(), anchors());
    options.listen = clinic.url().trim_start_matches("https://").parse().unwrap();
    clinic.stop().await;

    let clinic = Clinic::start(options).await.unwrap();
    let terminal = Terminal::of(clinic.terminal());
    let proof = terminal.face_proof(&opening, &mut card);
    assert!(terminal.send_proof(&opening, &proof).await.is_ok());
}

#[tokio::test]
async fn nothing_of_the_institutions_credential_is_in_a_terminals_bundle() {
    let Setting { clinic, terminal: _terminal, folder: _folder } = start().await;
    let institution = apdu_fixtures::pki::institution();
    // The modulus stands in the certificate; where the key is, the modulus is too.
    let modulus = &institution.cvc[50..82];
    let mut files = 0;
    for entry in std::fs::read_dir(clinic.terminal()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(modulus.len()).any(|window| window == modulus), "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 5, "the bundle's files were looked at");
    assert!(institution.cvc.windows(modulus.len()).any(|window| window == modulus), "the search finds what is there");
}

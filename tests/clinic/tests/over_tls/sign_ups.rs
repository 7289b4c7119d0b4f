//! Signing a card up at the terminal: offered, taken once, answered with the lookup (patient-flow section 10).

use qualification::{
    ClientError, Word,
    protocol::{Answer, Ask, Authenticated, By, Qualification, Register},
};

use crate::{
    face_card::FaceCard,
    terminal::{Card, Setting, Terminal, answered, start, start_with, word},
};

const UNTIL_TOO_LATE_MS: i64 = 15 * 60 * 1000 + 1000;

fn yes(by: By) -> Register {
    Register { wording_id: "sign-up-1".into(), wording_hash: "ab".repeat(32), language: "ja".into(), by }
}

async fn offered(terminal: &Terminal, card: &Card) -> (qualification::Opening, Authenticated) {
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, card).await.unwrap();
    (opening, found)
}

#[tokio::test]
async fn whoever_wants_it_is_signed_up_once_and_received_in_the_same_session() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1017);
    let (opening, found) = offered(&terminal, &card).await;
    assert_eq!((found.qualification, found.sign_up), (Qualification::NotSignedUp, true));
    assert!(found.items.iter().all(|item| item.ask == Ask::Desk));
    assert_eq!(clinic.sign_ups().unwrap(), []);

    let session = &opening.opened.session_id;
    let found = terminal.client.register(session, &yes(By::Patient)).await.unwrap();
    assert_eq!((found.qualification, found.sign_up), (Qualification::Valid, false));
    assert!(found.items.iter().all(|item| item.ask == Ask::Yes), "44 years: checkups too");
    assert_eq!(found.staff, ["資格：有効"]);
    // The offer is spent; the session goes on with the result.
    assert_eq!(word(terminal.client.register(session, &yes(By::Patient)).await), Word::SignUpNotOffered);
    let answers = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
    terminal.submit(&terminal.claims(&opening, &card, answers)).await.unwrap();
    assert_eq!(word(terminal.client.register(session, &yes(By::Patient)).await), Word::SessionClosed);

    let sign_ups = clinic.sign_ups().unwrap();
    assert_eq!(sign_ups.len(), 1);
    assert_eq!((sign_ups[0].patient, &sign_ups[0].session_id), (1017, session));
    let kept = (sign_ups[0].wording_id.as_str(), sign_ups[0].language.as_str(), sign_ups[0].by);
    assert_eq!(kept, ("sign-up-1", "ja", By::Patient));
    assert_eq!(sign_ups[0].wording_hash, "ab".repeat(32));
    assert_eq!(clinic.books().unwrap()[0].patient, Some(1017));

    // From then on the card is signed up.
    let (_, found) = offered(&terminal, &Card::of(1017)).await;
    assert_eq!((found.qualification, found.sign_up), (Qualification::Valid, false));
}

#[tokio::test]
async fn without_a_yes_nobody_is_signed_up_and_no_result_is_taken() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let card = Card::of(1017);
    let (opening, found) = offered(&terminal, &card).await;
    let answers = found.items.iter().map(|item| answered(item, Answer::Declined)).collect();
    assert_eq!(word(terminal.submit(&terminal.claims(&opening, &card, answers)).await), Word::SessionClosed);
    terminal.client.cancel(&opening.opened.session_id).await.unwrap();
    let late = terminal.client.register(&opening.opened.session_id, &yes(By::Patient)).await;
    assert_eq!(word(late), Word::SessionClosed);
    assert_eq!(clinic.sign_ups().unwrap(), []);
    let (_, found) = offered(&terminal, &card).await;
    assert!(found.sign_up, "asked again at the next visit");
}

#[tokio::test]
async fn what_the_centre_does_not_do_is_told_by_its_own_word_and_stands_at_the_desk() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for (serial, fails) in [(1018, false), (1017, true)] {
        clinic.set_sign_up_fails(fails);
        let (opening, found) = offered(&terminal, &Card::of(serial)).await;
        assert!(found.sign_up, "{serial}");
        let session = &opening.opened.session_id;
        assert_eq!(word(terminal.client.register(session, &yes(By::Companion)).await), Word::SignUpFailed);
        // Spent all the same: a terminal never tries again by itself.
        assert_eq!(word(terminal.client.register(session, &yes(By::Companion)).await), Word::SignUpNotOffered);
        let note = clinic.desk().unwrap().pop().unwrap();
        assert_eq!((note.note.as_str(), &note.session_id), ("sign_up_failed", session));
        assert!(note.text.contains("利用登録ができませんでした"), "{}", note.text);
    }
    assert_eq!(clinic.sign_ups().unwrap(), []);
    clinic.set_sign_up_fails(false);
    let (opening, _) = offered(&terminal, &Card::of(1017)).await;
    assert!(terminal.client.register(&opening.opened.session_id, &yes(By::Companion)).await.is_ok());
}

#[tokio::test]
async fn only_an_offer_can_be_taken() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let register = async |session: &str| word(terminal.client.register(session, &yes(By::Patient)).await);
    let opening = terminal.open().await;
    assert_eq!(register(&opening.opened.session_id).await, Word::NotAuthenticated);
    assert_eq!(register(&"0".repeat(32)).await, Word::UnknownSession);
    // Valid, not valid, not signed up without an offer, not looked up.
    for serial in [1001, 1004, 1009, 1010, 1014] {
        let (opening, found) = offered(&terminal, &Card::of(serial)).await;
        assert!(!found.sign_up, "{serial}");
        assert_eq!(register(&opening.opened.session_id).await, Word::SignUpNotOffered, "{serial}");
    }
    // Two people in one card: turned away before anything was looked up.
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    terminal.relay(&opening, &mut card).await.unwrap();
    let mut proof = terminal.face_proof(&opening, &mut card);
    proof.photo_record = Some(FaceCard::of(1002).record());
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::PersonDiffers);
    assert_eq!(register(&opening.opened.session_id).await, Word::SignUpNotOffered);
    // Too late, and spent by nothing before that.
    let (opening, _) = offered(&terminal, &Card::of(1017)).await;
    clinic.set_clock_offset(UNTIL_TOO_LATE_MS);
    assert_eq!(register(&opening.opened.session_id).await, Word::SessionExpired);
    clinic.set_clock_offset(0);
    assert!(terminal.client.register(&opening.opened.session_id, &yes(By::Patient)).await.is_ok());
    assert_eq!(clinic.sign_ups().unwrap().len(), 1);
}

#[tokio::test]
async fn an_offer_belongs_to_the_terminal_of_its_session() {
    let two = vec!["terminal-1".to_owned(), "terminal-2".to_owned()];
    let Setting { clinic, terminal, folder: _folder } = start_with(|options| options.terminals = two).await;
    let other = Terminal::of(&clinic.bundles()[1]);
    let (opening, _) = offered(&terminal, &Card::of(1017)).await;
    let session = &opening.opened.session_id;
    assert_eq!(word(other.client.register(session, &yes(By::Patient)).await), Word::ForeignSession);
    assert!(terminal.client.register(session, &yes(By::Patient)).await.is_ok());
}

#[tokio::test]
async fn who_answered_what_in_which_language_is_always_told_and_a_bad_question_spends_nothing() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let (opening, _) = offered(&terminal, &Card::of(1017)).await;
    let good = yes(By::Patient);
    for bad in [
        Register { by: By::Nobody, ..good.clone() },
        Register { wording_id: String::new(), ..good.clone() },
        Register { wording_id: "x".repeat(401), ..good.clone() },
        Register { wording_hash: "AB".repeat(32), ..good.clone() },
        Register { wording_hash: String::new(), ..good.clone() },
        Register { language: String::new(), ..good.clone() },
        Register { language: "x".repeat(36), ..good.clone() },
        Register { language: "j\na".into(), ..good.clone() },
    ] {
        let answer = terminal.client.register(&opening.opened.session_id, &bad).await;
        assert_eq!(word(answer), Word::BadRequest, "{bad:?}");
    }
    // By PIN there was no visual check, so staff press for nobody.
    let staff = Register { by: By::Staff, ..good.clone() };
    let answer = terminal.client.register(&opening.opened.session_id, &staff).await;
    assert_eq!(word(answer), Word::AnswersMismatch);
    assert!(clinic.sign_ups().unwrap().is_empty());
    assert!(terminal.client.register(&opening.opened.session_id, &good).await.is_ok());
}

#[tokio::test]
async fn a_link_that_breaks_is_no_answer_about_signing_up() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let (opening, _) = offered(&terminal, &Card::of(1017)).await;
    clinic.set_link(false).await;
    let answer = terminal.client.register(&opening.opened.session_id, &yes(By::Patient)).await;
    assert_eq!(answer, Err(ClientError::Unreachable));
    assert_eq!(terminal.client.register("../x", &yes(By::Patient)).await, Err(ClientError::Malformed("session id")));
}

//! Visits by visual check: the PIN-less step as by face, staff in the place of the match (patient-flow section 7).

use qualification::{
    Opening, Word,
    protocol::{Answer, Authenticated, By, Method, PhotoRecord, Register, ResultClaims},
};

use crate::{
    face_card::{FaceCard, WEIGHTS},
    terminal::{Card, Setting, Terminal, answered, start, start_with, word},
};

/// Relay and proof by visual check in a new session.
async fn by_eye(terminal: &Terminal, card: &mut FaceCard, photo: bool) -> (Opening, Authenticated) {
    let opening = terminal.open().await;
    terminal.relay_by(Method::Visual, &opening, card).await.unwrap();
    let mut proof = terminal.proof_by(Method::Visual, &opening, card);
    if !photo {
        proof.photo_record = None;
    }
    let found = terminal.send_proof(&opening, &proof).await.unwrap();
    (opening, found)
}

fn claims(terminal: &Terminal, opening: &Opening, card: &FaceCard, found: &Authenticated) -> ResultClaims {
    let items = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
    ResultClaims { method: Method::Visual, ..terminal.claims_for(opening, &card.sha256(), items) }
}

#[tokio::test]
async fn a_visual_check_is_a_method_of_its_own_with_who_confirmed_and_who_pressed_in_the_books() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for (n, (photo, number, by)) in [
        (true, Some("0042"), By::Staff),
        (true, None, By::Patient),
        (false, Some("7"), By::Companion),
        (false, None, By::Staff),
    ]
    .into_iter()
    .enumerate()
    {
        let mut card = FaceCard::of(1001);
        let (opening, found) = by_eye(&terminal, &mut card, photo).await;
        let mut claims = claims(&terminal, &opening, &card, &found);
        claims.confirmed_by = number.map(Into::into);
        for item in &mut claims.items {
            item.by = by;
        }
        terminal.submit(&claims).await.unwrap();
        let books = clinic.books().unwrap();
        let booked = &books[n];
        assert_eq!((booked.method, booked.weights.as_str()), (Method::Visual, "none"));
        assert_eq!(booked.confirmed_by.as_deref(), number);
        assert!(booked.items.iter().all(|item| item.by == by), "{by:?}");
        let counts = card.hand.counts().unwrap();
        assert_eq!((counts.verify, counts.signatures), (0, 1), "no PIN, one signature");
    }
}

#[tokio::test]
async fn a_relay_by_visual_check_is_for_a_visual_check_and_one_by_face_for_a_face() {
    let Setting { clinic: _clinic, terminal, folder: _folder } = start().await;
    for (relayed, proved) in [(Method::Visual, Method::Face), (Method::Face, Method::Visual)] {
        let mut card = FaceCard::of(1001);
        let opening = terminal.open().await;
        terminal.relay_by(relayed, &opening, &mut card).await.unwrap();
        let proof = terminal.proof_by(proved, &opening, &mut card);
        assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::RelayOrder, "{relayed:?} {proved:?}");
    }
    // Begun by one, gone on with by the other.
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    let command = terminal.ask_by(Method::Visual, &opening, &card, None).await.unwrap().unwrap();
    let response = card.transmit(&command);
    assert_eq!(word(terminal.ask_by(Method::Face, &opening, &card, Some(&response)).await), Word::RelayOrder);
}

#[tokio::test]
async fn two_chips_in_one_card_are_found_by_visual_check_too() {
    let Setting { clinic, terminal, folder } =
        start_with(|options| options.files = Some(options.dir.join("files"))).await;
    let mut card = FaceCard::of(1001);
    let opening = terminal.open().await;
    terminal.relay_by(Method::Visual, &opening, &mut card).await.unwrap();
    let mut proof = terminal.proof_by(Method::Visual, &opening, &mut card);
    proof.photo_record = Some(PhotoRecord { birth_date: "1985-07-12".into(), sex: "1".into() });
    assert_eq!(word(terminal.send_proof(&opening, &proof).await), Word::PersonDiffers);
    assert_eq!(clinic.desk().unwrap()[0].note, "person_differs");
    assert_eq!(std::fs::read_dir(folder.path().join("files/face")).unwrap().count(), 0, "no file of either person");
}

#[tokio::test]
async fn who_confirmed_and_staff_who_pressed_belong_to_a_visual_check_only() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let pin = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let mut numbered = pin.clone();
    numbered.confirmed_by = Some("42".into());
    // The shipped client does not even sign it; another terminal's would be refused.
    let jws = terminal.sign_as_before(&numbered);
    let answer = terminal.client.submit(&numbered.session_id, &numbered.result_id, &jws).await;
    assert_eq!(word(answer), Word::ResultMismatch);
    let mut pressed = pin.clone();
    pressed.items[0].by = By::Staff;
    assert_eq!(word(terminal.submit(&pressed).await), Word::AnswersMismatch);
    let mut longer = pin.clone();
    longer.valid_until_ms += 1;
    let jws = terminal.sign_as_before(&longer);
    assert_eq!(word(terminal.client.submit(&longer.session_id, &longer.result_id, &jws).await), Word::ResultMismatch);

    let mut card = FaceCard::of(1001);
    let (opening, found) = by_eye(&terminal, &mut card, true).await;
    let good = claims(&terminal, &opening, &card, &found);
    for number in ["", "123456789", "4 2", "４２", "abc"] {
        let bad = ResultClaims { confirmed_by: Some(number.into()), ..good.clone() };
        let jws = terminal.sign_as_before(&bad);
        let answer = terminal.client.submit(&bad.session_id, &bad.result_id, &jws).await;
        assert_eq!(word(answer), Word::ResultMismatch, "{number:?}");
    }
    let by_face = ResultClaims { method: Method::Face, weights: WEIGHTS.into(), ..good.clone() };
    assert_eq!(word(terminal.submit(&by_face).await), Word::ResultMismatch);
    assert!(clinic.books().unwrap().is_empty());
    terminal.submit(&good).await.unwrap();
}

#[tokio::test]
async fn after_a_visual_check_staff_may_press_for_a_sign_up() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    // The card of somebody else stands for one that is not signed up: only the certificate's number counts here.
    let table = clinic::patients::INVENTED.replacen(
        "outcome = \"valid\"",
        "outcome = \"not_signed_up\"\nsign_up = \"works\"",
        1,
    );
    drop(clinic);
    let Setting { clinic, terminal: _, folder: _other } =
        crate::terminal::start_with(|options| options.people = table).await;
    drop(terminal);
    let terminal = Terminal::of(clinic.terminal());
    let mut card = FaceCard::of(1001);
    let (opening, found) = by_eye(&terminal, &mut card, true).await;
    assert!(found.sign_up);
    let (wording_id, wording_hash) = ("sign-up-1".into(), "ab".repeat(32));
    let question = Register { wording_id, wording_hash, language: "ja".into(), by: By::Staff };
    let found = terminal.client.register(&opening.opened.session_id, &question).await.unwrap();
    terminal.submit(&claims(&terminal, &opening, &card, &found)).await.unwrap();
    assert_eq!(clinic.sign_ups().unwrap()[0].by, By::Staff);
}

#[tokio::test]
async fn switched_off_the_service_takes_no_visual_check() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    clinic.set_pin_less(false);
    let card = FaceCard::of(1001);
    let opening = terminal.open().await;
    assert_eq!(word(terminal.ask_by(Method::Visual, &opening, &card, None).await), Word::MethodNotAvailable);
}

#[tokio::test]
async fn a_visual_check_stands_in_the_books_beside_the_patient_of_its_file() {
    let Setting { clinic, terminal, folder } =
        start_with(|options| options.files = Some(options.dir.join("files"))).await;
    let mut card = FaceCard::of(1001);
    let (opening, found) = by_eye(&terminal, &mut card, true).await;
    let claims = claims(&terminal, &opening, &card, &found);
    terminal.submit(&claims).await.unwrap();
    let booked = &clinic.books().unwrap()[0];
    assert_eq!((booked.method, booked.patient), (Method::Visual, Some(1001)));
    assert_eq!(std::fs::read_dir(folder.path().join("files/face")).unwrap().count(), 1);
}

//! What a facility asks, and what becomes of it: other certificates and prescriptions (patient-flow sections 4 and 9).

use apdu_fixtures::{Issuer, UserKey};
use base64ct::{Base64, Encoding};
use clinic::{
    Settings,
    patients::{OtherAnswer, OtherCertificate},
    settings::{Asked, Forms, Kind, Prescription},
};
use qualification::{
    Bundle, Word, endpoints,
    protocol::{Answer, Ask, By, CertificateState, How, ItemAnswer, Method},
    statement,
};
use serde_json::Value;

use crate::{
    requests::{post, send},
    terminal::{Card, Setting, Terminal, answered, start, start_with, word},
};

const ALL: [&str; 6] = ["medicines", "checkups", "operations", "infections", "other_certificates", "prescription"];

async fn everything() -> Setting {
    start_with(|options| options.settings = Settings::everything()).await
}

/// A whole visit by PIN; `answer` gives each item its answer.
async fn visit(terminal: &Terminal, card: &Card, answer: impl Fn(&str) -> Answer) -> String {
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, card).await.unwrap();
    let items = found.items.iter().map(|item| answered(item, answer(&item.id))).collect();
    let claims = terminal.claims(&opening, card, items);
    terminal.submit(&claims).await.unwrap();
    claims.result_id
}

fn yes_to_other(yes: bool) -> impl Fn(&str) -> Answer {
    move |id| if id == "other_certificates" && !yes { Answer::Declined } else { Answer::Agreed }
}

#[tokio::test]
async fn a_facility_asks_what_its_settings_say_without_a_restart() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    let plain = Settings::plain();
    let both = Prescription { forms: Forms::Both, asked: Asked::AtTheCheck };
    for (settings, expected) in [
        (plain, &ALL[..3]),
        (Settings { infections: true, ..plain }, &ALL[..4]),
        (
            Settings { specific_diseases: true, ..plain },
            &["medicines", "checkups", "operations", "other_certificates"][..],
        ),
        (Settings { public_expense: true, ..plain }, &["medicines", "checkups", "operations", "other_certificates"]),
        (Settings { prescription: both, ..plain }, &["medicines", "checkups", "operations", "prescription"]),
        (Settings { prescription: both, kind: Kind::Pharmacy, ..plain }, &ALL[..3]),
        (Settings::everything(), &ALL[..]),
    ] {
        clinic.set_settings(settings);
        assert_eq!(clinic.settings(), settings);
        let found = terminal.authenticate(&terminal.open().await, &Card::of(1001)).await.unwrap();
        let ids: Vec<&str> = found.items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, expected, "{settings:?}");
        assert!(found.items.iter().all(|item| item.ask == Ask::Yes));
    }
}

#[tokio::test]
async fn in_grace_extras_are_asked_and_nothing_medical_and_the_result_is_taken_so() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    let card = Card::made(1001, UserKey::Rsa2048, Issuer::Listed, -30);
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, &card).await.unwrap();
    assert!(matches!(found.certificate, CertificateState::Grace { .. }));
    let asks: Vec<Ask> = found.items.iter().map(|item| item.ask).collect();
    assert_eq!(asks, [Ask::Grace, Ask::Grace, Ask::Grace, Ask::Grace, Ask::Yes, Ask::Yes]);
    let items: Vec<ItemAnswer> = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
    terminal.submit(&terminal.claims(&opening, &card, items)).await.unwrap();
    let booked = clinic.books().unwrap().remove(0);
    let given: Vec<Answer> = booked.items.iter().map(|item| item.answer).collect();
    let grace = Answer::NotAskedGrace;
    assert_eq!(given, [grace, grace, grace, grace, Answer::Agreed, Answer::Electronic]);
    assert!(booked.items.iter().all(|item| item.available_ms.is_none()), "nothing medical was opened");
}

/// Body of the answer to a proof, as its bytes came.
async fn answer_to(terminal: &Terminal, bundle: &Bundle, serial: u32) -> String {
    let card = Card::of(serial);
    let opening = terminal.open().await;
    let session = &opening.opened.session_id;
    let message = statement(&terminal.id, session, &opening.nonce, Method::Pin, &card.sha256());
    let proof = serde_json::to_string(&card.prove(&message)).unwrap();
    let path = endpoints::of_session(endpoints::AUTHENTICATE, session);
    let answer = send(bundle, &post(&path, endpoints::JSON_TYPE, &proof)).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    body.to_owned()
}

#[tokio::test]
async fn before_a_yes_nothing_is_looked_up_and_who_holds_what_cannot_be_told_from_the_answer() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    let bundle = Bundle::load(clinic.terminal()).unwrap();
    // The same table, in which nobody holds anything.
    let held = clinic::patients::INVENTED;
    let cut = |text: &str| {
        let mut rest = text.to_owned();
        while let Some(at) = rest.find("[[other_certificate]]") {
            let end = rest[at + 2..].find("\n[[").map_or(rest.len(), |next| at + 2 + next);
            rest.replace_range(at..end, "");
        }
        rest
    };
    let nobody = cut(held);
    assert!(
        held.contains("specific_disease") && !nobody.contains("specific_disease") && nobody.contains("[[revoked]]")
    );
    let other = start_with(|options| {
        options.settings = Settings::everything();
        options.people = nobody;
    })
    .await;
    let other_bundle = Bundle::load(other.clinic.terminal()).unwrap();
    for serial in [1001, 1002, 1003, 1011] {
        let holder = answer_to(&terminal, &bundle, serial).await;
        let not_holder = answer_to(&other.terminal, &other_bundle, serial).await;
        assert_eq!(holder, not_holder, "{serial}");
        assert!(holder.contains(r#"{"id":"other_certificates","ask":"yes","previous":null}"#), "{holder}");
    }
    // A holder and somebody of the same age group who holds nothing: the same bytes too.
    assert_eq!(
        answer_to(&terminal, &bundle, 1001).await,
        answer_to(&terminal, &bundle, 1012).await.replace(&line_of_5_2(), "")
    );
    assert_eq!(clinic.certificate_lookups().unwrap(), []);
}

/// What the desk reads of 1012 only: the contradiction 5-2, which has nothing to do with other certificates.
fn line_of_5_2() -> String {
    let line = "負担割合と適用区分が合いません（ケース5-2：3割なのに一般・低所得区分）。保険者に確認してください。";
    format!(",{}", Value::from(line))
}

#[tokio::test]
async fn only_a_yes_is_followed_by_a_lookup_and_each_stands_in_the_books_once() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    for serial in [1001, 1003] {
        visit(&terminal, &Card::of(serial), yes_to_other(false)).await;
        visit(&terminal, &Card::of(serial), |id| {
            if id == "other_certificates" { Answer::NotAnswered } else { Answer::Agreed }
        })
        .await;
    }
    assert_eq!(clinic.certificate_lookups().unwrap(), []);

    let result = visit(&terminal, &Card::of(1001), yes_to_other(true)).await;
    let lookups = clinic.certificate_lookups().unwrap();
    let told: Vec<_> = lookups.iter().map(|lookup| (lookup.patient, lookup.certificate, lookup.answer)).collect();
    assert_eq!(
        told,
        [
            (1001, OtherCertificate::SpecificDisease, OtherAnswer::Held),
            (1001, OtherCertificate::PublicExpense, OtherAnswer::NotHeld)
        ]
    );
    assert!(lookups.iter().all(|lookup| lookup.result_id == result));

    // PMH does not answer: staff read that the paper is needed, and the reception stands.
    visit(&terminal, &Card::of(1003), yes_to_other(true)).await;
    let failed = clinic.certificate_lookups().unwrap().pop().unwrap();
    assert_eq!((failed.patient, failed.answer), (1003, OtherAnswer::Failed));
    assert!(failed.text.contains("紙の受給者証"), "{}", failed.text);
    assert_eq!(clinic.books().unwrap().len(), 6);
}

#[tokio::test]
async fn a_result_sent_again_asks_the_centre_no_second_time() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    let card = Card::of(1001);
    let claims = terminal.visit(&card, Answer::Agreed).await;
    clinic.drop_receipts(1);
    assert!(terminal.submit(&claims).await.is_err());
    terminal.submit(&claims).await.unwrap();
    terminal.submit(&claims).await.unwrap();
    assert_eq!(clinic.certificate_lookups().unwrap().len(), 2, "one for each kind");
    // A refused result asks for nothing.
    clinic.refuse_results(true);
    let refused = terminal.visit(&card, Answer::Agreed).await;
    assert_eq!(word(terminal.submit(&refused).await), Word::ResultRefused);
    assert_eq!(clinic.certificate_lookups().unwrap().len(), 2);
}

#[tokio::test]
async fn only_what_the_facility_uses_is_looked_up() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for (settings, kind) in [
        (Settings { specific_diseases: true, ..Settings::plain() }, OtherCertificate::SpecificDisease),
        (Settings { public_expense: true, ..Settings::plain() }, OtherCertificate::PublicExpense),
    ] {
        clinic.set_settings(settings);
        let before = clinic.certificate_lookups().unwrap().len();
        visit(&terminal, &Card::of(1003), |_| Answer::Agreed).await;
        let new: Vec<_> = clinic.certificate_lookups().unwrap().split_off(before);
        assert_eq!(new.iter().map(|lookup| lookup.certificate).collect::<Vec<_>>(), [kind]);
    }
}

#[tokio::test]
async fn a_prescription_is_electronic_or_paper_and_nothing_else_is() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    let card = Card::of(1002);
    for form in [Answer::Electronic, Answer::Paper] {
        visit(&terminal, &card, |id| if id == "prescription" { form } else { Answer::Declined }).await;
        let books = clinic.books().unwrap();
        let booked = books.last().unwrap().items.last().unwrap();
        assert_eq!((booked.id.as_str(), booked.answer, booked.available_ms), ("prescription", form, None));
    }
    let good = terminal.visit(&card, Answer::Agreed).await;
    for (at, answer) in [
        (0, Answer::Electronic),
        (0, Answer::Paper),
        (3, Answer::Electronic),
        (4, Answer::Paper),
        (5, Answer::Agreed),
        (5, Answer::Declined),
        (5, Answer::NotAsked),
    ] {
        let mut claims = good.clone();
        claims.items[at].answer = answer;
        assert_eq!(word(terminal.submit(&claims).await), Word::AnswersMismatch, "{at} {answer:?}");
    }
    terminal.submit(&good).await.unwrap();
}

#[tokio::test]
async fn health_answers_are_told_again_with_their_wording_and_extras_are_asked_anew() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    let card = Card::of(1001);
    visit(&terminal, &card, |id| match id {
        "operations" => Answer::NotAnswered,
        "infections" => Answer::Declined,
        _ => Answer::Agreed,
    })
    .await;
    let opening = terminal.open().await;
    let found = terminal.authenticate(&opening, &card).await.unwrap();
    let previous: Vec<Option<bool>> =
        found.items.iter().map(|item| item.previous.as_ref().map(|previous| previous.agreed)).collect();
    assert_eq!(previous, [Some(true), Some(true), None, Some(false), None, None]);
    let told = found.items[0].previous.as_ref().unwrap();
    assert_eq!((told.wording_id.as_str(), told.wording_hash.len()), ("medicines-1", 64));

    let answers: Vec<ItemAnswer> = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
    let judge = async |at: usize, change: fn(&mut ItemAnswer)| {
        let mut items = answers.clone();
        items[at].how = How::CarriedOver;
        items[at].by = By::Companion;
        change(&mut items[at]);
        terminal.submit(&terminal.claims(&opening, &card, items)).await
    };
    // Never answered before, or answered otherwise, or an extra: nothing to carry over.
    for at in [2, 3, 4] {
        assert_eq!(word(judge(at, |_| {}).await), Word::AnswersMismatch, "{at}");
    }
    assert_eq!(word(judge(5, |item| item.answer = Answer::Paper).await), Word::AnswersMismatch);
    assert_eq!(word(judge(0, |item| item.by = By::Nobody).await), Word::AnswersMismatch);
    judge(0, |_| {}).await.unwrap();
    let booked = clinic.books().unwrap().pop().unwrap();
    assert_eq!((booked.items[0].how, booked.items[0].by), (How::CarriedOver, By::Companion));
    assert_eq!(booked.valid_until_ms, booked.items[0].available_ms, "a carried answer holds for today's day too");
}

#[tokio::test]
async fn what_staff_read_of_a_certificate_is_not_in_any_answer_to_the_terminal() {
    let Setting { clinic, terminal, folder: _folder } = everything().await;
    let card = Card::of(1003);
    let claims = terminal.visit(&card, Answer::Agreed).await;
    let bundle = Bundle::load(clinic.terminal()).unwrap();
    let path = endpoints::of_session(endpoints::CONSENT, &claims.session_id);
    let answer = send(&bundle, &post(&path, endpoints::RESULT_TYPE, &terminal.sign(&claims))).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(clinic.certificate_lookups().unwrap().len(), 2);
    for part in ["specific", "public_expense", "held", "受給者証", "受療証"] {
        assert!(!answer.contains(part), "{part} in {answer}");
    }
    // The certificate as text, and so the person, is not in the receipt either.
    assert!(!answer.contains(&Base64::encode_string(&card.der)));
}

//! Visits as they go.

use apdu_fixtures::{Issuer, UserKey};
use jiff::civil::{Date, date};
use qualification::{
    Opening, Word, endpoints,
    protocol::{
        Answer, Ask, Authenticated, By, CertificateState, How, Item, ItemAnswer, Method, Qualification, Receipt,
        Register, Relay, Relayed, ResultClaims, Status,
    },
};

use super::talk::{Body, Talk, json};
use crate::{
    face_card::{FaceCard, WEIGHTS},
    terminal::{Card, answered},
};

/// A certificate that is good for years on the day of the conversations.
const GOOD: Date = date(2029, 4, 1);

/// The card of somebody, whose certificate ends then.
pub(super) fn card(serial: u32, ends: Date) -> Card {
    Card::ending(serial, UserKey::Rsa2048, Issuer::Listed, ends)
}

pub(super) fn good(serial: u32) -> Card {
    card(serial, GOOD)
}

fn face_card(serial: u32) -> FaceCard {
    FaceCard::made(serial, |options| options.today = date(2026, 11, 24))
}

impl Talk {
    /// Hands over the proof by PIN.
    pub(super) async fn prove(
        &mut self,
        what: &'static str,
        example: Option<&'static str>,
        opening: &Opening,
        card: &Card,
    ) -> Authenticated {
        let proof = json(&self.setting.terminal.proof(opening, card));
        self.ask(what, example, endpoints::AUTHENTICATE, &opening.opened.session_id, proof).await
    }

    /// Claims by PIN with these answers.
    pub(super) fn claims(&self, opening: &Opening, card: &Card, items: Vec<ItemAnswer>) -> ResultClaims {
        Self::timed(opening, self.setting.terminal.claims(opening, card, items))
    }

    /// Hands over the signed result and gets its receipt.
    pub(super) async fn submit(
        &mut self,
        what: &'static str,
        example: Option<&'static str>,
        claims: &ResultClaims,
    ) -> Receipt {
        let body = self.signed(claims);
        let receipt: Receipt = self.ask(what, example, endpoints::CONSENT, &claims.session_id, body).await;
        assert_eq!(receipt.result_id, claims.result_id);
        receipt
    }

    async fn cancel(&mut self, what: &'static str, opening: &Opening) {
        self.ask::<()>(what, None, endpoints::CANCEL, &opening.opened.session_id, Body::None).await;
    }
}

pub(super) fn all(found: &Authenticated, answer: Answer) -> Vec<ItemAnswer> {
    found.items.iter().map(|item| answered(item, answer)).collect()
}

pub(super) async fn by_pin() -> Talk {
    let mut talk = Talk::start(
        "A visit by PIN",
        "The patient proves to be the holder by PIN, agrees to medicines and operations, and declines checkups.",
    )
    .await;
    let asked = "At its start, and from time to time, the terminal asks whether the service is there.";
    let status: Status = talk.ask(asked, Some("status"), endpoints::STATUS, "", Body::None).await;
    assert!(status.centre);
    let card = good(1001);
    let opening = talk.open("A card was placed.").await;
    let what = "The PIN was right; the card has signed the statement.";
    let found = talk.prove(what, Some("by_pin"), &opening, &card).await;
    assert_eq!((found.qualification, found.items.len()), (Qualification::Valid, 3));
    let answer = |item: &Item| answered(item, if item.id == "checkups" { Answer::Declined } else { Answer::Agreed });
    let claims = talk.claims(&opening, &card, found.items.iter().map(answer).collect());
    talk.submit("The patient has answered.", Some("result"), &claims).await;
    talk
}

pub(super) async fn again() -> Talk {
    let mut talk = Talk::start(
        "The next visit: the same answers again",
        "What the patient said before to the same wording is told, shown, and carried over at one touch.",
    )
    .await;
    let card = good(1001);
    for (what, proof, done) in [
        ("The first visit.", "Nothing was answered before.", "All agreed."),
        ("The same patient comes again.", "The earlier answers are told.", "「同じにする」 was touched: carried over."),
    ] {
        let opening = talk.open(what).await;
        let found = talk.prove(proof, Some("by_pin_again"), &opening, &card).await;
        let carried = |item: &Item| {
            let how = if item.previous.is_some() { How::CarriedOver } else { How::Now };
            ItemAnswer { how, ..answered(item, Answer::Agreed) }
        };
        let claims = talk.claims(&opening, &card, found.items.iter().map(carried).collect());
        talk.submit(done, None, &claims).await;
    }
    // The second visit's proof is the example.
    let first = talk.exchanges.iter_mut().find(|exchange| exchange.example == Some("by_pin_again"));
    first.expect("a proof").example = None;
    talk
}

pub(super) async fn by_face() -> Talk {
    let mut talk = Talk::start(
        "A visit by face, with the relay of the PIN-less step",
        "After the terminal has found the match, the service's four commands pass through it to the card one by one; each \
         request brings the card's response to the command before. Then the card signs without its PIN.",
    )
    .await;
    let mut card = face_card(1002);
    let opening = talk.open("A card was placed. pin_less says that a visit by face is possible.").await;
    let session = opening.opened.session_id.clone();
    let mut response: Option<Vec<u8>> = None;
    for (what, example) in [
        ("The match is found: the relay begins.", Some("first")),
        ("The card took the first part of the institution's certificate.", Some("second")),
        ("The card took the second part.", None),
        ("The card's challenge, 16 bytes.", Some("challenge")),
        ("The card took the institution's signature over it: there is no further command.", Some("last")),
    ] {
        let question = json(&Relay::new(Method::Face, &card.sha256(), response.as_deref()));
        let relayed: Relayed = talk.ask(what, example, endpoints::RELAY, &session, question).await;
        response = relayed.bytes().map(|command| card.transmit(&command));
    }
    assert_eq!(response, None);
    let proof = json(&talk.setting.terminal.face_proof(&opening, &mut card));
    let what = "The proof, with birth date and sex of the photo record that the terminal authenticated.";
    let found: Authenticated = talk.ask(what, Some("by_face"), endpoints::AUTHENTICATE, &session, proof).await;
    let answer = |item: &Item| answered(item, Answer::Agreed);
    let claims = talk.setting.terminal.face_claims(&opening, &card, &found.items, answer);
    assert_eq!(claims.weights, WEIGHTS);
    talk.submit("The result names the face weights that decided.", None, &Talk::timed(&opening, claims)).await;
    talk
}

pub(super) async fn signing_up() -> Talk {
    let mut talk = Talk::start(
        "A card that is not signed up as insurance card",
        "The service offers to sign it up, the patient wants it, and the visit goes on in the same session.",
    )
    .await;
    let card = good(1017);
    let opening = talk.open("A card was placed.").await;
    let found = talk.prove("Nothing is asked (desk), but sign_up is true.", Some("offer"), &opening, &card).await;
    assert!(found.sign_up);
    let question = Register {
        wording_id: "sign-up-1".into(),
        wording_hash: "ab".repeat(32),
        language: "ja".into(),
        by: By::Patient,
    };
    let (what, session) = ("The patient said yes to both questions.", opening.opened.session_id.clone());
    let found: Authenticated = talk.ask(what, Some("sign_up"), endpoints::REGISTER, &session, json(&question)).await;
    assert_eq!((found.qualification, found.sign_up), (Qualification::Valid, false));
    let claims = talk.claims(&opening, &card, all(&found, Answer::Agreed));
    talk.submit("Then the consent items are answered as ever.", None, &claims).await;
    talk
}

pub(super) async fn months_of_grace() -> Talk {
    let mut talk = Talk::start(
        "A certificate in its months of grace",
        "It ended up to three months ago: the qualification can still be confirmed, nothing medical is asked.",
    )
    .await;
    let card = card(1001, date(2026, 10, 31));
    let opening = talk.open("A card was placed.").await;
    let found = talk.prove("The certificate ended on 31 October.", Some("grace"), &opening, &card).await;
    assert!(found.items.iter().all(|item| item.ask == Ask::Grace));
    let claims = talk.claims(&opening, &card, all(&found, Answer::NotAskedGrace));
    talk.submit("The result says of each item that it was not asked.", None, &claims).await;
    talk
}

pub(super) async fn certificate_expired() -> Talk {
    let mut talk = Talk::start(
        "An expired certificate",
        "It ended longer ago. That is an answer, not a refusal: nothing is looked up, the patient goes to the desk, and the \
         terminal gives the session up.",
    )
    .await;
    let card = card(1001, date(2026, 3, 31));
    let opening = talk.open("A card was placed.").await;
    let found = talk.prove("The certificate ended on 31 March.", Some("expired"), &opening, &card).await;
    assert_eq!((found.certificate, found.qualification), (CertificateState::Expired, Qualification::NotLookedUp));
    talk.cancel("The patient was sent to the desk.", &opening).await;
    talk
}

pub(super) async fn given_up() -> Talk {
    let mut talk = Talk::start(
        "A visit that is given up",
        "The patient takes the card before anything was proved. Cancelling twice is fine; a proof comes too late.",
    )
    .await;
    let card = good(1002);
    let opening = talk.open("A card was placed.").await;
    talk.cancel("The card was taken.", &opening).await;
    talk.cancel("The terminal was not sure that this arrived, and repeats it.", &opening).await;
    let proof = json(&talk.setting.terminal.proof(&opening, &card));
    let session = opening.opened.session_id.clone();
    let word = Word::SessionClosed;
    talk.refused("The session takes no proof any more.", word, endpoints::AUTHENTICATE, &session, proof).await;
    talk
}

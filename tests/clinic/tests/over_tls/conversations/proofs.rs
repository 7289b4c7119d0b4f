//! Proofs that are refused, and how a terminal goes on.

use qualification::{
    Word, endpoints,
    protocol::{Answer, Method},
    statement,
};

use super::{
    talk::{Talk, json},
    visits::{all, good},
};

pub(super) async fn wrong_signature() -> Talk {
    let mut talk = Talk::start(
        "A wrong signature of the card",
        "The signature is over the statement of another session. The nonce is spent by it; a new session is needed.",
    )
    .await;
    let card = good(1001);
    let opening = talk.open("A card was placed.").await;
    let session = opening.opened.session_id.clone();
    let other = statement(&talk.setting.terminal.id, &"0".repeat(32), &opening.nonce, Method::Pin, &card.sha256());
    let what =
        "The service rebuilds the statement from its own nonce, session and terminal; the signature does not fit.";
    talk.refused(what, Word::BadSignature, endpoints::AUTHENTICATE, &session, json(&card.prove(&other))).await;
    let right = json(&talk.setting.terminal.proof(&opening, &card));
    let what = "The right signature comes too late: one proof for one nonce, right or wrong.";
    talk.refused(what, Word::NonceUsed, endpoints::AUTHENTICATE, &session, right).await;
    let opening = talk.open("A new session.").await;
    let found = talk.prove("The right signature over its statement.", None, &opening, &card).await;
    let claims = talk.claims(&opening, &card, all(&found, Answer::Agreed));
    talk.submit("And the visit goes on.", None, &claims).await;
    talk
}

pub(super) async fn nonce_used() -> Talk {
    let mut talk = Talk::start(
        "A refused nonce",
        "Nonce and signature are single use: the same proof again is refused, also when it was good the first time. A \
         terminal never repeats a proof by itself; the session still takes its result.",
    )
    .await;
    let card = good(1002);
    let opening = talk.open("A card was placed.").await;
    let session = opening.opened.session_id.clone();
    let proof = json(&talk.setting.terminal.proof(&opening, &card));
    let what = "The proof is taken.";
    let found = talk.ask(what, None, endpoints::AUTHENTICATE, &session, proof.clone()).await;
    talk.refused("The same bytes again.", Word::NonceUsed, endpoints::AUTHENTICATE, &session, proof).await;
    let claims = talk.claims(&opening, &card, all(&found, Answer::Declined));
    talk.submit("The result of the session is taken all the same.", None, &claims).await;
    talk
}

pub(super) async fn without_relay() -> Talk {
    let mut talk = Talk::start(
        "A proof by visual check without its relay",
        "A card that signs without its PIN needs the service's PIN-less step in the same session.",
    )
    .await;
    let card = good(1001);
    let opening = talk.open("A card was placed.").await;
    let session = opening.opened.session_id.clone();
    let message = statement(&talk.setting.terminal.id, &session, &opening.nonce, Method::Visual, &card.sha256());
    let proof = json(&card.prove_by(Method::Visual, &message));
    talk.refused("No relay came before it.", Word::RelayOrder, endpoints::AUTHENTICATE, &session, proof).await;
    talk
}

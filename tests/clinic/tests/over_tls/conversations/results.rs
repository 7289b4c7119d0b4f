//! Delivering the signed result.

use p256::ecdsa::SigningKey;
use qualification::{
    Word, endpoints, ids,
    protocol::{Answer, Receipt, ResultClaims},
    result,
};
use rand_core::OsRng;

use super::{
    talk::{Body, Talk},
    visits::{all, good},
};

pub(super) async fn delivered_twice() -> Talk {
    let mut talk = Talk::start(
        "A result that is delivered twice",
        "The receipt was lost on the way, so the terminal repeats the same bytes until it has one. The service gives the same \
         receipt and books nothing twice; a different result for the session is refused.",
    )
    .await;
    let card = good(1001);
    let opening = talk.open("A card was placed.").await;
    let found = talk.prove("The PIN was right.", None, &opening, &card).await;
    let claims = talk.claims(&opening, &card, all(&found, Answer::Agreed));
    let body = talk.signed(&claims);
    let session = claims.session_id.clone();
    let consent = endpoints::CONSENT;
    let first: Receipt = talk.ask("The result. Its receipt is lost.", None, consent, &session, body.clone()).await;
    let what = "The same bytes again, perhaps hours later and after a restart of either end.";
    let second = talk.ask(what, None, consent, &session, body).await;
    assert_eq!(first, second);
    assert_eq!(talk.setting.clinic.books().unwrap().len(), 1);
    let other = ResultClaims { result_id: ids::fresh(&mut OsRng).unwrap(), ..claims };
    let body = talk.signed(&other);
    talk.refused("Another result for the same session.", Word::AnotherResult, consent, &session, body).await;
    talk
}

pub(super) async fn wrong_result_signature() -> Talk {
    let mut talk = Talk::start(
        "A result with a wrong signature",
        "The service knows the terminal's result key from enrolling it. A refused result spends nothing: the right one is \
         taken.",
    )
    .await;
    let card = good(1002);
    let opening = talk.open("A card was placed.").await;
    let found = talk.prove("The PIN was right.", None, &opening, &card).await;
    let claims = talk.claims(&opening, &card, all(&found, Answer::Agreed));
    let foreign = result::sign(&SigningKey::from_slice(&[7; 32]).unwrap(), &claims).unwrap();
    let (what, session) = ("Signed with another key.", claims.session_id.clone());
    let body = Body::Result(foreign, Box::new(claims.clone()));
    talk.refused(what, Word::BadResultSignature, endpoints::CONSENT, &session, body).await;
    talk.submit("Signed with the terminal's own key.", None, &claims).await;
    talk
}

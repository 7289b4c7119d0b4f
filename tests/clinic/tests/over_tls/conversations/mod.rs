//! The API book: whole conversations with the running service, over real TLS. `CONVERSATIONS.md` and the examples of
//! `openapi.yaml` are made from them and held against them; every body on the way is held against its schema.

use std::{fmt::Debug, fs, path::Path};

use self::{document::Document, page::Page, talk::Talk};

#[path = "../../../../../reader-daemon/qualification/tests/openapi/document.rs"]
#[allow(dead_code, reason = "the tests of the document itself use the rest of it")]
pub(crate) mod document;
mod page;
mod proofs;
mod results;
mod standins;
mod talk;
mod visits;

/// Set to write the book anew instead of comparing it.
const UPDATE: &str = "UPDATE_CONVERSATIONS";

/// Every conversation, in the order of the book.
async fn talks() -> Vec<Talk> {
    vec![
        visits::by_pin().await,
        visits::again().await,
        visits::by_face().await,
        visits::signing_up().await,
        visits::months_of_grace().await,
        visits::certificate_expired().await,
        visits::given_up().await,
        proofs::wrong_signature().await,
        proofs::nonce_used().await,
        proofs::without_relay().await,
        results::delivered_twice().await,
        results::wrong_result_signature().await,
    ]
}

/// `openapi.yaml` up to the examples, which end it.
fn without_examples(openapi: &str) -> &str {
    let end = openapi.find(page::EXAMPLES).expect("openapi.yaml has a place for the examples");
    &openapi[..end]
}

#[tokio::test]
async fn the_book_shows_what_the_service_says() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reader-daemon/qualification");
    let page = Page::of(&talks().await);
    let openapi = fs::read_to_string(room.join("openapi.yaml")).unwrap();
    for (name, made) in [
        ("CONVERSATIONS.md", page.conversations),
        ("openapi.yaml", format!("{}{}", without_examples(&openapi), page.examples)),
    ] {
        let path = room.join(name);
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let stale = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
        assert!(
            kept == made,
            "{name} is stale from line {:?} on. The cure: {UPDATE}=1 cargo nextest run --workspace -E 'package(clinic) & test(book)'",
            stale.map(|line| line + 1)
        );
    }
}

/// What the document does not say is a breach, and so is what the service does not say.
#[tokio::test]
async fn an_answer_that_differs_from_its_schema_is_noticed() {
    let mut document = Document::load();
    let talk = visits::by_pin().await;
    let checked = |document: &Document| talk.exchanges.iter().try_for_each(|exchange| exchange.check(document));
    noticed(&checked(&document), true);
    document.value_mut()["components"]["schemas"]["Opened"]["properties"]["pin_less"]["type"] = "string".into();
    noticed(&checked(&document), false);
}

#[track_caller]
fn noticed<T: Debug>(outcome: &Result<T, String>, fits: bool) {
    assert_eq!(outcome.is_ok(), fits, "{outcome:?}");
}

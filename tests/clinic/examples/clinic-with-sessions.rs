//! A clinic with sessions in every state, for `scripts/check-api`: so that what generated questions meet is not always
//! `unknown_session`. Says where it is in one line of JSON and ends with its input.

use std::collections::BTreeMap;

use qualification::{
    endpoints,
    protocol::{Answer, Method, Relay},
};
use serde_json::json;
use terminal::{Card, Setting, Terminal, start_with};

#[path = "../tests/over_tls/terminal.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests use the rest of it")]
mod terminal;

/// How many of a state that a question changes: enough that some are left at the end, however the questions fall.
const EACH: usize = 60;

#[tokio::main]
async fn main() {
    let two = vec!["terminal-1".to_owned(), "terminal-2".to_owned()];
    let Setting { clinic, terminal, folder } = start_with(|options| options.terminals = two).await;
    let other = Terminal::of(&clinic.bundles()[1]);
    let ended = [
        proved(&terminal, 1014).await,
        cancelled(&terminal).await,
        received(&terminal).await,
        other.open().await.opened.session_id,
    ];
    // Each request has its own, so that one does not end what another needs.
    let mut sessions = BTreeMap::new();
    for (_, endpoint) in endpoints::ALL.into_iter().filter(|(_, endpoint)| endpoint.contains("{id}")) {
        let mut list = Vec::new();
        for _ in 0..EACH {
            list.push(match endpoint {
                endpoints::REGISTER => proved(&terminal, 1017).await,
                endpoints::CONSENT => proved(&terminal, 1001).await,
                _ => terminal.open().await.opened.session_id,
            });
            if endpoint == endpoints::RELAY {
                list.push(begun(&terminal).await);
            }
        }
        list.push(proved(&terminal, 1001).await);
        list.extend(ended.clone());
        sessions.insert(endpoint, list);
    }
    println!("{}", json!({"url": clinic.url(), "terminal": clinic.terminal(), "sessions": sessions}));
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await.unwrap().unwrap();
    let status = terminal.client.status().await;
    assert!(status.is_ok(), "the clinic does not answer any more: {status:?}");
    clinic.stop().await;
    drop(folder);
}

/// A relay that waits for the card's first response.
async fn begun(terminal: &Terminal) -> String {
    let session = terminal.open().await.opened.session_id;
    let relay = Relay::new(Method::Face, &Card::of(1001).sha256(), None);
    terminal.client.relay(&session, &relay).await.unwrap();
    session
}

/// With somebody's proof by PIN.
async fn proved(terminal: &Terminal, serial: u32) -> String {
    let opening = terminal.open().await;
    terminal.authenticate(&opening, &Card::of(serial)).await.unwrap();
    opening.opened.session_id
}

async fn cancelled(terminal: &Terminal) -> String {
    let session = terminal.open().await.opened.session_id;
    terminal.client.cancel(&session).await.unwrap();
    session
}

async fn received(terminal: &Terminal) -> String {
    let claims = terminal.visit(&Card::of(1002), Answer::Agreed).await;
    terminal.submit(&claims).await.unwrap();
    claims.session_id
}

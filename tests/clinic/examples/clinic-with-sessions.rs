//! A clinic with sessions in every state, for `scripts/check-api`: so that what generated questions meet is not always
//! `unknown_session`. Says where it is in one line of JSON and ends with its input.

use qualification::protocol::{Answer, Method, Relay};
use serde_json::json;
use terminal::{Card, Setting, Terminal, start_with};

#[path = "../tests/over_tls/terminal.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests use the rest of it")]
mod terminal;

/// How many of each state: enough that some are left at the end, however the questions fall.
const EACH: usize = 40;

#[tokio::main]
async fn main() {
    let two = vec!["terminal-1".to_owned(), "terminal-2".to_owned()];
    let Setting { clinic, terminal, folder } = start_with(|options| options.terminals = two).await;
    let other = Terminal::of(&clinic.bundles()[1]);
    let mut sessions = Vec::new();
    for _ in 0..EACH {
        sessions.push(terminal.open().await.opened.session_id);
        // A relay that waits for the card's first response.
        let opening = terminal.open().await;
        let relay = Relay::new(Method::Face, &Card::of(1001).sha256(), None);
        terminal.client.relay(&opening.opened.session_id, &relay).await.unwrap();
        sessions.push(opening.opened.session_id);
        // One that waits for its result, and one that may sign its card up.
        for serial in [1001, 1017] {
            let opening = terminal.open().await;
            terminal.authenticate(&opening, &Card::of(serial)).await.unwrap();
            sessions.push(opening.opened.session_id);
        }
    }
    // Sessions that have ended change no more: one of each will do.
    let opening = terminal.open().await;
    terminal.authenticate(&opening, &Card::of(1014)).await.unwrap();
    sessions.push(opening.opened.session_id);
    let opening = terminal.open().await;
    terminal.client.cancel(&opening.opened.session_id).await.unwrap();
    sessions.push(opening.opened.session_id);
    let claims = terminal.visit(&Card::of(1002), Answer::Agreed).await;
    terminal.submit(&claims).await.unwrap();
    sessions.push(claims.session_id);
    sessions.push(other.open().await.opened.session_id);

    println!("{}", json!({"url": clinic.url(), "terminal": clinic.terminal(), "sessions": sessions}));
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await.unwrap().unwrap();
    let status = terminal.client.status().await;
    assert!(status.is_ok(), "the clinic does not answer any more: {status:?}");
    clinic.stop().await;
    drop(folder);
}

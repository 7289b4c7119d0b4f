//! Who may connect to whom, and what survives a restart.

use clinic::{Clinic, ClinicOptions, pki::Pki};
use qualification::{Bundle, Client, ClientError, Word, protocol::Answer};

use crate::terminal::{Card, Setting, Terminal, anchors, start, word};

#[tokio::test]
async fn a_terminal_with_another_clinics_certificate_is_not_accepted() {
    let (here, there) = (start().await, start().await);
    let mut bundle = Bundle::load(here.clinic.terminal()).unwrap();
    let other = Bundle::load(there.clinic.terminal()).unwrap();
    bundle.client.certificate_pem = other.client.certificate_pem;
    bundle.client.key_pem = other.client.key_pem;
    let client = Client::new(bundle.client).unwrap();
    assert_eq!(client.open("test").await, Err(ClientError::NotAccepted));
    assert_eq!(client.status().await, Err(ClientError::NotAccepted));
}

#[tokio::test]
async fn a_service_of_another_issuer_is_the_wrong_service() {
    let (here, there) = (start().await, start().await);
    let terminal = Terminal::changed(here.clinic.terminal(), |bundle| bundle.client.url = there.clinic.url().into());
    assert_eq!(terminal.client.open("test").await, Err(ClientError::WrongService));
}

#[tokio::test]
async fn a_terminals_certificate_cannot_stand_for_the_service() {
    // The same CA signed both, but a terminal's certificate is for clients only.
    let Setting { clinic, terminal: _terminal, folder } = start().await;
    let bundle = Bundle::load(clinic.terminal()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let chain = crate::faults::certificates(&bundle.client.certificate_pem);
    let key = crate::faults::key(&bundle.client.key_pem);
    tokio::spawn(crate::faults::answer_with(listener, chain, key, b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()));
    let terminal = Terminal::changed(&folder.path().join("terminal"), |bundle| bundle.client.url = url);
    assert_eq!(terminal.client.status().await.unwrap_err(), ClientError::WrongService);
}

#[tokio::test]
async fn a_terminal_that_is_not_in_the_books_is_refused() {
    let Setting { clinic, terminal: _terminal, folder } = start().await;
    let bundle = folder.path().join("stranger");
    Pki::open(&folder.path().join("service")).unwrap().terminal("stranger", &bundle, clinic.url()).unwrap();
    let stranger = Terminal::of(&bundle);
    assert_eq!(word(stranger.client.open("test").await), Word::UnknownTerminal);
    assert_eq!(word(stranger.client.status().await), Word::UnknownTerminal);
}

#[tokio::test]
async fn a_service_that_refuses_terminals_knows_none_until_it_takes_them_again() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    clinic.refuse_terminals(true);
    assert_eq!(word(terminal.client.open("test").await), Word::UnknownTerminal);
    assert_eq!(word(terminal.client.status().await), Word::UnknownTerminal);
    clinic.refuse_terminals(false);
    assert!(terminal.client.open("test").await.is_ok() && terminal.client.status().await.is_ok());
}

#[tokio::test]
async fn a_key_that_does_not_fit_its_certificate_makes_no_client() {
    let Setting { clinic, terminal: _terminal, folder: _folder } = start().await;
    let mut bundle = Bundle::load(clinic.terminal()).unwrap();
    let other = start().await;
    bundle.client.key_pem = Bundle::load(other.clinic.terminal()).unwrap().client.key_pem;
    assert_eq!(Client::new(bundle.client).err(), Some(qualification::ConfigError::Key));
}

#[tokio::test]
async fn the_books_survive_a_restart_and_a_visit_goes_on() {
    let Setting { clinic, terminal, folder } = start().await;
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    let done = terminal.visit(&Card::of(1002), Answer::Declined).await;
    let receipt = terminal.submit(&done).await.unwrap();
    let mut options = ClinicOptions::new(folder.path(), anchors());
    options.listen = clinic.url().trim_start_matches("https://").parse().unwrap();
    clinic.stop().await;

    let clinic = Clinic::start(options).await.unwrap();
    let terminal = Terminal::of(clinic.terminal());
    assert_eq!(terminal.submit(&done).await.unwrap(), receipt);
    terminal.submit(&claims).await.unwrap();
    assert_eq!(clinic.books().unwrap().len(), 2);
}

#[tokio::test]
async fn it_listens_on_loopback_only_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = ClinicOptions::new(folder.path(), anchors());
    options.listen = "0.0.0.0:0".parse().unwrap();
    let error = Clinic::start(options).await.err().unwrap().to_string();
    assert!(error.contains("not loopback"), "{error}");
}

#[tokio::test]
async fn pulling_the_cable_cuts_connections_and_plugging_it_back_uses_the_same_port() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for _ in 0..3 {
        terminal.client.status().await.unwrap();
        clinic.set_link(false).await;
        assert_eq!(terminal.client.status().await, Err(ClientError::Unreachable));
        clinic.set_link(true).await;
    }
    terminal.client.status().await.unwrap();
}

//! Password, pauses, sessions.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    thread,
    time::{Duration, Instant},
};

use super::client::{Console, PASSWORD, set_password};

#[test]
fn the_password_opens_a_session_with_a_strict_cookie_and_logging_out_ends_it() {
    let console = Console::new();
    let mut browser = console.browser();
    let reply = browser.get("/login");
    assert_eq!(reply.status, 200);
    assert!(reply.header("set-cookie").unwrap().contains("; Path=/; HttpOnly; SameSite=Strict"));
    let before = browser.cookies["login"].clone();
    let reply = browser.post("/login", &[("password", PASSWORD)]);
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    assert_ne!(browser.cookies["session"], before, "a session has a token of its own");
    let reply = browser.get("/");
    assert_eq!(reply.status, 200);
    assert!(!reply.body.contains(&browser.cookies["session"]), "the token stands in no page");
    assert_eq!(browser.get("/login").header("location"), Some("/"));

    browser.get("/");
    let copy = browser.clone();
    assert_eq!(browser.post("/logout", &[]).header("location"), Some("/login"));
    assert!(!browser.cookies.contains_key("session"));
    assert_eq!(copy.clone().get("/").status, 303, "also for whoever kept the cookie");
}

#[test]
fn wrong_passwords_are_refused_and_then_even_the_right_one_for_the_time_that_is_told() {
    let console = Console::new();
    let mut browser = console.browser().in_english();
    let begin = Instant::now();
    for wrong in ["", "correct horsf"] {
        let reply = browser.log_in(wrong);
        assert_eq!(reply.status, 403);
        assert!(reply.body.contains("The password is wrong") && !reply.body.contains("Time left"), "{}", reply.body);
    }
    let reply = browser.log_in("correct hors");
    assert!(reply.body.contains("<strong>5 seconds</strong>"), "{}", reply.body);
    let last = Instant::now();
    let reply = browser.log_in(PASSWORD);
    assert_eq!(reply.status, 429, "the right one is refused too");
    assert!(reply.body.contains("Time left") && !browser.cookies.contains_key("session"));
    assert!(browser.get("/login").body.contains("Time left"));
    assert_eq!(console.browser().get("/login").status, 200, "the page itself is there");
    while last.elapsed() < Duration::from_millis(5100) {
        assert!(begin.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(browser.log_in(PASSWORD).status, 303, "afterwards it is taken");
    assert_eq!(*console.desk.sign_ins.lock().unwrap(), [false, false, false, true], "each that was compared is told");
}

#[test]
fn many_at_once_get_no_more_tries_than_one_after_the_other() {
    let console = Console::new();
    let tries: Vec<_> = (0..12)
        .map(|number| {
            let mut browser = console.browser();
            thread::spawn(move || browser.log_in(&format!("wrong number {number}")).status)
        })
        .collect();
    let statuses: Vec<_> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 3, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 9, "{statuses:?}");
}

#[test]
fn a_new_password_ends_every_session_at_once() {
    let console = Console::new();
    let (mut one, mut two) = (console.staff(), console.staff());
    assert_eq!((one.get("/").status, two.get("/health").status), (200, 200));
    set_password(&console.folder, "another battery");
    assert_eq!((one.get("/").status, two.get("/health").status), (303, 303));
    assert_eq!(one.log_in(PASSWORD).status, 403);
    assert_eq!(one.log_in("another battery").status, 303);
    fs::remove_file(console.folder.path().join("password")).unwrap();
    assert_eq!(one.get("/").status, 303, "no password, no session");
}

#[test]
fn a_missing_or_open_password_file_lets_nobody_in_and_says_why() {
    let console = Console::new();
    let file = console.folder.path().join("password");
    let mut browser = console.browser().in_english();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let reply = browser.log_in(PASSWORD);
    assert_eq!(reply.status, 403);
    assert!(reply.body.contains("others may read"), "{}", reply.body);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&file, "plain text").unwrap();
    assert!(browser.log_in(PASSWORD).body.contains("no Argon2id hash"));
    fs::remove_file(&file).unwrap();
    assert!(browser.log_in(PASSWORD).body.contains("No password is set yet"));
    assert!(!browser.cookies.contains_key("session"));
}

#[test]
fn the_login_form_is_bound_to_its_browser() {
    let console = Console::new();
    let (mut one, mut two) = (console.browser(), console.browser());
    one.get("/login");
    two.get("/login");
    std::mem::swap(&mut one.token, &mut two.token);
    assert_eq!(one.post("/login", &[("password", PASSWORD)]).status, 403);
    two.cookies.clear();
    assert_eq!(two.post("/login", &[("password", PASSWORD)]).status, 403);
    assert!(!one.cookies.contains_key("session") && !two.cookies.contains_key("session"));
}

#[test]
fn the_language_is_kept_and_leads_back_to_the_page() {
    let console = Console::new();
    let mut browser = console.browser();
    assert!(browser.get("/login").body.contains("<html lang=\"ja\">"));
    let reply = browser.post("/language", &[("language", "en"), ("back", "/login")]);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/login")));
    assert!(browser.get("/login").body.contains("<html lang=\"en\">"));
    let reply = browser.post("/language", &[("language", "ja"), ("back", "//evil.example/")]);
    assert_eq!(reply.header("location"), Some("/"));
    browser.get("/login");
    assert_eq!(browser.post("/language", &[("language", "xx")]).status, 403);
}

//! Whatever stands in a query or a form, no page breaks; whatever stands in a text, it is shown as text.

use proptest::{prelude::*, test_runner::TestRunner};

use super::{client::Console, terminal::Desk};
use crate::router::ROUTES;

const PAGES: [&str; 5] = ["/journal", "/journal.csv", "/journal.json", "/statistics", "/"];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9]{0,25}",
        "-?[0-9]{1,4}-[0-9]{1,3}-[0-9]{1,3}",
        Just("2026-11-23".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("18446744073709551616".to_owned()),
        Just("\"><script>alert(1)</script>".to_owned()),
        Just("\r\nSet-Cookie: session=1".to_owned()),
    ]
}

#[test]
fn no_query_breaks_a_page() {
    let console = Console::new();
    let staff = console.staff();
    let asked = (prop::sample::select(PAGES.to_vec()), texts(), texts(), texts(), texts(), "[a-zA-Z0-9%&=+._~-]{0,60}");
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() });
    let done = runner.run(&asked, |(page, from, to, search, number, tail)| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("from", from), ("to", to), ("search", search), ("page", number)])
            .finish();
        let reply = staff.clone().get(&format!("{page}?{query}&{tail}"));
        prop_assert_eq!(reply.status, 200);
        prop_assert!(!reply.body.contains("<script>alert"));
        prop_assert!(reply.header("set-cookie").is_none());
        Ok(())
    });
    done.unwrap();
}

#[test]
fn no_query_of_raw_bytes_breaks_a_page() {
    let console = Console::new();
    let staff = console.staff();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() });
    let asked = (prop::sample::select(PAGES.to_vec()), prop::collection::vec(any::<u8>(), 0..80));
    let done = runner.run(&asked, |(page, bytes)| {
        let mut request = format!("GET {page}?search=").into_bytes();
        request.extend(bytes.iter().filter(|byte| !b"\r\n".contains(byte)));
        request.extend(
            format!(" HTTP/1.1\r\nHost: {}\r\n{}Connection: close\r\n\r\n", staff.address, staff.cookie_line()).bytes(),
        );
        let status = super::client::raw(staff.address, &request).status;
        prop_assert!(status == 200 || (400..500).contains(&status), "{status}");
        Ok(())
    });
    done.unwrap();
}

#[test]
fn no_form_breaks_a_page() {
    let console = Console::new();
    let staff = console.staff();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() });
    let asked = (prop::sample::select(vec!["/settle", "/language"]), texts(), texts());
    let done = runner.run(&asked, |(path, one, two)| {
        let fields = [("note", one.as_str()), ("language", two.as_str()), ("back", one.as_str())];
        let reply = staff.clone().post(path, &fields);
        prop_assert!([303, 403].contains(&reply.status), "{}", reply.status);
        prop_assert!(reply.header("location").is_none_or(|path| path.starts_with('/') && !path.starts_with("//")));
        Ok(())
    });
    done.unwrap();
}

#[test]
fn every_text_of_the_terminal_is_escaped() {
    let evil = "<script>alert(\"1\")</script><img src=x onerror='x'>";
    let console = Console::of(Desk::saying(evil));
    let mut staff = console.staff();
    staff.post("/health", &[]);
    let mut seen = 0;
    for mut staff in [staff.clone(), staff.in_english()] {
        for route in ROUTES.iter().filter(|route| !["/events", "/console.js"].contains(&route.path)) {
            let reply = staff.get(&format!("{}?search=%3Cscript%3Ealert", route.path));
            let marked = route.path == "/journal.csv" || route.path == "/journal.json";
            assert!(
                marked || (!reply.body.contains("<script>") && !reply.body.contains("<img")),
                "{}: {}",
                route.path,
                reply.body
            );
            seen += reply.body.matches("&lt;script&gt;alert(&quot;1&quot;)").count();
        }
    }
    assert!(seen > 60, "the texts were not on the pages: {seen}");
    let saved = console.staff().get("/journal.csv");
    assert!(saved.header("content-type").unwrap().starts_with("text/csv"));
    assert!(saved.header("content-disposition").unwrap().starts_with("attachment"));
}

//! Host, origin, form token, login, headers: what no request gets around.

use super::{
    client::{Browser, Console, raw},
    terminal::Desk,
};
use crate::router::{Access, ROUTES};

#[test]
fn nothing_of_the_terminal_is_shown_without_login() {
    let console = Console::new();
    let mut seen = 0;
    for route in ROUTES.iter().filter(|route| route.access == Access::Staff) {
        for mut browser in
            [console.browser(), with_cookie(&console, &"0".repeat(64)), with_cookie(&console, "nonsense")]
        {
            let reply = browser.get(route.path);
            let expected = if route.path == "/events" { (401, None) } else { (303, Some("/login")) };
            assert_eq!((reply.status, reply.header("location")), expected, "{}", route.path);
            assert_eq!(reply.body, "", "{}", route.path);
            let origin = format!("Origin: http://{}\r\n", console.address);
            let reply = browser.post_as(route.path, &[("note", "1")], &origin);
            assert!([401, 303].contains(&reply.status), "{}: {}", route.path, reply.status);
            seen += 1;
        }
    }
    assert!(seen >= 3 * 9, "the list of paths is empty");
    for path in ["/unknown", "/settle/x", "//", "/..", "/etc/passwd", "/style.css/", "/LOGIN", "/login/"] {
        let reply = console.browser().get(path);
        assert_eq!((reply.status, reply.header("location")), (303, Some("/login")), "{path}");
    }
    assert!(console.desk.settled.lock().unwrap().is_empty());
}

fn with_cookie(console: &Console, value: &str) -> Browser {
    let mut browser = console.browser();
    browser.cookies.insert("session".to_owned(), value.to_owned());
    browser
}

#[test]
fn open_to_everyone_is_only_what_says_nothing_about_the_terminal() {
    let open: Vec<_> = ROUTES.iter().filter(|route| route.access != Access::Staff).map(|route| route.path).collect();
    assert_eq!(open, ["/style.css", "/console.js", "/icon.svg", "/login", "/language"]);
    let console = Console::of(Desk::saying("secret word"));
    for path in open {
        assert!(!console.browser().get(path).body.contains("secret word"), "{path}");
    }
}

#[test]
fn unknown_paths_are_404_behind_the_login_and_no_file_is_served() {
    let console = Console::new();
    let mut staff = console.staff();
    for path in ["/unknown", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/style.css", "/password"] {
        let reply = staff.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.body.contains("href=\"/\""), "a way on");
        assert!(!reply.body.contains("root:"));
    }
}

#[test]
fn every_answer_carries_the_headers() {
    let console = Console::new();
    let mut staff = console.staff();
    let mut replies: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.path != "/events")
        .map(|route| (route.path, staff.get(route.path)))
        .collect();
    replies.push(("/unknown", staff.get("/unknown")));
    replies.push(("without login", console.browser().get("/")));
    replies.push((
        "foreign host",
        raw(console.address, b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
    ));
    for (path, reply) in replies {
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert_eq!(
            policy,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "{path}"
        );
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("referrer-policy"), Some("same-origin"), "{path}");
        let asset = ["/style.css", "/console.js", "/icon.svg"].contains(&path);
        assert_eq!(
            reply.header("cache-control"),
            Some(if asset { "private, max-age=3600" } else { "no-store" }),
            "{path}"
        );
        assert!(
            !reply.body.contains(" style=") && !reply.body.contains(" onclick="),
            "{path}: the policy would stop it"
        );
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}

#[test]
fn foreign_hosts_are_turned_away() {
    let console = Console::new();
    let mut staff = console.staff();
    let cookies = staff.cookie_line();
    let port = console.address.port();
    let ask = |lines: &str| {
        raw(console.address, format!("GET / HTTP/1.1\r\n{lines}{cookies}Connection: close\r\n\r\n").as_bytes())
    };
    for good in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("reception.example:{port}"),
        format!("RECEPTION.example:{port}"),
    ] {
        assert_eq!(ask(&format!("Host: {good}\r\n")).status, 200, "{good}");
    }
    let bad = [
        format!("evil.example:{port}"),
        format!("127.0.0.2:{port}"),
        format!("reception.example.evil.example:{port}"),
        format!("evil.example@127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:1".to_owned(),
        "127.0.0.1:".to_owned(),
        String::new(),
    ];
    for bad in bad {
        let reply = ask(&format!("Host: {bad}\r\n"));
        assert!([400, 421].contains(&reply.status), "{bad}: {}", reply.status);
        assert!(!reply.body.contains("terminal plain"), "{bad}");
    }
    assert_eq!(ask("").status, 421, "no host");
    assert_eq!(ask(&format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n")).status, 421, "two hosts");
    let absolute =
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookies}Connection: close\r\n\r\n");
    assert_eq!(raw(console.address, absolute.as_bytes()).status, 421, "a host in the request line");
    assert_eq!(staff.get("/").status, 200);
}

#[test]
fn only_forms_of_our_own_pages_change_something() {
    let console = Console::new();
    let mut staff = console.staff();
    let token = staff.token.clone();
    let own = format!("Origin: http://{}\r\n", console.address);
    let settled = || console.desk.settled.lock().unwrap().len();
    let foreign = [
        String::new(),
        "Origin: null\r\n".to_owned(),
        "Origin: http://evil.example\r\n".to_owned(),
        format!("Origin: https://{}\r\n", console.address),
        format!("Origin: http://127.0.0.1:{}\r\n", console.address.port().wrapping_add(1)),
        format!("{own}Origin: http://evil.example\r\n"),
    ];
    for lines in foreign {
        assert_eq!(staff.post_as("/settle", &[("form", &token), ("note", "1")], &lines).status, 403, "{lines}");
    }
    let other = console.staff().token;
    for wrong in ["", "x", &other, &token[1..], &token.to_uppercase(), &format!("{token} ")] {
        assert_eq!(staff.post_as("/settle", &[("form", wrong), ("note", "1")], &own).status, 403, "{wrong}");
    }
    assert_eq!(staff.post_as("/settle", &[("note", "1")], &own).status, 403, "no token");
    assert_eq!(settled(), 0);
    let reply = staff.post_as("/settle", &[("form", &token), ("note", "1")], &own);
    assert_eq!((reply.status, settled()), (303, 1), "the same with all of it");
    // The token alone, in the address, is no form.
    assert_eq!(staff.get(&format!("/settle?form={token}&note=2")).status, 405);
    assert_eq!(settled(), 1);
}

#[test]
fn every_form_of_every_page_carries_the_token() {
    let console = Console::new();
    let mut staff = console.staff();
    let mut count = 0;
    for route in ROUTES.iter().filter(|route| route.path != "/events") {
        for reply in [staff.get(route.path), console.browser().get(route.path)] {
            for form in reply.body.split("<form method=\"post\"").skip(1) {
                let form = form.split("</form>").next().unwrap();
                assert!(
                    form.contains("name=\"form\" value=\"") && !form.contains("value=\"\""),
                    "{}: {form}",
                    route.path
                );
                count += 1;
            }
        }
    }
    assert!(count > 10, "only {count} forms were seen");
}

#[test]
fn only_get_head_and_forms_are_taken() {
    let console = Console::new();
    let staff = console.staff();
    let (cookies, address, token) = (staff.cookie_line(), staff.address, &staff.token);
    let ask = |method: &str, path: &str, kind: &str, body: &str| {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n{cookies}{kind}Content-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        raw(address, request.as_bytes())
    };
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "WHATEVER"] {
        let reply = ask(method, "/", "", "");
        assert!([400, 405, 421].contains(&reply.status), "{method}: {}", reply.status);
    }
    assert_eq!(ask("HEAD", "/", "", "").status, 200);
    let body = format!("form={token}&note=1");
    for kind in [
        "",
        "Content-Type: application/json\r\n",
        "Content-Type: text/plain\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
    ] {
        assert_eq!(ask("POST", "/settle", kind, &body).status, 415, "{kind}");
    }
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    assert_eq!(ask("POST", "/settle", form, &format!("{body}&x={}", "y".repeat(9000))).status, 413);
    assert_eq!(ask("POST", "/", form, &body).status, 405);
    assert!(ask("POST", "/", form, &body).body.contains("href=\"/\""), "with a way on");
    assert_eq!(ask("GET", &format!("/?{}", "x".repeat(70_000)), "", "").status, 431);
    assert!(console.desk.settled.lock().unwrap().is_empty());
}

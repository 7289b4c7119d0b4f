//! The staff console beside a real visit: what the reception reads, how soon, and what it never reads.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant},
};

use e2e::World;
use reader_daemon::DaemonHandle;
use screen::{Screen, Target};

const PASSWORD: &str = "mihon-shinryojo";

/// A browser without script.
struct Browser {
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn request(&mut self, head: &str, body: &str) -> String {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\nContent-Length: {2}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        for cookie in reply.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        reply
    }

    fn get(&mut self, path: &str) -> String {
        let reply = self.request(&format!("GET {path}"), "");
        assert!(reply.starts_with("HTTP/1.1 200"), "{path}: {reply}");
        reply
    }

    /// Until the page says this; how long it took.
    fn says(&mut self, path: &str, words: &str) -> Duration {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(10) {
            if self.get(path).contains(words) {
                return begin.elapsed();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{path} does not say {words}: {}", self.get(path));
    }
}

/// A daemon with a console, and staff who are signed in there.
fn reception(world: &World) -> (DaemonHandle, Browser) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let password = world.folder().join("console.password");
    fs::write(&password, console::password::hash(PASSWORD).unwrap()).unwrap();
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).unwrap();
    let section = format!("[console]\nlisten = \"{address}\"\npassword_file = \"console.password\"\n");
    let daemon = world.daemon(&section);
    let mut browser = Browser { address, cookies: BTreeMap::new() };
    let login = browser.get("/login");
    let token = login.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let reply = browser.request("POST /login", &format!("form={token}&password={PASSWORD}"));
    assert!(reply.starts_with("HTTP/1.1 303"), "{reply}");
    (daemon, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reception_sees_the_step_reads_what_the_centre_answered_and_never_who_it_is() {
    let world = World::new().await;
    let (_daemon, mut staff) = reception(&world);
    let mut kiosk = world.kiosk();
    kiosk.wait_view("the start", |view| !view.facility.is_empty());
    assert!(staff.says("/", "だれもいません") < Duration::from_secs(5));
    assert!(staff.get("/").contains("みほん診療所"));

    // 無効: he has changed his insurer.
    world.insert(1004);
    kiosk.wait("the methods", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
    assert!(staff.says("/", "本人確認の方法") < Duration::from_secs(1));
    kiosk.confirm_pin("1234");
    kiosk.wait("the desk", |screen| matches!(screen, Screen::GoToDesk { .. }));
    assert!(staff.says("/", "資格：無効") < Duration::from_secs(1), "staff are told within a second");
    let page = staff.get("/");
    assert!(page.contains("申立書"), "with what to do");
    world.hand.remove();
    kiosk.wait_start();

    staff.says("/journal", "visit_ended");
    let day = staff.get("/statistics");
    assert!(day.contains("暗証番号"), "one visit by PIN is counted");
    for (path, page) in ["/", "/journal", "/journal.csv", "/statistics"].map(|path| (path, staff.get(path))) {
        for secret in ["見本", "次郎", "1972-02-29", "19720229"] {
            assert!(!page.contains(secret), "{path} says {secret}");
        }
        for count in ["同意率", "agreed", "declined"] {
            assert!(!page.contains(count), "{path} counts answers: {count}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_is_heard_within_a_second_and_each_lost_part_is_told_apart() {
    let world = World::new().await;
    let (_daemon, mut staff) = reception(&world);
    let mut kiosk = world.kiosk();
    kiosk.wait_view("the start", |view| !view.facility.is_empty());
    kiosk.tap(Target::CallStaff);
    assert!(staff.says("/", "患者さんが呼んでいます") < Duration::from_secs(1));

    world.hand.unplug();
    assert!(staff.says("/", "【905】") < Duration::from_secs(4));
    world.hand.plug();
    world.clinic.set_link(false).await;
    assert!(staff.says("/", "【910】") < Duration::from_secs(9), "the next health check notices");
}

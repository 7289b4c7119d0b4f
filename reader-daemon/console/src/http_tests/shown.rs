//! What the pages show.

use std::{sync::atomic::Ordering, time::Duration};

use screen::Wish;

use super::{
    client::Console,
    terminal::{Desk, a_note},
};
use crate::{
    router::ROUTES,
    terminal::{Chain, NoteKind, Step, VisualCheck},
};

const STEPS: [Step; 19] = [
    Step::Free,
    Step::LookingForAnotherWay,
    Step::PlacingCard,
    Step::ChoosingMethod,
    Step::FacingCamera,
    Step::KeyingSurfaceCode,
    Step::FaceFailed,
    Step::EnteringPin,
    Step::PinBlocked,
    Step::CheckingVisually,
    Step::UsingPhone,
    Step::Waiting,
    Step::ReadingNotice,
    Step::SigningUp,
    Step::Answering,
    Step::Leaving,
    Step::TakingCard,
    Step::CardLeft,
    Step::NeedsHelp(7),
];

#[test]
fn each_step_has_a_line_of_its_own_and_those_who_wait_for_staff_stand_out() {
    let console = Console::new();
    let mut staff = console.staff().in_english();
    let mut lines = Vec::new();
    for step in STEPS {
        console.desk.now.send_modify(|now| {
            now.step = step;
            now.notes.clear();
        });
        let body = staff.get("/").body;
        let line = body.split("<p class=\"step\">").nth(1).unwrap().split("</p>").next().unwrap().to_owned();
        let go = matches!(step, Step::CheckingVisually | Step::CardLeft | Step::NeedsHelp(_));
        assert_eq!(body.contains("class=\"hero go\""), go, "{step:?}");
        assert!(!lines.contains(&line), "{step:?}: {line}");
        lines.push(line);
    }
    assert!(lines.last().unwrap().contains("Code 007"));
    console.desk.now.send_modify(|now| {
        now.step = Step::Free;
        now.notes.push(a_note(9, NoteKind::Desk, "x"));
    });
    let body = staff.get("/").body;
    assert!(
        body.contains("class=\"hero go\"") && body.contains("See what waits for you"),
        "a note alone needs staff too"
    );
    assert!(body.contains("data-title=\"(1) Now\""));
}

#[test]
fn each_kind_of_note_has_a_heading_what_happened_and_what_to_do() {
    let console = Console::new();
    let kinds = [
        NoteKind::Called(None),
        NoteKind::Called(Some(Wish::Writing)),
        NoteKind::Called(Some(Wish::Wheelchair)),
        NoteKind::Called(Some(Wish::Language)),
        NoteKind::Called(Some(Wish::Help)),
        NoteKind::VisualCheck,
        NoteKind::Desk,
        NoteKind::Undelivered,
        NoteKind::CardLeft,
        NoteKind::Fault,
        NoteKind::Other,
    ];
    let notes = kinds.iter().zip(10..).map(|(kind, id)| a_note(id, *kind, "what happened")).collect();
    console.desk.now.send_modify(|now| now.notes = notes);
    let body = console.staff().get("/").body;
    let headings: std::collections::BTreeSet<_> = body
        .split("<h3 id=\"note-")
        .skip(1)
        .map(|rest| rest.split_once('>').unwrap().1.split("</h3>").next().unwrap())
        .collect();
    assert_eq!(headings.len(), kinds.len(), "{headings:?}");
    assert_eq!(body.matches("what happenedです").count(), kinds.len());
    assert_eq!(body.matches("adviceです").count(), kinds.len());
    assert_eq!(body.matches("対応しました").count(), kinds.len());
}

#[test]
fn a_note_is_settled_once_by_its_number() {
    let console = Console::new();
    let mut staff = console.staff();
    assert_eq!(staff.post("/settle", &[("note", "2")]).header("location"), Some("/"));
    assert_eq!(*console.desk.settled.lock().unwrap(), [2]);
    assert!(!staff.get("/").body.contains("note-2\""));
    for odd in ["2", "", "x", "-1", "99999999999999999999"] {
        assert_eq!(staff.post("/settle", &[("note", odd)]).status, 303, "{odd}");
    }
    assert_eq!(*console.desk.settled.lock().unwrap(), [2, 2], "what is no number is not asked for");
}

#[test]
fn parts_are_told_by_word_and_sign() {
    let console = Console::new();
    let body = console.staff().in_english().get("/").body;
    let part = |name: &str| body.split("<li>").find(|part| part.contains(name)).unwrap().to_owned();
    assert!(part("Card reader").contains("sign good") && part("Card reader").contains("Works"));
    assert!(part("Phone reader").contains("sign none") && part("Phone reader").contains("Not used"));
    let service = part("Qualification service");
    assert!(service.contains("sign bad") && service.contains("Not working") && service.contains("Code 907"));
    assert!(part("qualification centre").contains("Unknown"));
    let (service, centre) = (body.find("Qualification service").unwrap(), body.find("qualification centre").unwrap());
    assert!(service < centre, "the nearer link first");
    assert!(body.contains("Practice") && body.contains("not delivered yet"));
}

#[test]
fn the_visual_check_is_opened_after_a_question_and_only_when_closed_for_the_day() {
    let console = Console::new();
    let mut staff = console.staff();
    assert!(staff.get("/").body.contains("href=\"/visual-check\""));
    assert!(staff.get("/visual-check").body.contains("目視確認を再開しますか"));
    assert_eq!(console.desk.opened.load(Ordering::SeqCst), 0, "asking opens nothing");
    assert_eq!(staff.post("/visual-check", &[]).header("location"), Some("/"));
    assert_eq!(console.desk.opened.load(Ordering::SeqCst), 1);
    for state in [None, Some(VisualCheck::Open), Some(VisualCheck::Closed), Some(VisualCheck::NoPasscode)] {
        console.desk.now.send_modify(|now| now.visual = state);
        let body = staff.get("/").body;
        assert!(!body.contains("href=\"/visual-check\""));
        assert_eq!(body.contains("id=\"visual\""), state.is_some());
        assert_eq!(staff.post("/visual-check", &[]).status, 303);
    }
    assert_eq!(console.desk.opened.load(Ordering::SeqCst), 1);
}

#[test]
fn what_the_disk_refuses_is_told() {
    let console = Console::of(Desk { broken: true, ..Desk::default() });
    let mut staff = console.staff().in_english();
    let reply = staff.post("/visual-check", &[]);
    assert!(reply.status == 503 && reply.body.contains("disk full"));
    for page in ["/journal", "/journal.csv", "/statistics"] {
        let reply = staff.get(page);
        assert!(reply.status == 503 && reply.body.contains("href=\"/\""), "{page}");
    }
}

#[test]
fn health_says_first_whether_the_terminal_can_be_used() {
    let mut desk = Desk::default();
    let console = Console::of(Desk::default());
    let mut staff = console.staff();
    assert!(staff.get("/health").body.contains("<h1>まだ点検していません</h1>"));
    assert_eq!(console.desk.looked.load(Ordering::SeqCst), 0, "nothing is looked at without the button");
    assert_eq!(staff.post("/health", &[]).header("location"), Some("/health"));
    let body = staff.get("/health").body;
    assert!(body.contains("<h1>まだ使えません</h1>") && body.contains("<strong>clock plain</strong>"));
    assert!(body.find("cure plain").unwrap() < body.find("found plain").unwrap(), "what is to be mended comes first");
    desk.checks.truncate(1);
    let console = Console::of(desk);
    let mut staff = console.staff();
    staff.post("/health", &[]);
    assert!(staff.get("/health").body.contains("<h1>本日使えます</h1>"));
}

#[test]
fn one_look_at_a_time_and_the_page_says_that_it_goes_on() {
    let console = Console::of(Desk { slow: Duration::from_secs(2), ..Desk::default() });
    let mut staff = console.staff();
    let mut other = staff.clone();
    let look = std::thread::spawn(move || staff.post("/health", &[]).status);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(other.post("/health", &[]).status, 303, "a second one does not wait");
    let body = other.get("/health").body;
    assert!(body.contains("点検しています") && body.contains("http-equiv=\"refresh\""));
    assert_eq!(look.join().unwrap(), 303);
    assert_eq!(console.desk.looked.load(Ordering::SeqCst), 1);
    assert!(!other.get("/health").body.contains("http-equiv=\"refresh\""));
}

#[test]
fn the_journal_is_paged_searched_and_its_chain_is_told() {
    let console = Console::new();
    let mut staff = console.staff().in_english();
    let first = staff.get("/journal?from=2026-11-23&to=2026-11-23").body;
    assert!(first.contains("The journal&#39;s chain is broken") || first.contains("The journal's chain is broken"));
    assert!(first.contains("450 lines") && first.contains("Page 1 / 3") && first.contains("visit_450"));
    assert_eq!(first.matches("<td class=\"time\">").count(), 200);
    let last = staff.get("/journal?from=2026-11-23&to=2026-11-23&page=3").body;
    assert!(last.contains("visit_1 ") && last.matches("<td class=\"time\">").count() == 50);
    assert!(staff.get("/journal?page=999").body.contains("Page 3 / 3"));
    let found = staff.get("/journal?search=VISIT_44").body;
    assert!(found.contains("11 lines"), "44 and 440 to 449");
    assert!(staff.get("/journal?search=nothing-like-it").body.contains("No line fits"));
    assert!(staff.get("/journal?from=nonsense").body.contains("could not be read"));
    let csv = staff.get("/journal.csv?search=visit_44").body;
    assert_eq!(csv.split("\r\n").filter(|line| !line.is_empty()).count(), 12, "what was searched for, with a head");
    let json = staff.get("/journal.json?search=visit_450").body;
    assert_eq!(serde_json::from_str::<serde_json::Value>(json.trim()).unwrap()["members"]["visit"], 450);

    let mut desk = Desk::default();
    desk.journal.chain = Chain::Whole { lines: 450, signed: crate::terminal::Day::parse("2026-11-22") };
    let body = Console::of(desk).staff().in_english().get("/journal").body;
    assert!(body.contains("The journal is whole") && body.contains("2026-11-22"));
}

#[test]
fn statistics_are_drawn_and_stand_in_tables_too() {
    let console = Console::new();
    let body = console.staff().in_english().get("/statistics").body;
    for id in ["hours", "methods", "steps", "faults"] {
        assert!(
            body.contains(&format!("<title id=\"{id}-title\">")) && body.contains(&format!("<desc id=\"{id}-desc\">")),
            "{id}"
        );
    }
    assert_eq!((body.matches("<svg class=\"chart").count(), body.matches("<table").count()), (4, 4));
    assert!(body.contains("20 (67 %)") && body.contains("4.2 s") && body.contains("Code 905"));
    assert!(
        body.contains(">8</text>") && body.contains(">21</text>") && !body.contains(">22</text>"),
        "opening hours and those used"
    );
    let empty = Console::of(Desk { counts: crate::terminal::Statistics::default(), ..Desk::default() });
    assert!(empty.staff().in_english().get("/statistics").body.contains("There are no figures"));
}

#[test]
fn no_page_says_how_many_agreed() {
    let console = Console::new();
    let staff = console.staff();
    for mut staff in [staff.clone(), staff.in_english()] {
        for step in STEPS {
            console.desk.now.send_modify(|now| now.step = step);
            for route in ROUTES.iter().filter(|route| route.path != "/events") {
                let body = staff.get(route.path).body.to_lowercase();
                for word in ["同意", "拒否", "agree", "consent", "declin", "refus"] {
                    assert!(!body.contains(word), "{}: {word}", route.path);
                }
            }
        }
    }
}

#[test]
fn each_page_has_one_language_a_title_headings_in_order_and_its_mark_in_the_navigation() {
    let console = Console::new();
    let staff = console.staff();
    for (mut staff, language) in [(staff.clone(), "ja"), (staff.in_english(), "en")] {
        staff.post("/health", &[]);
        for path in ["/", "/health", "/journal", "/statistics"] {
            let body = staff.get(path).body;
            assert!(body.contains(&format!("<html lang=\"{language}\">")), "{path}");
            assert_eq!(body.matches("<h1").count(), 1, "{path}");
            assert!(body.contains("<a class=\"skip\" href=\"#content\">") && body.contains("<main id=\"content\""));
            assert_eq!(body.matches("aria-current").count(), 1, "{path}");
            assert!(body.contains(&format!("<a href=\"{path}\" aria-current=\"page\">")), "{path}");
            let mut before = 1;
            for level in
                body.split("<h").skip(1).filter_map(|rest| rest.chars().next().and_then(|level| level.to_digit(10)))
            {
                assert!(level <= before + 1, "{path}: from h{before} to h{level}");
                before = level;
            }
        }
    }
}

#[test]
fn without_javascript_the_page_is_loaded_again() {
    let body = Console::new().staff().get("/").body;
    assert!(body.contains("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>"));
}

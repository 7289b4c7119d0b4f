use std::{fs, sync::atomic::Ordering};

use qualification::protocol::Method;
use session::{FaceOutcome, FaceWay, Reason, Record, StaffNote, StateName, VisitId};

use super::{chain::Link, *};
use crate::{limits::JOURNAL_QUEUE, timeline::Timeline, weights::Weights};

/// Lines that were checked.
fn whole(folder: &Path) -> u64 {
    verify(folder, None).unwrap().unwrap().lines
}

fn broken(folder: &Path) -> (String, u64, &'static str) {
    let Broken { file, line, what } = verify(folder, None).unwrap().unwrap_err();
    (file, line, what)
}

fn lines(path: &Path) -> Vec<serde_json::Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn filled(folder: &Path) {
    let mut journal = Journal::open(folder).unwrap();
    for entry in [
        Entry::Started { version: "1", weights: None },
        StaffNote::Called(None).into(),
        Entry::Link { up: true },
        Entry::Stopped,
    ] {
        journal.write(&entry).unwrap();
    }
}

#[test]
fn lines_are_chained_across_openings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    filled(folder.path());
    filled(folder.path());
    assert_eq!(whole(folder.path()), 8);
    let lines = lines(&path);
    assert_eq!(lines[0]["event"], "started");
    assert_eq!(lines[1]["note"], "called");
    assert_eq!(lines[7]["number"], 8);
}

#[test]
fn a_changed_line_and_a_missing_line_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    filled(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"up\":true", "\"up\":false")).unwrap();
    assert_eq!(broken(folder.path()).1, 4);
    let without: String =
        text.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| format!("{line}\n")).collect();
    fs::write(&path, without).unwrap();
    assert_eq!(broken(folder.path()).1, 2);
}

#[test]
fn a_torn_last_line_is_taken_off_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    filled(folder.path());
    let bytes = fs::read(&path).unwrap();
    for cut in 1..40 {
        fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        drop(Journal::open(folder.path()).unwrap());
        assert_eq!(whole(folder.path()), 4, "cut {cut}");
        assert_eq!(lines(&path)[3]["event"], "torn_line_repaired");
    }
}

#[test]
fn a_file_of_garbage_is_set_aside_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    for garbage in [b"nonsense\n".to_vec(), [vec![b'x'; MAX_JOURNAL_LINE * 2], b"\n".to_vec()].concat()] {
        let path = folder.path().join("journal.jsonl");
        fs::write(&path, &garbage).unwrap();
        drop(Journal::open(folder.path()).unwrap());
        let lines = lines(&path);
        assert_eq!(lines[0]["event"], "set_aside");
        let kept = folder.path().join(lines[0]["file"].as_str().unwrap());
        assert_eq!(fs::read(kept).unwrap(), garbage);
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_visit_leaves_its_outcome_and_timeline_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let timeline = Timeline::new(VisitId(7), std::time::Instant::now());
    let outcome = Record::Cancelled(StateName::EnteringPin).into();
    let ended =
        Entry::VisitEnded { visit: "0a".into(), outcome, method: None, weights: None, face: Vec::new(), timeline };
    Journal::open(folder.path()).unwrap().write(&ended).unwrap();
    let line = &lines(&path)[0];
    let names: Vec<_> = line.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["event", "number", "outcome", "previous", "time", "timeline", "visit"]);
    assert_eq!(line["outcome"], serde_json::json!({"ended": "cancelled", "state": "entering_pin"}));
    assert_eq!(line["timeline"]["visit"], 7);
}

#[test]
fn law_6_a_visit_by_face_leaves_words_and_no_figure_of_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let timeline = Timeline::new(VisitId(7), std::time::Instant::now());
    let face = vec![FaceTry::from(FaceOutcome::Unclear(Some(screen::Advice::Dark))), FaceOutcome::Match.into()];
    let weights = Some(Weights::named("net@0123456789abcdef"));
    let (outcome, method) = (Record::Received.into(), Some(Method::Face));
    let ended = Entry::VisitEnded { visit: "0a".into(), outcome, method, weights: weights.clone(), face, timeline };
    let mut journal = Journal::open(folder.path()).unwrap();
    journal.write(&ended).unwrap();
    journal.write(&Entry::face_way(FaceWay::Closed(Reason::Camera), weights.as_ref())).unwrap();
    journal.write(&Entry::face_way(FaceWay::Ready, weights.as_ref())).unwrap();
    journal.write(&Entry::Started { version: "1", weights }).unwrap();
    let lines = lines(&path);
    assert_eq!(lines[0]["method"], "face");
    assert_eq!(lines[0]["face"], serde_json::json!(["unclear", "match"]));
    assert_eq!((&lines[1]["open"], &lines[1]["why"]), (&false.into(), &"camera".into()));
    assert_eq!((&lines[2]["open"], &lines[2]["why"]), (&true.into(), &serde_json::Value::Null));
    // Which weights, and what they may decide about: with every visit, and whenever the way opens.
    let named = serde_json::json!({"level": "research", "identity": "net@0123456789abcdef"});
    assert_eq!((&lines[0]["weights"], &lines[2]["weights"], &lines[3]["weights"]), (&named, &named, &named));
    assert_eq!(lines[1]["weights"], serde_json::Value::Null);
}

#[test]
fn the_thread_has_written_everything_when_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let journal = JournalThread::start(folder.path(), |error| panic!("{error:?}")).unwrap();
    for _ in 0..20 {
        journal.note(Entry::Stopped);
    }
    drop(journal);
    assert_eq!(whole(folder.path()), 20);
}

proptest::proptest! {
    #[test]
    fn whatever_a_journal_file_holds_it_can_be_continued(garbage in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), keep: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        if keep {
            filled(folder.path());
        }
        let mut file = options().open(&path).unwrap();
        file.write_all(&garbage).unwrap();
        drop(file);
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.write(&Entry::Stopped).unwrap();
        // The line just written follows the one before it, whatever lies further up.
        let text = fs::read(&path).unwrap();
        let mut lines = text.split(|byte| *byte == b'\n').rev().skip(1);
        let last: Link = serde_json::from_slice(lines.next().unwrap()).unwrap();
        if let Some(before) = lines.next().filter(|_| last.number > 1) {
            proptest::prop_assert_eq!(last.previous, hash(before));
        }
    }
}

#[test]
fn on_a_hanging_disk_device_lines_are_counted_and_no_visit_line_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let journal = JournalThread::start(folder.path(), |_| {}).unwrap();
    // As if nothing of so many lines were written yet.
    journal.waiting.fetch_add(JOURNAL_QUEUE, Ordering::Relaxed);
    for _ in 0..50 {
        journal.note(Entry::Screen { connected: true });
        journal.note(StaffNote::Desk.into());
    }
    journal.waiting.fetch_sub(JOURNAL_QUEUE, Ordering::Relaxed);
    journal.note(Entry::Link { up: true });
    drop(journal);
    let lines = lines(&path);
    assert_eq!(lines.iter().filter(|line| line["note"] == "desk").count(), 50);
    assert_eq!(lines[50]["event"], "left_out");
    assert_eq!(lines[50]["lines"], 50);
    assert_eq!(lines[51]["event"], "link");
    assert_eq!(lines.len(), 52);
}

/// 2026-11-22 23:59:59 in Japan.
const EVENING: u64 = 1_795_359_599_000;
const DAY: u64 = 24 * 3_600_000;

/// A journal of three days, with two lines of its own each.
fn three_days(folder: &Path) {
    let mut journal = Journal::open_at(folder, EVENING).unwrap();
    for day in 0..3 {
        for _ in 0..2 {
            journal.write_at(&Entry::Link { up: true }, EVENING + day * DAY).unwrap();
        }
    }
}

#[test]
fn each_day_has_its_file_and_begins_with_the_signed_head_of_the_days_before() {
    let folder = tempfile::tempdir().unwrap();
    three_days(folder.path());
    let found = verify(folder.path(), None).unwrap().unwrap();
    assert_eq!((found.lines, found.signed), (8, Some("2026-11-23".parse().unwrap())));
    assert_eq!(found.key.unwrap().len(), 16);
    let files = files::ended(folder.path()).unwrap();
    let names: Vec<_> = files.iter().map(|(day, _)| day.to_string()).collect();
    assert_eq!(names, ["2026-11-22", "2026-11-23"]);
    let today = lines(&folder.path().join(CURRENT));
    assert_eq!((&today[0]["event"], &today[0]["ended"]), (&"day_began".into(), &"2026-11-23".into()));
    assert_eq!(today.len(), 3);
    // Opened again on the same day, and on a later one.
    drop(Journal::open_at(folder.path(), EVENING + 2 * DAY).unwrap());
    let mut journal = Journal::open_at(folder.path(), EVENING + 9 * DAY).unwrap();
    journal.write_at(&Entry::Stopped, EVENING + 9 * DAY).unwrap();
    assert_eq!(whole(folder.path()), 10);
}

#[test]
fn a_journal_written_anew_is_found_by_the_key_that_was_kept() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    three_days(one.path());
    three_days(other.path());
    assert_eq!(whole(other.path()), 8, "by itself it is whole");
    let kept = one.path().join(head::PUBLIC);
    let broken = verify(other.path(), Some(&kept)).unwrap().unwrap_err();
    assert_eq!((broken.file.as_str(), broken.line), ("journal-2026-11-23.jsonl", 1));
    assert_eq!(broken.what, "is a head that was not signed with the journal's key");
    fs::remove_file(other.path().join(head::PUBLIC)).unwrap();
    assert!(verify(other.path(), None).unwrap().unwrap_err().what.contains("public key is not there"));
}

#[test]
fn a_day_that_is_missing_or_shortened_is_found() {
    let folder = tempfile::tempdir().unwrap();
    three_days(folder.path());
    let middle = folder.path().join("journal-2026-11-23.jsonl");
    let text = fs::read_to_string(&middle).unwrap();
    let shorter: String = text.lines().take(2).map(|line| format!("{line}\n")).collect();
    fs::write(&middle, shorter).unwrap();
    assert_eq!(broken(folder.path()), (CURRENT.into(), 1, "has another number: lines are missing"));
    fs::remove_file(&middle).unwrap();
    assert_eq!(broken(folder.path()), (CURRENT.into(), 1, "has another number: lines are missing"));
    // Without the oldest day the next one's head says what it came to.
    fs::write(&middle, text).unwrap();
    fs::remove_file(folder.path().join("journal-2026-11-22.jsonl")).unwrap();
    assert_eq!(whole(folder.path()), 6);
    let headless: String =
        fs::read_to_string(&middle).unwrap().lines().skip(1).map(|line| format!("{line}\n")).collect();
    fs::write(&middle, headless).unwrap();
    assert!(broken(folder.path()).2.starts_with("is the first"));
}

#[test]
fn days_are_removed_when_their_time_is_over_and_the_rest_stays_whole() {
    let folder = tempfile::tempdir().unwrap();
    three_days(folder.path());
    let keep = u64::try_from(crate::limits::JOURNAL_DAYS).unwrap();
    let mut journal = Journal::open_at(folder.path(), EVENING).unwrap();
    // A clock that jumps, whether it is right or not, erases nothing.
    journal.write_at(&Entry::Stopped, EVENING + keep * DAY).unwrap();
    assert_eq!(files::ended(folder.path()).unwrap().len(), 3);
    journal.write_at(&Entry::Stopped, EVENING + (keep + 1) * DAY).unwrap();
    let left = files::ended(folder.path()).unwrap();
    assert_eq!(left.len(), 3, "the first day is gone, another one came");
    assert_eq!(whole(folder.path()), 11);
    let lines = lines(&folder.path().join(CURRENT));
    assert_eq!((&lines[1]["event"], &lines[1]["newest"]), (&"days_removed".into(), &"2026-11-22".into()));
}

#[test]
fn a_clock_that_goes_back_and_a_plug_pulled_between_two_days_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    three_days(folder.path());
    // As if the plug was pulled when the day's file had its name, and the next none yet.
    let day = folder.path().join("journal-2026-11-24.jsonl");
    fs::rename(folder.path().join(CURRENT), day).unwrap();
    assert_eq!(whole(folder.path()), 8);
    let mut journal = Journal::open_at(folder.path(), EVENING + 3 * DAY).unwrap();
    journal.write_at(&Entry::Stopped, EVENING).unwrap();
    journal.write_at(&Entry::Stopped, EVENING + 3 * DAY).unwrap();
    assert_eq!(whole(folder.path()), 11);
    assert_eq!(files::ended(folder.path()).unwrap().len(), 3, "no day was opened again");
}

#[test]
fn a_day_that_could_not_begin_begins_with_the_next_line() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open_at(folder.path(), EVENING).unwrap();
    journal.write_at(&Entry::Stopped, EVENING).unwrap();
    // The file has its day's name already, and in the place of the next stands something that cannot be opened.
    fs::rename(folder.path().join(CURRENT), folder.path().join("journal-2026-11-22.jsonl")).unwrap();
    fs::create_dir(folder.path().join(CURRENT)).unwrap();
    assert!(journal.write_at(&Entry::Stopped, EVENING + DAY).is_err());
    fs::remove_dir(folder.path().join(CURRENT)).unwrap();
    journal.write_at(&Entry::Stopped, EVENING + DAY).unwrap();
    assert_eq!(whole(folder.path()), 3);
    let today = lines(&folder.path().join(CURRENT));
    assert_eq!((today.len(), &today[0]["event"]), (2, &"day_began".into()));
    assert_eq!(fs::metadata(folder.path().join(CURRENT)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_clock_that_was_years_ahead_for_a_while_leaves_a_chain_that_can_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open_at(folder.path(), EVENING).unwrap();
    for day in [0, 30_000, 30_001, 1, 2] {
        journal.write_at(&Entry::Link { up: true }, EVENING + day * DAY).unwrap();
    }
    drop(journal);
    let mut journal = Journal::open_at(folder.path(), EVENING + 3 * DAY).unwrap();
    journal.write_at(&Entry::Stopped, EVENING + 3 * DAY).unwrap();
    // No day was erased: six lines, and the heads of the days that ended.
    let lines = whole(folder.path());
    assert!((8..=9).contains(&lines), "{lines}");
}

#[test]
fn a_key_that_had_to_be_replaced_leaves_its_public_half_for_the_days_it_signed() {
    let folder = tempfile::tempdir().unwrap();
    three_days(folder.path());
    let key = folder.path().join(head::KEY);
    fs::write(&key, "torn").unwrap();
    let error = Journal::open_at(folder.path(), EVENING + 3 * DAY).map(drop).unwrap_err();
    assert!(error.to_string().contains("move it away"), "{error}");
    fs::remove_file(&key).unwrap();
    let mut journal = Journal::open_at(folder.path(), EVENING + 3 * DAY).unwrap();
    journal.write_at(&Entry::Stopped, EVENING + 3 * DAY).unwrap();
    assert_eq!(whole(folder.path()), 10);
    // Torn by a power cut, the public half is made anew.
    fs::write(folder.path().join(head::PUBLIC), "torn").unwrap();
    drop(Journal::open_at(folder.path(), EVENING + 3 * DAY).unwrap());
    assert_eq!(whole(folder.path()), 10);
}

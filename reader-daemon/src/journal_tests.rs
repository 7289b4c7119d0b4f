use std::fs;

use qualification::protocol::Method;
use session::{FaceOutcome, FaceWay, Reason, Record, StaffNote, StateName, VisitId};

use super::*;
use crate::{timeline::Timeline, weights::Weights};

fn lines(path: &Path) -> Vec<serde_json::Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn filled(path: &Path) {
    let mut journal = Journal::open(path).unwrap();
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
    filled(&path);
    filled(&path);
    assert_eq!(verify(&path).unwrap(), Ok(8));
    let lines = lines(&path);
    assert_eq!(lines[0]["event"], "started");
    assert_eq!(lines[1]["note"], "called");
    assert_eq!(lines[7]["number"], 8);
}

#[test]
fn a_changed_line_and_a_missing_line_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    filled(&path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"up\":true", "\"up\":false")).unwrap();
    assert_eq!(verify(&path).unwrap().unwrap_err().line, 4);
    let without: String =
        text.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| format!("{line}\n")).collect();
    fs::write(&path, without).unwrap();
    assert_eq!(verify(&path).unwrap().unwrap_err().line, 2);
}

#[test]
fn a_torn_last_line_is_taken_off_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    filled(&path);
    let whole = fs::read(&path).unwrap();
    for cut in 1..40 {
        fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        drop(Journal::open(&path).unwrap());
        assert_eq!(verify(&path).unwrap(), Ok(4), "cut {cut}");
        assert_eq!(lines(&path)[3]["event"], "torn_line_repaired");
    }
}

#[test]
fn a_file_of_garbage_is_set_aside_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    for garbage in [b"nonsense\n".to_vec(), [vec![b'x'; MAX_JOURNAL_LINE * 2], b"\n".to_vec()].concat()] {
        let path = folder.path().join("journal.jsonl");
        fs::write(&path, &garbage).unwrap();
        drop(Journal::open(&path).unwrap());
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
    let ended = Entry::VisitEnded { outcome, method: None, weights: None, face: Vec::new(), timeline };
    Journal::open(&path).unwrap().write(&ended).unwrap();
    let line = &lines(&path)[0];
    let names: Vec<_> = line.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["event", "number", "outcome", "previous", "time", "timeline"]);
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
    let ended = Entry::VisitEnded { outcome, method, weights: weights.clone(), face, timeline };
    let mut journal = Journal::open(&path).unwrap();
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
    let path = folder.path().join("journal.jsonl");
    let journal = JournalThread::start(path.clone(), |error| panic!("{error:?}")).unwrap();
    for _ in 0..20 {
        journal.note(Entry::Stopped);
    }
    drop(journal);
    assert_eq!(verify(&path).unwrap(), Ok(20));
}

proptest::proptest! {
    #[test]
    fn whatever_a_journal_file_holds_it_can_be_continued(garbage in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), keep: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        if keep {
            filled(&path);
        }
        let mut file = options().open(&path).unwrap();
        file.write_all(&garbage).unwrap();
        drop(file);
        let mut journal = Journal::open(&path).unwrap();
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
    let journal = JournalThread::start(path.clone(), |_| {}).unwrap();
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

use screen::Wish;

use super::*;

fn desk(folder: &std::path::Path) -> FrontDesk {
    let texts = crate::texts::built_in().unwrap().desk;
    FrontDesk::new("terminal-1".into(), true, texts, folder.to_owned(), None, Box::new(|_| {}))
}

fn state(desk: &FrontDesk, kind: PartKind) -> PartState {
    desk.now().borrow().parts.iter().find(|part| part.kind == kind).unwrap().state.clone()
}

#[test]
fn every_state_of_a_visit_is_a_step_and_only_a_change_wakes_whoever_watches() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let mut watch = desk.now();
    for name in StateName::ALL {
        desk.step(*name, None);
    }
    watch.mark_unchanged();
    desk.step(StateName::NeedingHelp, Some(905));
    assert!(watch.has_changed().unwrap());
    assert_eq!(watch.borrow_and_update().step, Step::NeedsHelp(905));
    // The staff call lies over the fault's screen.
    desk.step(StateName::NeedingHelp, None);
    assert!(!watch.has_changed().unwrap());
    desk.step(StateName::Idle, None);
    assert_eq!(watch.borrow_and_update().step, Step::Free);
}

#[test]
fn the_links_are_told_apart_and_what_lies_behind_a_lost_one_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    desk.device(Device::Link, None);
    desk.centre(true);
    assert_eq!((state(&desk, PartKind::Service), state(&desk, PartKind::Centre)), (PartState::Works, PartState::Works));
    desk.centre(false);
    let away = state(&desk, PartKind::Centre);
    assert!(matches!(&away, PartState::Away { code: 914, .. }), "{away:?}");
    desk.device(Device::Link, Some(FaultCode::ServiceUnreachable));
    assert!(matches!(state(&desk, PartKind::Service), PartState::Away { code: 910, .. }));
    assert_eq!(state(&desk, PartKind::Centre), PartState::Unknown);
    desk.not_used(PartKind::PhoneReader);
    assert_eq!(state(&desk, PartKind::PhoneReader), PartState::NotUsed);
}

#[test]
fn since_when_a_part_is_away_does_not_change_while_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    desk.screen(false);
    let first = state(&desk, PartKind::Screen);
    std::thread::sleep(std::time::Duration::from_millis(5));
    desk.screen(false);
    assert_eq!(state(&desk, PartKind::Screen), first);
    desk.screen(true);
    assert_eq!(state(&desk, PartKind::Screen), PartState::Works);
}

#[test]
fn notes_wait_until_staff_settle_them_and_one_who_calls_twice_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    desk.tell(StaffNote::Called(Some(Wish::Writing)));
    desk.tell(StaffNote::CardLeft);
    desk.tell(StaffNote::Called(Some(Wish::Writing)));
    let notes = desk.now().borrow().notes.clone();
    let kinds: Vec<_> = notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [NoteKind::CardLeft, NoteKind::Called(Some(Wish::Writing))]);
    assert!(desk.settle(notes[0].id) && !desk.settle(notes[0].id) && !desk.settle(999));
    assert_eq!(desk.now().borrow().notes.len(), 1);
    for at in 0..200 {
        desk.answered(&[format!("資格：無効 {at}")], &[]);
    }
    assert_eq!(desk.now().borrow().notes.len(), NOTES);
}

#[test]
fn a_note_brings_the_advice_that_is_valid_today() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    desk.answered(&["資格：無効".into()], &[About::Invalid]);
    desk.answered(&[], &[About::Invalid]);
    desk.tell(StaffNote::Fault(FaultCode::ServiceUnreachable));
    let notes = desk.now().borrow().notes.clone();
    assert_eq!(notes.len(), 2, "nothing to say is no note");
    assert!(notes[0].advice.iter().any(|text| text.ja.contains("申立書")), "{:?}", notes[0]);
    assert_eq!(notes[1].code, Some(910));
    assert!(notes[1].advice.iter().any(|text| text.en.contains("0800-080-4583")));
}

#[test]
fn opening_the_visual_check_is_an_order_on_disk_and_a_line_of_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (noted, notes) = std::sync::mpsc::channel();
    let texts = crate::texts::built_in().unwrap().desk;
    let note = Box::new(move |entry| noted.send(format!("{entry:?}")).unwrap());
    let note: Box<dyn Fn(Entry) + Send + Sync> = {
        let note = Mutex::new(note);
        Box::new(move |entry| note.lock().unwrap()(entry))
    };
    let desk = FrontDesk::new("t".into(), true, texts, folder.path().to_owned(), None, note);
    desk.open_visual_check().unwrap();
    assert_eq!(notes.recv().unwrap(), "VisualCheckOpened");
    assert!(folder.path().join("visual-check.open").exists());
}

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use session::{CodeSource, Effect, Pace, PhotoOrder, PinLessOrder, ProvedBy, Record, Submission, VerifyOrder};

use super::*;
use crate::scenario::{ITEMS_OF_EXPECT, Level, Passed, Report, STEPS, Scenario, Step, left_out, parse, read, run};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

fn carry_out(scenario: &Scenario) -> Report {
    run(scenario, &mut PureWorld::of(scenario), &mut |_| ())
}

fn goes_as_written(name: &str) {
    let scenario = read(&folder().join(format!("{name}.scenario"))).unwrap_or_else(|error| panic!("{error}"));
    if let Some(reason) = left_out(&scenario, Level::Session) {
        panic!("level 1 can express everything, but this file says: {reason}");
    }
    let report = carry_out(&scenario);
    let seen: Vec<_> = report.observed.seen.iter().map(|seen| format!("{} {}", seen.at_ms, seen.screen)).collect();
    assert_eq!(report.failure, None, "\n{}", seen.join("\n"));
}

fn fails(text: &str) -> String {
    carry_out(&parse(text).unwrap()).failure.expect("it must not go as written")
}

/// One test for each file; a test compares the list with the folder.
macro_rules! scenarios {
    ($($test:ident = $name:literal,)+) => {
        const FILES: &[&str] = &[$($name),+];
        mod files {
            $(#[test]
            fn $test() {
                super::goes_as_written($name);
            })+
        }
    };
}

crate::every_scenario!(scenarios);

#[test]
fn every_file_of_the_folder_is_carried_out() {
    let in_folder: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".scenario").map(str::to_owned))
        .collect();
    let listed: BTreeSet<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(in_folder, listed);
}

#[test]
fn the_readme_names_every_step_every_item_and_every_file() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let words = STEPS.iter().copied().chain(ITEMS_OF_EXPECT).chain(ScreenName::ALL.map(ScreenName::name));
    let words = words.chain(Target::ALL.map(Target::name)).map(|word| word.replace('_', " "));
    let files = FILES.iter().map(|name| format!("`{name}`"));
    let missing: Vec<String> = words.chain(files).filter(|word| !readme.contains(word.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_wrong_expectation_fails() {
    let text = std::fs::read_to_string(folder().join("pin-agree-all.scenario")).unwrap();
    for (right, wrong) in [
        ("accepted", "desk"),
        ("consent medicines yes", "consent medicines no"),
        ("verify sent 1", "verify sent 2"),
        ("results 1", "results 2"),
        ("tries left 3", "tries left 2"),
        ("language ja", "language en"),
        ("method pin", "method face"),
    ] {
        let text = text.replace(right, wrong);
        let failure = fails(&text);
        assert!(failure.starts_with("line 7 (expect: "), "{failure}");
        assert!(failure.contains(&format!("expected {wrong}")), "{failure}");
    }
}

#[test]
fn a_screen_that_never_comes_is_named_with_what_is_there() {
    let failure = fails("title: t\ncard in: driver's licence\nchoose: pin\nexpect: accepted");
    assert!(failure.starts_with("line 3 (choose: pin): waited 45 s for pin to be offered"), "{failure}");
}

#[test]
fn what_cannot_be_touched_is_a_failure() {
    let failure = fails("title: t\ncard in: 見本 花子 (tries 0)\nchoose: pin\nexpect: accepted");
    assert!(failure.contains("pin_blocked"), "{failure}");
    assert!(fails("title: t\ncard out\nexpect: accepted").contains("no card lies in the reader"));
    assert!(fails("title: t\ndaemon started\nexpect: accepted").contains("runs already"));
}

#[test]
fn a_result_that_arrives_after_the_last_expectation_is_noticed() {
    let text = "title: t\ncard in: 見本 花子\nchoose: pin\ntype: 1234\nwait for: consent all\nclinic: link down\nagree: all\n\
                take card\nclinic: link up\nexpect: nothing sent";
    let failure = fails(text);
    assert!(failure.contains("held at first"), "{failure}");
}

#[test]
fn every_kind_of_step_is_used_by_some_file() {
    let mut used = BTreeSet::new();
    for name in FILES {
        used.extend(
            read(&folder().join(format!("{name}.scenario"))).unwrap().lines.iter().map(|line| kind(&line.step)),
        );
    }
    // Every word of the language but the five headers.
    assert_eq!(used.len(), STEPS.len() - 5, "{used:?}");
}

/// Exhaustive, so that a new kind of step must be thought of here.
fn kind(step: &Step) -> &'static str {
    match step {
        Step::CardIn(_) => "card in",
        Step::CardOut => "card out",
        Step::CardOutAt(_) => "card out at",
        Step::CardSwapped(_) => "card swapped",
        Step::TakeCard => "take card",
        Step::PhoneOn(_) => "phone on",
        Step::PhoneOff => "phone off",
        Step::Passcode(_) => "passcode",
        Step::StaffNumber(_) => "staff number",
        Step::Comfort(_) => "comfort",
        Step::Choose(_) => "choose",
        Step::Type(_) => "type",
        Step::Agree(_) => "agree",
        Step::Decline(_) => "decline",
        Step::Press(_) => "press",
        Step::PressTwice(_) => "press twice",
        Step::WaitFor(_) => "wait for",
        Step::Wait(_) => "wait",
        Step::Clinic(_) => "clinic",
        Step::Reader(_) => "reader",
        Step::PhoneReader(_) => "phone reader",
        Step::Storage(_) => "storage",
        Step::PasscodeOpened => "passcode opened",
        Step::Camera(_) => "camera",
        Step::Surface(_) => "surface",
        Step::KeySurface(_) => "key surface",
        Step::DaemonKilled => "daemon killed",
        Step::DaemonStarted => "daemon started",
        Step::Expect(_) => "expect",
    }
}

fn law_broken_by(effects: &[Effect]) -> Option<String> {
    let mut world = PureWorld::default();
    for effect in effects {
        world.carry_out(effect.clone());
    }
    world.pass(FRAME).err().map(|trouble| trouble.to_string())
}

#[test]
fn the_world_notices_broken_laws() {
    let visit = VisitId(1);
    let order = VerifyOrder { visit, identity: [0; 32], tries_left: 3 };
    let submission = Submission { visit, items: vec![] };
    let begin = Effect::ReadCard(visit);
    let submit = Effect::Submit(submission);
    let verify = Effect::VerifyAndSign(order);
    let finish = |record| Effect::Finish(visit, record);
    let broken = [
        vec![Effect::KeepDigit],
        vec![Effect::DropDigit],
        vec![begin.clone(), verify],
        vec![submit.clone()],
        vec![begin.clone(), submit.clone(), submit.clone()],
        vec![begin.clone(), submit.clone(), Effect::CancelSession(visit)],
        vec![finish(Record::Received)],
        vec![begin.clone(), finish(Record::Received)],
        vec![begin.clone(), finish(Record::Undelivered)],
        vec![begin.clone(), Effect::LookAtFace(visit, Pace::Usual)],
        vec![begin.clone(), Effect::ReadPhoto(PhotoOrder { visit, identity: [0; 32], code: CodeSource::Scanner })],
        vec![begin.clone(), Effect::SignWithoutPin(PinLessOrder { visit, identity: [0; 32], by: ProvedBy::Face })],
        vec![
            begin.clone(),
            Effect::SignWithoutPin(PinLessOrder { visit, identity: [0; 32], by: ProvedBy::Staff { number: None } }),
        ],
        vec![begin.clone(), Effect::Compare(visit)],
        vec![begin.clone(), Effect::CheckPasscode(visit)],
    ];
    for effects in broken {
        let broken = law_broken_by(&effects);
        assert!(broken.as_ref().is_some_and(|law| law.starts_with("law broken: ")), "{effects:?}: {broken:?}");
    }
    assert_eq!(law_broken_by(&[begin, submit, finish(Record::Received)]), None);
}

/// Patient-flow section 13, by the machine's clock: from one card taken out to the next one being read, whatever the first
/// patient had come to.
#[test]
fn the_next_patient_is_read_within_a_second() {
    let first = "title: t\ncard in: 見本 花子\n";
    let next = "card swapped for: 見本 太郎\nwait for: placing card\nexpect: screen placing card";
    let pin = "choose: pin\ntype: 1234\n";
    for (before, end) in [
        (format!("{pin}agree: all\nwait for: done\n"), "after the receipt"),
        (format!("{pin}wait for: consent all\nclinic: latency 20 s\nagree: all\nwait: 1 s\n"), "before the receipt"),
        ("wait for: choosing method\n".to_owned(), "given up"),
        (format!("{pin}agree: all\nwait for: card left\n"), "left behind"),
    ] {
        let report = carry_out(&parse(&format!("{first}{before}{next}")).unwrap());
        let swapped = report.steps.iter().find(|step| step.text.starts_with("card swapped")).unwrap().began_ms;
        let mut seen = report.observed.seen.iter().filter(|seen| seen.at_ms >= swapped);
        let read = seen.find(|seen| seen.screen == ScreenName::PlacingCard);
        let after = read.map(|seen| seen.at_ms - swapped);
        assert!(after.is_some_and(|after| after <= 1000), "{end}: {after:?} {:?}", report.failure);
    }
}

#[test]
fn a_visit_that_nothing_can_end_is_noticed() {
    let mut world = PureWorld { open: Some(VisitId(1)), ..PureWorld::default() };
    world.session = None;
    let mut passed = Ok(Passed::On);
    while passed == Ok(Passed::On) {
        passed = world.pass(FRAME);
    }
    assert!(matches!(passed, Err(Trouble::Law(law)) if law.contains("law 11")));
}

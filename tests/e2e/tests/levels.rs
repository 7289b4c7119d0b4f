//! The level of the weights in use, from the manifest to the glass, the journal and the clinic's books.

use std::fs;

use e2e::World;
use face::WeightsLevel;
use qualification::protocol;
use screen::{Screen, Target};
use serde_json::Value;

/// A whole visit by PIN up to the last answer; returns what the start screen says of the weights.
fn visit(world: &World) -> Option<screen::WeightsLevel> {
    let mut kiosk = world.kiosk();
    let Screen::Start { weights, .. } = kiosk.wait_start().screen else { unreachable!("it was waited for") };
    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", |screen| matches!(screen, Screen::ConsentAll { .. }));
    kiosk.tap(Target::AgreeAll);
    kiosk.wait("an end", |screen| matches!(screen, Screen::Done { .. } | Screen::NeedHelp { .. }));
    world.hand.remove();
    kiosk.wait_start();
    weights
}

fn journal(world: &World) -> Vec<Value> {
    let text = fs::read_to_string(world.folder().join("storage/journal.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_level_in_use_is_on_the_start_screen_in_the_journal_and_in_a_result_by_pin_too() {
    for (level, shown, told) in [
        (None, None, protocol::WeightsLevel::None),
        (
            Some(WeightsLevel::Demonstration),
            Some(screen::WeightsLevel::Demonstration),
            protocol::WeightsLevel::Demonstration,
        ),
        (Some(WeightsLevel::Approved), Some(screen::WeightsLevel::Approved), protocol::WeightsLevel::Approved),
    ] {
        let world = World::with(|clinic| clinic.demo = true).await;
        let daemon = level.map_or_else(|| world.daemon(""), |level| world.daemon_of(level));
        assert_eq!(visit(&world), shown);
        drop(daemon);
        let books = world.clinic.books().unwrap();
        assert_eq!((books.len(), books[0].weights.as_str(), books[0].weights_level), (1, "none", Some(told)));
        let lines = journal(&world);
        for event in ["started", "visit_ended"] {
            let line = lines.iter().find(|line| line["event"] == event).unwrap();
            let word = level.map_or(Value::Null, |level| level.word().into());
            assert_eq!(line["weights"]["level"], word, "{event}");
            let named = line["weights"]["identity"].as_str().is_some_and(|identity| identity.contains('@'));
            assert_eq!(named, level.is_some(), "{event}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn law_12_what_demonstration_weights_show_never_counts_at_a_clinic_that_is_none() {
    let world = World::new().await;
    let _daemon = world.daemon_of(WeightsLevel::Demonstration);
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", |screen| matches!(screen, Screen::ConsentAll { .. }));
    kiosk.tap(Target::AgreeAll);
    kiosk.wait("the refusal", |screen| matches!(screen, Screen::NeedHelp { fault, .. } if fault.code == "921"));
    assert!(world.clinic.books().unwrap().is_empty());
    let notes = world.clinic.desk().unwrap();
    assert_eq!(notes.iter().map(|note| note.note.as_str()).collect::<Vec<_>>(), ["demonstration_result"]);
}

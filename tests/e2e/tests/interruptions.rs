//! What goes wrong in the middle of a visit, at the daemon's own borders.

use std::time::Duration;

use clinic::Clinic;
use e2e::{Kiosk, World};
use screen::{Screen, Target};

fn is_consent(screen: &Screen) -> bool {
    matches!(screen, Screen::ConsentAll { .. })
}

/// Waits until the clinic has as many cancelled sessions.
async fn cancelled(clinic: &Clinic, wanted: u64) {
    for _ in 0..100 {
        if clinic.session_counts().unwrap().cancelled == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the clinic was not told: {:?}", clinic.session_counts().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_is_stopped_in_a_visit_powers_the_card_down_and_cancels_the_session() {
    let world = World::new().await;
    let daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", is_consent);
    drop(daemon);
    assert!(!world.hand.with_card(|card| card.anything_verified()).unwrap());
    assert!(world.clinic.books().unwrap().is_empty());
    cancelled(&world.clinic, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_pulled_before_the_service_answered_leaves_no_open_session_behind() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.clinic.set_latency(Duration::from_millis(700));
    world.insert(1001);
    kiosk.wait("the method choice", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
    world.hand.remove();
    kiosk.wait("back", |screen| matches!(screen, Screen::Start { .. } | Screen::NeedHelp { .. } | Screen::TakeCard));
    cancelled(&world.clinic, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_that_crashes_does_not_end_the_visit() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", is_consent);
    drop(kiosk);
    let mut kiosk = reconnect(&world).await;
    kiosk.wait("the question for all, again", is_consent);
    kiosk.tap(Target::DeclineAll);
    kiosk.wait("the receipt", |screen| matches!(screen, Screen::Done { .. }));
}

/// The daemon notices a moment later that the first kiosk is gone.
async fn reconnect(world: &World) -> Kiosk {
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.kiosk()
}

#[tokio::test(flavor = "multi_thread")]
async fn law_1_a_pin_confirmed_on_a_card_that_was_pulled_is_not_sent() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.wait("the method choice", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
    kiosk.tap(Target::Pin);
    kiosk.wait("the PIN pad", |screen| matches!(screen, Screen::EnteringPin { .. }));
    kiosk.type_pin("1234");
    let card = world.hand.remove().unwrap();
    kiosk.tap(Target::Confirm);
    kiosk.wait("the end of the visit", |screen| !matches!(screen, Screen::EnteringPin { .. } | Screen::Waiting { .. }));
    assert_eq!(card.counts().verify, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_unplugged_is_a_fault_until_it_is_back() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.hand.unplug();
    let lost = |screen: &Screen| matches!(screen, Screen::Start { fault: Some(fault), .. } if fault.code == "905");
    kiosk.wait("the fault", lost);
    world.hand.plug();
    kiosk.wait_start();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_patients_one_after_the_other_are_never_mixed() {
    let world = World::new().await;
    let _daemon = world.daemon("[limits]\nfarewell = 0.1\n");
    let mut kiosk = world.kiosk();
    for serial in [1001, 1002, 1013] {
        kiosk.wait_start();
        world.insert(serial);
        kiosk.confirm_pin("1234");
        kiosk.wait("the question for all", is_consent);
        kiosk.tap(Target::AgreeAll);
        kiosk.wait("the receipt", |screen| matches!(screen, Screen::Done { .. }));
        world.hand.remove();
    }
    let patients: Vec<_> = world.clinic.books().unwrap().iter().map(|result| result.patient).collect();
    assert_eq!(patients, [Some(1001), Some(1002), Some(1013)]);
}

/// Law 3: presence comes from the reader's events, and nothing is sent while the patient reads and thinks.
#[tokio::test(flavor = "multi_thread")]
async fn law_3_nothing_is_sent_to_the_card_while_a_person_thinks() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.wait("the method choice", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
    let read = world.hand.counts().unwrap();
    kiosk.tap(Target::Pin);
    kiosk.wait("the pad", |screen| matches!(screen, Screen::EnteringPin { .. }));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.hand.counts().unwrap(), read, "the card was asked something nobody waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_comes_after_the_patient_has_left_is_told_to_staff() {
    let world = World::new().await;
    let daemon = world.daemon("[limits]\nreceipt = 0.3\n");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", is_consent);
    world.clinic.set_link(false).await;
    world.clinic.refuse_results(true);
    kiosk.tap(Target::DeclineAll);
    kiosk.wait("the desk variant", |screen| !is_consent(screen) && !matches!(screen, Screen::Waiting { .. }));
    world.clinic.set_link(true).await;
    let journal = || std::fs::read_to_string(world.folder().join("storage/journal.jsonl")).unwrap();
    for _ in 0..200 {
        if journal().contains("result_to_desk") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(daemon);
    let journal = journal();
    let (_, after) = journal.split_once("result_to_desk").expect("the refusal came");
    assert!(after.contains("\"note\":\"undelivered\""), "{after}");
}

/// Who listens again and moves the ring is there: three times the time without a choice, and the question stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_patient_who_is_there_keeps_the_question_and_one_who_has_gone_does_not() {
    let world = World::new().await;
    let _daemon = world.daemon("[limits]\ninactivity = 1.0\ncountdown = 1.0\n");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    let asked = kiosk.wait("the method choice", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
    for _ in 0..15 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        kiosk.active();
    }
    kiosk.tap(Target::Pin);
    let pad = kiosk.wait("the PIN pad", |screen| !matches!(screen, Screen::ChoosingMethod { .. }));
    assert!(matches!(pad.screen, Screen::EnteringPin { .. }), "{:?} after {:?}", pad.screen, asked.revision);
    // The bar that counts down is gone again with a sign of life; without one the visit ends.
    kiosk.wait_view("the countdown", |view| view.countdown.is_some());
    kiosk.active();
    kiosk.wait_view("no countdown", |view| view.countdown.is_none());
    kiosk.wait("the end of the visit", |screen| matches!(screen, Screen::TakeCard));
}

/// The notes for staff in the journal that are about devices and faults, with their codes.
fn told(world: &World) -> Vec<String> {
    let journal = std::fs::read_to_string(world.folder().join("storage/journal.jsonl")).unwrap();
    let lines = journal.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let told = lines.filter(|line| line["event"] == "staff_told" && !line["code"].is_null());
    told.map(|line| format!("{} {}", line["note"].as_str().unwrap(), line["code"].as_str().unwrap())).collect()
}

async fn is_told(world: &World, wanted: &[&str]) {
    for _ in 0..200 {
        if told(world).len() >= wanted.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(told(world), wanted);
}

/// Patient-flow section 12, F2 and F4: staff hear which, also between visits, once when it is lost and once when it is back.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_between_visits_is_told_to_staff_and_so_is_its_return() {
    let world = World::new().await;
    let daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.hand.unplug();
    is_told(&world, &["lost 905"]).await;
    world.hand.plug();
    is_told(&world, &["lost 905", "back 905"]).await;
    world.clinic.set_link(false).await;
    is_told(&world, &["lost 905", "back 905", "lost 910"]).await;
    world.clinic.set_link(true).await;
    let four = ["lost 905", "back 905", "lost 910", "back 910"];
    is_told(&world, &four).await;
    // A plug that is seated anew is nobody's business.
    world.hand.unplug();
    world.hand.plug();
    tokio::time::sleep(Duration::from_secs(4)).await;
    is_told(&world, &four).await;
    // In a visit the fault says it, at once; its return is told as ever.
    kiosk.wait_start();
    world.insert(1001);
    kiosk.wait("the method choice", |screen| matches!(screen, Screen::ChoosingMethod { .. }));
    world.hand.unplug();
    kiosk.wait("the fault", |screen| matches!(screen, Screen::NeedHelp { .. }));
    tokio::time::sleep(Duration::from_secs(4)).await;
    world.hand.plug();
    is_told(&world, &["lost 905", "back 905", "lost 910", "back 910", "fault 905", "back 905"]).await;
    drop(daemon);
}

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

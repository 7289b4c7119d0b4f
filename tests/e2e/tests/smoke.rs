//! Whole visits through the daemon, an emulated card and a real clinic over TLS. Scenarios go further; these come first.

use e2e::World;
use qualification::protocol::{Answer, Method};
use reader_daemon::Ended;
use screen::{Screen, Target};

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_by_pin_ends_with_the_clinics_receipt() {
    let world = World::new().await;
    let daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    let start = kiosk.wait_view("the facility's name before the first visit", |view| !view.facility.is_empty());
    assert_eq!(start.facility, "みほん診療所");
    assert!(matches!(start.screen, Screen::Start { fault: None, .. }));

    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", |screen| matches!(screen, Screen::ConsentAll { .. }));
    kiosk.tap(Target::AgreeAll);
    kiosk.wait("the receipt", |screen| matches!(screen, Screen::Done { take_card: true }));

    let books = world.clinic.books().unwrap();
    assert_eq!(books.len(), 1);
    assert_eq!((books[0].patient, books[0].method), (Some(1001), Method::Pin));
    let answers: Vec<_> = books[0].items.iter().map(|item| (item.id.as_str(), item.answer)).collect();
    assert_eq!(answers, [("medicines", Answer::Agreed), ("checkups", Answer::Agreed), ("operations", Answer::Agreed)]);

    let counts = world.hand.counts().unwrap();
    assert_eq!((counts.verify, counts.signatures, counts.power_ups, counts.tries_left), (1, 1, 1, Some(3)));
    assert!(!world.hand.with_card(|card| card.anything_verified()).unwrap(), "law 2: nothing stays verified");
    world.hand.remove();
    kiosk.wait_start();

    let timelines = world.timelines();
    assert_eq!(timelines.len(), 1);
    assert_eq!(timelines[0]["outcome"]["ended"], "received");
    let exchanges: u64 =
        timelines[0]["work"].as_array().unwrap().iter().filter_map(|work| work["exchanges"].as_u64()).sum();
    assert_eq!(exchanges, u64::from(counts.commands), "every exchange is in the timeline");

    daemon.stop();
    assert_eq!(daemon.wait(), Ended::Stopped);
    assert!(reader_daemon::journal::verify(&world.folder().join("storage"), None).unwrap().is_ok());
    let stored = world.stored_bytes();
    for secret in ["1234", "見本", "花子", "ﾐﾎﾝ", "1950-04-01"] {
        // The journal's times hold digits; a PIN would stand by itself.
        let secret = if secret == "1234" { "\"1234\"" } else { secret };
        assert!(!contains(&stored, secret), "law 6: {secret} is on the disk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_pin_costs_one_try_and_the_next_visit_starts_afresh() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1002);
    kiosk.confirm_pin("9999");
    let pad = kiosk.wait("the pad again", |screen| matches!(screen, Screen::EnteringPin { notice: Some(_), .. }));
    let Screen::EnteringPin { notice: Some(notice), .. } = pad.screen else { unreachable!() };
    assert_eq!((notice.wrong, notice.left), (true, 2));
    kiosk.tap(Target::Cancel);
    kiosk.wait("take the card", |screen| matches!(screen, Screen::TakeCard));
    let counts = world.hand.counts().unwrap();
    assert_eq!((counts.verify, counts.tries_left), (1, Some(2)));
    world.hand.remove();
    kiosk.wait_start();
    assert_eq!(world.timelines()[0]["outcome"]["ended"], "cancelled");
    assert!(world.clinic.books().unwrap().is_empty());

    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", |screen| matches!(screen, Screen::ConsentAll { .. }));
    kiosk.tap(Target::DeclineAll);
    kiosk.wait("the receipt", |screen| matches!(screen, Screen::Done { .. }));
    let books = world.clinic.books().unwrap();
    assert!(books[0].items.iter().all(|item| item.answer == Answer::Declined));
}

#[tokio::test(flavor = "multi_thread")]
async fn law_7_a_result_whose_receipt_is_lost_is_delivered_by_the_next_run_and_never_doubled() {
    let world = World::new().await;
    let daemon = world.daemon("[limits]\nreceipt = 0.5\n");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.insert(1001);
    kiosk.confirm_pin("1234");
    kiosk.wait("the question for all", |screen| matches!(screen, Screen::ConsentAll { .. }));
    world.clinic.drop_receipts(100);
    kiosk.tap(Target::AgreeAll);
    kiosk.wait("the desk variant", |screen| matches!(screen, Screen::GoToDesk { finished: true, .. }));
    assert_eq!(world.timelines()[0]["outcome"]["ended"], "undelivered");
    drop(kiosk);
    drop(daemon);

    world.hand.remove();
    world.clinic.drop_receipts(0);
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    let outbox = world.folder().join("storage/outbox");
    let pending = || {
        let files = std::fs::read_dir(&outbox).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        files.filter(|name| name.ends_with(".pending")).count()
    };
    for _ in 0..100 {
        if pending() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(pending(), 0);
    assert_eq!(world.clinic.books().unwrap().len(), 1, "the same result, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_link_no_visit_starts_and_nobody_is_told_anything_about_insurance() {
    let world = World::new().await;
    world.clinic.set_link(false).await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    let unreachable =
        |screen: &Screen| matches!(screen, Screen::Start { fault: Some(fault), .. } if fault.code == "910");
    kiosk.wait("the fault on the start screen", unreachable);
    world.clinic.set_link(true).await;
    kiosk.wait_start();
}

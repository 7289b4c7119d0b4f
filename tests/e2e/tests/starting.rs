//! What a visit finds when the daemon has just started, and what it leaves when it cannot begin.

use std::{fs, time::Duration};

use e2e::World;
use reader_daemon::doctor;
use screen::Screen;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_lies_there_at_the_start_begins_a_visit_without_a_fault() {
    for _ in 0..5 {
        let world = World::new().await;
        world.insert(1001);
        let daemon = world.daemon("");
        let mut kiosk = world.kiosk();
        kiosk.wait("the method choice", |screen| {
            assert!(!format!("{screen:?}").contains("920"), "a fault that is none: {screen:?}");
            matches!(screen, Screen::ChoosingMethod { .. })
        });
        drop(daemon);
        let journal = fs::read_to_string(world.folder().join("storage/journal.jsonl")).unwrap();
        assert!(!journal.contains("\"code\":\"920\""), "{journal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_ends_because_the_clocks_differ_leaves_no_open_session_behind() {
    let world = World::new().await;
    let _daemon = world.daemon("");
    let mut kiosk = world.kiosk();
    kiosk.wait_start();
    world.clinic.set_clock_offset(120_000);
    world.insert(1001);
    for _ in 0..100 {
        if world.clinic.session_counts().unwrap().cancelled == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the clinic was not told: {:?}", world.clinic.session_counts().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_compares_the_terminals_id_with_the_name_in_its_certificate() {
    let world = World::new().await;
    let path = world.config("");
    let keys = move |path: std::path::PathBuf| async move {
        let looked = tokio::task::spawn_blocking(move || {
            doctor::examine(&path, &|_| Ok(String::new()), &|_| unreachable!("there is no section [face]"))
        });
        let report = looked.await.unwrap();
        report.0.into_iter().find(|check| check.name == "service keys").unwrap().found
    };
    assert!(keys(path.clone()).await.is_ok());
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("id = \"terminal-1\"", "id = \"terminal-2\"")).unwrap();
    let trouble = keys(path).await.unwrap_err();
    assert!(trouble.cause.contains("terminal-2") && trouble.cause.contains("\"terminal-1\""), "{trouble:?}");
}

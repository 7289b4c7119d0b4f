//! The whole program without a display: socket on one side, lines on the other.

#[path = "common/kiosk.rs"]
mod kiosk;

use std::io::Write;

use kiosk::{Kiosk, view};
use screen::{Digit, Revision, Target, ToDaemon};

#[test]
fn a_view_is_drawn_reported_and_touched() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("choosing_method", 7));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(7) }));
    let event = kiosk.shown("choosing_method");
    assert_eq!(event["file"], "007-choosing_method.png");
    let picture = std::fs::read(kiosk.picture(&event)).unwrap();
    let header = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    assert_eq!((header.info().width, header.info().height), (1280, 800));

    kiosk.say("tap pin");
    assert_eq!(daemon.message(), Some(ToDaemon::Touched { revision: Revision(7), target: Target::Pin }));
    kiosk.say("double-tap cancel");
    for _ in 0..2 {
        assert_eq!(daemon.message(), Some(ToDaemon::Touched { revision: Revision(7), target: Target::Cancel }));
    }
    kiosk.say("tap agree");
    assert!(kiosk.event("error")["message"].as_str().unwrap().contains("agree is not on the screen"));

    daemon.send(&view("entering_pin", 8));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(8) }));
    kiosk.say("key 4");
    assert_eq!(daemon.message(), Some(ToDaemon::Key { revision: Revision(8), digit: Digit::new(4).unwrap() }));
    kiosk.say("quit");
    assert!(kiosk.child.wait().unwrap().success());
}

/// What a patient does without choosing anything: the daemon hears of it, and of nothing else.
#[test]
fn whoever_moves_the_ring_is_there_and_chooses_nothing() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("choosing_method", 7));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(7) }));
    for key in ["tab", "down", "+", "up", "-"] {
        kiosk.say(&format!("press {key}"));
    }
    kiosk.say("press escape");
    assert_eq!(daemon.message(), Some(ToDaemon::Active { revision: Revision(7) }));
    assert_eq!(daemon.message(), Some(ToDaemon::Touched { revision: Revision(7), target: Target::Cancel }));
}

#[test]
fn a_daemon_that_goes_is_waited_for_and_the_screen_says_so() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("done", 41));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(41) }));
    kiosk.shown("done");
    drop(daemon);
    assert_eq!(kiosk.shown("disconnected")["targets"], serde_json::json!([]));
    let mut daemon = kiosk.accept();
    // The same revision from another daemon is another view.
    daemon.send(&view("start", 41));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(41) }));
    kiosk.shown("start");
}

#[test]
fn what_is_no_message_ends_the_connection_and_nothing_else() {
    let mut kiosk = Kiosk::start();
    for garbage in [&b"\0\0\0\x02{}"[..], &b"\xFF\xFF\xFF\xFF"[..], &b"\0\0\0\x05hello"[..]] {
        let mut daemon = kiosk.accept();
        daemon.stream.write_all(garbage).unwrap();
        assert_eq!(daemon.message(), None);
    }
    let mut daemon = kiosk.accept();
    daemon.send(&view("start", 1));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(1) }));
    kiosk.shown("start");
}

#[test]
fn the_surface_code_is_keyed_in_and_its_digits_are_in_no_event() {
    let mut kiosk = Kiosk::start();
    let mut daemon = kiosk.accept();
    daemon.send(&view("keying_surface_code", 3));
    let event = kiosk.shown("keying_surface_code");
    assert_eq!((&event["field"], &event["digits"]), (&"era".into(), &0.into()));
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(3) }));
    kiosk.say("tap era_showa");
    assert_eq!(daemon.message(), Some(ToDaemon::Touched { revision: Revision(3), target: Target::EraShowa }));
    // Typed: 550.
    daemon.send(&view("keying_surface_code-birth_date", 4));
    let event = kiosk.shown("keying_surface_code");
    assert_eq!((&event["field"], &event["digits"]), (&serde_json::json!({"birth_date": {"era": "showa"}}), &3.into()));
    assert!(!event.to_string().contains("550"), "{event}");
    assert_eq!(daemon.message(), Some(ToDaemon::Shown { revision: Revision(4) }));
    kiosk.say("key 2");
    assert_eq!(daemon.message(), Some(ToDaemon::Key { revision: Revision(4), digit: Digit::new(2).unwrap() }));
}

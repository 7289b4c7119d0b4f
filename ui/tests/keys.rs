//! A keyboard and a keypad on every screen: everything that can be touched can be reached and chosen, the ring is seen, and
//! nothing is chosen that was not moved to.

mod common;

use std::{collections::BTreeSet, time::Duration};

use common::{Bench, sample};
use screen::{Revision, Target, ToDaemon, View};
use slint::{ComponentHandle, platform::Key};
use ui::{Keys, Panel, Placed, samples};

fn ring(bench: &Bench) -> Option<[f32; 4]> {
    let keys = bench.canvas.glass().window().global::<Keys>();
    keys.get_ring().then(|| [keys.get_x(), keys.get_y(), keys.get_width(), keys.get_height()])
}

/// The target under the middle of the ring.
fn under(bench: &Bench, places: &[Placed]) -> Option<String> {
    let [x, y, width, height] = ring(bench)?;
    let (x, y) = (x + width / 2.0, y + height / 2.0);
    let at = places
        .iter()
        .find(|place| x > place.x && x < place.x + place.width && y > place.y && y < place.y + place.height);
    at.map(|place| place.name.clone())
}

#[test]
fn every_target_of_every_screen_is_reached_by_tab_and_the_ring_is_seen() {
    let threads = [Panel::new(1280, 800), Panel::new(800, 1280)].map(|panel| {
        std::thread::spawn(move || {
            let bench = Bench::new(panel);
            for (number, mut sample) in samples(screen::Language::Ja, false).into_iter().enumerate() {
                sample.view.revision = Revision(number as u64 + 1);
                bench.show(&sample.view);
                assert_eq!(ring(&bench), None, "{}: a ring before any key", sample.name);
                let places = bench.canvas.places();
                let all: BTreeSet<String> = places.iter().map(|place| place.name.clone()).collect();
                let before = bench.canvas.rgb();
                let mut reached = BTreeSet::new();
                // Where text moves, two more are in the order: up and down.
                for number in 0..all.len() + 2 {
                    bench.canvas.press(Key::Tab);
                    reached.extend(under(&bench, &places));
                    if number == 0 && !all.is_empty() {
                        bench.canvas.draw();
                        assert!(bench.canvas.rgb() != before, "{}: the ring is not seen", sample.name);
                    }
                }
                assert_eq!(reached, all, "{} {panel}", sample.name);
                let sent = bench.sent.borrow();
                let chosen = |message: &&ToDaemon| !matches!(message, ToDaemon::Shown { .. } | ToDaemon::Active { .. });
                assert_eq!(sent.iter().find(chosen), None, "{}", sample.name);
            }
        })
    });
    for thread in threads {
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn a_key_goes_the_way_of_a_finger() {
    let bench = Bench::new(Panel::default());
    let view = sample("consent_each");
    bench.show(&view);
    bench.canvas.press(Key::Return);
    assert!(bench.sent.borrow().is_empty(), "nothing was within a ring");
    let places = bench.canvas.places();
    while under(&bench, &places).as_deref() != Some("decline") {
        bench.canvas.press("+");
    }
    bench.canvas.press(Key::Return);
    let expected = ToDaemon::Touched { revision: view.revision, target: Target::Decline };
    assert_eq!(*bench.sent.borrow(), [ToDaemon::Active { revision: view.revision }, expected]);

    // The next question looks the same; nothing is within a ring, and the same key does nothing.
    bench.show(&View { revision: Revision(view.revision.0 + 1), ..view });
    assert_eq!(ring(&bench), None);
    bench.canvas.press(Key::Return);
    bench.canvas.press(" ");
    assert!(bench.sent.borrow().is_empty());
}

#[test]
fn digits_go_to_the_pad_and_enter_is_its_confirm() {
    let bench = Bench::new(Panel::default());
    let view = sample("entering_pin");
    bench.show(&view);
    bench.canvas.press("0");
    bench.canvas.press("7");
    bench.canvas.press(Key::Backspace);
    bench.canvas.press(Key::Return);
    let sent = bench.sent.borrow();
    let key = |message: &ToDaemon| match message {
        ToDaemon::Key { digit, .. } => Some(digit.ascii()),
        ToDaemon::Hello { .. }
        | ToDaemon::Shown { .. }
        | ToDaemon::Spoken { .. }
        | ToDaemon::Touched { .. }
        | ToDaemon::Active { .. } => None,
    };
    assert_eq!(sent.iter().filter_map(key).collect::<Vec<_>>(), b"07");
    let target = |target| ToDaemon::Touched { revision: view.revision, target };
    assert_eq!(sent[2..], [target(Target::Erase), target(Target::Confirm)]);
}

/// The daemon hears that somebody is there, now and then, and never by which key; a book on the keyboard is nobody.
#[test]
fn whoever_moves_the_ring_is_there_and_a_key_that_is_held_down_is_nobody() {
    let bench = Bench::new(Panel::default());
    let view = sample("consent_each");
    let active = ToDaemon::Active { revision: view.revision };
    bench.show(&view);
    for _ in 0..40 {
        bench.canvas.hold("+");
        bench.canvas.hold(Key::DownArrow);
        bench.canvas.hold("/");
    }
    assert_eq!(*bench.sent.borrow(), []);
    // Arrow and page keys count, tab and shift too; many of them are one message in a second.
    let keys: [slint::SharedString; 5] =
        [Key::Tab.into(), Key::UpArrow.into(), Key::PageDown.into(), "-".into(), Key::PageUp.into()];
    for key in keys {
        std::thread::sleep(Duration::from_millis(1100));
        for _ in 0..3 {
            bench.canvas.press(key.clone());
        }
        assert_eq!(bench.sent.take(), std::slice::from_ref(&active), "{key:?}");
    }
    std::thread::sleep(Duration::from_millis(1100));
    // What means nothing here, or is chosen, is no such act.
    bench.canvas.press("7");
    bench.canvas.press("/");
    bench.canvas.press("q");
    assert_eq!(bench.sent.take(), []);
    bench.canvas.press(Key::Escape);
    assert_eq!(bench.sent.take(), [ToDaemon::Touched { revision: view.revision, target: Target::Cancel }]);
    // Nor is anything before the view is on the glass.
    bench.canvas.glass().show(&View { revision: Revision(view.revision.0 + 1), ..view });
    bench.canvas.press(Key::Tab);
    assert_eq!(bench.sent.take(), []);
}

#[test]
fn digits_mean_nothing_where_there_is_no_pad() {
    let bench = Bench::new(Panel::default());
    for name in ["consent_each", "choosing_method", "choosing_language", "face_failed"] {
        bench.show(&sample(name));
        for digit in 0..10 {
            bench.canvas.press(digit.to_string());
        }
        assert!(bench.sent.borrow().is_empty(), "{name}");
    }
}

#[test]
fn cancel_and_staff_call_have_keys_of_their_own() {
    let bench = Bench::new(Panel::default());
    let view = sample("choosing_method");
    bench.show(&view);
    bench.canvas.press(Key::Escape);
    bench.canvas.press("*");
    let target = |target| ToDaemon::Touched { revision: view.revision, target };
    assert_eq!(*bench.sent.borrow(), [target(Target::Cancel), target(Target::CallStaff)]);
}

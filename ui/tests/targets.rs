//! Which targets a screen offers, where they are, and what a touch on them sends.

mod common;

use std::{collections::BTreeSet, time::Duration};

use common::{Bench, CLASSES, PANELS, everywhere, everywhere_of, sample, turn_the_page};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use screen::{
    Digit, Language, MethodState, PhoneWay, PhotoShown, Revision, Screen, SurfaceField, Target, ToDaemon, View, Way,
    Wish,
};
use ui::{Panel, Placed, Sample, samples};

/// Ten keys are there wherever digits are typed.
fn has_keys(screen: &Screen) -> bool {
    let choosing_an_era = matches!(screen, Screen::KeyingSurfaceCode { field: SurfaceField::Era, .. });
    let pad = matches!(
        screen,
        Screen::EnteringPin { .. }
            | Screen::KeyingSurfaceCode { .. }
            | Screen::EnteringPasscode { .. }
            | Screen::EnteringStaffNumber { .. }
    );
    pad && !choosing_an_era
}

/// The targets of a question and its answers.
fn consent(answers: &[Target], back: bool) -> Vec<(bool, Target)> {
    let bar = [(true, Target::Detail), (true, Target::Answerer), (back, Target::Back)];
    answers.iter().map(|answer| (true, *answer)).chain(bar).collect()
}

/// The targets a view stands for, from the specification: nothing of the kiosk's own code is used.
#[expect(clippy::too_many_lines, reason = "a table of all screens")]
fn expected(view: &View) -> BTreeSet<String> {
    let open = |method: &MethodState| matches!(method, MethodState::Open);
    let mut own: Vec<&str> = vec![];
    let mut targets: Vec<(bool, Target)> = match &view.screen {
        Screen::Disconnected => return BTreeSet::new(),
        Screen::Start { phone, weights: _, fault: _ } => {
            vec![(*phone != PhoneWay::No, Target::Phone), (true, Target::WithoutCard)]
        }
        Screen::WithoutCard { phone } => vec![(*phone != PhoneWay::No, Target::Phone), (true, Target::Back)],
        Screen::ChoosingLanguage => {
            // Large type shows them in two halves.
            own.extend(view.comfort.large.then_some("next_page"));
            let shown = if view.comfort.large { &Language::ALL[..6] } else { &Language::ALL };
            let names = shown.iter().map(|language| (true, Target::Speak(*language)));
            names.chain([(true, Target::Back)]).collect()
        }
        Screen::ChoosingComfort => {
            // Without a voice to speak with nothing of it is offered.
            let switches = [Target::LargeType, Target::Contrast, Target::Slow, Target::Back];
            switches.map(|target| (true, target)).into()
        }
        Screen::CallingStaff { .. } => {
            Wish::ALL.map(|wish| (true, Target::Wish(wish))).into_iter().chain([(true, Target::Back)]).collect()
        }
        Screen::ChoosingPhone => vec![(true, Target::Iphone), (true, Target::Android), (true, Target::Card)],
        Screen::HoldingPhone { .. } => vec![(true, Target::Card)],
        Screen::ConsentDetail { .. } => vec![(true, Target::Back)],
        Screen::ChoosingMethod { face, pin, visual } => {
            vec![(open(face), Target::Face), (open(pin), Target::Pin), (open(visual), Target::Visual)]
        }
        Screen::EnteringPin { phone, face, .. } => {
            vec![
                (!*phone, Target::Back),
                (*face, Target::Face),
                (*phone, Target::Card),
                (true, Target::Erase),
                (true, Target::Confirm),
            ]
        }
        Screen::LastTry { face, visual } => {
            vec![(*face, Target::Face), (*visual, Target::Visual), (true, Target::UseLastTry)]
        }
        Screen::ConfirmLastTry => vec![(true, Target::Confirm), (true, Target::Back)],
        Screen::PinBlocked { face, visual, .. } => vec![(*face, Target::Face), (*visual, Target::Visual)],
        Screen::KeyingSurfaceCode { field: SurfaceField::Era, .. } => vec![
            (true, Target::EraTaisho),
            (true, Target::EraShowa),
            (true, Target::EraHeisei),
            (true, Target::EraReiwa),
            (true, Target::EraWestern),
            (true, Target::Back),
        ],
        Screen::KeyingSurfaceCode { .. } => {
            vec![(true, Target::Erase), (true, Target::Confirm), (true, Target::Back)]
        }
        Screen::FacingCamera { other_way, .. } => vec![(*other_way, Target::CannotMove)],
        Screen::FaceFailed { again, pin, visual, .. } => {
            vec![(*again, Target::Again), (*pin, Target::Pin), (*visual, Target::Visual)]
        }
        Screen::AwaitingStaff => vec![(true, Target::StaffHere), (true, Target::Back)],
        Screen::EnteringPasscode { .. } => {
            vec![(true, Target::Erase), (true, Target::Confirm), (true, Target::Back)]
        }
        // Nobody is compared with a photo that has not come.
        Screen::ComparingFaces { photo } => {
            vec![(*photo != PhotoShown::Coming, Target::SamePerson), (true, Target::OtherPerson)]
        }
        Screen::EnteringStaffNumber { .. } => {
            vec![(true, Target::Erase), (true, Target::Confirm), (true, Target::WithoutNumber)]
        }
        Screen::SigningUp { .. } => consent(&[Target::SignUp, Target::DoNotSignUp], false),
        Screen::CertificateNotice { .. } => vec![(true, Target::Understood)],
        Screen::ConsentAll { previous, .. } if previous.is_empty() => {
            consent(&[Target::AgreeAll, Target::DeclineAll, Target::OneByOne], false)
        }
        Screen::ConsentAll { .. } => consent(&[Target::SameAsBefore, Target::Change], false),
        Screen::ConsentEach { back, .. } => consent(&[Target::Agree, Target::Decline], *back),
        Screen::ChoosingPrescription { back, .. } => {
            vec![(true, Target::Electronic), (true, Target::Paper), (*back, Target::Back)]
        }
        Screen::ChoosingAnswerer { staff } => vec![
            (true, Target::PatientAnswers),
            (true, Target::CompanionAnswers),
            (*staff, Target::StaffAnswers),
            (true, Target::Back),
        ],
        Screen::ReadingBack { .. } => vec![(true, Target::SendAnswers), (true, Target::Change)],
        Screen::LeavingAfterLookup => {
            vec![(true, Target::ReceiveWithoutConsent), (true, Target::StopReception), (true, Target::Back)]
        }
        Screen::NeedHelp { ways, .. } => vec![
            (ways.contains(&Way::Again), Target::Again),
            (ways.contains(&Way::Card), Target::Card),
            (ways.contains(&Way::Phone), Target::Phone),
        ],
        Screen::PlacingCard
        | Screen::Waiting { .. }
        | Screen::Done { .. }
        | Screen::GoToDesk { .. }
        | Screen::TakeCard
        | Screen::CardLeft => vec![],
    };
    targets.extend([
        (view.cancel, Target::Cancel),
        (true, Target::CallStaff),
        (true, Target::Language),
        (true, Target::Comfort),
    ]);
    let mut names: BTreeSet<String> =
        targets.into_iter().filter(|(offered, _)| *offered).map(|(_, target)| target.name().to_owned()).collect();
    names.extend(own.into_iter().map(str::to_owned));
    if has_keys(&view.screen) {
        names.extend((0..10).map(|digit| format!("key {digit}")));
    }
    names
}

fn centre(place: &Placed) -> (f32, f32) {
    (place.x + place.width / 2.0, place.y + place.height / 2.0)
}

#[test]
fn every_screen_offers_exactly_the_targets_its_view_stands_for() {
    everywhere(|bench, sample, name| {
        let answers: BTreeSet<String> = expected(&sample.view);
        let page_before: Vec<_> = bench.canvas.places();
        if turn_the_page(bench, &sample.view) {
            // On the page before no answer can be touched.
            let bar = ["cancel", "call_staff", "language", "comfort", "back", "detail", "answerer", "next_page"];
            assert!(page_before.iter().all(|place| bar.contains(&place.name.as_str())), "{name}: {page_before:?}");
        }
        let places = bench.canvas.places();
        let names: BTreeSet<_> = places.iter().map(|place| place.name.clone()).collect();
        assert_eq!(names, answers, "{name}");
        assert_eq!(names.len(), places.len(), "{name}: a target is there twice");
        // What a screen reader finds is the same set; keys that scroll a long text are no targets of the protocol.
        let window = bench.canvas.glass().window();
        let buttons = ElementQuery::from_root(window).match_accessible_role(AccessibleRole::Button).find_all();
        let arrows = ElementHandle::find_by_element_type_name(window, "ArrowButton").count();
        assert_eq!(buttons.len() - arrows, places.len(), "{name}");
        for button in buttons {
            let label = button.accessible_label().unwrap_or_default();
            assert!(!label.is_empty() && !label.contains('\n'), "{name}: label {label:?}");
        }
    });
}

#[test]
fn a_tap_sends_the_right_target_with_the_drawn_revision() {
    // What a touch sends does not depend on the words; the sharper panel has the places of the wide one.
    everywhere_of(
        &PANELS[..2],
        &[(Language::Ja, false), (Language::Ja, true)],
        |_| true,
        |bench, sample, name| {
            turn_the_page(bench, &sample.view);
            for place in bench.canvas.places() {
                let (x, y) = centre(&place);
                bench.canvas.tap(x, y);
                let revision = sample.view.revision;
                // What is the kiosk's own is told to nobody; that somebody is there may be.
                if ["next_page", "softer", "louder", "slower", "faster"].contains(&place.name.as_str()) {
                    let told = |message: &ToDaemon| !matches!(message, ToDaemon::Active { .. });
                    assert!(!bench.sent.take().iter().any(told), "{name}: {}", place.name);
                    bench.show(&sample.view);
                    continue;
                }
                let message = match place.name.strip_prefix("key ") {
                    Some(digit) => ToDaemon::Key { revision, digit: Digit::new(digit.parse().unwrap()).unwrap() },
                    None => ToDaemon::Touched { revision, target: Target::by_name(&place.name).unwrap() },
                };
                assert_eq!(bench.sent.take(), [message], "{name}: {}", place.name);
            }
        },
    );
}

#[test]
fn a_touch_before_the_next_frame_belongs_to_the_view_on_the_glass() {
    let bench = Bench::new(Panel::default());
    let first = View { revision: Revision(7), ..sample("consent_each") };
    bench.show(&first);
    let agree = bench.canvas.places().into_iter().find(|place| place.name == "agree").unwrap();
    let (x, y) = centre(&agree);
    // The next question is known, but the patient still sees the first.
    bench.canvas.glass().show(&View { revision: Revision(8), ..first });
    bench.canvas.tap(x, y);
    assert_eq!(bench.sent.take(), [ToDaemon::Touched { revision: Revision(7), target: Target::Agree }]);
    bench.canvas.draw();
    assert_eq!(bench.sent.take(), [ToDaemon::Shown { revision: Revision(8) }]);
}

#[test]
fn shown_is_reported_once_for_every_revision_and_after_its_frame() {
    let bench = Bench::new(Panel::default());
    let view = View { revision: Revision(3), ..sample("entering_pin") };
    bench.canvas.glass().show(&view);
    assert!(bench.sent.borrow().is_empty());
    bench.canvas.draw();
    // A dot more is the same question.
    bench.canvas.show(&View {
        screen: Screen::EnteringPin { phone: false, digits: 3, notice: None, face: true },
        ..view.clone()
    });
    bench.canvas.show(&View { revision: Revision(4), ..view });
    assert_eq!(
        bench.sent.take(),
        [ToDaemon::Shown { revision: Revision(3) }, ToDaemon::Shown { revision: Revision(4) }]
    );
}

#[test]
fn without_a_daemon_nothing_can_be_touched() {
    let bench = Bench::new(Panel::default());
    bench.show(&sample("choosing_method"));
    bench.show(&sample("disconnected"));
    assert!(bench.canvas.places().is_empty());
    for (x, y) in [(100.0, 730.0), (1100.0, 730.0), (1100.0, 60.0), (640.0, 400.0)] {
        bench.canvas.tap(x, y);
    }
    assert!(bench.sent.borrow().is_empty());
    // The list of faults has it under this number.
    let window = bench.canvas.glass().window();
    assert_eq!(ElementHandle::find_by_accessible_label(window, "【960】").count(), 1);
}

#[test]
fn targets_are_large_enough_apart_and_on_the_glass() {
    everywhere(|bench, _, name| {
        let panel = bench.canvas.panel();
        let mm = panel.dpi() / 25.4;
        let places = bench.canvas.places();
        for (number, one) in places.iter().enumerate() {
            // Whole pixels are what a target is laid out in.
            assert!(one.width + 0.5 >= 20.0 * mm && one.height + 0.5 >= 20.0 * mm, "{name}: {one:?}");
            assert!(one.x >= 0.0 && one.x + one.width <= panel.width as f32, "{name}: {one:?}");
            assert!(one.y >= 0.0 && one.y + one.height <= panel.height as f32, "{name}: {one:?}");
            for other in &places[number + 1..] {
                let across = (other.x - one.x - one.width).max(one.x - other.x - other.width);
                let down = (other.y - one.y - one.height).max(one.y - other.y - other.height);
                assert!(across.max(down) + 0.5 >= 2.0 * mm, "{name}: {one:?} {other:?}");
            }
        }
    });
}

#[test]
fn answers_are_equals_and_none_is_preselected() {
    let groups: [&[&str]; 9] = [
        &["sign_up", "do_not_sign_up"],
        &["electronic", "paper"],
        &["patient_answers", "companion_answers"],
        &["send_answers", "change"],
        &["same_person", "other_person"],
        &["agree_all", "decline_all", "one_by_one"],
        &["agree", "decline"],
        &["same_as_before", "change"],
        &["receive_without_consent", "stop_reception", "back"],
    ];
    let asks = |sample: &Sample| {
        matches!(
            sample.view.screen,
            Screen::SigningUp { .. }
                | Screen::ChoosingPrescription { .. }
                | Screen::ChoosingAnswerer { .. }
                | Screen::ReadingBack { .. }
                | Screen::ComparingFaces { .. }
                | Screen::ConsentAll { .. }
                | Screen::ConsentEach { .. }
                | Screen::LeavingAfterLookup
        )
    };
    everywhere_of(&PANELS, &CLASSES, asks, move |bench, sample, name| {
        turn_the_page(bench, &sample.view);
        let places = bench.canvas.places();
        let width = bench.canvas.panel().width as usize;
        let mm = bench.canvas.panel().dpi() / 25.4;
        for group in groups {
            // 「もどる」 is an answer only where the other two are.
            let members: Vec<_> =
                group.iter().filter_map(|target| places.iter().find(|place| place.name == *target)).collect();
            let bar_back = group.contains(&"back") && !matches!(sample.view.screen, Screen::LeavingAfterLookup);
            if members.len() < group.len() || bar_back {
                continue;
            }
            let look = |place: &&Placed| {
                // A strip along the left edge: border, corner and ground, but no letters.
                let (x, y) = (place.x.round() as usize, (place.y + place.height / 2.0).round() as usize);
                let strip = y * width + x..y * width + x + (1.8 * mm) as usize;
                bench.canvas.with_pixels(|pixels| pixels[strip].to_vec())
            };
            for pair in members.windows(2) {
                // Shares of a row are rounded to whole pixels.
                assert!((pair[0].width - pair[1].width).abs() <= 1.0, "{name}: {pair:?}");
                assert!((pair[0].height - pair[1].height).abs() <= 1.0, "{name}: {pair:?}");
                assert!(look(&pair[0]) == look(&pair[1]), "{name}");
                let across = pair[1].x - pair[0].x - pair[0].width;
                let down = pair[1].y - pair[0].y - pair[0].height;
                assert!(across.max(down) >= 6.0 * mm, "{name}: {pair:?}");
            }
        }
    });
}

#[test]
fn the_keys_are_at_the_same_places_for_pin_and_surface_code() {
    let bench = Bench::new(Panel::default());
    let keys = |name: &str| {
        bench.show(&sample(name));
        let mut places = bench.canvas.places();
        places.retain(|place| place.name.starts_with("key ") || matches!(place.name.as_str(), "erase" | "confirm"));
        places
    };
    let pin = keys("entering_pin");
    assert_eq!(pin.len(), 12);
    for name in ["keying_surface_code-birth_date", "keying_surface_code-expiry", "keying_surface_code-code_wrong"] {
        assert_eq!(keys(name), pin, "{name}");
    }
}

#[test]
fn the_ways_after_a_failed_face_are_equals() {
    let failed = |sample: &Sample| matches!(sample.view.screen, Screen::FaceFailed { .. });
    everywhere_of(&PANELS, &CLASSES, failed, |bench, _, name| {
        let mut places = bench.canvas.places();
        places.retain(|place| matches!(place.name.as_str(), "again" | "pin" | "visual"));
        for pair in places.windows(2) {
            assert!((pair[0].width - pair[1].width).abs() <= 1.0, "{name}: {pair:?}");
            assert!((pair[0].height - pair[1].height).abs() <= 1.0, "{name}: {pair:?}");
        }
    });
}

#[test]
fn the_pin_keys_never_change_places() {
    let threads = PANELS.map(|panel| {
        std::thread::spawn(move || {
            let bench = Bench::new(panel);
            bench.show(&sample("entering_pin"));
            let key = |name: &str| {
                let places = bench.canvas.places();
                let place = places.iter().find(|place| place.name == name).unwrap();
                (place.x.round() as i32, place.y.round() as i32)
            };
            for row in 0..3 {
                let [left, middle, right] = [1, 2, 3].map(|column| key(&format!("key {}", 3 * row + column)));
                assert!(left.0 < middle.0 && middle.0 < right.0 && left.1 == middle.1 && middle.1 == right.1);
                assert_eq!(left.0, key("key 1").0);
            }
            assert_eq!(key("key 0").0, key("key 8").0);
            assert_eq!((key("erase").0, key("confirm").0), (key("key 7").0, key("key 9").0));
            assert_eq!((key("erase").1, key("confirm").1), (key("key 0").1, key("key 0").1));
            let pad =
                |place: &&Placed| place.name.starts_with("key ") || matches!(place.name.as_str(), "erase" | "confirm");
            let widths: Vec<_> = bench.canvas.places().iter().filter(pad).map(|place| place.width).collect();
            assert_eq!(widths.len(), 12);
            assert!(widths.iter().all(|width| (width - widths[0]).abs() <= 1.0), "{widths:?}");
            // A digit more changes nothing.
            let before = bench.canvas.places();
            bench.show(&View {
                screen: Screen::EnteringPin { phone: false, digits: 4, notice: None, face: true },
                ..sample("entering_pin")
            });
            assert_eq!(before, bench.canvas.places());
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn cancel_and_staff_call_stand_in_one_place() {
    let bench = Bench::new(Panel::default());
    let mut seen = [BTreeSet::new(), BTreeSet::new()];
    for sample in ui::samples(screen::Language::Ja, false) {
        bench.show(&sample.view);
        for place in bench.canvas.places() {
            // Each has its own edge of the bar; the words of the staff call say when staff are called.
            let [left, right] = [place.x, place.x + place.width].map(|x| (x.round() as i32, place.y.round() as i32));
            match place.name.as_str() {
                "cancel" => drop(seen[0].insert(left)),
                "call_staff" => drop(seen[1].insert(right)),
                _ => {}
            }
        }
    }
    assert_eq!(seen.map(|places| places.len()), [1, 1]);
}

/// Trembling hands tap twice: the second tap must not answer a question that nobody has read, nor turn its page.
#[test]
fn a_second_tap_of_the_same_finger_answers_nothing_new() {
    let bench = Bench::new(PANELS[0]);
    let view = sample("consent_each");
    bench.show(&view);
    let place = |name: &str| centre(bench.canvas.places().iter().find(|place| place.name == name).unwrap());
    let (x, y) = place("agree");
    bench.canvas.tap(x, y);
    let agree = |revision| ToDaemon::Touched { revision, target: Target::Agree };
    assert_eq!(bench.sent.take(), [agree(view.revision)]);
    let next = View { revision: Revision(view.revision.0 + 1), ..view };
    bench.show(&next);
    bench.canvas.tap_at_once(x, y);
    assert_eq!(bench.sent.take(), [], "it was drawn a moment ago");
    let (away, down) = place("decline");
    bench.canvas.tap_at_once(away, down);
    let decline = ToDaemon::Touched { revision: next.revision, target: Target::Decline };
    assert_eq!(bench.sent.take(), [decline], "who goes elsewhere meant it");
    std::thread::sleep(Duration::from_millis(600));
    bench.canvas.tap_at_once(x, y);
    assert_eq!(bench.sent.take(), [agree(next.revision)]);

    let more = || bench.canvas.places().iter().any(|place| place.name == "next_page");
    let paged = samples(Language::My, true).into_iter().find(|sample| sample.name == "consent_each").unwrap();
    bench.show(&paged.view);
    let (x, y) = place("next_page");
    bench.canvas.tap(x, y);
    bench.canvas.draw();
    bench.canvas.tap_at_once(x, y);
    bench.canvas.draw();
    assert!(more(), "one page of three");
    std::thread::sleep(Duration::from_millis(600));
    bench.canvas.tap_at_once(x, y);
    bench.canvas.draw();
    assert!(!more(), "and the next, when it was read");
}

//! What has to be seen before an answer can be touched: earlier answers whole, and the line about one's rights.

mod common;

use common::{Bench, CLASSES, PANELS, everywhere_of, turn_one_page, turn_the_page};
use i_slint_backend_testing::ElementHandle;
use screen::Screen;
use ui::Sample;

/// Left, upper, right and lower edge, pixels.
type Edges = [f32; 4];

/// Every visible element of a kind.
fn visible(bench: &Bench, type_name: &str) -> Vec<(String, Edges)> {
    ElementHandle::find_by_element_type_name(bench.canvas.glass().window(), type_name)
        .filter(|element| element.size().width > 0.0 && element.computed_opacity() > 0.0)
        .map(|element| {
            let (position, size) = (element.absolute_position(), element.size());
            let edges = [position.x, position.y, position.x + size.width, position.y + size.height];
            (element.accessible_label().unwrap_or_default().to_string(), edges)
        })
        .collect()
}

/// The screens with a question that somebody agrees to or not.
fn asks(sample: &Sample) -> bool {
    matches!(
        sample.view.screen,
        Screen::ConsentAll { .. }
            | Screen::ConsentEach { .. }
            | Screen::ChoosingPrescription { .. }
            | Screen::SigningUp { .. }
    )
}

fn within(inner: Edges, outer: Edges) -> bool {
    inner[0] >= outer[0] - 1.0 && inner[1] >= outer[1] - 1.0 && inner[2] <= outer[2] + 1.0 && inner[3] <= outer[3] + 1.0
}

/// The sheet around a consent question, or the part of it that can be seen where its text scrolls.
fn viewport(bench: &Bench) -> Edges {
    let sheet = |name: &str| visible(bench, name).first().map(|(_, edges)| *edges);
    sheet("Flickable").or_else(|| sheet("Sheet")).expect("a consent screen has a sheet")
}

#[test]
fn earlier_answers_are_all_seen_whole_before_they_can_be_given_again_and_nothing_there_scrolls() {
    let earlier = |sample: &Sample| sample.name == "consent_all-previous";
    everywhere_of(&PANELS, &CLASSES, earlier, |bench, sample, name| {
        let Screen::ConsentAll { previous, text: consent, .. } = &sample.view.screen else { panic!("{name}") };
        let mut rights_seen = false;
        let panel = bench.canvas.panel();
        let mut seen = Vec::new();
        loop {
            let offered = bench.canvas.places().iter().any(|place| place.name == "same_as_before");
            // The Japanese text of the question may stand before them, and may be long.
            let lines: Vec<_> =
                visible(bench, "Line").into_iter().filter(|(label, _)| previous.contains(label)).collect();
            let rights = visible(bench, "Rights").into_iter().find(|(label, _)| *label == consent.rights);
            if !lines.is_empty() || rights.is_some() {
                assert!(visible(bench, "Flickable").is_empty() && visible(bench, "ArrowButton").is_empty(), "{name}");
                let viewport = viewport(bench);
                assert!(within(viewport, [0.0, 0.0, panel.width as f32, panel.height as f32]), "{name}");
                let mut above = 0.0;
                for (line, edges) in lines {
                    assert!(within(edges, viewport), "{name}: {line:?} {edges:?} leaves {viewport:?}");
                    assert!(edges[1] >= above - 1.0, "{name}: {line:?}");
                    above = edges[3];
                    seen.push(line);
                }
                if let Some((_, rights)) = rights {
                    assert!(within(rights, viewport) && rights[1] >= above - 1.0, "{name}: {rights:?} of {viewport:?}");
                    rights_seen = true;
                }
            }
            if offered {
                assert_eq!(&seen, previous, "{name}");
                assert!(rights_seen, "{name}: no line about one's rights");
                break;
            }
            assert!(turn_one_page(bench, &sample.view), "{name}: neither answers nor another page");
        }
    });
}

#[test]
fn question_and_rights_are_seen_whole_before_an_answer_can_be_touched() {
    everywhere_of(&PANELS, &CLASSES, asks, |bench, sample, name| {
        let (Screen::ConsentAll { text: consent, .. } | Screen::ConsentEach { text: consent, .. }) =
            &sample.view.screen
        else {
            return;
        };
        if matches!(&sample.view.screen, Screen::ConsentAll { previous, .. } if !previous.is_empty()) {
            return;
        }
        let (mut asked, mut rights) = (false, false);
        loop {
            let whole = |kind: &str, words: &str| {
                let texts = visible(bench, kind).into_iter();
                // Large type puts the place of the question before it.
                texts.filter(|(label, _)| label.ends_with(words)).any(|(_, edges)| within(edges, viewport(bench)))
            };
            asked |= whole("Headline", &consent.question);
            rights |= whole("Body", &consent.rights);
            let offered =
                bench.canvas.places().iter().any(|place| ["agree_all", "agree"].contains(&place.name.as_str()));
            if offered {
                assert!(asked && rights, "{name}: asked {asked}, rights {rights}");
                break;
            }
            assert!(turn_one_page(bench, &sample.view), "{name}: neither answers nor another page");
        }
    });
}

#[test]
fn the_binding_text_is_seen_before_an_answer_can_be_touched() {
    let answers = ["agree_all", "agree", "electronic", "sign_up", "same_as_before"];
    everywhere_of(&PANELS, &CLASSES, asks, move |bench, sample, name| {
        let (Screen::ConsentAll { japanese: Some(japanese), .. }
        | Screen::ConsentEach { japanese: Some(japanese), .. }
        | Screen::ChoosingPrescription { japanese: Some(japanese), .. }
        | Screen::SigningUp { japanese: Some(japanese), .. }) = &sample.view.screen
        else {
            return;
        };
        // Either below the question, or on a page before it.
        let seen =
            |bench: &Bench| visible(bench, "Copy").into_iter().filter(|(label, _)| *label == japanese.rights).count();
        let offered = |bench: &Bench| bench.canvas.places().iter().any(|place| answers.contains(&place.name.as_str()));
        assert_eq!(seen(bench), 1, "{name}");
        let below = offered(bench);
        let turned = turn_the_page(bench, &sample.view);
        assert_eq!(turned, !below, "{name}: a page before, or the answers at once");
        assert!(offered(bench), "{name}");
        // A dot of the countdown more is the same page; the next question begins with its own copy.
        bench.show(&screen::View { countdown: Some(5), ..sample.view.clone() });
        assert!(offered(bench), "{name}");
        let next = screen::Revision(sample.view.revision.0 + 10_000);
        bench.show(&screen::View { revision: next, ..sample.view.clone() });
        assert_eq!(offered(bench), below, "{name}");
    });
}

//! What has to be seen before an answer can be touched: earlier answers whole, and the line about one's rights.

mod common;

use common::{Bench, everywhere, turn_the_page};
use i_slint_backend_testing::ElementHandle;
use screen::Screen;

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

/// The one visible text with these words.
fn text(bench: &Bench, words: &str, name: &str) -> Edges {
    let found: Vec<_> = visible(bench, "Body").into_iter().filter(|(label, _)| label == words).collect();
    assert_eq!(found.len(), 1, "{name}: {words:?} is there {} times", found.len());
    found[0].1
}

fn within(inner: Edges, outer: Edges) -> bool {
    inner[0] >= outer[0] - 1.0 && inner[1] >= outer[1] - 1.0 && inner[2] <= outer[2] + 1.0 && inner[3] <= outer[3] + 1.0
}

/// The sheet around a consent question, or the part of it that can be seen where its text scrolls.
fn viewport(bench: &Bench) -> Edges {
    let sheet = |name: &str| visible(bench, name).first().map(|(_, edges)| *edges);
    sheet("Flickable").or_else(|| sheet("PreviousAnswers")).expect("a consent screen has a sheet")
}

#[test]
fn earlier_answers_are_seen_whole_each_on_one_line_and_nothing_there_scrolls() {
    everywhere(|bench, sample, name| {
        let Screen::ConsentAll { previous, text: consent, .. } = &sample.view.screen else { return };
        if previous.is_empty() {
            return;
        }
        assert_eq!(previous.len(), 3, "{name}");
        turn_the_page(bench, &sample.view);
        assert!(visible(bench, "Flickable").is_empty() && visible(bench, "ArrowButton").is_empty(), "{name}");
        let (viewport, panel) = (viewport(bench), bench.canvas.panel());
        assert!(within(viewport, [0.0, 0.0, panel.width as f32, panel.height as f32]), "{name}");
        let first = bench.canvas.places().into_iter().find(|place| place.name == "same_as_before").unwrap();
        // 24 pt, and 32 pt in large type; two lines would be at least twice that.
        let letters = if sample.view.comfort.large { 32.0 } else { 24.0 } * panel.dpi() / 72.0;
        let mut above = 0.0;
        for line in previous {
            let edges = text(bench, line, name);
            assert!(within(edges, viewport), "{name}: {line:?} {edges:?} leaves {viewport:?}");
            assert!(edges[3] - edges[1] < 2.0 * letters, "{name}: {line:?} is broken");
            assert!(edges[1] >= above - 1.0 && edges[3] <= first.y, "{name}: {line:?}");
            above = edges[3];
        }
        let rights = text(bench, &consent.rights, name);
        assert!(within(rights, viewport) && rights[1] >= above - 1.0, "{name}: {rights:?} leaves {viewport:?}");
    });
}

#[test]
fn the_line_about_ones_rights_is_seen_without_scrolling() {
    everywhere(|bench, sample, name| {
        let (Screen::ConsentAll { text: consent, .. } | Screen::ConsentEach { text: consent, .. }) =
            &sample.view.screen
        else {
            return;
        };
        // Large type has no room for both everywhere; there two keys lead to the rest.
        if sample.view.comfort.large {
            return;
        }
        turn_the_page(bench, &sample.view);
        let (rights, viewport) = (text(bench, &consent.rights, name), viewport(bench));
        assert!(within(rights, viewport), "{name}: {rights:?} leaves {viewport:?}");
    });
}

#[test]
fn the_binding_text_is_seen_before_an_answer_can_be_touched() {
    let answers = ["agree_all", "agree", "electronic", "sign_up", "same_as_before"];
    everywhere(move |bench, sample, name| {
        let japanese = match &sample.view.screen {
            Screen::ConsentAll { japanese, .. }
            | Screen::ConsentEach { japanese, .. }
            | Screen::ChoosingPrescription { japanese, .. }
            | Screen::SigningUp { japanese, .. } => japanese,
            _ => return,
        };
        let Some(japanese) = japanese else { return };
        // Either below the question, or on a page before it.
        let seen = |bench: &Bench| {
            let texts = visible(bench, "Headline").into_iter().chain(visible(bench, "Body"));
            texts.filter(|(label, _)| *label == japanese.rights).count()
        };
        let offered = |bench: &Bench| bench.canvas.places().iter().any(|place| answers.contains(&place.name.as_str()));
        // A long one scrolls, and two keys say so.
        assert!(seen(bench) == 1 || !visible(bench, "ArrowButton").is_empty(), "{name}");
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

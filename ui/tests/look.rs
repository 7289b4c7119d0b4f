//! How it looks: contrast, sizes, nothing clipped, the same view always the same pixels.

mod common;

use common::{Bench, CLASSES, PANELS, everywhere, sample};
use i_slint_backend_testing::ElementHandle;
use screen::{Language, View};
use slint::{Color, ComponentHandle};
use ui::{Panel, Tokens, samples};

/// WCAG 2 relative luminance.
fn luminance(color: Color) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue())
}

fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_pair_of_colours_has_its_contrast() {
    let bench = Bench::new(Panel::default());
    let tokens = bench.canvas.glass().window().global::<Tokens>();
    // The table of the design, and 7 : 1 for every other pair that occurs.
    for (name, front, back, least) in [
        ("ink on ground", tokens.get_ink(), tokens.get_ground(), 15.9),
        ("ink on surface", tokens.get_ink(), tokens.get_surface(), 15.9),
        ("soft ink on ground", tokens.get_ink_soft(), tokens.get_ground(), 11.5),
        ("soft ink on surface", tokens.get_ink_soft(), tokens.get_surface(), 11.5),
        ("soft ink on closed", tokens.get_ink_soft(), tokens.get_pressed(), 7.0),
        ("ink on pressed", tokens.get_ink(), tokens.get_pressed(), 7.0),
        ("touch on surface", tokens.get_touch(), tokens.get_surface(), 11.0),
        ("touch on ground", tokens.get_touch(), tokens.get_ground(), 7.0),
        ("touch on pressed", tokens.get_touch(), tokens.get_pressed(), 7.0),
        ("words on touch", tokens.get_on_touch(), tokens.get_touch(), 11.0),
        ("words on pressed primary", tokens.get_on_touch(), tokens.get_ink(), 7.0),
        ("done on ground", tokens.get_done(), tokens.get_ground(), 7.5),
        ("words on done", tokens.get_on_done(), tokens.get_done(), 7.0),
        ("ink on note", tokens.get_ink(), tokens.get_note(), 15.0),
        ("border of note", tokens.get_note_line(), tokens.get_note(), 4.5),
        ("shape on camera", tokens.get_camera_shape(), tokens.get_camera(), 1.4),
        ("oval on its edge", tokens.get_on_camera(), tokens.get_ink(), 15.0),
        ("progress on its edge", tokens.get_done(), tokens.get_on_camera(), 7.0),
        ("fault on ground", tokens.get_fault(), tokens.get_ground(), 7.15),
        ("ink line of the focus ring", tokens.get_ink(), tokens.get_focus(), 7.0),
    ] {
        assert!(contrast(front, back) >= least, "{name}: {:.2}", contrast(front, back));
    }
}

#[test]
fn type_and_targets_are_as_large_as_the_table_says() {
    let threads = PANELS.map(|panel| {
        std::thread::spawn(move || {
            let bench = Bench::new(panel);
            let tokens = bench.canvas.glass().window().global::<Tokens>();
            for large in [false, true] {
                bench.show(&View { large, ..sample("start") });
                let point = panel.dpi() / 72.0;
                let whole = |points: f32| (points * point).round();
                let (headline, body) = if large { (32.0, 32.0) } else { (28.0, 24.0) };
                assert!(tokens.get_headline() >= whole(headline), "{panel} {large}");
                assert!(tokens.get_body() >= whole(body), "{panel} {large}");
                assert!(tokens.get_target() >= (20.0 * panel.dpi() / 25.4).round());
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    let bench = Bench::new(Panel::default());
    let tokens = bench.canvas.glass().window().global::<Tokens>();
    bench.show(&sample("start"));
    assert_eq!((tokens.get_headline(), tokens.get_body()), (58.0, 50.0));
    assert_eq!((tokens.get_target(), tokens.get_bar(), tokens.get_margin()), (118.0, 126.0, 40.0));
    assert_eq!((tokens.get_gap_keys(), tokens.get_gap_answers()), (12.0, 40.0));
    bench.show(&View { large: true, ..sample("start") });
    assert_eq!(tokens.get_body(), 66.0);
}

/// A text that is cut off has letters on the edge of its box; one that fits has ground all around.
#[test]
fn no_text_is_clipped_and_none_lies_on_another() {
    everywhere(|bench, _, name| {
        let window = bench.canvas.glass().window();
        let panel = bench.canvas.panel();
        let rgb = bench.canvas.rgb();
        let pixel = |x: usize, y: usize| {
            let at = (y * panel.width as usize + x) * 3;
            [rgb[at], rgb[at + 1], rgb[at + 2]]
        };
        let boxes = |type_name: &str| {
            ElementHandle::find_by_element_type_name(window, type_name)
                .filter(|element| element.size().width > 0.0 && element.computed_opacity() > 0.0)
                .map(|element| {
                    let (position, size) = (element.absolute_position(), element.size());
                    let label = element.accessible_label().unwrap_or_default().to_string();
                    (position.x, position.y, position.x + size.width, position.y + size.height, label)
                })
                .collect::<Vec<_>>()
        };
        let places = bench.canvas.places();
        let mm = panel.dpi() / 25.4;
        // A text that scrolls is cut where its field ends, and two keys say so.
        let scrolls = !boxes("ArrowButton").is_empty();
        let field = boxes("Flickable").first().cloned().filter(|_| scrolls);
        let mut texts: Vec<(f32, f32, f32, f32, String, bool)> = Vec::new();
        for type_name in ["Headline", "Body", "Label", "Note", "Numeral", "Place"] {
            let is_label = type_name == "Label";
            texts.extend(boxes(type_name).into_iter().map(|(x0, y0, x1, y1, text)| (x0, y0, x1, y1, text, is_label)));
        }
        texts.retain(|(x0, y0, _, y1, _, _)| {
            field.as_ref().is_none_or(|field| *x0 < field.0 || *x0 > field.2 || (*y0 >= field.1 && *y1 <= field.3))
        });
        assert!(!texts.is_empty());
        for (number, (x0, y0, x1, y1, label, is_label)) in texts.iter().enumerate() {
            let inside = *x0 >= 0.0 && *y0 >= 0.0 && *x1 <= panel.width as f32 && *y1 <= panel.height as f32;
            assert!(inside, "{name}: {label:?} leaves the glass: {x0} {y0} {x1} {y1}");
            // A label may fill its target: look inside the target's border and between its corners.
            let fills =
                places.iter().any(|place| (y0 - place.y).abs() < 1.0 && (y1 - place.y - place.height).abs() < 1.0);
            let [across, down] = [if *is_label { 4.2 * mm } else { 0.0 }, if *is_label && fills { mm } else { 0.0 }];
            let (left, right) = ((x0 + across).ceil() as usize, (x1 - across).floor() as usize);
            for y in [(y0 + down).ceil() as usize, (y1 - down).floor() as usize - 1] {
                let ground = pixel(left, y);
                let free = (left..right).all(|x| pixel(x, y) == ground);
                assert!(free, "{name}: {label:?} is cut off at y = {y} of {y0}..{y1}");
            }
            for (x0b, y0b, x1b, y1b, other, _) in &texts[number + 1..] {
                let apart = x1 <= x0b || x1b <= x0 || *y1 <= y0b + 1.0 || *y1b <= y0 + 1.0;
                assert!(apart, "{name}: {label:?} lies on {other:?}");
            }
        }
        // Targets and texts that are no labels do not touch either.
        for place in &places {
            for (x0, y0, x1, y1, label, _) in &texts {
                let inside = *x0 >= place.x - 1.0 && *x1 <= place.x + place.width + 1.0;
                let apart = *x1 <= place.x + 1.0
                    || place.x + place.width <= x0 + 1.0
                    || *y1 <= place.y + 1.0
                    || place.y + place.height <= y0 + 1.0;
                assert!(apart || inside, "{name}: {label:?} lies on {}", place.name);
                let fits = *y0 >= place.y - 1.0 && *y1 <= place.y + place.height + 1.0;
                assert!(apart || fits, "{name}: {label:?} does not fit {}", place.name);
            }
        }
    });
}

#[test]
fn the_same_view_is_the_same_pixels_whatever_was_there_before() {
    let bench = Bench::new(Panel::default());
    let draw = |view: &View| {
        bench.show(view);
        bench.canvas.rgb()
    };
    for (language, large) in CLASSES {
        let all = samples(language, large);
        let first: Vec<_> = all.iter().map(|sample| draw(&sample.view)).collect();
        for (sample, pixels) in all.iter().zip(&first).rev() {
            let again = draw(&sample.view);
            let width = bench.canvas.panel().width as usize;
            let other = again.iter().zip(pixels).position(|(one, other)| one != other).map(|at| at / 3);
            let other = other.map(|at| (at % width, at / width));
            assert_eq!(other, None, "{} {} {large}: first pixel that differs", sample.name, language.tag());
        }
    }
}

#[test]
fn different_samples_look_different() {
    let bench = Bench::new(Panel::default());
    let mut seen = std::collections::HashMap::new();
    for sample in samples(Language::Ja, false) {
        bench.show(&sample.view);
        if let Some(other) = seen.insert(bench.canvas.rgb(), sample.name) {
            panic!("{} looks like {other}", sample.name);
        }
    }
}

#[test]
fn a_countdown_changes_the_bar_and_moves_no_target() {
    let bench = Bench::new(Panel::default());
    bench.show(&sample("entering_pin"));
    let (places, pixels) = (bench.canvas.places(), bench.canvas.rgb());
    bench.show(&View { countdown: Some(4), ..sample("entering_pin") });
    assert_eq!(places, bench.canvas.places());
    assert!(pixels != bench.canvas.rgb());
}

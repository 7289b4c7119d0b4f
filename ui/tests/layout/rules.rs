//! What must hold of every picture.

use std::collections::HashMap;

use i_slint_backend_testing::{ElementHandle, ElementQuery};
use screen::{Language, Screen};
use slint::{ComponentHandle, Rgb8Pixel};
use ui::{Letters as Global, Placed, Sample, Tokens};

use crate::{
    common::Bench,
    letters::{Letters, family_of},
    ruler::{Ruler, Setting},
};

/// One thing that is wrong.
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) words: String,
}

/// Where things that must never move were seen first.
#[derive(Default)]
pub(crate) struct Anchors(HashMap<String, [f32; 4]>);

/// A text on the glass. Edges: left, upper, right, lower.
struct Text {
    words: String,
    language: String,
    kind: String,
    edges: [f32; 4],
    /// How it is set.
    how: String,
}

const LEFT: usize = 0;
const UPPER: usize = 1;
const RIGHT: usize = 2;
const LOWER: usize = 3;

/// Characters of a facility's name that have to be seen whole; the sample's has seven.
const LONGEST_FACILITY: usize = 12;

fn edges(element: &ElementHandle) -> [f32; 4] {
    let (position, size) = (element.absolute_position(), element.size());
    [position.x, position.y, position.x + size.width, position.y + size.height]
}

fn find(bench: &Bench, type_name: &str) -> Vec<ElementHandle> {
    ElementQuery::from_root(bench.canvas.glass().window()).match_inherits(type_name).find_all()
}

fn texts(bench: &Bench) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    for element in find(bench, "Words") {
        let edges = edges(&element);
        let words = element.accessible_label().unwrap_or_default().to_string();
        if words.trim().is_empty() || edges[RIGHT] <= edges[LEFT] || element.computed_opacity() <= 0.0 {
            continue;
        }
        if texts.iter().any(|text| text.words == words && text.edges == edges) {
            continue;
        }
        let language = element.accessible_id().unwrap_or_default().to_string();
        let how = element.accessible_description().unwrap_or_default().to_string();
        let kind = element.type_name().unwrap_or_default().to_string();
        texts.push(Text { words, language, kind, edges, how });
    }
    texts
}

fn scrolls(bench: &Bench) -> bool {
    !find(bench, "ArrowButton").is_empty()
}

/// The texts that are seen whole: one that scrolls is cut where its field ends, and two keys say so.
fn seen(bench: &Bench) -> Vec<Text> {
    let mut texts = texts(bench);
    if scrolls(bench) {
        let fields: Vec<_> = find(bench, "Flickable").iter().map(edges).collect();
        texts.retain(|text| {
            fields.iter().all(|field| !lies_on(text.edges, *field) || within(text.edges, *field))
                && texts_do_not_hide(text, &fields)
        });
    }
    texts
}

/// How far two boxes overlap, pixels across and down; both above 1: they lie on each other.
fn overlap(one: [f32; 4], other: [f32; 4]) -> (f32, f32) {
    (
        one[RIGHT].min(other[RIGHT]) - one[LEFT].max(other[LEFT]),
        one[LOWER].min(other[LOWER]) - one[UPPER].max(other[UPPER]),
    )
}

fn lies_on(one: [f32; 4], other: [f32; 4]) -> bool {
    let (across, down) = overlap(one, other);
    across > 1.0 && down > 1.0
}

fn within(inner: [f32; 4], outer: [f32; 4]) -> bool {
    inner[LEFT] >= outer[LEFT] - 1.0
        && inner[UPPER] >= outer[UPPER] - 1.0
        && inner[RIGHT] <= outer[RIGHT] + 1.0
        && inner[LOWER] <= outer[LOWER] + 1.0
}

fn place_edges(place: &Placed) -> [f32; 4] {
    [place.x, place.y, place.x + place.width, place.y + place.height]
}

/// What is asked and answered has to be seen whole; other texts may be turned where they are long.
fn may_scroll(screen: &Screen) -> bool {
    !matches!(
        screen,
        Screen::ConsentAll { .. }
            | Screen::ConsentEach { .. }
            | Screen::ChoosingPrescription { .. }
            | Screen::SigningUp { .. }
            | Screen::ChoosingAnswerer { .. }
            | Screen::ReadingBack { .. }
            | Screen::LeavingAfterLookup
    )
}

pub(crate) fn check(
    bench: &Bench,
    sample: &Sample,
    (letters, ruler): (&mut Letters, &mut Ruler),
    anchors: &mut Anchors,
    findings: &mut Vec<Finding>,
) {
    let mut found = |rule: String, words: &str| findings.push(Finding { rule, words: words.to_owned() });
    let panel = bench.canvas.panel();
    let glass = [0.0, 0.0, panel.width as f32, panel.height as f32];
    let texts = seen(bench);
    let places = bench.canvas.places();
    if texts.is_empty() && !matches!(sample.view.screen, Screen::ComparingFaces { .. }) {
        found("no text".to_owned(), "");
    }

    if scrolls(bench) && !may_scroll(&sample.view.screen) {
        found("has to be scrolled".to_owned(), "");
    }

    for (number, text) in texts.iter().enumerate() {
        fits(text, ruler, bench, &mut found);
        for complaint in letters.complaints(&text.words, &text.language, sample.view.language) {
            found(complaint, &text.words);
        }
        if !within(text.edges, glass) {
            found(format!("leaves the glass: {:?}", text.edges), &text.words);
        }
        for other in &texts[number + 1..] {
            if lies_on(text.edges, other.edges) {
                found(format!("lies on {:?}", other.words), &text.words);
            }
        }
        for place in &places {
            let target = place_edges(place);
            if lies_on(text.edges, target) && !within(text.edges, target) {
                found(format!("does not fit {}", place.name), &text.words);
            }
        }
    }
    targets(bench, &places, anchors, &mut found);
    contrast(bench, &sample.view.screen, &texts, &mut found);
}

/// Only the contrast: colours are the same in every language.
pub(crate) fn check_contrast(bench: &Bench, sample: &Sample, findings: &mut Vec<Finding>) {
    let mut found = |rule: String, words: &str| findings.push(Finding { rule, words: words.to_owned() });
    contrast(bench, &sample.view.screen, &seen(bench), &mut found);
}

/// All of its lines and its longest word have room.
fn fits(text: &Text, ruler: &mut Ruler, bench: &Bench, found: &mut impl FnMut(String, &str)) {
    // A facility's name may be as long as it likes, and ends in dots.
    if text.kind == "Place" && text.words.chars().count() > LONGEST_FACILITY {
        return;
    }
    let Some(language) = Language::ALL.into_iter().find(|language| language.key() == text.language) else { return };
    let letters = bench.canvas.glass().window().global::<Global>();
    let words = letters.invoke_keep(text.words.as_str().into(), language.into());
    let [left, upper, right, lower] = text.edges;
    // Whole pixels, upwards: boxes lie on whole pixels only nearly.
    let across = (right - left + 0.5) as u32;
    let setting = Setting { text: words.to_string(), family: family_of(language), how: text.how.clone(), across };
    let [high, wide] = ruler.needs(setting);
    if high > lower - upper + 1.5 {
        found(format!("cut off: {:.0} high, needs {high:.0}", lower - upper), &text.words);
    }
    if wide > right - left + 1.5 {
        found(format!("cut off or broken: {:.0} wide, needs {wide:.0}", right - left), &text.words);
    }
}

/// Below or above the field of a scroller there is nothing to see of a text that is in it.
fn texts_do_not_hide(text: &Text, fields: &[[f32; 4]]) -> bool {
    fields.iter().all(|field| {
        let beside = text.edges[LEFT] < field[LEFT] - 1.0 || text.edges[RIGHT] > field[RIGHT] + 1.0;
        beside || within(text.edges, *field) || text.kind == "Label" || text.kind == "Place" || text.kind == "Note"
    })
}

/// Large enough, apart from each other, and those of the two bars always in one place.
fn targets(bench: &Bench, places: &[Placed], anchors: &mut Anchors, found: &mut impl FnMut(String, &str)) {
    let least = bench.canvas.glass().window().global::<Tokens>().get_target();
    let millimetre = bench.canvas.panel().dpi() / 25.4;
    assert!(least >= 20.0 * millimetre - 0.5, "the token itself is too small");
    for (number, place) in places.iter().enumerate() {
        if place.width < least - 0.5 || place.height < least - 0.5 {
            found(format!("target of {:.0} × {:.0}, least {least}", place.width, place.height), &place.name);
        }
        for other in &places[number + 1..] {
            if lies_on(place_edges(place), place_edges(other)) {
                found(format!("target lies on {}", other.name), &place.name);
            }
        }
        let anchor = match place.name.as_str() {
            "cancel" | "language" | "comfort" => Some([place.x, place.y, place.width, place.height]),
            // Its right edge: the words change when staff were called.
            "call_staff" => Some([place.x + place.width, place.y, 0.0, place.height]),
            _ => None,
        };
        if let Some(now) = anchor {
            let first = *anchors.0.entry(place.name.clone()).or_insert(now);
            if first.iter().zip(now).any(|(first, now)| (first - now).abs() > 0.5) {
                found(format!("moved from {first:?} to {now:?}"), &place.name);
            }
        }
    }
}

/// WCAG 2: a channel's part of the luminance, in millionths.
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    1e6 * if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn ratio(one: u32, other: u32) -> f64 {
    (f64::from(one.max(other)) + 5e4) / (f64::from(one.min(other)) + 5e4)
}

/// Luminances of the glass, in millionths.
struct Light<'a> {
    pixels: &'a [Rgb8Pixel],
    width: usize,
    table: [[u32; 256]; 3],
}

impl Light<'_> {
    fn at(&self, x: usize, y: usize) -> u32 {
        let pixel = self.pixels[y * self.width + x];
        self.table[0][pixel.r as usize] + self.table[1][pixel.g as usize] + self.table[2][pixel.b as usize]
    }
}

/// The letters against what is most of the edge of their box, on the glass itself.
fn contrast(bench: &Bench, screen: &Screen, texts: &[Text], found: &mut impl FnMut(String, &str)) {
    let question = matches!(
        screen,
        Screen::ConsentAll { .. }
            | Screen::ConsentEach { .. }
            | Screen::ChoosingPrescription { .. }
            | Screen::SigningUp { .. }
    );
    let table = [0.2126, 0.7152, 0.0722].map(|part| std::array::from_fn(|value| (part * linear(value as u8)) as u32));
    let (width, height) = (bench.canvas.panel().width as usize, bench.canvas.panel().height as usize);
    bench.canvas.with_pixels(|pixels| {
        let light = Light { pixels, width, table };
        for text in texts {
            let [x0, y0, x1, y1] = text.edges.map(|edge| edge.max(0.0).round() as usize);
            let (x1, y1) = (x1.min(width), y1.min(height));
            if x0 + 4 < x1 && y0 + 4 < y1 {
                contrast_of(&light, text, [x0, y0, x1, y1], question, found);
            }
        }
    });
}

fn contrast_of(
    light: &Light<'_>,
    text: &Text,
    [x0, y0, x1, y1]: [usize; 4],
    question: bool,
    found: &mut impl FnMut(String, &str),
) {
    let mut edge: Vec<u32> = (x0..x1).step_by(2).flat_map(|x| [light.at(x, y0 + 1), light.at(x, y1 - 2)]).collect();
    edge.sort_unstable();
    let ground = edge[edge.len() / 2];
    // Ink on the outermost rows of a box goes on beyond them, and is cut off there. What fills a target or a bar has
    // their lines on those rows.
    let touches = |y: usize| (x0 + 1..x1 - 1).any(|x| ratio(light.at(x, y), ground) > 2.0);
    if matches!(text.kind.as_str(), "Headline" | "Body") && (touches(y0) || touches(y1 - 1)) {
        found("ink at the edge of its box".to_owned(), &text.words);
    }
    let least = if question && text.kind == "Headline" { 10.0 } else { 7.0 };
    // Lines of letters are several pixels wide: every second one is enough, and so is the first that is dark or light enough.
    let mut best = 1.0_f64;
    'looking: for y in (y0..y1).step_by(2) {
        for x in (x0..x1).step_by(2) {
            let here = light.at(x, y);
            if here != ground {
                best = best.max(ratio(here, ground));
                if best >= least {
                    break 'looking;
                }
            }
        }
    }
    if best < least {
        found(format!("contrast {best:.1} : 1, least {least}"), &text.words);
    }
}

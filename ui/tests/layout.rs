//! Every screen in every language, size and orientation, drawn and measured. One test a language, so that they run side by
//! side; what fails is told with its screen, language, size, orientation and words, all of it at once, and stands in
//! `layout-LANGUAGE.txt` in the folder cargo gives tests.

mod common;
#[path = "layout/letters.rs"]
mod letters;
#[path = "layout/ruler.rs"]
mod ruler;
#[path = "layout/rules.rs"]
mod rules;

use std::{fs, path::Path};

use common::Bench;
use rules::{Anchors, Finding};
use screen::Language;
use slint::ComponentHandle;
use ui::{Panel, every_text, samples};

/// The two panels of the specification.
const PANELS: [(&str, Panel); 2] = [("landscape", Panel::new(1280, 800)), ("portrait", Panel::new(800, 1280))];

/// Findings of one language on one panel.
fn look(language: Language, orientation: &'static str, panel: Panel) -> Vec<String> {
    let bench = Bench::new(panel);
    bench.canvas.glass().window().global::<ui::Letters>().set_measured(true);
    let mut letters = letters::Letters::new();
    let mut ruler = ruler::Ruler::new();
    let mut told = Vec::new();
    for large in [false, true] {
        let mut anchors = Anchors::default();
        let mut all = samples(language, large);
        all.extend(every_text(language, large));
        for sample in all {
            bench.canvas.glass().expire_picture(u64::MAX);
            bench.show(&sample.view);
            if sample.live {
                bench.canvas.show_test_pattern();
            }
            let mut findings: Vec<Finding> = Vec::new();
            loop {
                rules::check(&bench, &sample, (&mut letters, &mut ruler), &mut anchors, &mut findings);
                if !common::turn_one_page(&bench, &sample.view) {
                    break;
                }
            }
            let size = if large { "large" } else { "normal" };
            told.extend(findings.into_iter().map(|Finding { rule, words }| {
                format!("{} | {} | {size} | {orientation} | {rule} | {words}", sample.name, language.key())
            }));
        }
    }
    told
}

fn check(language: Language) {
    if !common::translated(language) {
        // That every language is there is a test of its own; Japanese words would only say the same again.
        return;
    }
    let threads = PANELS.map(|(name, panel)| std::thread::spawn(move || look(language, name, panel)));
    let mut told: Vec<String> = Vec::new();
    for thread in threads {
        match thread.join() {
            Ok(lines) => told.extend(lines),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    told.sort();
    told.dedup();
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("layout-{}.txt", language.key()));
    fs::write(&list, told.join("\n")).unwrap();
    let shown = told.iter().take(120).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(told.is_empty(), "{} findings, all of them in {}:\n{shown}", told.len(), list.display());
}

#[test]
fn high_contrast_has_its_contrast_on_the_glass() {
    let bench = Bench::new(Panel::default());
    bench.canvas.glass().window().global::<ui::Letters>().set_measured(true);
    let mut findings = Vec::new();
    for mut sample in samples(Language::Ja, false) {
        sample.view.comfort.contrast = true;
        bench.show(&sample.view);
        let mut of_one = Vec::new();
        rules::check_contrast(&bench, &sample, &mut of_one);
        findings.extend(of_one.into_iter().map(|one| format!("{} | {} | {}", sample.name, one.rule, one.words)));
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

macro_rules! languages {
    ($($name:ident $language:ident)*) => {$(
        #[test]
        fn $name() {
            check(Language::$language);
        }
    )*};
}

languages! {
    japanese Ja
    easy_japanese JaEasy
    english En
    simplified_chinese ZhHans
    traditional_chinese ZhHant
    korean Ko
    vietnamese Vi
    portuguese Pt
    filipino Fil
    nepali Ne
    indonesian Id
    burmese My
}

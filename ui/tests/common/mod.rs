//! What the tests of this crate share.
#![allow(dead_code, reason = "every test program uses its own part")]

use std::{cell::RefCell, rc::Rc};

use screen::{Language, Revision, Screen, ToDaemon, View};
use ui::{Canvas, Panel, Sample, samples};

/// The two panels of the specification, and a sharper one.
pub(crate) const PANELS: [Panel; 3] = [Panel::new(1280, 800), Panel::new(800, 1280), Panel::new(1920, 1200)];

/// Every language and size class.
pub(crate) const CLASSES: [(Language, bool); 4] =
    [(Language::Ja, false), (Language::En, false), (Language::Ja, true), (Language::En, true)];

/// A canvas and everything that leaves it. One per thread.
pub(crate) struct Bench {
    pub(crate) canvas: Canvas,
    pub(crate) sent: Rc<RefCell<Vec<ToDaemon>>>,
}

impl Bench {
    pub(crate) fn new(panel: Panel) -> Self {
        let canvas = Canvas::new(panel).unwrap();
        let sent = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&sent);
        canvas.report_to(Some(Box::new(move |message| log.borrow_mut().push(message))));
        Self { canvas, sent }
    }

    /// Draws a view and forgets what was sent until then.
    pub(crate) fn show(&self, view: &View) {
        self.canvas.show(view);
        self.sent.borrow_mut().clear();
    }
}

/// Runs `check` on every sample, on every panel, in every class; each panel on its own thread.
pub(crate) fn everywhere(check: impl Fn(&Bench, &Sample, &str) + Send + Copy + 'static) {
    everywhere_of(&PANELS, &CLASSES, |_| true, check);
}

/// The same on some panels, in some classes, and on those samples that `wanted` names: the others are not drawn.
pub(crate) fn everywhere_of(
    panels: &[Panel],
    classes: &[(Language, bool)],
    wanted: impl Fn(&Sample) -> bool + Send + Copy + 'static,
    check: impl Fn(&Bench, &Sample, &str) + Send + Copy + 'static,
) {
    let threads = panels.iter().map(|panel| {
        let (panel, classes) = (*panel, classes.to_vec());
        std::thread::spawn(move || {
            let bench = Bench::new(panel);
            let mut number = 0;
            for (language, large) in classes {
                for mut sample in samples(language, large).into_iter().filter(wanted) {
                    // Another language is another question too.
                    number += 1;
                    sample.view.revision = Revision(number);
                    bench.canvas.glass().expire_picture(u64::MAX);
                    bench.show(&sample.view);
                    if sample.live {
                        bench.canvas.show_test_pattern();
                    }
                    let name = format!("{} {panel} {} large={large}", sample.name, language.tag());
                    check(&bench, &sample, &name);
                }
            }
        })
    });
    // All of them run before the first is waited for.
    let threads: Vec<_> = threads.collect();
    for thread in threads {
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

pub(crate) fn sample(name: &str) -> View {
    samples(Language::Ja, false).into_iter().find(|sample| sample.name == name).unwrap().view
}

/// The fixed labels are there in this language; Japanese is what the screens hold.
pub(crate) fn translated(language: Language) -> bool {
    language == Language::Ja || catalogue_path(language).exists()
}

pub(crate) fn catalogue_path(language: Language) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("translations");
    folder.join(language.key()).join("LC_MESSAGES/ui.po")
}

/// A Japanese copy that does not fit below the question stands before it, and answers that are read back may have several
/// pages: they are turned until the answers can be touched.
pub(crate) fn turn_the_page(bench: &Bench, view: &View) -> bool {
    let mut turned = false;
    while turn_one_page(bench, view) {
        turned = true;
    }
    turned
}

/// One page, where there is another.
pub(crate) fn turn_one_page(bench: &Bench, view: &View) -> bool {
    let asks = matches!(
        view.screen,
        Screen::ConsentAll { .. }
            | Screen::ConsentEach { .. }
            | Screen::ChoosingPrescription { .. }
            | Screen::SigningUp { .. }
            | Screen::ReadingBack { .. }
    );
    let places = bench.canvas.places();
    let next = places.iter().find(|place| place.name == "next_page").filter(|_| asks);
    if let Some(next) = next {
        let (x, y) = (next.x + next.width / 2.0, next.y + next.height / 2.0);
        bench.canvas.tap(x, y);
        bench.canvas.draw();
        bench.sent.borrow_mut().clear();
    }
    next.is_some()
}

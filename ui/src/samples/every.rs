//! Every text of the daemon's data files on its screen.

use screen::{Answerer, MethodState, Progress, Screen};

use super::{
    Add,
    words::{Words, codes, items, other_cards, reasons},
};

const AT: Option<Progress> = Some(Progress::Consent);
const BY: Answerer = Answerer::Patient;

pub(super) fn every(words: &Words, add: &mut Add<'_>) {
    let mut lines = Vec::new();
    for item in items() {
        let path = format!("items.{item}");
        asked(words, item, &path, add);
        let (title, paragraphs) = words.detail(&path);
        add(item, AT, true, Screen::ConsentDetail { title, paragraphs });
        lines.push(words.line(item, "no"));
    }
    let (title, paragraphs) = words.detail("all");
    add("all", AT, true, Screen::ConsentDetail { title, paragraphs });
    let (text, japanese) = words.asked("all");
    let previous = lines.iter().take(4).cloned().collect();
    let reviewed = words.reviewed("all");
    add("all", AT, true, Screen::ConsentAll { text, japanese, previous, by: BY, staff: true, reviewed });
    add("all", AT, true, Screen::ReadingBack { lines });
    for reason in reasons() {
        let (face, visual) = (words.closed(reason), words.closed(reason));
        add(reason, Some(Progress::Identity), true, Screen::ChoosingMethod { face, pin: MethodState::Open, visual });
    }
    for code in codes() {
        let fault = words.fault(code);
        add(code, None, false, Screen::NeedHelp { fault, take_card: true, ways: vec![] });
    }
    for kind in other_cards() {
        let mut fault = words.fault("002");
        fault.headline = words.other_card(kind);
        add(kind, None, false, Screen::NeedHelp { fault, take_card: true, ways: vec![] });
    }
}

fn asked(words: &Words, item: &'static str, path: &str, add: &mut Add<'_>) {
    let (text, japanese) = words.asked(path);
    let reviewed = words.reviewed(path);
    let screen = match item {
        "prescription" => Screen::ChoosingPrescription { text, japanese, back: true, reviewed },
        "other_certificates" => {
            Screen::ConsentEach { text, japanese, number: 1, count: 1, back: false, by: BY, staff: false, reviewed }
        }
        _ => Screen::ConsentEach { text, japanese, number: 3, count: 4, back: true, by: BY, staff: true, reviewed },
    };
    add(item, AT, true, screen);
}

//! Sign-up, consent and the other questions.

use screen::{Answerer, Progress, Screen};

use super::{Add, words::Words};

const AT: Option<Progress> = Some(Progress::Consent);

pub(super) fn consent(words: &Words, add: &mut Add<'_>) {
    sign_up(words, add);
    all(words, add);
    each(words, add);
    extras(words, add);
    let (title, paragraphs) = words.detail("items.operations");
    add("consent_detail", AT, true, Screen::ConsentDetail { title, paragraphs });
    add("choosing_answerer", AT, true, Screen::ChoosingAnswerer { staff: false });
    add("choosing_answerer-staff", AT, true, Screen::ChoosingAnswerer { staff: true });
    let mut lines = vec![words.line("medicines", "yes"), words.line("checkups", "no")];
    add("reading_back", AT, true, Screen::ReadingBack { lines: lines.clone() });
    lines.extend([words.line("operations", "yes"), words.line("infections", "")]);
    lines.extend([words.line("other_certificates", "no"), words.line("prescription", "no")]);
    add("reading_back-long", AT, true, Screen::ReadingBack { lines });
    add("leaving_after_lookup", AT, false, Screen::LeavingAfterLookup);
}

fn sign_up(words: &Words, add: &mut Add<'_>) {
    for (name, step, confirm) in [("signing_up", "first", false), ("signing_up-confirm", "second", true)] {
        let path = format!("sign_up.{step}");
        let (text, japanese) = words.asked(&path);
        let (by, staff, reviewed) = (Answerer::Patient, false, words.reviewed(&path));
        add(name, Some(Progress::Identity), true, Screen::SigningUp { confirm, text, japanese, by, staff, reviewed });
    }
}

fn all(words: &Words, add: &mut Add<'_>) {
    let (text, japanese) = words.asked("all");
    let reviewed = words.reviewed("all");
    let mut show = |name, previous, by, staff| {
        let (text, japanese) = (text.clone(), japanese.clone());
        add(name, AT, true, Screen::ConsentAll { text, japanese, previous, by, staff, reviewed });
    };
    show("consent_all", vec![], Answerer::Patient, false);
    show("consent_all-companion", vec![], Answerer::Companion, false);
    let previous = vec![words.line("medicines", "no"), words.line("checkups", "no"), words.line("operations", "yes")];
    show("consent_all-previous", previous, Answerer::Patient, false);
}

fn each(words: &Words, add: &mut Add<'_>) {
    let mut show = |name, item: &str, place: (u8, u8, bool), by, staff| {
        let path = format!("items.{item}");
        let (text, japanese) = words.asked(&path);
        let ((number, count, back), reviewed) = (place, words.reviewed(&path));
        add(name, AT, true, Screen::ConsentEach { text, japanese, number, count, back, by, staff, reviewed });
    };
    show("consent_each", "medicines", (1, 3, false), Answerer::Patient, false);
    show("consent_each-staff", "medicines", (1, 3, false), Answerer::Staff, true);
    show("consent_each-back", "operations", (3, 3, true), Answerer::Patient, false);
    show("consent_each-companion", "operations", (3, 3, true), Answerer::Companion, false);
    show("consent_each-infections", "infections", (4, 4, true), Answerer::Patient, false);
    show("consent_each-other_certificates", "other_certificates", (1, 1, true), Answerer::Patient, false);
}

fn extras(words: &Words, add: &mut Add<'_>) {
    let reviewed = words.reviewed("items.prescription");
    let (text, japanese) = words.asked("items.prescription");
    for (name, back) in [("choosing_prescription", false), ("choosing_prescription-back", true)] {
        let (text, japanese) = (text.clone(), japanese.clone());
        add(name, AT, true, Screen::ChoosingPrescription { text, japanese, back, reviewed });
    }
}

//! One JSON object a line on stdout.

use std::io::Write;

use screen::{Screen, View};
use serde_json::{Value, json};

use crate::{
    glass::{Asked, Placed},
    preview::PreviewReport,
    voice::{Finished, Saying},
};

/// Prints one event. A reader that went away is no reason to stop drawing.
pub(crate) fn print(event: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}

/// The wire name of the screen: `choosing_method`.
pub(crate) fn screen_name(view: &View) -> String {
    let screen = serde_json::to_value(&view.screen).unwrap_or_default();
    screen.get("kind").and_then(Value::as_str).unwrap_or("unknown").to_owned()
}

/// Names of the targets; the ten PIN keys are one word, `keys`.
pub(crate) fn target_names(places: &[Placed]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::with_capacity(places.len());
    for place in places {
        let name = if place.name.starts_with("key ") { "keys" } else { &place.name };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub(crate) fn shown(view: &View, live: bool, file: Option<&str>, places: &[Placed], milliseconds: f64) -> Value {
    let mut event = json!({
        "event": "shown",
        "revision": view.revision.0,
        "screen": screen_name(view),
        "fault": fault_code(view),
        "file": file,
        "targets": target_names(places),
        "language": view.language.tag(),
        "render_ms": hundredths(milliseconds),
    });
    let facts = match &view.screen {
        Screen::FacingCamera { advice, movement, .. } => {
            json!({ "live": live, "advice": advice, "movement": movement })
        }
        Screen::FaceFailed { advice, .. } => json!({ "advice": advice }),
        // Which field is asked and how many digits are in; the digits stay on the glass.
        Screen::KeyingSurfaceCode { field, typed, notice } => {
            json!({ "field": field, "digits": typed.0.len(), "notice": notice })
        }
        Screen::Start { .. }
        | Screen::WithoutCard { .. }
        | Screen::ChoosingLanguage
        | Screen::ChoosingComfort
        | Screen::CallingStaff { .. }
        | Screen::ChoosingPhone
        | Screen::HoldingPhone { .. }
        | Screen::PlacingCard
        | Screen::ChoosingMethod { .. }
        | Screen::EnteringPin { .. }
        | Screen::LastTry { .. }
        | Screen::ConfirmLastTry
        | Screen::PinBlocked { .. }
        | Screen::AwaitingStaff
        | Screen::EnteringPasscode { .. }
        | Screen::ComparingFaces { .. }
        | Screen::EnteringStaffNumber { .. }
        | Screen::SigningUp { .. }
        | Screen::Waiting { .. }
        | Screen::CertificateNotice { .. }
        | Screen::ConsentAll { .. }
        | Screen::ConsentEach { .. }
        | Screen::ChoosingPrescription { .. }
        | Screen::ChoosingAnswerer { .. }
        | Screen::ReadingBack { .. }
        | Screen::ConsentDetail { .. }
        | Screen::LeavingAfterLookup
        | Screen::Done { .. }
        | Screen::GoToDesk { .. }
        | Screen::TakeCard
        | Screen::CardLeft
        | Screen::NeedHelp { .. }
        | Screen::Disconnected => Value::Null,
    };
    if let (Value::Object(event), Value::Object(facts)) = (&mut event, facts) {
        event.extend(facts);
    }
    event
}

/// What was seen of the camera, when its screen is left.
pub(crate) fn preview(report: &PreviewReport) -> Value {
    json!({
        "event": "preview",
        "preview": {
            "frames": report.frames,
            "last_latency_ms": report.last_latency_ms.map(hundredths),
            "mean_latency_ms": report.mean_latency_ms.map(hundredths),
        },
    })
}

/// What the keyboard asks for.
pub(crate) fn asked(asked: &Asked) -> Value {
    match asked {
        Asked::Focus(target) => json!({ "event": "focus", "target": target }),
        Asked::Repeat => json!({ "event": "repeat" }),
    }
}

/// What the voice begins to say. Private words are for the patient's ears only, and no log's.
pub(crate) fn saying(saying: &Saying) -> Value {
    let words = saying.words.iter().map(|word| if word.private { "(private)" } else { word.text.as_str() });
    let choices = (1..)
        .zip(&saying.choices)
        .map(|(number, choice): (u8, _)| json!({ "number": number, "target": choice.name, "label": choice.label }));
    json!({
        "event": "saying",
        "revision": saying.revision.0,
        "words": words.collect::<Vec<_>>(),
        "choices": choices.collect::<Vec<_>>(),
    })
}

/// How a list went.
pub(crate) fn spoken(finished: Finished) -> Value {
    let Finished { list: _, spoken, missing, withheld } = finished;
    json!({ "event": "spoken", "spoken": spoken, "missing": missing, "withheld": withheld })
}

fn hundredths(milliseconds: f64) -> f64 {
    (milliseconds * 100.0).round() / 100.0
}

/// The code of the fault the view tells of.
fn fault_code(view: &View) -> Option<&str> {
    if let Screen::NeedHelp { fault, .. } | Screen::Start { fault: Some(fault), .. } = &view.screen {
        Some(&fault.code)
    } else {
        None
    }
}

pub(crate) fn error(message: &str) -> Value {
    json!({ "event": "error", "message": message })
}

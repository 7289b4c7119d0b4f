//! `faults.toml`.

use screen::{FaultText, Picture};
use session::FaultCode;

use super::{DeskText, Loaded, TextsError, reading::Table};

/// Reads a table of faults over what is there.
///
/// # Errors
/// [`TextsError`]; `into` is half filled then and must not be used.
pub fn read_faults(file: &str, into: &mut Loaded) -> Result<(), TextsError> {
    let mut file = Table::of_file(file)?;
    into.session.faults.clear();
    into.session.twice.clear();
    into.session.retryable.clear();
    into.desk.clear();
    for entry in file.tables("fault")? {
        read_fault(entry, into)?;
    }
    file.end()?;
    match FaultCode::ALL.into_iter().find(|code| !into.desk.contains_key(code)) {
        Some(code) => Err(TextsError::new(
            format!("fault {}", code.number()),
            "it is missing",
            "add it: every code of the program has its texts",
        )),
        None => Ok(()),
    }
}

fn read_fault(mut entry: Table, into: &mut Loaded) -> Result<(), TextsError> {
    let number = entry.text("code")?;
    let mut entry = entry.called(format!("fault {number}"));
    let Some(code) = FaultCode::ALL.into_iter().find(|code| code.number() == number) else {
        return Err(entry.error("code", "no such code", "correct or remove it"));
    };
    if into.desk.contains_key(&code) {
        return Err(entry.error("code", "it stands twice", "remove one of them"));
    }
    let picture = entry.text("picture")?;
    let Some((picture, _)) = PICTURES.into_iter().find(|(_, name)| *name == picture) else {
        let names: Vec<_> = PICTURES.iter().map(|(_, name)| *name).collect();
        let cure = format!("write one of {}", names.join(", "));
        return Err(entry.error("picture", format!("there is no picture {picture:?}"), cure));
    };
    let mut patient = entry.table("patient")?;
    let texts = patient.languages(|patient, language| {
        let mut words = patient.table(language.key())?;
        let text =
            FaultText { code: number.clone(), headline: words.text("headline")?, next: words.text("next")?, picture };
        let twice = words.text_if_any("twice")?;
        words.end()?;
        Ok((text, twice))
    })?;
    patient.end()?;
    let retryable = entry.flag("retryable")?;
    let desk = DeskText { cause: entry.text("cause")?, staff: entry.text("staff")?, support: entry.text("support")? };
    entry.end()?;
    for (language, (text, twice)) in texts {
        into.session.faults.insert((code, language), text);
        into.session.twice.extend(twice.map(|twice| ((code, language), twice)));
    }
    if retryable {
        into.session.retryable.insert(code);
    }
    into.desk.insert(code, desk);
    Ok(())
}

/// The names of the pictures in the file; a test compares them with the protocol's.
pub(super) const PICTURES: [(Picture, &str); Picture::ALL.len()] = [
    (Picture::Desk, "desk"),
    (Picture::SetCard, "set_card"),
    (Picture::CaseOff, "case_off"),
    (Picture::RightCard, "right_card"),
    (Picture::Certificate, "certificate"),
    (Picture::OutOfOrder, "out_of_order"),
    (Picture::HoldPhone, "hold_phone"),
    (Picture::Camera, "camera"),
    (Picture::TakeCard, "take_card"),
];

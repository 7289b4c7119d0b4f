//! The data files `faults.toml` and `consent.toml`: read strictly, turned into `session::Texts`.
//!
//! Every language is a field, so a missing one is an error of reading; unknown keys are refused; the table of codes is
//! compared with `session::FaultCode` (law 10).

use std::collections::BTreeMap;

use qualification::ids::hex;
use screen::{ConsentText, FaultText, Language};
use serde::Deserialize;
use session::{FaultCode, OtherCard, Reason, Texts, Wording};
use sha2::{Digest, Sha256};

/// The table of faults that is built in.
pub const FAULTS: &str = include_str!("../data/faults.toml");
/// The consent wordings that are built in.
pub const CONSENT: &str = include_str!("../data/consent.toml");

/// Longest single text, characters; a screen holds far less.
const MAX_TEXT: usize = 400;
/// Most paragraphs of 「くわしく」.
const MAX_PARAGRAPHS: usize = 12;

/// Why a data file was refused. The caller names the file.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// Not the form of the file.
    #[error("{0}")]
    Form(String),
    /// A code that the program does not know.
    #[error("fault {0}: no such code")]
    UnknownCode(String),
    /// A code stands twice.
    #[error("fault {0} stands twice")]
    Twice(String),
    /// A code of the program has no texts.
    #[error("fault {0} is missing")]
    Missing(String),
    /// A text is empty or too long.
    #[error("{0} is empty or too long")]
    Length(String),
}

/// What staff and support are told about a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskText {
    /// For the desk, Japanese.
    pub staff: String,
    /// For whoever repairs the terminal, English.
    pub support: String,
}

/// Everything the data files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// For the session.
    pub session: Texts,
    /// For staff and support, by code.
    pub desk: BTreeMap<FaultCode, DeskText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Both<T> {
    ja: T,
    en: T,
}

impl<T> Both<T> {
    fn each(self) -> [(Language, T); 2] {
        [(Language::Ja, self.ja), (Language::En, self.en)]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultsFile {
    fault: Vec<FaultEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultEntry {
    code: String,
    patient: Both<PatientEntry>,
    staff: String,
    support: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatientEntry {
    headline: String,
    next: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentFile {
    answers: Both<AnswersEntry>,
    all: WordingEntry,
    items: BTreeMap<String, WordingEntry>,
    reasons: ReasonsEntry,
    other_cards: OtherCardsEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswersEntry {
    agreed: String,
    declined: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingEntry {
    wording: String,
    ja: QuestionEntry,
    en: QuestionEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionEntry {
    name: String,
    question: String,
    rights: String,
    detail: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonsEntry {
    no_tries_left: Both<String>,
    not_available: Both<String>,
    face_models: Both<String>,
    camera: Both<String>,
    service_cannot: Both<String>,
    card_cannot: Both<String>,
    no_photo: Both<String>,
    photo_refused: Both<String>,
    surface_code: Both<String>,
    face_ended: Both<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherCardsEntry {
    drivers_licence: Both<String>,
    residence_card: Both<String>,
    passport: Both<String>,
    hpki: Both<String>,
    juki_card: Both<String>,
    phone: Both<String>,
    unknown: Both<String>,
}

/// Reads the built-in files.
///
/// # Errors
/// None as released: a test reads them.
pub fn built_in() -> Result<Loaded, TextsError> {
    let mut loaded = Loaded::default();
    read_faults(FAULTS, &mut loaded)?;
    read_consent(CONSENT, &mut loaded)?;
    Ok(loaded)
}

/// Reads a table of faults over what is there.
///
/// # Errors
/// [`TextsError`]; `into` is half filled then and must not be used.
pub fn read_faults(file: &str, into: &mut Loaded) -> Result<(), TextsError> {
    let file: FaultsFile = toml::from_str(file).map_err(form)?;
    into.session.faults.clear();
    into.desk.clear();
    for entry in file.fault {
        let Some(code) = FaultCode::ALL.into_iter().find(|code| code.number() == entry.code) else {
            return Err(TextsError::UnknownCode(entry.code));
        };
        let name = |what: &str| format!("{what} of fault {}", entry.code);
        let staff = text(entry.staff, &name("staff text"))?;
        let support = text(entry.support, &name("support text"))?;
        for (language, patient) in entry.patient.each() {
            let shown = FaultText {
                code: entry.code.clone(),
                headline: text(patient.headline, &name("headline"))?,
                next: text(patient.next, &name("next step"))?,
            };
            into.session.faults.insert((code, language), shown);
        }
        if into.desk.insert(code, DeskText { staff, support }).is_some() {
            return Err(TextsError::Twice(entry.code));
        }
    }
    match FaultCode::ALL.into_iter().find(|code| !into.desk.contains_key(code)) {
        Some(code) => Err(TextsError::Missing(code.number())),
        None => Ok(()),
    }
}

/// Reads consent wordings over what is there.
///
/// # Errors
/// [`TextsError`]; `into` is half filled then and must not be used.
pub fn read_consent(file: &str, into: &mut Loaded) -> Result<(), TextsError> {
    let file: ConsentFile = toml::from_str(file).map_err(form)?;
    let texts = &mut into.session;
    for (language, words) in file.answers.each() {
        let words = [text(words.agreed, "answers.agreed")?, text(words.declined, "answers.declined")?];
        texts.answers.insert(language, words);
    }
    texts.all = wordings("all", file.all)?.into_iter().collect();
    texts.items.clear();
    for (id, entry) in file.items {
        if !is_name(&id) {
            return Err(TextsError::Form(format!("item {id:?}: a name has 1 to 32 of a-z and _")));
        }
        for (language, wording) in wordings(&id, entry)? {
            texts.items.insert((id.clone(), language), wording);
        }
    }
    if texts.items.is_empty() {
        return Err(TextsError::Form("no items".to_owned()));
    }
    let reasons = file.reasons;
    for (reason, lines) in [
        (Reason::NoTriesLeft, reasons.no_tries_left),
        (Reason::NotAvailable, reasons.not_available),
        (Reason::FaceModels, reasons.face_models),
        (Reason::Camera, reasons.camera),
        (Reason::ServiceCannot, reasons.service_cannot),
        (Reason::CardCannot, reasons.card_cannot),
        (Reason::NoPhoto, reasons.no_photo),
        (Reason::PhotoRefused, reasons.photo_refused),
        (Reason::SurfaceCode, reasons.surface_code),
        (Reason::FaceEnded, reasons.face_ended),
    ] {
        for (language, line) in lines.each() {
            texts.reasons.insert((reason, language), text(line, "reasons")?);
        }
    }
    let cards = file.other_cards;
    for (card, lines) in [
        (OtherCard::DriversLicence, cards.drivers_licence),
        (OtherCard::ResidenceCard, cards.residence_card),
        (OtherCard::Passport, cards.passport),
        (OtherCard::Hpki, cards.hpki),
        (OtherCard::JukiCard, cards.juki_card),
        (OtherCard::Phone, cards.phone),
        (OtherCard::Unknown, cards.unknown),
    ] {
        for (language, line) in lines.each() {
            texts.other_cards.insert((card, language), text(line, "other_cards")?);
        }
    }
    Ok(())
}

fn wordings(item: &str, entry: WordingEntry) -> Result<[(Language, Wording); 2], TextsError> {
    let id = text(entry.wording, &format!("wording of {item}"))?;
    Ok([
        (Language::Ja, wording(item, &id, Language::Ja, entry.ja)?),
        (Language::En, wording(item, &id, Language::En, entry.en)?),
    ])
}

fn wording(item: &str, id: &str, language: Language, entry: QuestionEntry) -> Result<Wording, TextsError> {
    let name = |what: &str| format!("{what} of {item} ({})", language.tag());
    if entry.detail.is_empty() || entry.detail.len() > MAX_PARAGRAPHS {
        return Err(TextsError::Length(name("detail")));
    }
    let detail: Vec<String> =
        entry.detail.into_iter().map(|line| text(line, &name("detail"))).collect::<Result<_, _>>()?;
    let shown = ConsentText {
        question: text(entry.question, &name("question"))?,
        rights: text(entry.rights, &name("rights"))?,
    };
    let hash = wording_hash(id, language, &shown, &detail);
    Ok(Wording { id: id.to_owned(), hash, text: shown, detail, name: text(entry.name, &name("name"))? })
}

/// SHA-256, hex, over id, language, question, rights and each paragraph; each is preceded by its length in bytes (four
/// bytes, big-endian), so that no two wordings give one input.
#[must_use]
pub fn wording_hash(id: &str, language: Language, text: &ConsentText, detail: &[String]) -> String {
    let mut hash = Sha256::new();
    let fields =
        [id, language.tag(), &text.question, &text.rights].into_iter().chain(detail.iter().map(String::as_str));
    for field in fields {
        hash.update(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hex(&hash.finalize())
}

fn is_name(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn text(text: String, name: &str) -> Result<String, TextsError> {
    let fits = !text.trim().is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
    if fits { Ok(text) } else { Err(TextsError::Length(name.to_owned())) }
}

// Takes the error by value to fit `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn form(error: toml::de::Error) -> TextsError {
    TextsError::Form(error.to_string().trim_end().to_owned())
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;

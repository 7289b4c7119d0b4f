//! `consent.toml`.

use qualification::ids::hex;
use screen::{ConsentText, Language};
use session::{Group, OtherCard, Reason, Texts, Wording};
use sha2::{Digest, Sha256};

use super::{Loaded, TextsError, reading::Table};

/// Reads consent wordings over what is there.
///
/// # Errors
/// [`TextsError`]; `into` is half filled then and must not be used.
pub fn read_consent(file: &str, into: &mut Loaded) -> Result<(), TextsError> {
    let mut file = Table::of_file(file)?;
    let texts = &mut into.session;
    texts.lines = lines(&mut file)?.into_iter().collect();
    texts.not_answered = file.line("not_answered")?.into_iter().collect();
    let mut all = file.table("all")?;
    // Its three answers are the kiosk's own words.
    texts.all = wordings(&mut all, Answers::None)?.into_iter().collect();
    all.end()?;
    items(file.table("items")?, texts)?;
    bind_all(texts);
    sign_up(file.table("sign_up")?, texts)?;
    let mut reasons = file.table("reasons")?;
    for reason in REASONS {
        let lines = reasons.line(reason_key(reason))?;
        texts.reasons.extend(lines.into_iter().map(|(language, line)| ((reason, language), line)));
    }
    reasons.end()?;
    let mut cards = file.table("other_cards")?;
    for card in OTHER_CARDS {
        let lines = cards.line(other_card_key(card))?;
        texts.other_cards.extend(lines.into_iter().map(|(language, line)| ((card, language), line)));
    }
    cards.end()?;
    file.end()
}

fn lines(file: &mut Table) -> Result<Vec<(Language, String)>, TextsError> {
    let lines = file.line("lines")?;
    for (language, line) in &lines {
        // Nothing else in braces: it would stand on the glass as it is.
        let rest = line.replacen("{name}", "", 1).replacen("{answer}", "", 1);
        if rest.len() + "{name}{answer}".len() != line.len() || rest.contains(['{', '}']) {
            let key = format!("lines.{}", language.key());
            return Err(TextsError::new(
                key,
                "it has {name} and {answer} once each, and no other braces",
                "write it like \"{name}: {answer}\"",
            ));
        }
    }
    Ok(lines)
}

fn items(mut file: Table, texts: &mut Texts) -> Result<(), TextsError> {
    texts.items.clear();
    texts.groups.clear();
    texts.carried.clear();
    for id in file.keys() {
        if !is_name(&id) {
            return Err(file.error(&id, "not a name", "use 1 to 32 letters a to z and _"));
        }
        let mut item = file.table(&id)?;
        let group = item.text("group")?;
        let Some((group, _)) = GROUPS.into_iter().find(|(_, name)| *name == group) else {
            let cure = "write health, other_certificates or prescription";
            return Err(item.error("group", format!("there is no group {group:?}"), cure));
        };
        let carried = item.flag("carried")?;
        if carried && group != Group::Health {
            let cause = "only answers about medical information are carried over; this item is asked anew every time";
            return Err(item.error("carried", cause, "write false"));
        }
        for (language, wording) in wordings(&mut item, Answers::Two)? {
            texts.items.insert((id.clone(), language), wording);
        }
        item.end()?;
        texts.groups.insert(id.clone(), group);
        texts.carried.insert(id, carried);
    }
    if texts.items.is_empty() {
        return Err(TextsError::new("items", "there is none", "write at least one [items.NAME]"));
    }
    Ok(())
}

/// The question for all items stands for each of them: its hash changes when one of their wordings does, so that an answer
/// given to all is void then too (patient-flow 4.2 rule 4).
fn bind_all(texts: &mut Texts) {
    for (language, all) in &mut texts.all {
        let mut hash = Sha256::new();
        hash.update(&all.hash);
        for ((id, of), item) in &texts.items {
            if of == language && texts.groups.get(id) == Some(&Group::Health) {
                // Hashes have one length; ids are bounded by it on either side.
                hash.update(id);
                hash.update(&item.hash);
            }
        }
        all.hash = hex(&hash.finalize());
    }
}

fn sign_up(mut file: Table, texts: &mut Texts) -> Result<(), TextsError> {
    let mut read = |name| {
        let mut question = file.table(name)?;
        let wordings = wordings(&mut question, Answers::Two)?;
        question.end().map(|()| wordings)
    };
    let (first, second) = (read("first")?, read("second")?);
    file.end()?;
    // Both have every language, in the same order.
    let pairs = first.into_iter().zip(second).map(|((language, first), (_, second))| (language, [first, second]));
    texts.sign_up = pairs.collect();
    Ok(())
}

/// Which answers a question has.
#[derive(Clone, Copy)]
enum Answers {
    /// `yes` and `no`.
    Two,
    /// The kiosk's own.
    None,
}

fn wordings(question: &mut Table, answers: Answers) -> Result<Vec<(Language, Wording)>, TextsError> {
    let id = question.text("wording")?;
    question.languages(|question, language| {
        let mut words = question.table(language.key())?;
        let (yes, no) = match answers {
            Answers::Two => (words.text("yes")?, words.text("no")?),
            Answers::None => (String::new(), String::new()),
        };
        let text = ConsentText { question: words.text("question")?, rights: words.text("rights")?, yes, no };
        let detail = words.paragraphs("detail")?;
        // Japanese is the binding text itself: there is nothing to review it against, and so no such key.
        let reviewed = language.is_binding() || words.flag_if_any("reviewed")?;
        let name = words.text("name")?;
        words.end()?;
        let hash = wording_hash(&id, language, &text, &detail);
        Ok(Wording { id: id.clone(), hash, text, detail, name, reviewed })
    })
}

/// SHA-256, hex, over id, language, question, rights, both answers and each paragraph; each is preceded by its length in
/// bytes (four bytes, big-endian), so that no two wordings give one input.
#[must_use]
pub fn wording_hash(id: &str, language: Language, text: &ConsentText, detail: &[String]) -> String {
    let mut hash = Sha256::new();
    // Destructured so that no part of what is shown can be forgotten here.
    let ConsentText { question, rights, yes, no } = text;
    let fields = [id, language.tag(), question, rights, yes, no].into_iter().chain(detail.iter().map(String::as_str));
    for field in fields {
        hash.update(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hex(&hash.finalize())
}

fn is_name(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

const GROUPS: [(Group, &str); 3] = [
    (Group::Health, "health"),
    (Group::OtherCertificates, "other_certificates"),
    (Group::Prescription, "prescription"),
];

pub(super) const REASONS: [Reason; 12] = [
    Reason::NoTriesLeft,
    Reason::NotAvailable,
    Reason::FaceModels,
    Reason::Camera,
    Reason::ServiceCannot,
    Reason::CardCannot,
    Reason::NoPhoto,
    Reason::PhotoRefused,
    Reason::SurfaceCode,
    Reason::FaceEnded,
    Reason::NoPasscode,
    Reason::VisualClosed,
];

fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::NoTriesLeft => "no_tries_left",
        Reason::NotAvailable => "not_available",
        Reason::FaceModels => "face_models",
        Reason::Camera => "camera",
        Reason::ServiceCannot => "service_cannot",
        Reason::CardCannot => "card_cannot",
        Reason::NoPhoto => "no_photo",
        Reason::PhotoRefused => "photo_refused",
        Reason::SurfaceCode => "surface_code",
        Reason::FaceEnded => "face_ended",
        Reason::NoPasscode => "no_passcode",
        Reason::VisualClosed => "visual_closed",
    }
}

pub(super) const OTHER_CARDS: [OtherCard; 7] = [
    OtherCard::DriversLicence,
    OtherCard::ResidenceCard,
    OtherCard::Passport,
    OtherCard::Hpki,
    OtherCard::JukiCard,
    OtherCard::Phone,
    OtherCard::Unknown,
];

fn other_card_key(card: OtherCard) -> &'static str {
    match card {
        OtherCard::DriversLicence => "drivers_licence",
        OtherCard::ResidenceCard => "residence_card",
        OtherCard::Passport => "passport",
        OtherCard::Hpki => "hpki",
        OtherCard::JukiCard => "juki_card",
        OtherCard::Phone => "phone",
        OtherCard::Unknown => "unknown",
    }
}

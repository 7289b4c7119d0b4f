//! Texts for a session without the daemon's data files: every wording is there, none is meant to be read.

use screen::{ConsentText, FaultText, Language};
use session::{FaultCode, Policy, Reason, Texts, Wording};

const REASONS: [Reason; 10] = [
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
];

/// The three items of the invented clinic, the usual limits, and placeholders for every text.
#[must_use]
pub fn plain_policy() -> Policy {
    let mut texts = Texts::default();
    for language in Language::ALL {
        for item in ["medicines", "checkups", "operations"] {
            texts.items.insert((item.to_owned(), language), wording(item, language));
        }
        texts.all.insert(language, wording("all", language));
        texts.answers.insert(language, ["yes".to_owned(), "no".to_owned()]);
        for reason in REASONS {
            texts.reasons.insert((reason, language), "closed".to_owned());
        }
        for code in FaultCode::ALL {
            let text = FaultText { code: String::new(), headline: code.number(), next: String::new() };
            texts.faults.insert((code, language), text);
        }
    }
    Policy { texts, surface_scanner: true, ..Policy::default() }
}

fn wording(item: &str, language: Language) -> Wording {
    let name = format!("{item} ({})", language.tag());
    Wording {
        id: format!("{item}-1"),
        hash: format!("{item}-{}", language.tag()),
        text: ConsentText { question: name.clone(), rights: String::new() },
        detail: vec![],
        name,
    }
}

//! Texts for a session without the daemon's data files: every wording is there, none is meant to be read.

use reader_daemon::texts::built_in;
use screen::{ConsentText, FaultText, Language, Picture};
use session::{FaultCode, Group, Policy, Reason, Texts, Wording};

const REASONS: [Reason; 12] = [
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
/// Items, what they are about, and whether earlier answers may be taken over.
const ITEMS: [(&str, Group, bool); 6] = [
    ("medicines", Group::Health, true),
    ("checkups", Group::Health, true),
    ("operations", Group::Health, true),
    ("infections", Group::Health, true),
    ("other_certificates", Group::OtherCertificates, false),
    ("prescription", Group::Prescription, false),
];

/// The items of the invented clinic, the usual limits, and placeholders for every text.
#[must_use]
pub fn plain_policy() -> Policy {
    // What is offered after a fault is no wording: it is as the table says.
    let retryable = built_in().map(|loaded| loaded.session.retryable).unwrap_or_default();
    let mut texts = Texts { retryable, ..Texts::default() };
    for (item, group, carried) in ITEMS {
        texts.groups.insert(item.to_owned(), group);
        texts.carried.insert(item.to_owned(), carried);
    }
    for language in Language::ALL {
        for (item, _, _) in ITEMS {
            texts.items.insert((item.to_owned(), language), wording(item, language));
        }
        texts.all.insert(language, wording("all", language));
        texts.sign_up.insert(language, ["sign_up_first", "sign_up_second"].map(|id| wording(id, language)));
        texts.lines.insert(language, "{name}: {answer}".to_owned());
        texts.not_answered.insert(language, "not answered".to_owned());
        for reason in REASONS {
            texts.reasons.insert((reason, language), "closed".to_owned());
        }
        for code in FaultCode::ALL {
            let text = FaultText {
                code: String::new(),
                headline: code.number(),
                next: String::new(),
                picture: Picture::default(),
            };
            texts.faults.insert((code, language), text);
        }
    }
    Policy { texts, surface_scanner: true, ..Policy::default() }
}

fn wording(item: &str, language: Language) -> Wording {
    let name = format!("{item} ({})", language.tag());
    Wording {
        id: format!("{item}-2"),
        hash: format!("{item}-{}", language.tag()),
        text: ConsentText { question: name.clone(), rights: String::new(), yes: "yes".into(), no: "no".into() },
        detail: vec![],
        name,
        reviewed: language == Language::Ja,
    }
}

//! The terminal and the service of the walk: texts, limits, and everything a lookup may answer.

use std::time::Duration;

use screen::{ConsentText, FaultText, Language, PhoneWay, Picture, WeightsLevel};

use crate::{
    Answer, CertificateEnd, CertificateNotice, FaultCode, Group, Item, Limits, Lookup, Policy, PreviousAnswer, Reason,
    Refusal, Texts, Wording,
};

/// The items of this data file: id, screen, and whether earlier answers may be taken over.
pub(super) const ITEMS: [(&str, Group, bool); 6] = [
    ("medicines", Group::Health, true),
    ("operations", Group::Health, true),
    ("checkups", Group::Health, true),
    ("infections", Group::Health, false),
    ("other_certificates", Group::OtherCertificates, true),
    ("prescription", Group::Prescription, true),
];

/// Faults whose screens offer 「もう一度」 here.
pub(super) const RETRYABLE: [FaultCode; 6] = [
    FaultCode::CardUnreadable,
    FaultCode::OtherCard,
    FaultCode::CardRemoved,
    FaultCode::ServiceUnreachable,
    FaultCode::CentreError,
    FaultCode::PhoneUnreadable,
];

/// Every reason a method can be closed for.
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

pub(super) fn wording(id: &str, language: Language) -> Wording {
    Wording {
        id: format!("{id}-1"),
        hash: format!("{id}-{}", language.tag()),
        text: ConsentText {
            question: format!("{id}?"),
            rights: "rights".into(),
            yes: format!("{id} yes"),
            no: format!("{id} no"),
        },
        detail: vec!["detail".into()],
        name: id.into(),
        reviewed: language == Language::Ja,
    }
}

pub(super) fn policy() -> Policy {
    let mut texts = Texts::default();
    for (id, group, carried) in ITEMS {
        texts.groups.insert(id.into(), group);
        texts.carried.insert(id.into(), carried);
    }
    texts.retryable.extend(RETRYABLE);
    for language in Language::ALL {
        for (id, ..) in ITEMS {
            texts.items.insert((id.into(), language), wording(id, language));
        }
        texts.all.insert(language, wording("all", language));
        texts.lines.insert(language, "{name}: {answer}".into());
        texts.not_answered.insert(language, "not answered".into());
        texts.sign_up.insert(language, [wording("sign-up", language), wording("sign-up-again", language)]);
        for reason in REASONS {
            texts.reasons.insert((reason, language), format!("{reason:?}"));
        }
        texts.twice.insert((FaultCode::CardUnreadable, language), "desk".into());
        for code in FaultCode::ALL {
            let (headline, next) = (code.number(), "next".into());
            let text = FaultText { code: String::new(), headline, next, picture: Picture::Desk };
            texts.faults.insert((code, language), text);
        }
    }
    let limits = Limits { countdown: Duration::from_secs(1), phone: Duration::from_secs(2), ..Limits::default() };
    let ways = Policy { phone: PhoneWay::OwnReader, visual: true, ..Policy::default() };
    Policy { limits, surface_scanner: true, weights: Some(WeightsLevel::Research), texts, ..ways }
}

pub(super) fn item(id: &str, withheld: Option<Answer>, previous: Option<bool>) -> Item {
    let previous = previous.map(|agreed| PreviousAnswer {
        agreed,
        wording_id: format!("{id}-1"),
        wording_hash: format!("{id}-ja"),
    });
    Item { id: id.into(), withheld, previous }
}

/// The last valid day of a certificate.
pub(super) fn end() -> CertificateEnd {
    CertificateEnd {
        day: [2027, 2, 17],
        written: Language::ALL.map(|language| format!("{} 2027-02-17", language.tag())),
        stay: false,
    }
}

/// Where in [`lookups`] the visit is that is asked everything, with a notice before.
pub(super) const EVERYTHING: usize = 1;

pub(super) fn lookups() -> Vec<Lookup> {
    let two = vec![
        item("medicines", None, None),
        item("operations", None, None),
        item("checkups", Some(Answer::NotAsked), None),
    ];
    let everything = vec![
        item("prescription", None, None),
        item("medicines", None, None),
        item("infections", None, Some(true)),
        item("other_certificates", None, Some(true)),
    ];
    let before = vec![
        item("medicines", None, Some(true)),
        item("operations", None, Some(false)),
        item("prescription", None, Some(true)),
    ];
    let mut void = before.clone();
    void[1].previous.as_mut().unwrap().wording_hash = "another".into();
    let grace = [item("medicines", Some(Answer::NotAskedGrace), None)];
    let found = |certificate, items: &[Item], desk| Lookup::Found { certificate, items: items.to_vec(), desk };
    vec![
        found(CertificateNotice::None, &two, false),
        found(CertificateNotice::EndsSoon(end()), &everything, true),
        found(CertificateNotice::None, &before, false),
        found(CertificateNotice::None, &void, false),
        found(CertificateNotice::Grace(end()), &grace, false),
        found(CertificateNotice::None, &[item("nobody knows this", None, None)], false),
        Lookup::SignUpOffered,
        Lookup::Refused(Refusal::CertificateGone),
        Lookup::Refused(Refusal::PhoneCertificateGone),
        Lookup::Refused(Refusal::CertificateSuspended),
        Lookup::Refused(Refusal::CentreError),
        Lookup::Refused(Refusal::NotSignedUp),
        Lookup::Refused(Refusal::SignUpFailed),
        Lookup::Refused(Refusal::ProofRejected),
        Lookup::Refused(Refusal::PersonDiffers),
        Lookup::Unreachable,
    ]
}

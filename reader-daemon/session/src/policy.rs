//! What the session is told once, at start: limits, what the terminal has, and the texts of the data files.

use std::collections::BTreeMap;

use screen::{ConsentText, FaultText, Language};

use crate::limits::Limits;

/// Stable codes of the fault table (`reader-daemon/data/faults.toml`); 001, 002 and 006 as the field knows them, ours
/// from 900 (patient-flow section 12, qualification.md section 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum FaultCode {
    /// E1 chip unreadable.
    CardUnreadable = 1,
    /// E2 another card.
    OtherCard = 2,
    /// E6 certificate ended or revoked.
    CertificateGone = 6,
    /// The certificate chain is broken or its anchor is not configured.
    CertificateUntrusted = 900,
    /// E6 suspended.
    CertificateSuspended = 901,
    /// E9 the card was taken out too early.
    CardRemoved = 902,
    /// Identity or tries of the card changed between reading and VERIFY.
    CardChanged = 903,
    /// The answer to VERIFY was lost.
    PinAnswerLost = 904,
    /// F2 the card reader is gone or wedged.
    ReaderLost = 905,
    /// E7 the service cannot be reached.
    ServiceUnreachable = 910,
    /// The clocks differ by more than 60 s.
    ClockSkew = 911,
    /// The service refused this terminal.
    ServiceRefused = 912,
    /// The service found the card's proof wrong.
    ProofRejected = 913,
    /// E8 the centre reports an error.
    CentreError = 914,
    /// R3 not signed up.
    NotSignedUp = 915,
    /// The result could not be stored.
    StorageFailed = 920,
    /// The service refused the signed result.
    ResultRefused = 921,
}

impl FaultCode {
    /// Every code, ascending.
    pub const ALL: [Self; 17] = [
        Self::CardUnreadable,
        Self::OtherCard,
        Self::CertificateGone,
        Self::CertificateUntrusted,
        Self::CertificateSuspended,
        Self::CardRemoved,
        Self::CardChanged,
        Self::PinAnswerLost,
        Self::ReaderLost,
        Self::ServiceUnreachable,
        Self::ClockSkew,
        Self::ServiceRefused,
        Self::ProofRejected,
        Self::CentreError,
        Self::NotSignedUp,
        Self::StorageFailed,
        Self::ResultRefused,
    ];

    /// Three digits, as shown: 【006】.
    #[must_use]
    pub fn number(self) -> String {
        format!("{:03}", self as u16)
    }
}

/// One wording of a consent item in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Id of the wording, changed when the meaning changes.
    pub id: String,
    /// SHA-256 over id, language, question, rights and detail, hex; computed when the data file is read.
    pub hash: String,
    /// Question and rights line.
    pub text: ConsentText,
    /// 「くわしく」 paragraphs.
    pub detail: Vec<String>,
    /// Short name for lists: 「お薬」.
    pub name: String,
}

/// Texts of the data files, by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Wordings of single items by item id and language.
    pub items: BTreeMap<(String, Language), Wording>,
    /// The question that stands for all items at once.
    pub all: BTreeMap<Language, Wording>,
    /// Patient texts of faults; the code inside is filled in.
    pub faults: BTreeMap<(FaultCode, Language), FaultText>,
    /// What lies there instead of a My Number card, for fault 002: one sentence per kind.
    pub other_cards: BTreeMap<(crate::event::OtherCard, Language), String>,
    /// 「同意する」 / 「同意しない」 in a line of previous answers: `[agreed, declined]`.
    pub answers: BTreeMap<Language, [String; 2]>,
    /// Why a method is closed.
    pub reasons: BTreeMap<(Reason, Language), String>,
}

/// Why a method cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No tries left.
    NoTriesLeft,
    /// The terminal cannot do it.
    NotAvailable,
}

/// Told once at start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Durations.
    pub limits: Limits,
    /// Texts.
    pub texts: Texts,
}

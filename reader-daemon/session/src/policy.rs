//! What the session is told once, at start: limits, what the terminal has, and the texts of the data files.

use std::collections::{BTreeMap, BTreeSet};

use screen::{ConsentText, FaultText, Language, PhoneWay, Placement, WeightsLevel};

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
    /// R3 the sign-up was asked for and not done.
    SignUpFailed = 916,
    /// The result could not be stored.
    StorageFailed = 920,
    /// The service refused the signed result.
    ResultRefused = 921,
    /// F1 camera or face worker are gone.
    CameraLost = 930,
    /// A model file is missing, has another hash or fails its self-test: the face way is closed.
    FaceModels = 931,
    /// Passive authentication of the photo failed.
    PhotoTampered = 932,
    /// Active authentication failed: the chip does not hold the photo record's key.
    CardCloned = 933,
    /// The photo's data signer is not configured.
    SignerUnknown = 934,
    /// 照合番号B has three or fewer tries left, or none.
    SurfaceCodeStopped = 935,
    /// The photo cannot be decoded or shows no face.
    PhotoUnusable = 936,
    /// The card refused the PIN-less step, or the service sent what may not go to a card.
    PinLessRefused = 937,
    /// Birth date or sex of photo record and certificate differ: two chips in one card.
    PersonDiffers = 938,
    /// The phone could not be read: 30 s passed, or it cannot be understood.
    PhoneUnreadable = 940,
    /// What was held to the phones' reader is no phone.
    NotAPhone = 941,
    /// The PIN of the phone's certificate has no tries left.
    PhonePinBlocked = 942,
    /// One try is left: nothing is sent from a terminal.
    PhoneLastTry = 943,
    /// A phone's certificate, or the card behind it, ended or is revoked: no months of grace (the field's 006).
    PhoneCertificateGone = 944,
    /// F3 the phones' reader is gone.
    PhoneReaderLost = 945,
    /// Staff compared and it is another person, or they could not tell.
    VisualCheckFailed = 950,
    /// The passcode was wrong three times.
    PasscodeClosed = 951,
    /// The screen has lost the daemon; shown by the kiosk itself.
    ScreenAlone = 960,
}

impl FaultCode {
    /// Every code, ascending.
    pub const ALL: [Self; 36] = [
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
        Self::SignUpFailed,
        Self::StorageFailed,
        Self::ResultRefused,
        Self::CameraLost,
        Self::FaceModels,
        Self::PhotoTampered,
        Self::CardCloned,
        Self::SignerUnknown,
        Self::SurfaceCodeStopped,
        Self::PhotoUnusable,
        Self::PinLessRefused,
        Self::PersonDiffers,
        Self::PhoneUnreadable,
        Self::NotAPhone,
        Self::PhonePinBlocked,
        Self::PhoneLastTry,
        Self::PhoneCertificateGone,
        Self::PhoneReaderLost,
        Self::VisualCheckFailed,
        Self::PasscodeClosed,
        Self::ScreenAlone,
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
    /// A human has reviewed this translation; always `true` of the binding Japanese.
    pub reviewed: bool,
}

/// Which screen asks for an item, and where in the order of the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// S8, S9: medical information, also asked all at once.
    Health,
    /// S10: the neutral question about other certificates (特定疾病, PMH); asked alone.
    OtherCertificates,
    /// S10: 処方箋形式, electronic or paper; asked alone.
    Prescription,
}

/// Texts of the data files, by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Wordings of single items by item id and language.
    pub items: BTreeMap<(String, Language), Wording>,
    /// Which screen asks for an item, by item id. An item the service names and the file does not is never asked.
    pub groups: BTreeMap<String, Group>,
    /// Earlier answers to this item may be shown and taken over.
    pub carried: BTreeMap<String, bool>,
    /// The sign-up question, asked twice: `[first, second]`.
    pub sign_up: BTreeMap<Language, [Wording; 2]>,
    /// The question that stands for all items at once.
    pub all: BTreeMap<Language, Wording>,
    /// Patient texts of faults; the code inside is filled in.
    pub faults: BTreeMap<(FaultCode, Language), FaultText>,
    /// What to do when the same fault comes again and again: instead of its `next`, where there is such a text.
    pub twice: BTreeMap<(FaultCode, Language), String>,
    /// Faults after which the visit can be begun again at once, without anybody mending or changing anything: their
    /// screens offer 「もう一度」.
    pub retryable: BTreeSet<FaultCode>,
    /// What lies there instead of a My Number card, for fault 002: one sentence per kind.
    pub other_cards: BTreeMap<(crate::event::OtherCard, Language), String>,
    /// A line of previous answers or of reading back, with `{name}` and `{answer}`: 「{name}：{answer}」.
    pub lines: BTreeMap<Language, String>,
    /// 「答えていません」 in such a line.
    pub not_answered: BTreeMap<Language, String>,
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
    /// Models are missing or wrong.
    FaceModels,
    /// No camera works.
    Camera,
    /// The clinic's service does not do the PIN-less step.
    ServiceCannot,
    /// This program may not use this card's key without PIN.
    CardCannot,
    /// The card holds no photo, or one that cannot be used.
    NoPhoto,
    /// The photo or the chip is not authentic, or its signer unknown: the desk is told.
    PhotoRefused,
    /// 照合番号B must not be sent (again).
    SurfaceCode,
    /// All tries of this visit are used, or the worker's verdict is final (law 8).
    FaceEnded,
    /// No passcode is set.
    NoPasscode,
    /// Closed after three wrong passcodes.
    VisualClosed,
}

impl Reason {
    /// The fault of the face worker behind it, which a new worker mends. `None`: what the card, the service or a verdict
    /// closed stays closed (law 8), and nothing of the terminal is at fault.
    #[must_use]
    pub const fn worker_fault(self) -> Option<FaultCode> {
        match self {
            Self::Camera => Some(FaultCode::CameraLost),
            Self::FaceModels => Some(FaultCode::FaceModels),
            Self::NoTriesLeft
            | Self::NotAvailable
            | Self::ServiceCannot
            | Self::CardCannot
            | Self::NoPhoto
            | Self::PhotoRefused
            | Self::SurfaceCode
            | Self::FaceEnded
            | Self::NoPasscode
            | Self::VisualClosed => None,
        }
    }
}

/// Told once at start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Durations.
    pub limits: Limits,
    /// A surface scanner is there; otherwise the surface code is keyed in.
    pub surface_scanner: bool,
    /// Whether phones are taken, and where.
    pub phone: PhoneWay,
    /// How a card is placed in this reader.
    pub placement: Placement,
    /// The visual check is offered here at all; `false` hides it.
    pub visual: bool,
    /// Level of the weights that look at faces here, for the start screen; `None`: none are configured.
    pub weights: Option<WeightsLevel>,
    /// Texts.
    pub texts: Texts,
}

//! What the clinic's service answers, and whether a result is kept.

use screen::Language;

/// What came of opening a session at the service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// It is open; the driver holds nonce and id.
    Open {
        /// The facility's name.
        facility: String,
        /// The service does the PIN-less step.
        pin_less: bool,
    },
    /// The service could not be reached or did not answer in time.
    Unreachable,
    /// The two clocks differ by more than 60 s.
    ClockSkew,
    /// The service refused the terminal (certificate, version).
    Refused,
}

/// What came of the lookup.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time travels, by value; the end of a certificate is the large one"
)]
pub enum Lookup {
    /// The service knows the person; the reception stands from here on.
    Found {
        /// Dates to tell the patient about.
        certificate: CertificateNotice,
        /// Items of the facility, in the order to ask.
        items: Vec<Item>,
        /// The desk has to talk to the patient (R2); no reason is shown.
        desk: bool,
    },
    /// Not signed up as insurance card; the service offers to sign it up now (R3, S7).
    SignUpOffered,
    /// The reception cannot be made this way; a screen says what to do.
    Refused(Refusal),
    /// No answer: nothing is known. Never shown as "not insured" (law 10).
    Unreachable,
}

/// What the patient is told about the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CertificateNotice {
    /// Nothing.
    None,
    /// It ends soon.
    EndsSoon(CertificateEnd),
    /// It ended up to three months ago.
    Grace(CertificateEnd),
}

/// The last valid day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertificateEnd {
    /// Year, month, day, western.
    pub day: [u16; 3],
    /// Written for each language, in the order of [`Language::ALL`].
    pub written: [String; Language::ALL.len()],
    /// It ends with the period of stay (foreign residents).
    pub stay: bool,
}

/// Why a reception is refused after the identity was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Certificate ended more than three months ago, or revoked: code 006.
    CertificateGone,
    /// A phone's certificate or its card ended or is revoked: no months of grace on phones.
    PhoneCertificateGone,
    /// certificateHold: the desk is asked.
    CertificateSuspended,
    /// The centre reports an error or is still processing.
    CentreError,
    /// Not signed up as insurance card, and nothing is offered.
    NotSignedUp,
    /// Signing up was asked for and the centre did not do it.
    SignUpFailed,
    /// The service found the proof wrong (statement, signature, chain).
    ProofRejected,
    /// Birth date or sex of the photo record are not those of the certificate's person: two chips in one card.
    PersonDiffers,
}

/// One consent item as the service names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Name in the data file.
    pub id: String,
    /// `None`: ask. Otherwise the answer recorded without asking ([`Answer::NotAskedGrace`] or [`Answer::NotAsked`]).
    pub withheld: Option<Answer>,
    /// The last explicit answer at this facility.
    pub previous: Option<PreviousAnswer>,
}

/// An answer of an earlier visit and the wording it was given to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PreviousAnswer {
    /// Agreed or declined.
    pub agreed: bool,
    /// Wording id.
    pub wording_id: String,
    /// Wording hash, in the language it was shown in.
    pub wording_hash: String,
}

/// 回答
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 同意する
    Agreed,
    /// 同意しない
    Declined,
    /// Asked, nothing pressed.
    NotAnswered,
    /// Not asked: grace period of the certificate.
    NotAskedGrace,
    /// Not asked: the service said so.
    NotAsked,
    /// 電子処方箋
    Electronic,
    /// 紙の処方箋
    Paper,
}

/// Whether the signed result is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storing {
    /// Durable: delivery repeats until the receipt is there.
    Durable,
    /// It could not be stored: nothing may be claimed.
    Failed,
}

/// The link to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// It answers.
    Up,
    /// It does not.
    Down,
}

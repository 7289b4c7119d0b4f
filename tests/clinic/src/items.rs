//! The consent items this service knows, in the order to ask (patient-flow 4.1, 4.3).

/// 診療・薬剤
pub const MEDICINES: &str = "medicines";
/// 特定健診, 後期高齢者健診
pub const CHECKUPS: &str = "checkups";
/// 手術
pub const OPERATIONS: &str = "operations";
/// 感染症, where the facility's scope holds it.
pub const INFECTIONS: &str = "infections";
/// 「ほかの受給者証も使いますか」: one neutral question for 特定疾病 and PMH together.
pub const OTHER_CERTIFICATES: &str = "other_certificates";
/// 処方箋形式
pub const PRESCRIPTION: &str = "prescription";

/// What an item is about, and so how it is answered and what becomes of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Health information: yes or no, for 24 hours, carried over to the next visit.
    Health,
    /// Other certificates: yes or no, for this visit; looked up only after a yes.
    OtherCertificates,
    /// The form of the prescription: electronic or paper, for this visit.
    Prescription,
}

impl Kind {
    /// Of an item; `None`: not one of this service.
    #[must_use]
    pub fn of(item: &str) -> Option<Self> {
        match item {
            MEDICINES | CHECKUPS | OPERATIONS | INFECTIONS => Some(Self::Health),
            OTHER_CERTIFICATES => Some(Self::OtherCertificates),
            PRESCRIPTION => Some(Self::Prescription),
            _ => None,
        }
    }
}

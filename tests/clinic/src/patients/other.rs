//! Other certificates an invented person holds: 特定疾病療養受療証, and 医療費助成の受給者証 by PMH.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Kinds of certificate behind the one neutral question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherCertificate {
    /// 特定疾病療養受療証
    SpecificDisease,
    /// 医療費助成の受給者証 (PMH)
    PublicExpense,
}

/// What came of asking for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherAnswer {
    /// It is there.
    #[default]
    Held,
    /// There is none.
    NotHeld,
    /// No answer: the paper certificate is needed (patient-flow section 9).
    Failed,
}

impl OtherCertificate {
    /// Both.
    pub const ALL: [Self; 2] = [Self::SpecificDisease, Self::PublicExpense];

    /// As in the books.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SpecificDisease => "specific_disease",
            Self::PublicExpense => "public_expense",
        }
    }
}

impl OtherAnswer {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Held, Self::NotHeld, Self::Failed];

    /// As in the books.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotHeld => "not_held",
            Self::Failed => "failed",
        }
    }
}

/// A line of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    serial: u64,
    kind: OtherCertificate,
    #[serde(default)]
    answer: OtherAnswer,
}

pub(super) fn read(rows: Vec<Row>) -> Result<BTreeMap<(u64, OtherCertificate), OtherAnswer>, String> {
    let mut all = BTreeMap::new();
    for row in rows {
        if all.insert((row.serial, row.kind), row.answer).is_some() {
            return Err(format!("{} of serial {} is listed twice", row.kind.name(), row.serial));
        }
    }
    Ok(all)
}

//! Each question about another certificate of a patient, and its answer. There is none without the patient's yes.

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use super::{Books, broken, integer, natural};
use crate::patients::{OtherAnswer, OtherCertificate, desk};

/// One question to the centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateLookup {
    /// The result that held the yes.
    pub result_id: String,
    /// Who, by number.
    pub patient: u64,
    /// Which certificate was asked for.
    pub certificate: OtherCertificate,
    /// What came of it.
    pub answer: OtherAnswer,
    /// What staff read.
    pub text: &'static str,
    /// When, ms.
    pub time_ms: u64,
}

pub(super) fn enter(
    change: &Connection,
    result: &str,
    patient: u64,
    found: &[(OtherCertificate, OtherAnswer)],
    now_ms: u64,
) -> rusqlite::Result<()> {
    for (certificate, answer) in found {
        change.execute(
            "INSERT INTO certificate_lookups (result_id, patient, certificate, answer, time_ms)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![result, integer(patient), certificate.name(), answer.name(), integer(now_ms)],
        )?;
    }
    Ok(())
}

impl Books {
    /// Every question about another certificate, oldest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn certificate_lookups(&self) -> rusqlite::Result<Vec<CertificateLookup>> {
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT result_id, patient, certificate, answer, time_ms FROM certificate_lookups ORDER BY number",
        )?;
        let read = |row: &Row<'_>| {
            let (certificate, answer): (String, String) = (row.get(2)?, row.get(3)?);
            let certificate = OtherCertificate::ALL.into_iter().find(|kind| kind.name() == certificate);
            let answer = OtherAnswer::ALL.into_iter().find(|known| known.name() == answer);
            let certificate = certificate.ok_or_else(|| broken(2, "certificate"))?;
            let answer = answer.ok_or_else(|| broken(3, "answer"))?;
            Ok(CertificateLookup {
                result_id: row.get(0)?,
                patient: natural(row, 1)?,
                certificate,
                answer,
                text: desk::of_other(certificate, answer),
                time_ms: natural(row, 4)?,
            })
        };
        all.query_map([], read)?.collect()
    }
}

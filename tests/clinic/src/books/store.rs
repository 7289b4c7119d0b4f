//! Storing a result: once, with its receipt and its answers, in one transaction.

use qualification::{
    Word, ids,
    protocol::{Answer, ItemAnswer, Receipt, ResultClaims},
};
use rand_core::OsRng;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::{Books, OwedFile, SessionState, files, integer, lookups, natural, set_state};
use crate::{
    items::Kind,
    patients::{OtherAnswer, OtherCertificate},
    refusal::Refusal,
};

/// Makes the file of a result from what came of the questions about other certificates.
pub type FileOf<'a> = dyn Fn(&[(OtherCertificate, OtherAnswer)]) -> Result<Option<OwedFile>, Refusal> + 'a;

/// A result whose every claim was checked.
pub struct NewResult<'a> {
    /// Its claims.
    pub claims: &'a ResultClaims,
    /// As it came.
    pub jws: &'a str,
    /// SHA-256 of that, hex.
    pub sha256: &'a str,
    /// The person it is about.
    pub patient: Option<u64>,
    /// Asks the centre what other certificates a person holds; called only for a patient's yes to that question.
    pub other_certificates: &'a dyn Fn(u64) -> Vec<(OtherCertificate, OtherAnswer)>,
    /// The file that is owed for it, by what came of those questions.
    pub file: &'a FileOf<'a>,
}

/// What the books say about a session's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// None yet.
    None,
    /// Exactly these bytes, with this receipt.
    Same(Receipt),
    /// Another one.
    Other,
}

impl Books {
    /// Whether this session has a result, and whether it is this one.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn kept(&self, session: &str, sha256: &str) -> rusqlite::Result<Kept> {
        kept_in(&self.connection(), session, sha256)
    }

    /// Stores a result and gives its receipt; the same bytes again get the same receipt.
    ///
    /// # Errors
    /// [`Word::AnotherResult`], [`Word::SessionClosed`], [`Word::Internal`].
    pub fn keep(&self, result: &NewResult<'_>, now_ms: u64) -> Result<Receipt, Refusal> {
        let claims = result.claims;
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let other = || Refusal::new(Word::AnotherResult, "the session, or this result id, has another result");
        match kept_in(&change, &claims.session_id, result.sha256)? {
            Kept::Same(receipt) => return Ok(receipt),
            Kept::Other => return Err(other()),
            Kept::None => {}
        }
        let sql = "SELECT state FROM sessions WHERE id = ?1";
        let state: String = change.query_row(sql, [&claims.session_id], |row| row.get(0))?;
        if state != SessionState::Proved.name() {
            return Err(Refusal::new(Word::SessionClosed, "the session was closed"));
        }
        let sql = "INSERT INTO results (result_id, session, sha256, jws, weights, weights_level, confirmed_by,
                                        valid_until_ms)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                   ON CONFLICT (result_id) DO NOTHING";
        let level = claims.weights_level.as_ref().map(text).transpose()?;
        let values = params![
            claims.result_id,
            claims.session_id,
            result.sha256,
            result.jws,
            claims.weights,
            level,
            claims.confirmed_by,
            integer(claims.valid_until_ms)
        ];
        if change.execute(sql, values)? != 1 {
            return Err(other());
        }
        write_answers(&change, result)?;
        let wants =
            |item: &ItemAnswer| Kind::of(&item.id) == Some(Kind::OtherCertificates) && item.answer == Answer::Agreed;
        let mut found = Vec::new();
        if let Some(patient) = result.patient.filter(|_| claims.items.iter().any(wants)) {
            found = (result.other_certificates)(patient);
            lookups::enter(&change, &claims.result_id, patient, &found, now_ms)?;
        }
        if let Some(file) = (result.file)(&found)? {
            files::owe(&change, &claims.session_id, &file, now_ms)?;
        }
        let receipt = Receipt {
            receipt_id: ids::fresh(&mut OsRng).map_err(|_| Refusal::new(Word::Internal, "no random bytes"))?,
            result_id: claims.result_id.clone(),
            result_sha256: result.sha256.to_owned(),
            time_ms: now_ms,
        };
        change.execute(
            "INSERT INTO receipts (receipt_id, result_id, time_ms) VALUES (?1, ?2, ?3)",
            params![receipt.receipt_id, receipt.result_id, integer(now_ms)],
        )?;
        set_state(&change, &claims.session_id, SessionState::Received)?;
        change.commit()?;
        Ok(receipt)
    }
}

fn kept_in(connection: &Connection, session: &str, sha256: &str) -> rusqlite::Result<Kept> {
    let sql = "SELECT receipt_id, result_id, sha256, time_ms FROM results JOIN receipts USING (result_id)
               WHERE session = ?1";
    let read = |row: &Row<'_>| {
        Ok(Receipt {
            receipt_id: row.get(0)?,
            result_id: row.get(1)?,
            result_sha256: row.get(2)?,
            time_ms: natural(row, 3)?,
        })
    };
    Ok(match connection.query_row(sql, [session], read).optional()? {
        None => Kept::None,
        Some(receipt) if receipt.result_sha256 == sha256 => Kept::Same(receipt),
        Some(_) => Kept::Other,
    })
}

fn write_answers(change: &Connection, result: &NewResult<'_>) -> Result<(), Refusal> {
    let claims = result.claims;
    for (position, item) in claims.items.iter().enumerate() {
        // Extras are for this visit: they open nothing for a day, and are asked anew (patient-flow 4.1).
        let agreed = match (item.answer, Kind::of(&item.id)) {
            (Answer::Agreed, Some(Kind::Health)) => Some(true),
            (Answer::Declined, Some(Kind::Health)) => Some(false),
            (Answer::Agreed | Answer::Declined, Some(Kind::OtherCertificates | Kind::Prescription) | None)
            | (
                Answer::Electronic | Answer::Paper | Answer::NotAnswered | Answer::NotAskedGrace | Answer::NotAsked,
                _,
            ) => None,
        };
        let available = agreed.filter(|agreed| *agreed).map(|_| integer(claims.valid_until_ms));
        change.execute(
            "INSERT INTO answers (result_id, position, item, answer, how, by, wording_id, wording_hash, language,
                                  time_ms, available_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                claims.result_id,
                integer(position.try_into().unwrap_or(u64::MAX)),
                item.id,
                text(&item.answer)?,
                text(&item.how)?,
                text(&item.by)?,
                item.wording_id,
                item.wording_hash,
                item.language,
                integer(claims.time_ms),
                available,
            ],
        )?;
        // Only explicit answers are carried over; silence never is (patient-flow 4.2 rule 4).
        if let (Some(agreed), Some(patient)) = (agreed, result.patient) {
            change.execute(
                "INSERT INTO consent_history (patient, item, agreed, wording_id, wording_hash, time_ms, language, by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (patient, item) DO UPDATE SET agreed = excluded.agreed,
                     wording_id = excluded.wording_id, wording_hash = excluded.wording_hash,
                     time_ms = excluded.time_ms, language = excluded.language, by = excluded.by
                 WHERE excluded.time_ms >= consent_history.time_ms",
                params![
                    integer(patient),
                    item.id,
                    agreed,
                    item.wording_id,
                    item.wording_hash,
                    integer(claims.time_ms),
                    item.language,
                    text(&item.by)?
                ],
            )?;
        }
    }
    Ok(())
}

/// The protocol's word for an enum value.
pub(super) fn text(value: &impl Serialize) -> Result<String, Refusal> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) | Err(_) => Err(Refusal::new(Word::Internal, "a word cannot be written")),
    }
}

//! What tests and scenarios read from the books.

use qualification::protocol::{Answer, By, How, Method, WeightsLevel};
use rusqlite::Row;
use serde::Serialize;

use super::{Books, SessionState, natural, word};

/// One result in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookedResult {
    /// Of the receipt.
    pub receipt_id: String,
    /// The terminal's id for it.
    pub result_id: String,
    /// Its session.
    pub session_id: String,
    /// The terminal it came from.
    pub terminal_id: String,
    /// Number of the person, if the lookup found one.
    pub patient: Option<u64>,
    /// How the holder was proved.
    pub method: Method,
    /// Identity of the face weights that decided; `none` without a face.
    pub weights: String,
    /// Level of the weights in use at the terminal; `None`: signed before it was told.
    pub weights_level: Option<WeightsLevel>,
    /// Number that staff gave at a visual check, if they did.
    pub confirmed_by: Option<String>,
    /// When its consents end, ms; `None`: signed before it was told.
    pub valid_until_ms: Option<u64>,
    /// When the first copy arrived, ms.
    pub received_ms: u64,
    /// Answers in the order asked.
    pub items: Vec<BookedAnswer>,
}

/// One answer in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookedAnswer {
    /// The item.
    pub id: String,
    /// What was pressed.
    pub answer: Answer,
    /// Now or carried over.
    pub how: How,
    /// By whom.
    pub by: By,
    /// The wording it was given to.
    pub wording_id: String,
    /// Language shown.
    pub language: String,
    /// When the consent ends, ms; only of health information, and only if agreed.
    pub available_ms: Option<u64>,
}

/// How many sessions are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SessionCounts {
    /// Nonce given out, no proof.
    pub open: u64,
    /// Wrong proof.
    pub spent: u64,
    /// Proved, no result yet.
    pub proved: u64,
    /// Proved, cannot be received; photo and certificate were of two people; or a result of demonstration weights came.
    pub turned_away: u64,
    /// Given up.
    pub cancelled: u64,
    /// With result.
    pub received: u64,
}

impl Books {
    /// Every result, oldest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn results(&self) -> rusqlite::Result<Vec<BookedResult>> {
        let connection = self.connection();
        let mut results = connection.prepare(
            "SELECT receipt_id, result_id, sessions.id, terminal, patient, method, receipts.time_ms, weights,
                    weights_level, confirmed_by, valid_until_ms
             FROM results JOIN receipts USING (result_id) JOIN sessions ON sessions.id = results.session
             JOIN authentications ON authentications.session = sessions.id ORDER BY results.rowid",
        )?;
        let mut answers = connection.prepare(
            "SELECT item, answer, how, by, wording_id, language, available_ms FROM answers
             WHERE result_id = ?1 ORDER BY position",
        )?;
        let read = |row: &Row<'_>| {
            Ok(BookedResult {
                receipt_id: row.get(0)?,
                result_id: row.get(1)?,
                session_id: row.get(2)?,
                terminal_id: row.get(3)?,
                patient: row.get::<_, Option<i64>>(4)?.and_then(|n| u64::try_from(n).ok()),
                method: word(row, 5)?,
                weights: row.get(7)?,
                weights_level: row.get::<_, Option<String>>(8)?.map(|_| word(row, 8)).transpose()?,
                confirmed_by: row.get(9)?,
                valid_until_ms: row.get::<_, Option<i64>>(10)?.and_then(|ms| u64::try_from(ms).ok()),
                received_ms: natural(row, 6)?,
                items: Vec::new(),
            })
        };
        let mut list = results.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        for result in &mut list {
            result.items = answers.query_map([&result.result_id], answer)?.collect::<rusqlite::Result<_>>()?;
        }
        Ok(list)
    }

    /// How many sessions are in which state.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn session_counts(&self) -> rusqlite::Result<SessionCounts> {
        let connection = self.connection();
        let count = |state: SessionState| {
            let sql = "SELECT count(*) FROM sessions WHERE state = ?1";
            connection.query_row(sql, [state.name()], |row| natural(row, 0))
        };
        Ok(SessionCounts {
            open: count(SessionState::Open)?,
            spent: count(SessionState::Spent)?,
            proved: count(SessionState::Proved)?,
            turned_away: count(SessionState::TurnedAway)?,
            cancelled: count(SessionState::Cancelled)?,
            received: count(SessionState::Received)?,
        })
    }
}

fn answer(row: &Row<'_>) -> rusqlite::Result<BookedAnswer> {
    Ok(BookedAnswer {
        id: row.get(0)?,
        answer: word(row, 1)?,
        how: word(row, 2)?,
        by: word(row, 3)?,
        wording_id: row.get(4)?,
        language: row.get(5)?,
        available_ms: row.get::<_, Option<i64>>(6)?.and_then(|n| u64::try_from(n).ok()),
    })
}

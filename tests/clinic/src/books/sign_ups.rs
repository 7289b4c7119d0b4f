//! Signing a card up: the offer of a session, taken once, and who is signed up since.

use qualification::{
    Word,
    protocol::{By, Item, Register},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::{Books, SessionState, Told, integer, natural, set_state, store, word, written};
use crate::refusal::Refusal;

/// What the service needs to look the holder up anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Who, by number.
    pub patient: u64,
    /// Last second of the certificate that was proved.
    pub not_after_unix: i64,
}

/// One person who was signed up at a terminal of this clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookedSignUp {
    /// Who, by number.
    pub patient: u64,
    /// In which session.
    pub session_id: String,
    /// The wording answered to.
    pub wording_id: String,
    /// Its hash.
    pub wording_hash: String,
    /// Language shown.
    pub language: String,
    /// Who pressed.
    pub by: By,
    /// When, ms.
    pub time_ms: u64,
}

pub(super) fn offer(change: &Connection, session: &str, offer: Offer) -> rusqlite::Result<()> {
    let sql = "INSERT INTO sign_up_offers (session, patient, not_after_unix) VALUES (?1, ?2, ?3)";
    change.execute(sql, params![session, integer(offer.patient), offer.not_after_unix]).map(drop)
}

/// What a session is after signing up.
#[derive(Clone, Copy, Debug)]
pub struct After<'a> {
    /// Items as answered to the terminal now.
    pub asked: &'a [Item],
    /// What the centre answers now.
    pub told: &'a Told,
    /// Whether the person can be received.
    pub state: SessionState,
}

impl Books {
    /// Takes the one offer of a session, whatever comes of it.
    ///
    /// # Errors
    /// [`Word::SignUpNotOffered`]: there is none, or it was taken.
    pub fn take_offer(&self, session: &str, now_ms: u64) -> Result<Offer, Refusal> {
        let sql = "UPDATE sign_up_offers SET taken_ms = ?2 WHERE session = ?1 AND taken_ms IS NULL
                   RETURNING patient, not_after_unix";
        let read = |row: &Row<'_>| Ok(Offer { patient: natural(row, 0)?, not_after_unix: row.get(1)? });
        let offer = self.connection().query_row(sql, params![session, integer(now_ms)], read).optional()?;
        offer.ok_or_else(|| Refusal::new(Word::SignUpNotOffered, "this session has no offer to sign up, or had it"))
    }

    /// Enters that the centre signed a person up, and what the session asks now.
    ///
    /// # Errors
    /// [`Word::SessionClosed`]: the terminal gave it up meanwhile; that the person is signed up stays in the books.
    pub fn signed_up(
        &self,
        session: &str,
        patient: u64,
        question: &Register,
        after: &After<'_>,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let After { asked, told, state } = *after;
        let (asked, told) = (written(asked)?, written(told)?);
        let mut connection = self.connection();
        let change = connection.transaction()?;
        change.execute(
            "INSERT INTO sign_ups (patient, session, wording_id, wording_hash, language, by, time_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (patient) DO NOTHING",
            params![
                integer(patient),
                session,
                question.wording_id,
                question.wording_hash,
                question.language,
                store::text(&question.by)?,
                integer(now_ms)
            ],
        )?;
        let sql = "SELECT state FROM sessions WHERE id = ?1";
        let still: String = change.query_row(sql, [session], |row| row.get(0))?;
        let goes_on = still == SessionState::TurnedAway.name();
        if goes_on {
            let sql = "UPDATE authentications SET asked = ?2, told = ?3 WHERE session = ?1";
            change.execute(sql, params![session, asked, told])?;
            set_state(&change, session, state)?;
        }
        change.commit()?;
        if goes_on { Ok(()) } else { Err(Refusal::new(Word::SessionClosed, "the session was cancelled")) }
    }

    /// Whether this person was signed up here.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn is_signed_up(&self, patient: u64) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sign_ups WHERE patient = ?1)";
        self.connection().query_row(sql, [integer(patient)], |row| row.get(0))
    }

    /// Everybody who was signed up here, oldest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn sign_ups(&self) -> rusqlite::Result<Vec<BookedSignUp>> {
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT patient, session, wording_id, wording_hash, language, by, time_ms FROM sign_ups ORDER BY rowid",
        )?;
        let read = |row: &Row<'_>| {
            Ok(BookedSignUp {
                patient: natural(row, 0)?,
                session_id: row.get(1)?,
                wording_id: row.get(2)?,
                wording_hash: row.get(3)?,
                language: row.get(4)?,
                by: word(row, 5)?,
                time_ms: natural(row, 6)?,
            })
        };
        all.query_map([], read)?.collect()
    }
}

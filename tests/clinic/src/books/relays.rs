//! The PIN-less step of each session, and what the desk must learn of what went wrong there.

use qualification::{Word, protocol::Method};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::{Books, SessionState, broken, integer, natural, set_state, word};
use crate::{patients, pin_less::Step, refusal::Refusal};

/// A relay as the books have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRelay {
    /// How the holder was compared.
    pub method: Method,
    /// The certificate it is for, SHA-256 in hex.
    pub certificate_sha256: String,
    /// How far it has come.
    pub step: Step,
}

/// Something for the desk to look after. Nothing of the person: session and terminal tell the desk which visit it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeskNote {
    /// The session.
    pub session_id: String,
    /// The terminal.
    pub terminal_id: String,
    /// The word that the terminal was refused with.
    pub note: String,
    /// What staff read.
    pub text: &'static str,
    /// When, ms.
    pub time_ms: u64,
}

impl Books {
    /// The relay of a session, if it had one.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn relay(&self, session: &str) -> rusqlite::Result<Option<KeptRelay>> {
        let read = |row: &Row<'_>| {
            let name: String = row.get(2)?;
            let step = Step::ALL.into_iter().find(|step| step.name() == name).ok_or_else(|| broken(2, "step"))?;
            Ok(KeptRelay { method: word(row, 0)?, certificate_sha256: row.get(1)?, step })
        };
        let sql = "SELECT method, certificate_sha256, step FROM relays WHERE session = ?1";
        self.connection().query_row(sql, [session], read).optional()
    }

    /// Enters the one relay of a session.
    ///
    /// # Errors
    /// [`Word::RelayOrder`]: it has had one.
    pub fn begin_relay(
        &self,
        session: &str,
        method: Method,
        certificate_sha256: &str,
        step: Step,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let sql = "INSERT INTO relays (session, method, certificate_sha256, step, time_ms)
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (session) DO NOTHING";
        let values = params![session, method.name(), certificate_sha256, step.name(), integer(now_ms)];
        one(self.connection().execute(sql, values)?, "this session has had its relay")
    }

    /// Moves a relay on.
    ///
    /// # Errors
    /// [`Word::RelayOrder`]: meanwhile it was moved by another request.
    pub fn advance_relay(&self, session: &str, from: Step, to: Step) -> Result<(), Refusal> {
        let sql = "UPDATE relays SET step = ?3 WHERE session = ?1 AND step = ?2";
        let changed = self.connection().execute(sql, params![session, from.name(), to.name()])?;
        one(changed, "two requests of one relay at once")
    }

    /// Enters a note for the desk.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn note(&self, session: &str, word: Word, now_ms: u64) -> rusqlite::Result<()> {
        note_in(&self.connection(), session, word, now_ms)
    }

    /// Closes a session whose proof was of two people, and enters it for the desk.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn turn_away(&self, session: &str, word: Word, now_ms: u64) -> rusqlite::Result<()> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        set_state(&change, session, SessionState::TurnedAway)?;
        note_in(&change, session, word, now_ms)?;
        change.commit()
    }

    /// Every note for the desk, oldest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn desk(&self) -> rusqlite::Result<Vec<DeskNote>> {
        let connection = self.connection();
        let mut notes = connection.prepare(
            "SELECT session, terminal, word, time_ms FROM desk_notes JOIN sessions ON sessions.id = session
             ORDER BY number",
        )?;
        let read = |row: &Row<'_>| {
            let note: String = row.get(2)?;
            let word = Word::of(&note).ok_or_else(|| broken(2, "word"))?;
            let text = patients::desk::note(word);
            Ok(DeskNote { session_id: row.get(0)?, terminal_id: row.get(1)?, note, text, time_ms: natural(row, 3)? })
        };
        notes.query_map([], read)?.collect()
    }
}

fn note_in(connection: &Connection, session: &str, word: Word, now_ms: u64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO desk_notes (session, word, time_ms) VALUES (?1, ?2, ?3)";
    connection.execute(sql, params![session, word.text(), integer(now_ms)]).map(drop)
}

fn one(changed: usize, detail: &str) -> Result<(), Refusal> {
    if changed == 1 { Ok(()) } else { Err(Refusal::new(Word::RelayOrder, detail)) }
}

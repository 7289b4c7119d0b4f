//! The clinic's books on SQLite. Every change is one transaction, durable before it is answered.

mod columns;
mod files;
mod lookups;
mod mode;
mod relays;
mod report;
mod sign_ups;
mod store;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

pub use files::{BookedFile, FileState, KeptFile, OwedFile, Sub};
pub use lookups::CertificateLookup;
use qualification::{
    Word,
    protocol::{CertificateState, Item, Method, Previous, Qualification},
};
pub use relays::{DeskNote, KeptRelay};
pub use report::{BookedAnswer, BookedResult, SessionCounts};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
pub use sign_ups::{After, BookedSignUp, Offer};
pub use store::{FileOf, Kept, NewResult};

use crate::refusal::Refusal;

/// The data base, shared by all requests; SQLite writes one after the other anyway.
pub struct Books(Mutex<Connection>);

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Its nonce was given out.
    Open,
    /// A proof was sent and was wrong; the nonce is spent.
    Spent,
    /// The holder was proved and can be received.
    Proved,
    /// The holder was proved and cannot be received this way, or photo and certificate were of two people.
    TurnedAway,
    /// Given up by the terminal.
    Cancelled,
    /// Its result is in the books.
    Received,
}

impl SessionState {
    const ALL: [Self; 6] = [Self::Open, Self::Spent, Self::Proved, Self::TurnedAway, Self::Cancelled, Self::Received];

    /// As in the books.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Spent => "spent",
            Self::Proved => "proved",
            Self::TurnedAway => "turned_away",
            Self::Cancelled => "cancelled",
            Self::Received => "received",
        }
    }
}

/// One session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// When it was opened.
    pub opened_ms: u64,
    /// How far it has come.
    pub state: SessionState,
}

/// What was proved in a session, and what was asked then.
#[derive(Clone, Debug)]
pub struct Proved {
    /// How.
    pub method: Method,
    /// Which certificate, SHA-256 in hex.
    pub certificate_sha256: String,
    /// Who, by number.
    pub patient: Option<u64>,
    /// Items as answered to the terminal.
    pub asked: Vec<Item>,
    /// What the centre answered; `None`: proved before it was kept.
    pub told: Option<Told>,
    /// When.
    pub time_ms: u64,
}

/// What the centre answered about person and certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// 資格有効性
    pub qualification: Qualification,
    /// State of the certificate.
    pub certificate: CertificateState,
}

/// What follows from a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The holder can be received.
    Received,
    /// Cannot be received this way.
    TurnedAway,
    /// Cannot, unless the card is signed up now.
    Offered(Offer),
}

impl Books {
    /// Opens or makes the data base.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        // Durable before answered: a receipt must survive a pulled plug.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(include_str!("schema.sql"))?;
        columns::add_what_is_missing(&connection)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolls it back; the connection stays usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a terminal and the public key of its signed results.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn enrol(&self, terminal: &str, result_key: &[u8]) -> rusqlite::Result<()> {
        let sql = "INSERT INTO terminals (id, result_key) VALUES (?1, ?2)
                   ON CONFLICT (id) DO UPDATE SET result_key = excluded.result_key";
        self.connection().execute(sql, params![terminal, result_key]).map(drop)
    }

    /// Public key of a terminal's signed results.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn result_key(&self, terminal: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        let sql = "SELECT result_key FROM terminals WHERE id = ?1";
        self.connection().query_row(sql, [terminal], |row| row.get(0)).optional()
    }

    /// Enters a new session with its nonce.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn open_session(&self, id: &str, terminal: &str, nonce: &[u8; 32], now_ms: u64) -> rusqlite::Result<()> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let state = SessionState::Open.name();
        change.execute(
            "INSERT INTO sessions (id, terminal, opened_ms, state) VALUES (?1, ?2, ?3, ?4)",
            params![id, terminal, integer(now_ms), state],
        )?;
        change.execute("INSERT INTO nonces (nonce, session) VALUES (?1, ?2)", params![nonce, id])?;
        change.commit()
    }

    /// A session of this terminal.
    ///
    /// # Errors
    /// [`Word::UnknownSession`], [`Word::ForeignSession`].
    pub fn session(&self, id: &str, terminal: &str) -> Result<Session, Refusal> {
        session_in(&self.connection(), id, terminal)
    }

    /// Takes the nonce of an open session: it is single use, whatever comes of the proof.
    ///
    /// # Errors
    /// [`Word::NonceUsed`].
    pub fn take_nonce(&self, session: &str, now_ms: u64) -> Result<[u8; 32], Refusal> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let sql = "UPDATE nonces SET used_ms = ?2 WHERE session = ?1 AND used_ms IS NULL RETURNING nonce";
        let nonce: Option<[u8; 32]> =
            change.query_row(sql, params![session, integer(now_ms)], |row| row.get(0)).optional()?;
        let nonce = nonce.ok_or_else(|| Refusal::new(Word::NonceUsed, "this session has had its proof"))?;
        set_state(&change, session, SessionState::Spent)?;
        change.commit()?;
        Ok(nonce)
    }

    /// Enters what was proved, and the file that is owed for it where no result can follow.
    ///
    /// # Errors
    /// The books failed, or the session was cancelled meanwhile.
    pub fn prove(
        &self,
        session: &str,
        proved: &Proved,
        outcome: Outcome,
        file: Option<&OwedFile>,
    ) -> Result<(), Refusal> {
        let asked = written(&proved.asked)?;
        let told = proved.told.as_ref().map(written).transpose()?;
        let state = match outcome {
            Outcome::Received => SessionState::Proved,
            Outcome::TurnedAway | Outcome::Offered(_) => SessionState::TurnedAway,
        };
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let sql = "UPDATE sessions SET state = ?2 WHERE id = ?1 AND state = ?3";
        if change.execute(sql, params![session, state.name(), SessionState::Spent.name()])? != 1 {
            return Err(Refusal::new(Word::SessionClosed, "the session was cancelled"));
        }
        change.execute(
            "INSERT INTO authentications (session, method, certificate_sha256, patient, asked, time_ms, told)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                session,
                proved.method.name(),
                proved.certificate_sha256,
                proved.patient.map(integer),
                asked,
                integer(proved.time_ms),
                told
            ],
        )?;
        if let Some(file) = file {
            files::owe(&change, session, file, proved.time_ms)?;
        }
        if let Outcome::Offered(offer) = outcome {
            sign_ups::offer(&change, session, offer)?;
        }
        change.commit()?;
        Ok(())
    }

    /// What was proved in a session.
    ///
    /// # Errors
    /// [`Word::NotAuthenticated`]: nothing was.
    pub fn proved(&self, session: &str) -> Result<Proved, Refusal> {
        let sql =
            "SELECT method, certificate_sha256, patient, asked, time_ms, told FROM authentications WHERE session = ?1";
        let read = |row: &Row<'_>| {
            Ok(Proved {
                method: word(row, 0)?,
                certificate_sha256: row.get(1)?,
                patient: row.get::<_, Option<i64>>(2)?.and_then(|n| u64::try_from(n).ok()),
                asked: json(&row.get::<_, String>(3)?, 3)?,
                told: row.get::<_, Option<String>>(5)?.map(|told| json(&told, 5)).transpose()?,
                time_ms: natural(row, 4)?,
            })
        };
        let found = self.connection().query_row(sql, [session], read).optional()?;
        found.ok_or_else(|| Refusal::new(Word::NotAuthenticated, "a result needs a proof before it"))
    }

    /// Closes a session that has no result.
    ///
    /// # Errors
    /// [`Word::SessionClosed`]: it has one.
    pub fn cancel(&self, id: &str, terminal: &str) -> Result<(), Refusal> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let session = session_in(&change, id, terminal)?;
        if session.state == SessionState::Received {
            return Err(Refusal::new(Word::SessionClosed, "the session has its result"));
        }
        set_state(&change, id, SessionState::Cancelled)?;
        change.commit()?;
        Ok(())
    }

    /// The last explicit answer of a person at this facility.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn previous(&self, patient: u64, item: &str) -> rusqlite::Result<Option<Previous>> {
        let sql = "SELECT agreed, wording_id, wording_hash, time_ms FROM consent_history
                   WHERE patient = ?1 AND item = ?2";
        let read = |row: &Row<'_>| {
            Ok(Previous {
                agreed: row.get(0)?,
                wording_id: row.get(1)?,
                wording_hash: row.get(2)?,
                time_ms: natural(row, 3)?,
            })
        };
        self.connection().query_row(sql, params![integer(patient), item], read).optional()
    }
}

/// As JSON.
fn written<T: Serialize + ?Sized>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|_| Refusal::new(Word::Internal, "an entry cannot be written"))
}

fn session_in(connection: &Connection, id: &str, terminal: &str) -> Result<Session, Refusal> {
    let sql = "SELECT terminal, opened_ms, state FROM sessions WHERE id = ?1";
    let read = |row: &Row<'_>| {
        let name: String = row.get(2)?;
        let state = SessionState::ALL.into_iter().find(|state| state.name() == name);
        let state = state.ok_or_else(|| broken(2, "session state"))?;
        Ok((row.get::<_, String>(0)?, Session { id: id.to_owned(), opened_ms: natural(row, 1)?, state }))
    };
    let found = connection.query_row(sql, [id], read).optional()?;
    let (owner, session) = found.ok_or_else(|| Refusal::new(Word::UnknownSession, "no such session"))?;
    if owner != terminal {
        return Err(Refusal::new(Word::ForeignSession, "the session belongs to another terminal"));
    }
    Ok(session)
}

fn set_state(connection: &Connection, session: &str, state: SessionState) -> rusqlite::Result<()> {
    connection.execute("UPDATE sessions SET state = ?2 WHERE id = ?1", params![session, state.name()]).map(drop)
}

/// SQLite's integers are signed; times and serial numbers of this century fit.
fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn natural(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A word of one of the protocol's enums.
fn word<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(name)).map_err(|_| broken(column, "word"))
}

fn json<T: serde::de::DeserializeOwned>(text: &str, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|_| broken(column, "JSON"))
}

fn broken(column: usize, what: &str) -> rusqlite::Error {
    let source = std::io::Error::new(std::io::ErrorKind::InvalidData, format!("not a {what} of this program"));
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(source))
}

//! Files that are owed to the レセコン, and what its requests leave in the books.

use qualification::{Word, ids};
use rand_core::OsRng;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Books, broken, integer, natural};
use crate::refusal::Refusal;

/// Sub-folder of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sub {
    /// Answers to requests.
    Res,
    /// What the card reader starts.
    Face,
}

impl Sub {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Res, Self::Face];

    /// Its name, in the folder and in the books.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Res => "res",
            Self::Face => "face",
        }
    }
}

/// A file to write.
#[derive(Clone, PartialEq, Eq)]
pub struct OwedFile {
    /// Where.
    pub sub: Sub,
    /// Its name there.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Nothing is on disk, or it does not count.
    Owed,
    /// It lies whole beside its folder, to be renamed into it.
    Aside,
    /// It is, or was, in its folder.
    Written,
}

impl FileState {
    const ALL: [Self; 3] = [Self::Owed, Self::Aside, Self::Written];

    const fn name(self) -> &'static str {
        match self {
            Self::Owed => "owed",
            Self::Aside => "aside",
            Self::Written => "written",
        }
    }
}

/// A file that is not in its folder yet.
pub struct KeptFile {
    /// Its number in the books; also its name while it lies aside.
    pub number: u64,
    /// The file.
    pub file: OwedFile,
    /// How far it has come.
    pub state: FileState,
    /// The folder it lies aside in.
    pub place: Option<String>,
}

/// A file of the books as reports have it, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BookedFile {
    /// Sub-folder.
    pub sub: String,
    /// Name.
    pub name: String,
    /// `owed`, `aside`, `written`.
    pub state: String,
    /// When its reason came into the books, ms.
    pub time_ms: u64,
}

/// Enters a file that is owed from now on. Again for the same origin: nothing.
pub(super) fn owe(change: &Connection, origin: &str, file: &OwedFile, now_ms: u64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO files (origin, sub, name, bytes, state, time_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (origin) DO NOTHING";
    let state = FileState::Owed.name();
    change.execute(sql, params![origin, file.sub.name(), file.name, file.bytes, state, integer(now_ms)]).map(drop)
}

impl Books {
    /// Who these books are; made up the first time.
    ///
    /// # Errors
    /// SQLite's own; no random bytes.
    pub fn identity(&self) -> Result<String, Refusal> {
        let fresh = ids::fresh(&mut OsRng).map_err(|_| Refusal::new(Word::Internal, "no random bytes"))?;
        let connection = self.connection();
        connection.execute("INSERT INTO identity (one, id) VALUES (1, ?1) ON CONFLICT (one) DO NOTHING", [fresh])?;
        Ok(connection.query_row("SELECT id FROM identity", [], |row| row.get(0))?)
    }

    /// Enters an answer that is owed to a request.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn owe_answer(&self, request: &str, file: &OwedFile, now_ms: u64) -> rusqlite::Result<()> {
        owe(&self.connection(), request, file, now_ms)
    }

    /// Whether an answer to this request is in the books, owed or written.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn has_file_for(&self, origin: &str) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE origin = ?1)";
        self.connection().query_row(sql, [origin], |row| row.get(0))
    }

    /// Whether a file is owed for this origin and not in its folder yet.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn owes(&self, origin: &str) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM files WHERE origin = ?1 AND state <> 'written')";
        self.connection().query_row(sql, [origin], |row| row.get(0))
    }

    /// Every file that is not in its folder yet, oldest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn owed_files(&self) -> rusqlite::Result<Vec<KeptFile>> {
        let connection = self.connection();
        let mut owed = connection.prepare(
            "SELECT number, sub, name, bytes, state, place FROM files WHERE state <> 'written' ORDER BY number",
        )?;
        let read = |row: &Row<'_>| {
            let (sub, state): (String, String) = (row.get(1)?, row.get(4)?);
            let sub = Sub::ALL.into_iter().find(|known| known.name() == sub).ok_or_else(|| broken(1, "folder"))?;
            let state = FileState::ALL.into_iter().find(|known| known.name() == state);
            let bytes: Option<Vec<u8>> = row.get(3)?;
            let bytes = bytes.ok_or_else(|| broken(3, "file"))?;
            Ok(KeptFile {
                number: natural(row, 0)?,
                file: OwedFile { sub, name: row.get(2)?, bytes },
                state: state.ok_or_else(|| broken(4, "state of a file"))?,
                place: row.get(5)?,
            })
        };
        owed.query_map([], read)?.collect()
    }

    /// The file lies whole beside its folder.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn file_is_aside(&self, number: u64, place: &str) -> rusqlite::Result<()> {
        let sql = "UPDATE files SET state = 'aside', place = ?2 WHERE number = ?1";
        self.connection().execute(sql, params![integer(number), place]).map(drop)
    }

    /// The file is in its folder. The books keep its name, not what is in it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn file_is_written(&self, number: u64) -> rusqlite::Result<()> {
        let sql = "UPDATE files SET state = 'written', bytes = NULL WHERE number = ?1";
        self.connection().execute(sql, [integer(number)]).map(drop)
    }

    /// Every file, oldest first, without what is in it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn files(&self) -> rusqlite::Result<Vec<BookedFile>> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT sub, name, state, time_ms FROM files ORDER BY number")?;
        let read = |row: &Row<'_>| {
            Ok(BookedFile { sub: row.get(0)?, name: row.get(1)?, state: row.get(2)?, time_ms: natural(row, 3)? })
        };
        all.query_map([], read)?.collect()
    }

    /// Registers the clinic's own number of an insurance; the last one counts.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn register_reference(&self, insurance: &str, reference: &str, now_ms: u64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO reference_numbers (insurance, reference_number, time_ms) VALUES (?1, ?2, ?3)
                   ON CONFLICT (insurance) DO UPDATE SET reference_number = excluded.reference_number,
                                                         time_ms = excluded.time_ms";
        self.connection().execute(sql, params![insurance, reference, integer(now_ms)]).map(drop)
    }

    /// The clinic's own number of an insurance.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn reference(&self, insurance: &str) -> rusqlite::Result<Option<String>> {
        let sql = "SELECT reference_number FROM reference_numbers WHERE insurance = ?1";
        self.connection().query_row(sql, [insurance], |row| row.get(0)).optional()
    }

    /// Keeps the results of an upload, and forgets those older than `forget_before_ms`.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_upload(
        &self,
        reception: &str,
        interface: &str,
        results: &[u8],
        now_ms: u64,
        forget_before_ms: u64,
    ) -> rusqlite::Result<()> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        change.execute("DELETE FROM uploads WHERE time_ms < ?1", [integer(forget_before_ms)])?;
        change.execute(
            "INSERT INTO uploads (reception_number, interface, results, time_ms) VALUES (?1, ?2, ?3, ?4)",
            params![reception, interface, results, integer(now_ms)],
        )?;
        change.commit()
    }

    /// The results of an upload.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn upload(&self, reception: &str, interface: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        let sql = "SELECT results FROM uploads WHERE reception_number = ?1 AND interface = ?2";
        self.connection().query_row(sql, [reception, interface], |row| row.get(0)).optional()
    }

    /// When a person's consent to an item ends, ms: by their last explicit answer here; `None`: there is none.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn consent_ends(&self, patient: u64, item: &str) -> rusqlite::Result<Option<u64>> {
        let sql = "SELECT available_ms FROM answers JOIN results USING (result_id)
                   JOIN authentications USING (session)
                   WHERE patient = ?1 AND item = ?2 AND answer IN ('agreed', 'declined', 'not_answered')
                   ORDER BY answers.time_ms DESC, results.rowid DESC LIMIT 1";
        let read = |row: &Row<'_>| row.get::<_, Option<i64>>(0);
        let ends = self.connection().query_row(sql, params![integer(patient), item], read).optional()?.flatten();
        Ok(ends.and_then(|ends| u64::try_from(ends).ok()))
    }
}

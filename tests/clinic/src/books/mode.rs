//! What books are for: a clinic's care, or demonstrations. They never change sides, so that no answer given to be shown is
//! ever offered to a patient as carried over.

use rusqlite::{OptionalExtension, TransactionBehavior};

use super::Books;

impl Books {
    /// Dedicates new books to demonstrations (`true`) or to care, and says what these books are for.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn dedicate(&self, demo: bool) -> rusqlite::Result<bool> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = change.query_row("SELECT demo FROM mode", [], |row| row.get(0)).optional()?;
        let mode = if let Some(known) = known {
            known
        } else {
            // Books with visits from before modes were written down: there was no other than care.
            let used: bool = change.query_row("SELECT EXISTS (SELECT 1 FROM sessions)", [], |row| row.get(0))?;
            let mode = demo && !used;
            change.execute("INSERT INTO mode (demo) VALUES (?1)", [mode])?;
            mode
        };
        change.commit()?;
        Ok(mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_stay_what_they_were_first_opened_for() {
        for first in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("books.sqlite");
            for demo in [first, !first, first] {
                assert_eq!(Books::open(&path).unwrap().dedicate(demo).unwrap(), first);
            }
        }
    }

    #[test]
    fn books_with_visits_from_before_there_were_modes_are_for_care() {
        let folder = tempfile::tempdir().unwrap();
        let books = Books::open(&folder.path().join("books.sqlite")).unwrap();
        books.enrol("terminal-1", &[4]).unwrap();
        books.open_session("s", "terminal-1", &[0; 32], 1).unwrap();
        assert!(!books.dedicate(true).unwrap());
        assert!(!books.dedicate(false).unwrap());
    }
}

//! Columns that older books do not have yet. New tables come with `schema.sql`.

use rusqlite::Connection;

/// Table, column, and what it holds in rows from before.
const LATER: [(&str, &str, &str); 7] = [
    // From before the face way: results were all without a face.
    ("results", "weights", "TEXT NOT NULL DEFAULT 'none'"),
    // From before levels were told: nothing is known of those results.
    ("results", "weights_level", "TEXT"),
    // From before the visual check.
    ("results", "confirmed_by", "TEXT"),
    // From before it was signed when consents end.
    ("results", "valid_until_ms", "INTEGER"),
    // From before it was kept in which language an answer was given, and by whom.
    ("consent_history", "language", "TEXT"),
    ("consent_history", "by", "TEXT"),
    // From before result files: what the centre answered was not kept.
    ("authentications", "told", "TEXT"),
];

pub(super) fn add_what_is_missing(connection: &Connection) -> rusqlite::Result<()> {
    for (table, column, holds) in LATER {
        if !connection.column_exists(None, table, column)? {
            connection.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column} {holds}"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Row;

    use super::super::Books;
    use super::*;

    #[test]
    fn books_from_before_the_face_way_are_opened_and_nothing_is_made_up_about_their_results() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(
            "CREATE TABLE results (result_id TEXT PRIMARY KEY, session TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
                                   jws TEXT NOT NULL) STRICT;
             INSERT INTO results VALUES ('r', 's', 'x', 'j');
             CREATE TABLE consent_history (patient INTEGER NOT NULL, item TEXT NOT NULL, agreed INTEGER NOT NULL,
                                           wording_id TEXT NOT NULL, wording_hash TEXT NOT NULL,
                                           time_ms INTEGER NOT NULL, PRIMARY KEY (patient, item)) STRICT;
             CREATE TABLE authentications (session TEXT PRIMARY KEY, method TEXT NOT NULL,
                                           certificate_sha256 TEXT NOT NULL, patient INTEGER, asked TEXT NOT NULL,
                                           time_ms INTEGER NOT NULL) STRICT;
             INSERT INTO authentications VALUES ('s', 'pin', 'c', 1001, '[]', 1);
             INSERT INTO consent_history VALUES (1001, 'medicines', 1, 'w', 'h', 1);",
        )
        .unwrap();
        drop(old);
        for _ in 0..2 {
            let books = Books::open(&path).unwrap();
            let sql = "SELECT weights, weights_level, confirmed_by, valid_until_ms FROM results";
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            let told: (String, Option<String>, Option<String>, Option<i64>) =
                books.connection().query_row(sql, [], read).unwrap();
            assert_eq!(told, ("none".to_owned(), None, None, None));
            assert_eq!(books.proved("s").unwrap().told, None);
            assert!(books.previous(1001, "medicines").unwrap().unwrap().agreed);
        }
    }
}

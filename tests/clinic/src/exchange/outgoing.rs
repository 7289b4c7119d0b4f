//! Writing what is owed: aside, then into its folder, exactly once, also when the plug is pulled in between.

use std::sync::{Mutex, PoisonError};

use super::folder::Folder;
use crate::books::{Books, FileState, KeptFile};

/// One writer at a time, so that no two requests write one file twice.
#[derive(Default)]
pub(crate) struct Outgoing(Mutex<()>);

impl Outgoing {
    /// Writes everything that is owed; says what could not be written, and goes on with the rest.
    pub(crate) fn write_owed(&self, books: &Books, folder: &Folder) -> Result<(), String> {
        let _one = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let owed = books.owed_files().map_err(|error| format!("books: {error}"))?;
        let mut first = Ok(());
        for file in owed {
            let done = write(books, folder, &file);
            first = first.and(done);
        }
        first
    }
}

/// Books and folder change in turns; whatever is cut short is taken up where it was. Only while the file lies aside has it
/// never been in its folder: that tells a rename that happened from one that did not.
fn write(books: &Books, folder: &Folder, kept: &KeptFile) -> Result<(), String> {
    let of_books = |error: rusqlite::Error| format!("books: {error}");
    let of_folder = |error: std::io::Error| format!("{}: {error}", folder.root().join(kept.file.sub.name()).display());
    let lies_aside = match kept.state {
        FileState::Owed => false,
        FileState::Aside => kept.place.as_deref() == Some(folder.id()),
        FileState::Written => return Ok(()),
    };
    if !lies_aside {
        folder.put_aside(kept.number, &kept.file.bytes).map_err(of_folder)?;
        books.file_is_aside(kept.number, folder.id()).map_err(of_books)?;
    }
    folder.move_in(kept.number, kept.file.sub, &kept.file.name).map_err(of_folder)?;
    books.file_is_written(kept.number).map_err(of_books)
}

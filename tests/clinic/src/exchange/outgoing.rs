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

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::books::{OwedFile, Sub};

    fn folder(root: &Path, id: &str) -> Folder {
        Folder::open(root, "books", false, id.to_owned()).unwrap()
    }

    fn books(root: &Path) -> Books {
        let books = Books::open(&root.join("books.sqlite")).unwrap();
        let file = OwedFile { sub: Sub::Face, name: "a.xml".into(), bytes: b"whole".to_vec() };
        books.owe_answer("origin", &file, 1).unwrap();
        books.owe_answer("origin", &OwedFile { name: "b.xml".into(), ..file }, 1).unwrap();
        books
    }

    fn state(books: &Books) -> String {
        let all = books.files().unwrap();
        assert_eq!(all.len(), 1, "one origin owes one file");
        all[0].state.clone()
    }

    #[test]
    fn wherever_the_plug_is_pulled_the_file_is_there_exactly_once() {
        for cut in 0..5 {
            let root = tempfile::tempdir().unwrap();
            let (books, folder) = (books(root.path()), folder(&root.path().join("files"), "f"));
            let number = books.owed_files().unwrap()[0].number;
            let face = root.path().join("files/face/a.xml");
            // Every step of `write`, and nothing after the cut.
            if cut > 0 {
                folder.put_aside(number, if cut == 1 { b"hal" } else { b"whole" }).unwrap();
            }
            if cut > 2 {
                books.file_is_aside(number, folder.id()).unwrap();
            }
            if cut > 3 {
                folder.move_in(number, Sub::Face, "a.xml").unwrap();
                // The レセコン takes it at once.
                fs::remove_file(&face).unwrap();
            }
            Outgoing::default().write_owed(&books, &folder).unwrap();
            assert_eq!(fs::read(&face).ok().as_deref(), (cut < 4).then_some(&b"whole"[..]), "cut {cut}");
            assert_eq!(state(&books), "written");
            assert_eq!(fs::read_dir(root.path().join("files/.aside")).unwrap().count(), 0);
            // And never again.
            let _ = fs::remove_file(&face);
            Outgoing::default().write_owed(&books, &folder).unwrap();
            assert!(!face.exists());
        }
    }

    #[test]
    fn what_lay_aside_in_another_folder_is_written_into_this_one() {
        let root = tempfile::tempdir().unwrap();
        let books = books(root.path());
        let old = folder(&root.path().join("old"), "old");
        let number = books.owed_files().unwrap()[0].number;
        old.put_aside(number, b"whole").unwrap();
        books.file_is_aside(number, old.id()).unwrap();
        let new = folder(&root.path().join("new"), "new");
        Outgoing::default().write_owed(&books, &new).unwrap();
        assert_eq!(fs::read(root.path().join("new/face/a.xml")).unwrap(), b"whole");
    }

    #[test]
    fn a_request_that_goes_back_never_overwrites_a_new_one() {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path(), "f");
        let req = root.path().join("req/a.xml");
        fs::write(&req, "old").unwrap();
        folder.take("a.xml", "id").unwrap();
        assert_eq!(folder.all_taken().unwrap(), [("id".to_owned(), "a.xml".to_owned())]);
        fs::write(&req, "new").unwrap();
        folder.put_back("id", "a.xml").unwrap();
        assert_eq!(fs::read(&req).unwrap(), b"new");
        assert_eq!(fs::read(root.path().join("req/a.xml.id.bad")).unwrap(), b"old");
    }

    #[test]
    fn a_link_that_was_taken_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path(), "f");
        std::os::unix::fs::symlink("/etc/hostname", root.path().join("req/a.xml")).unwrap();
        folder.take("a.xml", "id").unwrap();
        let refused = folder.read_taken("id", "a.xml").unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::InvalidInput);
        folder.put_back("id", "a.xml").unwrap();
        assert!(fs::symlink_metadata(root.path().join("req/a.xml")).unwrap().is_symlink());
    }
}

//! The folder of the exchange on disk: whose it is, writing so that a file is there whole or not at all, taking and putting
//! back (qualification.md section 5).

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::{books::Sub, files::limits::MAX_FILE};

/// What says whose the folder is.
const MARKER: &str = ".clinic";
/// Files on their way in or out, on the same file system as their folders.
const ASIDE: &str = ".aside";
/// Requests that were taken and are not done.
const TAKEN: &str = ".taken";
/// Where requests are put.
const REQ: &str = "req";

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    id: String,
}

/// Whose folder it is.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Marker {
    /// Of the folder.
    folder: String,
    /// Of the books that write into it.
    books: String,
    /// Those are for demonstrations.
    demo: bool,
}

impl Folder {
    /// Opens or makes the folder of these books. `fresh`: an id for a new one.
    ///
    /// # Errors
    /// It belongs to other books, or cannot be used.
    pub(crate) fn open(root: &Path, books: &str, demo: bool, fresh: String) -> Result<Self> {
        let named = || format!("--files {}", root.display());
        for sub in ["", REQ, Sub::Res.name(), Sub::Face.name()] {
            // Its group may come in: files hold what only the clinic may read.
            fs::DirBuilder::new().recursive(true).mode(0o770).create(root.join(sub)).with_context(named)?;
        }
        for own in [ASIDE, TAKEN] {
            let made = fs::DirBuilder::new().mode(0o700).create(root.join(own));
            made.or_else(|error| if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
                .with_context(named)?;
        }
        let path = root.join(MARKER);
        let mine = Marker { folder: fresh, books: books.to_owned(), demo };
        let marker = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).with_context(|| {
                format!("{} is not what this program writes; choose another --files", path.display())
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = serde_json::to_vec(&mine)?;
                let mut file = OpenOptions::new().write(true).create_new(true).open(&path).with_context(named)?;
                file.write_all(&text).and_then(|()| file.sync_all()).and_then(|()| sync(root)).with_context(named)?;
                mine
            }
            Err(error) => return Err(error).with_context(named),
        };
        ensure!(
            marker.demo == demo,
            "--files {} belongs to a clinic {} --demo: files of a demonstration and those of patients never share a \
             folder. Choose another",
            root.display(),
            if marker.demo { "with" } else { "without" }
        );
        if marker.books != books {
            bail!(
                "--files {} belongs to the books of another --dir. Choose another folder, or give that --dir",
                root.display()
            );
        }
        Ok(Self { root: root.to_owned(), id: marker.folder })
    }

    /// Its id.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Where it is.
    #[must_use]
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of requests.
    #[must_use]
    pub(crate) fn requests(&self) -> PathBuf {
        self.root.join(REQ)
    }

    fn taken(&self) -> PathBuf {
        self.root.join(TAKEN)
    }

    fn aside(&self, number: u64) -> PathBuf {
        self.root.join(ASIDE).join(number.to_string())
    }

    /// Whether a file of that name lies in a folder.
    #[must_use]
    pub(crate) fn holds(&self, sub: Sub, name: &str) -> bool {
        fs::symlink_metadata(self.root.join(sub.name()).join(name)).is_ok()
    }

    /// Writes a file whole and durable, beside its folder.
    ///
    /// # Errors
    /// The file system's own.
    pub(crate) fn put_aside(&self, number: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(self.aside(number))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        sync(&self.root.join(ASIDE))
    }

    /// Moves what lies aside into its folder, durable when it returns. Where nothing lies aside it was moved before.
    ///
    /// # Errors
    /// The file system's own.
    pub(crate) fn move_in(&self, number: u64, sub: Sub, name: &str) -> io::Result<()> {
        let to = self.root.join(sub.name());
        match fs::rename(self.aside(number), to.join(name)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        sync(&to)?;
        sync(&self.root.join(ASIDE))
    }

    /// Takes a request: from here on nobody else writes to it.
    ///
    /// # Errors
    /// The file system's own; it may be gone.
    pub(crate) fn take(&self, name: &str, id: &str) -> io::Result<()> {
        fs::rename(self.requests().join(name), self.taken().join(format!("{id}_{name}")))?;
        sync(&self.taken())?;
        sync(&self.requests())
    }

    /// Every request that was taken and is not done: id and name.
    ///
    /// # Errors
    /// The file system's own.
    pub(crate) fn all_taken(&self) -> io::Result<Vec<(String, String)>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(self.taken())? {
            if let Some((id, name)) = entry?.file_name().to_str().and_then(|file| file.split_once('_')) {
                all.push((id.to_owned(), name.to_owned()));
            }
        }
        all.sort();
        Ok(all)
    }

    /// What is in a taken request; at most one byte more than is read.
    ///
    /// # Errors
    /// The file system's own; [`io::ErrorKind::InvalidInput`]: no plain file.
    pub(crate) fn read_taken(&self, id: &str, name: &str) -> io::Result<Vec<u8>> {
        let path = self.taken().join(format!("{id}_{name}"));
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        let flags = i32::try_from(flags.bits()).unwrap_or_default();
        // What was taken lies where nobody else writes, so it is still what it was looked at.
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        let mut bytes = Vec::new();
        file.take(u64::try_from(MAX_FILE).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Ends a taken request that was answered.
    ///
    /// # Errors
    /// The file system's own.
    pub(crate) fn drop_taken(&self, id: &str, name: &str) -> io::Result<()> {
        fs::remove_file(self.taken().join(format!("{id}_{name}")))?;
        sync(&self.taken())
    }

    /// Puts a taken request back under its name, beside its complaint. Where a new file has that name by now, it goes back
    /// as `NAME.ID.bad`: neither is lost.
    ///
    /// # Errors
    /// The file system's own.
    pub(crate) fn put_back(&self, id: &str, name: &str) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        let (from, to) = (self.taken().join(format!("{id}_{name}")), self.requests());
        match renameat_with(CWD, &from, CWD, to.join(name), RenameFlags::NOREPLACE) {
            Ok(()) => {}
            Err(rustix::io::Errno::EXIST) => fs::rename(&from, to.join(format!("{name}.{id}.bad")))?,
            // File systems without it: the name is looked at first.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                let free = fs::symlink_metadata(to.join(name)).is_err();
                fs::rename(&from, to.join(if free { name.to_owned() } else { format!("{name}.{id}.bad") }))?;
            }
            Err(error) => return Err(error.into()),
        }
        sync(&to)?;
        sync(&self.taken())
    }

    /// Writes what is wrong with a request beside it, whole or not at all.
    ///
    /// # Errors
    /// The file system's own.
    pub(crate) fn complain(&self, complaint: &str, text: &str) -> io::Result<()> {
        let aside = self.root.join(ASIDE).join(complaint);
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(&aside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&aside, self.requests().join(complaint))?;
        sync(&self.requests())
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

//! Files that were named to us: only regular ones are opened, for a pipe or a device would make the worker wait.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

/// Opens a regular file, also through a link.
pub(crate) fn open(path: &Path) -> Result<File> {
    if std::fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(Error::new(ErrorKind::InvalidInput, "it is no regular file"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A pipe that nobody writes to.
    pub(crate) fn pipe(path: &Path) {
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, path, kind, rustix::fs::Mode::RWXU, 0).unwrap();
    }

    #[test]
    fn only_a_regular_file_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link, pipe_) = (folder.path().join("file"), folder.path().join("link"), folder.path().join("pipe"));
        std::fs::write(&file, "text").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        pipe(&pipe_);
        assert!(open(&file).is_ok() && open(&link).is_ok());
        // Opening the pipe itself would wait for a writer, and this test would not end.
        for other in [pipe_.as_path(), folder.path(), Path::new("/dev/zero")] {
            assert_eq!(open(other).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        assert_eq!(open(&folder.path().join("none")).unwrap_err().kind(), ErrorKind::NotFound);
    }
}

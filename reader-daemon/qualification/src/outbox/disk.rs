//! Writing so that a pulled plug changes nothing: aside, fsync, rename, fsync of the folder.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// Ending of a file that is not yet whole; nothing was ever claimed about one.
pub(super) const ASIDE: &str = "aside";

/// Makes a folder only this account can enter.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Puts `bytes` under `name` into `folder`, whole and durable, or not at all.
pub(super) fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let (aside, target) = (folder.join(format!("{name}.{ASIDE}")), folder.join(name));
    let written = write_aside(&aside, bytes).and_then(|()| fs::rename(&aside, &target));
    if let Err(error) = written {
        let _ = fs::remove_file(&aside);
        return Err(error);
    }
    sync_folder(folder).inspect_err(|_| {
        // Not known to be durable, so the caller claims nothing: then it must not turn up later either.
        let _ = fs::remove_file(&target);
    })
}

/// Writes and removes a file of `size` bytes: is there room, is the folder writable?
pub(super) fn probe(folder: &Path, size: usize) -> io::Result<()> {
    let aside = folder.join(format!("probe.{ASIDE}"));
    let written = write_aside(&aside, &vec![0x5a; size]);
    let removed = fs::remove_file(&aside);
    written.and(removed)
}

/// Removes `name`; that it is already gone is fine.
pub(super) fn remove(folder: &Path, name: &str) -> io::Result<()> {
    match fs::remove_file(folder.join(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => sync_folder(folder),
    }
}

/// Reads at most `limit` bytes; a longer file is an error.
pub(super) fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "too large"));
    }
    Ok(bytes)
}

fn write_aside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

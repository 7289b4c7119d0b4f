//! Small files, whole and durable or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

/// Puts `bytes` under `name` into `folder`: aside, fsync, rename, fsync of the folder. Only its owner can read it; `owner`
/// is another than this program's when an administrator writes for the daemon.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8], owner: Option<(u32, u32)>) -> io::Result<()> {
    let aside = folder.join(format!("{name}.aside"));
    let written = write(&aside, bytes, owner).and_then(|()| fs::rename(&aside, folder.join(name)));
    if let Err(error) = written {
        let _ = fs::remove_file(&aside);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

fn write(path: &Path, bytes: &[u8], owner: Option<(u32, u32)>) -> io::Result<()> {
    // A leftover of a pulled plug may have another owner; a new file has ours and follows no link.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    if let Some((user, group)) = owner {
        std::os::unix::fs::fchown(&file, Some(user), Some(group))?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads at most `limit` bytes; a longer file is an error, a missing one is nothing.
pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("longer than {limit} bytes")));
    }
    Ok(Some(bytes))
}

/// Other accounts can read it.
pub(crate) fn is_exposed(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.mode() & 0o077 != 0)
}

/// Whose the folder is.
fn owner(folder: &Path) -> io::Result<(u32, u32)> {
    fs::metadata(folder).map(|data| (data.uid(), data.gid()))
}

/// Who is to own what an administrator writes for the daemon: whoever owns [storage]. `None`: this program does.
pub(crate) fn owner_for_daemon(storage: &Path) -> Option<(u32, u32)> {
    if rustix::process::geteuid().is_root() { owner(storage).ok() } else { None }
}

"""Files of a models folder: held against the manifest, and put there whole or not at all."""

import hashlib
import os
from pathlib import Path

import bounded
from refused import Refused
from sets import MAX_FILE, Entry


def sha256(data: bytes) -> str:
    """In hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> bytes:
    """All of a file that is no longer than a model may be."""
    return bounded.read(path, MAX_FILE)


def fault_of(entry: Entry, path: Path) -> str | None:
    """What is wrong with the file at this path, `None` when it is the pinned one."""
    try:
        length = path.stat().st_size
        if not path.is_file():
            return "is no file"
        if length < entry.bytes:
            return f"is cut short: {length} of {entry.bytes} bytes"
        if length > entry.bytes:
            return f"is another file: {length} bytes instead of {entry.bytes}"
        found = sha256(read(path))
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None if found == entry.sha256 else f"was changed: its SHA-256 is {found} instead of {entry.sha256}"


def place(entry: Entry, data: bytes, folder: Path) -> None:
    """Puts the pinned bytes, and no others, into the folder."""
    if sha256(data) != entry.sha256:
        raise Refused(f"SHA-256 is {sha256(data)} instead of {entry.sha256}")
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{entry.file}.new"
    new.unlink(missing_ok=True)
    try:
        # Never through a link that somebody laid there.
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(folder / entry.file)
    except OSError:
        new.unlink(missing_ok=True)
        raise

"""Reads files and says texts of others without trusting them: no more bytes than allowed, nothing that moves a cursor."""

import os
import stat
from pathlib import Path

from refused import Refused


def read(path: Path, most: int) -> bytes:
    """All of a regular file that is no longer than that. A device or a pipe would never end."""
    # Not waiting: opening a pipe would, for whoever writes into it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refused(f"{path} is no regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"{path} is longer than {most} bytes")
    return data


def printable(text: object) -> str:
    """The beginning of a text, without anything a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text)[:200])

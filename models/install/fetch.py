"""Fetches one file from its address into a part file: continues what was cut off, refuses what is not the pinned file."""

import http.client
import os
import re
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import bounded
import files
from refused import Refused
from sets import MAX_FILE, Upstream, is_allowed

# A place that says nothing for so long is gone, seconds.
SILENCE = 30
# Pauses before further attempts, seconds; every attempt that brought something starts them anew.
PAUSES = (1, 3, 10)
# Attempts for one file in one call, however much each brought: a place may not keep this busy for ever.
ATTEMPTS = 12
# Read at once, bytes.
CHUNK = 64 * 1024


class _Cut(Exception):
    """The connection ended before the file did."""


class _SameRules(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not is_allowed(newurl):
            raise Refused("its place points to an address that is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(upstream: Upstream, part: Path, label: str) -> bytes:
    """The bytes upstream published. The part file stays while they are incomplete, so that a later call continues it, and
    once they are right, until the caller has made use of them."""
    part.parent.mkdir(parents=True, exist_ok=True)
    if part.is_symlink():
        part.unlink()
    if not (part.exists() and files.sha256(files.read(part)) == upstream.sha256):
        _until_complete(upstream.url, part, label)
    data = files.read(part)
    found = files.sha256(data)
    if found != upstream.sha256:
        part.unlink()
        raise Refused(
            f"what lies at {upstream.url} is refused and was removed: its SHA-256 is {found} instead of {upstream.sha256}",
            "try once more; if it stays so, the file was changed at its source or on the way: do not use it",
        )
    return data


def _until_complete(url: str, part: Path, label: str) -> None:
    fruitless = 0
    for attempt in range(1, ATTEMPTS + 1):
        before = _length(part)
        try:
            _attempt(url, part, label)
            return
        except urllib.error.HTTPError as error:
            if error.code == 416 and before:
                # As long as the file or longer, and not the file.
                part.unlink()
            elif error.code not in (408, 429) and error.code < 500:
                raise Refused(f"{url} answers {error.code} {bounded.printable(error.reason)}",
                              "another machine may reach it; then install with --from FOLDER") from error
            reason = f"it answers {error.code}"
        except _Cut:
            reason = "the connection was cut"
        except (OSError, http.client.HTTPException) as error:
            cause = getattr(error, "reason", error)
            reason = bounded.printable(getattr(cause, "strerror", None) or cause)
        fruitless = 0 if _length(part) > before else fruitless + 1
        if fruitless > len(PAUSES) or attempt == ATTEMPTS:
            raise Refused(f"{url} cannot be fetched: {reason}", "the same command continues where it stopped; without a "
                          "network, install with --from FOLDER")
        print(f"{label}: {reason}; trying again from byte {_length(part)}", file=sys.stderr)
        time.sleep(PAUSES[max(fruitless - 1, 0)])


def _attempt(url: str, part: Path, label: str) -> None:
    have = _length(part)
    request = urllib.request.Request(url, headers={"User-Agent": "reader-daemon scripts/models"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    with urllib.request.build_opener(_SameRules).open(request, timeout=SILENCE) as answer:
        continues = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if answer.status != 200 and not continues:
            raise Refused(f"{url} answers {answer.status}, not the file")
        have = have if continues else 0
        total = _total(url, have, answer.headers.get("Content-Length"))
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_APPEND if continues else os.O_TRUNC)
        with os.fdopen(os.open(part, flags, 0o644), "ab" if continues else "wb") as file:
            while data := answer.read(CHUNK):
                have += len(data)
                if have > MAX_FILE:
                    part.unlink()
                    raise Refused(f"{url} is longer than {MAX_FILE} bytes")
                file.write(data)
                _progress(label, have, total)
    if total is not None and have < total:
        raise _Cut
    _progress_ends(label, have)


def _total(url: str, have: int, length: str | None) -> int | None:
    """How long the file will be, as the place says; `None` when it does not."""
    if length is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", length):
        raise Refused(f"{url} tells a length that is no number: {bounded.printable(length)}")
    if have + int(length) > MAX_FILE:
        raise Refused(f"{url} is longer than {MAX_FILE} bytes")
    return have + int(length)


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _progress(label: str, have: int, total: int | None) -> None:
    if sys.stderr.isatty():
        share = f"{100 * have // total:3d} % of {total / 1e6:.1f} MB" if total else f"{have / 1e6:.1f} MB"
        print(f"\r\x1b[K{label}: {share}", end="", file=sys.stderr, flush=True)


def _progress_ends(label: str, have: int) -> None:
    start = "\r\x1b[K" if sys.stderr.isatty() else ""
    print(f"{start}{label}: {have} bytes fetched", file=sys.stderr)

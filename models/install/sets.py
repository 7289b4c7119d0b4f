"""Sets of model files: what a manifest accepts, where each file was published. As strict as the daemon."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import bounded
from refused import Refused

MODELS = Path(__file__).resolve().parent.parent
# As in reader-daemon/face/src/limits: the longest manifest and the longest model file.
MAX_MANIFEST = 64 * 1024
MAX_FILE = 64 * 1024 * 1024
CONVERSIONS = ("none", "clean", "clean-batch-1", "minifasnet-v2", "minifasnet-v1se", "edgeface-xs")

DOES = {
    "detector": "finds faces and their five points",
    "embedding": "makes the face vector",
    "attack": "tells a face from a false one",
}
LEVELS = {
    "demonstration": "to show how the terminal works; reader-daemon refuses them",
    "research": "measured, but trained on data whose terms or figures allow no more than research",
    "approved": "somebody answers for them at the place of use",
}
# Of the repository's own weights.
OWN_LEVEL = "demonstration"


@dataclass(frozen=True)
class Upstream:
    """What was published, and how the pinned file is made of it."""

    url: str
    sha256: str
    conversion: str

    @property
    def name(self) -> str:
        """As upstream calls the file."""
        return urlsplit(self.url).path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Entry:
    """One model file."""

    does: str
    name: str
    file: str
    sha256: str
    bytes: int
    licence: str
    training_data: str
    source: str
    conversion: str
    upstream: Upstream | None


@dataclass(frozen=True)
class Set:
    """The files of one manifest."""

    name: str
    level: str
    entries: tuple[Entry, ...]
    folder: Path | None = None
    """Where they lie, when they are part of the repository."""

    def level_said(self) -> str:
        """The level and what it means."""
        return f"{self.level}: {LEVELS[self.level]}"


def read_set(name: str) -> Set:
    """One of the sets this repository knows."""
    match name:
        case "research":
            return read("research", MODELS / "MANIFEST.toml", MODELS / "upstream.toml")
        case "own":
            return read("own", MODELS / "own" / "MANIFEST.toml", None, MODELS / "own")
        case _:
            raise Refused(f'there is no set "{name}"', "research or own")


def read(name: str, manifest: Path, upstream: Path | None, folder: Path | None = None) -> Set:
    """The set of a manifest, with the addresses of the other file."""
    table = _toml(manifest)
    published = _toml(upstream) if upstream else {}
    for text, file in ((table, manifest), (published, upstream)):
        # True == 1 in Python, and 1.0 too.
        if file and (type(text.get("format")) is not int or text["format"] != 1):
            raise Refused(f"{file}: format is not 1")
    level = table.get("level")
    if not isinstance(level, str) or level not in LEVELS:
        raise Refused(f"{manifest}: level: one of {', '.join(LEVELS)}")
    places = [(part, table.get(part)) for part in ("detector", "embedding")]
    for attack in _tables(manifest, "[[attack]]", table.get("attack")):
        places += [("attack", net) for net in _tables(manifest, "[[attack.net]]", attack.get("net"))]
    entries = []
    for part, entry in places:
        if not isinstance(entry, dict):
            raise Refused(f"{manifest}: [{part}] is missing")
        _check_names(manifest, entry)
        entries.append(_entry(manifest, DOES[part], entry, published.pop(entry["name"], None)))
    published.pop("format", None)
    if published:
        raise Refused(f"{upstream}: {bounded.printable(next(iter(published)))} is no entry of {manifest}")
    if len({entry.file for entry in entries}) < len(entries):
        raise Refused(f"{manifest}: two entries have the same file")
    if level != OWN_LEVEL:
        own = _own_hashes()
        for entry in entries:
            if entry.sha256 in own:
                raise Refused(f"{manifest}: {entry.name}: these weights are of level {OWN_LEVEL} and of no other")
    return Set(name, level, tuple(entries), folder)


def _tables(path: Path, what: str, value: object) -> list[dict]:
    """One table or more."""
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise Refused(f"{path}: {what} is missing, or is no table")
    return value


def _own_hashes() -> set[str]:
    """SHA-256 of the repository's own files, which identify nobody: no manifest makes more of them."""
    table = _toml(MODELS / "own" / "MANIFEST.toml")
    nets = [net for attack in table["attack"] for net in attack["net"]]
    return {entry["sha256"] for entry in (table["detector"], table["embedding"], *nets)}


def _toml(path: Path) -> dict:
    try:
        text = bounded.read(path, MAX_MANIFEST)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    try:
        return tomllib.loads(text.decode())
    except RecursionError as error:
        raise Refused(f"{path} is nested too deep") from error
    # Also what is no TOML, no UTF-8, or a number of too many digits.
    except ValueError as error:
        raise Refused(f"{path}: {bounded.printable(error)}") from error


def _check_names(path: Path, table: dict) -> None:
    # One name, no folder: no file leaves the models folder.
    for key in ("name", "file"):
        text = table.get(key)
        if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}", text):
            said = bounded.printable(text) if isinstance(text, str) else "is no text"
            raise Refused(f"{path}: {key} {said}: one name of letters, digits, - _ .")


def _entry(path: Path, does: str, table: dict, published: dict | None) -> Entry:
    name = table["name"]
    _check_hash(path, name, table.get("sha256"))
    # true would be a number of Python.
    if type(table.get("bytes")) is not int or not 1 <= table["bytes"] <= MAX_FILE:
        raise Refused(f"{path}: {name}: bytes: no number, or too many")
    texts = {key: table.get(key) for key in ("licence", "training_data", "source", "conversion")}
    for key, text in texts.items():
        if not isinstance(text, str) or not text.isprintable():
            raise Refused(f"{path}: {name}: {key} is missing, or holds what cannot be printed")
    upstream = _upstream(path, name, published) if published is not None else None
    return Entry(does, name, table["file"], table["sha256"], table["bytes"], upstream=upstream, **texts)


def _upstream(path: Path, name: str, table: dict) -> Upstream:
    wrong = f"{path}: where {name} was published"
    if not isinstance(table, dict) or set(table) - {"url", "sha256", "conversion"}:
        raise Refused(f"{wrong}: url, sha256 and conversion")
    _check_hash(path, name, table.get("sha256"))
    if table.get("conversion") not in CONVERSIONS:
        raise Refused(f"{wrong}: conversion: one of {', '.join(CONVERSIONS)}")
    if not isinstance(table.get("url"), str) or not is_allowed(table["url"]):
        raise Refused(f"{wrong}: url: https, or http to this machine itself")
    return Upstream(table["url"], table["sha256"], table["conversion"])


def is_allowed(url: str) -> bool:
    """Whether a file may be fetched from there. The hash decides what is kept; nobody on the way needs to know what is."""
    # Only letters that stand in an address: it is shown on terminals.
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        place = urlsplit(url)
        host = place.hostname
        # Asked for because it refuses ports that there are not.
        _ = place.port
    except ValueError:
        return False
    return place.scheme == "https" and bool(host) or place.scheme == "http" and host in ("127.0.0.1", "::1", "localhost")


def _check_hash(path: Path, name: str, text: object) -> None:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9a-f]{64}", text):
        raise Refused(f"{path}: {name}: sha256: 64 small hexadecimal digits")

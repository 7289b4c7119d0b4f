"""Every sentence the kiosk can say: fixed labels, texts of the daemon's data files, what is only spoken, pieces of dates and counts."""

import re
import tomllib
from pathlib import Path

from languages import KEYS, LANGUAGES

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# What has no letter or digit of any script is not spoken: arrows, marks.
SPOKEN = re.compile(r"[^\W_]")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
DATA_FILES = ("faults.toml", "consent.toml")
# What no screen shows: how a person who does not see the glass uses the keys.
SPOKEN_FILE = "ui/voice/spoken.toml"
# Labels that are no translations: what a thing calls itself everywhere.
NAMES = ("iPhone", "Android")
# Printed on the card, and said in Japanese whatever the language.
JAPANESE_NAMES = ("大正", "昭和", "平成", "令和")
# Beside the languages' tables, these keys hold no words for patients.
NO_WORDS = {"wording", "wording_id", "id", "code", "staff", "support"}


class BadSource(Exception):
    """A file the sentences come from says something that cannot be spoken."""


def unescaped(line):
    match = QUOTED.search(line)
    if match is None:
        return ""
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), match[1])


def po_entries(path):
    """(msgid, msgstr) pairs of a gettext file; obsolete and fuzzy marks and contexts are of no matter here."""
    entries, field, current = [], None, {}
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        line = line.strip()
        if line.startswith(("msgid ", "msgctxt ")) and "msgstr" in current or not line:
            if current.get("msgid") and "msgstr" in current:
                entries.append((current["msgid"], current["msgstr"]))
            current, field = {}, None
        if line.startswith("#") or not line:
            continue
        if not line.startswith('"'):
            field = re.split(r"[ \[]", line, maxsplit=1)[0]
            # Of plural forms the last one is kept as well as the first: each index is a field of its own.
            field = "msgid_plural" if field == "msgid_plural" else field
            current[field] = ""
        if field:
            current[field] += unescaped(line)
    return entries


def words_in(value, path=()):
    """Every text below a language's table: strings, and lists of strings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from words_in(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in NO_WORDS:
                yield from words_in(part)


def data_texts(table):
    """(language, text) of any table whose key is a language's."""
    if isinstance(table, list):
        for part in table:
            yield from data_texts(part)
    if not isinstance(table, dict):
        return
    for key, part in table.items():
        if key in KEYS:
            for text in words_in(part):
                yield KEYS[key].tag, text
        elif key not in NO_WORDS:
            yield from data_texts(part)


def piece_texts(pieces):
    """(language, text, what is said) of counts and dates; what is said is None where it is the text."""
    bounds = pieces["bounds"]
    for tag, piece in pieces["languages"].items():
        for kind in ("count", "year", "month", "day"):
            first, last = bounds[kind]
            pattern, readings = piece[kind], piece.get(f"{kind}_said")
            for number in range(first, last + 1):
                place = number - first
                text = pattern[place] if isinstance(pattern, list) else pattern.replace("{}", str(number))
                said = readings[place] if isinstance(readings, list) else None
                yield tag, text, said


def spoken_tables(root):
    """{language: {key: sentence}} of what is only spoken. Whatever the keys are called, all of them hold words."""
    path = root / SPOKEN_FILE
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for key, table in tables.items():
        if key not in KEYS:
            raise BadSource(f'{SPOKEN_FILE}: "{key}" is no language; there is: {", ".join(KEYS)}')
        for name, text in table.items():
            if not isinstance(text, str) or not SPOKEN.search(text) or PLACEHOLDER.search(text):
                raise BadSource(f"{SPOKEN_FILE}: {name} of {key} is no sentence without placeholder: {text!r}")
    return {KEYS[key]: table for key, table in tables.items()}


def catalogues(root):
    """(language, [(label, translation)]) of every catalogue that is there."""
    for path in sorted((root / "ui/translations").glob("*/LC_MESSAGES/*.po")):
        language = KEYS.get(path.parent.parent.name.lower())
        if language is None:
            raise BadSource(f"{path.relative_to(root)} is of no language; there is: {', '.join(KEYS)}")
        yield language, po_entries(path)


def unworded(root):
    """(language tag, what has words in another language but none in this one): it could not be spoken, and no clip would be missed."""
    translated = {}
    for language, entries in catalogues(root):
        translated.setdefault(language.tag, {}).update(entries)
    labels = {label: None for entries in translated.values() for label in entries}
    spoken = {language.tag: table for language, table in spoken_tables(root).items()}
    names = {name: None for table in spoken.values() for name in table}
    for language in LANGUAGES:
        tag = language.tag
        if tag != "ja":
            yield from ((tag, label) for label in labels if not translated.get(tag, {}).get(label))
        yield from ((tag, f"{SPOKEN_FILE}: {name}") for name in names if name not in spoken.get(tag, {}))


def collect(root):
    """{tag: {text: what is said instead, or None}}, in the order of the sources."""
    found = {language.tag: {} for language in LANGUAGES}

    def add(tag, text, said=None):
        text_is_spoken = SPOKEN.search(text) and not PLACEHOLDER.search(text)
        if text_is_spoken and (said or text not in found[tag]):
            found[tag][text] = said

    for language, entries in catalogues(root):
        for label, translation in entries:
            add("ja", label)
            add(language.tag, translation)
    for name in JAPANESE_NAMES:
        add("ja", name)
    for language in LANGUAGES:
        for name in NAMES:
            add(language.tag, name)
    for name in DATA_FILES:
        path = root / "reader-daemon/data" / name
        for tag, text in data_texts(tomllib.loads(path.read_text(encoding="utf-8"))):
            add(tag, text)
    for language, table in spoken_tables(root).items():
        for text in table.values():
            add(language.tag, text)
    pieces = tomllib.loads((root / "ui/voice/pieces.toml").read_text(encoding="utf-8"))
    for tag, text, said in piece_texts(pieces):
        add(tag, text, said)
    return found

"""The clips: where each lies, what it was made of, and whether it sounds like speech."""

import array
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path

import engines

CLIP = re.compile(r"[0-9a-f]{16}\.ogg")
LOUDEST = 32766
# Samples. Quieter at its loudest moment is silence to a person in a waiting room.
SILENT = 3000
# Seconds. The shortest word is a digit; the longest sentence is a line of consent in Nepali.
SHORTEST = 0.12
LONGEST = 60.0
# Pace is judged from so many characters on; single words vary too much.
PACED = 12
INDEX = "index.json"
# Part of every key: what is done to the sound of all engines.
LEVEL = (engines.LOUDNESS, engines.LOUDEST)


def name_of(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16] + ".ogg"


def path_of(folder, tag, text):
    return Path(folder) / tag / name_of(text)


def key_of(plan):
    return hashlib.sha256(repr((LEVEL, plan)).encode()).hexdigest()


def load_index(folder):
    """{"tag/name": key}; what cannot be read means that every clip is made again."""
    try:
        index = json.loads((Path(folder) / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return index if isinstance(index, dict) else {}


def save_index(folder, index):
    """Written whole or not at all."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(index, file, indent=0, sort_keys=True)
    os.replace(file.name, Path(folder) / INDEX)


def make(folder, language, text, plan):
    """Makes one clip; (how, seconds, bytes). Raises EngineError when what came out is no speech."""
    how, rate, data = engines.speak(plan)
    seconds = len(data) / 2 / rate
    wrong = fault_of(data, seconds, text, language)
    if wrong:
        raise engines.EngineError(wrong)
    path = path_of(folder, language.tag, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        engines.encode(rate, data, part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return how, seconds, path.stat().st_size


def fault_of(data, seconds, text, language):
    """What a listener would complain of, or None."""
    samples = array.array("h", data)
    if not SHORTEST <= seconds <= LONGEST:
        return f"{seconds:.2f} s long"
    loudest = max(max(samples), -min(samples))
    if loudest < SILENT:
        return f"silent (loudest sample {loudest})"
    if loudest > LOUDEST:
        return "clipped"
    characters = sum(character.isalnum() for character in text)
    slowest, fastest = language.pace
    if characters >= PACED and not slowest <= characters / seconds <= fastest:
        return f"{characters / seconds:.1f} characters a second is no pace of {language.tag}"
    return None


def listen(path, text, language):
    """Decodes a clip as a listener's ears would; what is wrong, or None."""
    wav = engines.run(["oggdec", "-Q", "-o", "-", str(path)])
    start = wav.find(b"data") + 8
    data = wav[start : start + (len(wav) - start) // 2 * 2]
    return fault_of(data, len(data) / 2 / engines.RATE, text, language)


def stale(folder, wanted):
    """Clips of sentences that are no longer said."""
    for tag, texts in wanted.items():
        names = {name_of(text) for text in texts}
        for path in sorted((Path(folder) / tag).glob("*.ogg")):
            if CLIP.fullmatch(path.name) and path.name not in names:
                yield path

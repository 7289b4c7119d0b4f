"""Kana readings of Japanese sentences: what the hand-checked file says, and drafts for what it does not say yet."""

import re
import tomllib
import unicodedata
from typing import NamedTuple

# Hiragana, katakana without the middle dot, the long mark, spaces and the marks that make a pause.
KANA_ONLY = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc 、。？！]+")
NEEDS_READING = re.compile(r"[^\u3041-\u3096\u30a1-\u30fa\u30fc \n、。？！]")
# は and へ are particles in most sentences, so a sentence of kana with one of them needs a reading too.
PARTICLES = re.compile(r"[はへハヘ]")
VOWELS = {
    "a": "あかさたなはまやらわがざだばぱゃぁ",
    "i": "いきしちにひみりぎじびぴぃ",
    "u": "うくすつぬふむゆるぐずぶぷゅぅゔ",
    "e": "えけせてねへめれげぜでべぺぇ",
    "o": "おこそとのほもよろをごぞどぼぽょぉ",
}
VOWEL_OF = {kana: vowel for vowel, row in VOWELS.items() for kana in row}
LONG = {("a", "あ"), ("i", "い"), ("u", "う"), ("e", "え"), ("e", "い"), ("o", "お"), ("o", "う")}


# やさしい日本語 writes the reading behind hard words: 診察（しんさつ）. It is said once.
FURIGANA = re.compile(r"(?<=[\u3005\u4e00-\u9fff])（[\u3041-\u3096\u30fc]+）")


class BadReading(Exception):
    """A file of pronunciations says something an engine cannot speak."""


class Known(NamedTuple):
    """What the files of pronunciations hold."""

    # {Japanese sentence: its kana}
    kana: dict = {}
    # {tag: {Chinese sentence: its pinyin}}
    pinyin: dict = {}


def one_line(text):
    """Line breaks of the screen are no pauses."""
    return text.replace("\n", "")


def without_furigana(text):
    return FURIGANA.sub("", one_line(text))


def load(path):
    readings = tomllib.loads(path.read_text(encoding="utf-8"))["readings"] if path.exists() else {}
    for text, reading in readings.items():
        if not KANA_ONLY.fullmatch(reading):
            wrong = "".join(sorted(set(KANA_ONLY.sub("", reading))))
            raise BadReading(f'{path.name}: the reading of "{text}" holds {wrong!r}; only kana, ー, spaces and 、。？！ are spoken')
    return {one_line(text): reading for text, reading in readings.items()}


def reading_of(text, readings):
    """The reading, or None where a person has to write one."""
    line = one_line(text)
    if line in readings:
        return readings[line]
    if NEEDS_READING.search(line) or PARTICLES.search(line):
        return None
    return line


def hiragana(text):
    return "".join(chr(ord(kana) - 0x60) if "\u30a1" <= kana <= "\u30f6" else kana for kana in text)


def canonical(kana):
    """Two spellings of one pronunciation become the same: けいさつ and けーさつ, づ and ず, を and お."""
    spoken, vowel = "", None
    for kana in hiragana(unicodedata.normalize("NFKC", kana)):
        kana = {"を": "お", "づ": "ず", "ぢ": "じ"}.get(kana, kana)
        if kana in "、。？！?! 　・’'「」（）()…":
            continue
        if kana == "ー" or (vowel, kana) in LONG:
            spoken += "ー"
            continue
        spoken += kana
        vowel = VOWEL_OF.get(kana)
    return spoken


def toml_line(text, reading):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}" = "{reading}"'

"""The languages of the kiosk: tag, key (folder of translations and tables of data files), and who speaks them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    tag: str
    key: str
    # espeak-ng's voice; None: there is none that a speaker of the language would understand.
    voice: str | None
    # Words a minute, espeak-ng's measure. Its usual 175 is too fast for a person who hears it for the first time.
    speed: int = 150
    # Plausible characters a second of speech, lowest and highest: outside, something was not read or spelled out.
    pace: tuple[float, float] = (4.0, 26.0)


LANGUAGES = [
    # Pace of Japanese and Chinese: counted on kana and on characters.
    Language("ja", "ja", "ja", 140, (2.5, 14.0)),
    Language("ja-x-easy", "ja_easy", "ja", 130, (2.5, 14.0)),
    Language("en", "en", "en-us"),
    Language("zh-Hans", "zh_hans", "cmn-latn-pinyin", 150, (1.5, 9.0)),
    Language("zh-Hant", "zh_hant", "cmn-latn-pinyin", 150, (1.5, 9.0)),
    Language("ko", "ko", "ko", 150, (2.0, 12.0)),
    Language("vi", "vi", "vi"),
    Language("pt", "pt", "pt-br"),
    # espeak-ng has no Filipino (Tagalog) voice, and another language's is not one.
    Language("fil", "fil", None),
    Language("ne", "ne", "ne"),
    Language("id", "id", "id"),
    # espeak-ng's Burmese voice drops the vowels of most syllables (test_voice.py shows it): nobody would understand it.
    Language("my", "my", None),
]

BY_TAG = {language.tag: language for language in LANGUAGES}
KEYS = {language.key: language for language in LANGUAGES}

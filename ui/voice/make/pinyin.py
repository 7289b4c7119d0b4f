"""Mandarin: what the hand-checked file says of every sentence, and drafts by pypinyin for what it does not say yet."""

import functools
import re
import tomllib

import readings

VOICE = "cmn-latn-pinyin"
HEADER = """\
# How Chinese sentences are read: text as on the screen, without its line breaks = pinyin with tone numbers (5: no tone), as espeak-ng gets it.
# Words in brackets are said as they stand: Latin ones in English, kana in Japanese.
# scripts/voice --write-pinyin writes this file anew: drafts for new sentences, the lines of the others as they are here, so that what is
# corrected by hand stays. Lines of sentences that are gone, and comments, do not. Drafts misread 重, 为, 调, 一 and the like: check every new line.
"""
LATIN = r"[A-Za-z][A-Za-z'’.-]*(?: [A-Za-z][A-Za-z'’.-]*)*"
# In Chinese only kana is surely Japanese.
KANA = r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+"
FOREIGN = re.compile(f"({LATIN}|{KANA})")
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
TOKEN = re.compile(r"[a-zü]+[1-5]|\d+(?:\.\d+)?|[,.?!]")
TOKENS = re.compile(rf"{TOKEN.pattern}|\S")
# Words pypinyin misreads where the kiosk uses them.
WORDS = {
    "调配": "tiáo pèi",
    "调低": "tiáo dī",
    "调高": "tiáo gāo",
    "电子": "diàn zǐ",
    "照片": "zhào piàn",
    "町村": "tǐng cūn",
    "窗口": "chuāng kǒu",
    "重设": "chóng shè",
    "重听": "chóng tīng",
    "斜杠": "xié gàng",
    "受给": "shòu jǐ",
    "纸质的": "zhǐ zhì de",
    "为准": "wéi zhǔn",
    "试试": "shì shi",
    "不动": "bú dòng",
    "不作": "bú zuò",
    "一次": "yí cì",
    "一位": "yí wèi",
    "一致": "yí zhì",
    "不一致": "bù yí zhì",
    "同一个": "tóng yí gè",
}
MARKS = str.maketrans({"，": ", ", "。": ". ", "、": ", ", "：": ", ", "；": ", ", "？": "? ", "！": "! ", "「": " ", "」": " ",
                       "“": " ", "”": " ", "（": ", ", "）": ", ", "《": " ", "》": " ", "・": " ", "·": " ", "／": ", ", "/": ", ",
                       "…": ", ", "—": ", ", "～": "到", "~": "到"})
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
COUNTED = re.compile(r"(?<![\d.])[12](?=[次个位张台种秒])")


def load(path):
    """{tag: {sentence without line breaks: its line}}"""
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for tag, lines in tables.items():
        for text, line in lines.items():
            wrong = unspoken(text, line)
            if wrong is not None:
                raise readings.BadReading(f'{path.name}: {tag}: the pinyin of "{text}" holds {wrong!r}; only syllables with their tone'
                                          " (ni3 hao3), numbers, the marks , . ? ! and words of the sentence in [brackets] are spoken")
    return tables


def unspoken(text, line):
    """What of a line cannot be spoken, or None."""
    strange = [f"[{word}]" for word in BRACKETS.findall(line) if not FOREIGN.fullmatch(word) or word not in text]
    strange += [token for token in BRACKETS.sub(" ", line).split() if not TOKEN.fullmatch(token)]
    return strange[0] if strange else None if runs(line) else line


def runs(line):
    """[(voice, words)] of a line."""
    parts = [(part.strip(), place % 2 == 1) for place, part in enumerate(BRACKETS.split(line))]
    return [(VOICE if not foreign else "ja" if re.match(KANA, part) else "en-us", part) for part, foreign in parts if re.search(r"\w", part)]


def sentences(texts):
    """The keys the file has to have for a language's {text: what is said instead, or None}, in their order."""
    return list(dict.fromkeys(readings.one_line(said or text) for text, said in texts.items()))


def compare(wanted, known):
    """([(tag, sentence without a line)], [(tag, line's sentence that is gone)]) for {tag: texts} of the Mandarin languages."""
    missing, gone = [], [(tag, text) for tag, lines in known.items() if tag not in wanted for text in lines]
    for tag, texts in wanted.items():
        keys, lines = sentences(texts), known.get(tag, {})
        missing += [(tag, text) for text in keys if text not in lines]
        gone += [(tag, text) for text in sorted(lines.keys() - set(keys))]
    return missing, gone


def file_of(wanted, known, drafted):
    """The whole file: known lines as they are, drafts for the others, in the order of the sources."""
    tables = [HEADER]
    for tag, texts in wanted.items():
        lines = known.get(tag, {})
        tables.append(f"\n[{tag}]\n")
        tables += [readings.toml_line(text, lines[text] if text in lines else drafted[tag, text]) + "\n" for text in sentences(texts)]
    return "".join(tables)


def tools():
    """Whether drafts can be made here."""
    try:
        import opencc  # noqa: F401
        import pypinyin  # noqa: F401
    except ImportError:
        return False
    return True


@functools.cache
def simplified():
    """Traditional characters as simplified ones: only of those pypinyin knows the words, and with them 行 as háng or xíng."""
    import opencc
    import pypinyin

    pypinyin.load_phrases_dict({word: [[syllable] for syllable in read.split()] for word, read in WORDS.items()})
    return opencc.OpenCC("t2s").convert


def syllables(text):
    """Syllables with tone numbers; third-tone changes of neighbours are the engine's and pypinyin's."""
    from pypinyin import Style, lazy_pinyin

    text = COUNTED.sub(lambda count: {"1": "一", "2": "两"}[count[0]], simplified()(text).replace("著", "着"))
    text = YEAR.sub(lambda year: "".join("零一二三四五六七八九"[int(digit)] for digit in year[1]), text)
    return " ".join(lazy_pinyin(text.translate(MARKS), style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True, tone_sandhi=True))


def draft(text):
    """(line, what of the sentence it leaves out); a person checks it."""
    line, left_out = [], []
    for place, part in enumerate(FOREIGN.split(text)):
        if place % 2:
            line.append(f"[{part}]")
            continue
        # Marks alone between two words in brackets are no speech.
        spoken = TOKENS.findall(syllables(part)) if re.search(r"\w", part) else []
        line += [token for token in spoken if TOKEN.fullmatch(token)]
        left_out += [token for token in spoken if not TOKEN.fullmatch(token)]
    return " ".join(line), left_out

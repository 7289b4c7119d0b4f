"""The engines: which are installed, what each is given for a sentence, and the sound they make of it."""

import array
import functools
import math
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import pinyin
import readings

RATE = 22050
# Quiet enough that neither engine clips; levelled() then makes all clips equally loud.
ESPEAK_AMPLITUDE = 60
JTALK_GAIN_DB = -6
# Root mean square of a clip's samples, and the loudest one: Ogg Vorbis may come out a little louder than it went in.
LOUDNESS = 3600
LOUDEST = 26000
JTALK_SPEED = 0.95
# Seconds one sentence may take; the slowest needs about one.
DEADLINE = 60
JTALK_DICTIONARIES = ("/var/lib/mecab/dic/open-jtalk/naist-jdic", "/usr/share/open-jtalk/dic", "/usr/share/mecab/dic/open-jtalk/naist-jdic")
# Bytes Open JTalk reads of a line.
JTALK_LINE = 1000
# espeak-ng 1.51 speaks りょ as "ryao"; りよ, spoken quickly, is what comes nearest.
ESPEAK_KANA = {"りゃ": "りや", "りゅ": "りゆ", "りょ": "りよ", "リャ": "リヤ", "リュ": "リユ", "リョ": "リヨ"}
# Words Open JTalk misreads where the kiosk uses them: it is given the kana instead.
RESPELLED = {"方": "かた", "表": "おもて", "訳": "やく"}
# The spaces of やさしい日本語 are for the eye: Open JTalk would stop at each of them.
EYE_SPACE = re.compile(r" +(?![!-~])|(?<![!-~]) +")
# Japanese names in other languages' sentences: マイナポータル.
JAPANESE = re.compile(r"[\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff]+")
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


class EngineError(Exception):
    """An engine did not make sound; says which and what it said."""


def run(command, data=None):
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=DEADLINE, check=False)
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{command[0]} did not answer within {DEADLINE} s") from error
    if done.returncode != 0:
        raise EngineError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()[:200] or done.returncode}")
    return done.stdout


@functools.cache
def espeak_version():
    if not shutil.which("espeak-ng"):
        return None
    return run(["espeak-ng", "--version"]).decode(errors="replace").split("Data at")[0].strip()


@functools.cache
def jtalk(cache):
    """(voice file, dictionary) of Open JTalk, or None."""
    dictionary = next((folder for folder in JTALK_DICTIONARIES if Path(folder).is_dir()), None)
    voices = sorted(Path("/usr/share/hts-voice").rglob("*.htsvoice")) + sorted((Path(cache) / "hts-voice").rglob("*.htsvoice"))
    if not (shutil.which("open_jtalk") and dictionary and voices):
        return None
    return str(voices[0]), dictionary


def missing_tools():
    """What nothing works without."""
    return [tool for tool in ("espeak-ng", "oggenc", "oggdec") if not shutil.which(tool)]


def runs_of(text, patterns, voice):
    """(voice, words) in their order; patterns: [(expression, the voice of what it matches)]."""
    runs, end = [], 0
    spans = sorted((match.start(), match.end(), other) for expression, other in patterns for match in expression.finditer(text))
    for start, stop, other in spans:
        runs += [(voice, text[end:start]), (other, text[start:stop])]
        end = stop
    return [*runs, (voice, text[end:])]


def mandarin(line):
    """A line of the pinyin file: what each voice is given."""
    return [(voice, espeak_kana(part) if voice == "ja" else part) for voice, part in pinyin.runs(line)]


def foreign(text, voice, known):
    """A sentence of another script; Japanese names in it by their reading. Without one they are left out."""
    runs = runs_of(text.replace("\n", " "), [(JAPANESE, "ja")], voice)
    spoken = [(one, espeak_kana(readings.reading_of(part, known) or "") if one == "ja" else part) for one, part in runs]
    return [(one, part) for one, part in spoken if re.search(r"\w", part)]


def espeak_kana(reading):
    """A reading as espeak-ng speaks it best. It never holds a kanji: readings.load refuses them."""
    for wrong, nearest in ESPEAK_KANA.items():
        reading = reading.replace(wrong, nearest)
    return reading


def plan(language, text, said, known, cache, only_espeak):
    """What makes the clip, as a tuple that changes whenever the clip would; None: a sentence whose reading nobody wrote yet."""
    spoken = said or text
    if language.voice == "ja":
        reading = said or readings.reading_of(text, known.kana)
        if reading is None:
            return None
        if not only_espeak and jtalk(cache):
            # Years, days and counts have irregular readings: what is said is kana already.
            return ("jtalk", *jtalk(cache), JTALK_GAIN_DB, JTALK_SPEED * language.speed / 140, for_jtalk(text), reading)
        runs = [("ja", espeak_kana(reading))]
    elif language.voice == "cmn-latn-pinyin":
        line = known.pinyin.get(language.tag, {}).get(readings.one_line(spoken))
        if line is None:
            return None
        runs = mandarin(line)
    else:
        runs = foreign(spoken.translate(DEVANAGARI) if language.tag == "ne" else spoken, language.voice, known.kana)
    return ("espeak", espeak_version(), ESPEAK_AMPLITUDE, language.speed, tuple(runs))


def samples_of(wav):
    """(rate, 16-bit mono samples) of what an engine wrote; espeak-ng's header does not know the length yet."""
    if len(wav) < 44 or wav[:4] != b"RIFF" or wav[36:40] != b"data":
        raise EngineError("no WAV came out")
    channels, rate = struct.unpack_from("<HI", wav, 22)
    if channels != 1 or struct.unpack_from("<H", wav, 34)[0] != 16:
        raise EngineError("not 16-bit mono")
    data = wav[44:]
    return rate, data[: len(data) // 2 * 2]


def run_jtalk(voice, dictionary, text, *options):
    """(WAV, words of its analysis) of a text."""
    with tempfile.TemporaryDirectory() as folder:
        wav, trace = f"{folder}/wav", f"{folder}/trace"
        run(["open_jtalk", "-x", dictionary, "-m", voice, *options, "-ow", wav, "-ot", trace], text.encode())
        return Path(wav).read_bytes(), list(analysis(Path(trace).read_text(encoding="utf-8", errors="replace")))


def analysis(trace):
    """(word, part of speech, pronunciation, joined to the word before) of each word of Open JTalk's analysis."""
    for line in trace.split("[Output label]")[0].splitlines()[1:]:
        fields = line.rsplit(",", 12)
        if len(fields) == 13:
            yield fields[0], fields[1], fields[9].replace("’", ""), fields[12] == "1"


def for_jtalk(text):
    return EYE_SPACE.sub("", readings.without_furigana(text))


def speak_jtalk(voice, dictionary, gain, speed, text, reading):
    """Open JTalk from the sentence itself, because it knows the accents, if it reads it as the file says; else from the kana."""
    wanted = readings.canonical(reading)
    respelled = text
    for word, kana in RESPELLED.items():
        respelled = respelled.replace(word, kana)
    kana = reading.replace(" ", "")
    for how, attempt in (("jtalk", text), ("jtalk respelled", respelled), ("jtalk kana", kana)):
        if len(attempt.encode()) > JTALK_LINE or (how == "jtalk respelled" and respelled == text):
            continue
        wav, words = run_jtalk(voice, dictionary, attempt, "-g", str(gain), "-r", f"{speed:.3f}")
        if how == "jtalk kana" or readings.canonical("".join(spoken for _, _, spoken, _ in words)) == wanted:
            return how, samples_of(wav)
    raise EngineError("too long for Open JTalk: split the sentence")


def draft(text, cache):
    """A draft of a reading by Open JTalk, phrase by phrase; a person corrects it. Empty without Open JTalk."""
    if not jtalk(cache):
        return ""
    _, words = run_jtalk(*jtalk(cache), for_jtalk(text))
    reading = ""
    for word, kind, spoken, joined in words:
        if kind == "記号" or spoken == "、":
            reading += "。" if word in "。！？" else "、"
        else:
            reading += ("" if joined or not reading else " ") + readings.hiragana(RESPELLED.get(word, spoken))
    reading = re.sub(r" ?([、。])[、。 ]*", r"\1", reading)
    return reading.strip("、 ").replace("ただ いま", "ただいま").replace("その まま", "そのまま ")


def levelled(data):
    """As loud as every other clip."""
    samples = array.array("h", data)
    loudest = max(max(samples, default=0), -min(samples, default=0), 1)
    some = samples[::8]
    mean = math.sqrt(sum(sample * sample for sample in some) / max(len(some), 1))
    # What an engine already clipped stays visible to the check that follows; silence stays silence.
    gain = min(LOUDNESS / max(mean, 100), LOUDEST / loudest) if loudest < 32767 else 1.0
    return array.array("h", [int(sample * gain) for sample in samples]).tobytes()


def speak(planned):
    """(how, rate, samples) of a plan."""
    if planned[0] == "jtalk":
        how, (rate, data) = speak_jtalk(*planned[1:])
        return how, rate, levelled(data)
    _, _, amplitude, speed, runs = planned
    sound = b""
    for voice, words in runs:
        # On standard input nothing of a sentence can be taken for an option.
        wav = run(["espeak-ng", "-b", "1", "-v", voice, "-a", str(amplitude), "-s", str(speed), "-z", "--stdin", "--stdout"], words.encode())
        rate, data = samples_of(wav)
        if rate != RATE:
            raise EngineError(f"espeak-ng spoke at {rate} Hz")
        sound += data
    return "espeak", RATE, levelled(sound)


def encode(rate, data, path):
    """Ogg Vorbis. The fixed serial number makes the same sound the same file."""
    resample = [] if rate == RATE else ["--resample", str(RATE)]
    raw = ["--raw", "--raw-bits=16", "--raw-chan=1", f"--raw-rate={rate}"]
    run(["oggenc", "-Q", "--serial", "1", "-q", "0", *raw, *resample, "-o", str(path), "-"], data)


def phonemes(voice, text):
    """What espeak-ng makes of a text, for tests."""
    return run(["espeak-ng", "-b", "1", "-q", "-x", "-v", voice, "--stdin"], text.encode()).decode(errors="replace").strip()

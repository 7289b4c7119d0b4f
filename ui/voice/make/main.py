"""Command line of scripts/voice, which describes it."""

import argparse
import collections
import concurrent.futures
import os
import sys
import time
from pathlib import Path

import clips
import engines
import pinyin
import readings
import sentences
from languages import BY_TAG, LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
KANA_FILE = "ui/voice/readings.toml"
PINYIN_FILE = "ui/voice/pinyin.toml"
# Sentences shown of a long list; the count is always there.
SHOWN = 40


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def quoted(text):
    return text.replace("\n", "\\n")


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/voice", add_help=False, allow_abbrev=False)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--out")
    parser.add_argument("--language", action="append", choices=list(BY_TAG))
    parser.add_argument("--engine", choices=["espeak"])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true")
    what.add_argument("--listen", action="store_true")
    what.add_argument("--missing-readings", action="store_true")
    what.add_argument("--write-pinyin", action="store_true")
    parsed = parser.parse_args()
    parsed.out = Path(parsed.out or os.environ.get("READER_DAEMON_VOICE") or Path(parsed.cache) / "voice")
    parsed.only_espeak = parsed.engine == "espeak"
    return parsed


def missing_readings(wanted, known, cache):
    japanese, chinese = missing_kana(wanted, known.kana, cache), missing_pinyin(wanted, known.pinyin)
    return 1 if japanese or chinese else 0


def missing_kana(wanted, known, cache):
    """Japanese sentences without a reading, each as a line for the file with a draft where Open JTalk can make one; whether the file has to change."""
    texts = {text: None for tag in ("ja", "ja-x-easy") for text, said in wanted[tag].items() if not said}
    spoken = [language.tag for language in LANGUAGES if language.voice and not language.tag.startswith(("ja", "zh"))]
    texts |= {name: None for tag in spoken for text in wanted[tag] for name in engines.JAPANESE.findall(text)}
    missing = [text for text in texts if readings.reading_of(text, known) is None]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for text, reading in zip(missing, pool.map(lambda text: engines.draft(text, cache), missing)):
            print(readings.toml_line(text, reading))
    say(f"{len(texts) - len(missing)} of {len(texts)} Japanese sentences have a reading")
    if missing:
        say(f"The cure: the lines above into {KANA_FILE}. Drafts misread: correct every line by hand.")
    unused = set(known) - {readings.one_line(text) for text in texts}
    if unused:
        say(f"{len(unused)} readings are of no sentence any more. The cure: remove them from {KANA_FILE}:")
        for text in sorted(unused):
            say(f"  {quoted(text)}")
    return bool(missing or unused)


def mandarin(wanted):
    return {tag: texts for tag, texts in wanted.items() if BY_TAG[tag].voice == pinyin.VOICE}


def missing_pinyin(wanted, known):
    """Names Chinese sentences without a line, and lines without a sentence; whether the file has to change."""
    wanted = mandarin(wanted)
    missing, gone = pinyin.compare(wanted, known)
    for what, listed in (("no pinyin", missing), ("pinyin of a sentence that is gone", gone)):
        for tag, text in listed:
            say(f"{what}: {tag}: {text}")
    total = sum(len(pinyin.sentences(texts)) for texts in wanted.values())
    say(f"{total - len(missing)} of {total} Chinese sentences have their pinyin")
    if missing or gone:
        say(f"The cure:  scripts/voice --write-pinyin, and then check its new lines in {PINYIN_FILE} by hand.")
    return bool(missing or gone)


def write_pinyin(wanted, known, path):
    """Brings the file up to date: drafts for new sentences, known lines as they are, nothing of sentences that are gone."""
    wanted = mandarin(wanted)
    missing, gone = pinyin.compare(wanted, known)
    if missing and not pinyin.tools():
        say("scripts/voice: pypinyin and OpenCC missing. The cure:  scripts/setup pinyin")
        return 1
    drafted = {}
    for tag, text in missing:
        drafted[tag, text], left_out = pinyin.draft(text)
        print(f"{tag}: {text} = {drafted[tag, text]}")
        if left_out:
            say(f"not in the draft of {tag}: {text}: {' '.join(left_out)}")
        if pinyin.unspoken(text, drafted[tag, text]) is not None:
            say(f"scripts/voice: no draft can be made of {tag}: {text}. The cure: other wording, or a line by hand in {PINYIN_FILE}")
            return 1
    path.write_text(pinyin.file_of(wanted, known, drafted), encoding="utf-8")
    say(f"{len(missing)} new lines, {len(gone)} of sentences that are gone are out: {path}")
    if missing:
        say("Drafts misread: check the new lines, which are above, by hand.")
    return 0


def without_clip(wanted, out):
    return [(tag, text) for tag, texts in wanted.items() for text in texts if not clips.path_of(out, tag, text).is_file()]


def report_missing(missing):
    for tag, text in missing[:SHOWN]:
        say(f"no clip: {tag}: {quoted(text)}")
    if len(missing) > SHOWN:
        say(f"… and {len(missing) - SHOWN} more")


def check(wanted, out):
    missing = without_clip(wanted, out)
    report_missing(missing)
    for tag, texts in wanted.items():
        without = sum(one == tag for one, _ in missing)
        say(f"  {tag:10} {len(texts) - without:5} of {len(texts):5} sentences have a clip")
    unworded = [(tag, what) for tag, what in sentences.unworded(ROOT) if tag in wanted]
    for tag, what in unworded[:SHOWN]:
        say(f"no words: {tag}: {quoted(what)}")
    total = sum(len(texts) for texts in wanted.values())
    say(f"{total - len(missing)} of {total} sentences have a clip in {out}")
    if missing:
        say("The cure:  scripts/voice")
    if unworded:
        say(f"{len(unworded)} texts have no words in a language with a voice. The cure: its catalogue in ui/translations, or {sentences.SPOKEN_FILE}")
    return 1 if missing or unworded else 0


def listen(wanted, out):
    jobs = [(tag, text) for tag, texts in wanted.items() for text in texts if clips.path_of(out, tag, text).is_file()]
    if not jobs:
        say(f"scripts/voice: there is no clip in {out} to listen to. The cure:  scripts/voice")
        return 1
    wrong = 0

    def one(job):
        tag, text = job
        return clips.listen(clips.path_of(out, tag, text), text, BY_TAG[tag])

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (tag, text), fault in zip(jobs, pool.map(one, jobs)):
            if fault:
                wrong += 1
                say(f"{fault}: {tag}: {quoted(text)}")
    say(f"{len(jobs) - wrong} of {len(jobs)} clips sound like speech")
    return 1 if wrong else 0


def plans(wanted, known, options):
    """[(tag, text, plan)], and how many sentences cannot be planned for want of a reading."""
    made, unread = [], 0
    for tag, texts in wanted.items():
        for text, said in texts.items():
            plan = engines.plan(BY_TAG[tag], text, said, known, options.cache, options.only_espeak)
            if plan is None:
                unread += 1
            else:
                made.append((tag, text, plan))
    return made, unread


def build(wanted, known, options):
    missing_tools = engines.missing_tools()
    if missing_tools:
        say(f"scripts/voice: {', '.join(missing_tools)} missing. The cure:  scripts/setup voice")
        return 1
    japanese = "Open JTalk" if engines.jtalk(options.cache) and not options.only_espeak else "espeak-ng with kana"
    say(f"{engines.espeak_version()}; Japanese: {japanese}")
    started = time.monotonic()
    made, unread = plans(wanted, known, options)
    index = clips.load_index(options.out)
    todo = []
    for tag, text, plan in made:
        path = clips.path_of(options.out, tag, text)
        if not path.is_file() or index.get(f"{tag}/{path.name}") != clips.key_of(plan):
            todo.append((tag, text, plan))
    say(f"{len(made)} sentences, {len(todo)} to make")
    failed, how = make_all(todo, index, options.out)
    for path in clips.stale(options.out, wanted):
        path.unlink()
        index.pop(f"{path.parent.name}/{path.name}", None)
    clips.save_index(options.out, index)
    summary(wanted, options.out, time.monotonic() - started, how)
    if unread:
        say(f"{unread} Japanese or Chinese sentences have no reading. The cure:  scripts/voice --missing-readings")
    return 1 if failed or unread else 0


def make_all(todo, index, out):
    failed, how, told = 0, collections.Counter(), time.monotonic()

    def one(job):
        tag, text, plan = job
        return clips.make(out, BY_TAG[tag], text, plan)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(one, job): job for job in todo}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            tag, text, plan = running[future]
            name = f"{tag}/{clips.name_of(text)}"
            try:
                how[future.result()[0]] += 1
                index[name] = clips.key_of(plan)
            except engines.EngineError as error:
                failed += 1
                # A clip of an older wording or setting under this name would be wrong.
                clips.path_of(out, tag, text).unlink(missing_ok=True)
                index.pop(name, None)
                say(f"not made: {tag}: {quoted(text)}: {error}")
            if time.monotonic() - told > 5:
                told = time.monotonic()
                say(f"{done} of {len(todo)}")
                clips.save_index(out, index)
    return failed, how


def summary(wanted, out, seconds, how):
    total = 0
    for tag, texts in wanted.items():
        sizes = [path.stat().st_size for path in (clips.path_of(out, tag, text) for text in texts) if path.is_file()]
        total += sum(sizes)
        say(f"  {tag:10} {len(sizes):5} of {len(texts):5} clips {sum(sizes) / 1e6:7.1f} MB")
    made = ", ".join(f"{count} by {name}" for name, count in sorted(how.items())) or "nothing new"
    say(f"{total / 1e6:.1f} MB in {out}, {seconds:.0f} s: {made}")


def main():
    options = arguments()
    try:
        known = readings.Known(readings.load(ROOT / KANA_FILE), pinyin.load(ROOT / PINYIN_FILE))
    except (readings.BadReading, ValueError, KeyError) as error:
        say(f"scripts/voice: {error}")
        return 1
    try:
        everything = sentences.collect(ROOT)
    except (OSError, ValueError, sentences.BadSource) as error:
        say(f"scripts/voice: {error}")
        return 1
    if options.missing_readings:
        return missing_readings(everything, known, options.cache)
    if options.write_pinyin:
        return write_pinyin(everything, known.pinyin, ROOT / PINYIN_FILE)
    chosen = options.language or [language.tag for language in LANGUAGES]
    voiceless = [tag for tag in chosen if not BY_TAG[tag].voice]
    if voiceless:
        say(f"no voice, so no clips: {', '.join(voiceless)} (ui/voice/README.md)")
    wanted = {tag: everything[tag] for tag in chosen if BY_TAG[tag].voice}
    if options.check:
        return check(wanted, options.out)
    if options.listen:
        return listen(wanted, options.out)
    return build(wanted, known, options)


if __name__ == "__main__":
    sys.exit(main())

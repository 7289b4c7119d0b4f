"""Tests of scripts/voice. Run:  python3 -m unittest discover -s ui/voice/make  (those of an engine need the engine)."""

import array
import contextlib
import io
import math
import re
import shutil
import tempfile
import unittest
from pathlib import Path

import clips
import engines
import main
import readings
import sentences
from languages import BY_TAG, LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
KANJI = re.compile(r"[\u3005\u3400-\u4dbf\u4e00-\u9fff]")
CACHE = "/nonexistent"


def japanese():
    """Every Japanese sentence that has a reading, with it."""
    known = readings.load(ROOT / "ui/voice/readings.toml")
    found = sentences.collect(ROOT)
    for tag in ("ja", "ja-x-easy"):
        for text, said in found[tag].items():
            reading = said or readings.reading_of(text, known)
            if reading is not None:
                yield BY_TAG[tag], text, said, reading, known


class Sentences(unittest.TestCase):
    def test_a_translation_file_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ui.po"
            path.write_text(
                'msgid ""\nmsgstr "header"\n\n#: a\nmsgid "一\\n"\n"二"\nmsgstr "one\\n"\n"\\"two\\""\n\nmsgid "三"\nmsgstr ""\n',
                encoding="utf-8",
            )
            self.assertEqual(sentences.po_entries(path), [("一\n二", 'one\n"two"'), ("三", "")])

    def test_placeholders_and_marks_are_not_spoken_and_staff_texts_are_not_patients(self):
        found = sentences.collect(ROOT)
        for tag, texts in found.items():
            for text in texts:
                self.assertNotRegex(text, r"\{\d*\}", tag)
                self.assertRegex(text, r"\w", tag)
                self.assertNotIn("【", text, tag)
        self.assertIn("受付", found["ja"])
        self.assertIn("カードを読み取れませんでした", found["ja"], "faults.toml")
        self.assertIn("同意する", found["ja"], "consent.toml")
        self.assertIn("12", found["en"])
        self.assertIn("2月", found["ja"])

    def test_any_table_with_a_languages_key_is_found(self):
        table = {"fault": [{"code": "1", "staff": "no", "patient": {"ja": {"next": "はい"}, "zh_hant": {"next": "是"}}}]}
        self.assertEqual(list(sentences.data_texts(table)), [("ja", "はい"), ("zh-Hant", "是")])

    def test_what_is_only_spoken_is_collected_in_every_language_whatever_its_key(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            self.assertEqual(sentences.spoken_tables(root), {}, "no such file")
            path = root / sentences.SPOKEN_FILE
            path.parent.mkdir(parents=True)
            # These two keys hold no words for patients in the daemon's data files.
            path.write_text("".join(f'[{one.key}]\nstaff = "5 {one.key}"\nid = "6 {one.key}"\n' for one in LANGUAGES), encoding="utf-8")
            tables = sentences.spoken_tables(root)
            self.assertEqual({language.tag: list(table.values()) for language, table in tables.items()},
                             {one.tag: [f"5 {one.key}", f"6 {one.key}"] for one in LANGUAGES})
            for wrong in ('[xx]\na = "b"', '[en]\na = "in {} s"', '[en]\na = ""', '[en]\na = ["b"]'):
                path.write_text(wrong, encoding="utf-8")
                with self.assertRaises(sentences.BadSource, msg=wrong):
                    sentences.spoken_tables(root)

    def test_what_this_repository_only_speaks_is_in_the_collection(self):
        found = sentences.collect(ROOT)
        for language, table in sentences.spoken_tables(ROOT).items():
            for name, text in table.items():
                self.assertIn(text, found[language.tag], name)

    def test_words_that_a_language_lacks_are_told(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for key, catalogue in (("en", 'msgid "一"\nmsgstr "one"\n\nmsgid "二"\nmsgstr ""\n'), ("ko", 'msgid "一"\nmsgstr "하나"\n\nmsgid "二"\nmsgstr "둘"\n')):
                path = root / "ui/translations" / key / "LC_MESSAGES/ui.po"
                path.parent.mkdir(parents=True)
                path.write_text(catalogue, encoding="utf-8")
            path = root / sentences.SPOKEN_FILE
            path.parent.mkdir(parents=True)
            path.write_text('[ja]\nrepeat = "五"\n[en]\nrepeat = "five"\n', encoding="utf-8")
            missing = list(sentences.unworded(root))
            self.assertEqual([what for tag, what in missing if tag == "en"], ["二"])
            self.assertEqual([what for tag, what in missing if tag == "ko"], ["ui/voice/spoken.toml: repeat"])
            self.assertEqual(len([what for tag, what in missing if tag == "ne"]), 3, "no catalogue at all")
            self.assertEqual([what for tag, what in missing if tag == "ja"], [])


class Readings(unittest.TestCase):
    def test_readings_hold_nothing_but_kana(self):
        readings.load(ROOT / "ui/voice/readings.toml")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "readings.toml"
            for wrong in ("今日わ", "PIN", "24じかん", "「はい」", ""):
                path.write_text(f'[readings]\n"a" = "{wrong}"\n', encoding="utf-8")
                with self.assertRaises(readings.BadReading, msg=wrong):
                    readings.load(path)

    def test_spellings_of_one_sound_are_one(self):
        for one, other in (("けいさつ", "けーさつ"), ("とうろくを", "とーろくお"), ("つづき", "つずき"), ("カード", "かーど"), ("ただ いま。", "ただいま")):
            self.assertEqual(readings.canonical(one), readings.canonical(other))
        self.assertNotEqual(readings.canonical("かたわ"), readings.canonical("ほーわ"))

    def test_furigana_is_said_once(self):
        self.assertEqual(readings.without_furigana("診察（しんさつ）を受け、\n無料（むりょう）"), "診察を受け、無料")
        self.assertEqual(readings.without_furigana("更新（無料）、カード（HPKI）"), "更新（無料）、カード（HPKI）")

    def test_a_kana_sentence_with_a_particle_needs_a_reading(self):
        self.assertIsNone(readings.reading_of("これは", {}))
        self.assertEqual(readings.reading_of("もどる", {}), "もどる")

    def test_no_kanji_digit_or_letter_ever_reaches_espeak_in_japanese(self):
        count = 0
        for language, text, said, _, known in japanese():
            plan = engines.plan(language, text, said, known, CACHE, True)
            for voice, words in plan[4]:
                self.assertEqual(voice, "ja")
                self.assertFalse(KANJI.search(words), words)
                self.assertTrue(readings.KANA_ONLY.fullmatch(words), words)
                count += 1
        self.assertGreater(count, 300)

    def test_japanese_names_in_other_languages_are_read_in_japanese_or_left_out(self):
        known = {"住基カード": "じゅーきかーど"}
        self.assertEqual(
            engines.foreign("See マイナポータル, 住基カード and 資格.", "en-us", known),
            [("en-us", "See "), ("ja", "マイナポータル"), ("ja", "じゅーきかーど"), ("en-us", " and ")],
        )

    def test_open_jtalk_does_not_stop_at_spaces_for_the_eye(self):
        self.assertEqual(engines.for_jtalk("あと 1回です。まちがえると、\n番号は 使えません"), "あと1回です。まちがえると、番号は使えません")
        self.assertEqual(engines.for_jtalk("My Number card"), "My Number card")

    def test_a_missing_reading_and_one_of_no_sentence_are_failures(self):
        wanted = {language.tag: {} for language in LANGUAGES} | {"ja": {"受付": None}}
        for known, code in (({"受付": "うけつけ"}, 0), ({}, 1), ({"受付": "うけつけ", "昔の文": "むかしの ぶん"}, 1)):
            said, lines = io.StringIO(), io.StringIO()
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(lines):
                self.assertEqual(main.missing_readings(wanted, known, CACHE), code, known)
            self.assertEqual("昔の文" in said.getvalue(), "昔の文" in known)
            self.assertEqual('"受付" = ' in lines.getvalue(), not known)

    def test_a_sentence_without_reading_is_not_spoken(self):
        self.assertIsNone(engines.plan(BY_TAG["ja"], "未知の文", None, {}, CACHE, True))


class Clips(unittest.TestCase):
    def test_the_name_is_the_contract(self):
        # printf abc | sha256sum
        self.assertEqual(clips.path_of("d", "ja", "abc"), Path("d/ja/ba7816bf8f01cfea.ogg"))

    def test_what_is_no_speech_is_noticed(self):
        language = BY_TAG["en"]
        hum = array.array("h", [int(9000 * math.sin(place / 20)) for place in range(engines.RATE * 2)])
        self.assertIsNone(clips.fault_of(hum.tobytes(), 2.0, "Please take your card.", language))
        self.assertIn("silent", clips.fault_of(bytes(len(hum) * 2), 2.0, "Please take your card.", language))
        self.assertIn("s long", clips.fault_of(hum.tobytes(), 0.01, "a", language))
        self.assertIn("pace", clips.fault_of(hum.tobytes(), 20.0, "Please take your card.", language))
        hum[5] = 32767
        self.assertIn("clipped", clips.fault_of(hum.tobytes(), 2.0, "Please take your card.", language))

    def test_a_changed_reading_makes_a_clip_again(self):
        language = BY_TAG["ja"]
        keys = {clips.key_of(engines.plan(language, "方", None, {"方": kana}, CACHE, True)) for kana in ("かた", "ほー")}
        self.assertEqual(len(keys), 2)

    def test_an_index_that_cannot_be_read_is_an_empty_one(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / clips.INDEX).write_text("[not json")
            self.assertEqual(clips.load_index(folder), {})
            clips.save_index(folder, {"ja/a.ogg": "b"})
            self.assertEqual(clips.load_index(folder), {"ja/a.ogg": "b"})

    def test_a_language_with_a_voice_that_lacks_one_clip_fails_the_check(self):
        wanted = {language.tag: {"a": None, "b": None} for language in LANGUAGES if language.voice}
        with tempfile.TemporaryDirectory() as folder:
            for tag, texts in wanted.items():
                for text in texts:
                    path = clips.path_of(folder, tag, text)
                    path.parent.mkdir(exist_ok=True)
                    path.touch()
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                self.assertEqual(main.check(wanted, Path(folder)), 0, said.getvalue())
                clips.path_of(folder, "zh-Hant", "b").unlink()
                self.assertEqual(main.check(wanted, Path(folder)), 1)
            self.assertIn("no clip: zh-Hant: b", said.getvalue())

    def test_no_clip_at_all_does_not_sound_like_speech(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(main.listen({"en": {"a": None}}, Path(folder)), 1)

    def test_only_two_languages_have_no_voice(self):
        self.assertEqual([language.tag for language in LANGUAGES if not language.voice], ["fil", "my"])

    def test_only_clips_of_sentences_that_are_gone_are_removed(self):
        with tempfile.TemporaryDirectory() as folder:
            for text in ("old", "new"):
                path = clips.path_of(folder, "en", text)
                path.parent.mkdir(exist_ok=True)
                path.touch()
            (Path(folder) / "en/notes.ogg").touch()
            self.assertEqual(list(clips.stale(folder, {"en": {"new": None}})), [clips.path_of(folder, "en", "old")])


@unittest.skipUnless(shutil.which("espeak-ng"), "espeak-ng is not installed: scripts/setup voice")
class Espeak(unittest.TestCase):
    def test_kanji_would_be_spelled_out_and_kana_is_not(self):
        self.assertIn("(en)", engines.phonemes("ja", "今日"), "the reason for the readings")
        self.assertNotIn("(en)", engines.phonemes("ja", "きょー"))

    def test_every_reading_is_read_as_japanese(self):
        lines = sorted({engines.espeak_kana(reading) for _, _, _, reading, _ in japanese()})
        for line in lines:
            self.assertNotIn("(en)", engines.phonemes("ja", line), line)

    def test_every_language_with_a_voice_has_it(self):
        voices = engines.run(["espeak-ng", "--voices"]).decode()
        for language in LANGUAGES:
            if language.voice:
                self.assertRegex(voices, rf"(?m)^\s*\d+\s+{language.voice}\s", language.tag)

    def test_there_is_no_filipino_voice(self):
        voices = engines.run(["espeak-ng", "--voices"]).decode().lower()
        self.assertNotRegex(voices, r"filipino|tagalog|(?m:^\s*\d+\s+(fil|tl)\s)")

    def test_the_burmese_voice_cannot_be_understood(self):
        # "language", bha-tha: two open a. The voice says no vowel at all. When this fails, the voice may be listened to.
        self.assertNotRegex(engines.phonemes("my", "ဘာသာ"), r"[aA]")

    def test_mandarin_has_its_tones(self):
        if not engines.pinyin_version():
            self.skipTest("pypinyin is not installed: scripts/setup voice")
        self.assertEqual(engines.mandarin("妈麻马骂")[0][0], "cmn-latn-pinyin")
        tones = re.findall(r"\d+", engines.phonemes("cmn-latn-pinyin", "ma1. ma2. ma3. ma4."))
        self.assertEqual(len(set(tones)), 4, tones)
        self.assertEqual(engines.mandarin("銀行"), [("cmn-latn-pinyin", "yin2 hang2")])
        self.assertEqual(engines.mandarin("處方箋"), engines.mandarin("处方笺"))
        self.assertEqual(engines.mandarin("用PIN码"), [("cmn-latn-pinyin", "yong4"), ("en-us", "PIN"), ("cmn-latn-pinyin", "ma3")])
        self.assertEqual([voice for voice, _ in engines.mandarin("在“マイナポータル”看")], ["cmn-latn-pinyin", "ja", "cmn-latn-pinyin"])
        self.assertEqual(engines.mandarin("調配，帶著")[0][1], "tiao2 pei4 , dai4 zhe5")
        self.assertEqual(engines.mandarin("2027年2次")[0][1], "er4 ling2 er4 qi1 nian2 liang3 ci4")


if __name__ == "__main__":
    unittest.main()

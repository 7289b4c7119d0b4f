"""Tests of scripts/voice. Run:  python3 -m unittest discover -s ui/voice/make  (those of an engine need the engine)."""

import array
import contextlib
import io
import math
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import clips
import engines
import main
import pinyin
import readings
import sentences
from languages import BY_TAG, LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
KANJI = re.compile(r"[\u3005\u3400-\u4dbf\u4e00-\u9fff]")
CACHE = "/nonexistent"


def japanese():
    """Every Japanese sentence that has a reading, with it."""
    known = readings.Known(readings.load(ROOT / main.KANA_FILE))
    found = sentences.collect(ROOT)
    for tag in ("ja", "ja-x-easy"):
        for text, said in found[tag].items():
            reading = said or readings.reading_of(text, known.kana)
            if reading is not None:
                yield BY_TAG[tag], text, said, reading, known


def chinese():
    """{tag: texts} of the languages that are Mandarin."""
    return main.mandarin(sentences.collect(ROOT))


def quietly(what, *arguments):
    """(result, standard output, standard error)"""
    lines, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(lines), contextlib.redirect_stderr(said):
        return what(*arguments), lines.getvalue(), said.getvalue()


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
            result, lines, said = quietly(main.missing_readings, wanted, readings.Known(known), CACHE)
            self.assertEqual(result, code, known)
            self.assertEqual("昔の文" in said, "昔の文" in known)
            self.assertEqual('"受付" = ' in lines, not known)

    def test_a_sentence_without_reading_is_not_spoken(self):
        self.assertIsNone(engines.plan(BY_TAG["ja"], "未知の文", None, readings.Known(), CACHE, True))


class Pinyin(unittest.TestCase):
    def test_every_chinese_sentence_has_its_line_and_every_line_its_sentence(self):
        wanted = chinese()
        self.assertEqual(pinyin.compare(wanted, pinyin.load(ROOT / main.PINYIN_FILE)), ([], []))
        self.assertGreater(sum(map(len, wanted.values())), 800)

    def test_every_character_has_its_syllable_or_number(self):
        count = 0
        for tag, lines in pinyin.load(ROOT / main.PINYIN_FILE).items():
            for text, line in lines.items():
                spoken = re.findall(r"[^\s,.?!]+", pinyin.BRACKETS.sub(" ", line))
                self.assertEqual(len(spoken), len(re.findall(r"[\u4e00-\u9fff]|[0-9]+", text)), f"{tag}: {text} = {line}")
                count += len(spoken)
        self.assertGreater(count, 5000)

    def test_characters_with_several_readings_are_read_as_their_words(self):
        known = pinyin.load(ROOT / main.PINYIN_FILE)["zh-Hans"]
        words = {"照片": "zhao4 pian4", "重设": "chong2 she4", "重听": "chong2 ting1", "重复": "chong2 fu4", "处方": "chu3 fang1", "接待处": "jie1 dai4 chu4",
                 "还剩": "hai2 sheng4", "调低": "tiao2 di1", "为准": "wei2 zhun3", "作为": "zuo4 wei2", "为您": "wei4 nin2", "目的": "mu4 di4", "进行": "jin4 xing2",
                 "得知": "de2 zhi1", "次数": "ci4 shu4", "一次": "yi2 ci4", "不一致": "bu4 yi2 zhi4", "斜杠": "xie2 gang4", "纸质的": "zhi3 zhi4 de5"}
        for word, read in words.items():
            found = [line for text, line in known.items() if word in text]
            for line in found:
                self.assertIn(read, line, word)
        self.assertGreater(sum(any(word in text for text in known) for word in words), 12)

    def test_a_line_holds_nothing_but_pinyin_marks_and_words_of_its_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pinyin.toml"
            for wrong in ("用 ma3", "yong", "yong4 PIN ma3", "yong4 [PUK] ma3", "yong4 [码]", "yong6", "", ". ,", "[]"):
                path.write_text(f'[zh-Hans]\n"用PIN码" = "{wrong}"\n', encoding="utf-8")
                with self.assertRaises(readings.BadReading, msg=wrong):
                    pinyin.load(path)
            path.write_text('[zh-Hans]\n"用PIN码" = "yong4 [PIN] ma3"\n', encoding="utf-8")
            self.assertEqual(pinyin.load(path), {"zh-Hans": {"用PIN码": "yong4 [PIN] ma3"}})

    def test_latin_words_are_english_and_kana_is_japanese(self):
        self.assertEqual(engines.mandarin("yong4 [PIN] ma3 , lü4 24 ."),
                         [("cmn-latn-pinyin", "yong4"), ("en-us", "PIN"), ("cmn-latn-pinyin", "ma3 , lü4 24 .")])
        self.assertEqual(engines.mandarin("[リョ] , [Enter] ."), [("ja", "リヨ"), ("en-us", "Enter")])

    def test_what_is_said_instead_has_the_line(self):
        self.assertEqual(pinyin.sentences({"2027年": "二零二七年", "请\n看": None, "请看": None}), ["二零二七年", "请看"])
        known = readings.Known(pinyin={"zh-Hans": {"二零二七年": "er4", "请看": "qing3 kan4"}})
        self.assertEqual(engines.plan(BY_TAG["zh-Hans"], "2027年", "二零二七年", known, CACHE, True)[4], (("cmn-latn-pinyin", "er4"),))
        self.assertEqual(engines.plan(BY_TAG["zh-Hans"], "请\n看", None, known, CACHE, True)[4], (("cmn-latn-pinyin", "qing3 kan4"),))

    def test_a_sentence_without_its_line_is_not_spoken(self):
        known = readings.Known(pinyin={"zh-Hans": {"报到": "bao4 dao4"}})
        self.assertIsNone(engines.plan(BY_TAG["zh-Hant"], "报到", None, known, CACHE, True), "the line is another language's")

    def test_a_sentence_without_line_and_a_line_without_sentence_are_failures(self):
        wanted = {language.tag: {} for language in LANGUAGES} | {"zh-Hans": {"报到": None}}
        right = {"报到": "bao4 dao4"}
        for table, code in ((right, 0), ({}, 1), (right | {"旧": "jiu4"}, 1)):
            result, _, said = quietly(main.missing_readings, wanted, readings.Known(pinyin={"zh-Hans": table}), CACHE)
            self.assertEqual(result, code, table)
            self.assertEqual("no pinyin: zh-Hans: 报到" in said, not table)
            self.assertEqual("gone: zh-Hans: 旧" in said, "旧" in table)
            self.assertEqual("scripts/voice --write-pinyin" in said, code == 1)

    def test_writing_keeps_lines_drops_what_is_gone_and_follows_the_order_of_the_sources(self):
        wanted = {language.tag: {} for language in LANGUAGES} | {"zh-Hans": {"乙": None, "甲\n甲": None}, "zh-Hant": {'說"甲"': None}}
        known = {"zh-Hans": {"旧": "jiu4", "甲甲": "jia3 jia5", "乙": "yi2"}, "zh-Hant": {'說"甲"': "shuo1 jia3"}}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pinyin.toml"
            # Nothing is new: no draft, so neither pypinyin nor OpenCC.
            self.assertEqual(quietly(main.write_pinyin, wanted, known, path)[0], 0)
            written = path.read_text(encoding="utf-8")
            self.assertEqual(written, pinyin.HEADER + '\n[zh-Hans]\n"乙" = "yi2"\n"甲甲" = "jia3 jia5"\n\n[zh-Hant]\n"說\\"甲\\"" = "shuo1 jia3"\n')
            quietly(main.write_pinyin, wanted, pinyin.load(path), path)
            self.assertEqual(path.read_text(encoding="utf-8"), written)

    def test_without_pypinyin_nothing_is_written_and_the_cure_is_told(self):
        tools, pinyin.tools = pinyin.tools, lambda: False
        self.addCleanup(setattr, pinyin, "tools", tools)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pinyin.toml"
            result, _, said = quietly(main.write_pinyin, {"zh-Hans": {"新": None}}, {}, path)
            self.assertEqual((result, path.exists()), (1, False))
            self.assertIn("scripts/setup pinyin", said)

    def test_a_draft_that_says_nothing_is_not_written(self):
        before = pinyin.tools, pinyin.draft
        pinyin.tools, pinyin.draft = lambda: True, lambda text: ("", list(text))
        self.addCleanup(lambda: (setattr(pinyin, "tools", before[0]), setattr(pinyin, "draft", before[1])))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pinyin.toml"
            result, _, said = quietly(main.write_pinyin, {"zh-Hans": {"한": None}}, {}, path)
            self.assertEqual((result, path.exists()), (1, False))
            self.assertIn("no draft can be made of zh-Hans: 한", said)

    def test_making_clips_needs_nothing_from_outside(self):
        """No module of a clip's making imports pypinyin or OpenCC before a draft is asked for."""
        check = "import sys, main; sys.exit(any(name in sys.modules for name in ('pypinyin', 'opencc')))"
        done = subprocess.run([sys.executable, "-c", check], cwd=Path(__file__).parent, check=False)
        self.assertEqual(done.returncode, 0)

    def test_drafts_of_new_wording(self):
        if not pinyin.tools():
            self.skipTest("pypinyin and OpenCC are not installed: scripts/setup pinyin")
        for text, line in (("銀行", "yin2 hang2"), ("用PIN码", "yong4 [PIN] ma3"), ("在“マイナポータル”看", "zai4 [マイナポータル] kan4"),
                           ("調配，帶著", "tiao2 pei4 , dai4 zhe5"), ("2027年2次", "er4 ling2 er4 qi1 nian2 liang3 ci4"), ("再试1次", "zai4 shi4 yi2 ci4"),
                           ("照片不一致", "zhao4 pian4 bu4 yi2 zhi4"), ("窗口重設", "chuang1 kou3 chong2 she4"), ("这是4。", "zhe4 shi4 4 .")):
            self.assertEqual(pinyin.draft(text), (line, []), text)
        self.assertEqual(pinyin.draft("處方箋"), pinyin.draft("处方笺"))
        self.assertEqual(pinyin.draft("甲+乙")[1], ["+"])


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
        keys = {clips.key_of(engines.plan(language, "方", None, readings.Known({"方": kana}), CACHE, True)) for kana in ("かた", "ほー")}
        self.assertEqual(len(keys), 2)

    def test_unchanged_pinyin_makes_no_clip_again_and_changed_pinyin_does(self):
        language = BY_TAG["zh-Hans"]
        keys = {clips.key_of(engines.plan(language, "重设", None, readings.Known(pinyin={"zh-Hans": {"重设": line}}), CACHE, True))
                for line in ("chong2 she4", "zhong4 she4")}
        self.assertEqual(len(keys), 2)
        # What the clips are made of by now: a key of another form would make all of them again.
        plan = ("espeak", engines.espeak_version(), engines.ESPEAK_AMPLITUDE, language.speed, (("cmn-latn-pinyin", "chong2 she4"),))
        self.assertIn(clips.key_of(plan), keys)

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
        tones = re.findall(r"\d+", engines.phonemes("cmn-latn-pinyin", "ma1. ma2. ma3. ma4."))
        self.assertEqual(len(set(tones)), 4, tones)


if __name__ == "__main__":
    unittest.main()

use std::collections::BTreeSet;

use screen::{ConsentText, Picture};
use session::{Group, Reason, Wording};

use super::{
    consent::{OTHER_CARDS, REASONS},
    faults::PICTURES,
    *,
};

fn loaded() -> Loaded {
    built_in().unwrap()
}

/// Whether a language's letters take a full width on the glass: limits are half as many then.
fn is_wide(language: Language) -> bool {
    match language {
        Language::Ja | Language::JaEasy | Language::ZhHans | Language::ZhHant | Language::Ko => true,
        Language::En | Language::Vi | Language::Pt | Language::Fil | Language::Ne | Language::Id | Language::My => {
            false
        }
    }
}

/// Letters, without the vowel signs and marks that Devanagari and Myanmar set around them.
fn places(text: &str) -> usize {
    let mark = |letter: char| {
        matches!(letter,
            '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{93c}' | '\u{93e}'..='\u{94f}'
            | '\u{102b}'..='\u{103e}')
    };
    text.chars().filter(|letter| !mark(*letter)).count()
}

fn fits(text: &str, language: Language, wide: usize, narrow: usize) -> bool {
    places(text) <= if is_wide(language) { wide } else { narrow }
}

/// The table is what the terminal goes by: `retryable` as it is written, for every code.
#[test]
fn what_the_table_says_of_again_is_what_the_session_is_told() {
    let loaded = loaded();
    let said: BTreeSet<_> = FAULTS
        .split("[[fault]]")
        .filter(|entry| entry.contains("\nretryable = true\n"))
        .filter_map(|entry| entry.split("code = \"").nth(1)?.split('"').next())
        .collect();
    let told: BTreeSet<_> = loaded.session.retryable.iter().map(|code| code.number()).collect();
    assert_eq!(told.iter().map(String::as_str).collect::<BTreeSet<_>>(), said);
    assert!(!said.is_empty() && said.len() < FaultCode::ALL.len());
    let other = FAULTS.replace("retryable = true", "retryable = false");
    let mut loaded = Loaded::default();
    read_faults(&other, &mut loaded).unwrap();
    assert_eq!(loaded.session.retryable, BTreeSet::new());
}

/// E1: the second card in a row that cannot be read is the desk's matter, in every language, and no other fault counts.
#[test]
fn only_the_unreadable_card_has_words_for_the_second_time() {
    let told: BTreeSet<_> = loaded().session.twice.into_keys().collect();
    assert_eq!(told, Language::ALL.map(|language| (FaultCode::CardUnreadable, language)).into());
    let texts = loaded().session;
    for ((code, language), text) in &texts.twice {
        assert!(fits(text, *language, 66, 132) && *text != texts.faults[&(*code, *language)].next, "{text}");
    }
}

/// Every wording with the item it belongs to.
fn all_wordings(texts: &Texts) -> Vec<(String, Language, &Wording)> {
    let items = texts.items.iter().map(|((item, language), wording)| (item.clone(), *language, wording));
    let all = texts.all.iter().map(|(language, wording)| ("all".to_owned(), *language, wording));
    let sign_up = texts.sign_up.iter().flat_map(|(language, [first, second])| {
        [("sign_up.first".to_owned(), *language, first), ("sign_up.second".to_owned(), *language, second)]
    });
    items.chain(all).chain(sign_up).collect()
}

#[test]
fn the_built_in_files_hold_every_code_in_every_language() {
    let loaded = loaded();
    assert_eq!(loaded.session.faults.len(), FaultCode::ALL.len() * LANGUAGES.len());
    for code in FaultCode::ALL {
        assert!(loaded.desk.contains_key(&code), "{code:?}");
        for language in LANGUAGES {
            assert_eq!(loaded.session.faults[&(code, language)].code, code.number());
        }
    }
}

#[test]
fn staff_read_the_code_first_and_what_to_do() {
    for (code, texts) in loaded().desk {
        assert!(texts.staff.starts_with(&format!("【{}】", code.number())), "{}", texts.staff);
        let action = ["ください", "受け付けられます"];
        assert!(action.iter().any(|words| texts.staff.contains(words)), "no action: {}", texts.staff);
        assert!(texts.cause.ends_with('.') && texts.cause.is_ascii() || texts.cause.contains("照合番号B"), "{code:?}");
    }
}

#[test]
fn no_fault_says_that_someone_is_not_insured() {
    let loaded = loaded();
    let patient = loaded.session.faults.values().flat_map(|text| [&text.headline, &text.next]);
    for text in patient.clone().chain(loaded.desk.values().map(|texts| &texts.staff)) {
        for words in ["無保険", "保険に入って", "資格がありません", "資格なし", "not insured", "no insurance"]
        {
            assert!(!text.contains(words), "{text}");
        }
    }
    // The room reads along: nothing about insurance or illness in large type (patient-flow section 12).
    for text in patient {
        for word in
            ["保険", "資格", "病", "保险", "保險", "보험", "insur", "qualif", "bảo hiểm", "seguro", "asuransi", "बीमा"]
        {
            assert!(!text.to_lowercase().contains(word), "{text}");
        }
    }
}

#[test]
fn patient_texts_leave_the_verb_to_the_readers_profile() {
    for text in loaded().session.faults.values().flat_map(|text| [&text.headline, &text.next]) {
        for verb in ["差し込", "差しこ", "置い", "置く", "insert"] {
            assert!(!text.to_lowercase().contains(verb), "{text}");
        }
    }
}

#[test]
fn could_not_ask_has_a_text_of_its_own() {
    let loaded = loaded();
    let unreachable = &loaded.desk[&FaultCode::ServiceUnreachable].staff;
    assert!(unreachable.contains("資格の有無は分かっていません"));
    for language in LANGUAGES {
        let headline = |code| &loaded.session.faults[&(code, language)].headline;
        for code in FaultCode::ALL.into_iter().filter(|code| *code != FaultCode::ServiceUnreachable) {
            assert_ne!(headline(code), headline(FaultCode::ServiceUnreachable), "{code:?}");
        }
    }
}

#[test]
fn fault_texts_fit_the_screen() {
    // 1280 px less margins: 20 full-width characters at 58 px, 24 at 50 px; Latin letters take half (kiosk.md).
    for ((code, language), text) in loaded().session.faults {
        assert!(fits(&text.headline, language, 34, 68), "{code:?} {}", text.headline);
        assert!(fits(&text.next, language, 66, 132), "{code:?} {}", text.next);
    }
}

#[test]
fn no_text_of_the_face_way_accuses_anyone() {
    // What was seen may be a broken chip, bad light or a mistake at the office (law 8, patient-flow 5.1).
    let loaded = loaded();
    let patient = loaded.session.faults.values().flat_map(|text| [&text.headline, &text.next]);
    let desk = loaded.desk.values().map(|texts| &texts.staff);
    for text in patient.chain(desk).chain(loaded.session.reasons.values()) {
        for word in ["偽", "不正", "なりすまし", "他人", "改ざん", "fake", "fraud", "attack", "tamper", "clone"]
        {
            assert!(!text.to_lowercase().contains(word), "{text}");
        }
    }
}

#[test]
fn reasons_and_lines_fit_their_places() {
    let texts = loaded().session;
    for ((reason, language), line) in &texts.reasons {
        assert!(fits(line, *language, 14, 36), "{reason:?} {line}");
    }
    for (language, words) in &texts.not_answered {
        assert!(fits(words, *language, 14, 36), "{words}");
    }
    assert_eq!(texts.lines[&Language::Ja], "{name}：{answer}");
}

#[test]
fn every_item_the_service_may_ask_is_there_in_its_group() {
    let texts = loaded().session;
    let items = [
        ("medicines", Group::Health, true),
        ("checkups", Group::Health, true),
        ("operations", Group::Health, true),
        ("infections", Group::Health, true),
        ("other_certificates", Group::OtherCertificates, false),
        ("prescription", Group::Prescription, false),
    ];
    for (item, group, carried) in items {
        assert_eq!(texts.groups[item], group);
        assert_eq!(texts.carried[item], carried);
        for language in LANGUAGES {
            assert!(texts.items.contains_key(&(item.to_owned(), language)), "{item}");
        }
    }
    assert_eq!(texts.groups.len(), items.len());
    assert_eq!(texts.items.len(), items.len() * LANGUAGES.len());
    for count in [texts.all.len(), texts.sign_up.len(), texts.lines.len(), texts.not_answered.len()] {
        assert_eq!(count, LANGUAGES.len());
    }
    assert_eq!(texts.other_cards.len(), OTHER_CARDS.len() * LANGUAGES.len());
    assert_eq!(texts.reasons.len(), REASONS.len() * LANGUAGES.len());
    assert!(texts.reasons.contains_key(&(Reason::VisualClosed, Language::Ja)));
}

#[test]
fn every_question_says_that_refusing_never_bars_treatment() {
    let texts = loaded().session;
    for ((item, language), wording) in &texts.items {
        if *language == Language::Ja {
            let rights = match texts.groups[item] {
                Group::Health => "同意しなくても、診察は受けられます。",
                Group::OtherCertificates => "使わなくても、診察は受けられます。",
                Group::Prescription => "どちらを選んでも、診察は受けられます。",
            };
            assert_eq!(wording.text.rights, rights, "{item}");
        }
        assert_eq!(wording.detail.len(), 4, "{item}: what, who, why, how long");
        let day = texts.groups[item] != Group::Health || wording.detail[3].contains("24");
        assert!(day, "{item} {language:?}: how long");
    }
    // Rule 2 of patient-flow 4.2: nothing is promised about cost.
    for (item, language, wording) in all_wordings(&texts) {
        for word in ["円", "料金", "安く", "無料", "yen", "cheap", "free of charge"] {
            assert!(
                !wording.text.rights.contains(word) && !wording.text.question.contains(word),
                "{item} {language:?}"
            );
        }
    }
}

#[test]
fn sign_up_says_what_to_do_without_and_that_it_can_be_undone() {
    let texts = loaded().session;
    let [first, second] = &texts.sign_up[&Language::Ja];
    assert_eq!(first.text.question, "健康保険証として使う登録をしますか。");
    for wording in [first, second] {
        assert_eq!(wording.text.rights, "登録しなくても、資格確認書で受診できます。あとで解除できます。");
    }
    assert_ne!(first.id, second.id);
}

#[test]
fn consent_texts_fit_the_screen() {
    let texts = loaded().session;
    for (item, language, wording) in all_wordings(&texts) {
        let fits = |text: &str, wide, narrow| assert!(fits(text, language, wide, narrow), "{item}: {text}");
        fits(&wording.text.question, 40, 80);
        fits(&wording.text.rights, 46, 92);
        fits(&wording.name, 8, 20);
        fits(&wording.text.yes, 8, 18);
        fits(&wording.text.no, 8, 18);
        wording.detail.iter().for_each(|paragraph| fits(paragraph, 75, 160));
        assert_eq!(wording.text.yes.is_empty(), item == "all", "{item}");
        assert_ne!(wording.text.yes, if item == "all" { "-" } else { &wording.text.no }, "{item}");
        assert!(wording.reviewed || language != Language::Ja, "Japanese is binding");
    }
}

#[test]
fn every_wording_has_its_own_hash_and_each_part_changes_it() {
    let texts = loaded().session;
    let wordings = all_wordings(&texts);
    let hashes: BTreeSet<_> = wordings.iter().map(|(_, _, wording)| &wording.hash).collect();
    assert_eq!(hashes.len(), wordings.len());
    let text = |question: &str, rights: &str, yes: &str, no: &str| ConsentText {
        question: question.into(),
        rights: rights.into(),
        yes: yes.into(),
        no: no.into(),
    };
    let words = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let hash = |id, language, text: &ConsentText, detail: &[&str]| wording_hash(id, language, text, &words(detail));
    let plain = text("a", "b", "y", "n");
    let different = [
        hash("id", Language::Ja, &plain, &["c"]),
        hash("id2", Language::Ja, &plain, &["c"]),
        hash("id", Language::JaEasy, &plain, &["c"]),
        hash("id", Language::En, &plain, &["c"]),
        hash("id", Language::Ja, &text("ab", "", "y", "n"), &["c"]),
        hash("id", Language::Ja, &text("a", "by", "", "n"), &["c"]),
        hash("id", Language::Ja, &text("a", "b", "yn", ""), &["c"]),
        hash("id", Language::Ja, &text("a", "b", "", "yn"), &["c"]),
        hash("id", Language::Ja, &text("a", "b", "n", "y"), &["c"]),
        hash("id", Language::Ja, &text("a", "b", "y", "nc"), &[]),
        hash("id", Language::Ja, &plain, &["c", "d"]),
        hash("id", Language::Ja, &plain, &["cd"]),
    ];
    assert_eq!(different.iter().collect::<BTreeSet<_>>().len(), different.len());
    assert_eq!(different[0].len(), 64);
}

/// An answer given to the question for all is an answer about each item: another scope of one of them voids it, in that
/// language, and what is no medical information does not.
#[test]
fn another_wording_of_one_item_is_another_question_for_all() {
    let all = |file: &str| {
        let mut loaded = Loaded::default();
        read_consent(file, &mut loaded).unwrap();
        let of = |language| loaded.session.all[&language].hash.clone();
        (of(Language::Ja), of(Language::En))
    };
    let session = loaded().session;
    let question = |id: &str| &session.items[&(id.to_owned(), Language::Ja)].text.question;
    let plain = all(CONSENT);
    for (id, medical) in [("medicines", true), ("operations", true), ("prescription", false)] {
        let there = format!("question = \"{}\"", question(id));
        assert_eq!(CONSENT.matches(&there).count(), 1, "{there}");
        let (ja, en) = all(&CONSENT.replace(&there, "question = \"別の質問\""));
        assert_eq!((ja != plain.0, en == plain.1), (medical, true), "{id}");
    }
}

#[test]
fn pictures_have_the_names_of_the_protocol() {
    for (picture, name) in PICTURES {
        assert_eq!(serde_json::to_value(picture).unwrap(), serde_json::Value::from(name));
    }
    assert_eq!(PICTURES.map(|(picture, _)| picture), Picture::ALL);
}

/// What is wrong with a file in which `from` stands as `to`.
fn faults_error(from: &str, to: &str) -> TextsError {
    assert!(FAULTS.contains(from), "{from}");
    read_faults(&FAULTS.replacen(from, to, 1), &mut Loaded::default()).unwrap_err()
}

fn consent_error(from: &str, to: &str) -> TextsError {
    assert!(CONSENT.contains(from), "{from}");
    read_consent(&CONSENT.replacen(from, to, 1), &mut Loaded::default()).unwrap_err()
}

#[test]
fn a_table_of_faults_that_is_not_whole_names_key_cause_and_cure() {
    for (from, to, key, cause) in [
        ("staff = ", "stuff = ", "fault 001.staff", "missing"),
        ("staff = ", "more = \"x\"\nstaff = ", "fault 001.more", "no such key"),
        ("patient.en.next", "patient.en.mext", "fault 001.patient.en.next", "missing"),
        ("patient.en.headline", "patient.it.headline", "fault 001.patient.en.headline", "missing"),
        ("\"case_off\"", "\"hat_off\"", "fault 001.picture", "hat_off"),
        ("retryable = true", "retryable = \"yes\"", "fault 001.retryable", "true or false"),
        ("code = \"002\"", "code = \"001\"", "fault 001.code", "twice"),
        ("code = \"002\"", "code = \"777\"", "fault 777.code", "no such code"),
        ("code = \"001\"", "code = 1", "fault 1.code", "text"),
        ("[[fault]]", "[fault]", "the file", "fault"),
        ("[[fault]]", "odd = 1\n[[fault]]", "odd", "no such key"),
        ("\"カードを読み取れませんでした\"", "\" \"", "fault 001.patient.ja.headline", "empty"),
        ("\"カードを読み取れませんでした\"", "\"a\\nb\"", "fault 001.patient.ja.headline", "line break"),
    ] {
        let error = faults_error(from, to);
        assert!(error.key.contains(key) && error.cause.contains(cause), "{from} → {to}: {error}");
        assert!(!error.cure.is_empty());
    }
    let last = FAULTS.rfind("[[fault]]").unwrap();
    let error = read_faults(&FAULTS[..last], &mut Loaded::default()).unwrap_err();
    assert_eq!((error.key.as_str(), error.cause.as_str()), ("fault 960", "it is missing"));
}

#[test]
fn wordings_that_are_not_whole_name_key_cause_and_cure() {
    for (from, to, key, cause) in [
        ("[items.medicines.ja_easy]", "[items.medicines.it]", "items.medicines.ja_easy", "missing"),
        (
            "[items.checkups.en]",
            "[items.checkups.it]\nname = \"x\"\n[items.checkups.en]",
            "items.checkups.it",
            "no such",
        ),
        ("[items.medicines.en]\n", "[items.medicines.en]\nodd = 1\n", "items.medicines.en.odd", "no such key"),
        (
            "[items.medicines.ja]\n",
            "[items.medicines.ja]\nreviewed = false\n",
            "items.medicines.ja.reviewed",
            "no such",
        ),
        ("[items.medicines]", "[items.\"Medi cines\"]", "items.Medi cines", "name"),
        ("group = \"health\"", "group = \"wealth\"", "items.medicines.group", "wealth"),
        ("carried = true\n", "", "items.medicines.carried", "missing"),
        ("carried = false", "carried = true", "items.other_certificates.carried", "anew"),
        ("yes = \"同意する\"\n", "", "items.medicines.ja.yes", "missing"),
        ("[all.ja]\n", "[all.ja]\nyes = \"x\"\n", "all.ja.yes", "no such key"),
        ("[sign_up.second]", "[sign_up.third]", "sign_up.second", "missing"),
        ("{name}: {answer}", "{name}: {name}", "lines.en", "once each"),
        ("{name}: {answer}", "{name}: {answer} {x}", "lines.en", "once each"),
        ("[reasons.visual_closed]", "[reasons.visual_shut]", "reasons.visual_closed", "missing"),
        ("[other_cards.hpki]", "[other_cards.library]\n[other_cards.hpki]", "other_cards.library", "no such key"),
        ("\"これは運転免許証のようです。\"", "\" \"", "other_cards.drivers_licence.ja", "empty"),
        ("\"これは運転免許証のようです。\"", "\"a\\u0007\"", "other_cards.drivers_licence.ja", "control"),
        ("[reasons.camera]\nja", "[reasons.camera]\nja = \"x\"\nja", "the file", "duplicate"),
    ] {
        let error = consent_error(from, to);
        assert!(error.key.contains(key) && error.cause.contains(cause), "{from} → {to}: {error}");
        assert!(!error.cure.is_empty());
    }
}

#[test]
fn a_translation_counts_as_reviewed_only_when_the_file_says_so() {
    let mut loaded = Loaded::default();
    read_consent(CONSENT, &mut loaded).unwrap();
    let reviewed = |loaded: &Loaded, language| loaded.session.items[&("medicines".to_owned(), language)].reviewed;
    assert!(reviewed(&loaded, Language::Ja) && !reviewed(&loaded, Language::En));
    let file = CONSENT.replacen("[items.medicines.en]\n", "[items.medicines.en]\nreviewed = true\n", 1);
    let before = loaded.session.items[&("medicines".to_owned(), Language::En)].hash.clone();
    read_consent(&file, &mut loaded).unwrap();
    assert!(reviewed(&loaded, Language::En));
    // Reading it changes no word: earlier answers stay valid.
    assert_eq!(loaded.session.items[&("medicines".to_owned(), Language::En)].hash, before);
}

proptest::proptest! {
    #[test]
    fn damaged_files_are_errors_or_texts_but_no_panic(at in 0usize..60_000, text in ".{0,12}") {
        for (file, is_faults) in [(FAULTS, true), (CONSENT, false)] {
            let at = (0..=at % file.len()).rev().find(|at| file.is_char_boundary(*at)).unwrap_or(0);
            let damaged = [&file[..at], &text, &file[at..]].concat();
            let mut loaded = Loaded::default();
            let _ = if is_faults { read_faults(&damaged, &mut loaded) } else { read_consent(&damaged, &mut loaded) };
        }
    }
}

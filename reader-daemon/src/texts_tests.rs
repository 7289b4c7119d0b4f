use super::*;

const LANGUAGES: [Language; 2] = [Language::Ja, Language::En];

#[test]
fn the_built_in_files_hold_every_code_in_every_language() {
    let loaded = built_in().unwrap();
    assert_eq!(loaded.session.faults.len(), FaultCode::ALL.len() * LANGUAGES.len());
    for code in FaultCode::ALL {
        assert!(loaded.desk.contains_key(&code), "{code:?}");
        for language in LANGUAGES {
            assert_eq!(loaded.session.faults[&(code, language)].code, code.number());
        }
    }
}

#[test]
fn staff_read_the_code_first_because_the_call_centre_asks_for_it() {
    for (code, texts) in built_in().unwrap().desk {
        assert!(texts.staff.starts_with(&format!("【{}】", code.number())), "{}", texts.staff);
    }
}

#[test]
fn no_fault_says_that_someone_is_not_insured() {
    let loaded = built_in().unwrap();
    let patient = loaded.session.faults.values().flat_map(|text| [&text.headline, &text.next]);
    for text in patient.clone().chain(loaded.desk.values().map(|texts| &texts.staff)) {
        for words in ["無保険", "保険に入って", "資格がありません", "資格なし", "not insured", "no insurance"]
        {
            assert!(!text.contains(words), "{text}");
        }
    }
    // The room reads along: nothing about insurance or illness in large type (patient-flow section 12).
    for text in patient {
        for word in ["保険", "資格", "病", "insur", "qualif"] {
            assert!(!text.to_lowercase().contains(word), "{text}");
        }
    }
}

#[test]
fn could_not_ask_has_a_text_of_its_own() {
    let loaded = built_in().unwrap();
    let unreachable = &loaded.desk[&FaultCode::ServiceUnreachable].staff;
    assert!(unreachable.contains("資格の有無は分かっていません"));
    let headline = |code| &loaded.session.faults[&(code, Language::Ja)].headline;
    for code in FaultCode::ALL.into_iter().filter(|code| *code != FaultCode::ServiceUnreachable) {
        assert_ne!(headline(code), headline(FaultCode::ServiceUnreachable), "{code:?}");
    }
}

#[test]
fn fault_texts_fit_the_screen() {
    // 1280 px less margins: 20 full-width characters at 58 px, 24 at 50 px; Latin letters take half (kiosk.md).
    for ((code, language), text) in built_in().unwrap().session.faults {
        let (headline, next) = if language == Language::Ja { (34, 66) } else { (68, 132) };
        assert!(text.headline.chars().count() <= headline, "{code:?} {}", text.headline);
        assert!(text.next.chars().count() <= next, "{code:?} {}", text.next);
    }
}

#[test]
fn no_text_of_the_face_way_accuses_anyone() {
    // What was seen may be a broken chip, bad light or a mistake at the office (law 8, patient-flow 5.1).
    let loaded = built_in().unwrap();
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
fn reasons_fit_a_grey_button() {
    for ((reason, language), line) in built_in().unwrap().session.reasons {
        let limit = if language == Language::Ja { 14 } else { 36 };
        assert!(line.chars().count() <= limit, "{reason:?} {line}");
    }
}

#[test]
fn the_three_items_and_the_question_for_all_are_there() {
    let texts = built_in().unwrap().session;
    for language in LANGUAGES {
        for item in ["medicines", "checkups", "operations"] {
            assert!(texts.items.contains_key(&(item.to_owned(), language)), "{item}");
        }
        assert!(texts.all.contains_key(&language));
        assert_eq!(texts.answers[&language].len(), 2);
    }
    assert_eq!(texts.items.len(), 6);
    assert_eq!(texts.other_cards.len(), 7 * LANGUAGES.len());
    assert_eq!(texts.reasons.len(), 10 * LANGUAGES.len());
}

#[test]
fn every_question_says_that_refusing_never_bars_treatment() {
    let texts = built_in().unwrap().session;
    for ((item, language), wording) in &texts.items {
        let rights = match language {
            Language::Ja => "同意しなくても、診察は受けられます。",
            Language::En => "You can see the doctor either way.",
        };
        assert_eq!(wording.text.rights, rights, "{item}");
        assert!(wording.detail.iter().any(|line| line.contains("24")), "{item}: how long");
        let limit = if *language == Language::Ja { 40 } else { 80 };
        assert!(wording.text.question.chars().count() <= limit, "{item}");
    }
}

#[test]
fn every_wording_has_its_own_hash_and_each_part_changes_it() {
    let texts = built_in().unwrap().session;
    let hashes: std::collections::BTreeSet<_> =
        texts.items.values().chain(texts.all.values()).map(|w| &w.hash).collect();
    assert_eq!(hashes.len(), 8);
    let text = ConsentText { question: "a".into(), rights: "b".into() };
    let base = wording_hash("id", Language::Ja, &text, &["c".into()]);
    assert_eq!(base.len(), 64);
    let other = ConsentText { question: "a".into(), rights: "bc".into() };
    assert_ne!(base, wording_hash("id", Language::En, &text, &["c".into()]));
    assert_ne!(base, wording_hash("id2", Language::Ja, &text, &["c".into()]));
    assert_ne!(base, wording_hash("id", Language::Ja, &other, &[]));
    assert_ne!(
        wording_hash("id", Language::Ja, &text, &["cd".into()]),
        wording_hash("id", Language::Ja, &text, &["c".into(), "d".into()])
    );
}

#[test]
fn an_unknown_key_a_missing_language_and_a_missing_code_are_refused() {
    let read = |file: &str| read_faults(file, &mut Loaded::default());
    let unknown = FAULTS.replacen("staff = ", "stuff = ", 1);
    assert!(matches!(read(&unknown), Err(TextsError::Form(message)) if message.contains("stuff")));
    let without_english = FAULTS.replacen("patient.en.next", "patient.ja.mext", 1);
    assert!(matches!(read(&without_english), Err(TextsError::Form(_))));
    let last = FAULTS.rfind("[[fault]]").unwrap();
    assert!(matches!(read(&FAULTS[..last]), Err(TextsError::Missing(code)) if code == "938"));
    let twice = FAULTS.replacen("code = \"002\"", "code = \"001\"", 1);
    assert!(matches!(read(&twice), Err(TextsError::Twice(_))));
    let foreign = FAULTS.replacen("code = \"002\"", "code = \"777\"", 1);
    assert!(matches!(read(&foreign), Err(TextsError::UnknownCode(code)) if code == "777"));
}

#[test]
fn an_empty_text_and_one_with_control_characters_are_refused() {
    let read = |file: &str| read_consent(file, &mut Loaded::default());
    let empty = CONSENT.replacen("\"これは運転免許証のようです。\"", "\" \"", 1);
    assert!(matches!(read(&empty), Err(TextsError::Length(_))));
    let bell = CONSENT.replacen("\"これは運転免許証のようです。\"", "\"a\\u0007\"", 1);
    assert!(matches!(read(&bell), Err(TextsError::Length(_))));
    let name = CONSENT.replace("items.medicines", "items.\"Medi cines\"");
    assert!(matches!(read(&name), Err(TextsError::Form(_))));
}

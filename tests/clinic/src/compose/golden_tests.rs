//! The files of every row of qualification.md section 8, byte for byte, in both encodings; and its synthetic file.

use std::{collections::BTreeMap, fs, path::PathBuf};

use jiff::civil::{DateTime, date};
use qualification::protocol::{CertificateState, Qualification};

use super::{
    consents::{Consents, Given},
    face::Visit,
};
use crate::{
    files::{
        Encoding,
        codes::{Code, LimitClass, PrescriptionForm},
        messages::result::ResultFile,
        xml::{self, Element},
    },
    patients::{Centre, INVENTED},
};

fn golden(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/golden")).join(name)
}

fn now() -> DateTime {
    date(2026, 11, 23).at(9, 2, 11, 0)
}

/// Yes to everything, ten seconds before.
fn agreed() -> Consents {
    Consents {
        specific_diseases: Given::Yes,
        checkups: Given::Yes,
        medicines: Given::Yes,
        diagnosis: Given::Yes,
        operations: Given::Yes,
        prescription: Some(PrescriptionForm::Electronic),
        given: Some(date(2026, 11, 23).at(9, 2, 1, 0)),
        available: Some(date(2026, 11, 24).at(9, 2, 1, 0)),
    }
}

fn declined() -> Consents {
    Consents {
        specific_diseases: Given::No,
        checkups: Given::NotAsked,
        medicines: Given::No,
        diagnosis: Given::No,
        operations: Given::No,
        prescription: Some(PrescriptionForm::Paper),
        ..agreed()
    }
}

/// Nothing was asked: the desk, or the months of grace.
fn unasked() -> Consents {
    Consents { given: agreed().given, available: agreed().available, ..Consents::default() }
}

fn visit(centre: &Centre, serial: u64, certificate: CertificateState, consents: Consents) -> Visit<'_> {
    let person = centre.person(serial);
    let insurances: Vec<_> = centre.insurances(serial).collect();
    let reference = |n: usize| (serial == 1002 && n == 0).then(|| "診察券 123".to_owned());
    Visit {
        now: now(),
        institution: "9910000001",
        token: "AAECAwQFBgcICQo=".to_owned(),
        qualification: person.map_or(Qualification::NotFound, |person| person.outcome),
        certificate,
        person,
        reference_numbers: (0..insurances.len()).map(reference).collect(),
        insurances,
        consents,
        holds_specific_disease: centre.other_certificate(serial, crate::patients::OtherCertificate::SpecificDisease)
            == crate::patients::OtherAnswer::Held,
    }
}

/// Name of the golden file, and the visit behind it.
fn rows(centre: &Centre) -> Vec<(&'static str, Visit<'_>)> {
    let valid = || CertificateState::Valid;
    let soon = CertificateState::EndsSoon { last_day: "2026-12-31".into(), with_stay: false };
    let grace = CertificateState::Grace { last_day: "2026-10-31".into(), with_stay: false };
    vec![
        ("valid", visit(centre, 1001, valid(), agreed())),
        ("declined", visit(centre, 1013, valid(), declined())),
        ("invalid", visit(centre, 1004, valid(), unasked())),
        ("not-found", visit(centre, 1006, valid(), unasked())),
        ("new-exists", visit(centre, 1005, valid(), unasked())),
        ("several", visit(centre, 1007, valid(), unasked())),
        ("processing", visit(centre, 1008, valid(), unasked())),
        ("failed", visit(centre, 1009, valid(), unasked())),
        ("notice", visit(centre, 1002, soon, agreed())),
        ("grace", visit(centre, 1002, grace, unasked())),
        ("mark", visit(centre, 1003, valid(), agreed())),
        ("case-5-1", visit(centre, 1011, valid(), agreed())),
        ("case-5-2", visit(centre, 1012, valid(), agreed())),
    ]
}

#[test]
fn every_row_of_section_8_has_its_golden_file_in_both_encodings() {
    let centre = Centre::parse(INVENTED).unwrap();
    for (row, visit) in rows(&centre) {
        let file = visit.file().unwrap();
        for encoding in Encoding::ALL {
            let path = golden(&format!("{row}.{}.xml", encoding.label().to_lowercase()));
            let bytes = file.write(encoding);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::write(&path, &bytes).unwrap();
            }
            let kept = fs::read(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
            assert!(kept == bytes, "{} differs; look at it, then UPDATE_GOLDEN=1", path.display());
            let (read, from) = ResultFile::read(&bytes).unwrap();
            assert_eq!(from, encoding);
            assert_eq!(read.write(encoding), bytes);
        }
    }
}

/// Every element with text: its path and the text.
fn fields(element: &Element, path: &str, all: &mut BTreeMap<String, String>) {
    let path = format!("{path}/{}", element.name);
    if element.elements().next().is_none() {
        assert_eq!(all.insert(path, element.text()), None);
        return;
    }
    for inner in element.elements() {
        fields(inner, &path, all);
    }
}

#[test]
fn the_synthetic_file_of_the_spec_is_matched_field_by_field() {
    let centre = Centre::parse(INVENTED).unwrap();
    let consents = Consents {
        specific_diseases: Given::No,
        checkups: Given::Yes,
        medicines: Given::Yes,
        diagnosis: Given::No,
        operations: Given::No,
        prescription: Some(PrescriptionForm::Paper),
        given: Some(date(2026, 1, 5).at(9, 2, 10, 0)),
        available: Some(date(2026, 1, 6).at(9, 2, 10, 0)),
    };
    let visit =
        Visit { now: date(2026, 1, 5).at(9, 2, 11, 0), ..visit(&centre, 1020, CertificateState::Valid, consents) };
    let ours = visit.file().unwrap();
    let theirs = fs::read(golden("synthetic.xml")).unwrap();
    let map = |bytes: &[u8]| {
        let mut all = BTreeMap::new();
        fields(&xml::read(bytes).unwrap().0, "", &mut all);
        all
    };
    let (ours_map, theirs_map) = (map(&ours.write(Encoding::Utf8)), map(&theirs));
    assert_eq!(theirs_map.len(), 35);
    for (field, text) in &theirs_map {
        assert_eq!(ours_map.get(field), Some(text), "{field}");
    }
    assert_eq!(ours_map, theirs_map, "and nothing more");
    let (read, encoding) = ResultFile::read(&theirs).unwrap();
    assert_eq!((&read, encoding), (&ours, Encoding::Utf8));
    // Nothing of it is unknown here.
    let results = &read.body.result_list.as_ref().unwrap().results;
    assert!(read.other.is_empty() && read.header.other.is_empty() && read.body.other.is_empty());
    assert!(results.iter().all(|item| item.other.is_empty()));
}

#[test]
fn no_file_tells_of_somebody_who_was_not_looked_up_or_not_signed_up() {
    let centre = Centre::parse(INVENTED).unwrap();
    assert_eq!(visit(&centre, 1010, CertificateState::Valid, unasked()).file(), None);
    let unknown = visit(&centre, 1014, CertificateState::Revoked, unasked());
    assert_eq!(Visit { qualification: Qualification::NotLookedUp, ..unknown }.file(), None);
}

#[test]
fn an_unmappable_name_has_the_mark_in_page_932_and_is_whole_in_utf_8() {
    let centre = Centre::parse(&INVENTED.replace("見本　花子", "𠮷本　花子")).unwrap();
    let file = visit(&centre, 1001, CertificateState::Valid, agreed()).file().unwrap();
    let name = |encoding| {
        let (read, _) = ResultFile::read(&file.write(encoding)).unwrap();
        read.body.result_list.unwrap().results[0].name.clone().unwrap()
    };
    assert_eq!(name(Encoding::Utf8), "𠮷本　花子");
    assert_eq!(name(Encoding::ShiftJis), "●本　花子");
}

#[test]
fn what_the_desk_is_told_of_a_contradiction_is_what_the_file_says() {
    let centre = Centre::parse(INVENTED).unwrap();
    for serial in [1011, 1012] {
        let person = centre.person(serial).unwrap();
        let insurance = centre.insurances(serial).next().unwrap();
        assert_eq!(person.contribution_ratio, insurance.partial_ratio);
        let class = insurance.limit.as_ref().unwrap().class;
        assert_eq!(person.ceiling_class.as_deref(), Some(class.code()));
        let higher = [LimitClass::B01, LimitClass::B02, LimitClass::B03].contains(&class);
        assert_eq!(higher, serial == 1011);
    }
}

#[test]
fn full_width_kana_of_the_table_is_written_in_half_width() {
    let centre = Centre::parse(&INVENTED.replace("ﾐﾎﾝ ﾊﾅｺ", "ミホン　ハナコ")).unwrap();
    let file = visit(&centre, 1001, CertificateState::Valid, agreed()).file().unwrap();
    assert_eq!(file.body.result_list.unwrap().results[0].name_kana.as_deref(), Some("ﾐﾎﾝ ﾊﾅｺ"));
}

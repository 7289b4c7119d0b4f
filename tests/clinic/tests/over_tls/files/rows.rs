//! Every invented patient's visit, the program's options, and whose folder it is.

use std::{fs, path::Path};

use clinic::{
    Clinic, ClinicOptions, Settings,
    files::{Encoding, codes::Code, messages::result::ResultFile},
};
use qualification::protocol::{Answer, By, Register};
use sha2::{Digest, Sha256};

use super::{files, with_files};
use crate::terminal::{Card, Terminal, anchors, answered};

fn code<C: Code>(value: Option<&clinic::files::layout::Value<C>>) -> &'static str {
    value.and_then(|value| value.known()).map_or("–", |known| known.code())
}

#[tokio::test]
async fn every_invented_patient_leaves_the_file_of_their_row_or_none() {
    // Serial, segment and validity of the file; none where nobody was looked up or the card is not signed up.
    let rows = [
        (1001, Some(("1", "1"))),
        (1002, Some(("1", "1"))),
        (1003, Some(("1", "1"))),
        (1004, Some(("1", "2"))),
        (1005, Some(("1", "3"))),
        (1006, Some(("1", "4"))),
        (1007, Some(("1", "5"))),
        (1008, Some(("2", "–"))),
        (1009, Some(("9", "–"))),
        (1010, None),
        (1011, Some(("1", "1"))),
        (1012, Some(("1", "1"))),
        (1013, Some(("1", "1"))),
        (1014, None),
        (1015, None),
        (1017, None),
        (1018, None),
    ];
    let setting = with_files(Settings::plain()).await;
    for (serial, expected) in rows {
        let card = Card::of(serial);
        let opening = setting.terminal.open().await;
        let found = setting.terminal.authenticate(&opening, &card).await.unwrap();
        let answers = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
        let sent = setting.terminal.submit(&setting.terminal.claims(&opening, &card, answers)).await;
        let all = files(&setting, "face");
        assert_eq!(all.len(), usize::from(expected.is_some()), "{serial}: {sent:?}");
        let Some((segment, validity)) = expected else { continue };
        let (file, _) = ResultFile::read(&fs::read(&all[0]).unwrap()).unwrap();
        assert_eq!(code(file.header.segment_of_result.as_ref()), segment, "{serial}");
        assert_eq!(code(file.body.qualification_validity.as_ref()), validity, "{serial}");
        assert_eq!(file.header.error_code.is_some(), segment != "1", "{serial}");
        let results = file.body.result_list.map(|list| list.results).unwrap_or_default();
        assert_eq!(results.len(), usize::from(["1", "2", "3"].contains(&validity)), "{serial}");
        for item in &results {
            assert_eq!(item.medicines_consent.is_some(), validity == "1", "{serial}");
            assert_eq!(item.disqualification_date.is_some(), validity != "1", "{serial}");
        }
        let marked = results.iter().any(|item| item.name.as_ref().is_some_and(|name| name.contains('●')));
        assert_eq!(marked, serial == 1003, "{serial}");
        fs::remove_file(&all[0]).unwrap();
    }
}

#[tokio::test]
async fn a_certificate_that_ends_soon_stands_as_notice_beside_the_success() {
    use apdu_fixtures::{Issuer, UserKey};
    let setting = with_files(Settings::plain()).await;
    for (ends, notice) in [(30, Some("RD101")), (-30, Some("RD102")), (700, None)] {
        let card = Card::made(1002, UserKey::Rsa2048, Issuer::Listed, ends);
        let claims = setting.terminal.visit(&card, Answer::Agreed).await;
        setting.terminal.submit(&claims).await.unwrap();
        let all = files(&setting, "face");
        let (file, _) = ResultFile::read(&fs::read(&all[0]).unwrap()).unwrap();
        assert_eq!(code(file.body.processing_result_status.as_ref()), "1");
        assert_eq!(file.body.processing_result_code.as_deref(), notice);
        assert_eq!(file.body.processing_result_message.is_some(), notice.is_some());
        fs::remove_file(&all[0]).unwrap();
    }
}

#[tokio::test]
async fn whoever_signs_up_leaves_the_file_of_a_valid_qualification() {
    let setting = with_files(Settings::plain()).await;
    let card = Card::of(1017);
    let opening = setting.terminal.open().await;
    setting.terminal.authenticate(&opening, &card).await.unwrap();
    assert!(files(&setting, "face").is_empty());
    let register = Register {
        wording_id: "sign_up-1".into(),
        wording_hash: qualification::ids::hex(&Sha256::digest(b"wording")),
        language: "ja".into(),
        by: By::Patient,
    };
    let found = setting.terminal.client.register(&opening.opened.session_id, &register).await.unwrap();
    let answers = found.items.iter().map(|item| answered(item, Answer::Agreed)).collect();
    setting.terminal.submit(&setting.terminal.claims(&opening, &card, answers)).await.unwrap();
    let (_, file, _) = super::face(&setting);
    assert_eq!(code(file.body.qualification_validity.as_ref()), "1");
}

async fn start(dir: &Path, files: &Path, demo: bool) -> anyhow::Result<Clinic> {
    let mut options = ClinicOptions::new(dir, anchors());
    options.files = Some(files.to_owned());
    options.demo = demo;
    Clinic::start(options).await
}

#[tokio::test]
async fn a_folder_is_of_one_clinic_and_never_shared_between_demonstrations_and_care() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (first, second) in [(false, true), (true, false)] {
        let shared = at(&format!("files-{first}"));
        let care = at(&format!("clinic-{first}"));
        start(&care, &shared, first).await.unwrap().stop().await;
        let error = start(&at(&format!("other-{first}")), &shared, second).await.map(drop).unwrap_err();
        assert!(error.to_string().contains("--demo"), "{error:#}");
        let error = start(&at(&format!("third-{first}")), &shared, first).await.map(drop).unwrap_err();
        assert!(error.to_string().contains("another --dir"), "{error:#}");
        // Its own: again and again.
        start(&care, &shared, first).await.unwrap().stop().await;
    }
}

#[tokio::test]
async fn a_demonstration_writes_files_into_its_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let clinic = start(&folder.path().join("clinic"), &folder.path().join("files"), true).await.unwrap();
    let terminal = Terminal::of(clinic.terminal());
    let mut claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    claims.weights_level = Some(qualification::protocol::WeightsLevel::Demonstration);
    terminal.submit(&claims).await.unwrap();
    assert_eq!(super::files_in(&folder.path().join("files/face")).len(), 1);
}

#[tokio::test]
async fn shift_jis_files_say_so_and_are_read_by_page_932() {
    let setting = crate::terminal::start_with(|options| {
        options.files = Some(options.dir.join("files"));
        options.encoding = Encoding::ShiftJis;
        options.facility.institution_code = "9910000001".into();
    })
    .await;
    let claims = setting.terminal.visit(&Card::of(1003), Answer::Agreed).await;
    setting.terminal.submit(&claims).await.unwrap();
    let (name, file, encoding) = super::face(&setting);
    assert!(name.starts_with("OQSsiquc01res_face_9910000001"));
    assert_eq!(encoding, Encoding::ShiftJis);
    assert_eq!(code(file.header.character_code_identifier.as_ref()), "1");
    assert_eq!(file.body.result_list.unwrap().results[0].name.as_deref(), Some("試験　●子"));
    let bytes = fs::read(&files(&setting, "face")[0]).unwrap();
    assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>"));
    assert!(std::str::from_utf8(&bytes).is_err());
}

#[tokio::test]
async fn an_institution_code_that_cannot_be_in_a_name_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    for bad in ["", "123", "99100000011", "../../../.."] {
        let mut options = ClinicOptions::new(folder.path(), anchors());
        options.facility.institution_code = bad.into();
        assert!(Clinic::start(options).await.map(drop).unwrap_err().to_string().contains("ten digits"), "{bad}");
    }
}

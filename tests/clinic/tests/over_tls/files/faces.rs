//! `face/`: what a visit at the card reader leaves there, and when.

use std::fs;

use clinic::{
    Settings,
    files::{
        Encoding,
        codes::{Consent, PrescriptionForm, QualificationValidity, SegmentOfResult},
    },
};
use qualification::protocol::Answer;

use super::{face, files, with_files};
use crate::terminal::{Card, Terminal, anchors, answered};

#[tokio::test]
async fn a_visit_leaves_one_file_with_its_consents_and_times() {
    let setting = with_files(Settings::everything()).await;
    let claims = setting.terminal.visit(&Card::of(1001), Answer::Agreed).await;
    assert!(files(&setting, "face").is_empty(), "nothing before the result");
    setting.terminal.submit(&claims).await.unwrap();
    let (name, file, encoding) = face(&setting);
    assert_eq!(encoding, Encoding::Utf8);
    assert!(name.starts_with("OQSsiquc01res_face_1310000000"), "{name}");
    let opaque = name.strip_prefix("OQSsiquc01res_face_1310000000").unwrap().split('_').next().unwrap();
    assert!(opaque.len() == 20 && opaque.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    let item = &file.body.result_list.as_ref().unwrap().results[0];
    let times = (item.medicines_consent_time.clone().unwrap(), item.medicines_available_time.clone().unwrap());
    let (given, available) = (*times.0.known().unwrap(), *times.1.known().unwrap());
    assert_eq!(given, clinic::dates::moment_in_japan(claims.time_ms).unwrap());
    assert_eq!((available - given).get_hours() + (available - given).get_days() * 24, 24);
    for consent in [
        &item.medicines_consent,
        &item.diagnosis_consent,
        &item.operations_consent,
        &item.checkups_consent,
        &item.specific_diseases_consent,
    ] {
        assert_eq!(consent, &Some(Consent::Given.into()));
    }
    assert_eq!(item.specific_diseases.as_ref().unwrap().certificates.len(), 1);
    assert_eq!(item.insurer_number.as_deref(), Some("39990001"));
    assert_eq!(file.body.prescription_issue_select, Some(PrescriptionForm::Electronic.into()));
    assert_eq!(file.body.qualification_validity, Some(QualificationValidity::Valid.into()));
    assert_eq!(file.header.segment_of_result, Some(SegmentOfResult::Done.into()));
    assert_eq!(file.header.arbitrary_file_identifier.as_ref().map(String::len), Some(16));

    // The same result again: the same receipt, no second file.
    setting.terminal.submit(&claims).await.unwrap();
    assert_eq!(files(&setting, "face").len(), 1);
    // Nothing of the file stays in the books but its name.
    let booked = setting.clinic.files().unwrap();
    assert_eq!((booked[0].name.as_str(), booked[0].state.as_str()), (name.as_str(), "written"));
}

#[tokio::test]
async fn what_was_declined_has_flag_0_and_no_time_and_what_was_not_asked_says_nothing() {
    let setting = with_files(Settings::everything()).await;
    let card = Card::of(1013);
    let opening = setting.terminal.open().await;
    let found = setting.terminal.authenticate(&opening, &card).await.unwrap();
    // medicines declined, checkups not asked (under 40), operations unanswered, …
    let given =
        [Answer::Declined, Answer::NotAsked, Answer::NotAnswered, Answer::Agreed, Answer::Declined, Answer::Declined];
    let answers = found.items.iter().zip(given).map(|(item, answer)| answered(item, answer)).collect();
    setting.terminal.submit(&setting.terminal.claims(&opening, &card, answers)).await.unwrap();
    let (_, file, _) = face(&setting);
    let item = &file.body.result_list.as_ref().unwrap().results[0];
    for consent in
        [&item.medicines_consent, &item.diagnosis_consent, &item.operations_consent, &item.specific_diseases_consent]
    {
        assert_eq!(consent, &Some(Consent::NotGiven.into()));
    }
    assert_eq!(item.checkups_consent, None);
    assert!(item.medicines_consent_time.is_none() && item.medicines_available_time.is_none());
    assert!(item.operations_consent_time.is_none() && item.specific_diseases_consent_time.is_none());
    assert!(item.limit_consent_time.is_some());
    assert_eq!(file.body.prescription_issue_select, Some(PrescriptionForm::Paper.into()));
}

#[tokio::test]
async fn a_file_that_was_owed_when_the_program_ended_is_written_at_the_next_start_and_not_twice() {
    let folder = tempfile::tempdir().unwrap();
    let options = || {
        let mut options = clinic::ClinicOptions::new(&folder.path().join("clinic"), anchors());
        options.files = Some(folder.path().join("files"));
        options
    };
    let clinic = clinic::Clinic::start(options()).await.unwrap();
    let terminal = Terminal::of(clinic.terminal());
    let claims = terminal.visit(&Card::of(1001), Answer::Agreed).await;
    // The folder is gone for the moment: the result is in the books, but there is no receipt without its file.
    let face = folder.path().join("files/face");
    fs::rename(&face, folder.path().join("elsewhere")).unwrap();
    // A refusal that the terminal repeats, not one that ends delivery.
    let refused = terminal.submit(&claims).await.unwrap_err();
    assert!(!refused.ends_delivery(), "{refused:?}");
    assert_eq!(clinic.books().unwrap().len(), 1);
    assert_eq!(clinic.files().unwrap()[0].state, "aside");
    clinic.stop().await;
    let clinic = clinic::Clinic::start(options()).await.unwrap();
    assert_eq!(super::files_in(&face).len(), 1, "written at the start");
    let terminal = Terminal::of(clinic.terminal());
    terminal.submit(&claims).await.unwrap();
    assert_eq!(super::files_in(&face).len(), 1);
    // Taken by the レセコン: it never comes again.
    fs::remove_file(&super::files_in(&face)[0]).unwrap();
    terminal.submit(&claims).await.unwrap();
    clinic.stop().await;
    let _clinic = clinic::Clinic::start(options()).await.unwrap();
    assert!(super::files_in(&face).is_empty());
}

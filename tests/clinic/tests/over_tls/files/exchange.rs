//! `req/` and `res/`: what a レセコン puts there, and what it gets.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clinic::{
    Settings,
    files::{
        codes::Code,
        layout::{Message, Record},
        messages::{
            bulk::{BulkConfirmUnit, BulkResultFile, UploadedFile},
            facility::{EnvironmentAnswerFile, PasscodeAnswerFile},
            fetch::FetchedFile,
            registration::RegisteredFile,
            result::ResultFile,
        },
    },
};
use qualification::protocol::Answer;

use super::{face, files, with_files};
use crate::terminal::{Card, Setting};

/// The institution of these tests.
const HEAD: &str = "<MedicalInstitutionCode>1310000000</MedicalInstitutionCode>\
                    <ArbitraryFileIdentifier>file-7</ArbitraryFileIdentifier>";

fn message(head: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg><MessageHeader>{head}</MessageHeader>\
         <MessageBody>{body}</MessageBody></XmlMsg>"
    )
}

fn search(insurer: &str, symbol: &str, number: &str, more: &str, born: &str) -> String {
    format!(
        "<QualificationConfirmSearchInfo><InsurerNumber>{insurer}</InsurerNumber>\
         <InsuredCardSymbol>{symbol}</InsuredCardSymbol>\
         <InsuredIdentificationNumber>{number}</InsuredIdentificationNumber>{more}<Birthdate>{born}</Birthdate>\
         <ArbitraryIdentifier>chart 5</ArbitraryIdentifier></QualificationConfirmSearchInfo>"
    )
}

fn root(setting: &Setting) -> PathBuf {
    setting.folder.path().join("files")
}

/// As writers do: beside, then renamed in.
fn put(setting: &Setting, name: &str, bytes: &[u8]) {
    let aside = root(setting).join("req").join(format!("{name}.tmp"));
    fs::write(&aside, bytes).unwrap();
    fs::rename(aside, root(setting).join("req").join(name)).unwrap();
}

async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what} did not come");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn bytes_of(path: &Path) -> Vec<u8> {
    until(&path.display().to_string(), || fs::read(path).ok()).await
}

/// Puts a request, takes its answer.
async fn ask<H: Record, B: Record>(setting: &Setting, prefix: &str, free: &str, text: &str) -> Message<H, B> {
    put(setting, &format!("{prefix}req_{free}.xml"), text.as_bytes());
    answer_to(setting, prefix, free).await
}

/// Takes an answer.
async fn answer_to<H: Record, B: Record>(setting: &Setting, prefix: &str, free: &str) -> Message<H, B> {
    let request = format!("{prefix}req_{free}.xml");
    let answer = root(setting).join("res").join(format!("{prefix}res_{free}.xml"));
    let bytes = bytes_of(&answer).await;
    fs::remove_file(&answer).unwrap();
    until("the end of the request", || (!root(setting).join("req").join(&request).exists()).then_some(())).await;
    Message::read(&bytes).unwrap().0
}

/// Puts a request, reads its complaint.
async fn complaint(setting: &Setting, name: &str, bytes: &[u8]) -> serde_json::Value {
    put(setting, name, bytes);
    complaint_of(setting, name).await
}

async fn complaint_of(setting: &Setting, name: &str) -> serde_json::Value {
    let err = root(setting).join("req").join(name.replace(".xml", ".err"));
    let told = bytes_of(&err).await;
    until("the request itself", || root(setting).join("req").join(name).symlink_metadata().ok()).await;
    serde_json::from_slice(&told).unwrap()
}

fn code<C: Code>(value: Option<&clinic::files::layout::Value<C>>) -> &'static str {
    value.and_then(|value| value.known()).map_or("–", |known| known.code())
}

#[tokio::test]
async fn numbers_are_found_not_found_several_lost_replaced_processing_or_broken() {
    let setting = with_files(Settings::plain()).await;
    let rows = [
        (
            "found",
            search("  990007", "見本7", "1007", "<InsuredBranchNumber>01</InsuredBranchNumber>", "19590505"),
            "1",
            "1",
        ),
        (
            "zeros",
            search("00990007", "見本７", "1007", "<InsuredBranchNumber>02</InsuredBranchNumber>", "19590505"),
            "1",
            "1",
        ),
        ("several", search("  990007", "見本7", "1007", "", "19590505"), "1", "5"),
        ("nobody", search("  990007", "見本7", "1007", "", "19590506"), "1", "4"),
        ("lost", search("  990004", "見本", "1004", "", "19720229"), "1", "2"),
        ("replaced", search("  990004", "見本", "1005", "", "19900108"), "1", "3"),
        ("processing", search("  990004", "見本", "1008", "", "19800808"), "2", "–"),
        ("broken", search("  990004", "見本", "1009", "", "19770707"), "9", "–"),
    ];
    for (free, body, ..) in &rows {
        put(&setting, &format!("OQSsiquc01req_{free}.xml"), message(HEAD, body).as_bytes());
    }
    for (free, _, segment, validity) in rows {
        let answer: ResultFile = answer_to(&setting, "OQSsiquc01", free).await;
        assert_eq!(code(answer.header.segment_of_result.as_ref()), segment, "{free}");
        assert_eq!(code(answer.body.qualification_validity.as_ref()), validity, "{free}");
        assert_eq!(code(answer.header.reference_classification.as_ref()), "2");
        assert_eq!(answer.header.arbitrary_file_identifier.as_deref(), Some("file-7"));
        assert_eq!(answer.header.error_code.is_some(), segment != "1", "{free}");
        let echo = answer.body.search_info.unwrap();
        assert_eq!(echo.arbitrary_identifier.as_deref(), Some("chart 5"));
        let shown = answer.body.result_list.map(|list| list.results);
        assert_eq!(shown.is_some(), ["1", "2", "3"].contains(&validity), "{free}");
        if let Some(results) = shown {
            assert_eq!(results.len(), 1);
            assert_eq!(results[0].arbitrary_identifier.as_deref(), Some("chart 5"));
            assert_eq!(results[0].disqualification_date.is_some(), validity != "1", "{free}");
            assert!(results[0].medicines_consent.is_none(), "no consent is asked with numbers");
        }
    }
    // 限度額 only when it was asked for.
    let with = search(
        "01990002",
        "2002",
        "1002",
        "<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>",
        "19850712",
    );
    for (body, flag) in [(with.clone(), "1"), (with.replace("Flg>1<", "Flg>0<"), "0")] {
        let answer: ResultFile = ask(&setting, "OQSsiquc01", "limit", &message(HEAD, &body)).await;
        let item = &answer.body.result_list.unwrap().results[0];
        assert_eq!(code(item.limit_consent.as_ref()), flag);
        assert_eq!((item.limit.is_some(), item.limit_consent_time.is_some()), (flag == "1", flag == "1"));
    }
}

#[tokio::test]
async fn a_bad_request_goes_back_with_cause_and_cure_and_is_read_again_only_when_the_complaint_is_gone() {
    let setting = with_files(Settings::plain()).await;
    let good = message(HEAD, &search("  990007", "見本7", "1007", "", "19590505"));
    let told =
        complaint(&setting, "OQSsiquc01req_1.xml", good.replace("<Birthdate>19590505</Birthdate>", "").as_bytes())
            .await;
    assert!(told["cause"].as_str().unwrap().contains("Birthdate") && !told["cure"].as_str().unwrap().is_empty());
    assert!(!told.to_string().contains("1007"), "nothing of the person: {told}");
    let cases = [
        ("OQSsiquc01req_2.xml", "<XmlMsg>".to_owned(), "well-formed"),
        ("OQSsiquc01req_3.xml", good.replace("1310000000", "9910000001"), "MedicalInstitutionCode"),
        ("OQSsiquc01req_4.xml", good.replace("19590505", "1959-05-05"), "Birthdate"),
        ("OQSsiquc01req_5.xml", good.replace("?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>"), "DOCTYPE"),
        ("OQSmuhvq01req_1.xml", good.clone(), "interface"),
        ("OQSsiquc01req_見.xml", good.clone(), "file name"),
        ("OQSsiquc01req_6.xml", " ".repeat(5 * 1024 * 1024), "bytes"),
    ];
    for (name, text, _) in &cases {
        put(&setting, name, text.as_bytes());
    }
    for (name, _, cause) in cases {
        let told = complaint_of(&setting, name).await;
        assert!(told["cause"].as_str().unwrap().contains(cause), "{name}: {told}");
    }
    let odd = root(&setting).join("req/OQSsiquc01req_7.xml");
    std::os::unix::fs::symlink("/etc/passwd", &odd).unwrap();
    assert!(complaint_of(&setting, "OQSsiquc01req_7.xml").await["cause"].as_str().unwrap().contains("plain file"));
    fs::create_dir(root(&setting).join("req/OQSsiquc01req_8.xml")).unwrap();
    complaint_of(&setting, "OQSsiquc01req_8.xml").await;
    assert!(files(&setting, "res").is_empty());

    // Mended, but the complaint is still there: not read. Without it: answered.
    put(&setting, "OQSsiquc01req_1.xml", good.as_bytes());
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(files(&setting, "res").is_empty());
    fs::remove_file(root(&setting).join("req/OQSsiquc01req_1.err")).unwrap();
    bytes_of(&root(&setting).join("res/OQSsiquc01res_1.xml")).await;
    // The name again while its answer lies there: nothing is overwritten.
    let told = complaint(&setting, "OQSsiquc01req_1.xml", good.as_bytes()).await;
    assert!(told["cause"].as_str().unwrap().contains("res"));
}

#[tokio::test]
async fn a_file_that_is_still_written_is_left_alone() {
    let setting = with_files(Settings::plain()).await;
    let good = message(HEAD, &search("  990007", "見本7", "1007", "", "19590505"));
    let path = root(&setting).join("req/OQSsiquc01req_slow.xml");
    for end in (0..good.len()).step_by(good.len() / 10).chain([good.len()]) {
        if good.is_char_boundary(end) {
            fs::write(&path, &good[..end]).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!path.with_extension("err").exists(), "half a file was read");
    }
    bytes_of(&root(&setting).join("res/OQSsiquc01res_slow.xml")).await;
}

fn registration(reference: &str, number: &str) -> String {
    format!(
        "<ReferenceNumberRegistrationInfo><ReferenceNumber>{reference}</ReferenceNumber>\
         <InsurerNumber>39990001</InsurerNumber>\
         <InsuredIdentificationNumber>{number}</InsuredIdentificationNumber></ReferenceNumberRegistrationInfo>"
    )
}

#[tokio::test]
async fn a_registered_number_stands_in_the_next_face_file() {
    let setting = with_files(Settings::plain()).await;
    let done: RegisteredFile =
        ask(&setting, "OQSsiimm01", "1", &message(HEAD, &registration("chart-88", "01001001"))).await;
    assert_eq!(code(done.body.processing_result_status.as_ref()), "1");
    let nobody: RegisteredFile = ask(&setting, "OQSsiimm01", "2", &message(HEAD, &registration("x", "999"))).await;
    assert_eq!(code(nobody.body.processing_result_status.as_ref()), "2");
    assert!(nobody.body.processing_result_message.is_some());
    let claims = setting.terminal.visit(&Card::of(1001), Answer::Declined).await;
    setting.terminal.submit(&claims).await.unwrap();
    let (_, file, _) = face(&setting);
    assert_eq!(file.body.result_list.unwrap().results[0].reference_number.as_deref(), Some("chart-88"));
}

fn download(reception: &str) -> String {
    message(HEAD, &format!("<ReceptionNumber>{reception}</ReceptionNumber>"))
}

#[tokio::test]
async fn bulk_requests_get_a_reception_number_and_their_results_with_it() {
    let setting = with_files(Settings::plain()).await;
    let two = registration("a-1", "01001001") + &registration("a-2", "nobody") + &registration("a-3", "01003003");
    let uploaded: UploadedFile = ask(&setting, "OQSmuimm01", "1", &message(HEAD, &two)).await;
    assert!(uploaded.body.reception_date_time.is_some());
    let reception = uploaded.body.reception_number.unwrap();
    let results: BulkResultFile = ask(&setting, "OQSmuimm02", "1", &download(&reception)).await;
    let counts = [
        results.header.number_of_processing_result,
        results.header.number_of_normal_processing,
        results.header.number_of_error,
    ];
    assert_eq!(counts.map(|count| *count.unwrap().known().unwrap()), [3, 2, 1]);

    let questions = search("39990001", "", "01001001", "", "19500401")
        + &search("  990007", "見本7", "1007", "", "19590505")
        + &search("  990004", "見本", "1009", "", "19770707")
        + &search("abc", "", "1", "", "19500401");
    let uploaded: UploadedFile = ask(&setting, "OQSmuquc01", "1", &message(HEAD, &questions)).await;
    let reception = uploaded.body.reception_number.unwrap();
    let results: BulkResultFile = ask(&setting, "OQSmuquc02", "1", &download(&reception)).await;
    assert_eq!(results.header.reception_number.as_deref(), Some(reception.as_str()));
    let told = |unit: &BulkConfirmUnit| {
        (
            code(unit.processing_result_status.as_ref()),
            code(unit.qualification_validity.as_ref()),
            unit.result.is_some(),
        )
    };
    let all: Vec<_> = results.body.units.iter().map(told).collect();
    assert_eq!(all, [("1", "1", true), ("1", "5", false), ("2", "–", false), ("2", "–", false)]);
    assert_eq!(results.body.units[0].reference_number.as_deref(), Some("a-1"));
    // Of another interface, or nobody's: refused.
    let told = complaint(&setting, "OQSmuimm02req_2.xml", download(&reception).as_bytes()).await;
    assert!(told["cause"].as_str().unwrap().contains("ReceptionNumber"));
}

#[tokio::test]
async fn medicines_and_checkups_are_given_only_within_24_hours_of_a_yes() {
    let setting = with_files(Settings::plain()).await;
    let head = format!(
        "{HEAD}<InsurerNumber>39990001</InsurerNumber>\
         <InsuredPersonIdentificationNumber>01001001</InsuredPersonIdentificationNumber>"
    );
    let request = message(&head, "<FileCategory>2</FileCategory><MedicalTreatmentFlag>1</MedicalTreatmentFlag>");
    let mut free = 0;
    let mut asked = async |prefix: &str| {
        free += 1;
        let answer: FetchedFile = ask(&setting, prefix, &free.to_string(), &request).await;
        assert_eq!(answer.header.insured_person_identification_number.as_deref(), Some("01001001"));
        assert_eq!(answer.header.arbitrary_file_identifier.as_deref(), Some("file-7"));
        assert_eq!(answer.body.message_contents.is_none(), answer.body.result_code.as_deref() == Some("1"));
        answer.body.result_code.unwrap()
    };
    assert_eq!(asked("YZKsiquc01").await, "9", "nobody agreed to anything");
    let claims = setting.terminal.visit(&Card::of(1001), Answer::Agreed).await;
    setting.terminal.submit(&claims).await.unwrap();
    assert_eq!((asked("YZKsiquc01").await.as_str(), asked("TKKsiquc01").await.as_str()), ("1", "1"));
    setting.clinic.set_clock_offset(24 * 60 * 60 * 1000 + 1_000);
    assert_eq!((asked("YZKsiquc01").await.as_str(), asked("TKKsiquc01").await.as_str()), ("9", "9"));
    // Within the day, but the last answer is no.
    setting.clinic.set_clock_offset(0);
    let claims = setting.terminal.visit(&Card::of(1001), Answer::Declined).await;
    setting.terminal.submit(&claims).await.unwrap();
    assert_eq!(asked("YZKsiquc01").await, "9");
}

#[tokio::test]
async fn the_facility_settings_are_told_and_changed_and_decide_the_next_session() {
    let setting = with_files(Settings::plain()).await;
    let inquiry = message(HEAD, "");
    let told: EnvironmentAnswerFile = ask(&setting, "OQSsienv01", "1", &inquiry).await;
    let environment = told.body.environment.unwrap();
    assert_eq!(code(environment.expense_subsidy.as_ref()), "0");
    assert_eq!(code(environment.prescription_use.as_ref()), "0");
    assert_eq!(code(environment.prescription_asked.as_ref()), "1");
    let items = async || {
        let found = setting.terminal.authenticate(&setting.terminal.open().await, &Card::of(1002)).await.unwrap();
        found.items.into_iter().map(|item| item.id).collect::<Vec<_>>()
    };
    assert_eq!(items().await, ["medicines", "checkups", "operations"]);
    let info = |inner: &str| {
        message(HEAD, &format!("<MedicalInstitutionEnvironmentInfo>{inner}</MedicalInstitutionEnvironmentInfo>"))
    };
    let bad = info(
        "<MedicalExpenseSubsidyUseSetting>1</MedicalExpenseSubsidyUseSetting>\
         <ElectronicPrescriptionUseClassification>7</ElectronicPrescriptionUseClassification>",
    );
    let refused = complaint(&setting, "OQSsienv02req_1.xml", bad.as_bytes()).await;
    assert!(refused["cause"].as_str().unwrap().contains("ElectronicPrescriptionUseClassification"));
    assert_eq!(items().await, ["medicines", "checkups", "operations"], "half a change is none");
    let good = info(
        "<MedicalExpenseSubsidyUseSetting>1</MedicalExpenseSubsidyUseSetting>\
         <ElectronicPrescriptionUseClassification>2</ElectronicPrescriptionUseClassification>\
         <PrescriptionIssueSelectTiming>2</PrescriptionIssueSelectTiming>",
    );
    let told: EnvironmentAnswerFile = ask(&setting, "OQSsienv02", "2", &good).await;
    assert_eq!(code(told.body.environment.unwrap().prescription_use.as_ref()), "2");
    assert_eq!(items().await, ["medicines", "checkups", "operations", "other_certificates", "prescription"]);
}

#[tokio::test]
async fn a_passcode_is_told_once_and_terminals_get_its_hash() {
    let setting = with_files(Settings::plain()).await;
    let told: PasscodeAnswerFile = ask(&setting, "OQSsivpc01", "1", &message(HEAD, "")).await;
    let digits = told.body.passcode.as_ref().unwrap().known().unwrap().digits().to_owned();
    assert_eq!(digits.len(), 6);
    assert!(!format!("{told:?}").contains(&digits));
    let copy = setting.terminal.open().await.opened.visual_passcode.unwrap();
    assert!(copy.is_well_formed());
    let hash = argon2::PasswordHash::new(&copy.argon2id).unwrap();
    let fits = |digits: &str| {
        argon2::PasswordVerifier::verify_password(&argon2::Argon2::default(), digits.as_bytes(), &hash).is_ok()
    };
    assert!(fits(&digits));
    assert!(!fits("000000") || digits == "000000");
    let again: PasscodeAnswerFile = ask(&setting, "OQSsivpc01", "2", &message(HEAD, "")).await;
    assert!(again.body.passcode.unwrap().known().unwrap().digits().len() == 6);
    assert_ne!(setting.terminal.open().await.opened.visual_passcode.unwrap().argon2id, copy.argon2id);
}

#[tokio::test]
async fn a_request_that_was_taken_when_the_program_ended_is_answered_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let options = || {
        let mut options = clinic::ClinicOptions::new(&folder.path().join("clinic"), crate::terminal::anchors());
        options.files = Some(folder.path().join("files"));
        options
    };
    clinic::Clinic::start(options()).await.unwrap().stop().await;
    let text = message(HEAD, &search("  990007", "見本7", "1007", "", "19590505"));
    let name = format!("{}_OQSsiquc01req_9.xml", "a".repeat(32));
    fs::write(folder.path().join("files/.taken").join(&name), text).unwrap();
    let _clinic = clinic::Clinic::start(options()).await.unwrap();
    bytes_of(&folder.path().join("files/res/OQSsiquc01res_9.xml")).await;
    until("its end", || (!folder.path().join("files/.taken").join(&name).exists()).then_some(())).await;
}

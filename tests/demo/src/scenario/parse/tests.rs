use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::scenario::{
    CardProfile, CardSetup, CertificateEnd, ClinicControl, ConsentWord, Expected, Held, Keyed, Lies, Moment, Outcome,
    ReaderControl, ScreenName, Sitter, StorageControl, SurfaceControl, Which,
};

fn steps(lines: &str) -> Vec<Step> {
    parse(&format!("title: t\n{lines}\nexpect: accepted")).unwrap().lines.into_iter().map(|line| line.step).collect()
}

fn first(line: &str) -> Step {
    steps(line).remove(0)
}

fn complaint(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn about(line: &str) -> String {
    complaint(&format!("title: t\n{line}\nexpect: accepted"))
}

#[test]
fn the_example_of_the_architecture_is_understood() {
    let scenario = parse(
        "title: PIN\ncard in: 見本 花子\nchoose: pin\ntype: 1234\nagree: all\ntake card\n\
         expect: accepted, method pin, consent medicines yes",
    )
    .unwrap();
    assert_eq!(scenario.levels.at, Level::ALL);
    assert_eq!(scenario.lines.len(), 6);
    assert_eq!(scenario.lines[1].number, 3);
    let expected = vec![
        Expected::Outcome(vec![Outcome::Accepted]),
        Expected::Method("pin"),
        Expected::Consent { item: "medicines", word: ConsentWord::Yes, carried_over: false },
    ];
    assert_eq!(scenario.lines[5].step, Step::Expect(expected));
}

#[test]
fn japanese_punctuation_and_comments_are_understood() {
    let japanese = steps("# a comment\ncard in： 見本　花子 （tries 1、slow）  # another\n");
    assert_eq!(japanese[0], first("card in: 見本 花子 (tries 1, slow)"));
}

#[test]
fn a_card_has_its_options() {
    let Step::CardIn(card) =
        first("card in: 見本 太郎 (pin 9876, tries 1, certificate ended 20 days ago, slow, face only)")
    else {
        panic!("another step")
    };
    let CardSetup { lies: Lies::MyNumber(person), pin, tries, certificate, face_only, profile: None, slow } = card
    else {
        panic!("another card")
    };
    assert_eq!((person.serial, pin.as_str(), tries), (1002, "9876", Some(1)));
    assert_eq!(certificate.map(CertificateEnd::days), Some(-20));
    assert!(face_only && slow);
}

#[test]
fn every_step_has_its_meaning() {
    assert_eq!(first("agree: medicines"), Step::Agree(Which::Item("medicines".to_owned())));
    assert_eq!(first("clinic: drops 1 receipt"), Step::Clinic(ClinicControl::DropsReceipts(1)));
    assert_eq!(first("card out at: lookup"), Step::CardOutAt(Moment::Lookup));
    assert_eq!(first("card out at: consent all"), Step::CardOutAt(Moment::Screen(ScreenName::ConsentAll)));
    assert_eq!(first("wait: 300 ms"), Step::Wait(std::time::Duration::from_millis(300)));
    assert_eq!(first("press: use last try"), Step::Press(screen::Target::UseLastTry));
    let either = Expected::Outcome(vec![Outcome::Cancelled, Outcome::Fault("902".to_owned())]);
    assert_eq!(first("expect: cancelled or fault 902"), Step::Expect(vec![either]));
}

#[test]
fn what_is_before_the_camera_and_on_the_surface_has_its_meaning() {
    let hanako = crate::scenario::Person::by_name("見本 花子").unwrap();
    assert_eq!(first("camera: 見本 花子"), Step::Camera(Sitter::Person(hanako)));
    assert_eq!(first("camera: printed photo of 見本 花子"), Step::Camera(Sitter::PrintedPhoto(hanako)));
    assert_eq!(first("camera: screen showing 見本 花子"), Step::Camera(Sitter::OnScreen(hanako)));
    assert_eq!(first("camera: cut-out mask of 1001"), Step::Camera(Sitter::CutOutMask(hanako)));
    assert_eq!(first("camera: 1001"), Step::Camera(Sitter::Person(hanako)));
    assert_eq!(first("camera: another person"), Step::Camera(Sitter::Other));
    assert_eq!(first("camera: half jpeg"), Step::Camera(Sitter::HalfJpeg));
    assert_eq!(first("surface: reads wrong once"), Step::Surface(SurfaceControl::ReadsWrongOnce));
    assert_eq!(first("key surface: as printed"), Step::KeySurface(Keyed::AsPrinted));
    assert_eq!(first("clinic: pin-less off"), Step::Clinic(ClinicControl::PinLess(false)));
    let Step::CardIn(card) = first("card in: 見本 花子 (profile cloned)") else { panic!("another step") };
    assert_eq!(card.profile, Some(CardProfile::Cloned));
    assert!(about("camera: two peple").contains("did you mean \"two people\"?"));
    assert!(about("camera: printed photo of 見本 花于").contains("did you mean \"見本 花子\"?"));
    assert!(about("card in: 見本 花子 (profile clone)").contains("did you mean \"cloned\"?"));
    assert!(about("key surface: 55021720352285").contains("as printed"));
}

#[test]
fn phones_and_the_visual_check_have_their_meaning() {
    let Step::PhoneOn(phone) = first("phone on: 見本 花子 (android, pin 9876, tries 1, key p256, not verified, slow)")
    else {
        panic!("another step")
    };
    assert_eq!((phone.held, phone.pin.as_str()), (Held::Phone(screen::PhoneKind::Android), "9876"));
    assert_eq!(phone.tries, Some(1));
    assert!(phone.p256 && !phone.verified && phone.slow);
    assert_eq!(first("comfort: slow, large"), Step::Comfort(vec![screen::Target::Slow, screen::Target::LargeType]));
    assert_eq!(first("clinic: clock -90 s"), Step::Clinic(ClinicControl::Clock(-90)));
    assert_eq!(first("expect: staff called for help"), Step::Expect(vec![Expected::Staff("called for help")]));
    let terminal = parse("title: t\nterminal: phones at the card reader\npasscode set by: clinic\nexpect: accepted");
    assert!(parse("title: t\npatient: does not see\nexpect: accepted").unwrap().by_ear);
    assert!(!parse("title: t\nexpect: accepted").unwrap().by_ear);
    assert!(about("patient: blind").contains("does not see"));
    let (phones, passcode) = (Phones::CardReader, Some(PasscodeBy::Clinic));
    assert_eq!(terminal.unwrap().terminal, Terminal { phones, passcode, closed_twice: false, faceless: false });
    let terminal =
        parse("title: t\nterminal: without face way, phones at own reader\nexpect: accepted").unwrap().terminal;
    assert_eq!(terminal, Terminal { phones: Phones::OwnReader, passcode: None, closed_twice: false, faceless: true });
    assert!(parse("title: t\nterminal: phones none, phones none\nexpect: accepted").is_err());
    assert!(parse("title: t\nterminal: without face\nexpect: accepted").is_err());
    assert!(about("phone on: 見本 花子").contains("iphone"));
    assert!(about("passcode: 12").contains("4 to 12"));
    assert!(about("clinic: clock 90 s").contains("+90 s"));
    assert!(about("expect: staff told visual chek").contains("did you mean \"visual check\"?"));
    assert!(about("expect: staff told called").contains("staff hear"));
    assert!(about("comfort: slow, slow").contains("twice"));
}

#[test]
fn what_breaks_and_what_staff_do_about_it_has_its_meaning() {
    assert_eq!(first("phone reader: unplugged"), Step::PhoneReader(ReaderControl::Unplugged));
    assert_eq!(first("storage: full"), Step::Storage(StorageControl::Full));
    assert_eq!(first("passcode opened"), Step::PasscodeOpened);
    assert_eq!(first("clinic: refuses the terminal"), Step::Clinic(ClinicControl::RefusesTerminal(true)));
    assert_eq!(first("clinic: takes the terminal"), Step::Clinic(ClinicControl::RefusesTerminal(false)));
    assert_eq!(
        first("expect: phone closed, only the desk"),
        Step::Expect(vec![Expected::PhoneClosed, Expected::OnlyTheDesk])
    );
    let Step::CardIn(card) = first("card in: 見本 花子 (profile unknown-issuer)") else { panic!("another step") };
    assert_eq!(card.profile, Some(CardProfile::UnknownIssuer));
    let Step::PhoneOn(held) = first("phone on: 見本 花子 (card)") else { panic!("another step") };
    assert_eq!(held.held, Held::Card);
    let Step::PhoneOn(phone) = first("phone on: 見本 花子 (iphone, unknown issuer)") else {
        panic!("another step")
    };
    assert!(phone.unknown_issuer && !held.unknown_issuer);
    let Step::PhoneOn(phone) = first("phone on: 見本 花子 (iphone, certificate ends in 30 days)") else {
        panic!("another step")
    };
    assert_eq!(phone.certificate.map(CertificateEnd::days), Some(30));
    assert!(about("phone on: 見本 花子 (iphone, certificate end in 30 days)").contains("certificate ends in 30 days"));
    let terminal = |line: &str| parse(&format!("title: t\n{line}\nexpect: accepted")).map(|read| read.terminal);
    let closed = terminal("passcode set by: clinic, closed twice today").unwrap();
    assert_eq!((closed.passcode, closed.closed_twice), (Some(PasscodeBy::Clinic), true));
    assert!(!terminal("passcode set by: clinic").unwrap().closed_twice);
    assert!(about("passcode set by: clinic, closed twice").contains("did you mean \"closed twice today\"?"));
    assert!(about("passcode set by: nobody, closed twice today").contains("nobody set"));
    assert!(about("phone on: 見本 花子 (card, slow)").contains("nothing after"));
    assert!(about("storage: fll").contains("did you mean \"full\"?"));
    assert!(about("phone reader: out").contains("unplugged, plugged"));
    assert!(about("passcode opened: now").contains("stands alone"));
}

#[test]
fn a_file_that_speaks_of_faces_needs_them() {
    let needs = |lines: &str| parse(&format!("title: t\n{lines}\nexpect: accepted")).unwrap().needs_faces();
    assert!(needs("choose: face") && needs("camera: nobody") && needs("expect: face closed"));
    assert!(!needs("choose: pin\ntype: 1234") && !needs("card in: 見本 花子 (face only)") && !needs("press: again"));
    assert!(needs("choose: visual") && !needs("terminal: without face way\nchoose: visual\npasscode: 135790"));
}

#[test]
fn an_error_names_line_cause_and_what_would_be_right() {
    let unknown = about("chose: pin");
    assert!(unknown.starts_with("line 2: \"chose:\" is not a step; did you mean \"choose:\"?"), "{unknown}");
    assert!(about("card in: 見本 花于").contains("did you mean \"見本 花子\"?"));
    assert!(about("press: agre all").contains("did you mean \"agree all\"?"));
    assert!(about("wait for: concent all").contains("did you mean \"consent all\"?"));
    assert!(about("expect: acepted").contains("did you mean \"accepted\"?"));
    assert!(about("card in: 見本 花子 (try 1)").contains("did you mean \"tries 1\"?"));
    assert!(about("type: 12345").contains("one to four digits"));
    assert!(about("type:").contains("\"type: 1234\""));
    assert!(about("choose").contains("\"choose: pin\""));
    assert!(about("take card: now").contains("stands alone"));
    assert!(about("wait: 70").contains("\"70 s\""));
    assert!(about("wait: 601 s").contains("at most 600 s"));
    assert!(about("expect: fault 6").contains("\"fault 006\""));
    assert!(about("clinic: link sideways").contains("link down, link up"));
    assert!(about("expect: received, received").contains("twice"));
    assert!(about("card in: 見本 花子 (tries 1").contains("parenthesis"));
    assert!(about("zzzzzzzz: pin").contains("there is: title:, levels:"));
}

#[test]
fn a_file_needs_title_and_expectation() {
    assert!(complaint("card in: 見本 花子\nexpect: accepted").contains("no title"));
    assert!(complaint("title: t\ncard in: 見本 花子").starts_with("line 2: the file must end with"));
    assert!(complaint("").contains("no title"));
    assert!(about("title: again").contains("twice"));
    assert!(about("card out\ntitle: late").starts_with("line 3: \"title:\" belongs above"));
}

#[test]
fn a_level_is_left_out_only_with_a_reason() {
    let levels = |line: &str| parse(&format!("title: t\n{line}\nexpect: accepted")).map(|scenario| scenario.levels);
    let some = levels("levels: 2 1 (the reader (a real one) cannot do this)").unwrap();
    assert_eq!(some.at, [Level::Session, Level::Daemon]);
    assert_eq!(some.allow(Level::Processes), Err("the reader (a real one) cannot do this"));
    assert_eq!(some.allow(Level::Session), Ok(()));
    assert_eq!(levels("levels: 1 2").unwrap_err().cause, Cause::NoReason);
    assert_eq!(levels("levels: 1 2 3 (why)").unwrap_err().cause, Cause::ReasonWithoutNeed);
    assert_eq!(levels("levels: (why)").unwrap_err().cause, Cause::NoLevel);
    assert!(about("levels: 4 (why)").contains("\"4\" is not a level"));
}

#[test]
fn too_long_is_said_and_not_read() {
    assert_eq!(parse(&"#\n".repeat(MAX_LINES + 1)).unwrap_err().cause, Cause::TooLong);
    assert_eq!(parse(&" ".repeat(MAX_FILE + 1)).unwrap_err().cause, Cause::TooLong);
    let long = about(&"x".repeat(5000));
    assert!(long.chars().count() < 600, "{long}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read(Path::new("no/such.scenario")).unwrap_err().to_string();
    assert!(error.starts_with("no/such.scenario: "), "{error}");
}

proptest! {
    #[test]
    fn garbage_never_panics(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn lines_made_of_our_words_never_panic(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "title:", "levels:", "card", "in:", "out", "at:", "swapped", "for:", "take", "type:", "12", "99999999999999999999",
            "agree:", "all", "expect:", "fault", "consent", "medicines", "carried", "over", "or", ",", "(", ")", "#", "\n",
            "見本", "花子", "tries", "certificate", "ends", "days", "wait:", "s", "ms", "clinic:", "drops", "receipts", "latency",
            "camera:", "printed", "photo", "of", "screen", "showing", "surface:", "key", "reads", "wrong", "profile", "cloned",
        ]), 0..60)) {
        let _ = parse(&words.join(" "));
    }

    #[test]
    fn a_damaged_file_is_an_error_or_another_file_but_no_panic(at in 0usize..120, to in any::<char>()) {
        let text = "title: t\nlevels: 1 2 (why)\ncard in: 見本 花子 (tries 1)\ntype: 1234\nexpect: accepted, tries left 3";
        let mut chars: Vec<char> = text.chars().collect();
        let at = at % chars.len();
        chars[at] = to;
        let _ = parse(&chars.into_iter().collect::<String>());
    }
}

use std::time::Duration;

use super::*;

const EXAMPLE: &str = include_str!("../data/reader-daemon.example.toml");

fn error(from: &str, to: &str) -> ConfigError {
    assert!(EXAMPLE.contains(from), "{from}");
    Config::parse(&EXAMPLE.replacen(from, to, 1), Path::new("/etc/x")).unwrap_err()
}

#[test]
fn a_console_for_other_machines_needs_a_certificate() {
    let parse = |section: &str| {
        Config::parse(&format!("{EXAMPLE}\n[console]\npassword_file = \"p\"\n{section}"), Path::new("/etc/r"))
    };
    let local = parse("listen = \"127.0.0.1:8480\"").unwrap().console.unwrap();
    assert_eq!((local.password_file, local.tls), ("/etc/r/p".into(), None));
    let tls =
        parse("listen = \"192.0.2.1:8480\"\ncertificate = \"c\"\nkey = \"k\"").unwrap().console.unwrap().tls.unwrap();
    assert_eq!((tls.certificate, tls.key), ("/etc/r/c".into(), "/etc/r/k".into()));
    for (section, cause) in [
        ("listen = \"192.0.2.1:8480\"", "there is no certificate"),
        ("listen = \"0.0.0.0:8480\"", "there is no certificate"),
        ("listen = \"127.0.0.1:8480\"\nkey = \"k\"", "go together"),
        ("listen = \"reception\"", "no address and port"),
    ] {
        let error = parse(section).unwrap_err();
        assert!(
            error.cause.contains(cause) && error.key.starts_with("[console]") && !error.cure.is_empty(),
            "{error:?}"
        );
    }
    assert!(parse("listen = \"127.0.0.1:1\"\npasword = 1").unwrap_err().cause.contains("pasword"));
}

#[test]
fn the_example_file_is_a_configuration() {
    let config = Config::parse(EXAMPLE, Path::new("/etc/reader-daemon")).unwrap();
    assert_eq!(config.terminal_id, "terminal-1");
    assert_eq!(config.service.ca, Path::new("/etc/reader-daemon/service-ca.pem"));
    assert_eq!(config.storage, Path::new("/var/lib/reader-daemon"));
    assert_eq!(config.limits, Limits::default());
    assert_eq!(config.screen_uid, None);
    assert_eq!(config.face, None);
    assert_eq!(config.phone, PhoneReader::None);
    assert_eq!(config.placement, Placement::default());
    assert_eq!(config.visual, None);
}

#[test]
fn the_lines_that_the_example_leaves_out_are_taken_too() {
    let full: String = EXAMPLE
        .lines()
        .map(|line| {
            line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or(line)
        })
        .fold(String::new(), |text, line| text + line + "\n");
    let config = Config::parse(&full, Path::new("/etc/reader-daemon")).unwrap();
    assert_eq!(config.screen_uid, Some(991));
    assert_eq!(config.limits.card_left_staff, Duration::from_secs(60));
    assert!(config.faults.is_some() && config.consent.is_some());
    assert_eq!(config.phone, PhoneReader::Own("Contactless".into()));
    assert_eq!(config.placement, Placement { motion: Motion::Lay, photo: PhotoSide::Device });
    let passcode_file = Some("/etc/reader-daemon/visual.passcode".into());
    assert_eq!(config.visual, Some(Visual { passcode_file }));
    assert_eq!(config.limits.phone, Duration::from_secs(30));
    let face = config.face.unwrap();
    assert_eq!(face.models, Path::new("/usr/local/share/reader-daemon/models"));
    assert_eq!(face.signers, Path::new("/etc/reader-daemon/signers"));
    assert!(face.manifest.is_some() && face.camera.is_some());
}

#[test]
fn a_mistyped_key_is_named_with_its_line() {
    let error = error("pattern =", "patern =");
    assert!(error.key.contains("patern"), "{error}");
    assert!(error.cause.contains("patern"), "{error}");
    assert!(error.to_string().contains("cure: "), "{error}");
}

#[test]
fn a_missing_key_is_named() {
    let error = error("id = \"terminal-1\"", "");
    assert!(error.cause.contains("id"), "{error}");
}

#[test]
fn an_address_without_tls_is_refused() {
    for url in ["http://a:1", "https://", "https://user:word@a:1", "https://a/path", "a:8443"] {
        let error = error("https://qualification.clinic.example:8443", url);
        assert_eq!(error.key, "[service] url", "{url}");
    }
}

#[test]
fn a_limit_out_of_range_is_named() {
    for value in ["0", "-1", "601", "nan", "inf"] {
        let error = error("[limits]", &format!("[limits]\nreceipt = {value}"));
        assert_eq!(error.key, "[limits] receipt", "{value}");
    }
    let config =
        Config::parse(&EXAMPLE.replace("[limits]", "[limits]\nreceipt = 0.5\nopen = 3"), Path::new("/")).unwrap();
    assert_eq!(config.limits.receipt, Duration::from_millis(500));
    assert_eq!(config.limits.open, Duration::from_secs(3));
}

#[test]
fn an_empty_reader_pattern_and_an_odd_terminal_name_are_refused() {
    assert_eq!(error("\"Card Reader\"", "\" \"").key, "[reader] pattern");
    assert_eq!(error("\"terminal-1\"", "\"端末\"").key, "[terminal] id");
}

#[test]
fn phones_have_no_reader_the_cards_one_or_one_that_cannot_be_mistaken_for_it() {
    let with = |phone: &str| {
        let line = format!("pattern = \"Card Reader\"\nphone = \"{phone}\"");
        Config::parse(&EXAMPLE.replacen("pattern = \"Card Reader\"", &line, 1), Path::new("/"))
    };
    assert_eq!(with("none").unwrap().phone, PhoneReader::None);
    assert_eq!(with("same").unwrap().phone, PhoneReader::Same);
    assert_eq!(with("PICC").unwrap().phone, PhoneReader::Own("PICC".into()));
    for (phone, cause) in [
        ("", "empty"),
        (" ", "empty"),
        ("card reader", "same reader"),
        ("My Card Reader 2", "same reader"),
        ("Reader", "same reader"),
    ] {
        let error = with(phone).unwrap_err();
        assert_eq!(error.key, "[reader] phone");
        assert!(error.cause.contains(cause), "{error}");
    }
}

#[test]
fn a_placement_that_is_not_known_gets_the_list() {
    let with = |line: &str| error("[service]", &format!("[reader.placement]\n{line}\n[service]"));
    let error = with("motion = \"throw\"");
    assert_eq!(error.key, "[reader] placement.motion");
    assert!(error.cure.contains("\"insert\" or \"lay\""), "{error}");
    let error = with("photo = \"left\"");
    assert_eq!(error.key, "[reader] placement.photo");
    assert!(error.cure.contains("patient"), "{error}");
    assert!(with("side = \"up\"").cause.contains("side"));
}

#[test]
fn the_visual_check_is_offered_only_where_it_is_enabled() {
    let with = |visual: &str| Config::parse(&format!("{EXAMPLE}\n[visual]\n{visual}"), Path::new("/etc/x"));
    assert_eq!(with("enabled = false\npasscode_file = \"p\"").unwrap().visual, None);
    assert_eq!(with("enabled = true").unwrap().visual, Some(Visual { passcode_file: None }));
    let visual = with("enabled = true\npasscode_file = \"p\"").unwrap().visual.unwrap();
    assert_eq!(visual.passcode_file.unwrap(), Path::new("/etc/x/p"));
    assert!(with("").unwrap_err().cause.contains("enabled"));
    assert!(with("enabled = true\npasscode = \"270931\"").unwrap_err().cause.contains("passcode"));
}

#[test]
fn the_face_way_names_models_and_signers_and_no_camera_that_is_empty() {
    let with = |face: &str| Config::parse(&format!("{EXAMPLE}\n[face]\n{face}"), Path::new("/etc/x"));
    let config = with("models = \"m\"\nsigners = \"s\"\n").unwrap();
    let face = Face { models: "/etc/x/m".into(), manifest: None, camera: None, signers: "/etc/x/s".into() };
    assert_eq!(config.face, Some(face));
    let error = with("models = \"m\"\nsigners = \"s\"\ncamera = \" \"\n").unwrap_err();
    assert_eq!(error.key, "[face] camera");
    assert!(with("models = \"m\"\n").unwrap_err().cause.contains("signers"));
}

#[test]
fn a_missing_file_says_which() {
    let error = Config::read(Path::new("/nonexistent/reader-daemon.toml")).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/reader-daemon.toml"), "{error}");
}

proptest::proptest! {
    #[test]
    fn a_damaged_file_is_an_error_or_a_configuration_but_no_panic(at in 0usize..4000, text in ".{0,12}") {
        let at = (0..=at % EXAMPLE.len()).rev().find(|at| EXAMPLE.is_char_boundary(*at)).unwrap_or(0);
        let _ = Config::parse(&[&EXAMPLE[..at], &text, &EXAMPLE[at..]].concat(), Path::new("/"));
    }
}

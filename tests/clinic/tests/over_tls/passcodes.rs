//! The service's copy of the passcode for the visual check (OQS-IF-049/050): hashed, or not there.

use qualification::{Bundle, PasscodeCopy, endpoints};

use crate::{
    requests::{post, send},
    terminal::{Setting, start, start_with},
};

const HASHED: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU";

fn copy(text: &str) -> PasscodeCopy {
    PasscodeCopy { argon2id: text.into() }
}

#[tokio::test]
async fn a_service_that_holds_a_passcode_tells_its_hash_and_one_that_holds_none_says_nothing() {
    let Setting { clinic, terminal, folder: _folder } =
        start_with(|options| options.passcode = Some(copy(HASHED))).await;
    assert_eq!(terminal.open().await.opened.visual_passcode, Some(copy(HASHED)));
    assert_eq!(terminal.client.status().await.unwrap().visual_passcode, Some(copy(HASHED)));
    clinic.set_passcode(None).unwrap();
    assert_eq!(terminal.open().await.opened.visual_passcode, None);
    assert_eq!(terminal.client.status().await.unwrap().visual_passcode, None);
    let bundle = Bundle::load(clinic.terminal()).unwrap();
    let open = post(endpoints::OPEN, endpoints::JSON_TYPE, r#"{"protocol":1,"terminal_version":"x"}"#);
    assert!(!send(&bundle, &open).await.contains("passcode"), "left out, not null");
    clinic.set_passcode(Some(copy(HASHED))).unwrap();
    assert!(terminal.open().await.opened.visual_passcode.is_some());
}

#[tokio::test]
async fn digits_are_no_passcode_and_no_refusal_repeats_them() {
    let Setting { clinic, terminal, folder: _folder } = start().await;
    for digits in ["4071", "407140", "", "$argon2id$4071"] {
        let error = clinic.set_passcode(Some(copy(digits))).unwrap_err().to_string();
        assert!(error.contains("PHC string") && !error.contains("4071"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let mut options = clinic::ClinicOptions::new(folder.path(), crate::terminal::anchors());
        options.passcode = Some(copy(digits));
        let error = format!("{:#}", clinic::Clinic::start(options).await.err().unwrap());
        assert!(error.contains("PHC string") && !error.contains("4071"), "{error}");
    }
    assert_eq!(terminal.open().await.opened.visual_passcode, None);
}

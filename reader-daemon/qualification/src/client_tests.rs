use std::time::Duration;

use proptest::prelude::*;

use super::*;

#[test]
fn only_a_plain_https_origin_is_a_service_url() {
    assert_eq!(base_of("https://127.0.0.1:8443").as_deref(), Ok("https://127.0.0.1:8443"));
    assert_eq!(base_of("https://clinic.example/").as_deref(), Ok("https://clinic.example"));
    for bad in ["http://127.0.0.1", "https://a/b", "https://u:p@host", "https://host/?q", "", "host", "https://"] {
        assert!(matches!(base_of(bad), Err(ConfigError::Url(_))), "{bad}");
    }
}

#[test]
fn a_session_id_never_leaves_its_place_in_the_path() {
    let id = "0123456789abcdef0123456789abcdef";
    assert_eq!(session_path(endpoints::CONSENT, id).unwrap(), format!("/v1/sessions/{id}/consent"));
    assert!(session_path(endpoints::CONSENT, "../status").is_err());
}

#[test]
fn a_configuration_without_certificates_says_what_is_missing() {
    let config = |issuer: &[u8], certificate: &[u8]| ClientConfig {
        url: "https://127.0.0.1:1".into(),
        issuer_pem: issuer.to_vec(),
        certificate_pem: certificate.to_vec(),
        key_pem: Vec::new().into(),
        limits: RequestLimits::default(),
    };
    assert_eq!(Client::new(config(b"", b"")).err(), Some(ConfigError::Issuer));
    assert_eq!(Client::new(config(b"garbage", b"")).err(), Some(ConfigError::Issuer));
}

#[test]
fn every_request_is_shorter_than_the_sessions_deadline_for_it() {
    let limits = RequestLimits::default();
    assert!(limits.open < Duration::from_secs(8));
    assert!(limits.authenticate < Duration::from_secs(20));
    assert!(limits.register < Duration::from_secs(20));
    assert!(limits.connect < limits.open);
    // Four commands, and the answer that there are no more.
    assert!(limits.connect < limits.relay && limits.relay * 5 <= Duration::from_secs(20));
}

proptest! {
    #[test]
    fn garbage_answers_are_malformed_and_never_a_panic(body in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(parse::<Opened>(&body).is_err());
        prop_assert!(parse::<Authenticated>(&body).is_err());
        prop_assert!(parse::<Relayed>(&body).is_err());
        prop_assert!(parse::<Receipt>(&body).is_err());
        prop_assert!(parse::<Status>(&body).is_err());
        prop_assert!(parse::<Problem>(&body).is_err());
    }

    #[test]
    fn cut_answers_are_malformed(cut in 1usize..100) {
        let whole = r#"{"receipt_id":"r","result_id":"0123456789abcdef0123456789abcdef","result_sha256":"ab","time_ms":1}"#;
        prop_assert!(parse::<Receipt>(&whole.as_bytes()[..whole.len() - cut.min(whole.len())]).is_err());
    }

    #[test]
    fn deeply_nested_answers_are_malformed(depth in 200usize..5_000) {
        let nested = format!(r#"{{"qualification":"valid","items":{}{}"#, "[".repeat(depth), "]".repeat(depth));
        prop_assert!(parse::<Authenticated>(nested.as_bytes()).is_err());
    }
}

use proptest::prelude::*;

use super::*;
use crate::protocol::{Answer, By, How, ItemAnswer, Method, VERSION, WeightsLevel};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn claims() -> ResultClaims {
    ResultClaims {
        protocol: VERSION,
        result_id: "0123456789abcdef0123456789abcdef".into(),
        session_id: "fedcba9876543210fedcba9876543210".into(),
        terminal_id: "terminal-1".into(),
        certificate_sha256: "ab".repeat(32),
        method: Method::Pin,
        weights: "none".into(),
        weights_level: Some(WeightsLevel::Research),
        time_ms: 1_790_000_000_000,
        valid_until_ms: 1_790_086_400_000,
        confirmed_by: None,
        items: vec![ItemAnswer {
            id: "medicines".into(),
            wording_id: "medicines-1".into(),
            wording_hash: "cd".repeat(32),
            language: "ja".into(),
            answer: Answer::Agreed,
            how: How::Now,
            by: By::Patient,
        }],
    }
}

fn with_parts(header: &str, payload: &str, key: &SigningKey) -> String {
    let signed = format!(
        "{}.{}",
        Base64UrlUnpadded::encode_string(header.as_bytes()),
        Base64UrlUnpadded::encode_string(payload.as_bytes())
    );
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()))
}

#[test]
fn what_was_signed_is_read_back_by_the_same_key_only() {
    let jws = sign(&key(1), &claims()).unwrap();
    assert_eq!(verify(key(1).verifying_key(), &jws), Ok(claims()));
    assert_eq!(verify(key(2).verifying_key(), &jws), Err(ResultError::OtherKey));
}

#[test]
fn the_key_id_is_the_thumbprint_of_rfc_7638() {
    // Computed apart from this crate for the private key 0x0101…01.
    assert_eq!(key_id(key(1).verifying_key()), "Nrqg3-M_Xwtx-1tbtc1J7Xul2DyeC0bUSy9u_5NSG6g");
}

#[test]
fn another_algorithm_type_or_member_in_the_head_is_refused_even_when_signed() {
    let key = key(1);
    let kid = key_id(key.verifying_key());
    let payload = serde_json::to_string(&claims()).unwrap();
    let good = format!(r#"{{"alg":"ES256","typ":"{TYPE}","kid":"{kid}"}}"#);
    assert!(verify(key.verifying_key(), &with_parts(&good, &payload, &key)).is_ok());
    for header in [
        format!(r#"{{"alg":"none","typ":"{TYPE}","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"HS256","typ":"{TYPE}","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"{TYPE}","kid":"{kid}","crit":["b64"],"b64":false}}"#),
        format!(r#"{{"alg":"ES256","alg":"ES256","typ":"{TYPE}","kid":"{kid}"}}"#),
        r#"{"alg":"ES256"}"#.to_owned(),
    ] {
        assert_eq!(
            verify(key.verifying_key(), &with_parts(&header, &payload, &key)),
            Err(ResultError::Header),
            "{header}"
        );
    }
    let other = format!(r#"{{"alg":"ES256","typ":"{TYPE}","kid":"x"}}"#);
    assert_eq!(verify(key.verifying_key(), &with_parts(&other, &payload, &key)), Err(ResultError::OtherKey));
}

#[test]
fn unknown_missing_or_doubled_claims_are_refused_even_when_signed() {
    let key = key(1);
    let header = format!(r#"{{"alg":"ES256","typ":"{TYPE}","kid":"{}"}}"#, key_id(key.verifying_key()));
    let payload = serde_json::to_string(&claims()).unwrap();
    for bad in [
        payload.replacen('{', r#"{"admin":true,"#, 1),
        payload.replacen(r#""method":"pin","#, "", 1),
        payload.replacen(r#""method":"pin""#, r#""method":"pin","method":"face""#, 1),
        payload.replacen(r#""method":"pin""#, r#""method":"sms""#, 1),
        "[]".to_owned(),
    ] {
        assert_eq!(verify(key.verifying_key(), &with_parts(&header, &bad, &key)), Err(ResultError::Claims), "{bad}");
    }
}

#[test]
fn too_large_results_are_neither_made_nor_read() {
    let mut large = claims();
    large.terminal_id = "t".repeat(MAX_RESULT);
    assert_eq!(sign(&key(1), &large), Err(ResultError::TooLarge));
    let mut many = claims();
    many.items = vec![many.items[0].clone(); MAX_ITEMS + 1];
    assert_eq!(sign(&key(1), &many), Err(ResultError::TooLarge));
    assert_eq!(verify(key(1).verifying_key(), &"a".repeat(MAX_RESULT + 1)), Err(ResultError::TooLarge));
}

#[test]
fn a_result_whose_weights_do_not_go_with_its_method_is_not_signed() {
    let level = "sface@0123456789abcdef";
    for (method, weights, expected) in [
        (Method::Pin, "none", Ok(())),
        (Method::Face, level, Ok(())),
        (Method::Pin, level, Err(ResultError::Weights)),
        (Method::Face, "none", Err(ResultError::Weights)),
        (Method::Face, "sface", Err(ResultError::Weights)),
        (Method::Visual, level, Err(ResultError::Weights)),
        (Method::Phone, "", Err(ResultError::Weights)),
    ] {
        let claims = ResultClaims { method, weights: weights.into(), ..claims() };
        assert_eq!(sign(&key(1), &claims).map(drop), expected, "{method:?} {weights:?}");
    }
    let by_face = ResultClaims { method: Method::Face, weights: level.into(), ..claims() };
    let unknown = ResultClaims { weights_level: Some(WeightsLevel::None), ..by_face };
    assert_eq!(sign(&key(1), &unknown), Err(ResultError::Weights), "weights decided that are not there");
}

#[test]
fn consents_end_exactly_a_day_after_the_time_of_the_result() {
    assert_eq!(valid_until(1_790_000_000_000), 1_790_086_400_000);
    assert_eq!(valid_until(u64::MAX), u64::MAX);
    for wrong in [0, 1_790_000_000_000, 1_790_086_399_999, 1_790_086_400_001] {
        let claims = ResultClaims { valid_until_ms: wrong, ..claims() };
        assert_eq!(sign(&key(1), &claims), Err(ResultError::Validity), "{wrong}");
    }
}

#[test]
fn who_confirmed_is_up_to_eight_digits_and_stands_beside_the_visual_check_only() {
    for (method, weights) in [
        (Method::Pin, "none"),
        (Method::Face, "sface@0123456789abcdef"),
        (Method::Visual, "none"),
        (Method::Phone, "none"),
    ] {
        for (number, is_one) in [
            (None, true),
            (Some("1"), true),
            (Some("00420042"), true),
            (Some(""), false),
            (Some("004200421"), false),
            (Some("12a"), false),
            (Some("１２"), false),
            (Some(" 1"), false),
        ] {
            let claims =
                ResultClaims { method, weights: weights.into(), confirmed_by: number.map(Into::into), ..claims() };
            let fits = number.is_none() || is_one && method == Method::Visual;
            let expected = if fits { Ok(()) } else { Err(ResultError::ConfirmedBy) };
            assert_eq!(sign(&key(1), &claims).map(drop), expected, "{method:?} {number:?}");
        }
    }
}

#[test]
fn every_result_says_the_level_of_the_weights_and_one_from_before_is_still_read() {
    let untold = ResultClaims { weights_level: None, ..claims() };
    assert_eq!(sign(&key(1), &untold), Err(ResultError::Weights));
    let key = key(1);
    let header = format!(r#"{{"alg":"ES256","typ":"{TYPE}","kid":"{}"}}"#, key_id(key.verifying_key()));
    let old = serde_json::to_string(&untold).unwrap();
    assert!(!old.contains("weights_level"), "{old}");
    assert_eq!(verify(key.verifying_key(), &with_parts(&header, &old, &key)), Ok(untold));
    for word in [r#""Research""#, r#""production""#, r#""""#, "3", "[]"] {
        let payload = serde_json::to_string(&claims()).unwrap().replacen(r#""research""#, word, 1);
        let read = verify(key.verifying_key(), &with_parts(&header, &payload, &key));
        assert_eq!(read, Err(ResultError::Claims), "{word}");
    }
}

proptest! {
    #[test]
    fn any_changed_character_is_refused(at in 0usize..1000, with in "[A-Za-z0-9_.-]") {
        let jws = sign(&key(1), &claims()).unwrap();
        let at = at % jws.len();
        let changed = format!("{}{with}{}", &jws[..at], &jws[at + 1..]);
        prop_assume!(changed != jws);
        prop_assert!(verify(key(1).verifying_key(), &changed).is_err());
    }

    #[test]
    fn garbage_is_refused_without_panic(garbage in ".{0,400}") {
        prop_assert!(verify(key(1).verifying_key(), &garbage).is_err());
    }

    #[test]
    fn three_garbage_parts_are_refused_without_panic(a in "[A-Za-z0-9_-]{0,80}", b in "[A-Za-z0-9_-]{0,80}", c in "[A-Za-z0-9_-]{0,90}") {
        let jws = format!("{a}.{b}.{c}");
        prop_assert!(verify(key(1).verifying_key(), &jws).is_err());
    }
}

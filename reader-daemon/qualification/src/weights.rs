//! The face weights in a signed result: which decided, so that their measured figures can be found, and the level of those
//! in use.

use crate::{
    ids::is_lower_hex,
    limits::MAX_WEIGHTS_NAME,
    protocol::{Method, ResultClaims, WeightsLevel},
};

/// [`ResultClaims::weights`] of methods without a face.
pub const NONE: &str = "none";

/// Whether the claims about weights can stand beside the method. By face: an identity, and the level of weights that are
/// there. Every other method: [`NONE`], and any level. A level that is missing is of an older result.
#[must_use]
pub fn fit(claims: &ResultClaims) -> bool {
    match claims.method {
        Method::Face => is_identity(&claims.weights) && claims.weights_level != Some(WeightsLevel::None),
        Method::Pin | Method::Visual | Method::Phone => claims.weights == NONE,
    }
}

/// `name@16hex`: name of the embedding weights, first 16 hex digits of their SHA-256.
#[must_use]
pub fn is_identity(text: &str) -> bool {
    let is_name = |name: &str| {
        (1..=MAX_WEIGHTS_NAME).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    text.split_once('@').is_some_and(|(name, digits)| is_name(name) && is_lower_hex(digits, 16))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::VERSION;

    const IDENTITY: &str = "sface_2021dec@0123456789abcdef";
    const LEVELS: [WeightsLevel; 4] =
        [WeightsLevel::None, WeightsLevel::Demonstration, WeightsLevel::Research, WeightsLevel::Approved];

    fn judge(method: Method, weights: &str, weights_level: Option<WeightsLevel>) -> bool {
        fit(&ResultClaims {
            protocol: VERSION,
            result_id: String::new(),
            session_id: String::new(),
            terminal_id: String::new(),
            certificate_sha256: String::new(),
            method,
            weights: weights.into(),
            weights_level,
            time_ms: 0,
            valid_until_ms: 0,
            confirmed_by: None,
            items: Vec::new(),
        })
    }

    #[test]
    fn an_identity_stands_beside_the_face_and_none_beside_everything_else_whatever_the_level() {
        for level in LEVELS.map(Some).into_iter().chain([None]) {
            assert_eq!(judge(Method::Face, IDENTITY, level), level != Some(WeightsLevel::None), "{level:?}");
            assert!(!judge(Method::Face, NONE, level));
            for method in [Method::Pin, Method::Visual, Method::Phone] {
                assert!(judge(method, NONE, level), "{method:?} {level:?}");
                for other in [IDENTITY, "", "None", " none", "none@0123456789abcdef"] {
                    assert!(!judge(method, other, level), "{method:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn an_identity_is_a_name_and_sixteen_hex_digits() {
        assert!(is_identity(IDENTITY));
        let long = format!("{}@0123456789abcdef", "n".repeat(MAX_WEIGHTS_NAME + 1));
        for bad in [
            "",
            "sface",
            "@0123456789abcdef",
            "sface@",
            "sface@0123456789abcde",
            "sface@0123456789abcdef0",
            "sface@0123456789ABCDEF",
            "s face@0123456789abcdef",
            "a@b@0123456789abcdef",
            "../x@0123456789abcdef",
            &long,
        ] {
            assert!(!is_identity(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in ".{0,120}") {
            let parts = text.split('@').count();
            prop_assert!(!is_identity(&text) || parts == 2);
        }
    }
}

//! Level of the face weights in a signed result: which weights decided, so that their measured figures can be found.

use crate::{ids::is_lower_hex, limits::MAX_WEIGHTS_NAME, protocol::Method};

/// [`crate::protocol::ResultClaims::weights`] of methods without a face.
pub const NONE: &str = "none";

/// Whether `weights` can stand beside `method`: a level `name@16hex` for the face (name of the embedding weights, first
/// 16 hex digits of their SHA-256), [`NONE`] and nothing else for every other method.
#[must_use]
pub fn fit(method: Method, weights: &str) -> bool {
    match method {
        Method::Face => is_level(weights),
        Method::Pin | Method::Visual | Method::Phone => weights == NONE,
    }
}

/// `name@16hex`.
fn is_level(text: &str) -> bool {
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

    const LEVEL: &str = "sface_2021dec@0123456789abcdef";

    #[test]
    fn a_level_stands_beside_the_face_and_none_beside_everything_else() {
        assert!(fit(Method::Face, LEVEL) && !fit(Method::Face, NONE));
        for method in [Method::Pin, Method::Visual, Method::Phone] {
            assert!(fit(method, NONE), "{method:?}");
            for other in [LEVEL, "", "None", " none", "none@0123456789abcdef"] {
                assert!(!fit(method, other), "{method:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_level_is_a_name_and_sixteen_hex_digits() {
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
            assert!(!fit(Method::Face, bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in ".{0,120}") {
            let parts = text.split('@').count();
            prop_assert!(!fit(Method::Face, &text) || parts == 2);
        }
    }
}

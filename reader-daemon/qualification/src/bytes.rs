//! Bytes as text: base64 with padding, bounded before it is decoded.

use base64ct::{Base64, Encoding};

/// The bytes of a base64 text, at most `most` of them; `None`: longer, or not base64.
#[must_use]
pub fn bytes_of(text: &str, most: usize) -> Option<Vec<u8>> {
    if text.len() > most.div_ceil(3).saturating_mul(4) {
        return None;
    }
    Base64::decode_vec(text).ok().filter(|bytes| bytes.len() <= most)
}

/// Base64 with padding.
#[must_use]
pub fn text_of(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn longer_texts_and_texts_that_are_not_base64_have_no_bytes() {
        assert_eq!(bytes_of("", 0), Some(vec![]));
        assert_eq!(bytes_of("AAEC", 3), Some(vec![0, 1, 2]));
        assert_eq!(bytes_of("AAECAw==", 3), None);
        assert_eq!(bytes_of("AAECAw==", 4), Some(vec![0, 1, 2, 3]));
        for bad in ["A", "AA", "AA=", "A===", "AAEC\n", "AAE-", "AAF=AAEC"] {
            assert_eq!(bytes_of(bad, 100), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back_up_to_the_bound_only(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            let text = text_of(&bytes);
            prop_assert_eq!(bytes_of(&text, bytes.len()), Some(bytes.clone()));
            if let Some(less) = bytes.len().checked_sub(1) {
                prop_assert_eq!(bytes_of(&text, less), None);
            }
        }

        #[test]
        fn any_text_is_read_without_panic_and_within_the_bound(text in ".{0,900}", most in 0usize..700) {
            prop_assert!(bytes_of(&text, most).is_none_or(|bytes| bytes.len() <= most));
        }
    }
}

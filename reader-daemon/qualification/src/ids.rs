//! Names of sessions and results: 32 lower-case hex digits. They become path segments and file names, so they are
//! checked before use.

use rand_core::{CryptoRng, RngCore};

/// Whether `text` is 32 lower-case hex digits.
#[must_use]
pub fn is_id(text: &str) -> bool {
    is_lower_hex(text, 32)
}

/// Whether `text` is `digits` lower-case hex digits.
#[must_use]
pub fn is_lower_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// A fresh random name of 128 bits.
///
/// # Errors
/// The random source failed; nothing may be signed then.
pub fn fresh(rng: &mut (impl RngCore + CryptoRng)) -> Result<String, rand_core::Error> {
    let mut bytes = [0; 16];
    rng.try_fill_bytes(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(DIGITS.get(usize::from(nibble)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_thirty_two_lower_case_hex_digits_are_an_id() {
        assert!(is_id("0123456789abcdef0123456789abcdef"));
        for bad in [
            "",
            "0123456789abcdef0123456789abcde",
            "0123456789ABCDEF0123456789abcdef",
            "../3456789abcdef0123456789abcdef",
        ] {
            assert!(!is_id(bad), "{bad:?}");
        }
    }

    #[test]
    fn fresh_ids_are_ids_and_differ() {
        let mut rng = rand_core::OsRng;
        let (one, two) = (fresh(&mut rng).unwrap(), fresh(&mut rng).unwrap());
        assert!(is_id(&one) && is_id(&two));
        assert_ne!(one, two);
        assert_eq!(hex(&[0x00, 0x9f, 0xff]), "009fff");
    }
}

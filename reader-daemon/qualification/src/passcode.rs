//! The service's copy of the passcode that opens the visual check (OQS-IF-049/050): hashed, never its digits.

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_PASSCODE, MAX_PASSCODE_MEMORY, MAX_PASSCODE_PASSES};

/// A hashed passcode. `Debug` prints nothing of it: whoever has the hash of four digits has the digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasscodeCopy {
    /// PHC string of Argon2id, salt inside: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
    pub argon2id: String,
}

impl std::fmt::Debug for PasscodeCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasscodeCopy").finish_non_exhaustive()
    }
}

impl PasscodeCopy {
    /// Whether it has the form above and asks for no more memory and passes than [`MAX_PASSCODE_MEMORY`] and
    /// [`MAX_PASSCODE_PASSES`]. Says nothing of the digits.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.argon2id.len() <= MAX_PASSCODE && reads(&self.argon2id).is_some()
    }
}

fn reads(text: &str) -> Option<()> {
    let rest = text.strip_prefix("$argon2id$v=19$")?;
    let mut parts = rest.split('$');
    let (settings, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut settings = settings.split(',');
    let mut setting = |name: &str, most: u32| {
        let digits = settings.next()?.strip_prefix(name)?.strip_prefix('=')?;
        let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        let value: u32 = digits.parse().ok().filter(|_| plain)?;
        (value <= most).then_some(value)
    };
    let (memory, lanes) = {
        let memory = setting("m", MAX_PASSCODE_MEMORY)?;
        setting("t", MAX_PASSCODE_PASSES)?;
        (memory, setting("p", MAX_PASSCODE_PASSES)?)
    };
    // RFC 9106 section 3.1: at least eight blocks for each lane; salts of 8 bytes and hashes of 16 are 11 and 22 characters.
    let fits = memory >= 8 * lanes && settings.next().is_none() && parts.next().is_none();
    (fits && is_base64(salt, 11) && is_base64(hash, 22)).then_some(())
}

/// The PHC format's base64: no padding.
fn is_base64(text: &str, least: usize) -> bool {
    text.len() >= least && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU";

    fn judge(text: &str) -> bool {
        PasscodeCopy { argon2id: text.into() }.is_well_formed()
    }

    #[test]
    fn a_hashed_passcode_has_its_form_and_never_digits() {
        assert!(judge(GOOD));
        for (from, to) in [
            ("argon2id", "argon2i"),
            ("v=19", "v=16"),
            ("m=19456", "m=65537"),
            ("m=19456", "m=7"),
            ("m=19456", "m=019456"),
            ("m=19456", "m=+19456"),
            ("m=19456", "m=99999999999"),
            ("t=2", "t=0"),
            ("t=2", "t=9"),
            ("p=1", "p=9"),
            (",p=1", ""),
            ("p=1", "p=1,data=x"),
            ("$c2FsdHNhbHRzYWx0c2E", "$short"),
            ("$c2FsdHNhbHRzYWx0c2E", ""),
            ("QUJD", "QU=D"),
            ("WVow", "WVow$more"),
        ] {
            let changed = GOOD.replacen(from, to, 1);
            assert_ne!(changed, GOOD);
            assert!(!judge(&changed), "{changed}");
        }
        for bad in ["", "1234", "123456", "$", "$argon2id$v=19$", &format!("{GOOD}{}", "A".repeat(MAX_PASSCODE))] {
            assert!(!judge(bad), "{bad:?}");
        }
    }

    #[test]
    fn nothing_of_a_passcode_is_printed() {
        let shown = format!("{:?}", PasscodeCopy { argon2id: GOOD.into() });
        assert_eq!(shown, "PasscodeCopy { .. }");
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in ".{0,220}", cut in 0usize..120) {
            prop_assert!(!judge(&text));
            let cut: String = GOOD.chars().take(cut.min(GOOD.len() - 12)).collect();
            prop_assert!(!judge(&cut) || cut.len() > 70);
        }
    }
}

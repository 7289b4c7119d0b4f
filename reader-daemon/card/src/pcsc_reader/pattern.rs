//! Readers are chosen by a part of their name: the rest of it changes with port and order (lab finding 7).

use std::{ffi::CStr, fmt};

/// Part of a name, or a whole name with `*`.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    parts: Vec<String>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let anchored = if text.contains('*') { text.to_owned() } else { format!("*{text}*") };
        Self { text: text.to_owned(), parts: anchored.to_lowercase().split('*').map(str::to_owned).collect() }
    }

    pub(super) fn matches(&self, name: &CStr) -> bool {
        let name = name.to_string_lossy().to_lowercase();
        let [first, middle @ .., last] = self.parts.as_slice() else { return false };
        let Some(mut rest) = name.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
            return false;
        };
        for part in middle {
            let Some((_, after)) = rest.split_once(part.as_str()) else { return part.is_empty() };
            rest = after;
        }
        true
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_found_after_it_was_plugged_in_elsewhere() {
        let pattern = Pattern::new("ACR1251");
        assert!(pattern.matches(c"ACS ACR1251 Dual Reader [ACR1251 Dual Reader PICC] (1-0000:00:04.0-1) 00 00"));
        assert!(pattern.matches(c"ACS acr1251 Dual Reader (-3) 01 00"));
        assert!(!pattern.matches(c"Sony FeliCa Port/PaSoRi 3.0 00 00"));
    }

    #[test]
    fn stars_stand_for_anything_between_fixed_ends() {
        let slot = Pattern::new("Virtual PCD * 00");
        assert!(slot.matches(c"Virtual PCD 00 00"));
        assert!(!slot.matches(c"Virtual PCD 00 01"));
        assert!(!slot.matches(c"A Virtual PCD 00 00"));
        let picc = Pattern::new("ACS*PICC*");
        assert!(picc.matches(c"ACS ACR1251 PICC 00 00"));
        assert!(!picc.matches(c"ACS ACR1251 SAM 00 01"));
        assert!(!Pattern::new("aba*ab").matches(c"abab"));
        assert!(Pattern::new("a**b").matches(c"a-b"));
        for all in ["", "*"] {
            assert!(Pattern::new(all).matches(c"anything"));
        }
    }
}

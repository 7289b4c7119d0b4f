//! The two encodings of the files: UTF-8 and Shift_JIS, which is code page 932 in practice (qualification.md 5 and 9).

use encoding_rs::SHIFT_JIS;

use super::{FileError, MARK};

/// Encoding of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8, `CharacterCodeIdentifier` 0.
    #[default]
    Utf8,
    /// Shift_JIS as code page 932 has it, `CharacterCodeIdentifier` 1.
    ShiftJis,
}

/// The same character under the two names it has in Unicode: what JIS tables say, and what code page 932 has.
const SAME: [(char, char); 9] = [
    ('〜', '～'),
    ('‖', '∥'),
    ('−', '－'),
    ('—', '―'),
    ('¢', '￠'),
    ('£', '￡'),
    ('¬', '￢'),
    ('¥', '￥'),
    ('‾', '￣'),
];

impl Encoding {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Utf8, Self::ShiftJis];

    /// As in the XML declaration.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::ShiftJis => "Shift_JIS",
        }
    }

    /// OQSCD005.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "0",
            Self::ShiftJis => "1",
        }
    }

    /// By a name that XML declarations give it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(&["utf-8", "utf8"]) {
            Some(Self::Utf8)
        } else if is(&["shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms932", "csshiftjis"]) {
            Some(Self::ShiftJis)
        } else {
            None
        }
    }

    /// The text of these bytes.
    ///
    /// # Errors
    /// [`FileError::Bytes`].
    pub fn decode(self, bytes: &[u8]) -> Result<String, FileError> {
        let text = match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::ShiftJis => {
                SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
            }
        };
        text.ok_or(FileError::Bytes(self))
    }

    /// The bytes of this text; what the encoding lacks becomes ●, as insurers write it.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::ShiftJis => SHIFT_JIS.encode(&self.holds(text)).0.into_owned(),
        }
    }

    /// The text as a reader of the file will have it: only characters that XML and this encoding have.
    #[must_use]
    pub fn holds(self, text: &str) -> String {
        text.chars().map(|c| self.held(c)).collect()
    }

    fn held(self, c: char) -> char {
        if !is_xml(c) {
            return MARK;
        }
        match self {
            Self::Utf8 => c,
            Self::ShiftJis => {
                let c = SAME.iter().find(|(jis, _)| *jis == c).map_or(c, |(_, page)| *page);
                if is_in_page_932(c) { c } else { MARK }
            }
        }
    }
}

/// Whether it comes back as itself: the encoder also takes characters that are read as others (¥ as the backslash).
fn is_in_page_932(c: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = c.encode_utf8(&mut buffer);
    let (bytes, _, lacks) = SHIFT_JIS.encode(text);
    !lacks && SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes).as_deref() == Some(text)
}

/// `Char` of XML 1.0.
pub(super) const fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_page_932_lacks_becomes_the_mark_and_everything_else_comes_back() {
        for (text, read) in [
            ("試験　●子", "試験　●子"),
            ("髙﨑①㈱", "髙﨑①㈱"),
            ("𠮷田", "●田"),
            ("한", "●"),
            ("\u{E000}", "●"),
            ("a〜−¥", "a～－￥"),
            ("ﾐﾎﾝ ﾊﾅｺ", "ﾐﾎﾝ ﾊﾅｺ"),
        ] {
            let bytes = Encoding::ShiftJis.encode(text);
            assert_eq!(Encoding::ShiftJis.decode(&bytes).as_deref(), Ok(read), "{text}");
            assert_eq!(Encoding::ShiftJis.holds(text), read);
        }
        assert_eq!(Encoding::Utf8.holds("𠮷\u{0}\u{FFFE}"), "𠮷●●");
    }

    #[test]
    fn one_ideograph_has_two_bytes_of_page_932() {
        assert_eq!(Encoding::ShiftJis.encode("髙"), [0xFB, 0xFC]);
        assert_eq!(Encoding::ShiftJis.encode("●"), [0x81, 0x9C]);
    }

    #[test]
    fn bytes_of_another_encoding_are_an_error_and_not_guessed() {
        assert_eq!(Encoding::Utf8.decode(&[0x81, 0x9C]), Err(FileError::Bytes(Encoding::Utf8)));
        assert_eq!(Encoding::ShiftJis.decode(&[0x81]), Err(FileError::Bytes(Encoding::ShiftJis)));
    }
}

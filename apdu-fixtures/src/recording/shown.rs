//! Bytes as a recording shows them: upper-case hexadecimal, `**` for a byte that was replaced.

use std::fmt::{self, Write};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Bytes, some of them replaced. A replaced byte is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shown(Vec<Option<u8>>);

impl Shown {
    /// Nothing replaced.
    pub fn plain(bytes: &[u8]) -> Self {
        Shown(bytes.iter().copied().map(Some).collect())
    }

    /// A command; whatever follows the header and Lc of a command that carries a secret is replaced.
    pub fn command(bytes: &[u8]) -> Self {
        let hide = carries_secret(bytes);
        Shown(bytes.iter().enumerate().map(|(at, byte)| (!hide || at < 5).then_some(*byte)).collect())
    }

    /// The bytes, if none was replaced.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.0.iter().copied().collect()
    }

    /// Whether these bytes could have been shown like this: replaced bytes match any.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        self.first_difference(bytes).is_none()
    }

    /// Index of the first byte that does not match.
    pub(super) fn first_difference(&self, bytes: &[u8]) -> Option<usize> {
        let common = self.0.iter().zip(bytes).position(|(shown, byte)| shown.is_some_and(|shown| shown != *byte));
        common.or_else(|| (self.0.len() != bytes.len()).then_some(self.0.len().min(bytes.len())))
    }

    /// How many bytes, replaced ones included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// VERIFY (20, 21), CHANGE (24, 32) and RESET RETRY COUNTER (2C), under any class.
fn carries_secret(command: &[u8]) -> bool {
    // 80 2C and 00 32 may be other things on other cards: hiding too much does no harm.
    matches!(command, [_, 0x20 | 0x21 | 0x24 | 0x2C | 0x32, ..])
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| match byte {
            Some(byte) => write!(f, "{byte:02X}"),
            None => f.write_str("**"),
        })
    }
}

/// Not pairs of hexadecimal digits or asterisks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes are written as pairs of hexadecimal digits, or ** where one was replaced")]
pub struct NotShown;

impl FromStr for Shown {
    type Err = NotShown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pairs = text.as_bytes().chunks(2).map(|pair| match *pair {
            [b'*', b'*'] => Ok(None),
            [high, low] => {
                let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(NotShown);
                u8::try_from(digit(high)? << 4 | digit(low)?).map(Some).map_err(|_| NotShown)
            }
            _ => Err(NotShown),
        });
        pairs.collect::<Result<Vec<_>, _>>().map(Shown)
    }
}

impl TryFrom<String> for Shown {
    type Error = NotShown;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Shown> for String {
    fn from(shown: Shown) -> Self {
        let mut out = String::with_capacity(shown.len() * 2);
        // Writing to a String cannot fail.
        let _ = write!(out, "{shown}");
        out
    }
}

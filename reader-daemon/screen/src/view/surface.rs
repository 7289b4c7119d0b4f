//! The code printed on the card, as it is keyed in (card.md 5.1).

use serde::{Deserialize, Serialize};

/// A field of the surface code, in the order they are keyed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceField {
    /// 元号 or 西暦, as printed in front of the birth date.
    Era,
    /// Birth date: six digits (YYMMDD of that era), or eight (YYYYMMDD) when printed western.
    BirthDate {
        /// Which was touched.
        era: Era,
    },
    /// Year the card is valid to, western, four digits (「…年…月…日まで有効」).
    ExpiryYear,
    /// The four digits under the photo.
    SecurityCode,
}

/// How the birth date is printed (card.md 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    /// 大正, from 1912-07-30
    Taisho,
    /// 昭和, from 1926-12-25
    Showa,
    /// 平成, from 1989-01-08
    Heisei,
    /// 令和, from 2019-05-01
    Reiwa,
    /// 西暦, on cards of foreign residents
    Western,
}

/// Why the surface code is asked (again).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceNotice {
    /// What was keyed in cannot be: no such day, a card long ended. Nothing was sent to the card.
    Implausible,
    /// The card says that it is another code.
    Wrong,
}

/// Digits of the surface code as keyed in; wiped on drop, `Debug` prints their number only.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct SurfaceDigits(pub String);

impl std::fmt::Debug for SurfaceDigits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} digits", self.0.len())
    }
}

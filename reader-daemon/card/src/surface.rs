//! What is printed on the card: the surface code (照合番号B) and whoever reads it (card.md 5.1).
//!
//! Nobody guesses: each try counts, so what cannot be a surface code is refused before one is spent.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use crate::{limits, locked::LockedBytes};

/// Digits of the surface code: YYMMDD of the era, expiry year, security code.
pub const SURFACE_CODE_DIGITS: usize = 14;

/// 照合番号B, 14 ASCII digits. In locked memory, wiped on drop, `Debug` prints none of them; nothing here can be copied
/// or compared, and handing it to the card consumes it.
pub struct SurfaceCode(LockedBytes<SURFACE_CODE_DIGITS>);

/// How the birth date is printed. The code depends on it, so nobody guesses: each try counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    /// 大正, from 1912-07-30
    Taisho,
    /// 昭和, from 1926-12-25
    Showa,
    /// 平成, from 1989-01-08
    Heisei,
    /// 令和, from 2019-05-01
    Reiwa,
    /// 西暦: on cards of foreign residents; the last two digits of the year count.
    Western,
}

/// What was read or keyed in cannot be a surface code: no such day in that era, an expiry year that no card has, not
/// enough digits. Nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be a surface code")]
pub struct Implausible;

/// Reads the surface of the card that lies in the reader.
pub trait SurfaceScanner: Send + Sync {
    /// The code, when it was read with certainty (two readings agree); otherwise `None` after `limit` at the latest.
    fn scan(&self, limit: Duration) -> Option<SurfaceCode>;
}

/// Year, month, day.
type Day = (u16, u16, u16);

impl Era {
    /// First day, and the first day of the next era where there is one (card.md 5.1).
    fn days(self) -> Option<(Day, Option<Day>)> {
        match self {
            Self::Taisho => Some(((1912, 7, 30), Some((1926, 12, 25)))),
            Self::Showa => Some(((1926, 12, 25), Some((1989, 1, 8)))),
            Self::Heisei => Some(((1989, 1, 8), Some((2019, 5, 1)))),
            Self::Reiwa => Some(((2019, 5, 1), None)),
            Self::Western => None,
        }
    }
}

impl SurfaceCode {
    /// From the 14 digits in a row. `None`: not 14 ASCII digits, or no month, day or expiry year of a card. The era is
    /// not in them, so the year of birth can be any.
    #[must_use]
    pub fn from_digits(digits: &[u8]) -> Option<Self> {
        if digits.len() != SURFACE_CODE_DIGITS {
            return None;
        }
        let (month, day) = (number(digits.get(2..4)?)?, number(digits.get(4..6)?)?);
        let expiry = number(digits.get(6..10)?)?;
        number(digits.get(..2)?)?;
        number(digits.get(10..)?)?;
        // Any year may have been a leap year.
        let plausible = (1..=days_in(2000, month)).contains(&day)
            && (limits::FIRST_EXPIRY_YEAR..=limits::LAST_EXPIRY_YEAR).contains(&expiry);
        plausible.then(|| Self::of([digits]))
    }

    /// From what is printed on the card: `birth_date` is YYMMDD with the year of the era, or YYYYMMDD for
    /// [`Era::Western`]; `expiry_year` is YYYY of the card itself, `security_code` the four digits under the photo.
    ///
    /// # Errors
    /// [`Implausible`]: not a day of this era, a year after `this_year`, an expiry year before last year or more than
    /// ten years ahead, or not exactly so many digits.
    pub fn from_printed(
        era: Era,
        birth_date: &str,
        expiry_year: &str,
        security_code: &str,
        this_year: u16,
    ) -> Result<Self, Implausible> {
        let (birth, expiry, code) = (birth_date.as_bytes(), expiry_year.as_bytes(), security_code.as_bytes());
        let sound = || -> Option<bool> {
            let year_digits = if era == Era::Western { 4 } else { 2 };
            let (year, month_and_day) = birth.split_at_checked(year_digits)?;
            let (month, day) = month_and_day.split_at_checked(2)?;
            if day.len() != 2 || expiry.len() != 4 || code.len() != 4 {
                return None;
            }
            number(code)?;
            let (year, month, day, expiry) = (number(year)?, number(month)?, number(day)?, number(expiry)?);
            let (oldest, latest_expiry) =
                (this_year.saturating_sub(limits::OLDEST_HOLDER), this_year.saturating_add(limits::CARD_YEARS));
            let (born, within) = match era.days() {
                Some((first, next)) => {
                    let born = ((first.0 + year).checked_sub(1)?, month, day);
                    (born, year > 0 && born >= first && next.is_none_or(|next| born < next))
                }
                None => ((year, month, day), year >= oldest),
            };
            let real = (1..=days_in(born.0, month)).contains(&day);
            let lasting = (this_year.saturating_sub(1)..=latest_expiry).contains(&expiry);
            Some(within && real && born.0 <= this_year && lasting)
        };
        if sound() != Some(true) {
            return Err(Implausible);
        }
        // Of a western year the last two digits count.
        let birth = birth.get(birth.len().saturating_sub(6)..).unwrap_or_default();
        Ok(Self::of([birth, expiry, code]))
    }

    /// The ASCII digits, in a copy that wipes itself.
    pub(crate) fn digits(&self) -> Zeroizing<[u8; SURFACE_CODE_DIGITS]> {
        Zeroizing::new(*self.0.get())
    }

    fn of<const N: usize>(parts: [&[u8]; N]) -> Self {
        let mut code = LockedBytes::new();
        for (place, digit) in code.get_mut().iter_mut().zip(parts.into_iter().flatten()) {
            *place = *digit;
        }
        Self(code)
    }
}

impl fmt::Debug for SurfaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SurfaceCode(..)")
    }
}

/// At most four ASCII digits as a number.
fn number(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 4 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
}

/// Days of a month of the Gregorian calendar; none for what is no month.
pub(crate) fn days_in(year: u16, month: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Whether these are the eight digits of a real day, YYYYMMDD.
pub(crate) fn is_real_day(digits: &[u8; 8]) -> bool {
    let part = |range| digits.get(range).and_then(number);
    match (part(0..4), part(4..6), part(6..8)) {
        (Some(year), Some(month), Some(day)) => year > 0 && (1..=days_in(year, month)).contains(&day),
        (_, _, _) => false,
    }
}

#[cfg(test)]
mod tests;

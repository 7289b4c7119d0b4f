//! The PIN: digits collected one by one in locked memory, and four of them as a value that is handed over once
//! (law 6). `Debug` prints no digit; nothing here can be copied or compared.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::locked::LockedBytes;

/// Digits of the PIN (card.md 3.1, EF 0018).
pub const PIN_DIGITS: usize = 4;

/// Digits as they are typed; wiped on drop.
pub struct PinEntry {
    digits: LockedBytes<PIN_DIGITS>,
    len: usize,
}

impl PinEntry {
    /// Empty.
    #[must_use]
    pub fn new() -> Self {
        Self { digits: LockedBytes::new(), len: 0 }
    }

    /// Takes one ASCII digit. `false`: it is none, or there are four already; nothing changes then.
    pub fn push(&mut self, key: u8) -> bool {
        match self.digits.get_mut().get_mut(self.len) {
            Some(place) if key.is_ascii_digit() => {
                *place = key;
                self.len += 1;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Forgets and wipes the last digit. `false`: there was none.
    pub fn pop(&mut self) -> bool {
        let Some(last) = self.len.checked_sub(1) else { return false };
        if let Some(place) = self.digits.get_mut().get_mut(last) {
            place.zeroize();
        }
        self.len = last;
        true
    }

    /// How many digits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// There is no digit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets and wipes all digits.
    pub fn clear(&mut self) {
        self.digits.get_mut().zeroize();
        self.len = 0;
    }

    /// The system keeps the digits out of swap. Where it refuses (RLIMIT_MEMLOCK), entry goes on all the same: a
    /// patient is not turned away for it, `doctor` reports it.
    #[must_use]
    pub fn locked(&self) -> bool {
        self.digits.locked()
    }

    /// Moves exactly four digits out and leaves the entry empty. With fewer, nothing changes.
    #[must_use]
    pub fn take(&mut self) -> Option<Pin> {
        if self.len != PIN_DIGITS {
            return None;
        }
        self.len = 0;
        Some(Pin(std::mem::replace(&mut self.digits, LockedBytes::new())))
    }
}

impl Default for PinEntry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PinEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinEntry(..)")
    }
}

/// Four digits, confirmed by the patient. Only [`PinEntry::take`] makes one; sending it consumes it (law 1).
pub struct Pin(LockedBytes<PIN_DIGITS>);

impl Pin {
    /// The ASCII digits, in a copy that wipes itself.
    pub(crate) fn digits(&self) -> Zeroizing<[u8; PIN_DIGITS]> {
        Zeroizing::new(*self.0.get())
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A PIN for the tests of other modules.
    pub(crate) fn pin(digits: &[u8; 4]) -> Pin {
        let mut entry = PinEntry::new();
        assert!(digits.iter().all(|digit| entry.push(*digit)));
        entry.take().expect("four digits")
    }

    #[test]
    fn a_pin_is_exactly_four_digits() {
        let mut entry = PinEntry::new();
        for (count, digit) in (1..).zip(*b"123") {
            assert!(entry.push(digit));
            assert_eq!(entry.len(), count);
            assert!(entry.take().is_none());
        }
        for other in [b'a', b'/', b':', 0, 1, 0xFF] {
            assert!(!entry.push(other));
        }
        assert!(entry.push(b'4'));
        assert!(!entry.push(b'5'));
        assert_eq!(entry.take().expect("four digits").digits().as_slice(), b"1234");
        assert!(entry.is_empty());
        assert!(entry.take().is_none());
    }

    #[test]
    fn a_digit_taken_back_is_wiped() {
        let mut entry = PinEntry::new();
        assert!(!entry.pop());
        assert!(entry.push(b'9') && entry.push(b'8'));
        assert!(entry.pop());
        assert_eq!(entry.digits.get(), &[b'9', 0, 0, 0]);
        entry.clear();
        assert_eq!((entry.digits.get(), entry.len()), (&[0; 4], 0));
    }

    #[test]
    fn law_6_debug_prints_no_digit() {
        let mut entry = PinEntry::new();
        for digit in *b"4711" {
            entry.push(digit);
        }
        let printed = format!("{entry:?} {:?}", entry.take());
        assert!(!printed.contains(['4', '7', '1']), "{printed}");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_only_digits_are_kept(keys in proptest::collection::vec(any::<Option<u8>>(), 0..40)) {
            let mut entry = PinEntry::new();
            let mut model = Vec::new();
            for key in keys {
                match key {
                    Some(key) => {
                        let fits = key.is_ascii_digit() && model.len() < PIN_DIGITS;
                        prop_assert_eq!(entry.push(key), fits);
                        if fits { model.push(key) }
                    }
                    None => prop_assert_eq!(entry.pop(), model.pop().is_some()),
                }
                prop_assert_eq!(entry.len(), model.len());
            }
            prop_assert_eq!(entry.take().map(|pin| pin.digits().to_vec()), (model.len() == PIN_DIGITS).then_some(model));
        }
    }
}

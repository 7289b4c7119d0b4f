//! What is printed on the emulated card that lies on the reader: the emulated way to the surface code.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use card::{SurfaceCode, SurfaceScanner};

use crate::reader::Hand;

/// Reads the surface code of the card that lies there now. Copies share their faults.
#[derive(Clone, Debug)]
pub struct EmulatedScanner {
    hand: Hand,
    faults: Arc<ScanFaults>,
}

#[derive(Debug, Default)]
struct ScanFaults {
    wrong_once: AtomicBool,
    nothing: AtomicBool,
}

impl EmulatedScanner {
    pub(crate) fn new(hand: Hand) -> Self {
        EmulatedScanner { hand, faults: Arc::default() }
    }

    /// The next reading has another last digit than what is printed: plausible, and wrong. Those after it are right.
    pub fn reads_wrong_once(&self) {
        self.faults.wrong_once.store(true, Ordering::SeqCst);
    }

    /// Whether from now on nothing can be read: glare, a cover, a thumb.
    pub fn reads_nothing(&self, nothing: bool) {
        self.faults.nothing.store(nothing, Ordering::SeqCst);
    }
}

impl SurfaceScanner for EmulatedScanner {
    /// At once, so there is nothing to wait for.
    fn scan(&self, _limit: Duration) -> Option<SurfaceCode> {
        if self.faults.nothing.load(Ordering::SeqCst) {
            return None;
        }
        let lying = self.hand.with_lying_card(|card| card.has_surface_code().then(|| card.surface_code()));
        let mut digits = lying.flatten()?;
        if self.faults.wrong_once.swap(false, Ordering::SeqCst)
            && let Some(last) = digits.last_mut()
        {
            *last = if *last == b'9' { b'0' } else { *last + 1 };
        }
        SurfaceCode::from_digits(&digits)
    }
}

//! Where the newest picture waits for the glass. A newer one takes its place; there is no queue.

use std::sync::{Mutex, MutexGuard, PoisonError};

use screen::preview::Header;
use zeroize::Zeroize;

/// One picture between the thread that reads and the thread that draws.
#[derive(Default)]
pub(crate) struct Slot(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// The camera screen is on the glass. What comes at another time is thrown away.
    wanted: bool,
    newest: Option<Header>,
    pixels: Vec<u8>,
    /// The worker is gone and the glass has not heard of it.
    gone: bool,
}

/// What the glass finds in the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No news.
    Nothing,
    /// A picture, already handed over.
    Picture,
    /// The worker is gone: the picture on the glass has to go too.
    Gone,
}

impl Slot {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere is no reason to keep a picture.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The camera screen begins (`true`) or ends: then what waits is wiped.
    pub(crate) fn want(&self, wanted: bool) {
        let mut inner = self.inner();
        inner.wanted = wanted;
        if !wanted {
            inner.wipe();
        }
    }

    /// Pictures are wanted now.
    pub(crate) fn wanted(&self) -> bool {
        self.inner().wanted
    }

    /// Takes a picture in by exchanging buffers: the caller gets the older one to read the next into. `true`: the glass
    /// has to be told. Without a wish for pictures the caller's buffer is wiped instead.
    pub(crate) fn put(&self, header: Header, pixels: &mut Vec<u8>) -> bool {
        let mut inner = self.inner();
        if !inner.wanted {
            pixels.as_mut_slice().zeroize();
            return false;
        }
        std::mem::swap(&mut inner.pixels, pixels);
        inner.newest.replace(header).is_none()
    }

    /// The worker is gone.
    pub(crate) fn lost(&self) {
        let mut inner = self.inner();
        inner.wipe();
        inner.gone = true;
    }

    /// Hands the newest picture to `draw`, once. `draw` answers whether it took it; if not, it waits on.
    pub(crate) fn take(&self, draw: impl FnOnce(&Header, &[u8]) -> bool) -> Found {
        let mut inner = self.inner();
        if std::mem::take(&mut inner.gone) {
            return Found::Gone;
        }
        let Some(header) = inner.newest else { return Found::Nothing };
        if !draw(&header, inner.pixels.get(..header.picture_bytes()).unwrap_or_default()) {
            return Found::Nothing;
        }
        inner.newest = None;
        Found::Picture
    }

    #[cfg(test)]
    pub(crate) fn is_zero(&self) -> bool {
        let inner = self.inner();
        inner.newest.is_none() && inner.pixels.iter().all(|byte| *byte == 0)
    }
}

impl Inner {
    fn wipe(&mut self) {
        self.newest = None;
        self.pixels.as_mut_slice().zeroize();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(taken_ns: u64) -> Header {
        Header { width: 2, height: 1, face: None, taken_ns }
    }

    #[test]
    fn the_newest_wins_and_is_handed_over_once() {
        let slot = Slot::default();
        slot.want(true);
        assert!(slot.put(header(1), &mut vec![1; 6]));
        assert!(!slot.put(header(2), &mut vec![2; 6]), "the glass knows already");
        let mut seen = Vec::new();
        let found = slot.take(|header, pixels| {
            seen.push((header.taken_ns, pixels.to_vec()));
            true
        });
        assert_eq!((found, seen), (Found::Picture, vec![(2, vec![2; 6])]));
        assert_eq!(slot.take(|_, _| true), Found::Nothing);
    }

    #[test]
    fn a_picture_that_cannot_be_drawn_yet_waits() {
        let slot = Slot::default();
        slot.want(true);
        slot.put(header(1), &mut vec![1; 6]);
        assert_eq!(slot.take(|_, _| false), Found::Nothing);
        assert_eq!(slot.take(|_, _| true), Found::Picture);
    }

    #[test]
    fn what_nobody_wants_is_wiped() {
        let slot = Slot::default();
        let mut pixels = vec![7; 6];
        assert!(!slot.put(header(1), &mut pixels));
        assert_eq!(pixels, [0; 6]);
        assert!(slot.is_zero());
        slot.want(true);
        slot.put(header(1), &mut vec![7; 6]);
        assert!(!slot.is_zero());
        slot.want(false);
        assert!(slot.is_zero());
    }

    #[test]
    fn a_worker_that_is_gone_is_told_once_and_leaves_nothing() {
        let slot = Slot::default();
        slot.want(true);
        slot.put(header(1), &mut vec![7; 6]);
        slot.lost();
        assert!(slot.is_zero());
        assert_eq!(slot.take(|_, _| true), Found::Gone);
        assert_eq!(slot.take(|_, _| true), Found::Nothing);
    }
}

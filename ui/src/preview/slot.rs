//! Where the newest picture waits for the glass. A newer one takes its place; there is no queue. The card's photo comes
//! once, so it has a place of its own.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use screen::{
    Screen,
    preview::{Header, PictureKind},
};
use zeroize::Zeroize;

use crate::limits;

/// Which pictures the screen on the glass shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// None: what comes is thrown away.
    #[default]
    Nothing,
    /// The live picture.
    Live,
    /// The live picture and the card's photo.
    LiveAndPhoto,
}

impl Wanted {
    /// What this screen shows.
    pub(crate) const fn by(screen: &Screen) -> Self {
        match screen {
            Screen::FacingCamera { .. } => Self::Live,
            Screen::ComparingFaces { .. } => Self::LiveAndPhoto,
            Screen::Start { .. }
            | Screen::WithoutCard { .. }
            | Screen::ChoosingLanguage
            | Screen::ChoosingComfort
            | Screen::CallingStaff { .. }
            | Screen::ChoosingPhone
            | Screen::HoldingPhone { .. }
            | Screen::PlacingCard
            | Screen::ChoosingMethod { .. }
            | Screen::EnteringPin { .. }
            | Screen::LastTry { .. }
            | Screen::ConfirmLastTry
            | Screen::PinBlocked { .. }
            | Screen::KeyingSurfaceCode { .. }
            | Screen::FaceFailed { .. }
            | Screen::AwaitingStaff
            | Screen::EnteringPasscode { .. }
            | Screen::EnteringStaffNumber { .. }
            | Screen::SigningUp { .. }
            | Screen::Waiting { .. }
            | Screen::CertificateNotice { .. }
            | Screen::ConsentAll { .. }
            | Screen::ConsentEach { .. }
            | Screen::ChoosingPrescription { .. }
            | Screen::ChoosingAnswerer { .. }
            | Screen::ReadingBack { .. }
            | Screen::ConsentDetail { .. }
            | Screen::LeavingAfterLookup
            | Screen::Done { .. }
            | Screen::GoToDesk { .. }
            | Screen::TakeCard
            | Screen::CardLeft
            | Screen::NeedHelp { .. }
            | Screen::Disconnected => Self::Nothing,
        }
    }

    const fn photo(self) -> bool {
        match self {
            Self::Nothing | Self::Live => false,
            Self::LiveAndPhoto => true,
        }
    }
}

/// One picture between the thread that reads and the thread that draws.
#[derive(Default)]
pub(crate) struct Slot(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    wanted: Wanted,
    newest: Option<Header>,
    pixels: Vec<u8>,
    photo: Option<Header>,
    photo_pixels: Vec<u8>,
    /// A photo that came before its screen waits until then and no longer.
    photo_until: Option<Instant>,
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

    /// Another screen is on the glass: what it does not show is wiped.
    pub(crate) fn want(&self, wanted: Wanted) {
        let mut inner = self.inner();
        let before = std::mem::replace(&mut inner.wanted, wanted);
        if wanted == Wanted::Nothing {
            inner.wipe_live();
        }
        if before.photo() && !wanted.photo() {
            inner.wipe_photo();
        }
    }

    /// Pictures are wanted now.
    pub(crate) fn wanted(&self) -> bool {
        let mut inner = self.inner();
        inner.forget_old_photo(Instant::now());
        inner.wanted != Wanted::Nothing
    }

    /// Takes a picture in by exchanging buffers: the caller gets the older one to read the next into. `true`: the glass
    /// has to be told. Without a wish for pictures the caller's buffer is wiped instead.
    pub(crate) fn put(&self, header: Header, pixels: &mut Vec<u8>) -> bool {
        let mut inner = self.inner();
        let now = Instant::now();
        inner.forget_old_photo(now);
        match header.kind {
            PictureKind::Photo => {
                std::mem::swap(&mut inner.photo_pixels, pixels);
                pixels.as_mut_slice().zeroize();
                inner.photo = Some(header);
                inner.photo_until = now.checked_add(limits::PHOTO_WAITS);
                inner.wanted.photo()
            }
            PictureKind::Live if inner.wanted == Wanted::Nothing => {
                pixels.as_mut_slice().zeroize();
                false
            }
            PictureKind::Live => {
                std::mem::swap(&mut inner.pixels, pixels);
                inner.newest.replace(header).is_none()
            }
        }
    }

    /// The worker is gone.
    pub(crate) fn lost(&self) {
        let mut inner = self.inner();
        inner.wipe();
        inner.gone = true;
    }

    /// Hands the photo and the newest picture to `draw`, each once. `draw` answers whether it took it; if not, it waits on.
    pub(crate) fn take(&self, mut draw: impl FnMut(&Header, &[u8]) -> bool) -> Found {
        let mut inner = self.inner();
        if std::mem::take(&mut inner.gone) {
            return Found::Gone;
        }
        inner.forget_old_photo(Instant::now());
        if let Some(header) = inner.photo.filter(|_| inner.wanted.photo())
            && draw(&header, inner.photo_pixels.get(..header.picture_bytes()).unwrap_or_default())
        {
            inner.wipe_photo();
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
        let zero = |pixels: &[u8]| pixels.iter().all(|byte| *byte == 0);
        inner.newest.is_none() && inner.photo.is_none() && zero(&inner.pixels) && zero(&inner.photo_pixels)
    }
}

impl Inner {
    fn wipe(&mut self) {
        self.wipe_live();
        self.wipe_photo();
    }

    fn wipe_live(&mut self) {
        self.newest = None;
        self.pixels.as_mut_slice().zeroize();
    }

    fn wipe_photo(&mut self) {
        self.photo = None;
        self.photo_until = None;
        self.photo_pixels.as_mut_slice().zeroize();
    }

    /// A photo whose screen has not come.
    fn forget_old_photo(&mut self, now: Instant) {
        if !self.wanted.photo() && self.photo_until.is_some_and(|until| now >= until) {
            self.wipe_photo();
        }
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

    fn photo() -> Header {
        Header { kind: PictureKind::Photo, ..header(1) }
    }

    fn header(taken_ns: u64) -> Header {
        Header { kind: PictureKind::Live, width: 2, height: 1, face: None, taken_ns }
    }

    #[test]
    fn the_newest_wins_and_is_handed_over_once() {
        let slot = Slot::default();
        slot.want(Wanted::Live);
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
        slot.want(Wanted::Live);
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
        slot.want(Wanted::Live);
        slot.put(header(1), &mut vec![7; 6]);
        assert!(!slot.is_zero());
        slot.want(Wanted::Nothing);
        assert!(slot.is_zero());
    }

    #[test]
    fn a_worker_that_is_gone_is_told_once_and_leaves_nothing() {
        let slot = Slot::default();
        slot.want(Wanted::Live);
        slot.put(header(1), &mut vec![7; 6]);
        slot.lost();
        assert!(slot.is_zero());
        assert_eq!(slot.take(|_, _| true), Found::Gone);
        assert_eq!(slot.take(|_, _| true), Found::Nothing);
    }

    #[test]
    fn a_photo_waits_for_its_screen_is_handed_over_once_and_no_live_picture_takes_its_place() {
        let slot = Slot::default();
        slot.want(Wanted::Live);
        assert!(!slot.put(photo(), &mut vec![9; 6]), "the camera screen does not show it");
        slot.put(header(2), &mut vec![2; 6]);
        let kinds = |slot: &Slot| {
            let mut kinds = Vec::new();
            slot.take(|header, _| {
                kinds.push(header.kind);
                true
            });
            kinds
        };
        assert_eq!(kinds(&slot), [PictureKind::Live]);
        slot.want(Wanted::LiveAndPhoto);
        slot.put(header(3), &mut vec![3; 6]);
        assert_eq!(kinds(&slot), [PictureKind::Photo, PictureKind::Live]);
        assert_eq!(kinds(&slot), []);
    }

    #[test]
    fn a_photo_is_wiped_when_its_screen_goes_or_does_not_come() {
        let slot = Slot::default();
        slot.want(Wanted::LiveAndPhoto);
        assert!(slot.put(photo(), &mut vec![9; 6]));
        assert!(!slot.is_zero());
        slot.want(Wanted::Nothing);
        assert!(slot.is_zero());
        slot.put(photo(), &mut vec![9; 6]);
        let late = Instant::now() + limits::PHOTO_WAITS;
        slot.inner().forget_old_photo(late);
        assert!(slot.is_zero());
    }
}

//! The live picture for the kiosk: every frame as it comes, whole or not at all. A thread of its own writes, so that a slow
//! kiosk slows nothing else; while it writes, newer frames replace each other.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use screen::preview::{Header, PictureKind};

use crate::{FaceBox, Frame};

/// The live picture's sending end.
#[derive(Clone)]
pub(crate) struct Preview {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Option<Arc<Frame>>,
    /// The card's photo, sent once before the next frame.
    photo: Option<Frame>,
    face: Option<FaceBox>,
    ended: bool,
}

impl Preview {
    /// Sends to `kiosk`; ends when it takes nothing for `patience`.
    pub(crate) fn start(kiosk: UnixStream, patience: Duration) -> Self {
        if kiosk.set_write_timeout(Some(patience)).is_err() {
            return Self::nowhere();
        }
        let preview = Self { shared: Arc::default() };
        let shared = Arc::clone(&preview.shared);
        thread::spawn(move || shared.run(kiosk));
        preview
    }

    /// Nobody watches.
    pub(crate) fn nowhere() -> Self {
        let preview = Self { shared: Arc::default() };
        preview.shared.lock().ended = true;
        preview
    }

    /// Sends this frame next, instead of one that still waits.
    pub(crate) fn offer(&self, frame: &Arc<Frame>) {
        let mut state = self.shared.lock();
        if !state.ended {
            state.waiting = Some(Arc::clone(frame));
            self.shared.changed.notify_one();
        }
    }

    /// Sends the card's photo next. `false`: it is larger than a picture may be, or nobody watches.
    pub(crate) fn photo(&self, photo: Frame) -> bool {
        let mut state = self.shared.lock();
        let fits = header(&photo, None, PictureKind::Photo).is_some() && !state.ended;
        if fits {
            state.photo = Some(photo);
            self.shared.changed.notify_one();
        }
        fits
    }

    /// Where the face was seen last.
    pub(crate) fn face(&self, place: Option<FaceBox>) {
        self.shared.lock().face = place;
    }

    /// The camera is off: what waits is not sent any more.
    pub(crate) fn clear(&self) {
        let mut state = self.shared.lock();
        (state.waiting, state.photo, state.face) = (None, None, None);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut kiosk: UnixStream) {
        loop {
            let idle = |state: &mut State| state.waiting.is_none() && state.photo.is_none();
            let waited = self.changed.wait_while(self.lock(), idle);
            let mut state = waited.unwrap_or_else(PoisonError::into_inner);
            let (photo, frame, face) = (state.photo.take(), state.waiting.take(), state.face);
            drop(state);
            let photo = photo.map_or(Ok(()), |photo| send(&mut kiosk, &photo, None, PictureKind::Photo));
            let live = |frame: Arc<Frame>| send(&mut kiosk, &frame, face, PictureKind::Live);
            if photo.and_then(|()| frame.map_or(Ok(()), live)).is_err() {
                let mut state = self.lock();
                (state.waiting, state.photo, state.ended) = (None, None, true);
                return;
            }
        }
    }
}

/// Header and pixels; a picture that is too large is left out.
fn send(kiosk: &mut UnixStream, frame: &Frame, face: Option<FaceBox>, kind: PictureKind) -> std::io::Result<()> {
    match header(frame, face, kind) {
        Some(header) => kiosk.write_all(&header.encode()).and_then(|()| kiosk.write_all(frame.rgb())),
        None => Ok(()),
    }
}

/// `None`: larger than a picture may be.
fn header(frame: &Frame, face: Option<FaceBox>, kind: PictureKind) -> Option<Header> {
    let side = |pixels: usize| u16::try_from(pixels).ok().filter(|side| (1..=screen::preview::MAX_SIDE).contains(side));
    let (width, height) = (side(frame.width())?, side(frame.height())?);
    let face = face.and_then(|face| inside(face, width, height));
    Some(Header { kind, width, height, face, taken_ns: frame.taken_ns() })
}

/// The part of the box within the picture, at least a pixel.
fn inside(face: FaceBox, width: u16, height: u16) -> Option<screen::preview::FaceBox> {
    let span = |from: f32, length: f32, whole: u16| {
        let to = (from + length).clamp(0.0, f32::from(whole)) as u16;
        let from = from.clamp(0.0, f32::from(whole)) as u16;
        to.checked_sub(from).filter(|length| *length > 0).map(|length| (from, length))
    };
    let (x, width) = span(face.x, face.width, width)?;
    let (y, height) = span(face.y, face.height, height)?;
    Some(screen::preview::FaceBox { x, y, width, height })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;
    use screen::preview::HEADER;

    use super::*;

    /// Longer than any of these tests takes.
    const PATIENT: Duration = Duration::from_secs(60);

    fn frame(value: u8) -> Arc<Frame> {
        Arc::new(Frame::from_rgb(640, 480, vec![value; 640 * 480 * 3], u64::from(value)).unwrap())
    }

    fn receive(kiosk: &mut UnixStream) -> (Header, Vec<u8>) {
        let mut header = [0; HEADER];
        kiosk.read_exact(&mut header).unwrap();
        let header = Header::decode(&header).unwrap();
        let mut rgb = vec![0; header.picture_bytes()];
        kiosk.read_exact(&mut rgb).unwrap();
        (header, rgb)
    }

    #[test]
    fn a_frame_arrives_whole_with_its_face() {
        let (ours, mut kiosk) = UnixStream::pair().unwrap();
        let preview = Preview::start(ours, PATIENT);
        preview.face(Some(FaceBox { x: -10.0, y: 20.5, width: 100.0, height: 1000.0 }));
        preview.offer(&frame(7));
        let (header, rgb) = receive(&mut kiosk);
        let face = screen::preview::FaceBox { x: 0, y: 20, width: 90, height: 460 };
        let kind = PictureKind::Live;
        assert_eq!(header, Header { kind, width: 640, height: 480, face: Some(face), taken_ns: 7 });
        assert!(rgb.iter().all(|byte| *byte == 7));
    }

    #[test]
    fn a_kiosk_that_does_not_read_slows_nothing_and_gets_the_newest_whole_frame_next() {
        let (ours, mut kiosk) = UnixStream::pair().unwrap();
        let preview = Preview::start(ours, PATIENT);
        // Far more than the socket holds; none of these calls waits, or the test would not end.
        for value in 0..200 {
            preview.offer(&frame(value));
        }
        let mut seen = Vec::new();
        while seen.last() != Some(&199) {
            let (header, rgb) = receive(&mut kiosk);
            assert!(rgb.iter().all(|byte| u64::from(*byte) == header.taken_ns), "two frames are mixed");
            seen.push(rgb[0]);
        }
        assert!(seen.is_sorted() && seen.len() < 200, "{} frames came through", seen.len());
    }

    #[test]
    fn a_kiosk_that_goes_ends_only_the_picture() {
        let (ours, kiosk) = UnixStream::pair().unwrap();
        let preview = Preview::start(ours, PATIENT);
        drop(kiosk);
        while !preview.shared.lock().ended {
            preview.offer(&frame(1));
            thread::yield_now();
        }
        preview.offer(&frame(2));
        assert!(preview.shared.lock().waiting.is_none());
    }

    #[test]
    fn a_kiosk_that_takes_nothing_ends_the_picture_and_the_frame_is_wiped() {
        let (ours, kiosk) = UnixStream::pair().unwrap();
        let preview = Preview::start(ours, Duration::from_millis(50));
        let frame = frame(1);
        let weak = Arc::downgrade(&frame);
        preview.offer(&frame);
        drop(frame);
        // Both would go on for ever while the frame is waited with.
        while !preview.shared.lock().ended {
            thread::yield_now();
        }
        while weak.upgrade().is_some() {
            thread::yield_now();
        }
        drop(kiosk);
    }

    #[test]
    fn what_waits_is_not_sent_once_the_camera_is_off() {
        let preview = Preview { shared: Arc::default() };
        let weak = {
            let frame = frame(3);
            preview.offer(&frame);
            Arc::downgrade(&frame)
        };
        assert!(weak.upgrade().is_some());
        preview.clear();
        assert!(weak.upgrade().is_none(), "the frame is wiped");
    }

    #[test]
    fn a_picture_too_large_for_the_kiosk_is_left_out() {
        let wide = Frame::from_rgb(1281, 1, vec![0; 1281 * 3], 0).unwrap();
        assert_eq!(header(&wide, None, PictureKind::Live), None);
        assert!(!Preview { shared: Arc::default() }.photo(wide));
    }

    #[test]
    fn the_photo_arrives_once_before_the_next_frame_and_is_gone_when_the_camera_is_off() {
        let (ours, mut kiosk) = UnixStream::pair().unwrap();
        let preview = Preview { shared: Arc::default() };
        assert!(preview.photo(Frame::from_rgb(2, 1, vec![9; 6], 0).unwrap()));
        preview.clear();
        assert!(preview.shared.lock().photo.is_none(), "the photo is wiped");
        assert!(preview.photo(Frame::from_rgb(2, 1, vec![9; 6], 0).unwrap()));
        preview.offer(&frame(7));
        let shared = Arc::clone(&preview.shared);
        thread::spawn(move || shared.run(ours));
        let kinds: Vec<PictureKind> = [receive(&mut kiosk), receive(&mut kiosk)].map(|(header, _)| header.kind).into();
        assert_eq!(kinds, [PictureKind::Photo, PictureKind::Live]);
        preview.offer(&frame(8));
        assert_eq!(receive(&mut kiosk).0.kind, PictureKind::Live);
    }

    proptest! {
        #[test]
        fn any_box_is_shown_inside_the_picture_or_not_at_all(
            x in any::<f32>(), y in any::<f32>(), width in any::<f32>(), height in any::<f32>(),
        ) {
            if let Some(face) = inside(FaceBox { x, y, width, height }, 640, 480) {
                prop_assert!(face.width > 0 && face.height > 0);
                prop_assert!(u32::from(face.x) + u32::from(face.width) <= 640);
                prop_assert!(u32::from(face.y) + u32::from(face.height) <= 480);
            }
        }
    }
}

//! The connection of the live picture: header, pixels, header, pixels, into one buffer that is used again and again.

use std::{
    io::{self, Read},
    ops::ControlFlow,
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::Arc,
    thread,
};

use screen::preview::{HEADER, Header};
use zeroize::Zeroize;

use super::slot::Slot;
use crate::limits;

/// Keeps connecting on a thread of its own until `wake` breaks. `wake` is called when the glass has to look into the slot.
pub(crate) fn spawn(
    socket: PathBuf,
    slot: Arc<Slot>,
    wake: impl Fn() -> ControlFlow<()> + Send + 'static,
) -> io::Result<()> {
    thread::Builder::new().name("preview".to_owned()).spawn(move || {
        let mut pixels = Vec::new();
        loop {
            if let Ok(mut stream) = connect(&socket)
                && (receive(&mut stream, &slot, &mut pixels, &wake).is_break() || wake().is_break())
            {
                return;
            }
            thread::sleep(limits::RECONNECT);
        }
    })?;
    Ok(())
}

fn connect(socket: &PathBuf) -> io::Result<UnixStream> {
    let stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(limits::PREVIEW_LOOK))?;
    Ok(stream)
}

/// Reads pictures until the worker goes, or sends what is no picture. Leaves no picture byte behind.
fn receive(
    stream: &mut impl Read,
    slot: &Slot,
    pixels: &mut Vec<u8>,
    wake: &impl Fn() -> ControlFlow<()>,
) -> ControlFlow<()> {
    let end = loop {
        let Ok(header) = picture(stream, slot, pixels) else { break ControlFlow::Continue(()) };
        if slot.put(header, pixels) && wake().is_break() {
            break ControlFlow::Break(());
        }
    };
    pixels.as_mut_slice().zeroize();
    slot.lost();
    end
}

/// One whole picture.
fn picture(stream: &mut impl Read, slot: &Slot, pixels: &mut Vec<u8>) -> io::Result<Header> {
    let mut header = [0; HEADER];
    fill(stream, &mut header, |_| {
        if !slot.wanted() {
            pixels.as_mut_slice().zeroize();
        }
    })?;
    let header = Header::decode(&header).ok_or(io::ErrorKind::InvalidData)?;
    let bytes = header.picture_bytes();
    if pixels.len() < bytes {
        // Bounded by `preview::MAX_SIDE`; a growing buffer would leave its old place unwiped.
        pixels.as_mut_slice().zeroize();
        *pixels = vec![0; bytes];
    }
    fill(stream, pixels.get_mut(..bytes).unwrap_or_default(), |begun| {
        if !slot.wanted() {
            begun.zeroize();
        }
    })?;
    Ok(header)
}

/// Fills `place`; calls `pause` with it whenever nothing comes.
fn fill(stream: &mut impl Read, place: &mut [u8], mut pause: impl FnMut(&mut [u8])) -> io::Result<()> {
    let mut filled = 0;
    while let Some(rest) = place.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                pause(place);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;
    use screen::preview::{FaceBox, MAX_SIDE, PictureKind};

    use super::{super::slot::Wanted, *};

    fn wanted() -> Slot {
        let slot = Slot::default();
        slot.want(Wanted::Live);
        slot
    }

    fn sent(header: &Header, byte: u8) -> Vec<u8> {
        let mut bytes = header.encode().to_vec();
        bytes.resize(HEADER + header.picture_bytes(), byte);
        bytes
    }

    /// Gives its bytes in small pieces, with a pause before each.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let place = if place.len() > 5 { &mut place[..5] } else { place };
            self.0.read(place)
        }
    }

    #[test]
    fn pictures_arrive_whole_whatever_pieces_they_come_in() {
        let header = Header { kind: PictureKind::Live, width: 4, height: 3, face: None, taken_ns: 9 };
        let bytes = sent(&header, 0xAB);
        let (slot, mut pixels, mut stream) = (wanted(), Vec::new(), Slow(&bytes, false));
        assert_eq!(picture(&mut stream, &slot, &mut pixels).unwrap(), header);
        assert_eq!(pixels, [0xAB; 36]);
    }

    #[test]
    fn the_reused_buffer_is_zero_after_the_end() {
        let header = Header { kind: PictureKind::Live, width: 4, height: 3, face: None, taken_ns: 9 };
        // Two whole pictures and a half one.
        let mut bytes = [sent(&header, 1), sent(&header, 2), sent(&header, 3)].concat();
        bytes.truncate(bytes.len() - 10);
        let (slot, mut pixels, woken) = (wanted(), Vec::new(), Cell::new(0));
        let seen = Cell::new(0);
        let end = receive(&mut bytes.as_slice(), &slot, &mut pixels, &|| {
            woken.set(woken.get() + 1);
            slot.take(|_, pixels| {
                seen.set(pixels[0]);
                true
            });
            ControlFlow::Continue(())
        });
        assert!(end.is_continue());
        assert_eq!((woken.get(), seen.get()), (2, 2));
        assert_eq!(pixels, [0; 36]);
        assert!(slot.is_zero());
    }

    #[test]
    fn half_a_picture_that_nobody_wants_is_wiped_while_the_worker_pauses() {
        let header = Header { kind: PictureKind::Live, width: 4, height: 3, face: None, taken_ns: 9 };
        let bytes = sent(&header, 0xAB);
        let slot = Slot::default();
        let mut pixels = Vec::new();
        // The last read is a pause: all but the piece after it is wiped.
        picture(&mut Slow(&bytes, false), &slot, &mut pixels).unwrap();
        assert!(pixels.iter().filter(|byte| **byte != 0).count() <= 5, "{pixels:?}");
    }

    #[test]
    fn a_smaller_picture_uses_the_same_buffer() {
        let large = Header { kind: PictureKind::Live, width: 8, height: 8, face: None, taken_ns: 1 };
        let small = Header { kind: PictureKind::Live, width: 2, height: 2, face: None, taken_ns: 2 };
        let bytes = [sent(&large, 1), sent(&small, 2)].concat();
        let (slot, mut pixels, mut stream) = (wanted(), Vec::new(), bytes.as_slice());
        picture(&mut stream, &slot, &mut pixels).unwrap();
        let place = pixels.as_ptr();
        picture(&mut stream, &slot, &mut pixels).unwrap();
        assert_eq!((pixels.as_ptr(), pixels.len()), (place, 192));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_leave_a_picture(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..400),
            width in 0..=MAX_SIDE + 1,
            height in 0_u16..4,
            face in any::<[u16; 4]>(),
            begins_well: bool,
        ) {
            if begins_well {
                let [x, y, face_width, face_height] = face;
                let face = Some(FaceBox { x, y, width: face_width, height: face_height });
                let header = Header { kind: PictureKind::Live, width, height, face, taken_ns: 1 };
                bytes.splice(0..0, header.encode());
            }
            let (slot, mut pixels) = (wanted(), Vec::new());
            let end = receive(&mut bytes.as_slice(), &slot, &mut pixels, &|| ControlFlow::Continue(()));
            prop_assert!(end.is_continue());
            prop_assert!(pixels.len() <= usize::from(MAX_SIDE) * usize::from(MAX_SIDE) * 3);
            prop_assert!(pixels.iter().all(|byte| *byte == 0));
            prop_assert!(slot.is_zero());
        }
    }
}

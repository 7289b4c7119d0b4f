//! The two buffers the toolkit draws from: one is on the glass while the other is filled.
//!
//! The toolkit shares a buffer by counting references and copies it when a shared one is written to. So a buffer is only
//! written when a frame without it has been drawn since; `left_behind` counts the times that was not so, and is zero.

use screen::preview::Header;
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};
use zeroize::Zeroize;

/// What the toolkit (Slint 1.18.1, software renderer) keeps of a picture, read in its source and seen by
/// `tests/live.rs`: an image made from a buffer has no cache key, so it is in no image cache; the partial renderer
/// remembers geometry only; drawing scales straight into the frame. What does hold a reference is the `source` of the
/// element, until the frame after the property changed has been drawn. A display's frames hold the scaled picture until
/// each of them has been drawn anew ([`crate::limits::FRAMES_AFTER_PICTURE`]).
pub(crate) struct Pictures {
    buffers: [SharedPixelBuffer<Rgb8Pixel>; 2],
    photo: SharedPixelBuffer<Rgb8Pixel>,
    left_behind: u32,
}

impl Default for Pictures {
    fn default() -> Self {
        let empty = || SharedPixelBuffer::new(0, 0);
        Self { buffers: [empty(), empty()], photo: empty(), left_behind: 0 }
    }
}

impl Pictures {
    /// The picture as in a mirror. `None`: there are fewer bytes than the header says.
    pub(crate) fn draw(&mut self, header: &Header, rgb: &[u8]) -> Option<Image> {
        let row = usize::from(header.width) * 3;
        if row == 0 || rgb.len() != header.picture_bytes() {
            return None;
        }
        self.buffers.reverse();
        let [buffer, _] = &mut self.buffers;
        let (width, height) = (u32::from(header.width), u32::from(header.height));
        if (buffer.width(), buffer.height()) != (width, height) {
            self.left_behind += u32::from(wipe(buffer));
            *buffer = SharedPixelBuffer::new(width, height);
        }
        let (pixels, copied) = write(buffer);
        for (to, from) in pixels.chunks_exact_mut(row).zip(rgb.chunks_exact(row)) {
            for (to, from) in to.as_chunks_mut::<3>().0.iter_mut().zip(from.as_chunks::<3>().0.iter().rev()) {
                *to = *from;
            }
        }
        self.left_behind += u32::from(copied);
        Some(Image::from_rgb8(buffer.clone()))
    }

    /// The photo as it is, in a buffer of its own. `None`: there are fewer bytes than the header says.
    pub(crate) fn draw_photo(&mut self, header: &Header, rgb: &[u8]) -> Option<Image> {
        if header.width == 0 || rgb.len() != header.picture_bytes() {
            return None;
        }
        self.wipe_photo();
        self.photo = SharedPixelBuffer::new(header.width.into(), header.height.into());
        let (pixels, copied) = write(&mut self.photo);
        pixels.iter_mut().zip(rgb).for_each(|(to, from)| *to = *from);
        self.left_behind += u32::from(copied);
        Some(Image::from_rgb8(self.photo.clone()))
    }

    /// Overwrites the photo with zeros.
    pub(crate) fn wipe_photo(&mut self) {
        self.left_behind += u32::from(wipe(&mut self.photo));
    }

    /// Overwrites both live pictures with zeros.
    pub(crate) fn wipe(&mut self) {
        for buffer in &mut self.buffers {
            self.left_behind += u32::from(wipe(buffer));
        }
    }

    /// How often the toolkit still held a buffer that was written.
    pub(crate) fn left_behind(&self) -> u32 {
        self.left_behind
    }

    /// All are zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.buffers.iter().chain([&self.photo]).all(|buffer| buffer.as_bytes().iter().all(|byte| *byte == 0))
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        self.wipe();
        self.wipe_photo();
    }
}

/// The bytes of a buffer, and whether somebody else holds the old ones now.
fn write(buffer: &mut SharedPixelBuffer<Rgb8Pixel>) -> (&mut [u8], bool) {
    let before = buffer.as_bytes().as_ptr();
    let bytes = buffer.make_mut_bytes();
    let copied = bytes.as_ptr() != before && !bytes.is_empty();
    (bytes, copied)
}

fn wipe(buffer: &mut SharedPixelBuffer<Rgb8Pixel>) -> bool {
    let (bytes, copied) = write(buffer);
    bytes.zeroize();
    copied
}

#[cfg(test)]
mod tests {
    use screen::preview::PictureKind;

    use super::*;

    #[test]
    fn the_picture_is_a_mirror_row_by_row() {
        let header = Header { kind: PictureKind::Live, width: 3, height: 2, face: None, taken_ns: 0 };
        let rgb: Vec<u8> = (0..18).collect();
        let image = Pictures::default().draw(&header, &rgb).unwrap();
        let mirrored = image.to_rgb8().unwrap();
        assert_eq!(mirrored.as_bytes(), [6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11]);
    }

    #[test]
    fn two_buffers_take_turns_and_are_wiped_in_place() {
        let header = Header { kind: PictureKind::Live, width: 3, height: 2, face: None, taken_ns: 0 };
        let mut pictures = Pictures::default();
        let mut on_the_glass = pictures.draw(&header, &[1; 18]);
        for byte in 2..6 {
            on_the_glass = pictures.draw(&header, &[byte; 18]);
        }
        assert_eq!(pictures.left_behind(), 0);
        assert!(!pictures.is_zero());
        drop(on_the_glass);
        pictures.wipe();
        assert!(pictures.is_zero());
        assert_eq!(pictures.left_behind(), 0);
    }

    #[test]
    fn a_buffer_that_is_still_held_is_noticed() {
        let header = Header { kind: PictureKind::Live, width: 3, height: 2, face: None, taken_ns: 0 };
        let mut pictures = Pictures::default();
        let held = pictures.draw(&header, &[1; 18]);
        pictures.wipe();
        assert_eq!(pictures.left_behind(), 1);
        drop(held);
    }

    #[test]
    fn another_size_and_missing_bytes_are_taken_calmly() {
        let header = |width, height| Header { kind: PictureKind::Live, width, height, face: None, taken_ns: 0 };
        let mut pictures = Pictures::default();
        assert!(pictures.draw(&header(3, 2), &[1; 18]).is_some());
        assert!(pictures.draw(&header(3, 2), &[1; 17]).is_none());
        assert!(pictures.draw(&header(0, 2), &[]).is_none());
        assert_eq!(pictures.draw(&header(2, 2), &[1; 12]).unwrap().size().width, 2);
    }
}

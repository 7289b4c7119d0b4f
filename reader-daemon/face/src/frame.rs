//! One picture from the camera.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::limits::MAX_FRAME_SIDE;

/// One picture from the camera, RGB, row by row from above left, not mirrored. Wiped on drop; `Debug` prints its size.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Frame {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    /// Nanoseconds of the machine's monotonic clock when it was taken.
    taken_ns: u64,
}

impl Frame {
    /// `None`, and the pixels wiped: no size, a side above [`MAX_FRAME_SIDE`], or not `width * height * 3` bytes.
    #[must_use]
    pub fn from_rgb(width: usize, height: usize, rgb: Vec<u8>, taken_ns: u64) -> Option<Self> {
        let sides = 1..=MAX_FRAME_SIDE;
        let frame = Self { width, height, rgb, taken_ns };
        let fits = sides.contains(&width) && sides.contains(&height) && frame.rgb.len() == width * height * 3;
        fits.then_some(frame)
    }

    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// All pixels: `width * height * 3` bytes.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Nanoseconds of the machine's monotonic clock when it was taken.
    #[must_use]
    pub fn taken_ns(&self) -> u64 {
        self.taken_ns
    }

    /// Row `y`, `width * 3` bytes; nothing below the last row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let length = self.width * 3;
        self.rgb.get(y.saturating_mul(length)..).and_then(|rest| rest.get(..length)).unwrap_or_default()
    }

    /// The pixel, black outside.
    pub(crate) fn pixel(&self, x: isize, y: isize) -> [u8; 3] {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return [0; 3] };
        if x >= self.width || y >= self.height {
            return [0; 3];
        }
        let at = (y * self.width + x) * 3;
        self.rgb.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Frame({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_as_many_bytes_as_its_size_says() {
        assert!(Frame::from_rgb(4, 3, vec![0; 36], 0).is_some());
        for (width, height, bytes) in
            [(4, 3, 35), (4, 3, 37), (0, 3, 0), (3, 0, 0), (MAX_FRAME_SIDE + 1, 1, 3 * (MAX_FRAME_SIDE + 1))]
        {
            assert!(Frame::from_rgb(width, height, vec![0; bytes], 0).is_none(), "{width}×{height} with {bytes}");
        }
        assert!(Frame::from_rgb(usize::MAX, usize::MAX, Vec::new(), 0).is_none());
    }

    #[test]
    fn outside_a_frame_all_is_black_and_debug_shows_no_pixel() {
        let frame = Frame::from_rgb(2, 1, vec![201, 202, 203, 204, 205, 206], 7).unwrap();
        assert_eq!(frame.pixel(1, 0), [204, 205, 206]);
        for (x, y) in [(-1, 0), (2, 0), (0, -1), (0, 1), (isize::MAX, isize::MAX)] {
            assert_eq!(frame.pixel(x, y), [0; 3]);
        }
        assert_eq!(frame.row(0).len(), 6);
        assert!(frame.row(1).is_empty());
        assert_eq!(format!("{frame:?}"), "Frame(2×1)");
    }
}

//! YUYV (YUY2) to RGB: two pixels in four bytes, Y0 U Y1 V, as ITU-R BT.601 with limited range (Y 16 to 235, U and V 16 to
//! 240). That is what webcams send whatever they say; who sends full range looks a little more contrasty.

use zeroize::Zeroizing;

use crate::CameraError;

/// `stride`: bytes from row to row, at least two a pixel. Every byte of the picture must be there.
///
/// # Errors
/// [`CameraError::Damaged`].
pub(crate) fn to_rgb(
    width: usize,
    height: usize,
    stride: usize,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CameraError> {
    let row =
        width.checked_mul(2).filter(|row| *row <= stride && width.is_multiple_of(2)).ok_or(CameraError::Damaged)?;
    let needed = stride.checked_mul(height.saturating_sub(1)).and_then(|rows| rows.checked_add(row));
    if width == 0 || height == 0 || needed.is_none_or(|needed| bytes.len() < needed) {
        return Err(CameraError::Damaged);
    }
    let mut rgb = Zeroizing::new(vec![0; width * height * 3]);
    for (from, to) in bytes.chunks(stride).zip(rgb.chunks_exact_mut(width * 3)) {
        let pairs = from.as_chunks::<4>().0.iter().zip(to.as_chunks_mut::<6>().0);
        for (&[y0, u, y1, v], pair) in pairs {
            let [first, second] = [pixel(y0, u, v), pixel(y1, u, v)];
            *pair = [first[0], first[1], first[2], second[0], second[1], second[2]];
        }
    }
    Ok(rgb)
}

/// In 256ths: 1.164, 1.596, 0.392, 0.813, 2.017.
fn pixel(y: u8, u: u8, v: u8) -> [u8; 3] {
    let light = 298 * (i32::from(y) - 16) + 128;
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    let byte = |value: i32| (value >> 8).clamp(0, 255) as u8;
    [byte(light + 409 * v), byte(light - 100 * u - 208 * v), byte(light + 516 * u)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_colours_of_a_test_card_come_out_within_two_steps() {
        // Full saturation bars of BT.601: white, black, red, green, blue.
        let bars = [
            ([235, 128, 128], [255, 255, 255]),
            ([16, 128, 128], [0, 0, 0]),
            ([81, 90, 240], [255, 0, 0]),
            ([145, 54, 34], [0, 255, 0]),
            ([41, 240, 110], [0, 0, 255]),
        ];
        for ([y, u, v], rgb) in bars {
            let got = pixel(y, u, v);
            assert!(got.iter().zip(rgb).all(|(got, want)| got.abs_diff(want) <= 2), "{got:?} for {rgb:?}");
        }
    }

    #[test]
    fn pixels_come_out_in_their_order_and_padding_is_left_out() {
        let grey = |y| [y, 128, y, 128];
        let mut bytes = [grey(235), grey(16)].concat();
        bytes.extend([9, 9]);
        bytes.extend([[235, 128, 16, 128], grey(16)].concat());
        let rgb = to_rgb(4, 2, 10, &bytes).unwrap();
        let white: Vec<bool> = rgb.chunks(3).map(|pixel| pixel[0] > 200).collect();
        assert_eq!(white, [true, true, false, false, true, false, false, false]);
    }

    #[test]
    fn half_a_frame_is_damaged() {
        assert!(to_rgb(640, 480, 1280, &vec![0; 640 * 480]).is_err());
        assert!(to_rgb(640, 480, 1280, &vec![0; 640 * 480 * 2 - 1]).is_err());
        assert!(to_rgb(640, 480, 1280, &vec![0; 640 * 480 * 2]).is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_and_sizes_give_a_whole_picture_or_none(
            width in 0usize..40, height in 0usize..40, stride in 0usize..100,
            bytes in proptest::collection::vec(any::<u8>(), 0..4000),
        ) {
            if let Ok(rgb) = to_rgb(width, height, stride, &bytes) {
                prop_assert_eq!(rgb.len(), width * height * 3);
                prop_assert!(bytes.len() >= stride * (height - 1) + 2 * width);
            }
        }
    }
}

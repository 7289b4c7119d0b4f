//! One picture of an MJPEG stream to RGB. It must end within what the camera delivered: what lies behind may be an earlier
//! picture (lab finding 2).

use zeroize::Zeroizing;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::limits::{MAX_JPEG, MAX_JPEG_SIDE};
use crate::{CameraError, Frame};

/// One picture of an MJPEG stream, exactly as many bytes as the camera delivered. `taken_ns`: see [`Frame::taken_ns`].
///
/// # Errors
/// [`CameraError::Damaged`]: cut short, no JPEG, or a side above [`MAX_JPEG_SIDE`].
pub fn decode_mjpeg(delivered: &[u8], taken_ns: u64) -> Result<Frame, CameraError> {
    let body = body(delivered).ok_or(CameraError::Damaged)?;
    let mut jpeg = Zeroizing::new(Vec::with_capacity(body.len() + TAIL));
    jpeg.extend_from_slice(body);
    jpeg.resize(body.len() + TAIL, 0);
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(MAX_JPEG_SIDE)
        .set_max_height(MAX_JPEG_SIDE)
        .jpeg_set_max_scans(16)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg.as_slice()), options);
    decoder.decode_headers().map_err(|_| CameraError::Damaged)?;
    let info = decoder.info().ok_or(CameraError::Damaged)?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let fits = |side: usize| (1..=MAX_JPEG_SIDE).contains(&side);
    let size = width * height * 3;
    if !fits(width) || !fits(height) || decoder.output_buffer_size() != Some(size) {
        return Err(CameraError::Damaged);
    }
    let mut bytes = Zeroizing::new(vec![0; size]);
    decoder.decode_into(&mut bytes).map_err(|_| CameraError::Damaged)?;
    Frame::from_rgb(width, height, std::mem::take(&mut *bytes), taken_ns).ok_or(CameraError::Damaged)
}

/// Zeros that stand for the end: at a real end the decoder fills a cut picture up with grey and says nothing; here it runs
/// out of bytes. It reads up to 8 ahead.
const TAIL: usize = 16;

/// From SOI to before EOI; cameras may pad with zeros behind it. `None`: the start or the end is missing.
fn body(delivered: &[u8]) -> Option<&[u8]> {
    let end = delivered.iter().rposition(|byte| *byte != 0)?;
    let jpeg = delivered.get(..=end)?;
    let begun = jpeg.len() <= MAX_JPEG && jpeg.starts_with(&[0xFF, 0xD8]);
    jpeg.strip_suffix(&[0xFF, 0xD9]).filter(|_| begun)
}

#[cfg(test)]
mod tests {
    use image::ExtendedColorType::{L8, Rgb8};
    use image::codecs::jpeg::JpegEncoder;
    use proptest::prelude::*;

    use super::*;

    /// A picture with as much detail as a room has.
    fn picture(width: u16, height: u16) -> Vec<u8> {
        let mut rgb = Vec::new();
        for y in 0..u32::from(height) {
            for x in 0..u32::from(width) {
                let noise = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 26;
                rgb.extend([(x * 255 / u32::from(width)) as u8, (y * 255 / u32::from(height)) as u8, noise as u8 * 3]);
            }
        }
        rgb
    }

    fn to_rgb(delivered: &[u8]) -> Result<Frame, CameraError> {
        decode_mjpeg(delivered, 7)
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = Vec::new();
        let rgb = picture(width, height);
        JpegEncoder::new_with_quality(&mut bytes, 90).encode(&rgb, width.into(), height.into(), Rgb8).unwrap();
        bytes
    }

    #[test]
    fn a_whole_picture_comes_out_with_and_without_zeros_behind_it() {
        let mut bytes = jpeg(64, 48);
        for _ in 0..2 {
            let rgb = to_rgb(&bytes).unwrap();
            assert_eq!((rgb.width(), rgb.height(), rgb.rgb().len()), (64, 48, 64 * 48 * 3));
            let far = rgb.rgb().iter().zip(picture(64, 48)).filter(|(got, want)| got.abs_diff(*want) > 60).count();
            assert!(far < 64 * 48 * 3 / 20, "{far} bytes are far off");
            bytes.extend([0; 100]);
        }
    }

    #[test]
    fn a_grey_picture_comes_out_as_rgb() {
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode(&[200; 32 * 32], 32, 32, L8).unwrap();
        let rgb = to_rgb(&bytes).unwrap();
        assert!(rgb.rgb().len() == 32 * 32 * 3 && rgb.rgb().iter().all(|byte| byte.abs_diff(200) < 4));
    }

    #[test]
    fn half_a_picture_is_damaged_whatever_lies_behind_it() {
        let whole = jpeg(640, 480);
        let half = &whole[..whole.len() / 2];
        assert!(to_rgb(half).is_err());
        let behind = [half, &vec![0; half.len()]].concat();
        assert!(to_rgb(&behind).is_err(), "zeros");
        let behind = [half, &[0xFF, 0xD9]].concat();
        assert!(to_rgb(&behind).is_err(), "an end of its own");
    }

    #[test]
    fn a_picture_without_end_or_beginning_is_damaged() {
        let whole = jpeg(64, 48);
        assert!(to_rgb(&whole[..whole.len() - 2]).is_err());
        assert!(to_rgb(&whole[2..]).is_err());
        assert!(to_rgb(&[]).is_err());
        assert!(to_rgb(&[0; 64]).is_err());
        assert!(to_rgb(&[whole.as_slice(), &[1]].concat()).is_err());
    }

    #[test]
    fn a_picture_that_says_it_is_huge_is_refused_before_it_is_decoded() {
        let mut bytes = jpeg(64, 48);
        let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        assert!(to_rgb(&bytes).is_err());
    }

    proptest! {
        #[test]
        fn a_whole_picture_of_any_size_and_quality_comes_out(
            width in 1u16..90, height in 1u16..90, quality in 1u8..=100, grey in any::<bool>(),
        ) {
            let mut bytes = Vec::new();
            let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            let pixels = usize::from(width) * usize::from(height);
            let picture = picture(width, height);
            let result = if grey {
                { encoder }.encode(&picture[..pixels], width.into(), height.into(), L8)
            } else {
                { encoder }.encode(&picture, width.into(), height.into(), Rgb8)
            };
            result.unwrap();
            let rgb = to_rgb(&bytes).unwrap();
            prop_assert_eq!((rgb.width(), rgb.height(), rgb.rgb().len()), (width.into(), height.into(), pixels * 3));
        }

        #[test]
        fn a_picture_cut_above_its_last_rows_is_damaged(share in 0.05..0.85_f64, end in any::<bool>()) {
            let whole = jpeg(160, 120);
            let mut bytes = whole[..(whole.len() as f64 * share) as usize].to_vec();
            if end {
                bytes.extend([0xFF, 0xD9]);
            }
            prop_assert!(to_rgb(&bytes).is_err());
        }

        #[test]
        fn hostile_bytes_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..2000), framed in any::<bool>()) {
            if framed {
                bytes.splice(0..0, [0xFF, 0xD8]);
                bytes.extend([0xFF, 0xD9]);
            }
            let _ = to_rgb(&bytes);
        }

        #[test]
        fn a_damaged_picture_is_refused_or_whole(
            changes in proptest::collection::vec((0usize..4000, any::<u8>()), 1..20), cut in proptest::option::of(0usize..4000),
        ) {
            let mut bytes = jpeg(96, 64);
            let length = bytes.len();
            for (at, to) in changes {
                bytes[at % length] = to;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut % length);
                bytes.extend([0xFF, 0xD9]);
            }
            if let Ok(rgb) = to_rgb(&bytes) {
                prop_assert_eq!(rgb.rgb().len(), rgb.width() * rgb.height() * 3);
                prop_assert!(rgb.width() <= MAX_JPEG_SIDE && rgb.height() <= MAX_JPEG_SIDE);
            }
        }
    }
}

//! The card's photo: JPEG 2000 to a [`Frame`]. Hostile until shown otherwise: our own reading of boxes and header decides
//! what the decoder sees at all, and how much work and memory that can cost.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use zeroize::Zeroizing;

use crate::Frame;
use crate::caught::caught;
use crate::limits::MAX_PHOTO;
use crate::net::NetError;

mod header;

use header::{Header, header};

/// Why the photo makes no face vector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Longer than [`MAX_PHOTO`].
    #[error("the photo is too long")]
    TooLong,
    /// Not JPEG 2000, or one outside what cards hold: 1 or 3 components of 8 bits, sides up to 2048, few tiles.
    #[error("the photo is not a JPEG 2000 picture of the kind cards hold")]
    NotAPhoto,
    /// The decoder does not take it.
    #[error("the photo cannot be decoded")]
    Damaged,
    /// No face in it, or one too small.
    #[error("the photo shows no usable face")]
    NoFace,
    /// More than one of about the same size.
    #[error("the photo shows several faces")]
    SeveralFaces,
    /// A model failed: nothing about the photo.
    #[error(transparent)]
    Net(#[from] NetError),
}

const SIGNATURE_BOX: &[u8] = b"\x00\x00\x00\x0C\x6A\x50\x20\x20\x0D\x0A\x87\x0A";
const CODESTREAM_BOX: &[u8; 4] = b"jp2c";
/// SOC and SIZ: how every codestream begins.
const CODESTREAM: &[u8; 4] = b"\xFF\x4F\xFF\x51";

/// Decodes a photo; grey becomes three equal channels.
///
/// # Errors
/// [`PhotoError::TooLong`], [`PhotoError::NotAPhoto`], [`PhotoError::Damaged`].
pub fn decode_photo(bytes: &[u8]) -> Result<Frame, PhotoError> {
    if bytes.len() > MAX_PHOTO {
        return Err(PhotoError::TooLong);
    }
    // Only the codestream goes to the decoder: palettes, colour profiles and channel definitions are no part of a photo.
    let codestream = codestream(bytes).ok_or(PhotoError::NotAPhoto)?;
    let header = header(codestream).ok_or(PhotoError::NotAPhoto)?;
    // The decoder says of itself that it never panics on purpose, but it indexes; a hostile card must not end the worker,
    // which would look like a defect of the terminal.
    caught(|| decode(codestream, header)).unwrap_or(Err(PhotoError::Damaged))
}

fn decode(codestream: &[u8], header: Header) -> Result<Frame, PhotoError> {
    let settings = DecodeSettings { resolve_palette_indices: false, strict: false, target_resolution: None };
    let image = Image::new(codestream, &settings).map_err(|_| PhotoError::Damaged)?;
    if (image.width(), image.height()) != (header.width, header.height) {
        return Err(PhotoError::Damaged);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| PhotoError::Damaged)?;
    let pixels = header.width as usize * header.height as usize;
    let components = decoded.components();
    if components.len() != usize::from(header.components) || components.iter().any(|c| c.samples().len() != pixels) {
        return Err(PhotoError::Damaged);
    }
    let mut samples = Zeroizing::new(vec![0; pixels * components.len()]);
    decoded.store_u8_into(&mut samples);
    let mut rgb = Vec::with_capacity(pixels * 3);
    match components.len() {
        1 => samples.iter().for_each(|grey| rgb.extend([*grey; 3])),
        _ => rgb.extend_from_slice(&samples),
    }
    Frame::from_rgb(header.width as usize, header.height as usize, rgb, 0).ok_or(PhotoError::Damaged)
}

/// The codestream in a JP2 file (ISO 15444-1 annex I), or the bytes when they are one.
fn codestream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(CODESTREAM) {
        return Some(bytes);
    }
    let mut rest = bytes.starts_with(SIGNATURE_BOX).then_some(bytes)?;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, _) = after.split_first_chunk::<4>()?;
        let length = match u32::from_be_bytes(*length) {
            // To the end of the file.
            0 => rest.len(),
            // 1 stands for a length of eight bytes: longer than any photo.
            length => usize::try_from(length).ok().filter(|length| *length >= 8)?,
        };
        let contents = rest.get(8..length)?;
        if kind == CODESTREAM_BOX {
            return contents.starts_with(CODESTREAM).then_some(contents);
        }
        rest = rest.get(length..)?;
    }
}

#[cfg(test)]
mod tests;

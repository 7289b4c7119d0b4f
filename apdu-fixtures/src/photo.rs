//! The photo a card is made with: checked before it is signed into the record (card.md 5.3, E-10).

use crate::limits::{LONGEST_EF, PHOTO_SIDE};

/// Why a file cannot be the photo of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Not the boxes of a JP2 file, or not in their order.
    #[error("the photo is not a JP2 file")]
    NotJp2,
    /// Neither grey nor RGB.
    #[error("the photo has {components} components in colour space {space}; it must be grey (1, 17) or RGB (3, 16)")]
    Colours {
        /// Components by its image header.
        components: u16,
        /// Enumerated colour space; 0: none is named.
        space: u32,
    },
    /// Not 8 bit a component.
    #[error("the photo must have 8 bit a component")]
    Depth,
    /// A side is zero or too long.
    #[error("the photo is {width} × {height} pixels; each side may have 1 to {PHOTO_SIDE}")]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The JPEG 2000 codestream inside is not one, or has another size than the header says.
    #[error("the codestream of the photo does not fit its header")]
    Codestream,
    /// EF 0002 cannot hold it.
    #[error("the photo has {bytes} bytes; the record with it would have more than {LONGEST_EF}")]
    TooLong {
        /// Bytes of the file.
        bytes: usize,
    },
}

/// Colour spaces by their number in `colr`.
const GREY: u32 = 17;
const SRGB: u32 = 16;

/// Whether these bytes are a photo for a card. The picture itself is not decoded: that is the terminal's business.
///
/// # Errors
/// [`PhotoError`]. Whether the whole record fits is only known when it is built.
pub(crate) fn check(bytes: &[u8]) -> Result<(), PhotoError> {
    if bytes.len() > LONGEST_EF {
        return Err(PhotoError::TooLong { bytes: bytes.len() });
    }
    let rest = match next_box(bytes).ok_or(PhotoError::NotJp2)? {
        (b"jP  ", [0x0D, 0x0A, 0x87, 0x0A], rest) => rest,
        _ => return Err(PhotoError::NotJp2),
    };
    let mut rest = match next_box(rest).ok_or(PhotoError::NotJp2)? {
        (b"ftyp", content, rest) if content.starts_with(b"jp2 ") => rest,
        _ => return Err(PhotoError::NotJp2),
    };
    let mut header = None;
    while !rest.is_empty() {
        let (kind, content, after) = next_box(rest).ok_or(PhotoError::NotJp2)?;
        match kind {
            b"jp2h" if header.is_none() => header = Some(Header::read(content)?),
            b"jp2c" => return header.ok_or(PhotoError::NotJp2)?.check(content),
            _ => {}
        }
        rest = after;
    }
    Err(PhotoError::NotJp2)
}

/// What `jp2h` says.
struct Header {
    width: u32,
    height: u32,
    components: u16,
    depth: u8,
    space: u32,
}

impl Header {
    fn read(mut boxes: &[u8]) -> Result<Self, PhotoError> {
        let (mut image, mut space) = (None, 0);
        while !boxes.is_empty() {
            let (kind, content, after) = next_box(boxes).ok_or(PhotoError::NotJp2)?;
            match (kind, content) {
                (b"ihdr", content) if image.is_none() => image = Some(content),
                // Method 1: an enumerated colour space; the first `colr` counts.
                (b"colr", [1, _, _, number @ ..]) if space == 0 => space = u32_at(number, 0).unwrap_or(0),
                _ => {}
            }
            boxes = after;
        }
        let image = image.ok_or(PhotoError::NotJp2)?;
        let (Some(height), Some(width), Some(components), Some(&depth)) =
            (u32_at(image, 0), u32_at(image, 4), u16_at(image, 8), image.get(10))
        else {
            return Err(PhotoError::NotJp2);
        };
        Ok(Header { width, height, components, depth, space })
    }

    fn check(&self, codestream: &[u8]) -> Result<(), PhotoError> {
        let &Header { width, height, components, depth, space } = self;
        if !matches!((components, space), (1, GREY) | (3, SRGB)) {
            return Err(PhotoError::Colours { components, space });
        }
        // One less than the bits; the highest bit would mean signed.
        if depth != 7 {
            return Err(PhotoError::Depth);
        }
        if ![width, height].iter().all(|side| (1..=PHOTO_SIDE).contains(side)) {
            return Err(PhotoError::Size { width, height });
        }
        // SOC and SIZ (ISO/IEC 15444-1 A.5.1): extent less offset, number of components. EOC at the end.
        let side = |at: usize| u32_at(codestream, at)?.checked_sub(u32_at(codestream, at + 8)?);
        let fits = codestream.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
            && codestream.ends_with(&[0xFF, 0xD9])
            && (side(8), side(12)) == (Some(width), Some(height))
            && u16_at(codestream, 40) == Some(components);
        if fits { Ok(()) } else { Err(PhotoError::Codestream) }
    }
}

/// Type, content and what follows of the first box (ISO/IEC 15444-1 I.4).
fn next_box(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = match u32::from_be_bytes(*length) {
        // To the end of the file.
        0 => (rest.len(), rest),
        1 => {
            let (long, rest) = rest.split_first_chunk::<8>()?;
            (usize::try_from(u64::from_be_bytes(*long)).ok()?.checked_sub(16)?, rest)
        }
        short => (usize::try_from(short).ok()?.checked_sub(8)?, rest),
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((kind, content, after))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
}

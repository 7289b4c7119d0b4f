//! The live picture on its way from the face worker to the kiosk, on a connection of its own: a header, then the pixels.
//!
//! The daemon accepts the kiosk's connection and hands it to the worker; frames never pass through the daemon. A new
//! worker is a new connection. What the kiosk does not take in time is left out, so a slow kiosk never slows a decision.

use std::path::{Path, PathBuf};

/// Bytes of a header.
pub const HEADER: usize = 24;
/// Largest width and height of a picture.
pub const MAX_SIDE: u16 = 1280;
const LIVE: [u8; 4] = *b"RDP1";
const PHOTO: [u8; 4] = *b"RDF1";

/// What comes before `width * height * 3` bytes RGB, row by row from above left, as the camera saw it (not mirrored).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Live, or the card's photo: sent once, only while staff compare.
    pub kind: PictureKind,
    /// Pixels a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Where the face is, for the frame that follows it.
    pub face: Option<FaceBox>,
    /// When the frame was taken: nanoseconds of the machine's monotonic clock.
    pub taken_ns: u64,
}

/// Which of the two pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// What the camera sees now.
    Live,
    /// The photo in the card's chip.
    Photo,
}

/// A face in a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceBox {
    /// Left edge.
    pub x: u16,
    /// Upper edge.
    pub y: u16,
    /// Width, at least 1.
    pub width: u16,
    /// Height, at least 1.
    pub height: u16,
}

impl Header {
    /// As sent.
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER] {
        let face = self.face.map_or([0; 4], |face| [face.x, face.y, face.width, face.height]);
        let mut bytes = [0; HEADER];
        let fields = [self.width, self.height].into_iter().chain(face).flat_map(u16::to_be_bytes);
        let magic = match self.kind {
            PictureKind::Live => LIVE,
            PictureKind::Photo => PHOTO,
        };
        let all = magic.into_iter().chain(fields).chain(self.taken_ns.to_be_bytes());
        bytes.iter_mut().zip(all).for_each(|(place, byte)| *place = byte);
        bytes
    }

    /// `None`: no header, or a picture that is empty or too large.
    #[must_use]
    pub fn decode(bytes: &[u8; HEADER]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<4>()?;
        let (fields, taken) = rest.split_first_chunk::<12>()?;
        let taken_ns = u64::from_be_bytes(taken.try_into().ok()?);
        let mut fields = fields.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
        let mut next = || fields.next();
        let (width, height) = (next()?, next()?);
        let face = FaceBox { x: next()?, y: next()?, width: next()?, height: next()? };
        let fits = |side: u16| (1..=MAX_SIDE).contains(&side);
        let kind = match *magic {
            LIVE => PictureKind::Live,
            PHOTO => PictureKind::Photo,
            _ => return None,
        };
        if !fits(width) || !fits(height) {
            return None;
        }
        let face = (face.width > 0 && face.height > 0).then_some(face);
        Some(Self { kind, width, height, face, taken_ns })
    }

    /// Bytes of the picture that follows.
    #[must_use]
    pub fn picture_bytes(&self) -> usize {
        usize::from(self.width) * usize::from(self.height) * 3
    }
}

/// Where the kiosk connects for the live picture, next to its socket: `kiosk.sock` → `kiosk.sock.preview`.
#[must_use]
pub fn socket_path(screen_socket: &Path) -> PathBuf {
    let mut name = screen_socket.as_os_str().to_owned();
    name.push(".preview");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_as_it_was_sent() {
        let face = Some(FaceBox { x: 1, y: 2, width: 300, height: 400 });
        for face in [None, face] {
            for kind in [PictureKind::Live, PictureKind::Photo] {
                let header = Header { kind, width: 640, height: 480, face, taken_ns: u64::MAX - 5 };
                assert_eq!(Header::decode(&header.encode()), Some(header));
            }
        }
    }

    #[test]
    fn what_is_no_header_or_too_large_is_refused() {
        let good = Header { kind: PictureKind::Live, width: 640, height: 480, face: None, taken_ns: 1 };
        for (place, byte) in [(0, b'X'), (4, 0xFF), (6, 0xFF)] {
            let mut bytes = good.encode();
            bytes[place] = byte;
            assert_eq!(Header::decode(&bytes), None, "byte {place}");
        }
        let empty = Header { width: 0, ..good };
        assert_eq!(Header::decode(&empty.encode()), None);
    }
}

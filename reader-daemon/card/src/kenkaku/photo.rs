//! What a reading of the photo gives.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The photo as it lies in the card (JPEG 2000). Wiped on drop; `Debug` prints its length only.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Photo(Vec<u8>);

impl Photo {
    /// The JP2 file, at most 32 767 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Photo {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({} bytes)", self.0.len())
    }
}

/// What the authenticated record says. Wiped on drop; `Debug` prints the photo's length only.
#[derive(ZeroizeOnDrop)]
pub struct PhotoRecord {
    /// DF27.
    pub photo: Photo,
    /// DF22, YYYYMMDD, western; a real day.
    pub birth_date: [u8; 8],
    /// DF23: `1` male, `2` female, `0`, `9` (JIS X 0303).
    pub sex: u8,
}

impl fmt::Debug for PhotoRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhotoRecord").field("photo", &self.photo).finish_non_exhaustive()
    }
}

/// What came of one reading of the photo. The surface code was handed to the card at most once.
#[derive(Debug)]
pub enum PhotoOutcome {
    /// Passive and active authentication hold.
    Authentic(Box<PhotoRecord>),
    /// The card refused the code; so many tries are left (more than three).
    CodeWrong {
        /// Tries left.
        left: u8,
    },
    /// Three or fewer tries are left: nothing was sent, or nothing more may be.
    CodeStopped {
        /// Tries left; 0: blocked.
        left: u8,
    },
    /// There is no photo in the record (under one year, patient-flow 13). The record and the chip are authentic.
    NoPhoto,
    /// Passive authentication failed: EF 0004 or DF28 is wrong, or the record is malformed.
    Tampered,
    /// The chip does not hold the key of DF24.
    Cloned,
    /// The key that signed EF 0004 is not configured. The code was not sent.
    UnknownSigner,
    /// Another card than the one of this visit. Nothing was sent.
    Changed,
}

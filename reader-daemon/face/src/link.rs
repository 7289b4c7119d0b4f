//! The protocol's bytes: a length of four bytes, big-endian, then that many bytes of JSON, as on the kiosk's socket. Used by
//! both ends, so that they cannot differ.

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::{FromWorker, ToWorker, limits};

/// Why the other end was not understood. The connection is closed after any of them.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// A length field asks for too much.
    #[error("a message of the face worker's protocol is too long")]
    TooLong,
    /// Not a message of this protocol.
    #[error("a message of the face worker's protocol is not understood")]
    Malformed,
    /// Reading failed.
    #[error("the face worker's socket failed")]
    Io(#[from] io::Error),
}

impl From<screen::FrameError> for LinkError {
    fn from(error: screen::FrameError) -> Self {
        match error {
            screen::FrameError::TooLong(_) => Self::TooLong,
            screen::FrameError::Malformed => Self::Malformed,
        }
    }
}

/// Daemon's side: an order as sent. After [`ToWorker::Photo`] the photo's bytes follow bare.
#[must_use]
pub fn encode_order(order: &ToWorker) -> Vec<u8> {
    // Every order fits: a test encodes the longest.
    screen::encode(order).unwrap_or_default()
}

/// Worker's side: news as sent.
#[must_use]
pub fn encode_news(news: &FromWorker) -> Vec<u8> {
    // Texts are cut to `limits::MAX_DETAIL` by whoever makes them.
    screen::encode(news).unwrap_or_default()
}

/// Daemon's side: collects bytes as they come and gives whole news back. Bounded.
#[derive(Default)]
pub struct Decoder {
    inner: screen::Decoder,
}

impl Decoder {
    /// Takes in bytes from the socket. Take all news out with [`Self::next`] before the next push.
    ///
    /// # Errors
    /// [`LinkError::TooLong`] as soon as a length field asks for too much.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        Ok(self.inner.push(bytes)?)
    }

    /// The next whole news, or `None` while bytes are missing.
    ///
    /// # Errors
    /// [`LinkError`] when they are no news.
    #[expect(clippy::should_implement_trait, reason = "an iterator would hide that more bytes may come")]
    pub fn next(&mut self) -> Result<Option<FromWorker>, LinkError> {
        Ok(self.inner.message()?)
    }
}

/// Worker's side: waits for the next order; `None` when the daemon has closed the socket between two orders.
///
/// # Errors
/// [`LinkError`].
pub fn read_order(from: &mut impl Read) -> Result<Option<ToWorker>, LinkError> {
    let mut field = [0; 4];
    if !filled(from, &mut field)? {
        return Ok(None);
    }
    let length = usize::try_from(u32::from_be_bytes(field)).map_err(|_| LinkError::TooLong)?;
    if length > limits::MAX_ORDER {
        return Err(LinkError::TooLong);
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    serde_json::from_slice(&body).map(Some).map_err(|_| LinkError::Malformed)
}

/// Worker's side: the photo's bytes, straight into a buffer that is wiped.
///
/// # Errors
/// [`LinkError::TooLong`] above [`limits::MAX_PHOTO`], before anything is read.
pub fn read_photo(from: &mut impl Read, bytes: u32) -> Result<Zeroizing<Vec<u8>>, LinkError> {
    let length = usize::try_from(bytes).map_err(|_| LinkError::TooLong)?;
    if length > limits::MAX_PHOTO {
        return Err(LinkError::TooLong);
    }
    let mut photo = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut photo)?;
    Ok(photo)
}

/// `false`: the end came before the first byte.
fn filled(from: &mut impl Read, buffer: &mut [u8; 4]) -> io::Result<bool> {
    let (first, rest) = buffer.split_at_mut(1);
    loop {
        match from.read(first) {
            Ok(0) => return Ok(false),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    from.read_exact(rest)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use screen::{Advice, Movement};

    use super::*;
    use crate::{ClosedBecause, FaceOutcome, Pace};

    const ORDERS: [ToWorker; 4] = [
        ToWorker::Photo { bytes: u32::MAX },
        ToWorker::Look { number: u32::MAX, pace: Pace::Usual },
        ToWorker::Compare { number: u32::MAX },
        ToWorker::Stop,
    ];

    fn news() -> Vec<FromWorker> {
        let outcomes = [
            FaceOutcome::Match,
            FaceOutcome::NoMatch,
            FaceOutcome::Unclear { advice: Some(Advice::Dark) },
            FaceOutcome::Unclear { advice: None },
            FaceOutcome::Attack,
            FaceOutcome::Gone,
        ];
        let looking = FromWorker::Looking {
            number: 1,
            advice: Some(Advice::TooFar),
            movement: Some(Movement::TurnLeft),
            progress: 40,
        };
        let detail = "あ".repeat(limits::MAX_DETAIL);
        let mut all = vec![
            FromWorker::Ready {
                weights: "net@0123456789abcdef".into(),
                level: crate::WeightsLevel::Research,
                camera: "Lab 1:2".into(),
            },
            FromWorker::Closed { why: ClosedBecause::Models, detail },
            FromWorker::Photo { usable: true },
            FromWorker::Camera { number: u32::MAX, on: true },
            FromWorker::Comparing { number: u32::MAX, photo: true },
            looking,
        ];
        all.extend(outcomes.map(|outcome| FromWorker::Decided { number: 2, outcome }));
        all
    }

    #[test]
    fn every_order_arrives_as_it_was_sent_and_the_end_is_no_error() {
        let bytes: Vec<u8> = ORDERS.iter().flat_map(encode_order).collect();
        let mut from = bytes.as_slice();
        for order in ORDERS {
            assert_eq!(read_order(&mut from).unwrap(), Some(order));
        }
        assert_eq!(read_order(&mut from).unwrap(), None);
    }

    #[test]
    fn news_come_through_in_pieces_of_any_size() {
        let bytes: Vec<u8> = news().iter().flat_map(encode_news).collect();
        for step in [1, 2, 3, 7, 64, bytes.len()] {
            let mut decoder = Decoder::default();
            let mut seen = Vec::new();
            for part in bytes.chunks(step) {
                decoder.push(part).unwrap();
                while let Some(one) = decoder.next().unwrap() {
                    seen.push(one);
                }
            }
            assert_eq!(seen, news(), "in steps of {step}");
        }
    }

    #[test]
    fn too_much_is_refused_by_its_length_alone() {
        assert!(matches!(read_order(&mut [0u8, 0, 2, 0].as_slice()), Err(LinkError::TooLong)));
        assert!(matches!(read_photo(&mut io::empty(), 32_768), Err(LinkError::TooLong)));
        assert!(matches!(Decoder::default().push(&[0xFF; 4]), Err(LinkError::TooLong)));
    }

    #[test]
    fn an_order_cut_short_is_an_error_and_not_the_end() {
        let bytes = encode_order(&ToWorker::Look { number: 1, pace: Pace::Slow });
        for end in 1..bytes.len() {
            assert!(read_order(&mut &bytes[..end]).is_err(), "{end} bytes");
        }
        assert!(read_photo(&mut [1u8, 2].as_slice(), 3).is_err());
        assert_eq!(read_photo(&mut [1u8, 2, 3].as_slice(), 2).unwrap().as_slice(), [1, 2]);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut from = bytes.as_slice();
            while let Ok(Some(_)) = read_order(&mut from) {}
            let mut decoder = Decoder::default();
            if decoder.push(&bytes).is_ok() {
                while let Ok(Some(_)) = decoder.next() {}
            }
        }
    }
}

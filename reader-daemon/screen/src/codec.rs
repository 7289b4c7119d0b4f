//! Frames: a length of four bytes, big-endian, then that many bytes of JSON.
//!
//! Every byte from the other side is hostile (law 9): a frame longer than [`MAX_FRAME`] is refused before anything is
//! allocated for it, and a frame that does not parse ends the connection.

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroize;

/// Longest frame body, bytes. A consent screen in two languages needs about 4 KiB.
pub const MAX_FRAME: usize = 64 * 1024;

/// Why a frame was refused. The connection is closed after any of them.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The length field names more than [`MAX_FRAME`] bytes.
    #[error("frame of {0} bytes; at most {MAX_FRAME} are allowed")]
    TooLong(usize),
    /// The body is not a message of this protocol.
    #[error("frame is not a known message")]
    Malformed,
}

/// A message as one frame.
///
/// # Errors
/// [`FrameError::TooLong`] when the message does not fit, [`FrameError::Malformed`] when it cannot be written as JSON.
pub fn encode<M: Serialize>(message: &M) -> Result<Vec<u8>, FrameError> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message).map_err(|_| FrameError::Malformed)?;
    let length = frame.len() - 4;
    if length > MAX_FRAME {
        return Err(FrameError::TooLong(length));
    }
    let length = u32::try_from(length).map_err(|_| FrameError::TooLong(length))?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    Ok(frame)
}

/// Collects bytes as they come and gives whole messages back. What was read is wiped: frames can hold a PIN key.
#[derive(Default)]
pub struct Decoder {
    buffer: Vec<u8>,
}

impl Decoder {
    /// Takes in bytes from the socket.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] as soon as a length field asks for too much.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), FrameError> {
        // Grown by hand so that the old allocation is wiped, not just freed.
        if self.buffer.len() + bytes.len() > self.buffer.capacity() {
            let mut larger = Vec::with_capacity((self.buffer.len() + bytes.len()).next_power_of_two());
            larger.extend_from_slice(&self.buffer);
            self.buffer.zeroize();
            self.buffer = larger;
        }
        self.buffer.extend_from_slice(bytes);
        self.length().map(|_| ())
    }

    /// The next whole message, or `None` while bytes are missing.
    ///
    /// # Errors
    /// [`FrameError`] when the frame is too long or is not a message.
    pub fn message<M: DeserializeOwned>(&mut self) -> Result<Option<M>, FrameError> {
        let Some(length) = self.length()? else { return Ok(None) };
        let Some(body) = self.buffer.get(4..4 + length) else { return Ok(None) };
        let message = serde_json::from_slice(body).map_err(|_| FrameError::Malformed);
        let rest = self.buffer.len() - 4 - length;
        self.buffer.copy_within(4 + length.., 0);
        if let Some(tail) = self.buffer.get_mut(rest..) {
            tail.zeroize();
        }
        self.buffer.truncate(rest);
        message.map(Some)
    }

    fn length(&self) -> Result<Option<usize>, FrameError> {
        let Some(field) = self.buffer.first_chunk::<4>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*field)).map_err(|_| FrameError::TooLong(usize::MAX))?;
        if length > MAX_FRAME { Err(FrameError::TooLong(length)) } else { Ok(Some(length)) }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Advice, Digit, Era, Movement, PhoneWay, Revision, Screen, SurfaceDigits, SurfaceField, SurfaceNotice, Target,
        ToDaemon, WeightsLevel,
    };

    fn feed(bytes: &[u8], step: usize) -> Vec<Result<ToDaemon, FrameError>> {
        let mut decoder = Decoder::default();
        let mut seen = Vec::new();
        for part in bytes.chunks(step.max(1)) {
            if let Err(error) = decoder.push(part) {
                seen.push(Err(error));
                return seen;
            }
            loop {
                match decoder.message::<ToDaemon>() {
                    Ok(Some(message)) => seen.push(Ok(message)),
                    Ok(None) => break,
                    Err(error) => {
                        seen.push(Err(error));
                        return seen;
                    }
                }
            }
        }
        seen
    }

    #[test]
    fn a_touch_comes_through_in_pieces_of_any_size() {
        let touch = ToDaemon::Touched { revision: Revision(7), target: Target::AgreeAll };
        let key = ToDaemon::Key { revision: Revision(8), digit: Digit::new(3).unwrap() };
        let mut bytes = encode(&touch).unwrap();
        bytes.extend(encode(&key).unwrap());
        for step in 1..bytes.len() {
            let seen: Vec<_> = feed(&bytes, step).into_iter().map(Result::unwrap).collect();
            assert_eq!(seen, [touch.clone(), key.clone()]);
        }
    }

    /// It may follow a key of a number pad: nothing but the view is in it.
    #[test]
    fn an_act_says_nothing_of_itself() {
        let active = ToDaemon::Active { revision: Revision(9) };
        let json = serde_json::json!({ "message": "active", "revision": 9 });
        assert_eq!(serde_json::to_value(&active).unwrap(), json);
        assert_eq!(feed(&encode(&active).unwrap(), 3).pop().unwrap().unwrap(), active);
    }

    #[test]
    fn a_long_frame_is_refused_by_its_length_alone() {
        let mut decoder = Decoder::default();
        assert!(matches!(decoder.push(&[0xFF, 0xFF, 0xFF, 0xFF]), Err(FrameError::TooLong(_))));
    }

    #[test]
    fn an_eleventh_key_is_no_message() {
        let body = br#"{"message":"key","revision":1,"digit":10}"#;
        let mut bytes = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
        bytes.extend_from_slice(body);
        assert!(matches!(feed(&bytes, 64).as_slice(), [Err(FrameError::Malformed)]));
    }

    #[test]
    fn a_digit_is_silent_in_debug() {
        let key = ToDaemon::Key { revision: Revision(1), digit: Digit::new(7).unwrap() };
        assert!(!format!("{key:?}").contains('7'));
    }

    #[test]
    fn digits_of_the_surface_code_come_through_and_are_silent_in_debug() {
        let digits = SurfaceDigits("550217".into());
        assert!(!format!("{digits:?}").contains("550217"));
        let screen = Screen::KeyingSurfaceCode {
            field: SurfaceField::BirthDate { era: Era::Showa },
            typed: digits,
            notice: Some(SurfaceNotice::Wrong),
        };
        let json = serde_json::to_value(&screen).unwrap();
        assert_eq!(json["kind"], "keying_surface_code");
        assert_eq!(json["typed"], "550217");
        assert_eq!(serde_json::from_value::<Screen>(json).unwrap(), screen);
    }

    #[test]
    fn every_guidance_at_the_camera_comes_through() {
        for advice in Advice::ALL.map(Some).into_iter().chain([None]) {
            for movement in Movement::ALL.map(Some).into_iter().chain([None]) {
                let screen = Screen::FacingCamera { advice, movement, progress: 40, other_way: true };
                let json = serde_json::to_value(&screen).unwrap();
                assert_eq!(serde_json::from_value::<Screen>(json).unwrap(), screen);
            }
        }
    }

    #[test]
    fn every_level_of_weights_comes_through_and_no_other_word_does() {
        for weights in WeightsLevel::ALL.map(Some).into_iter().chain([None]) {
            let screen = Screen::Start { phone: PhoneWay::No, weights, fault: None };
            let json = serde_json::to_value(&screen).unwrap();
            assert_eq!(serde_json::from_value::<Screen>(json.clone()).unwrap(), screen);
            let mut other = json;
            other["weights"] = "Approved".into();
            assert!(serde_json::from_value::<Screen>(other).is_err());
        }
    }

    #[test]
    fn every_target_has_its_wire_name() {
        for target in Target::ALL {
            assert_eq!(serde_json::to_value(target).unwrap(), target.name());
            assert_eq!(Target::by_name(target.name()), Some(target));
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600), step in 1usize..50) {
            let _ = feed(&bytes, step);
        }

        #[test]
        fn a_damaged_frame_is_an_error_or_another_message_but_no_panic(at in 0usize..80, to in any::<u8>()) {
            let mut bytes = encode(&ToDaemon::Touched { revision: Revision(3), target: Target::Confirm }).unwrap();
            let at = at % bytes.len();
            bytes[at] = to;
            let _ = feed(&bytes, 16);
        }
    }
}

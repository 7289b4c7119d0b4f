//! Command and response APDUs, short and extended (ISO 7816-4 5.1). Every buffer of a command is wiped on drop, because
//! one of them holds the PIN; `Debug` of a command prints its header only.

use std::fmt;

use zeroize::Zeroizing;

use crate::{ChannelError, limits};

/// SELECT.
pub const INS_SELECT: u8 = 0xA4;
/// READ BINARY.
pub const INS_READ_BINARY: u8 = 0xB0;
/// GET DATA.
pub const INS_GET_DATA: u8 = 0xCA;
/// GET RESPONSE.
pub const INS_GET_RESPONSE: u8 = 0xC0;
/// VERIFY, and the query of the tries left.
pub const INS_VERIFY: u8 = 0x20;
/// PERFORM SECURITY OPERATION; COMPUTE DIGITAL SIGNATURE on this card (card.md 4.3).
pub const INS_SIGN: u8 = 0x2A;

/// Bytes are not a command, or a command cannot be written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a command APDU")]
pub struct ApduError;

/// One command APDU.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// Class byte.
    pub cla: u8,
    /// Instruction byte.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    data: Zeroizing<Vec<u8>>,
    le: Option<usize>,
}

impl Command {
    /// A command without data that expects none.
    #[must_use]
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla, ins, p1, p2, data: Zeroizing::new(Vec::new()), le: None }
    }

    /// With data.
    #[must_use]
    pub fn data(mut self, data: &[u8]) -> Self {
        // Sized once: a buffer that grows would leave an unwiped copy behind.
        let mut owned = Zeroizing::new(Vec::with_capacity(data.len()));
        owned.extend_from_slice(data);
        self.data = owned;
        self
    }

    /// Expecting at most `le` data bytes (1 to 65536).
    #[must_use]
    pub fn le(mut self, le: usize) -> Self {
        self.le = Some(le);
        self
    }

    /// The data.
    #[must_use]
    pub fn data_bytes(&self) -> &[u8] {
        &self.data
    }

    /// Most data bytes expected; `None`: none.
    #[must_use]
    pub fn expected(&self) -> Option<usize> {
        self.le
    }

    /// The bytes to send: short where both lengths allow it, extended otherwise.
    ///
    /// # Errors
    /// [`ApduError`] for more than 65535 data bytes, and for an Le of 0 or above 65536.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, ApduError> {
        let (lc, le) = (self.data.len(), self.le.unwrap_or_default());
        if lc >= limits::EXTENDED || self.le == Some(0) || le > limits::EXTENDED {
            return Err(ApduError);
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 + 3 + lc + 2));
        bytes.extend_from_slice(&[self.cla, self.ins, self.p1, self.p2]);
        let lc_be = u16::try_from(lc).map_err(|_| ApduError)?.to_be_bytes();
        // 256 (short) and 65536 (extended) are written as zero.
        let [.., le_high, le_low] = le.to_be_bytes();
        if lc <= limits::SHORT_LC && le <= limits::SHORT_LE {
            if lc > 0 {
                bytes.push(lc_be[1]);
                bytes.extend_from_slice(&self.data);
            }
            if self.le.is_some() {
                bytes.push(le_low);
            }
        } else {
            bytes.push(0);
            if lc > 0 {
                bytes.extend_from_slice(&lc_be);
                bytes.extend_from_slice(&self.data);
            }
            if self.le.is_some() {
                bytes.extend_from_slice(&[le_high, le_low]);
            }
        }
        Ok(bytes)
    }

    /// Reads the bytes of one command.
    ///
    /// # Errors
    /// [`ApduError`] where the lengths do not add up to one of the seven forms.
    pub fn parse(bytes: &[u8]) -> Result<Self, ApduError> {
        let [cla, ins, p1, p2, body @ ..] = bytes else { return Err(ApduError) };
        let command = Self::new(*cla, *ins, *p1, *p2);
        let short_le = |le: u8| if le == 0 { limits::SHORT_LE } else { usize::from(le) };
        let long = |high: u8, low: u8| usize::from(u16::from_be_bytes([high, low]));
        let long_le = |high, low| if (high, low) == (0, 0) { limits::EXTENDED } else { long(high, low) };
        Ok(match *body {
            [] => command,
            [le] => command.le(short_le(le)),
            [0, high, low] => command.le(long_le(high, low)),
            [0, high, low, ref rest @ ..] => {
                let lc = long(high, low);
                let (data, after) = rest.split_at_checked(lc).ok_or(ApduError)?;
                match *after {
                    _ if lc == 0 => return Err(ApduError),
                    [] => command.data(data),
                    [high, low] => command.data(data).le(long_le(high, low)),
                    [_, ..] => return Err(ApduError),
                }
            }
            [lc, ref rest @ ..] => {
                let (data, after) = rest.split_at_checked(usize::from(lc)).ok_or(ApduError)?;
                match *after {
                    _ if lc == 0 => return Err(ApduError),
                    [] => command.data(data),
                    [le] => command.data(data).le(short_le(le)),
                    [_, _, ..] => return Err(ApduError),
                }
            }
        })
    }

    /// Whether sending it twice can do no harm: SELECT, READ BINARY, GET DATA and nothing else (law 1).
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.cla == 0x00 && matches!(self.ins, INS_SELECT | INS_READ_BINARY | INS_GET_DATA)
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Command({:02X} {:02X} {:02X} {:02X}, {} bytes)",
            self.cla,
            self.ins,
            self.p1,
            self.p2,
            self.data.len()
        )
    }
}

/// SW1 SW2.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Done.
    pub const OK: Self = Self(0x9000);
    /// Data may be corrupt.
    pub const CORRUPT: Self = Self(0x6281);
    /// End of file reached.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// Comparison failed, no counter.
    pub const WRONG: Self = Self(0x6300);
    /// Access condition not met.
    pub const SECURITY_STATUS: Self = Self(0x6982);
    /// Blocked (ISO).
    pub const BLOCKED: Self = Self(0x6983);
    /// Key blocked.
    pub const KEY_BLOCKED: Self = Self(0x6984);
    /// No such application or file.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// Offset outside the file.
    pub const OFFSET: Self = Self(0x6B00);
    /// Internal error.
    pub const INTERNAL: Self = Self(0x6F00);

    /// `61xx`: so many bytes can be fetched with GET RESPONSE.
    #[must_use]
    pub fn more(self) -> Option<usize> {
        self.length_after(0x61)
    }

    /// `6Cxx`: the Le to repeat with.
    #[must_use]
    pub fn right_le(self) -> Option<usize> {
        self.length_after(0x6C)
    }

    /// `63Cx`: so many tries are left.
    #[must_use]
    pub fn tries(self) -> Option<u8> {
        let [sw1, sw2] = self.0.to_be_bytes();
        (sw1 == 0x63 && sw2 & 0xF0 == 0xC0).then_some(sw2 & 0x0F)
    }

    fn length_after(self, wanted: u8) -> Option<usize> {
        let [sw1, sw2] = self.0.to_be_bytes();
        (sw1 == wanted).then_some(if sw2 == 0 { limits::SHORT_LE } else { usize::from(sw2) })
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// One response APDU. Its data is wiped on drop, because the photo crosses it; `Debug` prints status and length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The data, possibly gathered over several exchanges.
    pub data: Zeroizing<Vec<u8>>,
    /// The last status word.
    pub status: StatusWord,
}

impl Response {
    /// Splits data and status word.
    ///
    /// # Errors
    /// [`ChannelError::Malformed`] below two bytes or above the longest extended answer.
    pub fn parse(mut bytes: Vec<u8>) -> Result<Self, ChannelError> {
        if bytes.len() > limits::EXTENDED + 2 {
            return Err(ChannelError::Malformed);
        }
        let Some((_, [sw1, sw2])) = bytes.split_last_chunk::<2>() else { return Err(ChannelError::Malformed) };
        let status = StatusWord(u16::from_be_bytes([*sw1, *sw2]));
        bytes.truncate(bytes.len() - 2);
        Ok(Self { data: Zeroizing::new(bytes), status })
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({} bytes, {})", self.data.len(), self.status)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(command: &Command) -> Vec<u8> {
        command.encode().expect("encodable").to_vec()
    }

    #[test]
    fn the_seven_forms_are_written_as_iso_7816_4_says() {
        let command = Command::new(0x00, 0xB0, 0x81, 0x02);
        assert_eq!(bytes(&command), [0x00, 0xB0, 0x81, 0x02]);
        assert_eq!(bytes(&command.clone().le(256)), [0x00, 0xB0, 0x81, 0x02, 0x00]);
        assert_eq!(bytes(&command.clone().data(&[9, 8])), [0x00, 0xB0, 0x81, 0x02, 2, 9, 8]);
        assert_eq!(bytes(&command.clone().data(&[9]).le(4)), [0x00, 0xB0, 0x81, 0x02, 1, 9, 4]);
        assert_eq!(bytes(&command.clone().le(257)), [0x00, 0xB0, 0x81, 0x02, 0, 1, 1]);
        assert_eq!(bytes(&command.clone().le(65_536)), [0x00, 0xB0, 0x81, 0x02, 0, 0, 0]);
        let long = bytes(&command.clone().data(&[7; 256]));
        assert_eq!((long.get(4..7), long.len()), (Some(&[0, 1, 0][..]), 4 + 3 + 256));
        let both = bytes(&command.data(&[7; 256]).le(1));
        assert_eq!(both.get(4 + 3 + 256..), Some(&[0, 1][..]));
    }

    #[test]
    fn impossible_lengths_are_refused() {
        let command = Command::new(0, 0, 0, 0);
        assert_eq!(command.clone().le(0).encode(), Err(ApduError));
        assert_eq!(command.clone().le(65_537).encode(), Err(ApduError));
        assert_eq!(command.data(&vec![0; 65_536]).encode(), Err(ApduError));
        for bad in [&[0, 0, 0][..], &[0, 0, 0, 0, 2, 1], &[0, 0, 0, 0, 0, 0, 0, 0], &[0, 0, 0, 0, 1, 1, 1, 1]] {
            assert_eq!(Command::parse(bad), Err(ApduError), "{bad:02X?}");
        }
    }

    #[test]
    fn only_select_read_binary_and_get_data_may_be_repeated() {
        let repeatable: Vec<u8> = (0..=255).filter(|ins| Command::new(0x00, *ins, 0, 0).is_repeatable()).collect();
        assert_eq!(repeatable, [INS_SELECT, INS_READ_BINARY, INS_GET_DATA]);
        assert!(!Command::new(0x80, INS_SIGN, 0, 0x97).is_repeatable());
    }

    #[test]
    fn debug_prints_no_data() {
        let command = Command::new(0x00, INS_VERIFY, 0x00, 0x98).data(b"4711");
        assert_eq!(format!("{command:?}"), "Command(00 20 00 98, 4 bytes)");
        assert_eq!(
            format!("{:?}", Response { data: vec![0x47].into(), status: StatusWord::OK }),
            "Response(1 bytes, 9000)"
        );
    }

    #[test]
    fn a_response_needs_a_status_word_and_an_end() {
        assert_eq!(Response::parse(vec![]), Err(ChannelError::Malformed));
        assert_eq!(Response::parse(vec![0x90]), Err(ChannelError::Malformed));
        assert_eq!(Response::parse(vec![0; 65_539]), Err(ChannelError::Malformed));
        let response = Response::parse(vec![1, 2, 0x63, 0xC2]).expect("two bytes of data");
        assert_eq!((response.data.as_slice(), response.status.tries()), (&[1, 2][..], Some(2)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            header in any::<[u8; 4]>(),
            data in proptest::collection::vec(any::<u8>(), 0..700),
            le in proptest::option::of(1_usize..=65_536),
        ) {
            let [cla, ins, p1, p2] = header;
            let mut command = Command::new(cla, ins, p1, p2).data(&data);
            if let Some(le) = le {
                command = command.le(le);
            }
            prop_assert_eq!(Command::parse(&bytes(&command)), Ok(command));
        }

        #[test]
        fn garbage_is_a_command_or_an_error_and_reads_back_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(command) = Command::parse(&bytes) {
                // A short length in extended form is the same command.
                let again = command.encode().expect("parsed lengths can be written");
                prop_assert_eq!(Command::parse(&again), Ok(command));
            }
            let _ = Response::parse(bytes);
        }
    }
}

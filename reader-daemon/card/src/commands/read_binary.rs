//! READ BINARY by short EF identifier, then by offset, in short chunks (card.md 4.2): readers differ in what they pass,
//! 256 bytes always work. Every buffer is wiped on drop: one of the files holds the photo.

use zeroize::Zeroizing;

use crate::{
    CardError,
    apdu::{Command, INS_READ_BINARY, StatusWord},
    conversation::Conversation,
    limits, wiped,
};

const NAME: &str = "READ BINARY";

/// What came of one READ BINARY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// So many bytes as asked for, or fewer at the end of the file; at least one.
    Data(Zeroizing<Vec<u8>>),
    /// Nothing behind this offset.
    End,
    /// The card has no such file.
    NotThere,
}

/// Reads at most `le` bytes (1 to 256) from the start of the EF with this short identifier, and makes it current.
pub(crate) fn start_of(card: &mut Conversation<'_>, sfi: u8, le: usize) -> Result<Read, CardError> {
    read(card, 0x80 | sfi, 0x00, le)
}

/// Reads at most `le` bytes (1 to 256) of the current EF from `offset`.
fn from(card: &mut Conversation<'_>, offset: usize, le: usize) -> Result<Read, CardError> {
    let malformed = CardError::Malformed { command: NAME };
    let offset = u16::try_from(offset).ok().filter(|offset| usize::from(*offset) <= limits::MAX_OFFSET);
    let [high, low] = offset.ok_or(malformed)?.to_be_bytes();
    read(card, high, low, le)
}

fn read(card: &mut Conversation<'_>, p1: u8, p2: u8, le: usize) -> Result<Read, CardError> {
    let command = Command::new(0x00, INS_READ_BINARY, p1, p2).le(le);
    let mut response = card.exchange(NAME, &command)?;
    if response.status == StatusWord::CORRUPT {
        response = card.exchange(NAME, &command)?;
    }
    match response.status {
        StatusWord::OK | StatusWord::END_OF_FILE if response.data.len() > le => {
            Err(CardError::Malformed { command: NAME })
        }
        StatusWord::OK | StatusWord::END_OF_FILE if !response.data.is_empty() => Ok(Read::Data(response.data)),
        StatusWord::OK | StatusWord::END_OF_FILE | StatusWord::OFFSET => Ok(Read::End),
        StatusWord::NOT_FOUND => Ok(Read::NotThere),
        status => Err(CardError::Unexpected { command: NAME, status }),
    }
}

/// Reads the DER SEQUENCE an EF begins with; what lies behind it is not read. `None`: no such EF.
pub(crate) fn der_object(
    card: &mut Conversation<'_>,
    sfi: u8,
    most: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    object(card, sfi, &[0x30], most)
}

/// Reads the BER object with this tag that an EF begins with, by its length in whatever form; at most `most` bytes.
pub(crate) fn object(
    card: &mut Conversation<'_>,
    sfi: u8,
    tag: &[u8],
    most: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let malformed = CardError::Malformed { command: NAME };
    let mut data = match start_of(card, sfi, limits::SHORT_LE)? {
        Read::Data(data) => data,
        Read::End => return Err(malformed),
        Read::NotThere => return Ok(None),
    };
    for _ in 0..limits::MAX_CHUNKS {
        let missing = match length(&data, tag).map_err(|NotThisObject| malformed)? {
            // Fewer bytes than a header: a card with tiny answers.
            None => limits::SHORT_LE,
            Some(total) if total > most => return Err(malformed),
            Some(total) if total <= data.len() => {
                data.truncate(total);
                return Ok(Some(data));
            }
            Some(total) => total - data.len(),
        };
        match from(card, data.len(), missing.min(limits::SHORT_LE))? {
            Read::Data(more) => wiped::append(&mut data, &more),
            Read::End | Read::NotThere => return Err(malformed),
        }
    }
    Err(malformed)
}

/// The bytes do not begin the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotThisObject;

/// Length of the object with this tag at the start, header included; every length form (card.md 4.2, 5.2). `None`: too
/// few bytes to say.
fn length(data: &[u8], tag: &[u8]) -> Result<Option<usize>, NotThisObject> {
    let Some(behind_tag) = data.strip_prefix(tag) else {
        return if tag.starts_with(data) { Ok(None) } else { Err(NotThisObject) };
    };
    let header = tag.len() + 1;
    match *behind_tag {
        [] => Ok(None),
        [short, ..] if short < 0x80 => Ok(Some(header + usize::from(short))),
        [form @ 0x81..=0x84, ref rest @ ..] => {
            let count = usize::from(form & 0x7F);
            let Some(bytes) = rest.get(..count) else { return Ok(None) };
            let length = bytes.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
            length.checked_add(header + count).map(Some).ok_or(NotThisObject)
        }
        [_, ..] => Err(NotThisObject),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scripted::Scripted;

    fn reading(card: &mut Scripted) -> Result<Option<Vec<u8>>, CardError> {
        let object = der_object(&mut Conversation::resumed(card), 0x0A, limits::MAX_CERTIFICATE)?;
        Ok(object.map(|object| object.to_vec()))
    }

    fn with_status(data: &[u8]) -> Vec<u8> {
        [data, &[0x90, 0x00]].concat()
    }

    #[test]
    fn every_length_form_is_understood() {
        let der_length = |bytes: &[u8]| length(bytes, &[0x30]);
        assert_eq!(der_length(&[0x30, 0x05]), Ok(Some(7)));
        assert_eq!(der_length(&[0x30, 0x81, 0x80]), Ok(Some(131)));
        assert_eq!(der_length(&[0x30, 0x82, 0x06, 0x32]), Ok(Some(1590)));
        assert_eq!(der_length(&[0x30, 0x83, 0x00, 0x06, 0x32]), Ok(Some(1591)));
        assert_eq!(der_length(&[0x30, 0x82, 0x06]), Ok(None));
        assert_eq!(der_length(&[0x30, 0x80]), Err(NotThisObject));
        assert_eq!(der_length(&[0x30, 0x85, 0, 0, 0, 0, 0]), Err(NotThisObject));
        assert_eq!(der_length(&[0x31, 0x05]), Err(NotThisObject));
        let face_length = |bytes: &[u8]| length(bytes, &[0xFF, 0x20]);
        assert_eq!(face_length(&[0xFF, 0x20, 0x82, 0x0B, 0xF9]), Ok(Some(3070)), "card.md 11.2");
        assert_eq!(
            (face_length(&[]), face_length(&[0xFF]), face_length(&[0xFF, 0x20])),
            (Ok(None), Ok(None), Ok(None))
        );
        assert_eq!(face_length(&[0xFF, 0x10, 0x05]), Err(NotThisObject));
    }

    #[test]
    fn card_md_4_2_a_file_longer_than_its_object_is_read_by_the_der_length() {
        let object: Vec<u8> = [vec![0x30, 0x82, 0x01, 0x10], vec![7; 0x110]].concat();
        let mut card = Scripted::new()
            .answer(&[0x00, 0xB0, 0x8A, 0x00, 0x00], &with_status(&object[..256]))
            .answer(&[0x00, 0xB0, 0x01, 0x00, 20], &with_status(&object[256..]));
        assert_eq!(reading(&mut card), Ok(Some(object)));
        card.finished();

        let filled = [0x30, 0x01, 0x07, 0xFF, 0xFF];
        let mut card = Scripted::new().answer(&[0x00, 0xB0, 0x8A, 0x00, 0x00], &with_status(&filled));
        assert_eq!(reading(&mut card), Ok(Some(vec![0x30, 0x01, 0x07])));
    }

    #[test]
    fn a_corrupt_answer_is_asked_for_once_more() {
        let mut card = Scripted::new()
            .answer(&[0x00, 0xB0, 0x8A, 0x00, 0x00], &[0x30, 0x62, 0x81])
            .answer(&[0x00, 0xB0, 0x8A, 0x00, 0x00], &[0x30, 0x00, 0x62, 0x82]);
        assert_eq!(reading(&mut card), Ok(Some(vec![0x30, 0x00])));
    }

    #[test]
    fn a_file_that_ends_early_or_never_is_malformed() {
        let malformed = Err(CardError::Malformed { command: NAME });
        let first = [0x00, 0xB0, 0x8A, 0x00, 0x00];
        let mut early = Scripted::new().answer(&first, &with_status(&[0x30, 0x10, 1])).always(&[0x6B, 0x00]);
        assert_eq!(reading(&mut early), malformed);
        let mut oversized = Scripted::new().answer(&first, &with_status(&[0x30, 0x82, 0xFF, 0xFF]));
        assert_eq!(reading(&mut oversized), malformed);
        let mut slow = Scripted::new().answer(&first, &with_status(&[0x30, 0x82, 0x10, 0x00])).always(&[1, 0x90, 0x00]);
        assert_eq!(reading(&mut slow), malformed);
        let mut more_than_asked = Scripted::new()
            .answer(&first, &with_status(&[0x30, 0x04, 1, 2]))
            .answer(&[0x00, 0xB0, 0x00, 0x04, 0x02], &with_status(&[3, 4, 5]));
        assert_eq!(reading(&mut more_than_asked), malformed);
    }

    proptest! {
        #[test]
        fn whatever_a_card_answers_reading_ends(answer in proptest::collection::vec(any::<u8>(), 0..300), ok in any::<bool>()) {
            let answer = if ok { with_status(&answer) } else { answer };
            let mut card = Scripted::new().always(&answer);
            if let Ok(Some(object)) = reading(&mut card) {
                prop_assert!(object.len() <= limits::MAX_CERTIFICATE);
            }
            prop_assert!(card.sent().len() <= 2 * (limits::MAX_CHUNKS + 1) * (1 + limits::MAX_AUTOMATIC_EXCHANGES));
        }
    }
}

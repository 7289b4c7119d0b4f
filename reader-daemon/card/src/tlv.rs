//! BER-TLV files. `iso7816-tlv` recurses and takes quadratic time in siblings, so every file goes through an iterative
//! check of size, depth and count first. What is found there also serves lookups by hand: signatures cover bytes as
//! they lie in the file, and some constructed tags hold no TLV (card.md 5.2, 6).

use std::ops::Range;

use iso7816_tlv::ber::Tlv;

use crate::limits;

/// Why bytes are not a TLV file this program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// Longer than [`limits::MAX_TLV`].
    #[error("the TLV file is too long")]
    TooLong,
    /// Nested deeper than [`limits::MAX_TLV_DEPTH`].
    #[error("the TLV file is nested too deeply")]
    TooDeep,
    /// More objects than [`limits::MAX_TLV_OBJECTS`].
    #[error("the TLV file holds too many objects")]
    TooMany,
    /// A tag, a length or an end is missing, or a length does not fit.
    #[error("the TLV file is malformed")]
    Malformed,
}

/// One object of a file.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    /// `0xDF27`, `0x90`, …
    pub(crate) tag: u32,
    /// How many objects it lies within.
    pub(crate) depth: usize,
    /// Where its tag begins, counted from the first byte of the file.
    pub(crate) start: usize,
    /// Tag, length and value, as they lie in the file: what signatures cover.
    pub(crate) whole: &'a [u8],
    /// Its value.
    pub(crate) value: &'a [u8],
}

/// Where one object lies.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    tag: u32,
    depth: usize,
    whole: Range<usize>,
    value: Range<usize>,
}

/// Tag and value length at the start of `bytes`.
struct Header {
    tag: u32,
    constructed: bool,
    length: usize,
    /// Bytes of tag and length.
    size: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, TlvError> {
        let (&first, mut rest) = bytes.split_first().ok_or(TlvError::Malformed)?;
        let mut next = || {
            let (&byte, after) = rest.split_first().ok_or(TlvError::Malformed)?;
            rest = after;
            Ok(byte)
        };
        let mut tag = u32::from(first);
        if first & 0x1F == 0x1F {
            for place in 1.. {
                let byte = next()?;
                tag = (tag << 8) | u32::from(byte);
                if byte & 0x80 == 0 {
                    break;
                }
                if place == 2 {
                    return Err(TlvError::Malformed);
                }
            }
        }
        let length = match next()? {
            short @ 0..=0x7F => usize::from(short),
            // Longer forms than needed are met on cards (card.md 5.2).
            form @ 0x81..=0x84 => {
                let mut length = 0_usize;
                for _ in 0..form & 0x7F {
                    length = (length << 8) | usize::from(next()?);
                }
                length
            }
            0x80 | 0x85..=0xFF => return Err(TlvError::Malformed),
        };
        let size = bytes.len() - rest.len();
        if length > rest.len() {
            return Err(TlvError::Malformed);
        }
        Ok(Self { tag, constructed: first & 0x20 != 0, length, size })
    }
}

/// A file that passed the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlvFile<'a> {
    bytes: &'a [u8],
    objects: Vec<Place>,
}

impl<'a> TlvFile<'a> {
    /// Checks a file that consists of objects and nothing else.
    ///
    /// # Errors
    /// [`TlvError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, TlvError> {
        if bytes.len() > limits::MAX_TLV {
            return Err(TlvError::TooLong);
        }
        let mut objects = Vec::new();
        // Ends of the objects around the current place; never longer than the allowed depth.
        let mut ends = Vec::with_capacity(limits::MAX_TLV_DEPTH);
        let mut at = 0;
        while at < bytes.len() {
            while ends.last() == Some(&at) {
                ends.pop();
            }
            if ends.len() == limits::MAX_TLV_DEPTH {
                return Err(TlvError::TooDeep);
            }
            if objects.len() == limits::MAX_TLV_OBJECTS {
                return Err(TlvError::TooMany);
            }
            let end = ends.last().copied().unwrap_or(bytes.len());
            let header = Header::read(bytes.get(at..end).ok_or(TlvError::Malformed)?)?;
            let value = at + header.size..at + header.size + header.length;
            objects.push(Place { tag: header.tag, depth: ends.len(), whole: at..value.end, value: value.clone() });
            if header.constructed && header.length > 0 {
                at = value.start;
                ends.push(value.end);
            } else {
                at = value.end;
            }
        }
        Ok(Self { bytes, objects })
    }

    /// Value of the first object with this tag (`0xDF27`, `0x90`, …) at any depth.
    #[must_use]
    pub fn value(&self, tag: u32) -> Option<&'a [u8]> {
        self.bytes.get(self.find(tag)?.value.clone())
    }

    /// Tag, length and value of the first object with this tag, as they lie in the file: what signatures cover.
    #[must_use]
    pub fn whole(&self, tag: u32) -> Option<&'a [u8]> {
        self.bytes.get(self.find(tag)?.whole.clone())
    }

    /// Every object, each before what it holds, in the order of the file.
    pub(crate) fn objects(&self) -> impl Iterator<Item = Object<'a>> {
        self.objects.iter().map(|place| Object {
            tag: place.tag,
            depth: place.depth,
            start: place.whole.start,
            whole: self.bytes.get(place.whole.clone()).unwrap_or_default(),
            value: self.bytes.get(place.value.clone()).unwrap_or_default(),
        })
    }

    fn find(&self, tag: u32) -> Option<&Place> {
        self.objects.iter().find(|object| object.tag == tag)
    }

    /// The objects as a tree.
    ///
    /// # Errors
    /// [`TlvError::Malformed`] where `iso7816-tlv` is stricter than the check.
    pub fn tree(&self) -> Result<Vec<Tlv>, TlvError> {
        let canonical = self.canonical();
        let mut rest = canonical.as_slice();
        let mut tree = Vec::new();
        while !rest.is_empty() {
            let (object, after) = Tlv::parse(rest);
            tree.push(object.map_err(|_| TlvError::Malformed)?);
            rest = after;
        }
        Ok(tree)
    }

    /// The same objects with their shortest lengths: the only form `iso7816-tlv` counts rightly.
    fn canonical(&self) -> Vec<u8> {
        // From the last object to the first, each before what it holds.
        let mut bodies: Vec<Vec<u8>> = vec![Vec::new(); limits::MAX_TLV_DEPTH + 1];
        for object in self.objects.iter().rev() {
            let inner = bodies.get_mut(object.depth + 1).map(std::mem::take).unwrap_or_default();
            let value = self.bytes.get(object.value.clone()).unwrap_or_default();
            let body = if inner.is_empty() { value } else { &inner };
            let mut written: Vec<u8> = object.tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            if written.is_empty() {
                written.push(0);
            }
            match u8::try_from(body.len()) {
                Ok(short) if short < 0x80 => written.push(short),
                Ok(_) | Err(_) => {
                    let length = body.len().to_be_bytes();
                    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
                    written.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
                    written.extend(significant);
                }
            }
            written.extend_from_slice(body);
            if let Some(place) = bodies.get_mut(object.depth) {
                written.append(place);
                *place = written;
            }
        }
        bodies.into_iter().next().unwrap_or_default()
    }
}

/// Value of the object at the start of a file, without looking inside and whatever lies behind it: for constructed tags
/// that hold no TLV and for files with filler bytes (card.md 6). `None`: another tag.
///
/// # Errors
/// [`TlvError`].
pub fn body(bytes: &[u8], tag: u32) -> Result<Option<&[u8]>, TlvError> {
    if bytes.len() > limits::MAX_TLV {
        return Err(TlvError::TooLong);
    }
    let header = Header::read(bytes)?;
    let value = bytes.get(header.size..header.size + header.length).ok_or(TlvError::Malformed)?;
    Ok((header.tag == tag).then_some(value))
}

#[cfg(test)]
mod tests;

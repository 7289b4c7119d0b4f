//! What a codestream says of itself before anything is decoded (ISO 15444-1 annex A): SIZ, the coding style, and the heads
//! of all tile-parts. Markers that no card photo has are refused, so that the decoder can meet no other coding style than
//! the one whose cost was bounded here.

use crate::limits::{
    MAX_CODE_BLOCKS, MAX_PHOTO_LAYERS, MAX_PHOTO_LEVELS, MAX_PHOTO_PACKETS, MAX_PHOTO_SIDE, MAX_PHOTO_TILES,
};

const COD: u8 = 0x52;
const TLM: u8 = 0x55;
const PLT: u8 = 0x58;
const QCD: u8 = 0x5C;
const QCC: u8 = 0x5D;
const CRG: u8 = 0x63;
const COM: u8 = 0x64;
const SOT: u8 = 0x90;
const SOD: u8 = 0x93;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: u16,
}

/// SIZ: the picture and its tiles on the reference grid.
struct Size {
    header: Header,
    right: u32,
    bottom: u32,
    left: u32,
    top: u32,
    tile_width: u32,
    tile_height: u32,
    tile_left: u32,
    tile_top: u32,
}

/// Reads a codestream's heads. `None`: damaged, or outside the limits.
pub(super) fn header(codestream: &[u8]) -> Option<Header> {
    let (size, mut rest) = siz(codestream)?;
    let mut coding = false;
    loop {
        let (marker, after) = marker(rest)?;
        if marker == SOT {
            break;
        }
        let (body, next) = segment(after)?;
        match marker {
            COD if !coding => {
                coding = true;
                bounded(&size, body)?;
            }
            QCD => quantization(body)?,
            QCC => quantization(body.get(1..)?)?,
            TLM | CRG | COM => {}
            // A second COD, COC, POC, packed packet headers and whatever else would change the cost.
            _ => return None,
        }
        rest = next;
    }
    if !coding {
        return None;
    }
    tile_parts(rest)?;
    Some(size.header)
}

/// Reads SIZ (A.5.1): it, and what follows.
fn siz(codestream: &[u8]) -> Option<(Size, &[u8])> {
    let siz = codestream.get(4..)?;
    let short = |at: usize| siz.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes));
    let long = |at: usize| siz.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    let components = short(36)?;
    let length = short(0)?;
    if !matches!(components, 1 | 3) || length != 38 + 3 * components {
        return None;
    }
    let (right, bottom, left, top) = (long(4)?, long(8)?, long(12)?, long(16)?);
    let (tile_width, tile_height, tile_left, tile_top) = (long(20)?, long(24)?, long(28)?, long(32)?);
    let (width, height) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    let sides = 1..=MAX_PHOTO_SIDE;
    // Corners beyond the largest photo are no photo; they also keep the sums below from overflowing.
    if !sides.contains(&width) || !sides.contains(&height) || right > 2 * MAX_PHOTO_SIDE || bottom > 2 * MAX_PHOTO_SIDE
    {
        return None;
    }
    if tile_width == 0 || tile_height == 0 || tile_left > left || tile_top > top {
        return None;
    }
    let tiles = (right - tile_left).div_ceil(tile_width) * (bottom - tile_top).div_ceil(tile_height);
    // Depth, then the steps across and down: 8 bits without sign, every pixel.
    let plain = |k: u16| siz.get(38 + 3 * usize::from(k)..).and_then(<[u8]>::first_chunk) == Some(&[7, 1, 1]);
    if tiles > MAX_PHOTO_TILES || !(0..components).all(plain) {
        return None;
    }
    let header = Header { width, height, components };
    let size = Size { header, right, bottom, left, top, tile_width, tile_height, tile_left, tile_top };
    Some((size, siz.get(usize::from(length)..)?))
}

fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    match bytes {
        [0xFF, marker, rest @ ..] => Some((*marker, rest)),
        _ => None,
    }
}

/// A marker's parameters, and what follows them.
fn segment(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(u16::from_be_bytes(*bytes.first_chunk()?));
    Some((bytes.get(2..length)?, bytes.get(length..)?))
}

/// QCD and QCC must be as long as their style says (A.6.4): the decoder goes by the style, and would otherwise read on at
/// another place than we do.
fn quantization(body: &[u8]) -> Option<()> {
    let (style, steps) = body.split_first()?;
    let fits = match style & 0x1F {
        0 => true,
        1 => steps.len() == 2,
        2 => steps.len() % 2 == 0,
        _ => false,
    };
    fits.then_some(())
}

/// COD (A.6.1): how much work and memory the decoder can be made to spend.
fn bounded(size: &Size, body: &[u8]) -> Option<()> {
    let [
        style,
        _progression,
        layers_high,
        layers_low,
        _transform,
        levels,
        across,
        down,
        _blocks,
        _wavelet,
        precincts @ ..,
    ] = body
    else {
        return None;
    };
    let layers = u16::from_be_bytes([*layers_high, *layers_low]);
    let (across, down) = (across.checked_add(2)?, down.checked_add(2)?);
    if !(1..=MAX_PHOTO_LAYERS).contains(&layers) || *levels > MAX_PHOTO_LEVELS {
        return None;
    }
    // Table A.18.
    if across > 10 || down > 10 || across + down > 12 {
        return None;
    }
    let given = if style & 1 == 1 { usize::from(*levels) + 1 } else { 0 };
    if precincts.len() != given {
        return None;
    }
    let Header { width, height, components } = size.header;
    let samples = u64::from(width) * u64::from(height) * u64::from(components);
    if samples >> (across + down) > MAX_CODE_BLOCKS {
        return None;
    }
    let mut all = 0;
    for level in 0..=*levels {
        // Table A.21; without any they are as large as can be.
        let byte = if given == 0 { 0xFF } else { *precincts.get(usize::from(level))? };
        let (wide, high) = (byte & 0xF, byte >> 4);
        // Below two samples a precinct has no room for the three bands of its resolution.
        if level > 0 && (wide == 0 || high == 0) {
            return None;
        }
        all += size.precincts(u32::from(*levels - level), wide, high);
    }
    (all * u64::from(components) * u64::from(layers) <= MAX_PHOTO_PACKETS).then_some(())
}

impl Size {
    /// Precincts of all tiles of one component, halved so many times (B.5, B.6). Rows and columns are counted apart: a
    /// tile has the product of its own, so all tiles together have the product of the sums.
    fn precincts(&self, halved: u32, wide: u8, high: u8) -> u64 {
        let count = |start: u32, step: u32, from: u32, to: u32, exponent: u8| -> u64 {
            let tiles = (to - start).div_ceil(step);
            let one = |tile: u32| -> u64 {
                let begin = start.saturating_add(tile.saturating_mul(step));
                let (low, end) = (begin.max(from), begin.saturating_add(step).min(to));
                let (low, end) = (low.div_ceil(1 << halved), end.div_ceil(1 << halved));
                if end > low { u64::from(end.div_ceil(1 << exponent) - (low >> exponent)) } else { 0 }
            };
            (0..tiles).map(one).sum()
        };
        count(self.tile_left, self.tile_width, self.left, self.right, wide)
            * count(self.tile_top, self.tile_height, self.top, self.bottom, high)
    }
}

/// The heads of all tile-parts (A.4.2): nothing in them changes the coding style. The last may be cut off.
fn tile_parts(mut rest: &[u8]) -> Option<()> {
    while let Some((SOT, after)) = marker(rest) {
        let (body, mut head) = segment(after)?;
        let [_, _, length @ .., _, _] = body else { return None };
        let length = usize::try_from(u32::from_be_bytes(*length.first_chunk()?)).ok()?;
        if body.len() != 8 {
            return None;
        }
        loop {
            let (marker, after) = marker(head)?;
            match marker {
                SOD => {
                    head = after;
                    break;
                }
                PLT | COM => head = segment(after)?.1,
                _ => return None,
            }
        }
        // 0 stands for everything up to the end.
        if length == 0 {
            return Some(());
        }
        if rest.len() - head.len() > length {
            return None;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Some(())
}

//! Searches the memory of a running process for secrets. Reading another process's memory needs its user or root, and
//! for one that gave up being traced (`hardening`) root.
//!
//! A secret is found by any piece of it that is [`PIECE`] bytes long: memory is read in blocks of half that size, and
//! such a piece covers at least one whole block wherever it lies.

use std::{collections::HashMap, fmt, fs, io, os::unix::fs::FileExt as _, path::PathBuf};

/// A piece of a secret this long, in bytes, is found wherever it lies.
pub(crate) const PIECE: usize = 32;
/// What is compared at once.
const BLOCK: usize = PIECE / 2;
/// A block with fewer different bytes says nothing: padding, a white wall, a run of zeros.
const TELLING: usize = 8;
/// Rows of a picture that are looked for.
const ROWS: usize = 2;
/// Bytes read at once; a multiple of [`BLOCK`].
const CHUNK: usize = 1 << 20;

/// Something that must not be found.
pub(crate) struct Secret {
    name: String,
    how: How,
}

enum How {
    /// Long: any piece of it counts.
    Pieces(Vec<u8>),
    /// Short: only the whole of it counts.
    Whole(Vec<u8>),
}

impl Secret {
    /// A long secret, of which any [`PIECE`] bytes in a row count: a photo, a frame, a face vector.
    pub(crate) fn pieces(name: &str, bytes: Vec<u8>) -> Self {
        assert!(bytes.len() >= PIECE, "{name} is shorter than a piece");
        let secret = Self { name: name.to_owned(), how: How::Pieces(bytes) };
        assert!(secret.telling_blocks() > 0, "{name} is too plain to be recognised");
        secret
    }

    /// A short secret, of which only the whole counts. At least eight bytes: shorter ones lie everywhere by chance.
    pub(crate) fn whole(name: &str, bytes: Vec<u8>) -> Self {
        assert!(bytes.len() >= 8, "{name} is too short to be recognised");
        Self { name: name.to_owned(), how: How::Whole(bytes) }
    }

    /// The four digits of a PIN in the forms in which a program might leave them behind. Four digits alone would be
    /// found by chance.
    pub(crate) fn pin(digits: &str) -> Vec<Self> {
        let ascii = digits.as_bytes();
        let values: Vec<u8> = ascii.iter().map(|digit| digit - b'0').collect();
        let verify = [&[0x00, 0x20, 0x00, 0x80, 0x04], ascii].concat();
        // As `PinEntry` holds them: alone at the start of a page of zeros.
        let entry = [ascii, &[0; 28]].concat();
        let words = |values: &[u8]| values.iter().flat_map(|value| [*value, 0, 0, 0]).collect::<Vec<u8>>();
        vec![
            Self::whole("the PIN in a VERIFY command", verify),
            Self::whole("the PIN as it is typed", entry),
            Self::whole("the PIN's values in a row of words", words(&values)),
            Self::whole("the PIN's digits in a row of words", words(ascii)),
            Self::whole("the PIN as JSON text", format!("\"pin\":\"{digits}\"").into_bytes()),
        ]
    }

    /// Messages of the kiosk's socket in which keys were touched, whatever the digit and the revision.
    pub(crate) fn key_messages() -> Vec<Self> {
        vec![Self::whole("a key's message", br#"{"message":"key","revision":"#.to_vec())]
    }

    /// A photo as it lies in the card: what follows the headers, which every such file has, up to the end.
    pub(crate) fn photo(name: &str, jp2: &[u8]) -> Self {
        // SOD: the coded picture begins.
        let coded = jp2.windows(2).position(|marker| marker == [0xFF, 0x93]).expect("a JPEG 2000 code stream") + 2;
        Self::pieces(name, jp2[coded..].to_vec())
    }

    /// A picture, RGB: as it is, with a fourth byte a pixel, and both mirrored. The kiosk's own forms are among them. A
    /// few rows of it stand for all, because each byte looked for costs the searcher forty.
    pub(crate) fn picture(name: &str, rgb: &[u8], width: usize) -> Vec<Self> {
        let rows = rgb.len() / (width * 3);
        let every = (rows / ROWS).max(1);
        let rgb: Vec<u8> = rgb.chunks_exact(width * 3).skip(every / 2).step_by(every).flatten().copied().collect();
        let wide = |rgb: &[u8]| -> Vec<u8> { rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect() };
        let mirrored: Vec<u8> =
            rgb.chunks_exact(width * 3).flat_map(|row| row.chunks_exact(3).rev().flatten().copied()).collect();
        vec![
            Self::pieces(&format!("{name}, RGBA"), wide(&rgb)),
            Self::pieces(&format!("{name}, mirrored RGBA"), wide(&mirrored)),
            Self::pieces(&format!("{name}, mirrored RGB"), mirrored),
            Self::pieces(&format!("{name}, RGB"), rgb),
        ]
    }

    /// A face vector, as a processor holds its floats.
    pub(crate) fn vector(name: &str, values: &[f32]) -> Self {
        Self::pieces(name, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    fn telling_blocks(&self) -> usize {
        match &self.how {
            How::Pieces(bytes) => bytes.windows(BLOCK).filter(|block| is_telling(block)).count(),
            How::Whole(_) => 0,
        }
    }
}

fn is_telling(block: &[u8]) -> bool {
    let mut seen = [0_u64; 4];
    for byte in block {
        seen[usize::from(*byte) / 64] |= 1 << (byte % 64);
    }
    seen.iter().map(|word| word.count_ones()).sum::<u32>() as usize >= TELLING
}

/// A secret that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Which.
    pub(crate) secret: String,
    /// Where.
    pub(crate) address: u64,
    /// What the system calls the range: a file, `[heap]`, `[stack]`, or nothing.
    pub(crate) range: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:#x} {}", self.secret, self.address, self.range)
    }
}

/// What was looked at and what was found.
#[derive(Debug)]
pub(crate) struct Report {
    /// Where secrets lie.
    pub(crate) found: Vec<Found>,
    /// Bytes that were read. A search that read little shows little.
    pub(crate) read: u64,
}

struct Range {
    from: u64,
    to: u64,
    name: String,
}

/// Searches everything a process has written or can write: its heap, stacks and own pages of files. What is mapped
/// read-only from a file is the file's and holds no secret of a visit.
///
/// # Errors
/// The process is gone, or its memory may not be read.
pub(crate) fn search(process: u32, secrets: &[Secret]) -> io::Result<Report> {
    let memory = fs::File::open(PathBuf::from(format!("/proc/{process}/mem")))?;
    let index = Index::of(secrets);
    let mut report = Report { found: Vec::new(), read: 0 };
    for range in ranges(process)? {
        let mut at = range.from;
        // The end of the chunk before, for what lies across the border.
        let mut bytes = Vec::with_capacity(CHUNK + PIECE);
        let mut kept = 0;
        while at < range.to {
            let count = usize::try_from(range.to - at).unwrap_or(CHUNK).min(CHUNK);
            bytes.resize(kept + count, 0);
            // Pages that cannot be read (guards, devices, gone meanwhile) hold nothing that could.
            if memory.read_exact_at(&mut bytes[kept..], at).is_err() {
                at += count as u64;
                kept = 0;
                bytes.clear();
                continue;
            }
            report.read += count as u64;
            let start = at - kept as u64;
            for (place, secret) in index.look(&bytes) {
                let found = Found { secret, address: start + place as u64, range: range.name.clone() };
                if !report.found.contains(&found) {
                    report.found.push(found);
                }
            }
            // Chunks begin on a block's border, so the kept part is a multiple of a block too.
            kept = index.longest.next_multiple_of(BLOCK).min(bytes.len());
            bytes.drain(..bytes.len() - kept);
            at += count as u64;
        }
    }
    Ok(report)
}

fn ranges(process: u32) -> io::Result<Vec<Range>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let mut ranges = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(addresses), Some(rights)) = (words.next(), words.next()) else { continue };
        let name = words.nth(3).unwrap_or_default();
        let mapped_only = name.starts_with('/') && !rights.contains('w');
        if !rights.starts_with('r') || mapped_only || matches!(name, "[vvar]" | "[vsyscall]" | "[vdso]") {
            continue;
        }
        let number = |text: &str| u64::from_str_radix(text, 16).map_err(io::Error::other);
        let (from, to) = addresses.split_once('-').ok_or_else(|| io::Error::other("a line without addresses"))?;
        ranges.push(Range { from: number(from)?, to: number(to)?, name: name.to_owned() });
    }
    Ok(ranges)
}

/// All secrets, ready for one pass.
struct Index<'a> {
    /// Every telling block of every long secret: which, and where in it.
    blocks: HashMap<[u8; BLOCK], (usize, usize)>,
    /// Short secrets by their first byte.
    wholes: Vec<Vec<usize>>,
    secrets: &'a [Secret],
    longest: usize,
}

impl<'a> Index<'a> {
    fn of(secrets: &'a [Secret]) -> Self {
        let mut index = Self { blocks: HashMap::new(), wholes: vec![Vec::new(); 256], secrets, longest: PIECE };
        for (number, secret) in secrets.iter().enumerate() {
            match &secret.how {
                How::Pieces(bytes) => {
                    for (place, block) in bytes.windows(BLOCK).enumerate().filter(|(_, block)| is_telling(block)) {
                        index.blocks.entry(block.try_into().unwrap()).or_insert((number, place));
                    }
                }
                How::Whole(bytes) => {
                    index.wholes[usize::from(bytes[0])].push(number);
                    index.longest = index.longest.max(bytes.len());
                }
            }
        }
        index
    }

    /// Where in these bytes a secret lies. They begin on a block's border.
    fn look(&self, bytes: &[u8]) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        if !self.blocks.is_empty() {
            for (at, block) in bytes.chunks_exact(BLOCK).enumerate() {
                // Most of memory is zeros.
                if block[0] == block[BLOCK - 1] && block.iter().all(|byte| *byte == block[0]) {
                    continue;
                }
                let block: [u8; BLOCK] = block.try_into().unwrap();
                let Some((number, place)) = self.blocks.get(&block) else { continue };
                if self.is_piece(bytes, at * BLOCK, *number, *place) {
                    found.push((at * BLOCK, self.secrets[*number].name.clone()));
                }
            }
        }
        if self.wholes.iter().any(|numbers| !numbers.is_empty()) {
            for (at, first) in bytes.iter().enumerate() {
                for number in &self.wholes[usize::from(*first)] {
                    let How::Whole(secret) = &self.secrets[*number].how else { continue };
                    if bytes[at..].starts_with(secret) {
                        found.push((at, self.secrets[*number].name.clone()));
                    }
                }
            }
        }
        found
    }

    /// Whether the block is part of a whole piece: alone it may be chance. At the border of what was read at once the
    /// block alone counts; the next chunk cannot look back further.
    fn is_piece(&self, bytes: &[u8], at: usize, number: usize, place: usize) -> bool {
        let How::Pieces(secret) = &self.secrets[number].how else { return false };
        let before = bytes[..at].iter().rev().zip(secret[..place].iter().rev()).take_while(|(a, b)| a == b).count();
        let after = bytes[at..].iter().zip(&secret[place..]).take_while(|(a, b)| a == b).count();
        let at_border = (before == at && at < PIECE) || at + after == bytes.len();
        before + after >= PIECE || (at_border && before + after >= BLOCK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: u8) -> Vec<u8> {
        (0..count).map(|at| at.wrapping_mul(167) ^ (at >> 2)).collect()
    }

    #[test]
    fn any_piece_is_found_wherever_it_lies_and_less_is_not() {
        let secrets = [Secret::pieces("secret", noise(200))];
        let index = Index::of(&secrets);
        for from in 0..200 - PIECE {
            for at in 0..48 {
                let mut memory = vec![0xEE; 256];
                memory[at..at + PIECE].copy_from_slice(&noise(200)[from..from + PIECE]);
                assert!(!index.look(&memory).is_empty(), "{from} at {at}");
            }
        }
        let mut memory = vec![0xEE; 256];
        memory[64..64 + BLOCK].copy_from_slice(&noise(200)[32..32 + BLOCK]);
        assert!(index.look(&memory).is_empty(), "one block may be chance");
    }

    #[test]
    fn a_short_secret_is_found_only_whole() {
        let secrets = Secret::pin("7394");
        let index = Index::of(&secrets);
        let found = |memory: &[u8]| index.look(memory).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(found(b"....\x00\x20\x00\x80\x047394"), ["the PIN in a VERIFY command"]);
        assert_eq!(found(&[b"7394".as_slice(), &[0; 28]].concat()), ["the PIN as it is typed"]);
        assert!(found(b"the year 7394 and no more of it").is_empty());
    }
}

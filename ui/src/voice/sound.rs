//! A clip's samples: Ogg Vorbis, decoded whole and bounded, because a file may hold anything.

use std::{
    fs::File,
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use lewton::inside_ogg::OggStreamReader;

use super::{NoClip, RATE};

/// Largest clip file, bytes: a minute of speech is a quarter of it.
const LARGEST_FILE: u64 = 2 * 1024 * 1024;

/// Longest clip, samples: a minute and a half. The longest sentence of consent is half of it.
const LONGEST: usize = 90 * RATE as usize;

/// Reads and decodes a clip: mono samples at [`RATE`].
pub(crate) fn load(path: &Path) -> Result<Vec<i16>, NoClip> {
    let broken = |reason: &str| NoClip::Broken { file: path.to_owned(), reason: reason.to_owned() };
    let file = File::open(path).map_err(|error| broken(&error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| broken(&error.to_string()))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(broken("larger than any sentence"));
    }
    decode(bytes).map_err(|reason| broken(&reason))
}

/// The decoder is safe code but not ours: a panic on hostile bytes ends the clip, not the voice.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Vec<i16>, String> {
    catch_unwind(AssertUnwindSafe(|| decode_bounded(bytes))).unwrap_or_else(|_| Err("the decoder gave up".to_owned()))
}

fn decode_bounded(bytes: Vec<u8>) -> Result<Vec<i16>, String> {
    let mut reader = OggStreamReader::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let header = &reader.ident_hdr;
    if (header.audio_channels, header.audio_sample_rate) != (1, RATE) {
        return Err(format!(
            "{} channels at {} Hz; clips are mono at {RATE} Hz",
            header.audio_channels, header.audio_sample_rate
        ));
    }
    let mut samples = Vec::new();
    while let Some(packet) = reader.read_dec_packet_itl().map_err(|error| error.to_string())? {
        samples.extend_from_slice(&packet);
        if samples.len() > LONGEST {
            return Err("longer than any sentence".to_owned());
        }
    }
    if samples.is_empty() { Err("nothing in it".to_owned()) } else { Ok(samples) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CLIP: &[u8] = include_bytes!("../../tests/voice/clip.ogg");

    #[test]
    fn a_clip_is_decoded() {
        let samples = decode(CLIP.to_vec()).unwrap();
        assert!((10_000..200_000).contains(&samples.len()), "{}", samples.len());
        assert!(samples.iter().any(|sample| sample.unsigned_abs() > 8_000));
    }

    #[test]
    fn hostile_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.ogg");
        let huge = vec![0x4f; usize::try_from(LARGEST_FILE).unwrap() + 10];
        for bytes in [&[][..], b"OggS", b"not a clip at all", &huge[..], &CLIP[..60], &CLIP[..3000]] {
            std::fs::write(&path, bytes).unwrap();
            assert!(matches!(load(&path), Err(NoClip::Broken { .. })), "{} bytes", bytes.len());
        }
        assert!(load(folder.path()).is_err(), "a folder is no clip");
        assert!(load(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_truncated_clip_is_what_is_left_or_refused() {
        let whole = decode(CLIP.to_vec()).unwrap().len();
        for part in (0..CLIP.len()).step_by(97) {
            if let Ok(samples) = decode(CLIP[..part].to_vec()) {
                assert!(samples.len() <= whole);
            }
        }
    }

    #[test]
    fn endless_sound_is_refused() {
        // The same stream again and again, as a chained file: more than the bound, less than the largest file.
        let many: Vec<u8> = std::iter::repeat_n(CLIP, 1 + LONGEST / 20_000).flatten().copied().collect();
        let _ = decode(many).map(|samples| assert!(samples.len() <= LONGEST));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn changed_clips_never_end_the_voice(changes in proptest::collection::vec((0..CLIP.len(), any::<u8>()), 1..12)) {
            let mut bytes = CLIP.to_vec();
            for (place, byte) in changes {
                bytes[place] = byte;
            }
            if let Ok(samples) = decode(bytes) {
                prop_assert!(samples.len() <= LONGEST + 8192);
            }
        }
    }
}

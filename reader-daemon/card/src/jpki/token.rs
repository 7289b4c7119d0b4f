//! Token info, EF 0006 (card.md 4.1): label in the first 32 bytes, manufacturer in the next 32.

const LABEL: usize = 32;
/// Bytes of both fields: read in one exchange.
pub(super) const LABEL_AND_MANUFACTURER: usize = 64;

/// Manufacturer of an emulated card (E-07), padded with spaces.
const EMULATED: &[u8] = b"SOFTWARE EMULATED TEST CARD";

/// The label without padding, spaces or zeros (card.md 1.3).
pub(super) fn label(info: &[u8]) -> &[u8] {
    let label = info.get(..LABEL).unwrap_or(info);
    let end = label.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    label.get(..end).unwrap_or_default()
}

/// The manufacturer field is the emulator's and nothing else.
pub(super) fn is_emulated(info: &[u8]) -> bool {
    let Some(manufacturer) = info.get(LABEL..LABEL_AND_MANUFACTURER) else { return false };
    manufacturer.strip_prefix(EMULATED).is_some_and(|padding| padding.iter().all(|byte| *byte == b' '))
}

//! Writes BER-TLV as the records of the card hold it. Reading is the terminal's business.

/// Tag, shortest length form, value.
pub(crate) fn tlv(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut out = tag_bytes(tag);
    match value.len() {
        length @ 0..0x80 => out.push(length as u8),
        length @ 0x80..0x100 => out.extend([0x81, length as u8]),
        length => {
            out.push(0x82);
            out.extend((length as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(value);
    out
}

/// Tag, length always as `82 hh ll`, value: real cards were seen with this longer form (card.md 5.2).
pub(crate) fn tlv_long(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut out = tag_bytes(tag);
    out.push(0x82);
    out.extend((value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
    out
}

fn tag_bytes(tag: u16) -> Vec<u8> {
    match tag.to_be_bytes() {
        [0, low] => vec![low],
        two => two.to_vec(),
    }
}

/// `outer { table { u16 distance from the first byte to each part } parts… }` (card.md 5.2, 6).
pub(crate) fn with_offset_table(outer: u16, table: u16, parts: &[Vec<u8>]) -> Vec<u8> {
    let table_length = tlv(table, &vec![0; parts.len() * 2]).len();
    let body_length = table_length + parts.iter().map(Vec::len).sum::<usize>();
    let head_length = tlv(outer, &vec![0; body_length]).len() - body_length;
    let mut at = head_length + table_length;
    let mut offsets = Vec::new();
    for part in parts {
        offsets.extend((at as u16).to_be_bytes());
        at += part.len();
    }
    let mut body = tlv(table, &offsets);
    parts.iter().for_each(|part| body.extend_from_slice(part));
    tlv(outer, &body)
}

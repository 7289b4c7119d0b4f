//! The 1-bit PNG strips of Kenkaku, and the hostile nesting of the fault "deep TLV".

use crate::limits::DEEP_TLV;

/// A PNG, 1 bit, 12 pixels high: the text as a row of bars, not readable, but different for different texts.
pub(crate) fn strip_of(text: &str, width: u32) -> Vec<u8> {
    let columns: Vec<bool> = text.bytes().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect();
    let row: Vec<u8> = (0..width.div_ceil(8))
        .map(|byte| {
            (0..8).fold(0xFF, |bits: u8, bit| {
                let black = columns.get((byte * 8 + bit) as usize).copied().unwrap_or(false);
                if black { bits & !(0x80 >> bit) } else { bits }
            })
        })
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, 12);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().expect("writing to memory");
    writer.write_image_data(&row.repeat(12)).expect("writing to memory");
    writer.finish().expect("writing to memory");
    out
}

/// A template in a template in a template: as deep as an EF is long.
pub(crate) fn nested_templates(outer: u16) -> Vec<u8> {
    let tag: Vec<u8> = match outer.to_be_bytes() {
        [0, low] => vec![low],
        two => two.to_vec(),
    };
    let mut out = Vec::with_capacity(DEEP_TLV);
    while out.len() + tag.len() + 3 <= DEEP_TLV {
        let rest = DEEP_TLV - out.len() - tag.len() - 3;
        out.extend(&tag);
        out.push(0x82);
        out.extend((rest as u16).to_be_bytes());
    }
    out.resize(DEEP_TLV, 0);
    out
}

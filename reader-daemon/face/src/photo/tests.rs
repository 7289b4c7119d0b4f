use proptest::prelude::*;

use super::*;
use crate::limits::MAX_PHOTO_SIDE;

/// A codestream's beginning: SOC, SIZ.
fn siz(size: [u32; 8], components: u16, each: [u8; 3]) -> Vec<u8> {
    let mut bytes = CODESTREAM.to_vec();
    bytes.extend((38 + 3 * components).to_be_bytes());
    bytes.extend([0, 0]);
    size.iter().for_each(|n| bytes.extend(n.to_be_bytes()));
    bytes.extend(components.to_be_bytes());
    (0..components).for_each(|_| bytes.extend(each));
    bytes
}

const PLAIN: [u8; 3] = [7, 1, 1];

/// COD of card photos: 1 layer, 5 levels, code blocks of 64×64, no precincts.
const USUAL: [u8; 10] = [0, 0, 0, 1, 0, 5, 4, 4, 0, 0];

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], length.as_slice(), body].concat()
}

/// What follows SIZ: COD, QCD, and a tile-part whose head holds `inner`.
fn rest(cod: &[u8], inner: &[u8]) -> Vec<u8> {
    let length = u32::try_from(14 + inner.len() + 3).unwrap().to_be_bytes();
    let sot = [&[0, 0], length.as_slice(), &[0, 1]].concat();
    let steps = [0x40].into_iter().chain([0x48; 28]).collect::<Vec<u8>>();
    [&segment(0x52, cod), &segment(0x5C, &steps), &segment(0x90, &sot), inner, &[0xFF, 0x93, 0, 0, 0, 0xFF, 0xD9]]
        .concat()
}

fn stream(size: [u32; 8], components: u16, cod: &[u8]) -> Vec<u8> {
    [siz(size, components, PLAIN), rest(cod, &[])].concat()
}

fn boxed(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(contents.len() + 8).unwrap().to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(contents);
    bytes
}

#[test]
fn the_header_of_a_card_photo_is_read() {
    let grey = stream([378, 472, 0, 0, 378, 472, 0, 0], 1, &USUAL);
    assert_eq!(header(&grey), Some(Header { width: 378, height: 472, components: 1 }));
    let shifted = stream([400, 500, 22, 28, 400, 500, 0, 0], 3, &USUAL);
    assert_eq!(header(&shifted), Some(Header { width: 378, height: 472, components: 3 }));
}

#[test]
fn what_no_card_holds_is_refused_before_it_is_decoded() {
    let usual = [378, 472, 0, 0, 378, 472, 0, 0];
    let sizes = [
        [2049, 472, 0, 0, 2049, 472, 0, 0],
        [378, 2049, 0, 0, 378, 2049, 0, 0],
        [u32::MAX, u32::MAX, u32::MAX - 5, u32::MAX - 5, 1, 1, 0, 0],
        [0, 472, 0, 0, 378, 472, 0, 0],
        [378, 472, 378, 0, 378, 472, 0, 0],
        [378, 472, 379, 0, 378, 472, 0, 0],
        [378, 472, 0, 0, 0, 472, 0, 0],
        [378, 472, 0, 0, 8, 8, 0, 0],
        [378, 472, 0, 0, 378, 472, 1, 0],
    ];
    for size in sizes {
        assert_eq!(header(&stream(size, 1, &USUAL)), None, "{size:?}");
    }
    for components in [0, 2, 4, 255, 16_384] {
        assert_eq!(header(&stream(usual, components, &USUAL)), None, "{components} components");
    }
    for each in [[0x87, 1, 1], [15, 1, 1], [7, 2, 1], [7, 1, 0]] {
        assert_eq!(header(&[siz(usual, 1, each), rest(&USUAL, &[])].concat()), None, "{each:?}");
    }
}

#[test]
fn the_codestream_is_found_among_boxes() {
    let inner = siz([8, 8, 0, 0, 8, 8, 0, 0], 1, PLAIN);
    let file = [SIGNATURE_BOX.to_vec(), boxed(b"ftyp", b"jp2 "), boxed(b"jp2c", &inner)].concat();
    assert_eq!(codestream(&file), Some(inner.as_slice()));
    assert_eq!(codestream(&inner), Some(inner.as_slice()));
    let open_end = [SIGNATURE_BOX.to_vec(), 0_u32.to_be_bytes().to_vec(), b"jp2c".to_vec(), inner.clone()].concat();
    assert_eq!(codestream(&open_end), Some(inner.as_slice()));
    for broken in [
        boxed(b"jp2c", &inner),
        [SIGNATURE_BOX.to_vec(), boxed(b"ftyp", b"jp2 ")].concat(),
        [SIGNATURE_BOX.to_vec(), boxed(b"jp2c", b"no codestream")].concat(),
        [SIGNATURE_BOX.to_vec(), vec![0, 0, 0, 1], b"jp2c".to_vec(), inner.clone()].concat(),
        [SIGNATURE_BOX.to_vec(), vec![0, 0, 0, 7], b"jp2c".to_vec(), inner.clone()].concat(),
        [SIGNATURE_BOX.to_vec(), vec![0xFF; 4], b"jp2c".to_vec(), inner].concat(),
        Vec::new(),
    ] {
        assert_eq!(codestream(&broken), None);
    }
}

#[test]
fn a_photo_has_an_end() {
    assert_eq!(decode_photo(&vec![0; MAX_PHOTO + 1]).unwrap_err(), PhotoError::TooLong);
    assert_eq!(decode_photo(b"").unwrap_err(), PhotoError::NotAPhoto);
    let cut = siz([378, 472, 0, 0, 378, 472, 0, 0], 1, PLAIN);
    assert_eq!(decode_photo(&cut).unwrap_err(), PhotoError::NotAPhoto);
    let empty = stream([378, 472, 0, 0, 378, 472, 0, 0], 1, &[0, 9, 0, 1, 0, 5, 4, 4, 0, 0]);
    assert_eq!(decode_photo(&empty).unwrap_err(), PhotoError::Damaged, "there is no such progression");
}

const LARGEST: [u32; 8] = [2048, 2048, 0, 0, 2048, 2048, 0, 0];

#[test]
fn a_kilobyte_cannot_cost_gigabytes() {
    // 2048×2048 in precincts of one sample and 32 layers took the decoder 4 GB.
    let bomb = stream(LARGEST, 3, &[1, 0, 0, 32, 0, 1, 0, 0, 0, 1, 0x00, 0x11]);
    assert_eq!(decode_photo(&bomb).unwrap_err(), PhotoError::NotAPhoto);
    let taken = |cod: &[u8]| header(&stream(LARGEST, 3, cod)).is_some();
    assert!(taken(&USUAL));
    assert!(taken(&[0, 0, 0, 16, 0, 8, 2, 2, 0, 0]), "all at its limit");
    for cod in [
        &[0, 0, 0, 0, 0, 5, 4, 4, 0, 0][..],
        &[0, 0, 0, 17, 0, 5, 4, 4, 0, 0],
        &[0, 0, 1, 1, 0, 5, 4, 4, 0, 0],
        &[0, 0, 0, 1, 0, 9, 4, 4, 0, 0],
        &[0, 0, 0, 1, 0, 5, 2, 1, 0, 0],
        &[0, 0, 0, 1, 0, 5, 0, 0, 0, 0],
        &[0, 0, 0, 1, 0, 5, 5, 4, 0, 0],
        &[0, 0, 0, 1, 0, 5, 255, 4, 0, 0],
        &[0, 0, 0, 1, 0, 5, 4, 4, 0],
        &[0, 0, 0, 1, 0, 5, 4, 4, 0, 0, 0],
        &[1, 0, 0, 1, 0, 1, 4, 4, 0, 0, 0x77],
        &[1, 0, 0, 1, 0, 1, 4, 4, 0, 0, 0x77, 0x70],
        &[1, 0, 0, 1, 0, 1, 4, 4, 0, 0, 0x11, 0x77],
    ] {
        assert!(!taken(cod), "{cod:?}");
    }
    // 256 precincts for each component and level are usual for large pictures.
    assert!(taken(&[1, 0, 0, 1, 0, 1, 4, 4, 0, 0, 0x77, 0x77]));
    assert!(!taken(&[1, 0, 0, 1, 0, 1, 4, 4, 0, 0, 0x33, 0x77]));
    // Small tiles have precincts of their own however large these may be.
    let tiles = |layers| header(&stream([2048, 2048, 0, 0, 128, 128, 0, 0], 3, &[0, 0, 0, layers, 0, 5, 4, 4, 0, 0]));
    assert!(tiles(4).is_some() && tiles(5).is_none(), "256 tiles × 6 levels × 3 components × layers");
}

#[test]
fn no_second_coding_style_reaches_the_decoder() {
    let usual = [378, 472, 0, 0, 378, 472, 0, 0];
    let bomb = segment(0x52, &[1, 0, 0, 32, 0, 1, 0, 0, 0, 1, 0x00, 0x11]);
    let component = segment(0x53, &[0, 1, 1, 0, 0, 0, 1, 0x00, 0x11]);
    let order = segment(0x5F, &[0, 0, 0, 1, 1, 1, 0]);
    let comment = segment(0x64, b"\0\x01made by hand");
    let head = |extra: &[u8]| [siz(usual, 1, PLAIN), extra.to_vec(), rest(&USUAL, &[])].concat();
    let inner = |extra: &[u8]| [siz(usual, 1, PLAIN), rest(&USUAL, extra)].concat();
    for (extra, taken) in [(&comment, true), (&bomb, false), (&component, false), (&order, false)] {
        assert_eq!(header(&head(extra)).is_some(), taken, "in the main head: {extra:?}");
        assert_eq!(header(&inner(extra)).is_some(), taken, "in a tile-part's head: {extra:?}");
    }
    // In a second tile-part, and in a quantization marker that says it is longer than its style.
    let whole = inner(&[]);
    let after = [&whole[..whole.len() - 2], &segment(0x90, &[0, 0, 0, 0, 0, 0, 1, 2]), &bomb, &[0xFF, 0x93]].concat();
    assert_eq!(header(&after), None);
    let hidden = segment(0x5C, &[&[0x41, 0, 0], bomb.as_slice()].concat());
    assert_eq!(header(&head(&hidden)), None);
    let without = [siz(usual, 1, PLAIN), rest(&USUAL, &[])[14..].to_vec()].concat();
    assert_eq!(header(&without), None, "no coding style at all");
}

proptest! {
    #[test]
    fn any_bytes_are_a_photo_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(decode_photo(&bytes).is_err());
    }

    #[test]
    fn a_plausible_head_before_any_bytes_is_a_photo_or_an_error(
        size in proptest::array::uniform8(0..3000_u32), components in 0..5_u16,
        cod in proptest::array::uniform10(0..12_u8), garbage in proptest::collection::vec(any::<u8>(), 0..300),
        whole in any::<bool>(),
    ) {
        let mut bytes = siz(size, components, PLAIN);
        if whole {
            bytes.extend(rest(&cod, &[]));
        }
        bytes.extend(garbage);
        if let Ok(frame) = decode_photo(&bytes) {
            prop_assert!(frame.width() <= MAX_PHOTO_SIDE as usize && frame.height() <= MAX_PHOTO_SIDE as usize);
        }
    }
}

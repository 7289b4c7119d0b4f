use proptest::prelude::*;

use super::*;

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

fn boxed(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(contents.len() + 8).unwrap().to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(contents);
    bytes
}

#[test]
fn the_header_of_a_card_photo_is_read() {
    let grey = siz([378, 472, 0, 0, 378, 472, 0, 0], 1, PLAIN);
    assert_eq!(header(&grey), Some(Header { width: 378, height: 472, components: 1 }));
    let shifted = siz([400, 500, 22, 28, 400, 500, 0, 0], 3, PLAIN);
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
        assert_eq!(header(&siz(size, 1, PLAIN)), None, "{size:?}");
    }
    for components in [0, 2, 4, 255, 16_384] {
        assert_eq!(header(&siz(usual, components, PLAIN)), None, "{components} components");
    }
    for each in [[0x87, 1, 1], [15, 1, 1], [7, 2, 1], [7, 1, 0]] {
        assert_eq!(header(&siz(usual, 1, each)), None, "{each:?}");
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
    assert_eq!(decode_photo(&cut).unwrap_err(), PhotoError::Damaged);
}

proptest! {
    #[test]
    fn any_bytes_are_a_photo_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(decode_photo(&bytes).is_err());
    }

    #[test]
    fn a_plausible_head_before_any_bytes_is_a_photo_or_an_error(
        size in proptest::array::uniform8(0..3000_u32), components in 0..5_u16,
        rest in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = siz(size, components, PLAIN);
        bytes.extend(rest);
        if let Ok(frame) = decode_photo(&bytes) {
            prop_assert!(frame.width() <= MAX_PHOTO_SIDE as usize && frame.height() <= MAX_PHOTO_SIDE as usize);
        }
    }
}

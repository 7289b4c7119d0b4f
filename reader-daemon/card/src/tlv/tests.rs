use iso7816_tlv::ber::{Tag, Value};
use proptest::prelude::*;

use super::*;

/// FF20 { DF21 0102, DF22 "ab" (length in a longer form than needed) }
const FACE: [u8; 16] = [0xFF, 0x20, 0x0D, 0xDF, 0x21, 0x02, 1, 2, 0xDF, 0x22, 0x82, 0x00, 0x02, b'a', b'b', 0xFF];

#[test]
fn two_byte_tags_are_found_and_longer_length_forms_read() {
    let mut file = FACE;
    *file.last_mut().expect("not empty") = 0x00;
    // The last byte lies inside FF20: without it the length is one too long.
    assert_eq!(TlvFile::parse(&file), Err(TlvError::Malformed));
    file[2] = 0x0C;
    let file = TlvFile::parse(&file[..15]).expect("well formed");
    assert_eq!(file.value(0xDF21), Some(&[1, 2][..]));
    assert_eq!(file.value(0xDF22), Some(&b"ab"[..]));
    assert_eq!(file.whole(0xDF22), Some(&[0xDF, 0x22, 0x82, 0x00, 0x02, b'a', b'b'][..]));
    assert_eq!(file.value(0xDF23), None);
    let tree = file.tree().expect("the crate reads it too");
    let name = tree.first().and_then(|top| top.find(&Tag::try_from(0xDF22_u16).expect("a tag"))).expect("DF22");
    assert_eq!(name.value(), &Value::Primitive(b"ab".to_vec()));
}

#[test]
fn a_body_that_is_no_tlv_is_read_by_hand() {
    let number = [0xFF, 0x10, 0x03, b'1', b'2', b'3', 0xFF, 0xFF];
    assert_eq!(TlvFile::parse(&number), Err(TlvError::Malformed));
    assert_eq!(body(&number, 0xFF10), Ok(Some(&b"123"[..])));
    assert_eq!(body(&number, 0xFF20), Ok(None));
    assert_eq!(body(&number[..5], 0xFF10), Err(TlvError::Malformed));
}

#[test]
fn law_9_depth_size_and_count_are_bounded() {
    let nested = |depth: usize| {
        (0..depth).fold(vec![0x04, 0x00], |inner, _| {
            let length = u16::try_from(inner.len()).expect("short").to_be_bytes();
            [&[0x30, 0x82][..], &length, &inner].concat()
        })
    };
    assert!(TlvFile::parse(&nested(3)).is_ok());
    assert_eq!(TlvFile::parse(&nested(4)), Err(TlvError::TooDeep));
    assert_eq!(TlvFile::parse(&nested(8000)), Err(TlvError::TooDeep));
    assert_eq!(TlvFile::parse(&vec![0; limits::MAX_TLV + 1]), Err(TlvError::TooLong));
    assert_eq!(body(&vec![0; limits::MAX_TLV + 1], 0), Err(TlvError::TooLong));
    let many = [0x04, 0x00].repeat(limits::MAX_TLV_OBJECTS);
    assert!(TlvFile::parse(&many).is_ok());
    assert_eq!(TlvFile::parse(&[0x04, 0x00].repeat(limits::MAX_TLV_OBJECTS + 1)), Err(TlvError::TooMany));
}

#[test]
fn an_inner_object_may_not_reach_beyond_the_outer_one() {
    assert_eq!(TlvFile::parse(&[0x30, 0x03, 0x04, 0x02, 0x01, 0x01]), Err(TlvError::Malformed));
    assert_eq!(TlvFile::parse(&[0x30, 0x03, 0x04, 0x01]), Err(TlvError::Malformed));
}

/// Objects of at most `depth` levels with lengths in any form.
fn objects(depth: u32) -> impl Strategy<Value = Vec<u8>> {
    let write = |tag: Vec<u8>, value: Vec<u8>, form: usize| {
        let length = u32::try_from(value.len()).expect("short").to_be_bytes();
        let needed = length.iter().skip_while(|byte| **byte == 0).count();
        let length = match form.max(needed) {
            0 | 1 if value.len() < 0x80 => vec![length[3]],
            count => {
                [&[0x80 | u8::try_from(count.max(1)).expect("at most 4")][..], &length[4 - count.max(1)..]].concat()
            }
        };
        [tag, length, value].concat()
    };
    let leaf = (
        prop_oneof![Just(vec![0x04]), Just(vec![0xDF, 0x22]), Just(vec![0x9F, 0x81, 0x01])],
        proptest::collection::vec(any::<u8>(), 0..150),
        0_usize..=4,
    )
        .prop_map(move |(tag, value, form)| write(tag, value, form));
    leaf.prop_recursive(depth, 24, 4, move |inner| {
        (prop_oneof![Just(vec![0x30]), Just(vec![0xFF, 0x20])], proptest::collection::vec(inner, 0..4), 0_usize..=4)
            .prop_map(move |(tag, values, form)| write(tag, values.concat(), form))
    })
}

proptest! {
    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(file) = TlvFile::parse(&bytes) {
            let _ = file.tree();
        }
        let _ = body(&bytes, 0xFF20);
    }

    #[test]
    fn the_tree_holds_the_same_objects_as_the_check(bytes in objects(3)) {
        let file = TlvFile::parse(&bytes).expect("well formed");
        let mut flat = Vec::new();
        let mut open: Vec<Tlv> = file.tree().expect("well formed").into_iter().rev().collect();
        while let Some(object) = open.pop() {
            let tag = object.tag().to_bytes().iter().fold(0_u32, |tag, byte| (tag << 8) | u32::from(*byte));
            let value = match object.value() {
                Value::Primitive(value) => Some(value.clone()),
                Value::Constructed(inner) => {
                    open.extend(inner.iter().rev().cloned());
                    None
                }
            };
            flat.push((tag, value));
        }
        let expected: Vec<_> = file.objects.iter().map(|object| {
            let constructed = [0x30, 0xFF20].contains(&object.tag);
            (object.tag, (!constructed).then(|| bytes[object.value.clone()].to_vec()))
        }).collect();
        prop_assert_eq!(flat, expected);
    }

    #[test]
    fn a_file_cut_short_is_refused(bytes in objects(3), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(bytes.len());
        prop_assume!(cut > 0);
        prop_assert_eq!(TlvFile::parse(&bytes[..cut]), Err(TlvError::Malformed));
    }
}
